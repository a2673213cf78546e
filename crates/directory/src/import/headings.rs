//! What a heading says of its column, in the languages of those who use the app and of their neighbours.

use crate::fold::fold;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    Name,
    FirstName,
    LastName,
    Company,
    /// A company where no other column is one.
    PerhapsCompany,
    Note,
    Vip,
    Number,
    /// Whole numbers, or the end of another column's: "Durchwahl".
    Extension,
    /// The end of another column's numbers, by its cells too.
    EndOfNumber,
    /// Something about a telephone, and seldom the number itself: "Phone Verified At", "Telefon Anbieter".
    SaidOfTelephone,
    /// A telephone number if the cells say so too: "Office", "Privat".
    PerhapsTelephone,
    /// A number of anything: "Nummer", "Regierungs-Nr."
    PerhapsNumber,
    AreaCode,
    CountryCode,
    /// Known, and nothing of a contact's: an id, a date, an amount, a postcode.
    Other,
    /// Without a heading.
    Nameless,
    Unknown,
}

/// Words, or several of them in a row, folded and parted by bars.
#[derive(Clone, Copy)]
struct Words(&'static str);

impl Words {
    fn iter(self) -> impl Iterator<Item = &'static str> {
        self.0.split('|')
    }

    fn has(self, wanted: &str) -> bool {
        self.iter().any(|word| word == wanted)
    }
}

const NAME: Words = Words(
    "\
    name|full name|fullname|display name|displayname|anzeigename|contact|kontakt|person|ansprechpartner|\
    ansprechpartnerin|ansprechperson|nom|nome|nombre|naam|namn|navn|contact name|kontaktname|kontakt name|\
    name vorname|vorname name|name und vorname|vorname und name|nom complet|nome completo|teilnehmer|contatto|\
    שם|שם מלא|איש קשר|שם איש קשר|contact person|\
    имя и фамилия|фамилия и имя|фамилия имя|фио|полное имя|контакт|контактное лицо|піб|повне імя|\
    прізвище та імя|контактна особа|трите имена|име и фамилия|ime i prezime|ime prezime|prezime i ime|\
    ime in priimek|priimek in ime|meno a priezvisko|jmeno a prijmeni|kontaktni osoba|nev|teljes nev|kapcsolattarto|\
    nume|nume complet|nume si prenume|persoana de contact|nimi|koko nimi|yhteyshenkilo|ονοματεπωνυμο|πληρες ονομα|\
    επαφη|الاسم|الاسم الكامل|اسم|جهة الاتصال|姓名|联系人|聯絡人|全名|名前|氏名|お名前|フルネーム|担当者|ad soyad|adi soyadi|isim|\
    vardas pavarde|vards uzvards|nome completo|imie i nazwisko|kontaktperson|contactpersoon|fullt namn|fuldt navn",
);
const FIRST_NAME: Words = Words(
    "\
    vorname|vornamen|firstname|prenom|rufname|voornaam|fornavn|fornamn|imie|jmeno|forename|adi|first name|\
    given name|givenname|nombre de pila|שם פרטי|\
    keresztnev|utonev|prenume|prenumele|etunimi|eesnimi|الاسم الاول|nome proprio|primeiro nome",
);
/// These are parts of many another heading: "имя файла", "AD Account".
const FIRST_NAME_ALONE: Words = Words("first|ad|ime|име|имя|імя|meno|vardas|vards|ονομα|名|名字");
const LAST_NAME: Words = Words(
    "\
    nachname|familienname|zuname|lastname|surname|cognome|apellido|apellidos|achternaam|efternavn|efternamn|\
    nazwisko|prijmeni|soyad|soyadi|last name|family name|familyname|nom de famille|sobrenome|שם משפחה|\
    фамилия|прізвище|презиме|prezime|priimek|priezvisko|vezeteknev|csaladnev|nume de familie|numele de familie|\
    sukunimi|perekonnanimi|perenimi|pavarde|uzvards|επωνυμο|επιθετο|اسم العايلة|اللقب|الاسم الاخير|姓|姓氏|苗字|apelido|\
    etternavn|slektsnavn",
);
const COMPANY: Words = Words(
    "\
    company|company name|companyname|firma|firmenname|firmenbezeichnung|unternehmen|unternehmensname|\
    organisation|organization|organisationsname|societe|raison sociale|entreprise|organisme|azienda|ditta|\
    societa|ragione sociale|empresa|bedrijf|bedrijfsnaam|business name|organization 1 name|organization name|\
    foretag|virksomhed|sirket|spolecnost|nazwa firmy|betrieb|institution|employer|חברה|שם חברה|שם החברה|ארגון|\
    עסק|\
    компания|организация|фирма|предприятие|название компании|название организации|наименование организации|компанія|\
    організація|підприємство|назва компаніі|tvrtka|naziv tvrtke|ime tvrtke|poduzece|podjetje|ime podjetja|\
    naziv podjetja|spolocnost|nazov firmy|nazev firmy|ceg|cegnev|vallalat|szervezet|companie|societate|organizatie|\
    numele firmei|nume firma|denumire firma|yritys|yrityksen nimi|organisaatio|ettevote|imone|imones pavadinimas|\
    bendrove|uznemums|εταιρεια|εταιρια|επιχειρηση|επωνυμια|οργανισμος|الشركة|شركة|اسم الشركة|الموسسة|موسسة|公司|公司名称|\
    公司名稱|单位|單位|企业|企業|组织|会社|会社名|組織|selskap|bedrift|firmanavn|foretagsnamn|virksomhet|entidade|organizacja|\
    przedsiebiorstwo",
);
const PERHAPS_COMPANY: Words = Words(
    "\
    account|account name|kunde|kundenname|customer|customer name|client|client name|mandant|debitor|lieferant|\
    supplier|cliente|לקוח|שם לקוח|שם הלקוח|\
    клиент|заказчик|клієнт|kupac|stranka|zakaznik|ugyfel|asiakas|πελατης|العميل|客户|客戶|顧客|klant|kunde navn|kundenavn|\
    kundnamn",
);
const NOTE: Words = Words(
    "\
    note|notes|notiz|notizen|bemerkung|bemerkungen|comment|comments|commentaire|commentaires|kommentar|\
    anmerkung|anmerkungen|remarque|remarques|nota|notas|info|hinweis|opmerking|הערה|הערות|\
    примечание|примечания|комментарии|заметки|коментар|коментарі|примітка|примітки|бележка|бележки|megjegyzes|\
    napomena|opomba|poznamka|observatii|huomautus|σημειωση|σημειωσεις|ملاحظات|ملاحظة|备注|備註|備考|メモ|uwagi|notatki|\
    observacoes|merknad|notat|anteckning|anteckningar",
);
const VIP: Words = Words(
    "\
    vip|wichtig|important|key account|importante|חשוב",
);

/// Words that end in one of these name a telephone: "Privattelefon", "Dienstmobil".
const TELEPHONES: Words = Words(
    "\
    telefon|telephon|telephone|telefono|telefone|telefoon|telefonu|phone|mobil|mobile|handy|festnetz|mobilfunk|\
    telefax|movil|celular|cellulare|mobiel|\
    телефон|телефона|телефону|мобильныи|мобільнии|мобилен|mobitel|mobitela|telefonszam|mobilszam|puhelin|τηλεφωνο|\
    τηλεφωνου|电话|電話|手机|手機|携帯|手机号|talrunis|telefonas|telefona|mobiltelefonas|mobiil|mobiliais|mobilais",
);
/// These name one only as they are.
const TELEPHONE_WORDS: Words = Words(
    "\
    tel|telf|fon|ph|mob|cell|cellular|fax|natel|gsm|portable|fixe|fisso|fijo|landline|ruf|\
    zentrale|switchboard|centralino|centralita|hotline|pager|komorka|cep|telemovel|telecopie|\
    telefoni|komorkowy|stacjonarny|telephones|phones|fernsprecher|טלפון|טל|נייד|פקס|סלולרי|פלאפון|\
    tlf|tlph|тел|моб|сотовыи|факс|стационарныи|mobilni|mobilny|mobilusis|telefonska|telefonne|telefonni|kannykka|\
    faksi|faks|κινητο|σταθερο|τηλ|φαξ|الهاتف|هاتف|الجوال|جوال|المحمول|محمول|الموبايل|موبايل|الفاكس|فاكس|座机|座機|传真|傳真|\
    固定電話|ファックス|telefonu|phonenumber|matkapuhelin|mobilais",
);
const EXTENSION: Words = Words("durchwahl|direktwahl|ddi|did|dw|klappe|kl");
/// With these a column may be one of telephone numbers: its cells tell.
const PERHAPS_TELEPHONE: Words = Words(
    "\
    anschluss|privat|private|geschaftlich|gesch|dienstlich|dienst|buro|office|work|home|business|direkt|direct|\
    bureau|ufficio|casa|domicile|travail|recapito|standard|other|alternative|alternativ|weitere|zweite|andere|\
    second|autre|altro|notfall|emergency|בית|עבודה|משרד|\
    arbejde|arbeid|arbete|hjemme|hem|jobb|werk|thuis|рабочии|домашнии|служебныи|робочии|домашніи|службовии|служебен|\
    poslovni|kucni|sluzbeni|sluzbeny|sluzebni|domaci|munkahelyi|otthoni|irodai|birou|acasa|serviciu|tyo|koti|\
    εργασιας|οικιας|العمل|المنزل|escritorio|trabalho|praca|dom",
);
/// With these it may be one of any numbers.
const PERHAPS_NUMBER: Words = Words(
    "\
    nummer|nummern|number|numbers|numero|numeros|numer|nr|no|num|מספר|מס|\
    номер|broj|stevilka|cislo|szam|numar|numer|αριθμος|رقم|号码|號碼|番号",
);
/// Endings of compound words that say no more than that it is a number.
const NUMBER_ENDINGS: Words = Words(
    "\
    nummern|nummer|numbers|number|numero|num|nr|no|\
    号码|號碼|番号|号",
);

/// With one of these it is no number of a contact, whatever else is said.
const NEVER: Words = Words(
    "\
    id|ids|uid|guid|uuid|type|typ|label|art|kind|email|mail|mailadresse|datum|date|data|fecha|time|zeit|uhrzeit|\
    zeitzone|geburtstag|geburtsdatum|birthday|birthdate|geboren|plz|postleitzahl|zip|zipcode|postcode|postal|\
    cap|cp|betrag|amount|montant|importo|summe|preis|price|prix|total|saldo|balance|umsatz|revenue|iban|bic|\
    konto|kontonummer|steuernummer|ust|ustid|vat|siret|siren|hausnummer|strasse|street|rue|via|adresse|address|\
    ort|city|stadt|ville|country|url|web|website|homepage|dauer|duration|anzahl|count|telefonat|telefonate|\
    phonetic|yomi|תז|תאריך|כתובת|עיר|מיקוד|אימייל|סכום",
);
/// Beside a telephone these tell that something of it is meant: when it was checked, who provides it.
const SAID_OF_TELEPHONE: Words = Words(
    "\
    verified|verification|status|state|opt|optin|optout|consent|permission|imei|iccid|imsi|sim|pin|puk|provider|\
    carrier|operator|country|region|timezone|tz|counter|valid|validated|validation|invalid|confirmed|confirmation|\
    checked|created|updated|changed|modified|added|source|plan|model|device|contract|tariff|tarif|extension|ext|\
    format|hash|score|note|notes|comment|comments|remark|flag|blocked|hours|language|cost|costs|usage|minutes|\
    gepruft|prufung|verifiziert|verifizierung|bestatigt|bestatigung|anbieter|netzbetreiber|betreiber|vertrag|modell|\
    gerat|land|einwilligung|zustimmung|erlaubnis|gultig|ungultig|geandert|anderung|erstellt|angelegt|aktualisiert|\
    notiz|notizen|bemerkung|kommentar|hinweis|zeiten|sprechzeiten|karte|kosten|quelle|herkunft|gesperrt|freigabe|\
    nebenstelle",
);
/// The same at the end alone: "Telefon am Arbeitsplatz" is one.
const SAID_AT_END: Words = Words("at|am|on|um|seit|since|until|bis");
/// Whose numbers are no telephone numbers: "Kunden-Nummer", "Contract No."
const OWNERS: Words = Words(
    "\
    kunde|kunden|customer|client|cliente|vertrag|vertrags|contract|contrat|contratto|account|immobilie|\
    immobilien|objekt|property|bestell|bestellung|order|auftrag|auftrags|commande|ordine|rechnung|rechnungs|\
    invoice|facture|fattura|beleg|fall|case|ticket|vorgang|vorgangs|artikel|item|serien|serial|personal|\
    employee|mitarbeiter|mitglied|mitglieds|member|police|versicherungs|debitor|debitoren|kreditor|lieferant|\
    lieferanten|supplier|patient|patienten|akten|projekt|project|house|haus|zimmer|room|לקוח|הזמנה|זהות|חוזה|\
    kd|rg|lfd|best|pers|vers|versicherten|mandanten|steuer|tax|register|ausweis|passport|ref|reference|\
    referenz|tracking|sendungs|inventar|zahler|laufende|row|zeilen|dossier|pratica|tessera|contrat",
);

pub(super) fn meaning(heading: &str) -> Meaning {
    let folded = fold(heading);
    let mut words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit())) {
        words.pop();
    }
    let text = words.join(" ");
    let is = |list: Words| list.has(&text);
    let has = |list: Words| words.iter().any(|word| list.has(word));
    let spoken = |list: Words| {
        has(list) || list.iter().any(|it| it.contains(' ') && format!(" {text} ").contains(&format!(" {it} ")))
    };
    if text.is_empty() {
        return Meaning::Nameless;
    }
    if is(NAME) {
        return Meaning::Name;
    }
    if is(COMPANY) {
        return Meaning::Company;
    }
    if is(NOTE) {
        return Meaning::Note;
    }
    if is(VIP) {
        return Meaning::Vip;
    }
    if is(PERHAPS_COMPANY) {
        return Meaning::PerhapsCompany;
    }
    if let Some(code) = area_or_country_code(&words) {
        return code;
    }
    if has(NEVER) || text.contains("e mail") || text.contains("ת ז") || text.contains("דוא ל") {
        return Meaning::Other;
    }
    if words.iter().any(|word| EXTENSION.has(owner_of(word).unwrap_or(word))) {
        return Meaning::Extension;
    }
    let is_said = words.len() > 1 && (has(SAID_OF_TELEPHONE) || words.last().is_some_and(|it| SAID_AT_END.has(it)));
    if words.iter().any(|word| names_telephone(word)) {
        return if is_said { Meaning::SaidOfTelephone } else { Meaning::Number };
    }
    match (spoken(FIRST_NAME), spoken(LAST_NAME)) {
        (true, true) => Meaning::Name,
        (true, false) => Meaning::FirstName,
        (false, true) => Meaning::LastName,
        (false, false) => match text.as_str() {
            text if FIRST_NAME_ALONE.has(text) => Meaning::FirstName,
            "last" => Meaning::LastName,
            _ if is_said && has(PERHAPS_TELEPHONE) => Meaning::SaidOfTelephone,
            _ => number_or_other(&words),
        },
    }
}

fn area_or_country_code(words: &[&str]) -> Option<Meaning> {
    const AREA: [&str; 8] =
        ["area code", "dialling code", "dialing code", "indicatif", "prefisso", "prefijo", "netnummer", "קידומת"];
    const AREA_ALONE: Words =
        Words("vorw|vw|onkz|ortskennzahl|kennzahl|area|std code|city code|prefix|phone prefix|ortsnetz|netz");
    const COUNTRY: Words = Words(
        "\
        land|lander|landes|country|international|internationale|pays|internazionale|pais|lands|מדינה|בינלאומית",
    );
    let text = words.join(" ");
    let is_prefix = words.iter().any(|word| word.ends_with("vorwahl") || word.ends_with("vorwahlnummer"))
        || AREA.iter().any(|it| text.contains(it))
        || AREA_ALONE.has(&text);
    let of_country = words
        .iter()
        .any(|word| COUNTRY.has(word) || word.strip_suffix("vorwahl").is_some_and(|owner| COUNTRY.has(owner)));
    match (is_prefix, of_country) {
        (true, true) => Some(Meaning::CountryCode),
        (true, false) => Some(Meaning::AreaCode),
        _ if text.ends_with("country code") => Some(Meaning::CountryCode),
        _ if matches!(text.as_str(), "landercode" | "landercode telefon" | "country calling code") => {
            Some(Meaning::CountryCode)
        }
        _ => None,
    }
}

fn names_telephone(word: &str) -> bool {
    // "phone1": what is counted.
    let bare = owner_of(word).unwrap_or(word).trim_end_matches(|c: char| c.is_ascii_digit());
    [word, bare]
        .iter()
        .any(|word| TELEPHONE_WORDS.has(word) || TELEPHONES.iter().any(|telephone| word.ends_with(telephone)))
}

fn number_or_other(words: &[&str]) -> Meaning {
    let has = |list: Words| words.iter().any(|word| list.has(word) || owner_of(word).is_some_and(|it| list.has(it)));
    let is_telephone = has(PERHAPS_TELEPHONE);
    let is_number = has(PERHAPS_NUMBER) || words.iter().any(|word| owner_of(word).is_some_and(|owner| owner.len() > 2));
    match (is_telephone, is_number) {
        (false, false) => Meaning::Unknown,
        _ if has(OWNERS) => Meaning::Other,
        (true, _) => Meaning::PerhapsTelephone,
        (false, true) => Meaning::PerhapsNumber,
    }
}

/// What a compound word is a number of: "kunden" of "kundennummer".
fn owner_of(word: &str) -> Option<&str> {
    NUMBER_ENDINGS.iter().find_map(|ending| word.strip_suffix(ending)).filter(|owner| !owner.is_empty())
}

#[cfg(test)]
#[path = "headings_tests.rs"]
mod tests;

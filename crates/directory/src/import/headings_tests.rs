use super::*;

#[test]
fn words_are_written_as_headings_are_folded() {
    for list in [
        NAME,
        FIRST_NAME,
        FIRST_NAME_ALONE,
        LAST_NAME,
        COMPANY,
        PERHAPS_COMPANY,
        NOTE,
        VIP,
        TELEPHONES,
        TELEPHONE_WORDS,
        EXTENSION,
        PERHAPS_TELEPHONE,
        PERHAPS_NUMBER,
        NUMBER_ENDINGS,
        NEVER,
        OWNERS,
        SAID_OF_TELEPHONE,
        SAID_AT_END,
    ] {
        for word in list.iter() {
            assert_eq!(word, fold(word));
        }
    }
}

#[test]
fn headings_of_many_languages() {
    use Meaning::{Company, FirstName, LastName, Name, Number};
    for (wanted, headings) in [
        (Number, "Tlf.|Tlf. arbejde|Tlf. privat|Tlf. mobil|Tlf|Telefonnr.|Mobilnr|Arbetstelefon|Mobitel|Broj mobitela"),
        (
            Number,
            "Телефон|Мобильный телефон|Номер телефона|Тел.|Рабочий телефон|Мобільний|Номер телефону|Мобилен телефон",
        ),
        (Number, "Telefonszám|Mobil|Mobiltelefon|Număr de telefon|Telefon mobil|Puhelin|Matkapuhelin|Puhelinnumero"),
        (
            Number,
            "Τηλέφωνο|Κινητό|Κινητό τηλέφωνο|الهاتف|رقم الهاتف|الجوال|رقم الجوال|电话|手机|手机号码|電話|電話番号|携帯電話",
        ),
        (Number, "Telefónne číslo|Telefonní číslo|Telefonska številka|Mobilní telefon|Tālrunis|Mobilusis telefonas"),
        (
            FirstName,
            "Имя|Ім'я|Ім’я|Keresztnév|Prenume|Ime|Etunimi|Όνομα|الاسم الأول|名|Име|Meno|Fornavn|Förnamn|Vardas|Vārds",
        ),
        (
            LastName,
            "Фамилия|Прізвище|Vezetéknév|Családnév|Nume de familie|Prezime|Sukunimi|Επώνυμο|اسم العائلة|姓|Priezvisko",
        ),
        (LastName, "Priimek|Etternavn|Efternavn|Efternamn|Apelido|Pavardė|Uzvārds"),
        (Name, "ФИО|ПІБ|Név|Teljes név|Nume|Ime i prezime|Nimi|Ονοματεπώνυμο|الاسم|姓名|名前|氏名|Meno a priezvisko"),
        (
            Company,
            "Компания|Організація|Cég|Cégnév|Companie|Tvrtka|Yritys|Εταιρεία|الشركة|公司|会社|会社名|Фирма|Spoločnosť",
        ),
        (Company, "Podjetje|Selskap|Bedrift|Įmonė|Uzņēmums|Poduzeće|Firmanavn"),
        (Meaning::Unknown, "Имя файла|Ad Group|Ime datoteke|Dateiname"),
    ] {
        for heading in headings.split('|') {
            assert_eq!(meaning(heading), wanted, "{heading}");
        }
    }
}

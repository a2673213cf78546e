//! Who calls the office: the demo's contact list.

/// A person or company outside. Numbers are E.164 with `+`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoContact {
    /// Empty for an entry that is a company only.
    pub name: &'static str,
    /// Empty for a private person.
    pub company: &'static str,
    pub city: &'static str,
    pub number: &'static str,
    /// A second number, often a mobile.
    pub other_number: Option<&'static str>,
}

/// The contacts of the demo. German, French and mobile numbers lie in ranges that the regulators keep free for fiction
/// where there are such ranges.
pub fn demo_contacts() -> Vec<DemoContact> {
    CONTACTS.to_vec()
}

/// Callers that no directory knows, in E.164 digits without `+`.
pub(crate) const STRANGERS: [&str; 8] = [
    "41446681800",
    "33199005704",
    "493023125021",
    "4369900012345",
    "41319900071",
    "972501234570",
    "4917139200",
    "33639980142",
];

const fn person(
    name: &'static str,
    company: &'static str,
    city: &'static str,
    number: &'static str,
    other_number: Option<&'static str>,
) -> DemoContact {
    DemoContact { name, company, city, number, other_number }
}

const CONTACTS: [DemoContact; 36] = [
    person("Dr. Miriam Lenz", "Orthopädie Lenz", "Köln", "+4922166966966", Some("+4917139200011")),
    person("Empfang", "Orthopädie Lenz", "Köln", "+4922166966960", None),
    person("Haim Azoulay", "Azoulay Trading", "Tel Aviv", "+972501234567", None),
    person("חיים פרץ", "פרץ הנדסה בע״מ", "חיפה", "+972501234568", None),
    person("Thomas Beck", "Stadtwerke Aalen", "Aalen", "+493023125001", Some("+4917139200012")),
    person("", "Hôtel Beau Rivage", "Lausanne", "+41219900010", None),
    person("Claire Fontaine", "Hôtel Beau Rivage", "Lausanne", "+41219900011", Some("+41790000011")),
    person("Marie Lefèvre", "Ateliers Lefèvre", "Paris", "+33199005705", Some("+33639980105")),
    person("Jean-Luc Marchand", "Transports Marchand", "Lyon", "+33465710012", None),
    person("Stefan Gruber", "Gruber Bau GmbH", "Wien", "+4319900021", Some("+4369900012346")),
    person("Elisabeth Pichler", "Apotheke am Ring", "Wien", "+4319900022", None),
    person("Ruedi Aebischer", "Käserei Aebischer", "Bern", "+41319900031", Some("+41790000031")),
    person("Nicole Schmid", "Schmid Treuhand AG", "Zürich", "+41449900032", None),
    person("Peter Schmid", "Schmid Treuhand AG", "Zürich", "+41449900032", Some("+41790000033")),
    person("", "Gemeinde Wohlen", "Wohlen", "+41569900034", None),
    person("Dagmar Hoffmann", "Kanzlei Hoffmann & Söhne", "Berlin", "+493023125002", Some("+4917139200013")),
    person("Uwe Petersen", "Reederei Petersen", "Hamburg", "+494066969001", None),
    person("Kerstin Albrecht", "Autohaus Albrecht", "München", "+498999998001", None),
    person("Mehmet Aydın", "Aydın Feinkost", "Frankfurt", "+496990009001", Some("+4917139200014")),
    person("Sabine Vogel", "", "Köln", "+4917139200015", None),
    person("Florian Kraus", "Kraus IT-Systeme", "München", "+498999998002", None),
    person("Julia Winter", "Winter Immobilien", "Frankfurt", "+496990009002", None),
    person("Ömer Şahin", "Şahin Logistik", "Berlin", "+493023125003", None),
    person(
        "Anneliese von Hohenstein-Wittgenbach",
        "Stiftung Denkmalpflege Rheinland e. V.",
        "Köln",
        "+4922166966970",
        None,
    ),
    person("Giulia Romano", "Romano Design", "Lugano", "+41919900041", None),
    person("Yossi Ben-David", "Ben-David Systems", "Jerusalem", "+97225550123", None),
    person("Tali Shemesh", "Galil Water", "Nahariya", "+97245550124", None),
    person("Pierre Morel", "", "Genève", "+41790000042", None),
    person("Lotte Janssen", "Janssen Bloemen", "Aachen", "+493023125004", None),
    person("Hildegard Kunz", "", "Basel", "+41619900043", None),
    person("Markus Eder", "Eder Skiverleih", "Innsbruck", "+4351299001", None),
    person("Sophie Laurent", "Clinique Saint-Michel", "Marseille", "+33465710013", None),
    person("Zentrale", "Uniklinik Musterstadt", "Musterstadt", "+493023125005", None),
    person("Bernd Fuchs", "Fuchs & Partner", "Hamburg", "+494066969002", Some("+4917139200016")),
    person("Noémie Girard", "Mairie de Belfort", "Belfort", "+33353010014", None),
    person("Daniel Roth", "Roth Gartenbau", "Bern", "+41319900035", None),
];

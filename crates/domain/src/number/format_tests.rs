use super::*;

fn number(text: &str) -> PhoneNumber {
    PhoneNumber::from_e164(text).unwrap()
}

#[test]
fn numbers_are_grouped_as_their_country_does() {
    for (e164, international, national, region) in [
        ("+4922166966966", "+49 221 66966966", "0221 66966966", Some("DE")),
        ("+493023125000", "+49 30 23125000", "030 23125000", Some("DE")),
        ("+491715555555", "+49 171 5555555", "0171 5555555", Some("DE")),
        ("+41446681800", "+41 44 668 18 00", "044 668 18 00", Some("CH")),
        ("+390645678901", "+39 06 4567 8901", "06 4567 8901", Some("IT")),
        ("+390669812345", "+39 06 6981 2345", "06 6981 2345", Some("VA")),
        ("+972501234567", "+972 50-123-4567", "050-123-4567", Some("IL")),
        ("+12125552368", "+1 212-555-2368", "(212) 555-2368", Some("US")),
        ("+14165552368", "+1 416-555-2368", "(416) 555-2368", Some("CA")),
        ("+442079460018", "+44 20 7946 0018", "020 7946 0018", Some("GB")),
        ("+80012345678", "+800 1234 5678", "1234 5678", None),
        ("+99912345678", "+99912345678", "+99912345678", None),
    ] {
        let number = number(e164);
        assert_eq!(number.international(), international, "{e164}");
        assert_eq!(number.national(), national, "{e164}");
        assert_eq!(number.country_region(), region, "{e164}");
    }
}

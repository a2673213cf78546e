use proptest::prelude::*;

use super::*;

fn known(digits: &str) -> bool {
    ["31", "112"].contains(&digits)
}

fn number(e164: &str) -> Party {
    Party::Number(PhoneNumber::from_e164(e164).unwrap())
}

fn code(text: &str) -> Party {
    Party::Code(Arc::from(text))
}

#[test]
fn callers_in_every_form_a_service_uses() {
    let plan = NumberPlan::default();
    for (text, expected) in [
        ("anonymous", Party::Withheld),
        ("Anonymous", Party::Withheld),
        ("\"Anonymous\" <sip:anonymous@anonymous.invalid>", Party::Withheld),
        ("withheld", Party::Withheld),
        ("Restricted", Party::Withheld),
        ("Private Number", Party::Withheld),
        ("Unterdrückt", Party::Withheld),
        ("0000", Party::Withheld),
        ("0", Party::Withheld),
        ("unknown", Party::Unstated),
        ("Unavailable", Party::Unstated),
        ("", Party::Unstated),
        ("  ", Party::Unstated),
        ("-", Party::Unstated),
        ("Private Caller", Party::Withheld),
        ("private-number", Party::Withheld),
        ("anonymous caller", Party::Withheld),
        ("Anonymer Anruf", Party::Withheld),
        ("CALLER_ID_BLOCKED", Party::Withheld),
        ("No Caller ID", Party::Withheld),
        ("no number", Party::Withheld),
        ("Nummer unterdrückt", Party::Withheld),
        ("Rufnummer unterdru\u{308}ckt", Party::Withheld),
        ("unterdrückte Rufnummer", Party::Withheld),
        ("Private Nummer", Party::Withheld),
        ("keine Rufnummer", Party::Withheld),
        ("CLIR", Party::Withheld),
        ("numéro masqué", Party::Withheld),
        ("numéro privé", Party::Withheld),
        ("Appel masqué", Party::Withheld),
        ("privé", Party::Withheld),
        ("numero privato", Party::Withheld),
        ("chiamata anonima", Party::Withheld),
        ("número oculto", Party::Withheld),
        ("anonieme beller", Party::Withheld),
        ("מספר חסוי", Party::Withheld),
        ("חסוי", Party::Withheld),
        ("\"Private Number\" <sip:private%20number@pbx.example>", code("private%20number")),
        ("unknown number", Party::Unstated),
        ("Unknown Caller", Party::Unstated),
        ("unbekannte Rufnummer", Party::Unstated),
        ("Anrufer unbekannt", Party::Unstated),
        ("numéro inconnu", Party::Unstated),
        ("numero sconosciuto", Party::Unstated),
        ("not available", Party::Unstated),
        ("n/a", Party::Unstated),
        ("לא ידוע", Party::Unstated),
        ("Private Bank", code("Private Bank")),
        ("Hidden Valley", code("Hidden Valley")),
        ("Anna Privat", code("Anna Privat")),
        ("Number One", code("Number One")),
        ("Caller", code("Caller")),
        ("*0#", code("*0#")),
        ("No", code("No")),
        ("31", Party::Extension(ExtensionId::new("31"))),
        ("112", Party::Extension(ExtensionId::new("112"))),
        ("110", code("110")),
        ("+4922166966966", number("+4922166966966")),
        ("4922166966966", number("+4922166966966")),
        ("022166966966", number("+4922166966966")),
        ("sip:+4922166966966@pbx.example;user=phone", number("+4922166966966")),
        ("<sip:31@pbx.example>", Party::Extension(ExtensionId::new("31"))),
        ("*87", code("*87")),
        ("team-call", code("team-call")),
        ("+49221669669661234567", code("+49221669669661234567")),
    ] {
        assert_eq!(Party::from_caller_text(text, &plan, &known), expected, "{text:?}");
    }
}

#[test]
fn global_digits_are_the_number_as_they_stand() {
    for (text, expected) in [
        ("493023125000", number("+493023125000")),
        ("+493023125000", number("+493023125000")),
        ("00493023125000", number("+493023125000")),
        ("390669812345", number("+390669812345")),
        ("anonymous", Party::Withheld),
        ("0000", Party::Withheld),
        ("", Party::Unstated),
        ("112", code("112")),
        ("*87", code("*87")),
        ("022166966966", code("022166966966")),
    ] {
        assert_eq!(Party::from_digits_global(text), expected, "{text:?}");
    }
}

#[test]
fn only_what_can_be_dialled_is_offered_for_dialling() {
    assert_eq!(number("+493023125000").dial_text(), Some("+493023125000"));
    assert_eq!(Party::Extension(ExtensionId::new("31")).dial_text(), Some("31"));
    assert_eq!(Party::Extension(ExtensionId::new("31;reboot")).dial_text(), None);
    assert_eq!(code("*43#12").dial_text(), Some("*43#12"));
    assert_eq!(code("team-call").dial_text(), None);
    assert_eq!(Party::Withheld.dial_text(), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_callers_stay_short_and_on_one_line(text in any::<String>()) {
        for party in [
            Party::from_caller_text(&text, &NumberPlan::default(), &known),
            Party::from_digits_global(&text),
        ] {
            if let Party::Code(code) = party {
                let one_line = !code.contains(['\n', '\r', '\u{202e}']);
                prop_assert!(one_line && code.chars().count() <= MAX_CODE_CHARS + 1);
            }
        }
    }
}

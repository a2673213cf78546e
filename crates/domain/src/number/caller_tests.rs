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

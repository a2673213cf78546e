use ringside_domain::{CallerClass, Contact, ContactNumber, Extension, Label};

use super::*;
use crate::{Listed, SourceId};

fn number(e164: &str) -> PhoneNumber {
    PhoneNumber::from_e164(e164).unwrap()
}

fn contact(name: &str, company: &str, numbers: &[(&str, &str)]) -> Contact {
    let numbers =
        numbers.iter().map(|(e164, kind)| ContactNumber { number: number(e164), kind: Some(Label::new(kind)) });
    Contact { name: name.into(), company: company.into(), numbers: numbers.collect(), ..Contact::default() }
}

fn extension(id: &str, name: &str) -> Extension {
    Extension { id: id.into(), name: name.into(), email: None, group: Some("Sales".into()) }
}

fn crm() -> SourceId {
    SourceId::new("csv:customers")
}

fn index() -> Index {
    let mut index = Index::new();
    index.replace_source(
        &crm(),
        [
            contact("Anna Muster", "Muster GmbH", &[("+4922166966966", "Durchwahl"), ("+491715555555", "Mobil")]),
            contact("", "Muster GmbH", &[("+492216696690", "Zentrale")]),
            contact("Bert Beispiel", "Beispiel AG", &[("+41446681800", "Main")]),
            contact("Carl Cramer", "", &[("+493023125000", "Work")]),
        ],
    );
    index.replace_extensions(&"office".into(), &[extension("31", "Dana Ebert"), extension("32", "Emil Falk")]);
    index.replace_extensions(&"branch".into(), &[extension("31", "Gina Haas")]);
    index
}

fn names(found: &Match) -> Vec<&str> {
    found.best.iter().chain(&found.others).map(|hit| hit.name.as_str()).collect()
}

#[test]
fn the_same_number_finds_its_owner_and_says_which_field() {
    let found = index().lookup(&Party::Number(number("+491715555555")), None);
    let best = found.best.clone().unwrap();
    assert_eq!(
        (best.name.as_str(), best.company.as_str(), best.field.as_str()),
        ("Anna Muster", "Muster GmbH", "Mobil")
    );
    assert_eq!((best.source, best.number, best.line), (crm(), Some(number("+491715555555")), None));
    assert_eq!((found.rule, found.class()), (MatchRule::ExactNumber, CallerClass::External));
    assert!(found.others.is_empty());
}

#[test]
fn an_extension_is_looked_up_in_the_account_of_the_call() {
    let index = index();
    let colleague = |account: Option<&str>| {
        let account = account.map(AccountId::from);
        index.lookup(&Party::Extension("31".into()), account.as_ref())
    };
    assert_eq!(names(&colleague(Some("office"))), ["Dana Ebert"]);
    assert_eq!(names(&colleague(Some("branch"))), ["Gina Haas"]);
    assert_eq!(names(&colleague(None)), ["Dana Ebert", "Gina Haas"]);
    let found = colleague(Some("office"));
    assert_eq!((found.rule, found.class()), (MatchRule::Extension, CallerClass::Internal));
    assert_eq!(found.best.unwrap().line.unwrap().to_string(), "office/31");
    assert_eq!(colleague(Some("elsewhere")).rule, MatchRule::NoMatch);
}

#[test]
fn a_direct_dial_number_finds_the_company_s_main_line() {
    let index = index();
    for (caller, expected) in [
        ("+4922166966912", "Muster GmbH"),
        ("+49221669669123", "Muster GmbH"),
        ("+492216696691234", "Muster GmbH"),
        ("+492216696697", "Muster GmbH"),
        ("+41446681812", "Bert Beispiel"),
    ] {
        let found = index.lookup(&Party::Number(number(caller)), None);
        assert_eq!((names(&found), found.rule), (vec![expected], MatchRule::CompanyMainLine), "{caller}");
    }
    for nobody in ["+492216696", "+4922166967012", "+493023125001", "+41446681900", "+491715555550"] {
        let found = index.lookup(&Party::Number(number(nobody)), None);
        assert_eq!((names(&found).len(), found.rule), (0, MatchRule::NoMatch), "{nobody}");
    }
    let exact = index.lookup(&Party::Number(number("+4922166966966")), None);
    assert_eq!((names(&exact), exact.rule), (vec!["Anna Muster"], MatchRule::ExactNumber));
}

#[test]
fn hidden_and_missing_numbers_match_nobody() {
    let mut index = index();
    index.replace_source(&SourceId::new("odd"), [contact("Nobody", "", &[]), contact("", "", &[])]);
    for (party, rule, class) in [
        (Party::Withheld, MatchRule::Withheld, CallerClass::Withheld),
        (Party::Unstated, MatchRule::NoNumber, CallerClass::Unknown),
        (Party::Code("*87".into()), MatchRule::NoNumber, CallerClass::Unknown),
        (Party::Extension("".into()), MatchRule::NoMatch, CallerClass::Unknown),
    ] {
        let found = index.lookup(&party, None);
        assert_eq!((found.best.is_none(), found.rule, found.class()), (true, rule, class), "{party:?}");
    }
}

#[test]
fn everybody_who_shares_a_number_is_found_in_a_stable_order() {
    let shared = "+4922166966966";
    let listed = |key: &str, name: &str, pinned: bool| Listed {
        key: key.into(),
        contact: contact(name, "Muster GmbH", &[(shared, "Main")]),
        pinned,
    };
    let party = Party::Number(number(shared));
    let mut index = Index::new();
    index.replace_source(&SourceId::new("first"), [listed("1", "Zoe", false), listed("2", "Ümit", false)]);
    index.replace_source(&SourceId::new("second"), [listed("1", "Anna", false), listed("2", "Bert", true)]);
    assert_eq!(names(&index.lookup(&party, None)), ["Bert", "Ümit", "Zoe", "Anna"]);
    // The order of a list changes nothing, nor does reading a source again.
    index.replace_source(&SourceId::new("first"), [listed("2", "Ümit", false), listed("1", "Zoe", false)]);
    assert_eq!(names(&index.lookup(&party, None)), ["Bert", "Ümit", "Zoe", "Anna"]);
    assert!(index.pin(&SourceId::new("first"), "1", true));
    assert!(index.pin(&SourceId::new("second"), "2", false));
    assert!(!index.pin(&SourceId::new("first"), "9", true));
    assert_eq!(names(&index.lookup(&party, None)), ["Zoe", "Ümit", "Anna", "Bert"]);
    index.remove_source(&SourceId::new("first"));
    assert_eq!(names(&index.lookup(&party, None)), ["Anna", "Bert"]);
}

#[test]
fn one_vip_makes_a_shared_number_important() {
    let mut index = Index::new();
    let vip = Contact { vip: true, ..contact("Zoe", "", &[("+493023125000", "")]) };
    index.replace_source(&crm(), [contact("Anna", "", &[("+493023125000", "")]), vip]);
    let found = index.lookup(&Party::Number(number("+493023125000")), None);
    assert_eq!((names(&found), found.class()), (vec!["Anna", "Zoe"], CallerClass::Vip));
}

#[test]
fn the_same_person_listed_twice_counts_once() {
    let mut index = Index::new();
    let anna = || contact("Anna", "Muster", &[("+493023125000", "")]);
    index.replace_source(&crm(), [anna(), anna()]);
    index.replace_source(&SourceId::new("ldap"), [anna()]);
    assert_eq!(names(&index.lookup(&Party::Number(number("+493023125000")), None)), ["Anna", "Anna"]);
}

#[test]
fn a_large_directory_answers_like_a_small_one() {
    let mut index = Index::new();
    let many = (0..200_000_u64)
        .map(|n| contact(&format!("Person {n}"), "Muster GmbH", &[(&format!("+4930{}", 10_000_000 + n * 7), "Work")]));
    index.replace_source(&crm(), many);
    for n in [0, 1, 77_777, 199_999_u64] {
        let found = index.lookup(&Party::Number(number(&format!("+4930{}", 10_000_000 + n * 7))), None);
        assert_eq!(names(&found), [format!("Person {n}")]);
    }
    assert_eq!(index.lookup(&Party::Number(number("+493010000001")), None).rule, MatchRule::NoMatch);
    assert_eq!(index.search("person 77777", 10).first().map(|hit| hit.name.to_string()), Some("Person 77777".into()));
}

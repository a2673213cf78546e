use super::*;

fn of(place: &Place, answered: Answered) -> (String, String) {
    match judged(place, &"https://ringside.example.com/calls".parse().unwrap(), &answered) {
        Verdict::Works(text) => ("works".into(), text.text),
        Verdict::NotTried(text) => ("not_tried".into(), text.text),
        Verdict::Fails(problem) | Verdict::Warning(problem) => {
            assert!(!problem.hint.is_empty());
            (problem.code.into(), problem.message.into())
        }
    }
}

#[test]
fn each_answer_is_told_in_its_own_words() {
    let nobody = Answered::Nobody;
    for (place, answered, code, words) in [
        (Place::Public, Answered::Here, "works", "leads here"),
        (Place::Public, Answered::Other(200), "receiver_leads_elsewhere", "not with this receiver"),
        (Place::Public, Answered::Other(404), "receiver_leads_elsewhere", "not with this receiver"),
        (Place::Public, Answered::Other(502), "receiver_proxy_finds_nobody", "does not reach this receiver"),
        (Place::Local, Answered::Other(404), "receiver_other_program", "another program answers"),
        (
            Place::Public,
            nobody(TransportError::Tls { detail: "certificate expired".into() }),
            "receiver_certificate",
            "is not valid",
        ),
        (
            Place::Public,
            nobody(TransportError::Redirected { status: 308, to_origin: "https://www.example.com".into() }),
            "receiver_redirected",
            "https://www.example.com",
        ),
        (Place::Public, nobody(TransportError::Timeout { after: PATIENCE }), "receiver_unreachable", "no answer"),
        (
            Place::Public,
            nobody(TransportError::Connect { detail: "Connection refused".into() }),
            "receiver_unreachable",
            "Connection refused",
        ),
        (
            Place::Local,
            nobody(TransportError::Connect { detail: "Connection refused".into() }),
            "receiver_unreachable",
            "no answer",
        ),
        (Place::Public, nobody(TransportError::BadRequest { problem: "plain" }), "not_tried", "not encrypted"),
    ] {
        let shown = format!("{answered:?}");
        let (found, said) = of(&place, answered);
        assert_eq!(found, code, "{shown}");
        assert!(said.contains(words) && said.contains("ringside.example.com"), "{shown}: {said}");
        assert!(!said.contains("/calls"), "the path stays out of it");
    }
}

#[test]
fn a_test_is_answered_while_it_runs_and_only_where_it_is() {
    let tests = Tests::default();
    let test = tests.begin();
    assert!(tests.answer(&Method::POST, &test.path).is_some());
    assert!(tests.answer(&Method::GET, &test.path).is_none());
    assert!(tests.answer(&Method::POST, "").is_none());
    assert_ne!(test.path, test.answer, "whoever echoes is found out");
    tests.end(&test);
    assert!(tests.answer(&Method::POST, &test.path).is_none());
    let all: Vec<Pending> = (0..=MOST).map(|_| tests.begin()).collect();
    assert!(tests.answer(&Method::POST, &all[0].path).is_none(), "forgotten tests do not pile up");
    assert!(tests.answer(&Method::POST, &all[MOST].path).is_some());
}

//! Dialling: one intention, one request, one named end.

use ringside_api::view::{DialState, DialView, HistoryFilter, HistoryRow, LegView};
use ringside_api::{ApiError, ApiEvent, Reply, Request};
use ringside_domain::{Outcome, Phase};
use ringside_exchange::{CalleeBehaviour, DialBehaviour, Fault, FaultKind, Options, RingSpec, ServiceName};

use crate::accounts;
use crate::rig::Rig;

const CALLS: &str = "/v1/extensions/phone/calls";

fn dial(intent: &str, text: &str) -> Request {
    Request::Dial { intent: intent.to_owned(), text: text.to_owned(), line: None, account: None, from: None }
}

async fn until(rig: &mut Rig, wanted: DialState) {
    rig.event(&format!("{wanted:?}"), |event| match event {
        ApiEvent::Dial { dial } if dial.state == wanted => Some(()),
        _ => None,
    })
    .await;
}

#[tokio::test]
async fn a_dial_goes_step_by_step_to_the_talk() {
    let mut rig = Rig::start().await;
    rig.exchange.office().next_dial(DialBehaviour::at_once());
    let Ok(Reply::Dial { dial: begun }) = rig.call(dial("one", "0221 66966966")).await else { panic!("refused") };
    assert_eq!((begun.state, begun.to.dial.as_deref()), (DialState::Sending, Some("+4922166966966")));
    until(&mut rig, DialState::Connected).await;
    assert_eq!(rig.exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS), 1);
}

#[tokio::test]
async fn a_text_is_read_alike_for_the_palette_a_dial_and_a_look_up() {
    let rig = Rig::start().await;
    let ask = async |text: &str| {
        let palette = rig.call(Request::Palette { text: text.to_owned(), limit: 9 }).await;
        let read = rig.call(Request::ReadNumber { text: text.to_owned(), line: None, account: None, from: None }).await;
        let lookup = rig.call(Request::Lookup { number: text.to_owned() }).await;
        let (Ok(Reply::Palette { hits }), Ok(Reply::Reading { reading })) = (palette, read) else { panic!("{text}") };
        (hits, reading, lookup)
    };
    let (hits, reading, _) = ask("0221 669669-66/67").await;
    let offered: Vec<_> = hits.iter().map(|hit| (hit.dial.as_str(), hit.rule.as_deref())).collect();
    assert_eq!(offered, [("+4922166966966", Some("national")), ("+4922166966967", Some("national"))]);
    assert_eq!(reading.rule.as_deref(), Some("national"));

    let (hits, reading, lookup) = ask("tel:%2B49+221+66966966,,12%23").await;
    assert_eq!((hits.len(), reading.not_dialled.as_deref()), (1, Some(",,12#")));
    assert_eq!((hits[0].number.as_str(), hits[0].not_dialled.as_deref()), ("+49 221 669 669 66", Some(",,12#")));
    assert!(matches!(lookup, Ok(Reply::Lookup { lookup }) if lookup.number == "+4922166966966"));

    for (text, code) in [
        ("07.12.2026", "number_is_date"),
        ("tel:07.12.2026", "number_is_date"),
        ("+999 221 66966966", "unknown_country_code"),
        ("tel:O22166966966", "number_has_letters"),
        ("sip:anna@office.example", "link_has_name"),
        ("0221/66966966/0171 5555555", "several_numbers"),
    ] {
        let (_, reading, lookup) = ask(text).await;
        assert_eq!(reading.problem.map(|problem| problem.code).as_deref(), Some(code), "{text}");
        assert_eq!(lookup.err().map(|error| error.code).as_deref(), Some(code), "{text}");
        assert_eq!(rig.call(dial(text, text)).await.err().map(|error| error.code).as_deref(), Some(code), "{text}");
    }
}

#[tokio::test]
async fn a_double_click_rings_once() {
    let mut rig = Rig::start().await;
    rig.exchange.office().next_dial(DialBehaviour::at_once());
    let (first, second, third) = tokio::join!(
        rig.call(dial("one", "0221 66966966")),
        rig.call(dial("one", "0221 66966966")),
        rig.call(dial("two", "+49 221 66966966")),
    );
    for reply in [first, second, third] {
        let Ok(Reply::Dial { dial }) = reply else { panic!("refused: {reply:?}") };
        assert_eq!(dial.intent, "one");
    }
    until(&mut rig, DialState::Connected).await;
    assert_eq!(rig.exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS), 1);
}

#[tokio::test]
async fn busy_is_said_to_be_busy() {
    let mut rig = Rig::start().await;
    rig.exchange
        .office()
        .next_dial(DialBehaviour::at_once().with_callee(CalleeBehaviour::Busy(std::time::Duration::from_millis(50))));
    rig.call(dial("one", "0221 66966966")).await.unwrap();
    until(&mut rig, DialState::Busy).await;
}

#[tokio::test]
async fn a_lost_answer_is_found_out_from_the_call_events_and_never_repeated() {
    let mut rig = Rig::start().await;
    rig.exchange.office().next_dial(DialBehaviour::at_once());
    rig.exchange
        .faults()
        .set(Fault::new(FaultKind::LostAnswer).on(ServiceName::Nfon).path(CALLS).method("POST").once());
    rig.call(dial("one", "0221 66966966")).await.unwrap();
    until(&mut rig, DialState::Checking).await;
    until(&mut rig, DialState::Connected).await;
    assert_eq!(rig.exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS), 1);
}

#[tokio::test]
async fn a_lost_dial_takes_no_call_that_was_there_before_it() {
    let mut rig = Rig::start().await;
    rig.exchange.office().next_dial(DialBehaviour::by_hand());
    rig.call(dial("one", "0221 66966966")).await.unwrap();
    until(&mut rig, DialState::CallerRinging).await;
    rig.call(Request::HangUp { leg: None }).await.unwrap();
    rig.eventually("it is over", |s| s.dials.iter().all(|dial| dial.state == DialState::Cancelled)).await;
    let page = FaultKind::HtmlPage { code: 200 };
    rig.exchange.faults().set(Fault::new(page).on(ServiceName::Nfon).path(CALLS).method("POST").once());
    rig.call(dial("two", "0221 66966966")).await.unwrap();
    let two = |s: &ringside_api::view::Snapshot| s.dials.iter().find(|dial| dial.intent == "two").cloned();
    rig.eventually("its answer is lost", |s| two(s).is_some_and(|dial| dial.state == DialState::Checking)).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(two(&rig.snapshot().await).unwrap().call, None, "the call that was cancelled is the first dial's");
}

#[tokio::test]
async fn what_cannot_be_dialled_is_refused_in_words_before_anything_is_sent() {
    let rig = Rig::start().await;
    for text in ["", "abc", "Rechnung 4711", "+49"] {
        let error = rig.call(dial("x", text)).await.unwrap_err();
        assert!(!error.code.is_empty() && !error.message.is_empty(), "{text}: {error:?}");
    }
    assert_eq!(rig.exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS), 0);
}

#[tokio::test]
async fn a_call_of_our_own_can_be_cancelled_while_it_is_being_set_up() {
    let mut rig = Rig::start().await;
    rig.exchange.office().next_dial(DialBehaviour::by_hand());
    rig.call(dial("one", "0221 66966966")).await.unwrap();
    let shown = rig
        .eventually("the leg says that it can be ended", |s| {
            s.legs.iter().any(|leg| leg.extension == "31" && leg.no_hang_up.is_none())
        })
        .await;
    let leg = shown.legs.iter().find(|leg| leg.extension == "31").map(|leg| leg.id.clone());
    rig.call(Request::HangUp { leg }).await.unwrap();
    until(&mut rig, DialState::Cancelled).await;
}

#[tokio::test]
async fn nobody_talks_while_the_other_side_rings_and_the_call_is_cancelled_only_before_one_picks_up() {
    let mut rig = Rig::start().await;
    rig.exchange.office().next_dial(DialBehaviour::by_hand());
    rig.call(dial("one", "0221 66966966")).await.unwrap();
    until(&mut rig, DialState::CallerRinging).await;
    let mine = |legs: &[LegView]| legs.iter().find(|leg| leg.mine).cloned();
    let shown = rig.eventually("my telephone rings", |s| mine(&s.legs).is_some()).await;
    assert_eq!(mine(&shown.legs).unwrap().no_hang_up, None);
    let call = rig.exchange.office().calls().remove(0);
    assert!(call.caller_answers());
    until(&mut rig, DialState::CalleeRinging).await;
    let shown = rig
        .eventually("theirs rings", |s| {
            mine(&s.legs).is_some_and(|leg| leg.phase == Phase::Ringing)
                && s.lines.iter().any(|l| l.mine && l.peer_phase == Some(Phase::Ringing))
        })
        .await;
    let leg = mine(&shown.legs).unwrap();
    assert_eq!(leg.answered_at, None);
    assert_eq!(leg.no_hang_up.map(|why| why.code).as_deref(), Some("hang_up_set_up_only"));
    let by_key = rig.call(Request::HangUp { leg: None }).await.unwrap_err();
    assert_eq!(by_key.code, "hang_up_set_up_only", "the service would refuse it");
    let row = written(&rig, |row| row.mine).await;
    assert_eq!((row.outcome, row.answered_at), (None, None));
    let before = leg.started_at;
    assert!(call.callee_answers());
    let shown = rig.eventually("they talk", |s| mine(&s.legs).is_some_and(|leg| leg.phase == Phase::Connected)).await;
    let leg = mine(&shown.legs).unwrap();
    assert!(leg.answered_at >= Some(before));
    assert_eq!(leg.no_hang_up.map(|why| why.code).as_deref(), Some("hang_up_set_up_only"));
    let by_key = rig.call(Request::HangUp { leg: None }).await.unwrap_err();
    assert_eq!(by_key.code, "hang_up_set_up_only", "the key that names no call says the same");
}

#[tokio::test]
async fn a_call_given_up_before_the_other_side_answered_was_no_talk() {
    let mut rig = Rig::start().await;
    rig.exchange.office().next_dial(DialBehaviour::by_hand());
    rig.call(dial("one", "0221 66966966")).await.unwrap();
    until(&mut rig, DialState::CallerRinging).await;
    let call = rig.exchange.office().calls().remove(0);
    assert!(call.caller_answers());
    until(&mut rig, DialState::CalleeRinging).await;
    call.hang_up();
    let row = rig
        .event("the row", |event| match event {
            ApiEvent::History { row } if row.outcome.is_some() => Some(row.clone()),
            _ => None,
        })
        .await;
    assert_eq!((row.outcome, row.talk_s), (Some(Outcome::Cancelled), None));
}

/// The row of the history, which is written beside what is shown.
async fn written(rig: &Rig, pick: impl Fn(&HistoryRow) -> bool) -> HistoryRow {
    for _ in 0..500 {
        if let Some(row) = rig.history(HistoryFilter::default()).await.rows.into_iter().find(|row| pick(row)) {
            return row;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("no such row was written");
}

/// Mine at the first account's line 31, and a second site of Voicenter's, which names lines by SIP codes. `mine_there`:
/// I have a line at that one too.
async fn two_sites(mine_there: bool) -> Rig {
    let lines = |exchange: &ringside_exchange::Exchange| {
        let (voicenter, code) = accounts::clinic(exchange);
        let voicenter = voicenter.replace("\"clinic\"", "\"haifa\"");
        let options = "[accounts.options]\nlogin = \"none\"\npoll_seconds = 1";
        vec![accounts::office(exchange), (format!("{voicenter}\n{options}"), code)]
    };
    let mut rig = Rig::with_accounts(Options::quiet(), lines, async |_| {}).await;
    let mut mine = vec!["office/31".to_owned()];
    mine.extend(mine_there.then(|| "haifa/SIP31".to_owned()));
    let mut settings = rig.snapshot().await.settings;
    settings.mine = mine;
    rig.call(Request::SetSettings { settings }).await.unwrap();
    rig.eventually("both list their lines", |s| {
        ["office/22", "haifa/SIP22"].iter().all(|id| s.lines.iter().any(|line| line.id == *id))
    })
    .await;
    rig
}

async fn call_line(rig: &Rig, line: &str) -> Result<DialView, ApiError> {
    let request = Request::Dial {
        intent: line.to_owned(),
        text: String::new(),
        line: Some(line.to_owned()),
        account: None,
        from: None,
    };
    match rig.call(request).await? {
        Reply::Dial { dial } => Ok(dial),
        other => panic!("no dial but {other:?}"),
    }
}

#[tokio::test]
async fn a_colleague_is_called_by_whatever_the_service_lists_them_by() {
    let rig = two_sites(true).await;
    let dial = call_line(&rig, "haifa/SIP22").await.unwrap();
    assert_eq!((dial.from.as_str(), dial.to.number.as_str()), ("haifa/SIP31", "SIP22"));
    let dial = call_line(&rig, "office/22").await.unwrap();
    assert_eq!((dial.from.as_str(), dial.to.number.as_str()), ("office/31", "22"));
    let snapshot = rig.snapshot().await;
    let why = |id: &str| snapshot.lines.iter().find(|line| line.id == id).and_then(|line| line.no_dial.clone());
    assert_eq!(
        [why("haifa/SIP22"), why("office/22"), why("office/31").map(|_| String::new())],
        [None, None, Some(String::new())]
    );
}

#[tokio::test]
async fn a_colleague_at_a_site_where_i_have_no_line_is_called_by_the_outside_number_or_not_at_all() {
    let mut rig = two_sites(false).await;
    let error = call_line(&rig, "haifa/SIP22").await.unwrap_err();
    assert_eq!(error.code, "no_line_there");
    let shown = rig.snapshot().await;
    let tile = shown.lines.iter().find(|line| line.id == "haifa/SIP22").unwrap();
    assert_eq!(tile.no_dial.as_deref(), Some("no_line_there"));
    let Ok(Reply::Palette { hits }) = rig.call(Request::Palette { text: tile.name.clone(), limit: 9 }).await else {
        panic!("no palette")
    };
    assert!(hits.iter().any(|hit| hit.line.as_deref() == Some("haifa/SIP22")), "{hits:?}");
    // An account that is only named, as by a row of it, says that I have no line there, not that I have none.
    let request = Request::Dial {
        intent: "named".to_owned(),
        text: "+49 221 66966966".to_owned(),
        line: None,
        account: Some("haifa".to_owned()),
        from: None,
    };
    assert_eq!(rig.call(request).await.unwrap_err().code, "no_line_there");
    rig.eventually("nothing was dialled", |s| s.dials.is_empty()).await;
}

#[tokio::test]
async fn a_colleague_who_calls_by_a_direct_number_is_shown_as_the_colleague() {
    let mut rig = Rig::start().await;
    // Two calls from outside show how direct numbers are made of extensions.
    for extension in ["31", "22"] {
        let call = rig.exchange.office().ring(RingSpec::to(extension).from("4922166966966"));
        rig.eventually("it rings", |s| s.legs.iter().any(|leg| leg.extension == extension)).await;
        call.hang_up();
        rig.eventually("it is over", |s| s.legs.is_empty()).await;
    }
    let third = "49221471023";
    rig.exchange.office().ring(RingSpec::to("31").from(third));
    let shown = rig
        .eventually("it rings again", |s| {
            !s.cards.is_empty() && s.cards.iter().any(|card| card.leg.phase == Phase::Ringing)
        })
        .await;
    let card = shown.cards.iter().find(|card| card.leg.phase == Phase::Ringing).unwrap();
    assert_eq!(
        (card.leg.remote.kind, card.leg.remote.number.as_str()),
        (ringside_api::view::PartyKind::Extension, "23")
    );
    assert!(card.leg.remote.name.is_some());
    let tile = shown.lines.iter().find(|line| line.id == "office/31").unwrap();
    assert_eq!(tile.peer.as_ref().map(|peer| peer.number.as_str()), Some("23"));
    let row = written(&rig, |row| row.remote.number == "23").await;
    assert_eq!(row.remote.name, card.leg.remote.name);
}

//! The NFON run loop against the exchange, over real sockets.

mod rig;

use std::time::Duration;

use rig::{CALLS, DATA, LOGIN, PATIENCE, Run, STATES, nfon, quiet};
use ringside_domain::{Direction, EndCause, Event, LegStep, LineStatus, LinkPhase, Party};
use ringside_exchange::{Fault, FaultKind, NfonOptions, Options, RetryAfter, RingSpec, ServiceName};
use serde_json::json;

/// Reconnects and probes within the patience of a test.
fn brisk() -> serde_json::Value {
    json!({"poll_seconds": 0.1, "probe_after_seconds": 0.5})
}

#[tokio::test]
async fn it_signs_in_lists_and_streams() {
    let exchange = quiet().await;
    let mut run = Run::start(&nfon(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    assert_eq!(run.phases(), [(LinkPhase::Connecting, None), (LinkPhase::Online, None)]);
    let listed = run.seen.iter().any(|event| matches!(event, Event::Extensions(list) if list.len() == 46));
    assert!(listed, "the extension list comes before online");

    let call = exchange.ring(RingSpec::to("31").from("4922166966966"));
    let leg = run.find("a ringing leg", leg).await;
    assert_eq!((leg.extension.as_str(), leg.direction, leg.step), ("31", Some(Direction::Inbound), LegStep::Ringing));
    assert!(matches!(leg.remote, Party::Number(ref number) if number.e164() == "+4922166966966"));
    call.answer("31");
    run.find("the answer", |event| leg_step(event, LegStep::Connected)).await;
    call.hang_up();
    // Two streams: which of the two is told first is anybody's guess.
    let (mut ended, mut idle) = (false, false);
    run.find("the end and an idle lamp", |event| {
        ended |= leg_step(event, LegStep::Ended(EndCause::Normal)).is_some();
        idle |= line(event, "31", LineStatus::Idle).is_some();
        (ended && idle).then_some(())
    })
    .await;

    assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "POST", LOGIN), 1);
    let agent = exchange.tape().requests().iter().all(|it| it.header("user-agent") == Some("Ringside/0.1.0 (K7001)"));
    assert!(agent, "every request names the product and the K-Account");
    assert!(exchange.nfon().call_streams() <= 1 && exchange.nfon().state_streams() <= 1);
    run.stop().await;
}

#[tokio::test]
async fn lines_that_the_stream_does_not_begin_with_are_read() {
    let exchange = quiet().await;
    exchange.faults().set(Fault::new(FaultKind::Lose).path(STATES).streams());
    let mut run = Run::start(&nfon(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    run.find("a reading of what was lost", |event| reading(event, "31", LineStatus::Idle)).await;
    run.stop().await;
}

#[tokio::test]
async fn an_extension_that_comes_into_the_list_later_gets_its_state() {
    let exchange = quiet().await;
    let mut run = Run::start(&nfon(&exchange, json!({"extensions_seconds": 0.2})));
    run.phase(LinkPhase::Online).await;
    exchange.office().remove_extension("31");
    let without = |event: &Event| match event {
        Event::Extensions(list) => list.iter().all(|it| it.id.as_str() != "31").then_some(()),
        _ => None,
    };
    run.find("a list without it", without).await;
    exchange.office().add_extension("31", "back again");
    run.find("its state", |event| reading(event, "31", LineStatus::Idle)).await;
    run.stop().await;
}

#[tokio::test]
async fn a_lost_call_stream_is_one_gap_then_a_fresh_reading() {
    let exchange = quiet().await;
    let mut run = Run::start(&nfon(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    exchange.go_down();
    assert!(run.phase(LinkPhase::Offline).await.is_some());
    exchange.ring(RingSpec::to("31").from("4922166966966"));
    exchange.come_up();
    let gap = run.find("the gap", |event| if let Event::Gap(gap) = event { Some(gap.clone()) } else { None }).await;
    assert!(gap.from <= gap.until && gap.account.as_str() == "office");
    run.find("a fresh reading in which 31 rings", |event| reading(event, "31", LineStatus::Ringing)).await;
    if run.phases().last().map(|(phase, _)| *phase) != Some(LinkPhase::Online) {
        run.phase(LinkPhase::Online).await;
    }
    let gaps = run.stop().await.into_iter().filter(|event| matches!(event, Event::Gap(_))).count();
    assert_eq!(gaps, 1);
}

#[tokio::test]
async fn a_reset_in_the_middle_of_an_event_never_delivers_half_of_it() {
    let exchange = quiet().await;
    let mut run = Run::start(&nfon(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    // One outage only: each further one would wait longer, as it should.
    exchange.faults().set(Fault::new(FaultKind::Reset).path(CALLS).streams().after_bytes(137).once());
    exchange.ring(RingSpec::to("31").from("4922166966966"));
    run.phase(LinkPhase::Offline).await;
    run.phase(LinkPhase::Online).await;
    exchange.ring(RingSpec::to("32").from("4922166966966"));
    let leg = run.find("the next call", leg).await;
    assert_eq!(leg.extension.as_str(), "32", "the cut event was never delivered");
    assert_eq!(run.provider.oddities(), []);
    run.stop().await;
}

#[tokio::test]
async fn a_half_open_call_stream_is_found_out_by_what_the_lines_say() {
    let mut options = Options::quiet();
    options.nfon.heartbeat = None;
    let exchange = ringside_exchange::Exchange::start(options).await.unwrap();
    let mut run = Run::start(&nfon(&exchange, brisk()));
    run.phase(LinkPhase::Online).await;
    exchange.faults().set(Fault::new(FaultKind::HalfOpen).path(CALLS).streams().once());
    // Silence alone is no proof: the office is quiet.
    tokio::time::sleep(Duration::from_millis(4500)).await;
    exchange.ring(RingSpec::to("31").from("4922166966966"));
    assert_eq!(run.phase(LinkPhase::Offline).await, Some("unreachable"));
    run.phase(LinkPhase::Online).await;
    run.stop().await;
}

#[tokio::test]
async fn a_half_open_states_stream_is_found_out_by_a_snapshot() {
    let mut options = Options::quiet();
    options.nfon.heartbeat = None;
    let exchange = ringside_exchange::Exchange::start(options).await.unwrap();
    let mut run = Run::start(&nfon(&exchange, brisk()));
    run.phase(LinkPhase::Online).await;
    exchange.faults().set(Fault::new(FaultKind::HalfOpen).path(STATES).streams().once());
    tokio::time::sleep(Duration::from_millis(100)).await;
    exchange.office().set_line("32", ringside_exchange::Line::Offline, ringside_exchange::Presence::Offline);
    run.phase(LinkPhase::Offline).await;
    run.find("the truth", |event| line(event, "32", LineStatus::Offline)).await;
    run.stop().await;
}

#[tokio::test]
async fn without_a_states_stream_snapshots_stand_in() {
    // Refused with 406, or ended as soon as it has begun.
    for ends in [false, true] {
        let mut options = Options::quiet();
        options.nfon.states_stream = ends;
        let exchange = ringside_exchange::Exchange::start(options).await.unwrap();
        if ends {
            exchange.faults().set(Fault::new(FaultKind::End).path(STATES).streams());
        }
        let provider = nfon(&exchange, brisk());
        let mut run = Run::start(&provider);
        run.phase(LinkPhase::Online).await;
        let polled = || provider.warnings().iter().any(|warning| warning.code == "line_states_polled");
        run.find("the first snapshot", |event| (matches!(event, Event::Lines(_)) && polled()).then_some(())).await;
        exchange.ring(RingSpec::to("31").from("4922166966966"));
        run.find("31 ringing in a snapshot", |event| reading(event, "31", LineStatus::Ringing)).await;
        if run.phases().last().map(|(phase, _)| *phase) != Some(LinkPhase::Online) {
            run.phase(LinkPhase::Online).await;
        }
        run.stop().await;
    }
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_and_waited_upon() {
    let exchange = quiet().await;
    exchange.nfon().set_password("changed");
    let mut config = rig::nfon_config(&exchange, Default::default());
    config.secret = "wrong-canary-91".to_owned().into();
    let mut run = Run::start(&rig::connect(config));
    assert_eq!(run.phase(LinkPhase::Offline).await, Some("sign_in_refused"));
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(exchange.tape().requests().len(), 1, "no loop");
    let seen = format!("{:?}", run.stop().await);
    assert!(!seen.contains("canary"), "{seen}");
}

#[tokio::test]
async fn a_missing_licence_stops_its_part_and_the_others_go_on() {
    let exchange = quiet().await;
    exchange.nfon().set_extended_presence(false);
    let provider = nfon(&exchange, json!({}));
    let mut run = Run::start(&provider);
    assert_eq!(run.phase(LinkPhase::Degraded).await, Some("forbidden"));
    let reason = run.seen.iter().rev().find_map(|event| match event {
        Event::Link(state) => state.reason.clone(),
        _ => None,
    });
    assert!(reason.unwrap().message.contains("Business Premium"));
    assert!(run.seen.iter().any(|event| matches!(event, Event::Extensions(_))), "the list is there");
    assert_eq!(provider.warnings()[0].code, "extended_presence_missing");
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "GET", CALLS), 1, "403 is not asked again");
    assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "GET", STATES), 1);
    run.stop().await;
}

#[tokio::test]
async fn answers_that_end_a_stream_for_good_are_not_repeated() {
    for (code, reason) in [(204, "bad_answer"), (403, "forbidden"), (404, "no_such_address"), (410, "no_such_address")]
    {
        let exchange = quiet().await;
        exchange.faults().set(Fault::new(FaultKind::Status { code, retry_after: None }).path(CALLS));
        let mut run = Run::start(&nfon(&exchange, json!({})));
        assert_eq!(run.phase(LinkPhase::Degraded).await, Some(reason), "{code}");
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "GET", CALLS), 1, "{code}");
        exchange.office().set_line("31", ringside_exchange::Line::Ringing, ringside_exchange::Presence::Available);
        run.find("line states", |event| line(event, "31", LineStatus::Ringing)).await;
        run.stop().await;
    }
}

#[tokio::test]
async fn a_rate_limit_is_waited_out() {
    let exchange = quiet().await;
    let limit = FaultKind::Status { code: 429, retry_after: Some(RetryAfter::Seconds(2)) };
    exchange.faults().set(Fault::new(limit).path(CALLS).once());
    let mut run = Run::start(&nfon(&exchange, json!({})));
    assert_eq!(run.phase(LinkPhase::Offline).await, Some("rate_limited"));
    run.phase(LinkPhase::Online).await;
    let asked: Vec<_> =
        exchange.tape().requests().into_iter().filter(|it| it.is("GET", CALLS)).map(|it| it.at).collect();
    let pause = asked[1].duration_since(asked[0]);
    assert!(pause.as_secs() >= 2, "{pause:?}");
    run.stop().await;
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_and_the_stream_reopened() {
    let exchange = quiet().await;
    let mut run = Run::start(&nfon(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    exchange.nfon().expire_access_tokens();
    // A stream that stands is not disturbed by that; the next connection is.
    exchange.faults().set(Fault::new(FaultKind::End).path(CALLS).streams().once());
    run.phase(LinkPhase::Offline).await;
    run.phase(LinkPhase::Online).await;
    assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "PUT", LOGIN), 1);
    assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "POST", LOGIN), 1);
    run.stop().await;
}

#[tokio::test]
async fn a_password_changed_in_mid_run_ends_it_without_a_loop() {
    let exchange = quiet().await;
    let mut run = Run::start(&nfon(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    exchange.nfon().set_password("changed");
    exchange.nfon().expire_access_tokens();
    exchange.nfon().revoke_refresh_tokens();
    exchange.faults().set(Fault::new(FaultKind::End).path(CALLS).streams().once());
    run.find("signed out", |event| match event {
        Event::Link(state) => (state.reason.as_ref().map(|it| it.code) == Some("sign_in_refused")).then_some(()),
        _ => None,
    })
    .await;
    let before = exchange.tape().requests().len();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(exchange.tape().requests().len(), before);
    run.stop().await;
}

#[tokio::test]
async fn tokens_that_expire_do_not_reopen_standing_streams() {
    let nfon_options = NfonOptions { access_lifetime: Duration::from_secs(2), ..NfonOptions::default() };
    let exchange =
        ringside_exchange::Exchange::start(Options { nfon: nfon_options, ..Options::quiet() }).await.unwrap();
    let mut run = Run::start(&nfon(&exchange, json!({"extensions_seconds": 1})));
    run.phase(LinkPhase::Online).await;
    assert!(exchange.tape().wait_for(1, PATIENCE, |it| it.is("PUT", LOGIN)).await);
    assert!(exchange.tape().wait_for(4, PATIENCE, |it| it.is("GET", DATA)).await);
    assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "GET", CALLS), 1);
    assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "GET", STATES), 1);
    run.stop().await;
}

#[tokio::test]
async fn garbage_on_the_streams_is_counted_and_passed_by() {
    let exchange = quiet().await;
    let provider = nfon(&exchange, json!({}));
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Online).await;
    let desk = exchange.nfon();
    desk.emit_raw_call_bytes(b"data: {\"uuid\":\n\n");
    desk.emit_raw_call_bytes(
        b"data: []\n\ndata: null\n\ndata: \"x\"\n\ndata: 7\n\n: comment\n\nevent: odd\ndata: {}\n\n",
    );
    desk.emit_raw_call_bytes(b"data: {\"uuid\":\"c\",\"extension\":\"31\",\"state\":\"\xff\xfe\"}\r\n\r\n");
    let deep = format!("data: {}\n\n", "[".repeat(100_000));
    desk.emit_raw_call_bytes(deep.as_bytes());
    let long = format!("data: {}\n\n", "x".repeat(3 * 1024 * 1024));
    desk.emit_raw_call_bytes(long.as_bytes());
    desk.emit_raw_state_bytes(b"data: {\"extension\":{}}\n\n");
    exchange.ring(RingSpec::to("32").from("4922166966966"));
    run.find("the call after the garbage", |event| leg(event).filter(|it| it.extension.as_str() == "32")).await;
    assert_eq!(run.phases().len(), 2, "the link never wavered: {:?}", run.phases());
    assert!(provider.oddities().iter().any(|it| it.place == "calls"), "{:?}", provider.oddities());
    run.stop().await;
}

#[tokio::test]
async fn words_of_tomorrow_are_tolerated_everywhere() {
    for kind in [
        FaultKind::UnknownValues,
        FaultKind::UnknownFields,
        FaultKind::MissingFields,
        FaultKind::WrongTypes,
        FaultKind::BadTimes,
        FaultKind::Duplicate,
        FaultKind::MultiLine,
        FaultKind::Named,
        FaultKind::Cr,
        FaultKind::CrLf,
        FaultKind::OneByteAtATime,
    ] {
        let exchange = quiet().await;
        exchange.faults().set(Fault::new(kind.clone()).path("/v1/extensions"));
        let provider = nfon(&exchange, json!({}));
        let mut run = Run::start(&provider);
        run.phase(LinkPhase::Online).await;
        let call = exchange.ring(RingSpec::to("31").from("4922166966966"));
        let leg = run.find(&format!("a leg in spite of {kind:?}"), leg).await;
        assert_eq!(leg.call.as_str(), call.id().to_string(), "{kind:?}");
        assert_eq!(run.phases().len(), 2, "{kind:?}: {:?}", run.phases());
        run.stop().await;
    }
}

fn leg(event: &Event) -> Option<ringside_domain::LegUpdate> {
    if let Event::Leg(leg) = event { Some(leg.clone()) } else { None }
}

fn leg_step(event: &Event, step: LegStep) -> Option<()> {
    leg(event).filter(|leg| leg.step == step).map(drop)
}

fn line(event: &Event, extension: &str, status: LineStatus) -> Option<()> {
    match event {
        Event::Line(line) => (line.extension.as_str() == extension && line.state.status == status).then_some(()),
        _ => None,
    }
}

fn reading(event: &Event, extension: &str, status: LineStatus) -> Option<()> {
    let Event::Lines(lines) = event else { return None };
    lines.iter().any(|it| it.extension.as_str() == extension && it.state.status == status).then_some(())
}

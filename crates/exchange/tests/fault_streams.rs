//! Faults of streams really do on the wire what they say.

mod common;

use std::time::Duration;

use common::{CALLS, Events, STATES, is_reset, quiet, quiet_with_nfon, sign_in, started, text};
use ringside_exchange::{CallHandle, Exchange, Fault, FaultKind, NfonOptions, Presence, RingSpec, ServiceName};
use serde_json::Value;

async fn listening() -> (Exchange, String, Events) {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    let events = Events::open(&exchange, CALLS, &token).await;
    (exchange, token, events)
}

fn on_calls(what: FaultKind) -> Fault {
    Fault::new(what).on(ServiceName::Nfon).path("/v1/extensions/phone/calls").streams()
}

/// Rings, answers, hangs up: three events.
fn one_call(exchange: &Exchange) -> CallHandle {
    let call = exchange.office().ring(RingSpec::to("31").from("4922166966966"));
    call.answer("31");
    call.hang_up();
    call
}

fn states(events: &[Value]) -> Vec<String> {
    events.iter().map(|it| text(&it["state"])).collect()
}

#[tokio::test]
async fn a_stream_is_reset_after_exactly_so_many_bytes() {
    for bytes in [1, 2, 7, 37, 100, 299, 300, 301, 412, 555] {
        let (exchange, _, mut events) = listening().await;
        exchange.faults().set(on_calls(FaultKind::Reset).after_bytes(bytes).once());
        one_call(&exchange);
        let error = events.until(|_| false).await.unwrap_err();
        assert!(is_reset(&error), "{error:?}");
        assert_eq!(events.seen.len() as u64, bytes);
    }
}

#[tokio::test]
async fn a_stream_is_reset_after_so_many_events_and_can_be_opened_again() {
    let (exchange, token, mut events) = listening().await;
    exchange.faults().set(on_calls(FaultKind::Reset).after_events(2).once());
    one_call(&exchange);
    assert_eq!(states(&events.take(2).await), ["ring", "answer"]);
    assert!(is_reset(&events.more().await.unwrap_err()));
    let mut again = Events::open(&exchange, CALLS, &token).await;
    one_call(&exchange);
    assert_eq!(states(&again.take(3).await), ["ring", "answer", "hangup"]);
}

#[tokio::test]
async fn an_open_stream_breaks_the_moment_the_switch_is_set() {
    let (exchange, token, mut calls) = listening().await;
    let mut lines = Events::open(&exchange, STATES, &token).await;
    lines.take(46).await;
    exchange.faults().set(on_calls(FaultKind::Reset).once());
    assert!(is_reset(&calls.more().await.unwrap_err()));
    exchange.office().set_presence("31", Presence::Away);
    assert_eq!(lines.next().await.unwrap()["presence"], "away", "the other stream goes on");
}

#[tokio::test]
async fn a_cut_ends_with_fin_in_the_middle_and_an_end_is_clean() {
    let (exchange, _, mut events) = listening().await;
    exchange.faults().set(on_calls(FaultKind::Cut).after_bytes(50).once());
    one_call(&exchange);
    let error = events.until(|_| false).await.unwrap_err();
    assert!(!is_reset(&error));
    assert_eq!(events.seen.len(), 50);

    let (exchange, _, mut events) = listening().await;
    exchange.faults().set(on_calls(FaultKind::End).after_events(1).once());
    one_call(&exchange);
    events.until(|_| false).await.unwrap();
    assert!(events.seen.ends_with(b"}\n\n"));
}

#[tokio::test]
async fn a_half_open_stream_is_silent_and_stays_open() {
    let heartbeat = Some(Duration::from_millis(20));
    let exchange = started(quiet_with_nfon(NfonOptions { heartbeat, ..NfonOptions::default() })).await;
    let (token, _) = sign_in(&exchange).await;
    let mut events = Events::open(&exchange, CALLS, &token).await;
    exchange.faults().set(on_calls(FaultKind::HalfOpen).after_events(1).once());
    exchange.office().ring(RingSpec::to("31"));
    events.until(|seen| seen.windows(4).any(|it| it == b"ring")).await.unwrap();
    let before = events.seen.len();
    one_call(&exchange);
    let silence = tokio::time::timeout(Duration::from_millis(300), events.more()).await;
    assert!(silence.is_err(), "neither heartbeat nor event nor end: {silence:?}");
    assert_eq!(events.seen.len(), before);
    let mut again = Events::open(&exchange, CALLS, &token).await;
    one_call(&exchange);
    assert_eq!(again.next().await.unwrap()["state"], "ring");
}

#[tokio::test]
async fn events_come_twice_in_another_order_or_not_at_all() {
    for (what, count, expected) in [
        (FaultKind::Duplicate, 6, &["ring", "ring", "answer", "answer", "hangup", "hangup"][..]),
        (FaultKind::Reorder, 4, &["answer", "ring", "ring", "hangup"]),
        (FaultKind::DelayEvents { ms: 30 }, 3, &["ring", "answer", "hangup"]),
    ] {
        let (exchange, _, mut events) = listening().await;
        exchange.faults().set(on_calls(what));
        one_call(&exchange);
        one_call(&exchange);
        assert_eq!(states(&events.take(count).await), expected);
    }
    let (exchange, _, mut events) = listening().await;
    exchange.faults().set(on_calls(FaultKind::Lose).after_events(1).once());
    one_call(&exchange);
    assert_eq!(states(&events.take(2).await), ["ring", "hangup"]);
}

#[tokio::test]
async fn events_say_things_nobody_has_heard_of() {
    let (exchange, _, mut events) = listening().await;
    exchange.faults().set(on_calls(FaultKind::UnknownValues).once());
    exchange.faults().set(on_calls(FaultKind::UnknownFields).once());
    exchange.faults().set(on_calls(FaultKind::MissingFields).after_events(1).once());
    exchange.faults().set(on_calls(FaultKind::BadTimes).after_events(2).once());
    one_call(&exchange);
    let [strange, bare, late] = <[Value; 3]>::try_from(events.take(3).await).unwrap();
    assert_eq!(strange["state"], "x-teleported");
    assert!(strange.get("x_mood").is_some());
    assert!(bare.get("updated").is_none() && bare.get("direction").is_none());
    assert_eq!(bare["state"], "answer");
    assert!(text(&late["updated"]).contains(":00."));
}

#[tokio::test]
async fn events_are_written_in_every_way_the_grammar_allows() {
    for (what, needle) in [
        (FaultKind::CrLf, &b"}\r\n\r\n"[..]),
        (FaultKind::Cr, b"}\r\r"),
        (FaultKind::MultiLine, b",\ndata:"),
        (FaultKind::Named, b"event: update\nid: 7\nretry: 1500\ndata: {"),
        (FaultKind::OneByteAtATime, b"}\n\n"),
        (FaultKind::BrokenEvents, b"data: {\"uuid\""),
    ] {
        let (exchange, _, mut events) = listening().await;
        exchange.faults().set(on_calls(what.clone()));
        one_call(&exchange);
        let found = |seen: &[u8]| seen.windows(needle.len()).any(|it| it == needle);
        events.until(found).await.unwrap();
        assert!(found(&events.seen), "{what:?}");
    }
}

#[tokio::test]
async fn a_multi_line_event_is_the_same_event() {
    let (exchange, _, mut events) = listening().await;
    exchange.faults().set(on_calls(FaultKind::MultiLine));
    one_call(&exchange);
    events.until(|seen| seen.ends_with(b"\n\n")).await.unwrap();
    let seen = String::from_utf8(events.seen).unwrap();
    let first = seen.split("\n\n").next().unwrap();
    let joined: Vec<&str> = first.lines().map(|line| line.strip_prefix("data:").unwrap()).collect();
    assert!(joined.len() > 5);
    assert_eq!(serde_json::from_str::<Value>(&joined.join("\n")).unwrap()["state"], "ring");
}

#[tokio::test]
async fn garbage_of_every_kind_comes_before_an_event_that_still_arrives() {
    for (what, needle) in [
        (FaultKind::GarbageLines, &b"{not json"[..]),
        (FaultKind::InvalidUtf8, b"\xff\xfe"),
        (FaultKind::ControlBytes, b"\xef\xbb\xbf"),
        (FaultKind::DeepNesting { depth: 100_000 }, b"[[[["),
        (FaultKind::HugeLine { bytes: 4 << 20 }, b"xxxx"),
        (FaultKind::EndlessComment { bytes: 1 << 20 }, b":...."),
        (FaultKind::Raw { bytes: b"id: \0\n".to_vec() }, b"id: \0\n"),
    ] {
        let (exchange, _, mut events) = listening().await;
        exchange.faults().set(on_calls(what.clone()).once());
        let call = one_call(&exchange);
        let id = call.id().to_string();
        let arrived = |seen: &[u8]| seen.ends_with(b"}\n\n") && seen.windows(36).any(|it| it == id.as_bytes());
        // Looking through megabytes at every piece would take long: wait for the length first.
        let least = match &what {
            FaultKind::HugeLine { bytes } | FaultKind::EndlessComment { bytes } => *bytes,
            _ => 0,
        };
        events.until(|seen| seen.len() > least && arrived(&seen[least..])).await.unwrap();
        assert!(events.seen.windows(needle.len()).any(|it| it == needle), "{what:?}");
    }
}

#[tokio::test]
async fn tests_can_put_bytes_of_their_own_on_the_stream() {
    let (exchange, _, mut events) = listening().await;
    assert_eq!(exchange.nfon().call_streams(), 1);
    exchange.nfon().emit_raw_call_bytes(b"data: {\"uuid\":\"x\",\"state\":\"ring\"}\n\n");
    assert_eq!(events.next().await.unwrap()["uuid"], "x");
}

#[tokio::test]
async fn all_streams_are_reset_when_the_exchange_goes_down() {
    let (exchange, _, mut events) = listening().await;
    exchange.go_down();
    assert!(is_reset(&events.more().await.unwrap_err()));
}

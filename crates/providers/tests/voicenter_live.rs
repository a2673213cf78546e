//! The Voicenter run loop against the exchange, over real sockets.

mod rig;

use std::collections::BTreeMap;
use std::time::Duration;

use rig::voicenter::{ACTIVE, EXTENSIONS, LOGIN, REFRESH, SOCKET, config, connect, leg, line, start, step};
use rig::{PATIENCE, Run, quiet};
use ringside_domain::{Direction, EndCause, Event, ExtensionId, LegStep, LineStatus, LinkPhase, Party, Presence};
use ringside_exchange::{
    AddressRefusal, EngineIo, Exchange, ExpiryForm, Fault, FaultKind, Line, RingSpec, ServiceName, TokenRefusal,
    VoicenterOptions,
};
use serde_json::json;

fn requests(exchange: &Exchange, path: &str) -> usize {
    exchange.tape().count(|it| it.path == path)
}

fn on_socket(what: FaultKind) -> Fault {
    Fault::new(what).on(ServiceName::Voicenter).path(SOCKET).streams()
}

/// Pings often enough for a test's patience.
fn brisk() -> VoicenterOptions {
    VoicenterOptions {
        ping_interval: Duration::from_millis(100),
        ping_timeout: Duration::from_millis(200),
        ..VoicenterOptions::default()
    }
}

#[tokio::test]
async fn it_lists_signs_in_and_follows_calls() {
    let exchange = quiet().await;
    let mut run = Run::start(&connect(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    assert_eq!(run.phases(), [(LinkPhase::Connecting, None), (LinkPhase::Online, None)]);
    let names = run.seen.iter().find_map(|event| if let Event::Extensions(list) = event { Some(list) } else { None });
    let anna = names.unwrap().iter().find(|it| it.id.as_str() == "SIP31").unwrap();
    assert_eq!((anna.name.as_str(), anna.email.as_ref().unwrap().as_str()), ("Anna Berger", "user31@office.example"));
    run.find("all lamps", |event| line(event, "SIP80", LineStatus::Idle)).await;

    let call = exchange.ring(RingSpec::to("31").from("972501234567"));
    let ringing = run.find("a ringing leg", |event| step(event, "SIP31", LegStep::Ringing)).await;
    assert_eq!((ringing.call.as_str(), ringing.direction), (&*call.id().to_string(), Some(Direction::Inbound)));
    assert!(matches!(ringing.remote, Party::Number(ref number) if number.e164() == "+972501234567"));
    run.find("a ringing lamp", |event| line(event, "SIP31", LineStatus::Ringing)).await;
    call.answer("31");
    let answered = run.find("the answer", |event| step(event, "SIP31", LegStep::Connected)).await;
    assert!(
        answered.at >= ringing.at && answered.at.duration_since(ringing.at).as_secs() < 60,
        "epochs are shifted back"
    );
    call.hang_up();
    run.find("the end", |event| step(event, "SIP31", LegStep::Ended(EndCause::Normal))).await;
    run.find("an idle lamp", |event| line(event, "SIP31", LineStatus::Idle)).await;
    assert_eq!((requests(&exchange, LOGIN), requests(&exchange, SOCKET), requests(&exchange, ACTIVE)), (1, 1, 0));
    assert_eq!(run.provider.oddities(), []);
    run.stop().await;
}

#[tokio::test]
async fn internal_calls_groups_and_changes_of_status_are_told_for_what_they_are() {
    let exchange = quiet().await;
    let mut run = Run::start(&connect(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    let internal = exchange.office().call_internally("22", "43");
    let ringing = run.find("the colleague's telephone", |event| step(event, "SIP43", LegStep::Ringing)).await;
    assert_eq!(ringing.remote, Party::Extension(ExtensionId::new("SIP22")), "a speed dial is a colleague");
    internal.answer("43");
    run.find("both talk", |event| step(event, "SIP22", LegStep::Connected)).await;
    exchange.office().set_presence("22", ringside_exchange::Presence::Away);
    let away = run
        .find("the presence", |event| match event {
            Event::Line(line) if line.extension.as_str() == "SIP22" && line.state.presence == Presence::Away => {
                Some(line.state.status)
            }
            _ => None,
        })
        .await;
    assert_eq!(away, LineStatus::Busy, "a status without calls ends none");

    let group = exchange.ring(RingSpec::to_group(["24", "25"]).from("4922166966966"));
    group.answer("25");
    run.find("the loser", |event| step(event, "SIP24", LegStep::Ended(EndCause::AnsweredElsewhere))).await;
    exchange.office().set_line("30", Line::Offline, ringside_exchange::Presence::Offline);
    run.find("a dark lamp", |event| line(event, "SIP30", LineStatus::Offline)).await;
    let ended = run.seen.iter().any(|event| step(event, "SIP22", LegStep::Ended(EndCause::Normal)).is_some());
    assert!(!ended, "22 still talks");
    run.stop().await;
}

#[tokio::test]
async fn both_engines_are_spoken() {
    let exchange = start(VoicenterOptions { engine: EngineIo::V4, ..brisk() }).await;
    let mut run = Run::start(&connect(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    assert_eq!(requests(&exchange, SOCKET), 2, "the other protocol after one 400");
    // Several pings of the server's later it still stands.
    tokio::time::sleep(Duration::from_millis(700)).await;
    exchange.ring(RingSpec::to("31"));
    run.find("a call", |event| step(event, "SIP31", LegStep::Ringing)).await;
    assert_eq!(requests(&exchange, SOCKET), 2);
    run.stop().await;
}

#[tokio::test]
async fn a_lost_socket_is_one_gap_then_the_whole_office() {
    let exchange = quiet().await;
    let mut run = Run::start(&connect(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    exchange.ring(RingSpec::to("22")).answer("22");
    run.find("a talk", |event| step(event, "SIP22", LegStep::Connected)).await;
    exchange.go_down();
    assert_eq!(run.phase(LinkPhase::Offline).await, Some("unreachable"));
    exchange.ring(RingSpec::to("31").from("4922166966966"));
    exchange.come_up();
    let gap = run.find("the gap", |event| if let Event::Gap(gap) = event { Some(gap.clone()) } else { None }).await;
    assert!(gap.from <= gap.until && gap.account.as_str() == "clinic");
    run.find("a reading in which 31 rings", |event| line(event, "SIP31", LineStatus::Ringing)).await;
    run.find("the call itself", |event| step(event, "SIP31", LegStep::Ringing)).await;
    let events = run.stop().await;
    assert_eq!(events.iter().filter(|event| matches!(event, Event::Gap(_))).count(), 1);
    assert!(
        !events.iter().any(|event| step(event, "SIP22", LegStep::Ended(EndCause::Normal)).is_some()),
        "22 talks on"
    );
}

#[tokio::test]
async fn a_half_open_socket_is_found_out_by_its_pings() {
    let exchange = start(brisk()).await;
    let mut run = Run::start(&connect(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    exchange.faults().set(on_socket(FaultKind::HalfOpen).once());
    assert_eq!(run.phase(LinkPhase::Offline).await, Some("unreachable"));
    exchange.ring(RingSpec::to("31"));
    run.phase(LinkPhase::Online).await;
    run.find("what was missed", |event| line(event, "SIP31", LineStatus::Ringing)).await;
    run.stop().await;
}

#[tokio::test]
async fn a_service_that_is_gone_behind_its_socket_is_asked_whether_it_lives() {
    let exchange = quiet().await;
    let mut run = Run::start(&connect(&exchange, json!({"silence_seconds": 0.2})));
    run.phase(LinkPhase::Online).await;
    tokio::time::sleep(Duration::from_millis(900)).await;
    run.drain();
    assert_eq!(run.phases().len(), 2, "whoever answers lives: {:?}", run.phases());
    assert!(exchange.voicenter().emitted().iter().all(|name| name == "keepalive"));
    exchange.voicenter().set_keepalive_ok(false);
    run.phase(LinkPhase::Offline).await;
    exchange.voicenter().set_keepalive_ok(true);
    run.phase(LinkPhase::Online).await;
    // One that answers pings and nothing else.
    exchange.faults().set(on_socket(FaultKind::Lose));
    assert_eq!(run.phase(LinkPhase::Offline).await, Some("unreachable"));
    run.stop().await;
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_in_whatever_form_it_is_refused() {
    for refusal in [TokenRefusal::Unauthorized, TokenRefusal::ErrorPacket, TokenRefusal::Close] {
        let exchange = start(VoicenterOptions { token_refusal: refusal, ..VoicenterOptions::default() }).await;
        let mut run = Run::start(&connect(&exchange, json!({})));
        run.phase(LinkPhase::Online).await;
        // The token dies in the middle of a stream.
        exchange.voicenter().expire_tokens();
        exchange.voicenter().drop_sockets();
        run.phase(LinkPhase::Offline).await;
        run.phase(LinkPhase::Online).await;
        assert_eq!((requests(&exchange, LOGIN), requests(&exchange, REFRESH)), (1, 1), "{refusal:?}");
        run.stop().await;
    }
}

#[tokio::test]
async fn where_the_refresh_token_is_refused_too_it_signs_in_anew() {
    let exchange = quiet().await;
    let mut run = Run::start(&connect(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    exchange.voicenter().expire_tokens();
    exchange.voicenter().revoke_refresh_tokens();
    exchange.voicenter().drop_sockets();
    run.phase(LinkPhase::Offline).await;
    run.phase(LinkPhase::Online).await;
    assert_eq!((requests(&exchange, LOGIN), requests(&exchange, REFRESH)), (2, 1));
    run.stop().await;
}

#[tokio::test]
async fn a_token_is_replaced_before_it_dies_and_nothing_is_missed() {
    for expiry in [ExpiryForm::Rfc3339, ExpiryForm::Bare, ExpiryForm::Milliseconds] {
        let lifetime = Duration::from_secs(2);
        let exchange =
            start(VoicenterOptions { token_lifetime: lifetime, expiry, ..VoicenterOptions::default() }).await;
        let mut run = Run::start(&connect(&exchange, json!({})));
        run.phase(LinkPhase::Online).await;
        assert!(exchange.tape().wait_for(2, PATIENCE, |it| it.path == SOCKET && it.status == Some(101)).await);
        run.find("the office from the new socket", |event| matches!(event, Event::Lines(_)).then_some(())).await;
        exchange.ring(RingSpec::to("31"));
        run.find("a call on it", |event| step(event, "SIP31", LegStep::Ringing)).await;
        run.drain();
        assert_eq!(run.phases().len(), 2, "{expiry:?}: {:?}", run.phases());
        assert!(!run.seen.iter().any(|event| matches!(event, Event::Gap(_))), "{expiry:?}");
        let parted = async {
            while !exchange.voicenter().emitted().contains(&"closeme".to_owned()) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, parted).await.expect("the old one takes its leave");
        run.stop().await;
    }
}

#[tokio::test]
async fn a_token_of_unreadable_lifetime_holds_until_it_is_refused() {
    let options = VoicenterOptions { expiry: ExpiryForm::Unreadable, ..VoicenterOptions::default() };
    let exchange = start(options).await;
    let mut run = Run::start(&connect(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    exchange.voicenter().drop_sockets();
    run.phase(LinkPhase::Offline).await;
    run.phase(LinkPhase::Online).await;
    assert_eq!(requests(&exchange, LOGIN), 1);
    run.stop().await;
}

#[tokio::test]
async fn each_login_has_its_own_secret_behind_the_code() {
    let exchange = quiet().await;
    let options = exchange.voicenter().options().clone();
    for (login, name, secret, path) in [
        ("user", &options.email, &options.pin, "/monitorAPI/Login/User"),
        ("account", &options.username, &options.password, "/monitorAPI/Login/Account"),
    ] {
        let mut account = config(&exchange, rig::options(json!({"login": login, "login_name": name})));
        account.secret = format!("{} {secret}", options.code).into();
        let mut run = Run::start(&rig::connect(account));
        run.phase(LinkPhase::Online).await;
        assert_eq!(requests(&exchange, path), 1);
        run.stop().await;
    }
}

#[tokio::test]
async fn without_real_time_the_active_calls_are_read() {
    let exchange = quiet().await;
    let options = json!({"login": "user", "login_name": "desk@office.example", "poll_seconds": 0.1});
    let mut account = config(&exchange, rig::options(options));
    account.secret = format!("{} wrong-canary", exchange.voicenter().code()).into();
    let provider = rig::connect(account);
    let mut run = Run::start(&provider);
    assert_eq!(run.phase(LinkPhase::Degraded).await, Some("sign_in_refused"));
    assert_eq!(provider.warnings()[0].code, "line_states_polled");
    let call = exchange.ring(RingSpec::to("31").from("972501234567"));
    let ringing = run.find("a leg", |event| step(event, "SIP31", LegStep::Ringing)).await;
    assert_eq!(ringing.call.as_str(), call.id().to_string());
    call.answer("31");
    run.find("the answer", |event| step(event, "SIP31", LegStep::Connected)).await;
    call.hang_up();
    run.find("the end", |event| step(event, "SIP31", LegStep::Ended(EndCause::Normal))).await;
    assert_eq!(exchange.tape().count(|it| it.path.starts_with("/monitorAPI/")), 1, "the login is not tried again");
    exchange.go_down();
    run.phase(LinkPhase::Offline).await;
    exchange.come_up();
    run.phase(LinkPhase::Degraded).await;
    assert!(!format!("{:?}", run.stop().await).contains("canary"));
}

#[tokio::test]
async fn real_time_is_asked_for_again_and_can_be_switched_off() {
    let exchange = quiet().await;
    exchange.faults().set(Fault::new(FaultKind::Status { code: 403, retry_after: None }).path(SOCKET).once());
    let provider = connect(&exchange, json!({"poll_seconds": 0.05, "realtime_seconds": 0.4}));
    let mut run = Run::start(&provider);
    assert_eq!(run.phase(LinkPhase::Degraded).await, Some("forbidden"));
    run.phase(LinkPhase::Online).await;
    assert_eq!(provider.warnings(), []);
    assert!(!run.seen.iter().any(|event| matches!(event, Event::Gap(_))), "what never was cannot have been missed");
    run.stop().await;

    let exchange = quiet().await;
    let provider = connect(&exchange, json!({"login": "none", "poll_seconds": 0.05}));
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Online).await;
    exchange.ring(RingSpec::to("31"));
    run.find("a call", |event| step(event, "SIP31", LegStep::Ringing)).await;
    assert_eq!((requests(&exchange, LOGIN), provider.warnings().len()), (0, 1));
    run.stop().await;
}

#[tokio::test]
async fn a_code_of_nobodys_is_named_and_asked_again_only_slowly() {
    let exchange = quiet().await;
    let mut account = config(&exchange, Default::default());
    account.secret = "WELLFORMEDBUTUNKNOWN".into();
    let provider = rig::connect(account);
    let mut run = Run::start(&provider);
    assert_eq!(run.phase(LinkPhase::Offline).await, Some("code_unknown"));
    let error = provider.extensions().unwrap().list().await.unwrap_err();
    assert!(error.code() == "configuration" && error.to_string().contains("know the code"), "{error}");
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(exchange.tape().requests().len(), 2, "the run's question and ours");
    run.stop().await;
}

#[tokio::test]
async fn an_address_that_is_not_on_the_list_is_said_in_those_words() {
    for refusal in [AddressRefusal::Coded, AddressRefusal::Forbidden] {
        let options = VoicenterOptions { address_refusal: refusal, ..VoicenterOptions::default() };
        let exchange = start(options).await;
        exchange.voicenter().set_address_allowed(false);
        let provider = connect(&exchange, json!({"extensions_seconds": 0.2}));
        let mut run = Run::start(&provider);
        assert_eq!(run.phase(LinkPhase::Degraded).await, Some("address_not_allowed"), "{refusal:?}: real time goes on");
        exchange.ring(RingSpec::to("31"));
        run.find("a call", |event| step(event, "SIP31", LegStep::Ringing)).await;
        let anna = |event: &Event| match event {
            Event::Extensions(list) => list.iter().any(|it| it.name.as_str() == "Anna Berger"),
            _ => false,
        };
        assert!(run.seen.iter().any(anna), "real time names its extensions");
        let error = provider.lines().unwrap().snapshot().await.unwrap_err();
        assert!(error.to_string().contains("allow-list") && error.hint().contains("public address"), "{error}");
        exchange.voicenter().set_address_allowed(true);
        run.phase(LinkPhase::Online).await;
        run.stop().await;
    }
}

#[tokio::test]
async fn without_an_allowed_address_and_without_real_time_the_account_is_offline() {
    let exchange = quiet().await;
    exchange.voicenter().set_address_allowed(false);
    exchange.faults().set(Fault::new(FaultKind::Status { code: 403, retry_after: None }).path(SOCKET));
    let mut run = Run::start(&connect(&exchange, json!({})));
    assert_eq!(run.phase(LinkPhase::Offline).await, Some("address_not_allowed"));
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!((requests(&exchange, SOCKET), requests(&exchange, ACTIVE)), (1, 1), "nobody is hammered");
    run.stop().await;
}

#[tokio::test]
async fn a_list_that_changed_is_read_anew_and_the_office_with_it() {
    let exchange = quiet().await;
    let mut run = Run::start(&connect(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    exchange.office().add_extension("99", "New Colleague");
    exchange.voicenter().emit("ExtensionsUpdated", &json!({"errorCode": 0}));
    run.find("the new extension", |event| match event {
        Event::Extensions(list) => list.iter().any(|it| it.name.as_str() == "New Colleague").then_some(()),
        _ => None,
    })
    .await;
    assert!(exchange.voicenter().emitted().contains(&"resync".to_owned()));
    assert_eq!(requests(&exchange, EXTENSIONS), 2);
    run.stop().await;
}

#[tokio::test]
async fn garbage_is_counted_and_passed_by() {
    let exchange = quiet().await;
    let provider = connect(&exchange, json!({}));
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Online).await;
    let desk = exchange.voicenter();
    for text in [
        &b"42"[..],
        b"42[]",
        b"42[\"ExtensionEvent\"",
        b"42[\"ExtensionEvent\",null]",
        b"42[\"ExtensionEvent\",[{\"data\":1}]]",
        b"42[\"AllExtensionsStatus\",{\"extensions\":7}]",
        b"42[\"AllExtensionsStatus\",{\"errorCode\":5,\"extensions\":[]}]",
        b"42[\"keepaliveResponse\",\"x\"]",
        b"42[\"TeleportEvent\",{}]",
        b"42[7,{}]",
        b"451-[\"x\",{\"_placeholder\":true}]",
        b"9\0\0",
        b"",
        b"data: {not json}",
    ] {
        desk.emit_raw_message(text);
    }
    let deep = format!("42[\"ExtensionEvent\",{}", "[".repeat(100_000));
    desk.emit_raw_message(deep.as_bytes());
    exchange.ring(RingSpec::to("32").from("4922166966966"));
    run.find("the call after the garbage", |event| step(event, "SIP32", LegStep::Ringing)).await;
    assert_eq!(run.phases().len(), 2, "the link never wavered: {:?}", run.phases());
    let places: Vec<_> = provider.oddities().into_iter().map(|it| it.place).collect();
    assert!(places.iter().any(|it| it == "realtime") && places.iter().any(|it| it == "realtime.event"), "{places:?}");
    run.stop().await;
}

#[tokio::test]
async fn what_breaks_the_socket_is_survived() {
    for (what, bytes) in [
        ("invalid text", [&b"\x81\x02"[..], b"\xff\xfe"].concat()),
        ("a frame of no kind", b"\x8f\x00".to_vec()),
        ("a masked frame", b"\x81\x81\x00\x00\x00\x00x".to_vec()),
        ("a frame beyond reason", [&b"\x81\x7f"[..], &u64::MAX.to_be_bytes()].concat()),
        ("no frame at all", b"HTTP/1.1 200 OK\r\n\r\n<html>".repeat(10)),
    ] {
        let exchange = quiet().await;
        let mut run = Run::start(&connect(&exchange, json!({})));
        run.phase(LinkPhase::Online).await;
        exchange.voicenter().emit_raw_bytes(&bytes);
        run.phase(LinkPhase::Offline).await;
        exchange.ring(RingSpec::to("31"));
        run.phase(LinkPhase::Online).await;
        run.find(&format!("the office after {what}"), |event| line(event, "SIP31", LineStatus::Ringing)).await;
        run.stop().await;
    }
}

#[tokio::test]
async fn a_message_that_is_too_long_costs_a_connection_and_says_so() {
    let exchange = quiet().await;
    let provider = connect(&exchange, json!({}));
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Online).await;
    exchange.voicenter().emit_raw_message(&vec![b'x'; 3 * 1024 * 1024]);
    run.phase(LinkPhase::Offline).await;
    run.phase(LinkPhase::Online).await;
    assert!(provider.oddities().iter().any(|it| it.excerpt.contains("message_mib")), "{:?}", provider.oddities());
    run.stop().await;
    // An office that does not fit into a message at all.
    let mut run = Run::start(&connect(&exchange, json!({"message_mib": 0.01, "poll_seconds": 0.05})));
    assert_eq!(run.phase(LinkPhase::Degraded).await, Some("message_too_large"));
    run.find("the office, read", |event| line(event, "SIP31", LineStatus::Idle)).await;
    run.stop().await;
}

#[tokio::test]
async fn words_of_tomorrow_are_tolerated_everywhere() {
    for kind in [
        FaultKind::UnknownValues,
        FaultKind::UnknownFields,
        FaultKind::WrongTypes,
        FaultKind::Duplicate,
        FaultKind::OneByteAtATime,
        FaultKind::GarbageLines,
        FaultKind::DelayEvents { ms: 5 },
    ] {
        let exchange = quiet().await;
        exchange.faults().set(Fault::new(kind.clone()).on(ServiceName::Voicenter));
        let mut run = Run::start(&connect(&exchange, json!({})));
        run.phase(LinkPhase::Online).await;
        let call = exchange.ring(RingSpec::to("31").from("4922166966966"));
        let leg = run.find(&format!("a leg in spite of {kind:?}"), leg).await;
        assert_eq!(leg.call.as_str(), call.id().to_string(), "{kind:?}");
        assert_eq!(run.phases().len(), 2, "{kind:?}: {:?}", run.phases());
        run.stop().await;
    }
}

#[tokio::test]
async fn a_caller_who_is_no_number_shows_as_nothing_worse() {
    let exchange = quiet().await;
    let mut run = Run::start(&connect(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    for (n, phone) in
        ["<img src=x onerror=alert(1)>", "\u{202e}0501234567", "javascript:alert(1)", "{{7*7}}", &"x".repeat(10_000)]
            .iter()
            .enumerate()
    {
        let call = json!({"ivrid": format!("evil-{n}"), "callstatus": "Ringing", "direction": "Incoming",
            "callerphone": phone, "callername": phone, "did": phone});
        let event = json!({"reason": "NEWCALL", "data": {"extenUser": format!("SIP3{n}"), "calls": [call]}});
        exchange.voicenter().emit("ExtensionEvent", &event);
        let leg = run.find("the leg", leg).await;
        let shown = match leg.remote {
            Party::Code(text) => text.to_string(),
            other => other.dial_text().unwrap_or_default().to_owned(),
        };
        assert!(shown.chars().count() <= 33 && !shown.contains('\u{202e}'), "{shown}");
    }
    run.stop().await;
}

/// What the events so far say of every line.
fn lamps(known: &mut BTreeMap<String, LineStatus>, event: &Event) {
    match event {
        Event::Lines(lines) => {
            *known = lines.iter().map(|it| (it.extension.to_string(), it.state.status)).collect();
        }
        Event::Line(line) => drop(known.insert(line.extension.to_string(), line.state.status)),
        _ => {}
    }
}

fn truth(exchange: &Exchange) -> BTreeMap<String, LineStatus> {
    let status = |line| match line {
        Line::Unknown => LineStatus::Unknown,
        Line::Offline => LineStatus::Offline,
        Line::Idle => LineStatus::Idle,
        Line::Ringing => LineStatus::Ringing,
        Line::InUse => LineStatus::Busy,
    };
    let lines = exchange.office().snapshot().lines.into_iter();
    lines.map(|(number, it)| (exchange.voicenter().sip(&number), status(it.line))).collect()
}

#[tokio::test]
async fn a_thousand_events_a_second_end_in_the_truth_and_lose_nothing() {
    let exchange = quiet().await;
    let mut run = Run::start(&connect(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    let mut known = BTreeMap::new();
    run.find("the lamps", |event| {
        lamps(&mut known, event);
        matches!(event, Event::Lines(_)).then_some(())
    })
    .await;
    let load = exchange.office().line_events(1_000);
    let mut changes = 0;
    run.find("three thousand changes", |event| {
        lamps(&mut known, event);
        changes += usize::from(matches!(event, Event::Line(_)));
        (changes >= 3_000).then_some(())
    })
    .await;
    load.stop();
    // The last tick may still be under way: one call marks the end of the load.
    exchange.ring(RingSpec::to("99"));
    run.find("the truth on every lamp", |event| {
        lamps(&mut known, event);
        let truth = truth(&exchange);
        known.iter().filter(|(sip, _)| *sip != "SIP99").eq(truth.iter()).then_some(())
    })
    .await;
    assert_eq!(run.phases().len(), 2, "{:?}", run.phases());
    assert_eq!((requests(&exchange, SOCKET), run.provider.oddities()), (1, vec![]));
    run.stop().await;
}

#[tokio::test]
async fn a_login_that_is_down_leaves_the_socket_alone_as_long_as_its_token_lives() {
    let lifetime = Duration::from_secs(4);
    let exchange = start(VoicenterOptions { token_lifetime: lifetime, ..VoicenterOptions::default() }).await;
    let mut run = Run::start(&connect(&exchange, json!({})));
    run.phase(LinkPhase::Online).await;
    exchange.faults().set(Fault::new(FaultKind::Status { code: 503, retry_after: None }).path("/monitorAPI/"));
    // The renewal is due after four fifths of the token's life, and fails.
    assert!(exchange.tape().wait_for(1, PATIENCE, |it| it.path == REFRESH).await);
    exchange.faults().clear();
    run.phase(LinkPhase::Offline).await;
    assert!(requests(&exchange, SOCKET) <= 2, "no socket is opened with the old token, over and over");
    run.phase(LinkPhase::Online).await;
    run.stop().await;
}

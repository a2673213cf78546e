//! What the user sees while the service is away, and what is true afterwards.

use std::time::Duration;

use ringside_exchange::{Exchange, Fault, FaultKind, Line, NfonOptions, Options, Presence, RingSpec, ServiceName};
use ringside_tests::rig::{self, Rig, phase, word};
use tokio::time::Instant;

/// Waits until every line shows what is the case, and says so of now.
pub async fn board_is_true(exchange: &Exchange, rig: &Rig, patience: Duration) {
    rig.within(patience, "the board to be true", |it| {
        let truth = exchange.office().snapshot();
        let shown = it.lines.iter().all(|line| {
            line.stale_since.is_none()
                && truth.lines.get(&line.extension).is_some_and(|truth| shown(truth.line) == word(&line.line))
        });
        (shown && it.lines.len() == truth.lines.len()).then_some(())
    })
    .await;
}

fn shown(line: Line) -> &'static str {
    match line {
        Line::Unknown => "unknown",
        Line::Offline => "offline",
        Line::Idle => "idle",
        Line::Ringing => "ringing",
        Line::InUse => "busy",
    }
}

#[tokio::test]
async fn an_outage_turns_the_board_old_marks_one_gap_and_heals() {
    let (exchange, rig) = rig::quiet().await;
    let before = rig.snapshot().await.now;
    exchange.go_down();
    let stale = rig.line("44", "44 is old", |line| line.stale_since.is_some()).await;
    assert!(stale.stale_since.is_some_and(|since| since >= before - 60_000));
    let account = rig
        .until("the account says so", |it| {
            it.accounts.iter().find(|view| view.id == "office" && phase(view) != "online").cloned()
        })
        .await;
    let reason = account.link.reason.unwrap();
    assert!(!reason.message.is_empty() && !reason.hint.is_empty(), "{reason:?}");
    // What happens meanwhile is not seen, and must be true afterwards all the same.
    exchange.office().set_line("44", Line::InUse, Presence::Busy);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(rig.snapshot().await.lines.iter().all(|line| line.stale_since.is_some()), "nothing claims to be current");
    exchange.come_up();
    board_is_true(&exchange, &rig, Duration::from_secs(30)).await;
    rig.line("44", "what changed meanwhile", |line| word(&line.line) == "busy").await;
    rig.online("office").await;
    let page = rig.recorded("the gap", |page| (!page.gaps.is_empty()).then(|| page.clone())).await;
    assert_eq!(page.gaps.len(), 1, "one outage, one mark: {:?}", page.gaps);
    assert_eq!(page.gaps[0].account, "office");
    assert!(page.gaps[0].from <= page.gaps[0].until);
}

#[tokio::test]
async fn a_call_that_ended_unseen_is_not_left_ringing() {
    let (exchange, rig) = rig::quiet().await;
    let call = exchange.ring(RingSpec::to("31").from("4922166966966"));
    rig.card("a card", |card| word(&card.leg.phase) == "ringing").await;
    exchange.go_down();
    call.hang_up();
    rig.leg("the call may be over", |leg| leg.unverified).await;
    exchange.come_up();
    rig.within(Duration::from_secs(40), "the call is closed", |it| {
        it.legs.iter().all(|leg| word(&leg.phase) != "ringing").then_some(())
    })
    .await;
    let row = rig.recorded("its row", |page| page.rows.iter().find(|row| row.outcome.is_some()).cloned()).await;
    assert_eq!(row.ended_at, None, "nobody saw when");
    assert_eq!(row.outcome.map(|it| word(&it)).as_deref(), Some("unknown"), "nobody saw how");
}

#[tokio::test]
async fn a_stream_that_fell_silent_is_noticed_within_two_heartbeats_and_five_seconds() {
    let nfon = NfonOptions { heartbeat: Some(Duration::from_secs(1)), ..NfonOptions::default() };
    let exchange = Exchange::start(Options { nfon, ..Options::quiet() }).await.unwrap();
    let rig = rig::with_office_options(&exchange, "heartbeat_seconds = 1").await;
    rig.online("office").await;
    exchange.faults().set(Fault::new(FaultKind::HalfOpen).on(ServiceName::Nfon).streams());
    let fell_silent = Instant::now();
    rig.until("the board is old", |it| it.lines.iter().all(|line| line.stale_since.is_some()).then_some(())).await;
    let took = fell_silent.elapsed();
    assert!(took <= Duration::from_secs(2 + 5 + 1 + 1), "noticed after {took:?}");
    exchange.faults().clear();
    board_is_true(&exchange, &rig, Duration::from_secs(30)).await;
}

#[tokio::test]
async fn a_service_that_does_not_stream_states_is_read_instead() {
    let nfon = NfonOptions { states_stream: false, ..NfonOptions::default() };
    let (exchange, rig) = rig::connected(Options { nfon, ..Options::quiet() }).await;
    let call = exchange.ring(RingSpec::to("44").from("4922166966966"));
    rig.line("44", "44 rings", |line| word(&line.line) == "ringing").await;
    call.answer("44");
    call.hang_up();
    board_is_true(&exchange, &rig, Duration::from_secs(30)).await;
}

#[tokio::test]
async fn an_access_token_that_expired_costs_one_refresh_and_nobody_notices() {
    let (exchange, rig) = rig::quiet().await;
    exchange.office().set_dial_behaviour(ringside_exchange::DialBehaviour::at_once());
    exchange.nfon().expire_access_tokens();
    exchange.tape().clear();
    rig.dial("after", "+49 221 66966966").await.unwrap();
    rig.dial_state("it goes through", "after", |dial| word(&dial.state) == "connected").await;
    assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "PUT", "/v1/login"), 1, "one refresh");
    assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "POST", "/v1/login"), 0, "no new sign-in");
    assert!(rig.snapshot().await.accounts.iter().all(|view| view.id != "office" || phase(view) == "online"));
}

#[tokio::test]
async fn a_service_that_is_down_is_asked_with_growing_pauses() {
    let (exchange, rig) = rig::quiet().await;
    exchange.go_down();
    exchange.tape().clear();
    tokio::time::sleep(Duration::from_secs(8)).await;
    let attempts = exchange.tape().connections().iter().filter(|it| it.service == ServiceName::Nfon).count();
    // Two streams and the readings beside them, each from one second on with full jitter.
    assert!((1..=40).contains(&attempts), "{attempts} attempts in 8 s");
    exchange.come_up();
    board_is_true(&exchange, &rig, Duration::from_secs(30)).await;
}

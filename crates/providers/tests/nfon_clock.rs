//! A computer whose clock is wrong still knows a ring that is new.

mod rig;

use jiff::SignedDuration;
use rig::{Run, nfon_config, options, quiet, surroundings};
use ringside_domain::{Event, LinkPhase, Timestamp};
use ringside_exchange::RingSpec;
use ringside_telephony::Surroundings;
use serde_json::json;

const WRONG_BY: SignedDuration = SignedDuration::from_mins(3);

fn ahead() -> Timestamp {
    (surroundings().now)() + WRONG_BY
}

fn behind() -> Timestamp {
    (surroundings().now)() - WRONG_BY
}

#[tokio::test]
async fn rings_and_lines_are_dated_by_this_computers_clock() {
    let exchange = quiet().await;
    for (now, word) in [(ahead as fn() -> Timestamp, "ahead of"), (behind, "behind")] {
        let config = nfon_config(&exchange, options(json!({})));
        let provider = ringside_providers::connect(config, Surroundings { now, ..surroundings() }).unwrap();
        let mut run = Run::start(&provider);
        run.phase(LinkPhase::Online).await;
        let call = exchange.ring(RingSpec::to("31").from("4922166966966"));
        let leg = run.find("a leg", |event| if let Event::Leg(leg) = event { Some(leg.clone()) } else { None }).await;
        let age = now().duration_since(leg.at);
        assert!(age.abs() < SignedDuration::from_secs(30), "a ring of this moment is {age:?} old");
        call.hang_up();
        let told = provider.warnings().into_iter().find(|problem| problem.code.starts_with("clock_"));
        assert!(told.is_some_and(|problem| problem.message.contains(word)), "the user is told: {word}");
        assert_eq!(provider.clock_ahead().map(i64::signum), Some(if word == "behind" { -1 } else { 1 }));
        run.stop().await;
    }
}

#[tokio::test]
async fn a_clock_that_is_right_is_not_talked_about() {
    let exchange = quiet().await;
    let provider = rig::nfon(&exchange, json!({}));
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Online).await;
    assert!(provider.warnings().is_empty(), "{:?}", provider.warnings());
    run.stop().await;
}

//! Live calls as the exchange posts them, over a socket, to an account that runs.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod receiver;
mod rig;

use receiver::Receiver;
use rig::{Run, tenios_config};
use ringside_domain::{EndCause, Event, LegStep, LinkPhase, Party};
use ringside_exchange::{Exchange, ForwardTarget, Options, RingSpec};
use ringside_telephony::{Provider, Received};
use serde_json::json;

const NUMBER: &str = "+492214710900";

fn steps(received: &Received) -> Vec<(String, LegStep)> {
    let leg = |event: &Event| match event {
        Event::Leg(leg) => Some((leg.extension.to_string(), leg.step)),
        _ => None,
    };
    received.events.iter().filter_map(leg).collect()
}

/// An account that knows its users, and its exchange.
async fn account(forward_target: ForwardTarget, numbers: serde_json::Value) -> (Exchange, Run, Receiver) {
    let mut options = Options::quiet();
    options.tenios.forward_target = forward_target;
    let exchange = Exchange::start(options).await.unwrap();
    let receiver = Receiver::start().await;
    exchange.tenios().post_calls_to(Some(&receiver.url));
    let mut config = tenios_config(&exchange, rig::options(json!({"numbers": numbers})));
    config.secret = format!("{} {}", exchange.tenios().access_key(), exchange.tenios().post_key()).into();
    let mut run = Run::start(&rig::connect(config));
    run.phase(LinkPhase::Online).await;
    (exchange, run, receiver)
}

#[tokio::test]
async fn a_call_is_told_to_whom_it_rings_as_far_as_the_posts_say() {
    let ended = LegStep::Ended(EndCause::Normal);
    for (target, who) in
        [(ForwardTarget::Extra, "31"), (ForwardTarget::Destination, "31"), (ForwardTarget::Unsaid, NUMBER)]
    {
        let (exchange, run, receiver) = account(target, json!({})).await;
        let provider: &dyn Provider = &*run.provider;
        let call = exchange.ring(RingSpec::to("31").from("4922166966966").dialled("492214710900"));
        let started = receiver.next(provider).await;
        assert_eq!(steps(&started), [(NUMBER.to_owned(), LegStep::Ringing)], "a line of nobody's is its number");
        let Event::Leg(leg) = &started.events[0] else { panic!("a leg") };
        assert!(matches!(&leg.remote, Party::Number(number) if number.e164() == "+4922166966966"));
        assert_eq!(steps(&receiver.next(provider).await), [(who.to_owned(), LegStep::Ringing)], "{target:?}");
        call.answer("31");
        assert_eq!(steps(&receiver.next(provider).await), [(who.to_owned(), LegStep::Connected)], "{target:?}");
        call.hang_up();
        let end = steps(&receiver.next(provider).await);
        assert!(end.contains(&(who.to_owned(), ended)) && end.contains(&(NUMBER.to_owned(), ended)), "{end:?}");
        assert_eq!(provider.oddities(), []);
        run.stop().await;
    }
}

#[tokio::test]
async fn a_number_of_somebodys_is_their_line() {
    let (exchange, run, receiver) = account(ForwardTarget::Unsaid, json!({NUMBER: "35"})).await;
    let call = exchange.ring(RingSpec::to("31").dialled("492214710900"));
    let started = receiver.next(&*run.provider).await;
    assert_eq!(steps(&started), [("35".to_owned(), LegStep::Ringing)]);
    let Event::Leg(leg) = &started.events[0] else { panic!("a leg") };
    assert_eq!((leg.call.as_str(), &leg.remote), (call.id().to_string().as_str(), &Party::Withheld));
    run.stop().await;
}

#[tokio::test]
async fn a_post_with_another_key_rings_nothing() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let receiver = Receiver::start().await;
    exchange.tenios().post_calls_to(Some(&receiver.url));
    // Without the portal's key the access key has to stand in the posts, and here it does not.
    let provider = rig::tenios(&exchange, json!({}));
    exchange.ring(RingSpec::to("31"));
    let received = receiver.next(&*provider).await;
    assert_eq!((received.events.len(), received.reply.status), (0, 403));
    let delivered = async {
        while exchange.tenios().deliveries().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(rig::PATIENCE, delivered).await.expect("the answer arrives");
    assert_eq!(exchange.tenios().deliveries()[0].status, Some(403));
}

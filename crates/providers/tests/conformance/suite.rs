//! The behaviours, each a function over any [`Twin`].
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures_util::future::join_all;
use ringside_domain::{Capability, Event, LinkPhase, LinkState};
use ringside_exchange::{FaultKind, RedirectTo, RetryAfter, ServiceName};
use ringside_telephony::{AccountConfig, ProviderError, Verdict};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::logs;
use crate::rig::{PATIENCE, Run, check, connect};
use crate::twin::{CANARY, Place, Twin, count, provider};

/// Long enough for a loop to show.
const A_WHILE: Duration = Duration::from_millis(1200);

macro_rules! conformance {
    ($name:ident: $twin:ty) => {
        $crate::suite::conformance!(@tests $name, $twin:
            connecting_sends_nothing,
            hands_out_what_it_can_do,
            signs_in_once_for_any_number_of_requests,
            renews_once_when_a_token_expires_under_load,
            takes_a_second_401_for_an_answer,
            refuses_a_wrong_secret_without_a_loop,
            stops_where_the_service_says_no,
            waits_as_long_as_it_is_asked_to,
            backs_off_from_a_service_in_trouble_and_comes_back,
            names_a_web_page_for_what_it_is,
            carries_no_secret_to_another_host,
            tolerates_what_it_does_not_know,
            survives_broken_answers,
            tells_its_link_in_order,
            stops_at_once,
            leaves_a_lost_answer_open_and_asks_once,
            checks_without_changing_anything,
            shows_no_secret_anywhere,
        );
    };
    (@tests $name:ident, $twin:ty: $($test:ident,)*) => {
        mod $name {
            $(
                #[tokio::test]
                async fn $test() {
                    $crate::suite::$test::<$twin>().await;
                }
            )*
        }
    };
}
pub(crate) use conformance;

fn status(code: u16) -> FaultKind {
    FaultKind::Status { code, retry_after: None }
}

pub async fn connecting_sends_nothing<T: Twin>() {
    let twin = T::start().await;
    let _provider = provider(&twin);
    assert_eq!(twin.exchange().tape().connections().len(), 0);
}

pub async fn hands_out_what_it_can_do<T: Twin>() {
    let twin = T::start().await;
    let provider = provider(&twin);
    let can = provider.capabilities();
    assert_eq!(can.has(Capability::Extensions), provider.extensions().is_some());
    assert_eq!(can.has(Capability::LineStates), provider.lines().is_some());
    assert_eq!(can.has(Capability::Dial), provider.dialing().is_some());
    assert_eq!(can.has(Capability::Scenarios), provider.forwarding().is_some());
    assert_eq!(can.has(Capability::Journal), provider.journal().is_some());
    assert_eq!(can.has(Capability::AgentState), provider.agents().is_some());
    assert_eq!(can.has(Capability::Numbers), provider.numbers().is_some());
    assert_eq!(can.has(Capability::NumberOrders), provider.number_orders().is_some());
    let ends_calls = can.has(Capability::HangUpOwn) || can.has(Capability::HangUpAny);
    assert_eq!(ends_calls, provider.hang_up().is_some());
    assert_eq!(provider.account(), &twin.account().id);
    let kind = ringside_providers::KINDS.iter().find(|kind| kind.name == twin.account().provider).unwrap();
    assert_eq!((kind.capabilities)(), can);
}

pub async fn signs_in_once_for_any_number_of_requests<T: Twin>() {
    let twin = T::start().await;
    let provider = provider(&twin);
    let answers = join_all((0..50).map(|_| T::read(&*provider))).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!((count(&twin, Place::SignIn), count(&twin, Place::Read)), (usize::from(T::signs_in()), 50));
}

pub async fn renews_once_when_a_token_expires_under_load<T: Twin>() {
    let twin = T::start().await;
    let provider = provider(&twin);
    T::read(&*provider).await.unwrap();
    twin.expire_tokens();
    twin.exchange().tape().clear();
    let answers = join_all((0..50).map(|_| T::read(&*provider))).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    let renewals = usize::from(T::signs_in() && T::TOKENS);
    assert_eq!(count(&twin, Place::SignIn), renewals, "one renewal for all, of what can end");
    assert!(count(&twin, Place::Read) <= 100, "each is repeated once at most");
}

pub async fn takes_a_second_401_for_an_answer<T: Twin>() {
    let twin = T::start().await;
    let provider = provider(&twin);
    twin.exchange().faults().set(T::fault(status(401), Place::Read));
    assert_eq!(T::read(&*provider).await, Err(ProviderError::SignInRefused));
    assert_eq!(
        count(&twin, Place::Read),
        1 + usize::from(T::signs_in()),
        "one request and one repeat, with a new token"
    );
    assert!(count(&twin, Place::SignIn) <= 2, "one sign-in and one renewal");
}

pub async fn refuses_a_wrong_secret_without_a_loop<T: Twin>() {
    let twin = T::start().await;
    let account = AccountConfig { secret: "wrong".to_owned().into(), ..twin.account() };
    let provider = connect(account);
    let mut run = Run::start(&provider);
    assert_eq!(run.phase(LinkPhase::Offline).await, Some("sign_in_refused"));
    assert_eq!(T::read(&*provider).await, Err(ProviderError::SignInRefused));
    sleep(A_WHILE).await;
    assert_eq!(twin.exchange().tape().requests().len(), T::REQUESTS_TO_SIGN_IN, "a second try could lock the account");
    assert_eq!(run.phases(), [(LinkPhase::Connecting, None), (LinkPhase::Offline, Some("sign_in_refused"))]);
    run.stop().await;
}

pub async fn stops_where_the_service_says_no<T: Twin>() {
    for (code, reason) in [(403, "forbidden"), (404, "no_such_address"), (410, "no_such_address")] {
        let twin = T::start().await;
        twin.exchange().faults().set(T::fault(status(code), Place::Live));
        let mut run = Run::start(&provider(&twin));
        let problem = run
            .find("the refusal", |event| match event {
                // Degraded where the rest goes on, offline where nothing is left.
                Event::Link(LinkState { phase: LinkPhase::Degraded | LinkPhase::Offline, reason, .. }) => {
                    reason.clone()
                }
                _ => None,
            })
            .await;
        assert_eq!(problem.code, reason, "{code}");
        assert!(!problem.message.is_empty() && !problem.hint.is_empty());
        let before = count(&twin, Place::Live);
        sleep(A_WHILE).await;
        assert_eq!(count(&twin, Place::Live), before, "{code} is not asked again");
        run.stop().await;
    }
}

pub async fn waits_as_long_as_it_is_asked_to<T: Twin>() {
    for wish in [RetryAfter::Seconds(2), RetryAfter::DateIn(3)] {
        let twin = T::start().await;
        let limit = FaultKind::Status { code: 429, retry_after: Some(wish) };
        twin.exchange().faults().set(T::fault(limit, Place::Live).once());
        let mut run = Run::start(&provider(&twin));
        run.phase(LinkPhase::Offline).await;
        run.phase(LinkPhase::Online).await;
        let requests = twin.exchange().tape().requests();
        let asked: Vec<_> = requests.iter().filter(|it| T::is(it, Place::Live)).map(|it| it.at).collect();
        let waited = asked[1].duration_since(asked[0]).as_secs_f64();
        // A date has whole seconds, so that it may be up to one second nearer than it was meant.
        assert!((1.9..=4.5).contains(&waited), "{wish:?}: {waited}");
        run.stop().await;
    }
}

pub async fn backs_off_from_a_service_in_trouble_and_comes_back<T: Twin>() {
    for trouble in [status(500), status(503), FaultKind::HtmlPage { code: 502 }, FaultKind::Reset] {
        let twin = T::start().await;
        twin.exchange().faults().set(T::fault(trouble.clone(), Place::Live));
        let mut run = Run::start(&provider(&twin));
        run.phase(LinkPhase::Offline).await;
        sleep(A_WHILE).await;
        // Full jitter draws short pauses too; a loop without any would be in the hundreds.
        assert!(count(&twin, Place::Live) <= 10, "{trouble:?}: {}", count(&twin, Place::Live));
        twin.exchange().faults().clear();
        run.phase(LinkPhase::Online).await;
        run.stop().await;
    }
}

pub async fn names_a_web_page_for_what_it_is<T: Twin>() {
    let twin = T::start().await;
    twin.exchange().faults().set(T::fault(FaultKind::HtmlInsteadOfJson, Place::Read));
    let error = T::read(&*provider(&twin)).await.unwrap_err();
    assert_eq!(error.code(), "bad_answer");
    assert!(error.to_string().contains("web page"), "{error}");
}

pub async fn carries_no_secret_to_another_host<T: Twin>() {
    for code in [301, 302, 307, 308] {
        for place in [Place::SignIn, Place::Read, Place::Change] {
            if place == Place::SignIn && !T::signs_in() {
                continue;
            }
            let twin = T::start().await;
            let provider = provider(&twin);
            let redirect = FaultKind::Redirect { code, to: RedirectTo::Elsewhere };
            twin.exchange().faults().set(T::fault(redirect, place));
            let refused = match place {
                Place::Change => T::change(&*provider).await.is_none_or(|changed| changed.is_err()),
                Place::SignIn | Place::Read | Place::Live => T::read(&*provider).await.is_err(),
            };
            assert!(refused, "{code} {place:?}");
            let elsewhere = twin.exchange().tape().count(|it| it.service == ServiceName::Elsewhere);
            assert_eq!(elsewhere, 0, "{code} {place:?}");
        }
    }
}

pub async fn tolerates_what_it_does_not_know<T: Twin>() {
    for kind in [FaultKind::UnknownFields, FaultKind::UnknownValues, FaultKind::WrongTypes, FaultKind::BadTimes] {
        let twin = T::start().await;
        for place in [Place::Read, Place::Live] {
            twin.exchange().faults().set(T::fault(kind.clone(), place));
        }
        let provider = provider(&twin);
        assert_eq!(T::read(&*provider).await, Ok(()), "{kind:?}");
        let mut run = Run::start(&provider);
        run.phase(LinkPhase::Online).await;
        run.stop().await;
        let oddities = provider.oddities();
        let mut kinds: Vec<_> = oddities.iter().map(|it| (&it.place, &it.excerpt)).collect();
        kinds.dedup();
        assert_eq!(kinds.len(), oddities.len(), "each kind once: {oddities:?}");
    }
}

pub async fn survives_broken_answers<T: Twin>() {
    for (kind, at) in [
        (FaultKind::MalformedJson, Place::Read),
        (FaultKind::TruncatedBody { bytes: 9 }, Place::Read),
        (FaultKind::Cut, Place::Read),
        (FaultKind::NoAnswer, Place::Read),
        (FaultKind::MalformedJson, Place::SignIn),
        (FaultKind::HtmlInsteadOfJson, Place::SignIn),
    ] {
        if at == Place::SignIn && !T::signs_in() {
            continue;
        }
        let twin = T::start().await;
        let provider = provider(&twin);
        twin.exchange().faults().set(T::fault(kind.clone(), at));
        let error = T::read(&*provider).await.unwrap_err();
        assert!(!error.needs_sign_in(), "{kind:?} at {at:?} says nothing about the credentials: {error:?}");
        twin.exchange().faults().clear();
        assert_eq!(T::read(&*provider).await, Ok(()), "{kind:?} at {at:?}");
    }
}

pub async fn tells_its_link_in_order<T: Twin>() {
    let twin = T::start().await;
    let mut run = Run::start(&provider(&twin));
    run.phase(LinkPhase::Online).await;
    assert!(matches!(&run.seen[0], Event::Link(state) if state.phase == LinkPhase::Connecting), "the link comes first");
    twin.exchange().go_down();
    assert!(run.phase(LinkPhase::Offline).await.is_some());
    twin.exchange().come_up();
    run.phase(LinkPhase::Online).await;
    let mut phases: Vec<_> = run.phases().into_iter().map(|(phase, _)| phase).collect();
    phases.dedup();
    assert_eq!(phases, [LinkPhase::Connecting, LinkPhase::Online, LinkPhase::Offline, LinkPhase::Online]);
    let since: Vec<_> =
        run.seen.iter().filter_map(|event| if let Event::Link(it) = event { Some(it.since) } else { None }).collect();
    assert!(since.is_sorted(), "{since:?}");
    run.stop().await;
}

pub async fn stops_at_once<T: Twin>() {
    // While signing in, while reading, and while nobody takes the events.
    for (stalled, reached) in
        [(Some(Place::SignIn), Place::SignIn), (Some(Place::Live), Place::Live), (None, Place::Read)]
    {
        let twin = T::start().await;
        if let Some(place) = stalled {
            twin.exchange().faults().set(T::fault(FaultKind::NoAnswer, place));
        }
        // Of the last, the second event finds no room.
        let (sink, _events) = mpsc::channel(if stalled.is_some() { 64 } else { 1 });
        let stop = CancellationToken::new();
        let running = tokio::spawn(Arc::clone(&provider(&twin)).run(sink, stop.clone()));
        assert!(twin.exchange().tape().wait_for(1, PATIENCE, |it| T::is(it, reached)).await);
        stop.cancel();
        timeout(Duration::from_secs(1), running).await.expect("run ends when stopped").unwrap();
    }
}

pub async fn leaves_a_lost_answer_open_and_asks_once<T: Twin>() {
    for lost in [FaultKind::LostAnswer, FaultKind::NoAnswer, FaultKind::Reset] {
        let twin = T::start().await;
        let provider = provider(&twin);
        twin.exchange().faults().set(T::fault(lost.clone(), Place::Change));
        let Some(changed) = T::change(&*provider).await else { return };
        assert_ne!(changed.map_err(|error| error.is_transient()), Err(true), "{lost:?} must not invite a repeat");
        assert_eq!(count(&twin, Place::Change), 1, "{lost:?}");
        if lost != FaultKind::Reset {
            assert_eq!(T::change(&*provider).await, Some(Err(ProviderError::Unconfirmed)), "{lost:?}");
            assert_eq!(count(&twin, Place::Change), 2, "one for each intention");
        }
    }
}

pub async fn checks_without_changing_anything<T: Twin>() {
    let twin = T::start().await;
    let findings = check(&*provider(&twin)).await;
    assert_eq!(findings[0].step, "reach");
    assert!(!findings.iter().any(|it| matches!(it.verdict, Verdict::Fails(_) | Verdict::Warning(_))), "{findings:?}");
    assert_eq!(count(&twin, Place::Change), 0);

    twin.exchange().go_down();
    let findings = check(&*provider(&twin)).await;
    assert!(matches!(&findings[0].verdict, Verdict::Fails(problem) if problem.code == "unreachable"), "{findings:?}");
    let rest = findings[1..].iter().all(|it| matches!(it.verdict, Verdict::NotTried(_)));
    assert!(rest, "nothing is blamed twice: {findings:?}");
}

/// Whatever goes wrong, neither the secret nor a word of it is told, shown or logged.
pub async fn shows_no_secret_anywhere<T: Twin>() {
    logs::keep();
    let mut told = String::new();
    for place in [Place::SignIn, Place::Read, Place::Live, Place::Change] {
        for trouble in [
            status(400),
            status(401),
            status(500),
            FaultKind::MalformedJson,
            FaultKind::HtmlPage { code: 200 },
            FaultKind::Redirect { code: 302, to: RedirectTo::Elsewhere },
            FaultKind::UnknownValues,
        ] {
            let twin = T::start().await;
            let account = twin.account();
            told += &format!("{account:?}");
            let provider = connect(account);
            twin.exchange().faults().set(T::fault(trouble, place));
            told += &format!("{:?}{:?}", T::read(&*provider).await, T::change(&*provider).await);
            let mut run = Run::start(&provider);
            run.find("the first words", |event| matches!(event, Event::Link(_)).then_some(())).await;
            told += &format!("{:?}", check(&*provider).await);
            told += &format!("{:?}{:?}{:?}", run.stop().await, provider.oddities(), provider.warnings());
        }
    }
    // Base64 of a text depends on where in its group of three the text begins.
    let encoded = ["", "x", "xx"].map(|before| BASE64_STANDARD.encode(format!("{before}{CANARY}"))[4..16].to_owned());
    for text in [told, logs::text()] {
        assert!(!text.contains(CANARY), "a secret was told");
        assert!(!encoded.iter().any(|it| text.contains(it)), "a secret was told in base64");
        assert!(!text.contains("eyJ"), "a token was told");
    }
    assert!(logs::text().contains("link"), "the log was really kept");
}

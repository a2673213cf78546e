//! Killed between the service's answer and anything that came of it: a start later, one sign-in puts all right.

use std::time::Duration;

use ringside_api::Request;
use ringside_exchange::{Fault, FaultKind, Recorded, ServiceName};
use ringside_tests::desktop::Parts;
use ringside_tests::running::Running;
use ringside_tests::socket::Socket;
use ringside_tests::wait::{PATIENCE, until};

use crate::scene::{self, Alone};

const LOGIN: &str = "/v1/login";

fn is_token_request(it: &Recorded) -> bool {
    it.service == ServiceName::Nfon && it.path == LOGIN
}

/// Starts the app and gives how many token requests it needed until it was online.
async fn start_again(scene: &Alone) -> (Running, usize) {
    scene.exchange.tape().clear();
    let app = Running::start(&scene.desktop, Some(&scene.exchange), &["--in-tray"]).unwrap();
    let mut socket = Socket::open(&scene.desktop, PATIENCE).await.unwrap();
    scene.await_online(&mut socket).await;
    (app, scene.exchange.tape().count(is_token_request))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_a_token_is_on_its_way_it_signs_in_once_after_the_next_start() {
    let scene = scene::alone(Parts::default()).await;
    // The service has given out the token; the app is killed before it has read the answer.
    let slow = |method: &str| {
        Fault::new(FaultKind::Delay { ms: 60_000 }).on(ServiceName::Nfon).method(method).path(LOGIN).once()
    };
    scene.exchange.faults().set(slow("POST"));
    let mut app = Running::start(&scene.desktop, Some(&scene.exchange), &["--in-tray"]).unwrap();
    assert!(scene.exchange.tape().wait_for(1, PATIENCE, is_token_request).await);
    app.kill();
    let (mut app, asked) = start_again(&scene).await;
    assert_eq!(asked, 1, "one sign-in after the kill");

    // The same while a refresh token is exchanged, which uses it up.
    scene.exchange.faults().set(slow("PUT"));
    scene.exchange.nfon().expire_access_tokens();
    scene.exchange.faults().set(Fault::new(FaultKind::Reset).on(ServiceName::Nfon).streams().times(2));
    let refreshing = |it: &Recorded| is_token_request(it) && it.method == "PUT";
    assert!(scene.exchange.tape().wait_for(1, PATIENCE, refreshing).await, "the stream comes back with a new token");
    app.kill();
    scene.exchange.faults().clear();
    let (_app, asked) = start_again(&scene).await;
    assert_eq!(asked, 1, "one sign-in, and the token that was used up is not tried");
    assert_eq!(scene.exchange.tape().count(refreshing), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_the_moment_the_token_is_answered_it_never_loops() {
    let scene = scene::alone(Parts::default()).await;
    for pause in [0, 1, 3, 10, 30, 100] {
        scene.exchange.tape().clear();
        let mut app = Running::start(&scene.desktop, Some(&scene.exchange), &["--in-tray"]).unwrap();
        let answered = |it: &Recorded| is_token_request(it) && it.status == Some(200);
        until("the token is answered", PATIENCE, async || (scene.exchange.tape().count(answered) > 0).then_some(()))
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_millis(pause)).await;
        app.kill();
        assert_eq!(scene.exchange.tape().count(is_token_request), 1, "killed {pause} ms after the answer");
    }
    let (_app, asked) = start_again(&scene).await;
    assert_eq!(asked, 1);
    // Left alone, it asks for nothing more.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(scene.exchange.tape().count(is_token_request), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_after_a_dial_was_sent_it_never_rings_a_second_time() {
    const CALLS: &str = "/v1/extensions/phone/calls";
    let scene = scene::alone(Parts::default()).await;
    let (mut app, _) = start_again(&scene).await;
    let is_dial = |it: &Recorded| it.is("POST", CALLS);
    // The telephone rings; the app never reads that it does.
    let slow = Fault::new(FaultKind::Delay { ms: 60_000 }).on(ServiceName::Nfon).method("POST").path(CALLS);
    scene.exchange.faults().set(slow.once());
    let dial =
        Request::Dial { intent: "once".into(), text: "+49 221 66966966".into(), line: None, account: None, from: None };
    let mut socket = Socket::open(&scene.desktop, PATIENCE).await.unwrap();
    socket.call(dial.clone()).await.unwrap();
    assert!(scene.exchange.tape().wait_for(1, PATIENCE, is_dial).await);
    app.kill();
    let (_app, _) = start_again(&scene).await;
    let mut socket = Socket::open(&scene.desktop, PATIENCE).await.unwrap();
    // A script that got no answer asks for the same thing again.
    let again = socket.call(dial).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(scene.exchange.tape().count(is_dial), 0, "sent again after the restart: {again:?}");
}

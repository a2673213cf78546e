//! Closed, it goes on working.

use ringside_exchange::RingSpec;
use ringside_tests::desktop::{Parts, notifications};
use ringside_tests::running::Running;
use ringside_tests::socket::Socket;
use ringside_tests::wait::PATIENCE;

use crate::scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_tray_a_call_shows_its_card_and_a_missed_one_is_notified() {
    let scene = scene::alone(Parts { notifications: true, ..Parts::default() }).await;
    let mut app = Running::start(&scene.desktop, Some(&scene.exchange), &["--in-tray"]).unwrap();
    let mut socket = Socket::open(&scene.desktop, PATIENCE).await.unwrap();
    scene.await_online(&mut socket).await;
    assert!(scene.screen.window("Ringside").unwrap().is_none(), "no window was asked for");
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.screen.await_window(scene::CARD_TITLE, PATIENCE).unwrap();
    call.time_out();
    ringside_tests::wait::until("the notification", PATIENCE, async || {
        let shown = notifications(&scene.desktop).ok()?.to_string();
        shown.contains("669 669 66").then_some(())
    })
    .await
    .unwrap();
    // A missed call's card stays until it was seen.
    scene.screen.await_no_window(scene::CARD_TITLE, 2 * PATIENCE).unwrap();
    assert!(app.runs());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_the_window_does_not_end_the_app_and_a_second_start_brings_it_back() {
    let scene = scene::alone(Parts::default()).await;
    let mut app = Running::start(&scene.desktop, Some(&scene.exchange), &[]).unwrap();
    let mut socket = Socket::open(&scene.desktop, PATIENCE).await.unwrap();
    scene.await_online(&mut socket).await;
    let window = scene.screen.await_window("Ringside", PATIENCE).unwrap();
    scene.screen.click(window.area.x + 200, window.area.y + 8).unwrap();
    scene.desktop.output("xdotool", &["key", "alt+F4"]).unwrap();
    scene.screen.await_no_window("Ringside", PATIENCE).unwrap();
    assert!(app.runs(), "closed is not quit");
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.screen.await_window(scene::CARD_TITLE, PATIENCE).unwrap();
    call.hang_up();
    let again = ringside_tests::running::command(&scene.desktop, Some(&scene.exchange), &[]).unwrap();
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    scene.screen.await_window("Ringside", PATIENCE).unwrap();
}

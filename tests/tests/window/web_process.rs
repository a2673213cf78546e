//! The process that draws the pages dies, or is replaced: the pages come back by themselves.

use ringside_exchange::RingSpec;
use ringside_tests::desktop::Parts;
use ringside_tests::process;
use ringside_tests::running::{Running, command};
use ringside_tests::socket::Socket;
use ringside_tests::tray;
use ringside_tests::wait::{PATIENCE, until};
use tokio::task::block_in_place;

use crate::scene::{self, Alone, CARD_TITLE};

/// The one process that draws pages.
async fn drawing(app: &Running) -> u32 {
    until("the pages' process", PATIENCE, async || {
        let tree = process::tree(app.pid());
        let pages: Vec<_> = tree.iter().filter(|it| it.name.starts_with("WebKitWebProc")).map(|it| it.pid).collect();
        if let [only] = pages[..] { Some(only) } else { None }
    })
    .await
    .unwrap()
}

/// The card is on the screen with its words: paper with ink on it, over a root window that is black.
async fn card_is_seen(scene: &Alone) {
    until("a painted card", PATIENCE, async || {
        let card = scene.screen.window(CARD_TITLE).ok()??;
        let picture = scene.screen.picture(card.area.within(scene.screen.whole())).ok()?;
        let all = picture.pixels().count();
        let paper = picture.pixels().filter(|it| it.iter().all(|part| *part > 225)).count();
        let ink = picture.pixels().filter(|it| it.iter().all(|part| *part < 90)).count();
        (paper > all / 2 && ink > 200).then_some(())
    })
    .await
    .unwrap();
}

/// A call rings, its card is seen, and goes with it.
async fn rings(scene: &Alone, from: &str) {
    let call = scene.exchange.ring(RingSpec::to("31").from(from));
    card_is_seen(scene).await;
    call.answer("31");
    call.hang_up();
    scene.screen.await_no_window(CARD_TITLE, PATIENCE).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_whose_process_was_killed_shows_the_next_call() {
    let scene = scene::alone(Parts::default()).await;
    let app = Running::start(&scene.desktop, Some(&scene.exchange), &["--in-tray"]).unwrap();
    let mut socket = Socket::open(&scene.desktop, PATIENCE).await.unwrap();
    scene.await_online(&mut socket).await;
    rings(&scene, "4922166966966").await;
    let first = drawing(&app).await;
    scene.desktop.output("kill", &["-9", &first.to_string()]).unwrap();
    rings(&scene, "4922166966967").await;
    assert_ne!(drawing(&app).await, first);
}

/// Whether the process has a drawing driver of the system in it.
fn holds_rasteriser(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap().contains("/dri/")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_graphics_processor_only_the_process_that_draws_holds_the_rasteriser() {
    let scene = scene::alone(Parts::default()).await;
    let app = Running::start(&scene.desktop, Some(&scene.exchange), &["--in-tray"]).unwrap();
    let mut socket = Socket::open(&scene.desktop, PATIENCE).await.unwrap();
    scene.await_online(&mut socket).await;
    rings(&scene, "4922166966966").await;
    assert!(holds_rasteriser(drawing(&app).await), "this test knows no driver of this system");
    assert!(!holds_rasteriser(app.pid()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_that_is_up_when_its_page_dies_comes_back() {
    let scene = scene::alone(Parts::default()).await;
    let app = Running::start(&scene.desktop, Some(&scene.exchange), &["--in-tray"]).unwrap();
    let mut socket = Socket::open(&scene.desktop, PATIENCE).await.unwrap();
    scene.await_online(&mut socket).await;
    let _call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    card_is_seen(&scene).await;
    let first = drawing(&app).await;
    scene.desktop.output("kill", &["-9", &first.to_string()]).unwrap();
    until("another process", PATIENCE, async || (drawing(&app).await != first).then_some(())).await.unwrap();
    card_is_seen(&scene).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_the_window_to_the_tray_leaves_a_fresh_process_that_shows_the_next_call() {
    let scene = scene::alone(Parts::default()).await;
    let tray = block_in_place(|| tray::put_up(&scene.desktop)).unwrap();
    let app = Running::start(&scene.desktop, Some(&scene.exchange), &[]).unwrap();
    let mut socket = Socket::open(&scene.desktop, PATIENCE).await.unwrap();
    scene.await_online(&mut socket).await;
    until("the icon", PATIENCE, async || tray.has_icon().then_some(())).await.unwrap();
    let mut last = drawing(&app).await;
    for round in 0..3 {
        let window = scene.screen.await_window("Ringside", PATIENCE).unwrap();
        scene.screen.click(window.area.x + 200, window.area.y + 8).unwrap();
        scene.desktop.output("xdotool", &["key", "alt+F4"]).unwrap();
        scene.screen.await_no_window("Ringside", PATIENCE).unwrap();
        let fresh = until("a fresh process", PATIENCE, async || {
            let now = drawing(&app).await;
            (now != last).then_some(now)
        });
        last = fresh.await.unwrap();
        rings(&scene, &format!("492216696696{round}")).await;
        let again = block_in_place(|| command(&scene.desktop, Some(&scene.exchange), &[])).unwrap();
        assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    }
    scene.screen.await_window("Ringside", PATIENCE).unwrap();
    assert_eq!(process::count(app.pid(), "WebKitWebProcess"), 1, "the window shares the card's process");
}

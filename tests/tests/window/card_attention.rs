//! The card stays while somebody is at it, is reached by the keyboard, and what is typed on it is kept. Where it was, nothing is
//! clicked by mistake.

use std::time::Duration;

use ringside_api::view::{Card, HistoryFilter};
use ringside_api::{Reply, Request};
use ringside_exchange::RingSpec;
use ringside_tests::clicks::Clicks;
use ringside_tests::desktop::Parts;
use ringside_tests::process;
use ringside_tests::running::Running;
use ringside_tests::screen::Window;
use ringside_tests::socket::Socket;
use ringside_tests::wait::{PATIENCE, until, until_blocking};
use tokio::time::sleep;

use crate::scene::{self, Alone, CARD_TITLE};

async fn open() -> (Alone, Running, Socket) {
    let scene = scene::alone(Parts::default()).await;
    let app = Running::start(&scene.desktop, Some(&scene.exchange), &["--in-tray"]).unwrap();
    let mut socket = Socket::open(&scene.desktop, PATIENCE).await.unwrap();
    scene.await_online(&mut socket).await;
    (scene, app, socket)
}

fn keys(scene: &Alone, keys: &str) {
    scene.desktop.output("xdotool", &["key", "--clearmodifiers", keys]).unwrap();
}

fn type_text(scene: &Alone, text: &str) {
    scene.desktop.output("xdotool", &["type", "--delay", "12", text]).unwrap();
}

fn card(scene: &Alone) -> Option<Window> {
    scene.screen.window(CARD_TITLE).unwrap()
}

fn has_keyboard(scene: &Alone, title: &str) {
    until_blocking(format!("`{title}` to have the keyboard"), PATIENCE, || {
        (scene.screen.focused().ok()??.as_str() == title).then_some(())
    })
    .unwrap();
}

/// A terminal that is being typed in.
fn terminal(scene: &mut Alone) {
    let mut xterm = scene.desktop.command("xterm");
    xterm.args(["-T", "typing", "-geometry", "60x10+20+40", "-e", "cat"]);
    scene.desktop.keep(xterm, "xterm").unwrap();
    let window = scene.screen.await_window("typing", PATIENCE).unwrap();
    scene.screen.click(window.area.x + 40, window.area.y + 60).unwrap();
    has_keyboard(scene, "typing");
}

/// The only card's id.
async fn id(socket: &mut Socket) -> String {
    let Ok(Reply::Snapshot { snapshot }) = socket.call(Request::Snapshot {}).await else { panic!("no snapshot") };
    snapshot.cards[0].id.clone()
}

async fn notes(socket: &mut Socket) -> Vec<String> {
    let ask = Request::History { filter: HistoryFilter::default(), before: None, limit: 50 };
    let Ok(Reply::History { page }) = socket.call(ask).await else { panic!("no history") };
    page.rows.into_iter().map(|row| row.note).collect()
}

async fn kept(socket: &mut Socket, note: &str) {
    let comes = until(format!("the note `{note}`"), PATIENCE, async || {
        notes(socket).await.iter().any(|it| it == note).then_some(())
    });
    if let Err(error) = comes.await {
        panic!("{error}; there are {:?}", notes(socket).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_called_by_the_hotkey_has_the_keyboard_until_it_is_put_away() {
    let (mut scene, _app, _socket) = open().await;
    terminal(&mut scene);
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.screen.await_window(CARD_TITLE, PATIENCE).unwrap();
    has_keyboard(&scene, "typing");
    keys(&scene, "ctrl+alt+p");
    has_keyboard(&scene, CARD_TITLE);
    call.hang_up();
    // It is over, and stays while it has the keyboard.
    sleep(Duration::from_secs(17)).await;
    assert!(card(&scene).is_some());
    keys(&scene, "Escape");
    scene.screen.await_no_window(CARD_TITLE, PATIENCE).unwrap();
    has_keyboard(&scene, "typing");
    // Brought back, it stays however long it is read, and goes when one turns to something else.
    keys(&scene, "ctrl+alt+p");
    scene.screen.await_window(CARD_TITLE, PATIENCE).unwrap();
    has_keyboard(&scene, CARD_TITLE);
    sleep(Duration::from_secs(6)).await;
    assert!(card(&scene).is_some());
    let window = scene.screen.window("typing").unwrap().unwrap();
    scene.screen.click(window.area.x + 40, window.area.y + 60).unwrap();
    scene.screen.await_no_window(CARD_TITLE, PATIENCE).unwrap();
    has_keyboard(&scene, "typing");
    // Brought back by the key and put away by the key, it leaves the keyboard where it was.
    for _ in 0..3 {
        keys(&scene, "ctrl+alt+p");
        scene.screen.await_window(CARD_TITLE, PATIENCE).unwrap();
        has_keyboard(&scene, CARD_TITLE);
        keys(&scene, "Escape");
        scene.screen.await_no_window(CARD_TITLE, PATIENCE).unwrap();
        has_keyboard(&scene, "typing");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stays_under_the_pointer_and_goes_when_that_has_left() {
    let (scene, _app, _socket) = open().await;
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    let window = scene.screen.await_window(CARD_TITLE, PATIENCE).unwrap();
    scene.screen.point(window.area.x + 100, window.area.y + 60).unwrap();
    call.answer("31");
    sleep(Duration::from_millis(300)).await;
    call.hang_up();
    sleep(Duration::from_secs(7)).await;
    assert!(card(&scene).is_some(), "the pointer is on it");
    scene.screen.point(20, 700).unwrap();
    scene.screen.await_no_window(CARD_TITLE, Duration::from_secs(4)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missed_card_stays_a_quarter_of_a_minute() {
    let (scene, _app, _socket) = open().await;
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.screen.await_window(CARD_TITLE, PATIENCE).unwrap();
    scene.screen.point(20, 700).unwrap();
    call.hang_up();
    sleep(Duration::from_secs(13)).await;
    assert!(card(&scene).is_some());
    scene.screen.await_no_window(CARD_TITLE, Duration::from_secs(6)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_click_that_comes_too_late_for_a_card_meets_nothing_else() {
    let (scene, _app, mut socket) = open().await;
    let below = Clicks::open(&scene.desktop, "below", 0x0020_4060).unwrap();
    scene.screen.await_window("below", PATIENCE).unwrap();
    let mut fell_through = Vec::new();
    for round in 0..10_u64 {
        let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
        let window = scene.screen.await_window(CARD_TITLE, PATIENCE).unwrap();
        sleep(Duration::from_millis(500)).await;
        let (x, y) = (window.area.x + 120, window.area.y + 100);
        scene.screen.point(x, y).unwrap();
        below.count().unwrap();
        let id = id(&mut socket).await;
        socket.call(Request::Card { action: Card::Dismiss, id }).await.unwrap();
        until_blocking("the card to go", PATIENCE, || card(&scene).is_none().then_some(())).unwrap();
        sleep(Duration::from_millis(round * 30)).await;
        scene.screen.click(x, y).unwrap();
        sleep(Duration::from_millis(40)).await;
        fell_through.push(below.count().unwrap());
        call.hang_up();
        sleep(Duration::from_millis(500)).await;
        scene.screen.click(x, y).unwrap();
        sleep(Duration::from_millis(40)).await;
        assert_eq!(below.count().unwrap(), 1, "half a second later a click is one again");
    }
    assert_eq!(fell_through, vec![0; 10]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_click_that_was_meant_for_what_was_there_before_does_not_put_the_card_away() {
    let (scene, _app, _socket) = open().await;
    // Where the cross is on a card that rings.
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.screen.await_window(CARD_TITLE, PATIENCE).unwrap();
    // A busy machine settles later, and a click before that is none.
    let (mut x, mut y) = (0, 0);
    for _ in 0..8 {
        sleep(Duration::from_secs(1)).await;
        let Some(window) = card(&scene) else { break };
        (x, y) = (window.area.x + 380, window.area.y + 24);
        scene.screen.click(x, y).unwrap();
        sleep(Duration::from_millis(500)).await;
    }
    assert!(card(&scene).is_none(), "a click on the cross puts the card away");
    call.hang_up();
    sleep(Duration::from_millis(500)).await;
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.screen.await_window(CARD_TITLE, PATIENCE).unwrap();
    scene.screen.click(x, y).unwrap();
    sleep(Duration::from_millis(700)).await;
    assert!(card(&scene).is_some());
    call.hang_up();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_note_outlives_the_call_the_page_and_its_process() {
    let (scene, app, mut socket) = open().await;
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.screen.await_window(CARD_TITLE, PATIENCE).unwrap();
    call.answer("31");
    // An app that has only just started may not have its hotkeys yet.
    sleep(Duration::from_secs(1)).await;
    keys(&scene, "ctrl+alt+p");
    has_keyboard(&scene, CARD_TITLE);
    keys(&scene, "n");
    type_text(&scene, "wants an off");
    kept(&mut socket, "wants an off").await;
    call.hang_up();
    sleep(Duration::from_secs(6)).await;
    assert!(card(&scene).is_some(), "it is being written on");
    let page = until("the pages' process", PATIENCE, async || {
        let tree = process::tree(app.pid());
        tree.iter().find(|it| it.name.starts_with("WebKitWebProc")).map(|it| it.pid)
    });
    let page = page.await.unwrap();
    type_text(&scene, "er");
    // What the page has been given by then it has passed on.
    sleep(Duration::from_secs(1)).await;
    scene.desktop.output("kill", &["-9", &page.to_string()]).unwrap();
    kept(&mut socket, "wants an offer").await;
    // The page is back, with what was typed; more of it is added, and nothing replaced.
    scene.screen.await_window(CARD_TITLE, PATIENCE).unwrap();
    sleep(Duration::from_secs(2)).await;
    keys(&scene, "ctrl+alt+p");
    has_keyboard(&scene, CARD_TITLE);
    keys(&scene, "n");
    type_text(&scene, " by Friday");
    keys(&scene, "Return");
    keys(&scene, "Escape");
    kept(&mut socket, "wants an offer by Friday").await;
    scene.screen.await_no_window(CARD_TITLE, PATIENCE).unwrap();
}

//! What every test of the window begins with.

use std::path::PathBuf;

use ringside_api::{Reply, Request};
use ringside_exchange::{Exchange, Options};
use ringside_tests::desktop::{Desktop, Parts};
use ringside_tests::exchange_program::ExchangeProgram;
use ringside_tests::rig;
use ringside_tests::screen::Screen;
use ringside_tests::socket::Socket;
use ringside_tests::tree;
use ringside_tests::wait::PATIENCE;
use ringside_tests::window::{MAIN, Windows};
use tokio::sync::{Mutex, MutexGuard};

static TURN: Mutex<()> = Mutex::const_new(());

/// Fields end in this order: the app before the desktop it runs on.
pub struct Scene<E = Exchange> {
    pub windows: Windows,
    pub screen: Screen,
    pub desktop: Desktop,
    pub exchange: E,
    _turn: MutexGuard<'static, ()>,
}

/// The app connected to a quiet office, its board filled.
pub async fn open() -> Scene {
    open_with(Options::quiet(), Parts::default(), "", &[]).await
}

/// The same with a choice of office, desktop, more configuration and arguments.
pub async fn open_with(options: Options, parts: Parts, more: &str, arguments: &[&str]) -> Scene {
    let turn = TURN.lock().await;
    let exchange = Exchange::start(options).await.unwrap();
    let desktop = Desktop::start(parts).unwrap();
    let first = exchange.config_toml();
    desktop.configure(&format!("{first}\n{more}")).unwrap();
    let windows = Windows::open(&desktop, &exchange.environment(), arguments).await.unwrap();
    let screen = Screen::open(desktop.display()).unwrap();
    windows.turn_to(MAIN).await.unwrap();
    windows.select("[data-testid=main][data-ready=true]").await.unwrap();
    windows.select("[data-line]:not(.stale)").await.unwrap();
    Scene { windows, screen, desktop, exchange, _turn: turn }
}

/// The app on a fresh account of this computer: no configuration at all.
pub async fn open_fresh(parts: Parts) -> Scene {
    open_prepared(parts, |_| {}).await
}

/// The same with a choice of office.
pub async fn open_fresh_with(options: Options, parts: Parts) -> Scene {
    prepared(options, parts, |_| {}).await
}

/// The app with nothing but what the test puts on its desktop before.
pub async fn open_prepared(parts: Parts, prepare: impl FnOnce(&Desktop)) -> Scene {
    prepared(Options::quiet(), parts, prepare).await
}

/// The same beside an exchange that is a program of its own.
pub async fn open_beside(arguments: &[&str], parts: Parts, prepare: impl FnOnce(&Desktop)) -> Scene<ExchangeProgram> {
    let turn = TURN.lock().await;
    let exchange = ExchangeProgram::start(arguments).await.unwrap();
    fresh(turn, exchange, parts, prepare).await
}

async fn prepared(options: Options, parts: Parts, prepare: impl FnOnce(&Desktop)) -> Scene {
    let turn = TURN.lock().await;
    let exchange = Exchange::start(options).await.unwrap();
    fresh(turn, exchange, parts, prepare).await
}

async fn fresh<E>(
    turn: MutexGuard<'static, ()>,
    exchange: E,
    parts: Parts,
    prepare: impl FnOnce(&Desktop),
) -> Scene<E> {
    let desktop = Desktop::start(parts).unwrap();
    prepare(&desktop);
    let windows = Windows::open(&desktop, &[], &[]).await.unwrap();
    let screen = Screen::open(desktop.display()).unwrap();
    windows.turn_to(MAIN).await.unwrap();
    windows.select("[data-testid=main][data-ready=true]").await.unwrap();
    Scene { windows, screen, desktop, exchange, _turn: turn }
}

/// The app connected to an office, its secrets in a key store that the test fills.
pub async fn open_with_keys(options: Options, fill: impl FnOnce(&Desktop)) -> Scene {
    let turn = TURN.lock().await;
    let exchange = Exchange::start(options).await.unwrap();
    let desktop = Desktop::start(Parts { key_store: true, ..Parts::default() }).unwrap();
    fill(&desktop);
    desktop.configure(&rig::config(&exchange)).unwrap();
    let windows = Windows::open(&desktop, &[], &[]).await.unwrap();
    let screen = Screen::open(desktop.display()).unwrap();
    windows.turn_to(MAIN).await.unwrap();
    windows.select("[data-testid=main][data-ready=true]").await.unwrap();
    windows.select("[data-line]:not(.stale)").await.unwrap();
    Scene { windows, screen, desktop, exchange, _turn: turn }
}

/// The app with its secrets in a key store that this desktop does not have.
pub async fn open_without_keys() -> Scene {
    let turn = TURN.lock().await;
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let desktop = Desktop::start(Parts::default()).unwrap();
    desktop.configure(&rig::config(&exchange)).unwrap();
    let windows = Windows::open(&desktop, &[], &[]).await.unwrap();
    let screen = Screen::open(desktop.display()).unwrap();
    windows.turn_to(MAIN).await.unwrap();
    windows.select("[data-testid=main][data-ready=true]").await.unwrap();
    Scene { windows, screen, desktop, exchange, _turn: turn }
}

impl<E> Scene<E> {
    /// Takes the screen for whoever looks at the test's result: `target/window-tests/NAME.png`.
    pub fn picture(&self, name: &str) {
        let path: PathBuf = tree::root().join("target").join("window-tests").join(format!("{name}.png"));
        self.screen.save(&path).unwrap();
    }

    /// Presses keys as somebody at the keyboard would.
    pub fn keys(&self, keys: &str) {
        self.desktop.output("xdotool", &["key", "--clearmodifiers", keys]).unwrap();
    }

    pub fn type_text(&self, text: &str) {
        self.desktop.output("xdotool", &["type", "--delay", "8", text]).unwrap();
    }

    /// Waits until the pop-up window is on the screen.
    pub fn card_is_up(&self) -> ringside_tests::screen::Window {
        self.screen.await_window(CARD_TITLE, PATIENCE).unwrap()
    }

    pub fn card_is_gone(&self) {
        self.screen.await_no_window(CARD_TITLE, PATIENCE).unwrap();
    }

    /// Puts every card away at once, as one would who has seen them: a missed one would stay a while.
    pub async fn put_cards_away(&self) {
        let snapshot = self.rpc(serde_json::json!({ "type": "snapshot" })).await.unwrap();
        for card in snapshot["snapshot"]["cards"].as_array().into_iter().flatten() {
            // One that has just gone by itself is away too.
            let _ = self.rpc(serde_json::json!({ "type": "card", "action": "dismiss", "id": card["id"] })).await;
        }
        self.card_is_gone();
    }

    /// Sends a request from the page that commands go to, as a script in it would; the error's code if it is refused.
    pub async fn rpc(&self, request: serde_json::Value) -> Result<serde_json::Value, String> {
        let body = format!(
            "try {{ return {{ ok: await window.__TAURI_INTERNALS__.invoke('rpc', {{ request: {request} }}) }} }} \
             catch (error) {{ return {{ refused: error && error.code ? error.code : String(error) }} }}"
        );
        let answer = self.windows.js_async(&body).await.unwrap();
        match answer.get("refused").and_then(serde_json::Value::as_str) {
            Some(code) => Err(code.to_owned()),
            None => Ok(answer["ok"].clone()),
        }
    }
}

pub const CARD_TITLE: &str = "Ringside call";

/// A desktop and an office, for tests that start the app themselves.
pub struct Alone {
    pub screen: Screen,
    pub desktop: Desktop,
    pub exchange: Exchange,
    _turn: MutexGuard<'static, ()>,
}

pub async fn alone(parts: Parts) -> Alone {
    alone_with(Options::quiet(), parts).await
}

pub async fn alone_with(options: Options, parts: Parts) -> Alone {
    let turn = TURN.lock().await;
    let exchange = Exchange::start(options).await.unwrap();
    let desktop = Desktop::start(parts).unwrap();
    desktop.configure(&exchange.config_toml()).unwrap();
    let screen = Screen::open(desktop.display()).unwrap();
    Alone { screen, desktop, exchange, _turn: turn }
}

impl Alone {
    /// Waits until the app's account is online.
    pub async fn await_online(&self, socket: &mut Socket) {
        let snapshot = async |socket: &mut Socket| match socket.call(Request::Snapshot {}).await {
            Ok(Reply::Snapshot { snapshot }) => Some(snapshot),
            _ => None,
        };
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let now = snapshot(socket).await;
            let online = |it: &ringside_api::view::AccountView| it.id == "office" && rig::phase(it) == "online";
            if now.as_ref().is_some_and(|it| it.accounts.iter().any(online)) {
                return;
            }
            assert!(tokio::time::Instant::now() < deadline, "the app is not online: {now:#?}");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
}

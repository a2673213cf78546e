//! What the desktop does for the window: files, clipboard, menus, hotkeys.

use std::fs;

use ringside_exchange::{RingSpec, ServiceName};
use ringside_tests::wait::{PATIENCE, until};

use crate::scene::{self, Scene};

const DIALOG: &str = "Export the history";
const TOAST: &str = "[data-testid=toast]";
const CALLS: &str = "/v1/extensions/phone/calls";

/// One call in the history, and its page open.
async fn with_history() -> Scene {
    let scene = scene::open().await;
    let call = scene.exchange.ring(RingSpec::to("44").from("4922166966966"));
    scene.windows.select("[data-line=\"office/44\"][data-status=ringing]").await.unwrap();
    call.answer("44");
    call.hang_up();
    scene.windows.click("[data-testid=rail-history]").await.unwrap();
    // It was a colleague's call.
    scene.windows.click("[data-testid=history-mine]").await.unwrap();
    scene.windows.find("history-row").await.unwrap();
    scene
}

/// Opens the desktop's own dialog and types where the file goes.
async fn export_to(scene: &Scene, path: &str) {
    scene.windows.click("[data-testid=export]").await.unwrap();
    scene.screen.await_window(DIALOG, PATIENCE).unwrap();
    scene.desktop.output("xdotool", &["search", "--sync", "--name", DIALOG, "windowfocus", "--sync"]).unwrap();
    scene.keys("ctrl+a");
    scene.type_text(path);
    scene.picture("export-dialog");
    scene.keys("Return");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_is_on_the_disk_before_the_window_says_so() {
    let scene = with_history().await;
    let path = scene.desktop.home().join("calls of today.csv");
    export_to(&scene, path.to_str().unwrap()).await;
    scene.windows.shows(TOAST, path.to_str().unwrap()).await.unwrap();
    scene.picture("exported");
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 2, "a head and the call: {text}");
    assert!(text.contains("66966966"), "{text}");

    // The same name again: the desktop asks before anything is replaced.
    fs::write(&path, "mine").unwrap();
    export_to(&scene, path.to_str().unwrap()).await;
    until("the question", PATIENCE, async || (scene.screen.windows().ok()?.len() > 2).then_some(())).await.unwrap();
    scene.keys("Escape");
    scene.keys("Escape");
    scene.screen.await_no_window(DIALOG, PATIENCE).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_that_cannot_be_written_says_why_and_leaves_nothing() {
    let scene = with_history().await;
    scene.windows.click("[data-testid=export]").await.unwrap();
    scene.screen.await_window(DIALOG, PATIENCE).unwrap();
    scene.keys("Escape");
    scene.screen.await_no_window(DIALOG, PATIENCE).unwrap();
    assert!(!scene.windows.has(TOAST).await, "who wants no file hears nothing");
    // A place that nobody may write to, root neither.
    export_to(&scene, "/proc/calls.csv").await;
    scene.windows.shows(TOAST, "Nothing was saved").await.unwrap();
    scene.picture("export-refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_report_for_the_administrator_is_on_the_clipboard_when_the_window_says_so() {
    let scene = scene::open().await;
    scene.windows.click("[data-testid=rail-diagnostics]").await.unwrap();
    scene.windows.click("[data-testid=support-bundle]").await.unwrap();
    scene.windows.shows(TOAST, "Copied").await.unwrap();
    let held = scene.desktop.output("xsel", &["--clipboard", "--output"]).unwrap();
    assert!(held.starts_with("Ringside ") && held.contains("account office"), "{held}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_button_and_the_menu_key_bring_our_own_menu() {
    let scene = scene::open().await;
    let tile = scene.windows.select("[data-tile=\"office/44\"]").await.unwrap();
    let (x, y, ..) = tile.rectangle().await.unwrap();
    let main = scene.screen.window("Ringside").unwrap().unwrap();
    let at = [(f64::from(main.area.x) + x + 40.0).to_string(), (f64::from(main.area.y) + y + 20.0).to_string()];
    scene.desktop.output("xdotool", &["mousemove", &at[0], &at[1], "click", "3"]).unwrap();
    scene.windows.shows("[data-testid=context-menu]", "Copy number").await.unwrap();
    scene.picture("context-menu");
    assert!(!scene.windows.has("[data-testid=undo]").await, "nobody is dialled by it");
    scene.windows.click("[data-testid=menu-copy]").await.unwrap();
    scene.windows.shows(TOAST, "44 copied").await.unwrap();
    assert_eq!(scene.desktop.output("xsel", &["--clipboard", "--output"]).unwrap(), "44");

    scene.windows.js("document.querySelector('[data-tile=\"office/45\"]').focus()").await.unwrap();
    scene.keys("shift+F10");
    scene.windows.find("context-menu").await.unwrap();
    scene.keys("Escape");
    scene.windows.gone("[data-testid=context-menu]").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_combination_that_is_held_already_is_said_and_does_not_fire_while_it_is_recorded() {
    let scene = scene::open().await;
    scene.windows.click("[data-testid=rail-settings]").await.unwrap();
    scene.windows.click("[data-testid=hotkey-hang_up] .recorder").await.unwrap();
    scene.windows.select("[data-testid=hotkey-hang_up] .recording").await.unwrap();
    // The grabs go with a word to the app and one to the X server.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    scene.keys("ctrl+alt+space");
    scene.windows.shows("[data-testid=hotkey-hang_up]", "Already used").await.unwrap();
    assert!(!scene.windows.has("[data-testid=palette]").await, "it was pressed to be recorded");
    scene.picture("hotkey-held");
    // They work again.
    scene.keys("ctrl+alt+space");
    scene.windows.find("palette-field").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_of_a_list_is_chosen_by_a_click_and_dialled_by_none() {
    let scene = scene::open().await;
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.card_is_up();
    call.time_out();
    scene.windows.click("[data-testid=callback] button.item").await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(scene.exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS), 0);
    scene.windows.click("[data-testid=callback-done]").await.unwrap();
    scene.windows.click("[data-testid=toast-action]").await.unwrap();
    scene.windows.shows(TOAST, "open again").await.unwrap();
    scene.windows.find("callback-done").await.unwrap();
}

//! The pop-up window: on top, with the name, and never in the way of somebody who types.

use std::time::Duration;

use ringside_exchange::RingSpec;
use ringside_tests::wait::{PATIENCE, until, until_blocking};
use ringside_tests::window::CARD;

use crate::scene::{self, CARD_TITLE};

const TYPED: &str = "the quick brown fox jumps over the lazy dog while three customers call at once 0123456789";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ringing_call_shows_a_card_and_takes_no_key_from_the_window_being_typed_in() {
    let mut scene = scene::open().await;
    let file = scene.desktop.home().join("typed.txt");
    let mut xterm = scene.desktop.command("xterm");
    xterm.args(["-T", "typing", "-geometry", "60x10+20+40", "-e", "sh", "-c", &format!("cat > {}", file.display())]);
    scene.desktop.keep(xterm, "xterm").unwrap();
    let window = scene.screen.await_window("typing", PATIENCE).unwrap();
    scene.screen.click(window.area.x + 40, window.area.y + 60).unwrap();
    until_blocking("the terminal to have the keyboard", PATIENCE, || {
        (scene.screen.focused().ok()??.as_str() == "typing").then_some(())
    })
    .unwrap();
    let mut typing = scene.desktop.command("xdotool");
    typing.args(["type", "--delay", "25", TYPED]);
    let mut typing = typing.spawn().unwrap();

    let calls: Vec<_> = ["4922166966966", "493023125001", "41319900031"]
        .into_iter()
        .map(|from| {
            std::thread::sleep(Duration::from_millis(400));
            scene.exchange.ring(RingSpec::to("31").from(from))
        })
        .collect();
    scene.card_is_up();
    scene.windows.turn_to(CARD).await.unwrap();
    until("three cards", PATIENCE, async || {
        let count = scene.windows.js("return document.querySelectorAll('[data-testid=card]').length").await.ok()?;
        (count.as_u64() == Some(3)).then_some(())
    })
    .await
    .unwrap();
    scene.picture("ringing-while-typing");
    assert_eq!(scene.screen.focused().unwrap().as_deref(), Some("typing"), "the card must not take the keyboard");
    typing.wait().unwrap();
    scene.keys("Return");
    until_blocking("the line that was typed", PATIENCE, || {
        std::fs::read_to_string(&file).ok().filter(|text| text.ends_with('\n'))
    })
    .unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap().trim_end(), TYPED, "a key stroke was lost");
    for call in &calls {
        call.hang_up();
    }
    scene.put_cards_away().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_follows_its_call_from_ringing_to_the_end() {
    let scene = scene::open().await;
    let call = scene.exchange.office().call_internally("44", "31");
    scene.card_is_up();
    scene.windows.turn_to(CARD).await.unwrap();
    scene.windows.select("[data-testid=card][data-phase=ringing]").await.unwrap();
    let id = scene.windows.js("return document.querySelector('[data-testid=card]').dataset.card").await.unwrap();
    scene.picture("card-ringing");
    call.answer("31");
    scene.windows.select("[data-testid=card][data-phase=connected]").await.unwrap();
    let same = scene.windows.js("return document.querySelector('[data-testid=card]').dataset.card").await.unwrap();
    assert_eq!(id, same);
    scene.picture("card-connected");
    call.hang_up();
    scene.windows.gone("[data-testid=card]").await.unwrap();
    scene.card_is_gone();
    assert!(scene.screen.window(CARD_TITLE).unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_that_is_put_away_stays_away_while_it_rings_on() {
    let scene = scene::open().await;
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.card_is_up();
    scene.windows.turn_to(CARD).await.unwrap();
    scene.windows.shows("[data-testid=card]", "669 669 66").await.unwrap();
    scene.windows.click("[data-settling=false] [data-testid=card-hide]").await.unwrap();
    scene.card_is_gone();
    assert!(call.is_live());
    // The hotkey brings it back.
    scene.keys("ctrl+alt+p");
    scene.card_is_up();
    call.hang_up();
    scene.put_cards_away().await;
}

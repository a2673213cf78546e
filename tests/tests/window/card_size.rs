//! The card's window is exactly as large as what it shows, as the X server and the eye have it.

use std::time::Duration;

use ringside_exchange::RingSpec;
use ringside_tests::screen::{Area, Window};
use ringside_tests::wait::{PATIENCE, until};
use ringside_tests::window::{CARD, MAIN};
use serde_json::json;

use crate::scene::{self, CARD_TITLE, Scene};

/// The height of what the page shows.
async fn content(scene: &Scene) -> u16 {
    let height = scene.windows.js("return document.querySelector('.stack').getBoundingClientRect().height").await;
    height.unwrap().as_f64().unwrap().ceil() as u16
}

/// Waits until the window has the size of its content, and looks at it: a line all around, and inside it no row that
/// belongs to nothing.
async fn fits(scene: &Scene, what: &str) -> Window {
    scene.windows.turn_to(CARD).await.unwrap();
    let fitted = until(format!("the window to fit: {what}"), Duration::from_secs(5), async || {
        let window = scene.screen.window(CARD_TITLE).ok()??;
        let high = content(scene).await;
        let exact = window.area.width == 400 && window.area.height == high;
        (exact && scene.screen.seen_of(&window).ok()? == window.area).then_some(window)
    })
    .await;
    let window = match fitted {
        Ok(window) => window,
        Err(error) => {
            let high = content(scene).await;
            scene.picture("card-does-not-fit");
            panic!("{error}: {:?}, the content is {high} high", scene.screen.window(CARD_TITLE));
        }
    };
    let edged = until(format!("a line around: {what}"), Duration::from_secs(3), async || {
        let picture = scene.screen.picture(window.area).ok()?;
        let Area { width, height, .. } = window.area;
        let line = picture.rgb(0, 0)?;
        let same = |x: u16, y: u16| picture.rgb(x, y) == Some(line);
        let around = (0..width).all(|x| same(x, 0) && same(x, height - 1))
            && (0..height).all(|y| same(0, y) && same(width - 1, y));
        // Not the white of paper: a line can be told from a page of any colour.
        (around && line.iter().all(|part| *part < 160)).then_some(())
    })
    .await;
    if let Err(error) = edged {
        scene.picture("card-without-line");
        panic!("{error}: see card-without-line.png");
    }
    window
}

/// The page has so many cards, strips among them.
async fn cards(scene: &Scene, many: u64) {
    until("so many cards", PATIENCE, async || {
        let count = scene.windows.js("return document.querySelectorAll('[data-testid=card]').length").await.ok()?;
        (count == many).then_some(())
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_grows_and_shrinks_with_what_it_shows_in_every_manner() {
    let scene = scene::open().await;
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.card_is_up();
    let plain = fits(&scene, "one that rings").await.area;
    scene.windows.js("document.querySelector('[data-testid=card-create-contact]').click()").await.unwrap();
    let form = fits(&scene, "with a form").await.area;
    scene
        .windows
        .js("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))")
        .await
        .unwrap();
    assert_eq!(fits(&scene, "without the form again").await.area, plain);
    let second = scene.exchange.office().call_internally("44", "31");
    cards(&scene, 2).await;
    let two = fits(&scene, "two that ring").await.area;
    assert!(two.height >= plain.height + 40, "{two:?} {plain:?} {form:?}");
    let third = scene.exchange.ring(RingSpec::to("31"));
    cards(&scene, 3).await;
    fits(&scene, "three, one of them withheld").await;
    scene.picture("three-cards");
    second.answer("31");
    second.hang_up();
    third.reject();
    cards(&scene, 1).await;
    assert_eq!(fits(&scene, "one again").await.area, plain);
    call.hang_up();
    fits(&scene, "a missed one").await;
    scene.picture("missed-card");
    scene.put_cards_away().await;

    scene.exchange.ring(RingSpec::to("31"));
    scene.card_is_up();
    let withheld = fits(&scene, "a withheld number").await.area;
    assert!(withheld.height < plain.height, "{withheld:?}");
    scene.picture("withheld-card");
    scene.put_cards_away().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_screen_that_others_look_at_it_is_a_strip_and_nothing_below() {
    let scene =
        scene::open_with(ringside_exchange::Options::quiet(), Default::default(), "[pop_up]\nquiet = true\n", &[])
            .await;
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.card_is_up();
    let strip = fits(&scene, "a strip").await.area;
    assert_eq!(strip.height, 46, "44 and a line above and below");
    scene.picture("presenting-strip");
    call.hang_up();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_never_lies_over_the_dial_palette() {
    let scene = scene::open().await;
    let call = scene.exchange.office().call_internally("44", "31");
    scene.card_is_up();
    let own = fits(&scene, "a card").await.area;
    scene.windows.turn_to(MAIN).await.unwrap();
    scene.windows.click("[data-testid=open-palette]").await.unwrap();
    scene.windows.type_into("[data-testid=palette-field]", "0221 669 669 66").await.unwrap();
    scene.windows.shows("[data-testid=palette]", "+49 221").await.unwrap();
    let main = scene.screen.await_window("Ringside", PATIENCE).unwrap().area;
    let place = "const it = document.querySelector('[data-testid=palette]').getBoundingClientRect(); return [it.x, it.y, it.width, it.height]";
    let palette = scene.windows.js(place).await.unwrap();
    let part = |at: usize| palette[at].as_f64().unwrap();
    let palette =
        Area { x: main.x + part(0) as i16, y: main.y + part(1) as i16, width: part(2) as u16, height: part(3) as u16 };
    let clear = until("the card to move aside", PATIENCE, async || {
        let card = scene.screen.window(CARD_TITLE).ok()??.area;
        let common = card.within(palette);
        (common.width == 0 || common.height == 0).then_some(card)
    });
    let aside = clear.await.unwrap();
    scene.picture("card-beside-palette");
    assert!(own.within(palette).width > 0, "it would have lain over it: {own:?} {palette:?}");
    assert_eq!((aside.width, aside.height), (own.width, own.height));
    call.hang_up();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_click_does_not_move_it_and_a_drag_does() {
    let scene = scene::open().await;
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.card_is_up();
    let before = fits(&scene, "a card").await.area;
    scene.windows.select("[data-settling=false]").await.unwrap();
    for _ in 0..3 {
        scene.screen.click(before.x + 200, before.y + 20).unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(scene.screen.window(CARD_TITLE).unwrap().unwrap().area, before);
    let drag = format!(
        "mousemove {} {} mousedown 1 mousemove_relative -- -3 2 sleep 0.1 mousemove_relative -- -20 10 sleep 0.1 \
         mousemove_relative -- -80 90 sleep 0.2 mouseup 1",
        before.x + 200,
        before.y + 20
    );
    scene.desktop.output("xdotool", &drag.split_whitespace().collect::<Vec<_>>()).unwrap();
    let moved = until("the card to follow", PATIENCE, async || {
        let now = scene.screen.window(CARD_TITLE).ok()??.area;
        (now.x < before.x - 40 && now.y > before.y + 40).then_some(now)
    });
    moved.await.unwrap();
    call.hang_up();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hotkey_without_any_call_shows_no_window_and_says_so() {
    let parts = ringside_tests::desktop::Parts { notifications: true, ..Default::default() };
    let scene = scene::open_with(ringside_exchange::Options::quiet(), parts, "[ui]\nlanguage = \"de\"\n", &[]).await;
    scene.keys("ctrl+alt+p");
    until("the notification", PATIENCE, async || {
        let shown = ringside_tests::desktop::notifications(&scene.desktop).ok()?.to_string();
        shown.contains("Kein Anruf da").then_some(())
    })
    .await
    .unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(scene.screen.window(CARD_TITLE).unwrap().is_none());
    assert!(scene.rpc(json!({ "type": "preview" })).await.is_err_and(|code| code == "no_call_to_show"));
}

//! German, dark, narrow.

use ringside_exchange::RingSpec;
use ringside_tests::wait::{PATIENCE, until};
use ringside_tests::window::CARD;

use crate::scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_german_and_dark_every_place_has_words() {
    let more = "[ui]\nlanguage = \"de\"\ntheme = \"dark\"\n";
    let scene = scene::open_with(ringside_exchange::Options::quiet(), Default::default(), more, &[]).await;
    // The words are read beside the first painting.
    scene.windows.select("html[lang^=de]").await.unwrap();
    let ground = scene.windows.js("return getComputedStyle(document.body).backgroundColor").await.unwrap();
    assert_eq!(ground.as_str(), Some("rgb(16, 19, 22)"), "the page's ground in dark");
    for place in ["calls", "scenarios", "history", "contacts", "accounts", "settings", "diagnostics", "board"] {
        let button = format!("[data-testid=rail-{place}]");
        if !scene.windows.has(&button).await {
            continue;
        }
        scene.windows.click(&button).await.unwrap();
        scene.windows.select(&format!("[data-testid=main][data-view={place}]")).await.unwrap();
        scene.picture(&format!("de-{place}"));
        let text = scene.windows.js("return document.body.innerText").await.unwrap();
        let text = text.as_str().unwrap();
        let key = text.split_whitespace().find(|word| looks_like_a_key(word));
        assert_eq!(key, None, "a word without a translation in {place}");
    }
    scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.card_is_up();
    scene.windows.turn_to(CARD).await.unwrap();
    scene.windows.find("card").await.unwrap();
    scene.picture("de-card");
}

/// `board.filter_label`, as it stands in the catalogues.
fn looks_like_a_key(word: &str) -> bool {
    let places = ["board.", "card.", "history.", "scenario.", "settings.", "account.", "common.", "dial.", "fact."];
    places.iter().any(|place| word.starts_with(place)) && word.len() > 8 && word.is_ascii()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changed_in_the_settings_it_holds_at_once_and_is_written_down() {
    let scene = scene::open().await;
    scene.windows.click("[data-testid=rail-settings]").await.unwrap();
    scene.windows.find("setting-language").await.unwrap();
    let choose = |testid: &str, value: &str| {
        format!(
            "const it = document.querySelector('[data-testid={testid}]'); it.value = '{value}'; \
             it.dispatchEvent(new Event('change', {{ bubbles: true }}));"
        )
    };
    scene.windows.js(&choose("setting-language", "de")).await.unwrap();
    scene.windows.shows("[data-testid=main]", "Einstellungen").await.unwrap();
    scene.windows.js(&choose("setting-theme", "dark")).await.unwrap();
    let config = scene.desktop.config();
    until("the file to say so", PATIENCE, async || {
        let text = std::fs::read_to_string(&config).ok()?;
        (text.contains("language = \"de\"") && text.contains("theme = \"dark\"")).then_some(())
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn narrow_windows_need_no_sideways_scrolling() {
    let parts = ringside_tests::desktop::Parts { size: Some((480, 760)), ..Default::default() };
    let scene = scene::open_with(ringside_exchange::Options::quiet(), parts, "", &[]).await;
    for place in ["board", "history", "scenarios", "settings"] {
        scene.windows.click(&format!("[data-testid=rail-{place}]")).await.unwrap();
        scene.windows.select(&format!("[data-testid=main][data-view={place}]")).await.unwrap();
        let over = scene.windows.js("return document.documentElement.scrollWidth - innerWidth").await.unwrap();
        assert!(over.as_i64().unwrap() <= 0, "{place} is {over} pixels too wide");
        scene.picture(&format!("narrow-{place}"));
    }
}

//! What the one who answers for the app is shown.

use crate::scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_shows_how_fast_it_is_and_the_log_without_names_and_numbers() {
    let scene = scene::open().await;
    let call = scene.exchange.ring(ringside_exchange::RingSpec::to("31").from("4922166966966"));
    scene.card_is_up();
    call.hang_up();
    scene.put_cards_away().await;
    scene.windows.click("[data-testid=rail-diagnostics]").await.unwrap();
    scene.windows.shows("[data-testid=latencies]", "Event to call card").await.unwrap();
    scene.windows.shows("[data-testid=log]", "link phase=Online").await.unwrap();
    let log = scene.windows.js("return document.querySelector('[data-testid=log]').innerText").await.unwrap();
    let log = log.as_str().unwrap();
    for held_back in ["66966966", "669 669 66", "Anna", "Berger", &scene.exchange.nfon().password()] {
        assert!(!log.contains(held_back), "{held_back} in the log: {log}");
    }
    scene.picture("diagnostics");
}

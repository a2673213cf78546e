//! The first start.

use ringside_tests::desktop::Parts;

use crate::scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_start_offers_three_doors_and_the_demo_is_one_click_away() {
    let scene = scene::open_fresh(Parts::default()).await;
    for door in ["door-connect", "door-import", "door-demo"] {
        scene.windows.find(door).await.unwrap();
    }
    scene.picture("doors");
    scene.windows.click("[data-testid=door-demo]").await.unwrap();
    scene.windows.select("[data-line]").await.unwrap();
    scene.windows.gone("[data-testid=welcome]").await.unwrap();
    let lines = scene.windows.js("return document.querySelectorAll('[data-line]').length").await.unwrap();
    assert!(lines.as_u64().unwrap() > 20, "{lines} tiles");
    scene.picture("demo");
    // Nothing of the demo is kept.
    let written = std::fs::read_to_string(scene.desktop.config()).unwrap_or_default();
    assert!(!written.contains("[[accounts]]"), "{written}");
}

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wizard_tests_as_one_goes_and_explains_a_refusal() {
    let scene = scene::open_fresh(Parts { key_store: true, ..Parts::default() }).await;
    let (windows, nfon) = (&scene.windows, scene.exchange.nfon());
    windows.click("[data-testid=door-connect]").await.unwrap();
    windows.click("[data-testid=kind-nfon]").await.unwrap();
    fill(&scene, "wizard-id", "office").await;
    fill(&scene, "wizard-base_url", &scene.exchange.nfon_url()).await;
    fill(&scene, "wizard-username", nfon.username()).await;
    fill(&scene, "wizard-secret", "not-the-password").await;
    windows.click("[data-testid=wizard-next]").await.unwrap();
    windows.select("[data-testid=findings] [data-step=sign_in][data-verdict=fails]").await.unwrap();
    windows.shows("[data-testid=wizard]", "password").await.unwrap();
    scene.picture("wizard-refused");
    fill(&scene, "wizard-secret", &nfon.password()).await;
    windows.click("[data-testid=wizard-next]").await.unwrap();
    windows.select("[data-testid=findings] [data-step=sign_in][data-verdict=works]").await.unwrap();
    windows.select("[data-testid=findings] [data-step=extensions][data-verdict=works]").await.unwrap();
    windows.select("[data-testid=wizard-next]:not([aria-busy=true]):not(:disabled)").await.unwrap();
    scene.picture("wizard-works");
    // The test is over when the step after it is offered.
    ringside_tests::wait::until("the next step", ringside_tests::wait::PATIENCE, async || {
        if windows.has("[data-testid=wizard-mine]").await {
            return Some(());
        }
        windows.click("[data-testid=wizard-next]").await.ok()?;
        None
    })
    .await
    .unwrap();
    fill(&scene, "wizard-mine", "31").await;
    windows.click("[data-testid=wizard-next]").await.unwrap();
    windows.select("[data-line=\"office/31\"]:not(.stale)").await.unwrap();
    let written = std::fs::read_to_string(scene.desktop.config()).unwrap();
    assert!(written.contains("id = \"office\"") && written.contains("office/31"), "{written}");
    assert!(!written.contains(&nfon.password()), "the secret is in the key store alone");
}

/// Puts a text into a field as typing does.
async fn fill(scene: &scene::Scene, testid: &str, text: &str) {
    let field = scene.windows.find(testid).await.unwrap();
    field.clear().await.unwrap();
    field.send_keys(text).await.unwrap();
}

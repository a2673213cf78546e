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
async fn a_configuration_that_was_rolled_out_is_taken_in_through_its_door() {
    let scene = scene::open_fresh(Parts::default()).await;
    let windows = &scene.windows;
    let picker = "[data-testid=welcome] input[type=file]";
    let broken = scene.desktop.home().join("broken.toml");
    std::fs::write(&broken, "[me]\nextensions = [\"office/31\"]\n\n[ui]\nthem = \"dark\"\n").unwrap();
    windows.type_into(picker, &broken.to_string_lossy()).await.unwrap();
    windows.shows("[data-testid=toast]", "line 5").await.unwrap();
    scene.picture("import-broken");
    windows.find("door-import").await.unwrap();

    // The administrator's file names secrets and holds none: they are asked for, account by account.
    let good = scene.desktop.home().join("rolled-out.toml");
    std::fs::write(&good, ringside_tests::rig::config(&scene.exchange)).unwrap();
    windows.select("[data-testid=door-import]:not(:disabled)").await.unwrap();
    windows.type_into(picker, &good.to_string_lossy()).await.unwrap();
    windows.gone("[data-testid=welcome]").await.unwrap();
    scene.picture("import-taken");
    let written = std::fs::read_to_string(scene.desktop.config()).unwrap();
    assert!(written.contains("id = \"office\"") && written.contains("office/31"), "{written}");
    windows.click("[data-testid=rail-accounts]").await.unwrap();
    windows.select("[data-testid=account][data-account=office]").await.unwrap();
    windows.select("[data-testid=account][data-account=forwarding]").await.unwrap();
    let sign_in = serde_json::json!({
        "type": "sign_in", "id": "office", "secret": scene.exchange.nfon().password(), "session_only": true
    });
    scene.rpc(sign_in).await.unwrap();
    windows.select("[data-testid=account][data-account=office][data-phase=online]").await.unwrap();
}

//! A new administrator, who has the wizard and what the exchange, a program of its own, printed: one test a service.

use ringside_tests::desktop::Parts;
use ringside_tests::exchange_program::ExchangeProgram;

use crate::scene::{self, Scene};
use crate::wizard::{NEXT, fill, picks, tries};

/// The app as it is installed, beside the exchange.
async fn arrives() -> Scene<ExchangeProgram> {
    scene::open_beside(&["--script", "quiet"], Parts { key_store: true, ..Parts::default() }, |_| {}).await
}

/// Takes the service from the wizard's list and types what was printed, with a secret that is not the right one first.
async fn types(scene: &Scene<ExchangeProgram>, provider: &str) {
    let windows = &scene.windows;
    let printed = scene.exchange.account(provider).unwrap();
    windows.click("[data-testid=door-connect]").await.unwrap();
    windows.click(&format!("[data-testid=kind-{provider}]")).await.unwrap();
    fill(scene, "wizard-id", "mine").await;
    for (name, value) in printed.fields() {
        fill(scene, &format!("wizard-{name}"), value).await;
    }
    fill(scene, "wizard-secret", "not-the-right-one").await;
    tries(scene, "sign_in", "fails").await;
    scene.picture(&format!("administrator-{provider}-refused"));
    let words = windows.js("return document.querySelector('[data-step=sign_in]').innerText").await.unwrap();
    assert!(words.as_str().unwrap().len() > 40, "what is wrong, and what to do: {words}");
    for (name, value) in printed.fields() {
        let script = format!("return document.querySelector('[data-testid=wizard-{name}]').value");
        assert_eq!(windows.js(&script).await.unwrap(), value, "{name} is still there");
    }
    fill(scene, "wizard-secret", &printed.secret).await;
    tries(scene, "sign_in", "works").await;
    scene.picture(&format!("administrator-{provider}-found"));
}

/// Says which line is his, where the service has lines, and sees the account online with what it can do.
async fn connects(scene: &Scene<ExchangeProgram>, provider: &str, line: Option<&str>) {
    let windows = &scene.windows;
    if let Some(line) = line {
        picks(scene, line).await;
        scene.picture(&format!("administrator-{provider}-mine"));
    }
    windows.click(NEXT).await.unwrap();
    windows.gone("[data-testid=wizard]").await.unwrap();
    windows.click("[data-testid=rail-accounts]").await.unwrap();
    windows.select("[data-testid=account][data-account=mine][data-phase=online]").await.unwrap();
    windows.select("[data-account=mine] .badges li").await.unwrap();
    scene.picture(&format!("administrator-{provider}-account"));
    let written = std::fs::read_to_string(scene.desktop.config()).unwrap();
    assert!(
        !written.contains(&scene.exchange.account(provider).unwrap().secret),
        "the secret is in the key store alone"
    );
}

/// His line is on the board.
async fn sees_his_line(scene: &Scene<ExchangeProgram>, provider: &str, line: &str) {
    scene.windows.click("[data-testid=rail-board]").await.unwrap();
    scene.windows.select(&format!("[data-line=\"mine/{line}\"]")).await.unwrap();
    scene.picture(&format!("administrator-{provider}-board"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connects_nfon() {
    let scene = arrives().await;
    types(&scene, "nfon").await;
    connects(&scene, "nfon", Some("31")).await;
    sees_his_line(&scene, "nfon", "31").await;
    scene.windows.select("[data-line=\"mine/31\"]:not(.stale)").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connects_fonial() {
    let scene = arrives().await;
    types(&scene, "fonial").await;
    connects(&scene, "fonial", Some("4401")).await;
    sees_his_line(&scene, "fonial", "4401").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connects_voicenter() {
    let scene = arrives().await;
    types(&scene, "voicenter").await;
    connects(&scene, "voicenter", Some("SIP201")).await;
    sees_his_line(&scene, "voicenter", "SIP201").await;
    scene.windows.select("[data-line=\"mine/SIP201\"]:not(.stale)").await.unwrap();
    let written = std::fs::read_to_string(scene.desktop.config()).unwrap();
    assert!(written.contains("region = \"IL\""), "numbers are read as in the service's country: {written}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connects_tenios() {
    let scene = arrives().await;
    types(&scene, "tenios").await;
    connects(&scene, "tenios", Some("301")).await;
    sees_his_line(&scene, "tenios", "301").await;
    scene.windows.click("[data-testid=rail-numbers]").await.unwrap();
    scene.windows.find("order-new").await.unwrap();
    scene.picture("administrator-tenios-numbers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connects_swisscom() {
    let scene = arrives().await;
    types(&scene, "swisscom").await;
    connects(&scene, "swisscom", None).await;
    scene.windows.click("[data-testid=rail-scenarios]").await.unwrap();
    scene.windows.find("scenario").await.unwrap();
    scene.picture("administrator-swisscom-scenarios");
}

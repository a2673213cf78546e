//! Connecting an account in the window: every refusal has its sentence, and nothing typed is lost.

use ringside_exchange::{Fault, FaultKind, ServiceName};
use ringside_tests::desktop::Parts;
use ringside_tests::wait::{PATIENCE, until};

use crate::scene::{self, Scene};

pub const NEXT: &str = "[data-testid=wizard-next]";

/// Opens the wizard and fills it in, but for the secret.
async fn begin(scene: &Scene) {
    let windows = &scene.windows;
    windows.click("[data-testid=door-connect]").await.unwrap();
    windows.click("[data-testid=kind-nfon]").await.unwrap();
    fill(scene, "wizard-id", "office").await;
    fill(scene, "wizard-base_url", &scene.exchange.nfon_url()).await;
    fill(scene, "wizard-username", scene.exchange.nfon().username()).await;
}

/// Puts a text into a field as typing does.
pub async fn fill<E>(scene: &Scene<E>, testid: &str, text: &str) {
    let field = scene.windows.find(testid).await.unwrap();
    // The driver takes a field for seen that the dialog has scrolled behind its head.
    let scroll = format!("document.querySelector('[data-testid={testid}]').scrollIntoView({{ block: 'center' }})");
    scene.windows.js(&scroll).await.unwrap();
    field.clear().await.unwrap();
    field.send_keys(text).await.unwrap();
}

/// Tries what is typed and waits for a step's verdict.
pub async fn tries<E>(scene: &Scene<E>, step: &str, verdict: &str) {
    scene.windows.click(NEXT).await.unwrap();
    let finding = format!("[data-testid=findings] [data-step={step}][data-verdict={verdict}]");
    scene.windows.select(&finding).await.unwrap();
    scene.windows.select("[data-testid=wizard-next]:not([aria-busy=true]):not(:disabled)").await.unwrap();
}

/// Goes on to the question of one's own line.
async fn to_my_line<E>(scene: &Scene<E>) {
    until("the next step", PATIENCE, async || {
        if scene.windows.has("[data-testid=own-lines]").await {
            return Some(());
        }
        scene.windows.click(NEXT).await.ok()?;
        None
    })
    .await
    .unwrap();
}

/// Picks one's own line from those the account lists, which is offered once the test is over.
pub async fn picks<E>(scene: &Scene<E>, line: &str) {
    to_my_line(scene).await;
    if scene.windows.has("[data-testid=own-lines-find]").await {
        fill(scene, "own-lines-find", line).await;
    }
    let row = format!("[data-testid=own-lines] [data-extension=\"{line}\"]");
    scene.windows.click(&row).await.unwrap();
    scene.windows.select(&format!("{row}:checked")).await.unwrap();
}

/// Connects the office by typing, as a user does.
pub async fn connects(scene: &Scene) {
    begin(scene).await;
    fill(scene, "wizard-secret", &scene.exchange.nfon().password()).await;
    tries(scene, "sign_in", "works").await;
    picks(scene, "31").await;
    scene.windows.click(NEXT).await.unwrap();
    scene.windows.select("[data-line=\"office/31\"]:not(.stale)").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_a_missing_licence_and_a_dead_line_each_have_their_sentence() {
    let scene = scene::open_fresh(Parts { key_store: true, ..Parts::default() }).await;
    let (windows, nfon) = (&scene.windows, scene.exchange.nfon());
    begin(&scene).await;
    fill(&scene, "wizard-secret", "not-the-password").await;
    tries(&scene, "sign_in", "fails").await;
    windows.shows("[data-testid=findings]", "password").await.unwrap();
    scene.picture("wizard-refused");

    fill(&scene, "wizard-secret", &nfon.password()).await;
    nfon.set_licensed(false);
    tries(&scene, "extensions", "fails").await;
    windows.shows("[data-testid=findings]", "licen").await.unwrap();
    scene.picture("wizard-403");
    nfon.set_licensed(true);

    scene.exchange.go_down();
    windows.click(NEXT).await.unwrap();
    windows.select("[data-testid=findings] [data-verdict=fails]").await.unwrap();
    windows.shows("[data-testid=findings]", "network").await.unwrap();
    scene.picture("wizard-unreachable");
    scene.exchange.come_up();

    scene.exchange.faults().set(Fault::new(FaultKind::HtmlInsteadOfJson).on(ServiceName::Nfon).path("/v1/login"));
    tries(&scene, "sign_in", "fails").await;
    windows.shows("[data-testid=findings]", "web page").await.unwrap();
    scene.picture("wizard-html");
    scene.exchange.faults().clear();

    // Everything that was typed is still there: only the button is pressed again.
    tries(&scene, "sign_in", "works").await;
    windows.select("[data-testid=findings] [data-step=extensions][data-verdict=works]").await.unwrap();
    scene.picture("wizard-works");
    picks(&scene, "31").await;
    windows.click(NEXT).await.unwrap();
    windows.select("[data-line=\"office/31\"]:not(.stale)").await.unwrap();
    let written = std::fs::read_to_string(scene.desktop.config()).unwrap();
    assert!(written.contains("id = \"office\"") && written.contains("office/31"), "{written}");
    assert!(!written.contains(&nfon.password()), "the secret is in the key store alone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key_store_the_wizard_offers_this_session_and_adds_the_account_once() {
    let scene = scene::open_fresh(Parts::default()).await;
    let (windows, nfon) = (&scene.windows, scene.exchange.nfon());
    begin(&scene).await;
    fill(&scene, "wizard-secret", &nfon.password()).await;
    tries(&scene, "sign_in", "works").await;
    picks(&scene, "31").await;
    windows.click(NEXT).await.unwrap();
    windows.find("wizard-problem").await.unwrap();
    scene.picture("wizard-no-key-store");
    windows.click("[data-testid=session-only]").await.unwrap();
    windows.click(NEXT).await.unwrap();
    windows.gone("[data-testid=wizard]").await.unwrap();
    windows.select("[data-line=\"office/31\"]:not(.stale)").await.unwrap();
    let written = std::fs::read_to_string(scene.desktop.config()).unwrap();
    assert_eq!(written.matches("[[accounts]]").count(), 1, "{written}");
    assert!(!written.contains(&nfon.password()), "no fall-back in clear text");
}

//! What is wrong is told where everybody looks, with the way out.

use ringside_exchange::{Fault, FaultKind, ServiceName, SwisscomOptions};
use ringside_tests::desktop::{Desktop, Parts};

use crate::scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_configuration_is_told_with_its_key_and_line_and_left_alone() {
    let text = "[ui]\nlanguage = \"en\"\n# mine\nthem = \"dark\"\n";
    let write = |desktop: &Desktop| desktop.configure(text).unwrap();
    let scene = scene::open_prepared(Parts::default(), write).await;
    let notice = "[data-testid=notice][data-code=config_broken]";
    scene.windows.shows(notice, "line 4").await.unwrap();
    scene.windows.shows(notice, "them").await.unwrap();
    scene.picture("config-broken");
    assert_eq!(std::fs::read_to_string(scene.desktop.config()).unwrap(), text);
    // The app works all the same.
    scene.windows.click("[data-testid=door-demo]").await.unwrap();
    scene.windows.select("[data-line]").await.unwrap();
    assert_eq!(std::fs::read_to_string(scene.desktop.config()).unwrap(), text, "the user's words are still there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_database_is_set_aside_and_the_user_is_told() {
    let write = |desktop: &Desktop| {
        std::fs::create_dir_all(desktop.data()).unwrap();
        std::fs::write(desktop.data().join("ringside.db"), b"Dear diary, this is no database. ".repeat(300)).unwrap();
    };
    let scene = scene::open_prepared(Parts::default(), write).await;
    scene.windows.shows("[data-testid=notice]", "corrupt").await.unwrap();
    scene.picture("database-corrupt");
    let kept = std::fs::read_dir(scene.desktop.data())
        .unwrap()
        .flatten()
        .any(|it| it.file_name().to_string_lossy().contains("corrupt"));
    assert!(kept, "nothing is deleted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scenario_that_takes_its_time_is_requested_first_and_active_only_when_it_is() {
    let swisscom = SwisscomOptions { changing: std::time::Duration::from_secs(4), ..SwisscomOptions::default() };
    let options = ringside_exchange::Options { swisscom, ..ringside_exchange::Options::quiet() };
    let scene = scene::open_with(options, Parts::default(), "", &[]).await;
    let windows = &scene.windows;
    windows.click("[data-testid=rail-scenarios]").await.unwrap();
    windows.click("[data-scenario=\"17\"] [data-testid=scenario-throw]").await.unwrap();
    windows.click("[data-testid=throw-confirm]").await.unwrap();
    windows.select("[data-scenario=\"17\"][data-result=requested]:not([data-state=active])").await.unwrap();
    // The banner speaks of a request, never of something that holds.
    windows.shows("[data-testid=scenario-banner]", "waiting for confirmation").await.unwrap();
    scene.picture("scenario-requested");
    let throw = windows.find("scenario-throw").await.unwrap();
    assert!(throw.attr("disabled").await.unwrap().is_some(), "nothing is thrown twice");
    windows.select("[data-scenario=\"17\"][data-result=confirmed][data-state=active]").await.unwrap();
    assert_eq!(scene.exchange.tape().count(|it| it.service == ServiceName::Swisscom && it.method == "PUT"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dial_that_is_refused_says_why_at_the_foot_of_the_window() {
    let scene = scene::open().await;
    let refused = FaultKind::Status { code: 403, retry_after: None };
    let calls = "/v1/extensions/phone/calls";
    scene.exchange.faults().set(Fault::new(refused).on(ServiceName::Nfon).method("POST").path(calls));
    scene.windows.click("[data-testid=open-palette]").await.unwrap();
    scene.windows.type_into("[data-testid=palette-field]", "+49 221 66966966").await.unwrap();
    scene.windows.click("[data-testid=palette-dial]:not(:disabled)").await.unwrap();
    scene.windows.select("[data-testid=dial][data-state=failed]").await.unwrap();
    scene.windows.shows("[data-testid=dial]", "licen").await.unwrap();
    scene.picture("dial-refused");
}

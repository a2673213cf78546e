//! An ordinary day in the main window: board, scenarios, history.

use ringside_exchange::{Line, Presence, RingSpec, ScenarioState};
use ringside_tests::wait::{PATIENCE, until};

use crate::scene::{self, Scene};

async fn go(scene: &Scene, view: &str, css: &str) {
    scene.windows.click(&format!("[data-testid=rail-{view}]")).await.unwrap();
    scene.windows.select(css).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_board_follows_the_office_and_filters_as_one_types() {
    let scene = scene::open().await;
    let office = scene.exchange.office();
    let call = scene.exchange.ring(RingSpec::to("44").from("4922166966966"));
    scene.windows.select("[data-line=\"office/44\"][data-status=ringing]").await.unwrap();
    call.answer("44");
    scene.windows.select("[data-line=\"office/44\"][data-status=busy]").await.unwrap();
    office.set_line("45", Line::Idle, Presence::Dnd);
    scene.windows.select("[data-line=\"office/45\"][data-status=dnd]").await.unwrap();
    scene.picture("board");
    scene.windows.type_into("[data-testid=board-filter]", "brandt").await.unwrap();
    scene.windows.gone("[data-line=\"office/45\"]").await.unwrap();
    scene.windows.shows("[data-line=\"office/44\"]", "Oskar Brandt").await.unwrap();
    call.hang_up();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_is_seen_on_the_board_and_heals_there() {
    let scene = scene::open().await;
    scene.exchange.go_down();
    scene.windows.select("[data-line=\"office/44\"].stale").await.unwrap();
    scene.windows.gone("[data-line]:not(.stale)").await.unwrap();
    scene.picture("outage");
    scene.exchange.come_up();
    // The pauses between two tries may have grown.
    until("the board to be current", PATIENCE * 2, async || {
        scene.windows.has("[data-line=\"office/44\"]:not(.stale)").await.then_some(())
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scenario_is_thrown_after_a_look_and_confirmed_by_reading_back() {
    let scene = scene::open().await;
    go(&scene, "scenarios", "[data-scenario=\"17\"]").await;
    scene.windows.shows("[data-scenario=\"17\"]", "Bern flooded").await.unwrap();
    scene.windows.click("[data-scenario=\"17\"] [data-testid=scenario-throw]").await.unwrap();
    scene.windows.find("throw-confirm").await.unwrap();
    scene.windows.find("forwardings").await.unwrap();
    scene.picture("throw");
    assert_eq!(scene.exchange.scenario("17").state(), Some(ScenarioState::Inactive), "nothing yet");
    scene.windows.click("[data-testid=throw-confirm]").await.unwrap();
    scene.windows.select("[data-scenario=\"17\"][data-result=confirmed][data-state=active]").await.unwrap();
    scene.windows.find("scenario-banner").await.unwrap();
    scene.picture("confirmed");
    assert_eq!(scene.exchange.scenario("17").state(), Some(ScenarioState::Active));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_history_finds_a_call_as_one_types() {
    let scene = scene::open().await;
    for from in ["4922166966966", "493023125001"] {
        let call = scene.exchange.ring(RingSpec::to("31").from(from));
        scene.windows.select("[data-line=\"office/31\"][data-status=ringing]").await.unwrap();
        call.answer("31");
        call.hang_up();
    }
    go(&scene, "history", "[data-testid=history-row]").await;
    let rows = async || {
        let count =
            scene.windows.js("return document.querySelectorAll('[data-testid=history-row]').length").await.unwrap();
        count.as_u64().unwrap()
    };
    until("two rows", PATIENCE, async || (rows().await == 2).then_some(())).await.unwrap();
    scene.windows.type_into("[data-testid=history-search]", "669669").await.unwrap();
    until("one row", PATIENCE, async || (rows().await == 1).then_some(())).await.unwrap();
    scene.windows.shows("[data-testid=history-row]", "669 669 66").await.unwrap();
    scene.picture("history");
}

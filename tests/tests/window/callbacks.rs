//! The list of those who wait for a call back, as the agent works it off.

use ringside_exchange::{DialBehaviour, RingSpec, ServiceName};
use ringside_tests::wait::{PATIENCE, until};

use crate::scene::{self, Scene};

const CALLS: &str = "/v1/extensions/phone/calls";
const ENTRY: &str = "[data-testid=panel] [data-testid=callback]";

/// Somebody called in vain and stands in the list.
async fn missed(scene: &Scene, from: &str) {
    let call = scene.exchange.ring(RingSpec::to("31").from(from));
    scene.card_is_up();
    call.time_out();
    let digits = from.get(from.len() - 8..).unwrap();
    let stands = format!(
        "return [...document.querySelectorAll('{ENTRY}')].some((it) => it.textContent.replace(/\\s/g, '').includes('{digits}'))"
    );
    until("the call stands in the list", PATIENCE, async || {
        scene.windows.js(&stands).await.ok().filter(|found| *found == true).map(drop)
    })
    .await
    .unwrap();
    scene.put_cards_away().await;
}

async fn waiting(scene: &Scene) -> u64 {
    let count = format!("return document.querySelectorAll('{ENTRY}').length");
    scene.windows.js(&count).await.unwrap().as_u64().unwrap()
}

/// Takes one of the ways of the first entry.
async fn takes(scene: &Scene, way: &str) {
    scene.windows.click(&format!("{ENTRY} [data-testid={way}]")).await.unwrap();
}

/// Takes the pointer off the list, which holds still under it: what is done is gone only then.
async fn leave(scene: &Scene) {
    scene.windows.click("[data-testid=board-filter]").await.unwrap();
}

const CLAIM: &str = "callback-claim";
const DONE: &str = "callback-done";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missed_call_is_claimed_called_back_and_leaves_the_list_by_itself() {
    let scene = scene::open().await;
    let windows = &scene.windows;
    missed(&scene, "4922166966966").await;
    takes(&scene, CLAIM).await;
    windows.shows(ENTRY, "you").await.unwrap();
    scene.picture("callback-claimed");
    assert_eq!(waiting(&scene).await, 1, "claimed is not done");
    let socket_says = scene.rpc(serde_json::json!({ "type": "snapshot" })).await.unwrap();
    assert_eq!(socket_says["snapshot"]["open_callbacks"], 1, "claimed is not done");

    scene.exchange.office().next_dial(DialBehaviour::at_once());
    windows.click(&format!("{ENTRY} [data-testid=callback-call]")).await.unwrap();
    // A click offers the call; it is placed at once or after a look, as the settings say.
    until("the call back is placed", PATIENCE, async || {
        if scene.exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS) == 1 {
            return Some(());
        }
        if windows.has("[data-testid=palette-dial]").await {
            windows.click("[data-testid=palette-dial]").await.ok()?;
        }
        None
    })
    .await
    .unwrap();
    windows.shows(&format!("{ENTRY} .word"), "Called back").await.unwrap();
    leave(&scene).await;
    windows.gone(ENTRY).await.unwrap();
    windows.shows("[data-testid=panel]", "No callbacks").await.unwrap();
    scene.picture("callback-done");
    assert_eq!(scene.exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS), 1, "and nobody is rung twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_calls_again_and_is_answered_waits_no_longer() {
    let scene = scene::open().await;
    missed(&scene, "4922166966966").await;
    missed(&scene, "493023125001").await;
    assert_eq!(waiting(&scene).await, 2);
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.card_is_up();
    call.answer("31");
    until("one is left", PATIENCE, async || (waiting(&scene).await == 1).then_some(())).await.unwrap();
    scene.windows.shows(ENTRY, "231 250 01").await.unwrap();
    call.hang_up();

    // The other one is done by hand, and given free again in between.
    takes(&scene, CLAIM).await;
    scene.windows.shows(ENTRY, "you").await.unwrap();
    takes(&scene, CLAIM).await;
    until("free again", PATIENCE, async || {
        let text = scene.windows.js(&format!("return document.querySelector('{ENTRY}').innerText")).await.ok()?;
        (!text.as_str()?.to_lowercase().contains("you")).then_some(())
    })
    .await
    .unwrap();
    takes(&scene, DONE).await;
    leave(&scene).await;
    scene.windows.gone(ENTRY).await.unwrap();
}

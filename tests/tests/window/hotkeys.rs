//! The four hotkeys, pressed at the keyboard while another program has it.

use std::io::Write as _;
use std::process::Stdio;

use ringside_exchange::{DialBehaviour, RingSpec, ServiceName};
use ringside_tests::wait::PATIENCE;

use crate::scene;

const CALLS: &str = "/v1/extensions/phone/calls";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_palette_dials_what_it_showed_and_the_hotkey_hangs_up() {
    let scene = scene::open().await;
    scene.exchange.office().set_dial_behaviour(DialBehaviour::by_hand());
    scene.keys("ctrl+alt+space");
    scene.windows.find("palette-field").await.unwrap();
    scene.type_text("0221 669 669 66");
    scene.windows.shows("[data-testid=palette]", "+49 221 669 669 66").await.unwrap();
    scene.picture("palette");
    let posts = |scene: &scene::Scene| scene.exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS);
    assert_eq!(posts(&scene), 0, "nothing rings before it is asked to");
    scene.keys("Return");
    scene.windows.find("dial").await.unwrap();
    assert!(scene.exchange.tape().wait_for(1, PATIENCE, |it| it.is("POST", CALLS)).await);
    let sent = scene.exchange.tape().requests().into_iter().find(|it| it.is("POST", CALLS)).unwrap();
    assert!(sent.body.contains("4922166966966"), "{}", sent.body);
    scene.picture("dialling");
    let call = scene.exchange.office().calls().remove(0);
    scene.keys("ctrl+alt+h");
    ringside_tests::wait::until("the call to end", PATIENCE, async || (!call.is_live()).then_some(())).await.unwrap();
    assert_eq!(posts(&scene), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn selected_text_is_read_and_shown_before_anything_rings() {
    let scene = scene::open().await;
    let mut select = scene.desktop.command("xsel");
    let mut select = select.args(["--primary", "--input"]).stdin(Stdio::piped()).spawn().unwrap();
    let text = "Call +49 (0)221 669669-66 about invoice 2026-004711 of 31.12.2025, IBAN DE89 3704 0044 0532 0130 00";
    select.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    select.wait().unwrap();
    scene.keys("ctrl+alt+d");
    scene.windows.shows("[data-testid=palette]", "+49 221 669 669 66").await.unwrap();
    scene.picture("selection");
    assert_eq!(scene.exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS), 0);
    let kept = scene.desktop.output("xsel", &["--primary", "--output"]).unwrap();
    assert_eq!(kept, text, "the selection is left as it was");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn preview_shows_the_ringing_callers_card() {
    let scene = scene::open_with(
        ringside_exchange::Options::quiet(),
        Default::default(),
        "[pop_up.inbound.unknown]\ncard = \"on_hotkey\"\n",
        &[],
    )
    .await;
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.windows.select("[data-line=\"office/31\"][data-status=ringing]").await.unwrap();
    assert!(scene.screen.window(scene::CARD_TITLE).unwrap().is_none(), "the user wants cards on the hotkey alone");
    scene.keys("ctrl+alt+p");
    scene.card_is_up();
    call.hang_up();
    scene.put_cards_away().await;
}

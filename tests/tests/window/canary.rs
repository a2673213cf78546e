//! A secret after a day's work: in the key store and in the app's own memory, and nowhere else; after the account was
//! removed, not even there.

use std::collections::BTreeMap;

use ringside_api::Request;
use ringside_api::view::AccountDraft;
use ringside_exchange::{NfonOptions, Options, RingSpec, SwisscomOptions};
use ringside_testkit::{files_holding, holds};
use ringside_tests::desktop::{Desktop, Parts};
use ringside_tests::wait::{PATIENCE, until};
use ringside_tests::{memory, process};

use crate::scene::{self, Scene};

const PASSWORD: &str = "canary9f3aKanarienvogel";
const CUSTOMER_SECRET: &str = "canary77b1Kundengeheimnis";
/// How the head of every token of the exchange begins, in base64: `{"alg":"RS51`.
const TOKEN: &str = "eyJhbGciOiJSUzUx";

/// An office whose secrets are the canaries, and an app that has them from the key store.
async fn open() -> Scene {
    let nfon = NfonOptions { password: PASSWORD.into(), ..NfonOptions::default() };
    let swisscom = SwisscomOptions { customer_secret: CUSTOMER_SECRET.into(), ..SwisscomOptions::default() };
    let options = Options { nfon, swisscom, ..Options::quiet() };
    scene::open_with_keys(options, |desktop| {
        store(desktop, "office", PASSWORD);
        store(desktop, "forwarding", CUSTOMER_SECRET);
    })
    .await
}

/// Puts a secret where the app looks for it.
fn store(desktop: &Desktop, account: &str, secret: &str) {
    let mut tool = desktop.command("secret-tool");
    tool.args([
        "store",
        "--label",
        "test",
        "service",
        "io.ringside.Ringside",
        "username",
        account,
        "target",
        "default",
    ]);
    let mut tool = tool.stdin(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut tool.stdin.take().unwrap(), secret.as_bytes()).unwrap();
    assert!(tool.wait().unwrap().success());
}

/// A day: calls, a dial, a scenario, every page, an expired token, and a sign-in that is refused.
async fn a_day(scene: &Scene) {
    let windows = &scene.windows;
    let call = scene.exchange.ring(RingSpec::to("31").from("4922166966966"));
    scene.card_is_up();
    call.answer("31");
    call.hang_up();
    scene.card_is_gone();
    let dial = serde_json::json!({ "type": "dial", "intent": "day", "text": "+49 30 23125001", "account": null, "from": null });
    scene.rpc(dial).await.unwrap();
    let throw = serde_json::json!({ "type": "set_scenario", "account": "forwarding", "id": "17", "active": true, "ends_at": null });
    scene.rpc(throw).await.unwrap();
    for place in ["calls", "scenarios", "history", "contacts", "settings", "diagnostics", "accounts", "board"] {
        windows.click(&format!("[data-testid=rail-{place}]")).await.unwrap();
        windows.select(&format!("[data-testid=main][data-view={place}]")).await.unwrap();
    }
    scene.exchange.nfon().expire_access_tokens();
    scene.rpc(serde_json::json!({ "type": "reconnect", "id": null })).await.unwrap();
    windows.select("[data-line=\"office/31\"]:not(.stale)").await.unwrap();
    scene.rpc(serde_json::json!({ "type": "support_bundle" })).await.unwrap();
    let sign_in = serde_json::json!({ "type": "sign_in", "id": "office", "secret": "mistyped", "session_only": true });
    scene.rpc(sign_in).await.unwrap();
    windows.click("[data-testid=rail-accounts]").await.unwrap();
    windows.shows("[data-testid=account][data-account=office]", "password").await.unwrap();
}

/// The app and its children: the driver is the test's own.
fn app(scene: &Scene) -> Vec<process::Process> {
    let tree = process::tree(scene.windows.driver_pid());
    let app = tree.iter().find(|it| it.name == "ringside").map(|it| it.pid).unwrap();
    process::tree(app)
}

const NOTHING: Vec<String> = Vec::new();

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_day_a_secret_is_in_the_key_store_and_the_apps_own_memory_alone() {
    let scene = open().await;
    a_day(&scene).await;
    let processes = app(&scene);
    assert!(processes.iter().any(|it| it.name.starts_with("WebKitWebProces")), "{processes:?}");
    for canary in [PASSWORD, CUSTOMER_SECRET, TOKEN] {
        for process in &processes {
            for place in ["cmdline", "environ"] {
                let bytes = std::fs::read(format!("/proc/{}/{place}", process.pid)).unwrap_or_default();
                assert!(!holds(&bytes, canary), "{canary} in {place} of {}", process.name);
            }
            if process.name != "ringside" {
                assert_eq!(memory::places(process.pid, canary).unwrap(), NOTHING, "{canary} in {}", process.name);
            }
        }
        // gnome-keyring's own file, which is encrypted, lies in data too.
        for folder in ["config", "data", "cache", "state", "run", "tmp"] {
            assert_eq!(files_holding(&scene.desktop.home().join(folder), canary), NOTHING);
        }
        let kept = "return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.state])";
        let kept = scene.windows.js(kept).await.unwrap();
        assert!(!kept.to_string().contains(canary), "web storage: {kept}");
    }
    for request in scene.exchange.tape().requests() {
        assert!(!format!("{}{}", request.path, request.query).contains("canary"), "in a URL: {request:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_accounts_were_removed_the_apps_memory_holds_no_secret_either() {
    let scene = open().await;
    a_day(&scene).await;
    let main = app(&scene).first().unwrap().pid;
    for id in ["office", "forwarding"] {
        scene.rpc(serde_json::json!({ "type": "remove_account", "id": id })).await.unwrap();
    }
    scene.windows.gone("[data-testid=account]").await.unwrap();
    scene.windows.gone("[data-testid=scenario-banner]").await.unwrap();
    scene.windows.click("[data-testid=rail-board]").await.unwrap();
    scene.windows.find("welcome").await.unwrap();
    for canary in [PASSWORD, CUSTOMER_SECRET, TOKEN] {
        is_gone(main, canary).await;
    }
}

/// Waits until no byte of the process's memory holds the secret: connections close when their account has gone, and
/// their buffers with them.
async fn is_gone(pid: u32, canary: &str) {
    let mut last = Vec::new();
    let clean = until(format!("{canary} to be gone"), PATIENCE, async || {
        last = memory::places(pid, canary).unwrap();
        last.is_empty().then_some(())
    });
    if clean.await.is_err() {
        panic!("{canary} is still in memory: {last:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_that_came_through_the_socket_is_gone_with_its_account() {
    let nfon = NfonOptions { password: PASSWORD.into(), ..NfonOptions::default() };
    let scene =
        scene::alone_with(Options { nfon, ..Options::quiet() }, Parts { key_store: true, ..Parts::default() }).await;
    scene.desktop.configure("").unwrap();
    let app = ringside_tests::running::Running::start(&scene.desktop, None, &["--in-tray"]).unwrap();
    let mut socket = ringside_tests::socket::Socket::open(&scene.desktop, PATIENCE).await.unwrap();
    let draft = AccountDraft {
        id: "office".into(),
        provider: "nfon".into(),
        base_url: Some(scene.exchange.nfon_url()),
        username: Some(scene.exchange.nfon().username().into()),
        secret: PASSWORD.into(),
        options: BTreeMap::new(),
        region: "DE".into(),
        mine: vec!["31".into()],
        session_only: false,
    };
    socket.call(Request::AddAccount { draft }).await.unwrap();
    scene.await_online(&mut socket).await;
    assert_ne!(memory::places(app.pid(), PASSWORD).unwrap(), NOTHING, "the search finds what is there");
    socket.call(Request::RemoveAccount { id: "office".into() }).await.unwrap();
    // As a command's connection ends with the command.
    drop(socket);
    for canary in [PASSWORD, TOKEN] {
        is_gone(app.pid(), canary).await;
    }
}

/// Of the window's own process nothing is claimed here: the engine's strings are its own, and it keeps what was typed
/// until its garbage is collected or the process ends. A secret that nobody types never gets there, as shown above.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_that_was_typed_is_gone_from_the_app_with_its_account() {
    let nfon = NfonOptions { password: PASSWORD.into(), ..NfonOptions::default() };
    let scene =
        scene::open_fresh_with(Options { nfon, ..Options::quiet() }, Parts { key_store: true, ..Parts::default() })
            .await;
    crate::wizard::connects(&scene).await;
    let main = app(&scene).first().unwrap().pid;
    scene.rpc(serde_json::json!({ "type": "remove_account", "id": "office" })).await.unwrap();
    scene.windows.find("welcome").await.unwrap();
    is_gone(main, PASSWORD).await;
}

//! The operating system's key store, there and not there.

use std::collections::BTreeMap;
use std::time::Duration;

use ringside_api::view::AccountDraft;
use ringside_api::{Reply, Request};
use ringside_testkit::{files_holding, holds};
use ringside_tests::desktop::Parts;
use ringside_tests::process;
use ringside_tests::running::Running;
use ringside_tests::socket::Socket;
use ringside_tests::wait::{PATIENCE, until};
use tokio::time::Instant;

use crate::scene::{self, Alone};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_goes_into_the_secret_service_and_nowhere_else() {
    let scene = scene::alone(Parts { key_store: true, ..Parts::default() }).await;
    scene.desktop.configure("").unwrap();
    let secret = scene.exchange.nfon().password();
    let app = Running::start(&scene.desktop, None, &["--in-tray"]).unwrap();
    let mut socket = Socket::open(&scene.desktop, PATIENCE).await.unwrap();
    socket.call(Request::AddAccount { draft: draft(&scene, "office", false) }).await.unwrap();
    scene.await_online(&mut socket).await;
    let stored = scene.desktop.output("secret-tool", &["search", "--all", "service", "io.ringside.Ringside"]).unwrap();
    assert!(stored.contains(&secret), "the Secret Service has it");
    for process in process::tree(app.pid()) {
        for place in ["cmdline", "environ"] {
            let bytes = std::fs::read(format!("/proc/{}/{place}", process.pid)).unwrap_or_default();
            assert!(!holds(&bytes, &secret), "{place} of {}", process.name);
        }
    }
    drop(app);
    for folder in ["config", "data", "cache", "state", "run", "tmp"] {
        assert_eq!(files_holding(&scene.desktop.home().join(folder), &secret), Vec::<String>::new());
    }
    // Started again, it needs nobody to type it.
    let _again = Running::start(&scene.desktop, None, &["--in-tray"]).unwrap();
    let mut socket =
        until("the app again", PATIENCE, async || Socket::open(&scene.desktop, PATIENCE).await.ok()).await.unwrap();
    scene.await_online(&mut socket).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_service_that_falls_silent_or_dies_in_mid_run_takes_nothing_with_it() {
    let scene = scene::alone(Parts { key_store: true, ..Parts::default() }).await;
    scene.desktop.configure("").unwrap();
    let _app = Running::start(&scene.desktop, None, &["--in-tray"]).unwrap();
    let mut socket = Socket::open(&scene.desktop, PATIENCE).await.unwrap();
    socket.call(Request::AddAccount { draft: draft(&scene, "office", false) }).await.unwrap();
    scene.await_online(&mut socket).await;
    for (signal, code) in [("STOP", "key_store_timed_out"), ("KILL", "key_store_absent")] {
        scene.desktop.signal_key_store(signal).unwrap();
        let began = Instant::now();
        let refused = socket.call(Request::AddAccount { draft: draft(&scene, signal, false) }).await.unwrap_err();
        let refused = refused.to_string();
        assert!(refused.starts_with(code) && refused.contains("session"), "what happened and the way out: {refused}");
        assert!(began.elapsed() < Duration::from_secs(4), "{signal}: answered after {:?}", began.elapsed());
        socket.call(Request::AddAccount { draft: draft(&scene, signal, true) }).await.unwrap();
        socket.call(Request::Reconnect { id: Some("office".into()) }).await.unwrap();
        scene.await_online(&mut socket).await;
    }
    let refused = socket.call(Request::RemoveAccount { id: "office".into() }).await.unwrap_err();
    assert!(refused.to_string().starts_with("secret_left_behind"), "{refused}");
    let Ok(Reply::Snapshot { snapshot }) = socket.call(Request::Snapshot {}).await else { panic!("no snapshot") };
    let left: Vec<_> = snapshot.accounts.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(left, ["KILL", "STOP"]);
}

fn draft(scene: &Alone, id: &str, session_only: bool) -> AccountDraft {
    AccountDraft {
        id: id.into(),
        provider: "nfon".into(),
        base_url: Some(scene.exchange.nfon_url()),
        username: Some(scene.exchange.nfon().username().into()),
        secret: scene.exchange.nfon().password(),
        options: BTreeMap::new(),
        region: "DE".into(),
        mine: vec!["31".into()],
        session_only,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_secret_service_the_window_says_so_and_offers_this_session() {
    let scene = scene::open_without_keys().await;
    scene.windows.click("[data-testid=rail-accounts]").await.unwrap();
    scene.windows.find("account").await.unwrap();
    scene.picture("no-key-store");
    scene.windows.shows("[data-testid=account]", "key").await.unwrap();
    let sign_in = "[data-testid=account] [data-testid=sign-in], [data-testid=account] button";
    scene.windows.select(sign_in).await.unwrap();
    scene
        .rpc(serde_json::json!({ "type": "sign_in", "id": "office", "secret": scene.exchange.nfon().password(), "session_only": true }))
        .await
        .unwrap();
    scene.windows.click("[data-testid=rail-board]").await.unwrap();
    scene.windows.select("[data-line]:not(.stale)").await.unwrap();
    let secret = scene.exchange.nfon().password();
    for folder in ["config", "data", "cache", "state", "tmp"] {
        assert_eq!(
            files_holding(&scene.desktop.home().join(folder), &secret),
            Vec::<String>::new(),
            "no fallback in clear text"
        );
    }
}

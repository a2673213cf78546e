//! What strangers wrote is text, and the pop-up window may do little.

use ringside_tests::window::{CARD, MAIN};
use serde_json::json;

use crate::scene;

const PAYLOADS: &[&str] = &[
    "<img src=x onerror=\"window.__hit=1\">",
    "<script>window.__hit=1</script>",
    "\"><svg onload=window.__hit=1>",
    "javascript:window.__hit=1",
    "{{constructor.constructor('window.__hit=1')()}}",
    "</title><style>*{display:none}</style>",
    "<a href=https://evil.example>x</a>",
    "<iframe src=https://evil.example></iframe>",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_are_never_executed_and_never_fetch_anything() {
    let scene = scene::open().await;
    for (index, payload) in PAYLOADS.iter().enumerate() {
        scene.exchange.office().add_extension(&format!("9{index:02}"), payload);
    }
    scene.windows.turn_to(MAIN).await.unwrap();
    scene.rpc(json!({ "type": "reconnect", "id": null })).await.unwrap();
    scene.windows.type_into("[data-testid=board-filter]", "90").await.unwrap();
    scene.windows.select("[data-line=\"office/900\"]").await.unwrap();
    let calls: Vec<_> =
        (0..PAYLOADS.len()).map(|n| scene.exchange.office().call_internally(&format!("9{n:02}"), "31")).collect();
    scene.card_is_up();
    scene.picture("hostile");
    for page in [MAIN, CARD] {
        scene.windows.turn_to(page).await.unwrap();
        let script = "return [window.__hit ?? null, \
            [...document.querySelectorAll('img,iframe,script,object,embed,link,a')]\
              .map((it) => it.src || it.href || '').filter((it) => it.includes('evil') || it.endsWith('/x')).length, \
            performance.getEntriesByType('resource').map((it) => it.name).filter((it) => it.includes('evil')).length]";
        assert_eq!(scene.windows.js(script).await.unwrap(), json!([null, 0, 0]), "{page}");
    }
    for call in &calls {
        call.hang_up();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pop_up_window_may_not_do_what_the_main_window_may() {
    let scene = scene::open().await;
    let call = scene.exchange.ring(ringside_exchange::RingSpec::to("31").from("4922166966966"));
    scene.card_is_up();
    scene.windows.turn_to(CARD).await.unwrap();
    scene.windows.find("card").await.unwrap();
    let forbidden = [
        json!({ "type": "dial", "intent": "x", "text": "112", "account": null, "from": null }),
        json!({ "type": "set_scenario", "account": "forwarding", "id": "17", "active": true, "ends_at": null }),
        json!({ "type": "forget_all" }),
        json!({ "type": "export_history", "filter": { "text": "", "account": null, "direction": null, "outcomes": [],
            "callbacks": false, "mine": false, "since": null, "until": null } }),
        json!({ "type": "import_config", "text": "" }),
        json!({ "type": "remove_account", "id": "office" }),
        json!({ "type": "sign_in", "id": "office", "secret": "x", "session_only": true }),
        json!({ "type": "contacts", "text": "", "limit": 10 }),
        json!({ "type": "diagnostics" }),
        json!({ "type": "support_bundle" }),
        json!({ "type": "start_demo" }),
    ];
    for request in forbidden {
        let refused = scene.rpc(request.clone()).await;
        assert_eq!(refused, Err("not_allowed_here".to_owned()), "{request}");
    }
    let commands = [
        "plugin:opener|open_url",
        "plugin:opener|open_path",
        "plugin:autostart|enable",
        "plugin:window|create",
        "plugin:window|close",
        "plugin:webview|create_webview_window",
        "plugin:event|emit",
        "plugin:path|resolve_directory",
        "plugin:shell|execute",
        "plugin:fs|read_file",
        "plugin:app|version",
    ];
    let mut answers = Vec::new();
    for command in commands {
        let body = format!(
            "const slow = new Promise((done) => setTimeout(() => done('no answer'), 400)); \
             const asked = async () => {{ try {{ await window.__TAURI_INTERNALS__.invoke('{command}', {{ url: 'file:///etc/passwd', path: '/etc/passwd', \
             event: 'x', label: 'main' }}); return 'done' }} catch (error) {{ return 'refused' }} }}; \
             return Promise.race([asked(), slow])"
        );
        let answer = scene.windows.js_async(&body).await.unwrap();
        answers.push((command, answer));
    }
    // What is no command of ours never leaves the page: it gets no answer at all.
    let done: Vec<_> =
        answers.iter().filter(|(_, answer)| *answer != json!("no answer") && *answer != json!("refused")).collect();
    assert!(done.is_empty(), "{done:?}");
    // A policy without eval: the text of a timer is never run.
    scene.windows.js("try { setTimeout('window.__hit=1', 0) } catch {} return 1").await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(scene.windows.js("return window.__hit ?? null").await.unwrap(), json!(null));
    call.hang_up();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_stay_where_they_are_and_ask_nobody_outside() {
    let scene = scene::open().await;
    let stranger = scene.exchange.elsewhere_url();
    let attempts = format!(
        "setTimeout(() => {{ for (const way of [() => fetch('{stranger}/fetch'), () => new Image().src = '{stranger}/image', \
         () => navigator.sendBeacon('{stranger}/beacon'), () => new WebSocket('{stranger}/socket'.replace('http', 'ws')), \
         () => open('{stranger}/window'), () => location.href = 'file:///etc/passwd', () => location.href = '{stranger}/page']) \
         try {{ const it = way(); it?.catch?.(() => 0) }} catch {{}} }}, 50); return 1"
    );
    scene.windows.js(&attempts).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let asked = scene.exchange.tape().count(|it| it.service == ringside_exchange::ServiceName::Elsewhere);
    assert_eq!(asked, 0, "a page reached a stranger");
    let title = scene.screen.window("Ringside").unwrap();
    assert!(title.is_some(), "the window is what it was: {:?}", scene.screen.windows());
    scene.picture("after-navigation");
    // The page still works: it follows the office.
    let before = scene.screen.picture(title.unwrap().area).unwrap();
    scene.exchange.office().set_line("22", ringside_exchange::Line::Ringing, ringside_exchange::Presence::Available);
    scene.exchange.office().set_line("23", ringside_exchange::Line::InUse, ringside_exchange::Presence::Available);
    ringside_tests::wait::until("the board to follow", ringside_tests::wait::PATIENCE, async || {
        let now = scene.screen.picture(before.area).ok()?;
        (now.count([0xc8, 0x37, 0x3a], 12) > before.count([0xc8, 0x37, 0x3a], 12) + 20).then_some(())
    })
    .await
    .unwrap();
}

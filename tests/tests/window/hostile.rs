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

#[tokio::test]
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

#[tokio::test]
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
    for command in commands {
        let body = format!(
            "try {{ await window.__TAURI_INTERNALS__.invoke('{command}', {{ url: 'file:///etc/passwd', path: '/etc/passwd', \
             event: 'x', label: 'main' }}); return 'done' }} catch (error) {{ return 'refused' }}"
        );
        let answer = scene.windows.js_async(&body).await.unwrap();
        assert_eq!(answer, json!("refused"), "{command}");
    }
    let before = scene.windows.js("return location.href").await.unwrap();
    for address in ["https://evil.example/", "file:///etc/passwd", "javascript:document.body.remove()"] {
        // What a driver makes of a navigation that is refused is its own affair.
        let _ = scene.windows.js(&format!("location.href = {address:?}; return 1")).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(scene.windows.js("return location.href").await.unwrap(), before, "the page stays where it is");
    let eval = scene.windows.js("try { return (0, window.setTimeout)('window.__hit=1', 0) && null } catch { return null }").await;
    drop(eval);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(scene.windows.js("return window.__hit ?? null").await.unwrap(), json!(null), "the policy forbids eval");
    call.hang_up();
}

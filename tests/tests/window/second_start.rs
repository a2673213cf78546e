//! A second start hands over what it was given; commands go through the running app.

use ringside_exchange::ServiceName;
use ringside_tests::running::command;
use serde_json::Value;

use crate::scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_reaches_the_running_app_and_waits_for_a_yes() {
    let scene = scene::open().await;
    let done = command(&scene.desktop, Some(&scene.exchange), &["tel:+49-221-669669-66"]).unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    scene.windows.shows("[data-testid=palette]", "+49 221 669 669 66").await.unwrap();
    scene.picture("link");
    let posts = scene
        .exchange
        .tape()
        .count(|it| it.service == ServiceName::Nfon && it.method == "POST" && !it.path.ends_with("login"));
    assert_eq!(posts, 0, "a link rings nothing by itself");
    assert_eq!(scene.windows.count().await.unwrap(), 2, "main and card, no third");

    command(&scene.desktop, Some(&scene.exchange), &["tel:O22166966966"]).unwrap();
    scene.windows.shows("[data-testid=palette-reading]", "A number with letters").await.unwrap();
    let shown = scene.windows.js("return document.querySelector('[data-testid=palette]').innerText").await.unwrap();
    assert!(!shown.as_str().unwrap().contains("669 669 66"), "the number of the earlier link: {shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_links_are_refused_and_run_nothing() {
    let scene = scene::open().await;
    let marker = scene.desktop.home().join("pwned");
    for link in [
        format!("tel:$(touch {})", marker.display()),
        format!("tel:;touch {};", marker.display()),
        format!("callto:`touch {}`", marker.display()),
        "sip:31@evil.example;x=<script>".to_owned(),
    ] {
        command(&scene.desktop, Some(&scene.exchange), &[&link]).unwrap();
    }
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!marker.exists());
    let posts = |it: &ringside_exchange::Recorded| it.service == ServiceName::Nfon && it.method == "POST";
    assert_eq!(scene.exchange.tape().count(|it| posts(it) && !it.path.ends_with("login")), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_use_the_running_apps_one_sign_in_and_stream() {
    let scene = scene::open().await;
    let streams = scene.exchange.nfon().call_streams();
    let logins = scene.exchange.tape().count_of(ServiceName::Nfon, "POST", "/v1/login");
    let lines = command(&scene.desktop, Some(&scene.exchange), &["lines", "--json"]).unwrap();
    assert!(lines.status.success(), "{}", String::from_utf8_lossy(&lines.stderr));
    let rows: Vec<Value> =
        String::from_utf8(lines.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 46);
    for field in ["account", "extension", "line", "presence", "at", "stale"] {
        assert!(rows[0].get(field).is_some(), "{field} is absent: {}", rows[0]);
    }
    assert_eq!(scene.exchange.nfon().call_streams(), streams);
    assert_eq!(scene.exchange.tape().count_of(ServiceName::Nfon, "POST", "/v1/login"), logins);
    let missing = command(&scene.desktop, Some(&scene.exchange), &["scenario", "activate", "404", "--json"]).unwrap();
    assert_eq!(missing.status.code(), Some(5), "{}", String::from_utf8_lossy(&missing.stderr));
    let usage = command(&scene.desktop, Some(&scene.exchange), &["dial", "hello"]).unwrap();
    assert_eq!(usage.status.code(), Some(2), "{}", String::from_utf8_lossy(&usage.stderr));
}

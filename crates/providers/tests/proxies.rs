//! What stands between this computer and a service: proxies that refuse, names that nobody knows, encryption that is
//! opened on the way. The proxy is the environment's, so that each case has a process of its own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod rig;

use std::process::Command;

use rig::{connect, options, surroundings};
use ringside_domain::{AccountId, NumberPlan};
use ringside_telephony::{AccountConfig, Provider};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

async fn problem_of(base_url: &str) -> ringside_domain::Problem {
    let _ = surroundings();
    let provider = connect(AccountConfig {
        id: AccountId::new("office"),
        provider: "nfon".into(),
        base_url: Some(base_url.parse().unwrap()),
        username: Some("K7001".into()),
        secret: "canary-91".to_owned().into(),
        options: options(json!({"request_seconds": 5})),
        plan: NumberPlan::default(),
    });
    let provider: &dyn Provider = &*provider;
    provider.extensions().unwrap().list().await.unwrap_err().problem()
}

/// Run by the other test in a process whose environment names a proxy.
#[tokio::test]
#[ignore = "the other test runs it"]
async fn in_a_process_of_its_own() {
    let problem = problem_of("https://service.example/v1").await;
    println!("TOLD {}", json!([problem.code, problem.message, problem.params, problem.details]));
}

fn told(proxy: &str) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "in_a_process_of_its_own", "--nocapture"]);
    for name in ["https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "HTTP_PROXY", "http_proxy"] {
        command.env_remove(name);
    }
    let output = command.env("HTTPS_PROXY", proxy).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find_map(|line| line.split_once("TOLD ").map(|(_, told)| told.to_owned()));
    line.unwrap_or_else(|| panic!("{text} {}", String::from_utf8_lossy(&output.stderr)))
}

/// A proxy that answers every connection so.
async fn proxy(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(answer.as_bytes()).await;
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_does_not_let_us_through_is_named_with_what_to_do() {
    for (answer, code, words) in [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n",
            "proxy_sign_in",
            "wants a sign-in",
        ),
        ("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", "proxy_refused", "does not let"),
        ("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n", "proxy_refused", "does not let"),
        ("", "proxy_refused", "does not let"),
    ] {
        let address = proxy(answer).await;
        let told = tokio::task::spawn_blocking({
            let address = address.clone();
            move || told(&format!("http://user:canary-pw@{address}"))
        });
        let told = told.await.unwrap();
        assert!(told.contains(&format!("[\"{code}\"")), "{answer}: {told}");
        assert!(told.contains(words) && told.contains(&format!("\"proxy\":\"{address}\"")), "{answer}: {told}");
        assert!(!told.contains("[secret]") && !told.contains("canary"), "{told}");
    }
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    let told = tokio::task::spawn_blocking(move || told(&free)).await.unwrap();
    assert!(told.contains("\"proxy_unreachable\"") && !told.contains("os error\",\"hint"), "{told}");
}

#[tokio::test]
async fn a_road_that_ends_is_told_in_plain_words() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // Answers that break off: in the head, and in the size of a chunk.
    for answer in ["HTTP/1.1 200 OK\r\ncontent-ty", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5"] {
        let serving = async {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4096];
            let _ = socket.read(&mut request).await;
            socket.write_all(answer.as_bytes()).await.unwrap();
        };
        let base = format!("http://{address}/v1");
        let ((), problem) = tokio::join!(serving, problem_of(&base));
        assert_eq!(
            (problem.code, problem.message.as_ref()),
            ("unreachable", format!("no answer from {address}").as_str())
        );
        assert!(problem.details.is_some_and(|details| !details.is_empty()), "{answer}");
    }
    drop(listener);
    let refused = problem_of(&format!("http://{address}/v1")).await;
    assert_eq!((refused.code, refused.params.get("host")), ("unreachable", Some(&address.to_string())));
    assert!(!refused.message.contains("os error"), "{}", refused.message);
    let unknown = problem_of("https://no-such-host.invalid/v1").await;
    assert!(["host_unknown", "proxy_refused", "proxy_unreachable"].contains(&unknown.code), "{unknown:?}");
}

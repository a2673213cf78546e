//! What leaves this computer, what comes back, and what is refused on the way.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use ringside_transport::{Http, Request, TransportError, path_segment};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

use crate::server::{Reply, Server, Then, http, settings};

fn signed(method: Method, url: Url) -> Request {
    Request::new(method, url).bearer(&SecretString::from("canary"))
}

#[tokio::test]
async fn a_get_follows_within_its_origin_and_keeps_its_headers() {
    let server = Server::start(|_, request| match request.split(' ').nth(1).unwrap() {
        "/v1/HealthCheck" => Reply::whole("301 Moved", "location: /v1/HealthCheck/\r\n", ""),
        "/v1/HealthCheck/" => Reply::whole("200 OK", "x-request-id: r-1\r\n", "{\"a\":1}"),
        other => panic!("asked for {other}"),
    })
    .await;
    let answer = http().send(signed(Method::GET, server.at("HealthCheck"))).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.request_id.as_deref()), (200, Some("r-1")));
    assert_eq!(answer.json::<serde_json::Value>().unwrap()["a"], 1);
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    for request in seen {
        assert!(request.contains("authorization: Bearer canary"), "{request}");
        assert!(request.contains("user-agent: Ringside/0.1 (K7001)"), "{request}");
        assert!(!request.contains("referer"), "{request}");
    }
}

#[tokio::test]
async fn no_secret_goes_to_another_origin() {
    let thief = Server::start(|_, _| Reply::whole("200 OK", "", "{}")).await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"] {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            let target = thief.at("steal").to_string();
            let server = Server::start(move |_, _| Reply::whole(status, &format!("location: {target}\r\n"), "")).await;
            let error = http().send(signed(method.clone(), server.at("x"))).await.unwrap_err();
            let TransportError::Redirected { to_origin, .. } = &error else { panic!("{method} {status}: {error:?}") };
            assert_eq!(*to_origin, thief.url.origin().ascii_serialization());
            assert!(!error.is_transient());
        }
    }
    assert!(thief.seen().is_empty(), "another port is another origin");
}

#[tokio::test]
async fn localhost_and_its_number_are_two_origins() {
    let server = Server::start(|_, request| {
        let port = request.lines().find_map(|line| line.strip_prefix("host: 127.0.0.1:")).unwrap().to_owned();
        Reply::whole("307 Temporary Redirect", &format!("location: http://localhost:{port}/v1/x\r\n"), "")
    })
    .await;
    assert!(matches!(http().send(signed(Method::GET, server.at("x"))).await, Err(TransportError::Redirected { .. })));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_request_that_changes_something_is_never_redirected() {
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let server = Server::start(move |_, _| Reply::whole(status, "location: /v1/elsewhere\r\n", "")).await;
        for method in [Method::PUT, Method::POST, Method::DELETE] {
            let error = http().send(signed(method.clone(), server.at("Scenarios/17"))).await.unwrap_err();
            assert!(matches!(error, TransportError::Redirected { .. }), "{method} {status}: {error:?}");
            assert!(!error.may_have_been_executed());
        }
        let seen = server.seen();
        assert_eq!(seen.len(), 3, "{status}: {seen:?}");
        assert!(seen.iter().all(|request| !request.starts_with("GET") && request.contains("/v1/Scenarios/17")));
    }
}

#[tokio::test]
async fn a_ring_of_redirects_ends_after_five() {
    let server = Server::start(|number, _| Reply::whole("302 Found", &format!("location: /v1/{number}\r\n"), "")).await;
    let error = http().send(Request::get(server.at("x"))).await.unwrap_err();
    assert!(matches!(error, TransportError::Redirected { status: 302, .. }), "{error:?}");
    assert_eq!(server.seen().len(), 6);
}

#[tokio::test]
async fn plain_text_and_odd_addresses_never_leave() {
    let cases = [
        ("http://api.example.com/v1", "plain text"),
        ("http://127.0.0.1.example.com/", "plain text"),
        ("http://localhost.example.com/", "plain text"),
        ("http://192.168.1.1/", "plain text"),
        ("ftp://api.example.com/", "https"),
        ("https://user:pw@api.example.com/", "credentials"),
    ];
    for (address, word) in cases {
        let error = http().send(signed(Method::GET, Url::parse(address).unwrap())).await.unwrap_err();
        assert!(matches!(error, TransportError::BadRequest { .. }), "{address}: {error:?}");
        assert!(error.to_string().contains(word), "{address}: {error}");
        assert!(!format!("{error:?}").contains("pw@"));
    }
}

#[tokio::test]
async fn a_header_with_a_line_break_is_refused_before_sending() {
    let server = Server::start(|_, _| Reply::whole("200 OK", "", "")).await;
    let bad = Request::get(server.at("x")).bearer(&SecretString::from("canary\r\nevil: 1"));
    let error = http().send(bad).await.unwrap_err();
    assert!(matches!(error, TransportError::BadRequest { .. }));
    assert!(!format!("{error} {error:?}").contains("canary"));
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_refusal_tells_status_excerpt_request_id_and_wait() {
    let body = "{\"error\":\"no licence\",\"password\":\"canary\",\"caller\":\"+49 30 1234567\"}";
    let server = Server::start(move |number, _| {
        let wait = ["7", "Mon, 02 Mar 2026 12:00:07 GMT"][number];
        Reply::whole("429 Too Many Requests", &format!("x-request-id: r-77\r\nretry-after: {wait}\r\n"), body)
    })
    .await;
    for _ in 0..2 {
        let error = http().send(Request::get(server.at("x"))).await.unwrap().ok().unwrap_err();
        let TransportError::Status { status, body_excerpt, request_id, retry_after } = &error else {
            panic!("{error:?}")
        };
        assert_eq!((*status, request_id.as_deref()), (429, Some("r-77")));
        assert_eq!(*retry_after, Some(Duration::from_secs(7)));
        assert!(body_excerpt.contains("no licence"), "{body_excerpt}");
        assert!(!body_excerpt.contains("canary") && !body_excerpt.contains("1234567"), "{body_excerpt}");
    }
}

#[tokio::test]
async fn a_web_page_is_named_as_such() {
    let page = "<html><head><title>Hotel WLAN</title></head></html>";
    let server = Server::start(move |number, _| {
        Reply::whole(["200 OK", "502 Bad Gateway"][number], "content-type: text/html\r\n", page)
    })
    .await;
    let page = http().send(Request::get(server.at("x"))).await.unwrap().json::<serde_json::Value>().unwrap_err();
    assert_eq!(page, TransportError::Html { title: Some("Hotel WLAN".to_owned()) });
    let refusal = http().send(Request::get(server.at("x"))).await.unwrap().json::<serde_json::Value>().unwrap_err();
    assert_eq!(refusal.to_string(), "the service answered 502: web page \"Hotel WLAN\"");
}

#[tokio::test]
async fn a_body_beyond_the_cap_is_refused_announced_or_not() {
    let small = Http::new(ringside_transport::HttpSettings { max_body: 1000, ..settings() }).unwrap();
    let server = Server::start(|number, _| match number {
        0 => Reply::whole("200 OK", "", vec![b'x'; 1000]),
        1 => Reply { bytes: b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n".to_vec(), then: Then::Hold },
        _ => Reply { bytes: [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &[b'x'; 5000]].concat(), then: Then::Hold },
    })
    .await;
    assert_eq!(small.send(Request::get(server.at("x"))).await.unwrap().body.len(), 1000);
    for _ in 0..2 {
        let error = small.send(Request::get(server.at("x"))).await.unwrap_err();
        assert_eq!(error, TransportError::TooLarge { limit: 1000 });
    }
}

#[tokio::test]
async fn a_broken_answer_is_interrupted_and_nothing_is_sent_twice() {
    let server = Server::start(|number, _| {
        let mut whole = Reply::whole("200 OK", "", "{\"a\":1}");
        whole.bytes.truncate(if number == 0 { 0 } else { whole.bytes.len() - 3 });
        whole.then = if number == 1 { Then::Reset } else { Then::Close };
        whole
    })
    .await;
    for _ in 0..3 {
        let error = http().send(Request::post(server.at("calls")).json(&1)).await.unwrap_err();
        assert!(matches!(error, TransportError::Interrupted { .. }), "{error:?}");
        assert!(error.may_have_been_executed() && error.is_transient());
    }
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_server_that_never_answers_times_out() {
    let server = Server::start(|_, _| Reply { bytes: b"HTTP/1.1 200 OK\r\n".to_vec(), then: Then::Hold }).await;
    let error = http().send(Request::post(server.at("calls")).timeout(Duration::from_millis(50))).await.unwrap_err();
    assert!(matches!(error, TransportError::Timeout { .. }), "{error:?}");
    assert!(error.may_have_been_executed());
}

#[tokio::test]
async fn a_closed_port_is_unreachable_and_nothing_was_executed() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/?secret=canary", listener.local_addr().unwrap());
    drop(listener);
    let error = http().send(Request::post(Url::parse(&address).unwrap())).await.unwrap_err();
    assert!(matches!(error, TransportError::Connect { .. }), "{error:?}");
    assert!(!error.may_have_been_executed());
    assert!(error.to_string().contains("refused") && !format!("{error:?}").contains("canary"), "{error:?}");
}

#[tokio::test]
async fn what_is_no_tls_is_not_trusted() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("https://{}/", listener.local_addr().unwrap())).unwrap();
    let plain = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut hello = vec![0; 4096];
        let read = socket.read(&mut hello).await.unwrap();
        socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        hello.truncate(read);
        hello
    });
    let error = http().send(signed(Method::GET, url)).await.unwrap_err();
    assert!(matches!(error, TransportError::Tls { .. }), "{error:?}");
    assert!(!String::from_utf8_lossy(&plain.await.unwrap()).contains("canary"));
}

#[tokio::test]
async fn bodies_and_credentials_are_written_as_the_services_want_them() {
    let server = Server::start(|_, _| Reply::whole("204 No Content", "", "")).await;
    let key = SecretString::from("s:ecret");
    let form = Request::post(server.at("token"))
        .basic("key", &key)
        .form(&[("grant_type", "client_credentials"), ("a", "b&c")]);
    assert!(!format!("{form:?}").contains("ecret"));
    assert_eq!(http().send(form).await.unwrap().ok().unwrap().body.len(), 0);
    let json = Request::put(server.at(&format!("Scenarios/{}", path_segment("a/b ä?")))).accept("application/json");
    http().send(json.json(&serde_json::json!({"action": "activate"}))).await.unwrap();
    let seen = server.seen();
    assert!(seen[0].contains("authorization: Basic a2V5OnM6ZWNyZXQ="), "{}", seen[0]);
    assert!(seen[0].contains("content-type: application/x-www-form-urlencoded"));
    assert!(seen[0].ends_with("\r\n\r\ngrant_type=client_credentials&a=b%26c"));
    assert!(seen[1].starts_with("PUT /v1/Scenarios/a%2Fb%20%C3%A4%3F HTTP/1.1"), "{}", seen[1]);
    assert!(
        seen[1].contains("content-type: application/json") && seen[1].ends_with("\r\n\r\n{\"action\":\"activate\"}")
    );
}

#[tokio::test]
async fn a_hostile_id_stays_inside_its_segment() {
    let base = Url::parse("https://host/v1/Scenarios/").unwrap();
    for id in ["..", ".", "../login", "%2e%2e", "a/../../b", "?x", "#x", "\\..\\", "//evil.example", "a\r\nb"] {
        let url = base.join(&path_segment(id)).unwrap();
        assert!(
            url.as_str().starts_with("https://host/v1/Scenarios/") && url.path_segments().unwrap().count() == 3,
            "{id:?} → {url}"
        );
        assert!(url.query().is_none() && url.fragment().is_none(), "{id:?} → {url}");
    }
}

#[tokio::test]
async fn loopback_never_goes_through_a_proxy() {
    let server = Server::start(|_, _| Reply::whole("200 OK", "", "")).await;
    let shared = Arc::new(http());
    shared.send(Request::get(server.at("x"))).await.unwrap();
    // A proxied request has the whole address in its first line.
    assert!(server.seen()[0].starts_with("GET /v1/x HTTP/1.1"));
}

//! What no service would send.

use std::time::Duration;

use ringside_api::view::HistoryFilter;
use ringside_api::{Reply, Request};
use ringside_app::config::Config;
use ringside_exchange::Options;
use ringside_testkit::KeptLog;
use tokio::io::AsyncWriteExt as _;
use tokio::time::Instant;

use crate::raw;
use crate::receiver::{listening, record, until, url, view};
use crate::rig::Rig;

const MIB: usize = 1 << 20;

#[tokio::test]
async fn an_unknown_path_is_nothing_whatever_it_resembles() {
    let rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let known = url(&listening(&rig).await, "voice");
    let base = format!("http://{}", raw::address(&known));
    let whole = known.rsplit('/').next().unwrap().to_owned();
    let mut answers = Vec::new();
    for path in ["", "/", "/orders", "/voice", &format!("/{}", &whole[..39]), &format!("/{}", whole.to_uppercase())] {
        for method in ["GET", "POST", "OPTIONS", "DELETE"] {
            let answer = raw::send(method, &format!("{base}{path}"), "", b"{}").await;
            assert_eq!((answer.status, answer.body.as_str()), (404, ""), "{method} {path}");
            let dated = |line: &&str| !line.starts_with("date:");
            answers.push(answer.head.lines().filter(dated).collect::<Vec<_>>().join("\n"));
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "all the same: {answers:?}");
    assert!(view(&rig).await.accounts.iter().all(|it| it.taken + it.refused == 0));
}

#[tokio::test]
async fn a_path_that_may_still_become_somebodys_is_asked_to_come_later() {
    let waiting: Config =
        toml::from_str("[[accounts]]\nid = \"late\"\nprovider = \"tenios\"\nsecret = { env = \"RINGSIDE_UNSET\" }\n")
            .unwrap();
    let rig = Rig::with_pushes(Options::quiet(), |config| config.accounts.extend(waiting.accounts)).await;
    let known = url(&listening(&rig).await, "clinic");
    let unknown = format!("http://{}/{}", raw::address(&known), "0123456789".repeat(4));
    for method in ["GET", "POST", "OPTIONS"] {
        let answer = raw::send(method, &unknown, "", b"{}").await;
        assert_eq!(answer.status, 503, "{method}");
        assert!(answer.head.contains("retry-after: 5"), "{}", answer.head);
    }
    assert_eq!(raw::post(&known, &record("x1", "ANSWER")).await.status, 200);
    rig.call(Request::RemoveAccount { id: "late".into() }).await.unwrap();
    assert_eq!(raw::post(&unknown, "{}").await.status, 404, "nobody is waited for any more");
}

#[tokio::test]
async fn sixty_four_that_keep_quiet_do_not_keep_a_sixty_fifth_out() {
    let rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let to = url(&listening(&rig).await, "clinic");
    let mut quiet = Vec::new();
    for _ in 0..64 {
        quiet.push(raw::connect(&to).await);
    }
    for n in 0..3 {
        let begun = Instant::now();
        assert_eq!(raw::post(&to, &record(&format!("x{n}"), "ANSWER")).await.status, 200);
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        quiet.push(raw::connect(&to).await);
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_turned_away_and_the_connection_closed() {
    let rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let to = url(&listening(&rig).await, "clinic");
    let answer = raw::send("POST", &to, "", &vec![b'x'; 10 * MIB]).await;
    assert_eq!((answer.status, answer.body.as_str()), (413, ""));
    assert!(answer.head.contains("connection: close"), "{}", answer.head);
    let told = until(&rig, "counted", |it| it.accounts.iter().any(|it| it.refused == 1)).await;
    let clinic = told.accounts.iter().find(|it| it.account == "clinic").unwrap();
    assert_eq!(clinic.last_refused.as_ref().unwrap().code, "push_too_large");
    // Without a length, and without an end.
    let mut stream = raw::connect(&to).await;
    let path = to.rsplit('/').next().unwrap();
    let head = format!("POST /{path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = [format!("{MIB:x}\r\n").into_bytes(), vec![b'y'; MIB], b"\r\n".to_vec()].concat();
    let sending = async { while stream.write_all(&chunk).await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(15), sending).await.expect("it is cut off");
    assert_eq!(raw::post(&to, &record("x1", "ANSWER")).await.status, 200);
}

#[tokio::test]
async fn a_flood_is_slowed_down_and_others_are_not() {
    let rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let view = listening(&rig).await;
    let to = url(&view, "clinic");
    let mut statuses = Vec::new();
    let begun = Instant::now();
    for _ in 0..40 {
        let burst: Vec<_> = (0..20)
            .map(|_| {
                tokio::spawn({
                    let to = to.clone();
                    async move { raw::post(&to, "{}").await }
                })
            })
            .collect();
        for answer in burst {
            statuses.push(answer.await.unwrap());
        }
    }
    let slowed = statuses.iter().filter(|it| it.status == 429).count();
    // 200 at once and 50 a second; how long it took depends on the machine.
    let most = 200 + (begun.elapsed().as_secs_f64() * 50.0) as usize + 1;
    assert!(statuses.len() - slowed >= 200 && statuses.len() - slowed <= most, "{slowed} of {} slowed", statuses.len());
    assert!(slowed > 0 || begun.elapsed() > Duration::from_secs(12), "the machine is faster than the limit");
    assert!(statuses.iter().filter(|it| it.status == 429).all(|it| it.head.contains("retry-after: 1")));
    assert_eq!(raw::post(&url(&view, "voice"), "{}").await.status, 403, "another account is heard");
    let told = until(&rig, "counted", |it| it.accounts.iter().any(|it| it.refused as usize == statuses.len())).await;
    assert!(told.accounts.iter().any(|it| it.last_refused.is_some()));
}

#[tokio::test]
async fn hostile_bodies_are_answered_and_leave_nothing() {
    let rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let view = listening(&rig).await;
    let deep = b"{\"a\":".repeat(6_000);
    let nested = [b"[".repeat(16_000), b"]".repeat(16_000)].concat();
    let long = [b"{\"ivrid\":\"".to_vec(), vec![b'9'; 16 << 10], b"\"}".to_vec()].concat();
    let bodies: [&[u8]; 8] =
        [b"", b"\xff\xfe\x00\x80", b"\0\0\0\0", b"\xef\xbb\xbf{}", &deep, &nested, &long, b"<?xml"];
    for account in ["voice", "clinic"] {
        for kind in ["application/json", "application/x-www-form-urlencoded", "text/\u{1}"] {
            for body in bodies {
                let answer = raw::send("POST", &url(&view, account), &format!("content-type: {kind}\r\n"), body).await;
                assert!([200, 400, 403, 413].contains(&answer.status), "{account} {kind}: {answer:?}");
            }
        }
    }
    assert_eq!(raw::post(&url(&view, "clinic"), &record("x1", "ANSWER")).await.status, 200);
    assert_eq!(rig.history(HistoryFilter::default()).await.rows.len(), 1, "nothing but what was meant");
}

#[tokio::test]
async fn what_is_no_http_is_dropped() {
    let rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let to = url(&listening(&rig).await, "clinic");
    let path = to.rsplit('/').next().unwrap();
    let garbage: Vec<Vec<u8>> = vec![
        b"\x16\x03\x01\x02\x00\x01\x00".to_vec(),
        b"\0\0\0\0\r\n\r\n".to_vec(),
        b"GET\r\n\r\n".to_vec(),
        format!("POST /{path} HTTP/9.9\r\n\r\n").into_bytes(),
        format!("POST /{path} HTTP/1.1\r\ncontent-length: -1\r\n\r\n").into_bytes(),
        format!("POST /{path} HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx").into_bytes(),
        format!("POST /{path} HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(200)).into_bytes(),
        format!("POST /{path} HTTP/1.1\r\na: {}\r\n\r\n", "b".repeat(64 << 10)).into_bytes(),
        [b"GET /".to_vec(), vec![b'a'; 100 << 10]].concat(),
    ];
    for bytes in garbage {
        let mut stream = raw::connect(&to).await;
        // It may be cut off before it is through.
        let _ = stream.write_all(&bytes).await;
        let _ = stream.shutdown().await;
        let answer = String::from_utf8_lossy(&raw::rest(&mut stream).await).into_owned();
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{shown}: {answer}");
    }
    assert_eq!(raw::post(&to, &record("x1", "ANSWER")).await.status, 200);
    assert!(view(&rig).await.accounts.iter().all(|it| it.account != "voice" || it.taken == 0));
}

#[tokio::test]
async fn those_who_keep_quiet_are_cut_off_and_others_get_through() {
    let rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let to = url(&listening(&rig).await, "clinic");
    let path = to.rsplit('/').next().unwrap().to_owned();
    let begun = Instant::now();
    // More than there are places: silent, dripping headers, or a body that never comes.
    let mut quiet = Vec::new();
    for n in 0..70 {
        let mut stream = raw::connect(&to).await;
        match n % 3 {
            0 => {}
            1 => stream.write_all(b"POST / HTTP/1.1\r\nhost: x\r\n").await.unwrap(),
            _ => {
                let head = format!("POST /{path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{{");
                stream.write_all(head.as_bytes()).await.unwrap();
            }
        }
        quiet.push(stream);
    }
    let answer = tokio::time::timeout(Duration::from_secs(20), raw::post(&to, &record("x1", "ANSWER"))).await;
    assert_eq!(answer.expect("it gets through").status, 200);
    let waited = begun.elapsed();
    // Services wait for 3 seconds and more.
    assert!(waited < Duration::from_secs(3), "{waited:?}");
    let late = raw::rest(&mut quiet[2]).await;
    assert!(late.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&late));
}

#[tokio::test]
async fn no_path_secret_or_number_stands_in_a_log() {
    let log = KeptLog::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.writer());
    // This test's runtime has one thread: what it logs is what the app logs.
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    let rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let view = listening(&rig).await;
    let canary = "canary-5f1e-Geheim!";
    for account in ["voice", "clinic"] {
        let to = url(&view, account);
        raw::post(&to, &format!(r#"{{"requestType":"CALL_START","accessKey":"{canary}","variables":{{}}}}"#)).await;
        raw::post(&to, &record("x1", "ANSWER")).await;
        raw::send("POST", &format!("{to}?ivrid={canary}"), "", &vec![b'x'; 2 * MIB]).await;
        raw::send("GET", &format!("{to}/{canary}"), "", b"").await;
        let mut stream = raw::connect(&to).await;
        stream.write_all(format!("POST /{} HTTP/9\r\n\r\n", to.rsplit('/').next().unwrap()).as_bytes()).await.unwrap();
        raw::rest(&mut stream).await;
    }
    rig.call(Request::TestReceiver {}).await.unwrap();
    let Ok(Reply::Text { text: bundle }) = rig.call(Request::SupportBundle {}).await else { panic!("no bundle") };
    assert!(bundle.contains("pushes voice: ") && bundle.contains("refused, last push_"), "{bundle}");
    rig.app.stop().await;
    let log = log.text();
    assert!(log.contains("the receiver listens"), "it was kept: {log}");
    let code = rig.exchange.voicenter().code();
    let key = rig.exchange.tenios().access_key();
    for secret in [canary, crate::rig::POST_KEY, &code, &key] {
        assert!(!log.contains(secret), "{secret} stands in the log");
    }
    assert_ne!(rig.files_with("SQLite format 3"), Vec::<String>::new(), "files are looked through");
    for account in &view.accounts {
        let path = account.local_url.rsplit('/').next().unwrap();
        assert!(!log.contains(path), "the path of {} stands in the log", account.account);
        assert!(!bundle.contains(path) && !format!("{view:?}").contains(path), "nor where an administrator sends it");
        assert_eq!(rig.files_with(path), Vec::<String>::new());
    }
    let number = crate::receiver::COLOGNE;
    assert!(!log.contains(number), "a number stands in the log");
}

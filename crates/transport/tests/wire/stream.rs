//! Event streams over real sockets: cut, reset, silent, and what is no stream at all.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use ringside_transport::stream::{self, Ended};
use ringside_transport::{Backoff, Next, Probe, Request, StreamItem, StreamSettings, TransportError, Verdict};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::server::{Reply, Server, Then, http, seconds};

/// Runs one stream to its end and collects what it told.
async fn collect(request: Request, settings: &StreamSettings, probe: &dyn Probe) -> (Vec<StreamItem>, Ended) {
    let (sender, mut receiver) = mpsc::channel(8);
    let (http, cancel) = (http(), CancellationToken::new());
    let running = async move { stream::run(&http, request, settings, probe, &sender, &cancel).await };
    let collecting = async {
        let mut items = Vec::new();
        while let Some(item) = receiver.recv().await {
            items.push(item);
        }
        items
    };
    let (ended, items) = tokio::join!(running, collecting);
    (items, ended)
}

async fn end_of(reply: impl FnMut(usize, &str) -> Reply + Send + 'static) -> (Vec<StreamItem>, Ended) {
    let server = Server::start(reply).await;
    collect(Request::get(server.at("calls")), &StreamSettings::default(), &Verdict::Lost).await
}

fn data(items: &[StreamItem]) -> Vec<String> {
    let data = items.iter().filter_map(|item| match item {
        StreamItem::Event(event) => Some(event.data.clone()),
        StreamItem::Open { .. } | StreamItem::Comment | StreamItem::Retry(_) | StreamItem::TooLong => None,
    });
    data.collect()
}

fn numbered(numbers: std::ops::Range<usize>) -> Vec<u8> {
    numbers.flat_map(|n| format!("id: {n}\ndata: {{\"uuid\":\"{n}\",\"state\":\"ring\"}}\n\n").into_bytes()).collect()
}

#[tokio::test]
async fn a_stream_tells_everything_in_order() {
    let body = b"\xEF\xBB\xBF: hello\r\nretry: 2500\r\n\r\nevent: call\r\nid: 9\r\ndata: {\"a\":1}\r\n\r\ndata: cut";
    let (items, ended) = end_of(move |_, request| {
        assert!(request.contains("accept: text/event-stream"), "{request}");
        Reply::stream(body, Then::Close)
    })
    .await;
    let event = stream::SseEvent { event: "call".into(), data: "{\"a\":1}".into(), id: "9".into() };
    let expected = [
        StreamItem::Open { request_id: None },
        StreamItem::Comment,
        StreamItem::Retry(std::time::Duration::from_millis(2500)),
        StreamItem::Event(event),
    ];
    assert_eq!(items, expected);
    assert_eq!(ended.error, TransportError::StreamEnded);
    assert_eq!(ended.last_event_id, "9");
    assert!(ended.opened_at.is_some());
}

#[tokio::test]
async fn five_hundred_resets_never_deliver_half_an_event() {
    let body = numbered(0..20);
    let whole: Vec<String> = (0..20).map(|n| format!("{{\"uuid\":\"{n}\",\"state\":\"ring\"}}")).collect();
    let mut rng = StdRng::seed_from_u64(20260302);
    let cuts: Vec<usize> = (0..500).map(|_| rng.random_range(0..body.len())).collect();
    let server = Server::start({
        let (body, cuts) = (body.clone(), cuts.clone());
        move |number, _| Reply::stream(&body[..cuts[number]], Then::Reset)
    })
    .await;
    for cut in cuts {
        let (items, ended) =
            collect(Request::get(server.at("calls")), &StreamSettings::default(), &Verdict::Lost).await;
        let data = data(&items);
        let complete = body[..cut].windows(2).filter(|pair| pair == b"\n\n").count();
        // A reset may take with it what the network had not handed over yet, but never cuts or reorders.
        assert!(data.len() <= complete && whole.starts_with(&data), "cut at {cut}: {data:?}");
        assert!(ended.error.is_transient(), "cut at {cut}: {:?}", ended.error);
        let first = Backoff::new().decide(Instant::now(), &ended.error, &mut rng);
        assert!(matches!(first, Next::After(pause) if pause <= seconds(1)), "cut at {cut}: {first:?}");
    }
}

#[tokio::test]
async fn a_replaying_server_loses_and_repeats_nothing() {
    const EVENTS: usize = 1000;
    let mut rng = StdRng::seed_from_u64(7);
    let server = Server::start(move |_, request| {
        let last = request.lines().find_map(|line| line.strip_prefix("last-event-id: ")?.parse::<usize>().ok());
        let from = last.map_or(0, |last| last + 1);
        let mut body = numbered(from..EVENTS);
        let cut = rng.random_range(0..4000.min(body.len() + 1));
        body.truncate(cut);
        Reply::stream(body, Then::Close)
    })
    .await;
    let (mut got, mut last) = (Vec::new(), String::new());
    for _ in 0..2000 {
        let mut request = Request::get(server.at("calls"));
        if !last.is_empty() {
            request = request.header("last-event-id", &last);
        }
        let (items, ended) = collect(request, &StreamSettings::default(), &Verdict::Lost).await;
        got.extend(data(&items));
        last = ended.last_event_id;
        if got.len() >= EVENTS {
            break;
        }
    }
    let expected: Vec<String> = (0..EVENTS).map(|n| format!("{{\"uuid\":\"{n}\",\"state\":\"ring\"}}")).collect();
    assert!(got == expected, "{} events", got.len());
}

#[tokio::test]
async fn what_is_no_stream_says_what_it_is() {
    let (_, ended) = end_of(|_, _| Reply::whole("204 No Content", "", "")).await;
    assert_eq!(ended.error, TransportError::NoContent);
    let (_, ended) = end_of(|_, _| Reply::whole("200 OK", "content-type: application/json\r\n", "[]")).await;
    assert_eq!(ended.error, TransportError::NotEventStream { content_type: "application/json".into() });
    let (_, ended) = end_of(|_, _| Reply::whole("200 OK", "content-type: text/html\r\n", "<title>Login</title>")).await;
    assert_eq!(ended.error, TransportError::Html { title: Some("Login".into()) });
    let (items, ended) =
        end_of(|_, _| Reply::whole("406 Not Acceptable", "x-request-id: r-4\r\n", "{\"error\":\"no\"}")).await;
    assert_eq!((ended.error.status(), ended.error.code(), items.len()), (Some(406), "not_acceptable", 0));
    assert!(ended.opened_at.is_none());
    let (_, ended) =
        end_of(|_, _| Reply::whole("200 OK", "content-type: Text/Event-Stream;charset=UTF-8\r\n", "data: a\n\n")).await;
    assert_eq!(ended.error, TransportError::StreamEnded);
}

#[tokio::test]
async fn every_status_leads_to_its_next_step() {
    let table = [
        ("204 No Content", Next::Stop),
        ("401 Unauthorized", Next::Renew),
        ("403 Forbidden", Next::Stop),
        ("404 Not Found", Next::Stop),
        ("410 Gone", Next::Stop),
        ("301 Moved", Next::Stop),
        ("307 Temporary", Next::Stop),
    ];
    let mut rng = StdRng::seed_from_u64(1);
    for (status, next) in table {
        let (_, ended) = end_of(move |_, _| Reply::whole(status, "location: https://elsewhere.example/\r\n", "")).await;
        assert_eq!(Backoff::new().decide(Instant::now(), &ended.error, &mut rng), next, "{status}");
    }
    for status in ["429 Too Many Requests", "500 Error", "503 Unavailable"] {
        let (_, ended) = end_of(move |_, _| Reply::whole(status, "retry-after: 7\r\n", "")).await;
        let next = Backoff::new().decide(Instant::now(), &ended.error, &mut rng);
        assert!(matches!(next, Next::After(pause) if (seconds(7)..=seconds(8)).contains(&pause)), "{status}: {next:?}");
    }
}

#[tokio::test]
async fn a_dial_answered_with_json_is_not_lost() {
    let server =
        Server::start(|_, _| Reply::whole("202 Accepted", "content-type: application/json\r\n", "{\"uuid\":\"u\"}"))
            .await;
    let opened = stream::open(&http(), Request::post(server.at("calls")).json(&1)).await.unwrap();
    let stream::Opened::Other(answer) = opened else { panic!("JSON is no stream") };
    assert_eq!(answer.json::<serde_json::Value>().unwrap()["uuid"], "u");
}

#[tokio::test]
async fn a_stream_outlives_the_total_time_out_of_requests() {
    let server = Server::start(|_, _| Reply::stream("data: a\n\n", Then::Hold)).await;
    let request = Request::get(server.at("calls")).timeout(std::time::Duration::from_millis(300));
    let started = Instant::now();
    let settings = StreamSettings { heartbeat: None, probe_after: seconds(1), ..StreamSettings::default() };
    let (items, ended) = collect(request, &settings, &Verdict::Lost).await;
    assert_eq!(data(&items), ["a"]);
    assert!(matches!(ended.error, TransportError::Silent { .. }), "{:?}", ended.error);
    assert!(started.elapsed() >= seconds(1));
}

#[tokio::test]
async fn cancelling_and_a_lost_receiver_end_a_stream() {
    let server = Server::start(|_, _| Reply::stream("data: a\n\n", Then::Hold)).await;
    let (http, cancel, settings) = (http(), CancellationToken::new(), StreamSettings::default());
    let (sender, mut receiver) = mpsc::channel(8);
    let running = stream::run(&http, Request::get(server.at("x")), &settings, &Verdict::Alive, &sender, &cancel);
    let stopping = async {
        while !matches!(receiver.recv().await, Some(StreamItem::Event(_))) {}
        cancel.cancel();
    };
    let (ended, ()) = tokio::join!(running, stopping);
    assert_eq!(ended.error, TransportError::Cancelled);
    drop(receiver);
    let cancel = CancellationToken::new();
    let ended = stream::run(&http, Request::get(server.at("x")), &settings, &Verdict::Alive, &sender, &cancel).await;
    assert_eq!(ended.error, TransportError::Cancelled);
}

#[tokio::test]
async fn a_slow_receiver_loses_nothing() {
    let server = Server::start(|_, _| Reply::stream(numbered(0..20_000), Then::Close)).await;
    let (http, cancel, settings) = (http(), CancellationToken::new(), StreamSettings::default());
    let (sender, mut receiver) = mpsc::channel(1);
    let running = async move {
        let request = Request::get(server.at("x"));
        stream::run(&http, request, &settings, &Verdict::Alive, &sender, &cancel).await
    };
    let reading = async {
        let mut events = 0;
        while let Some(item) = receiver.recv().await {
            events += usize::from(matches!(item, StreamItem::Event(_)));
            tokio::task::yield_now().await;
        }
        events
    };
    let (ended, events) = tokio::join!(running, reading);
    assert_eq!((ended.error, events), (TransportError::StreamEnded, 20_000));
}

/// A stream that says `bytes` after each pause, then nothing for ever, without closing.
async fn heart(beats: Vec<(u64, &'static [u8])>) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut head = [0; 4096];
        let _ = socket.read(&mut head).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n").await.unwrap();
        for (pause, bytes) in beats {
            tokio::time::sleep(seconds(pause)).await;
            socket.write_all(bytes).await.unwrap();
        }
        std::future::pending::<()>().await;
    });
    url
}

/// Runs a stream on a clock that jumps over every wait, once the connection stands.
async fn silence(url: Url, settings: StreamSettings, probe: &dyn Probe) -> (u64, TransportError) {
    let (http, cancel) = (http(), CancellationToken::new());
    let stream::Opened::Events(stream) = stream::open(&http, Request::get(url)).await.unwrap() else {
        panic!("a stream")
    };
    tokio::time::pause();
    let started = Instant::now();
    let (sender, mut receiver) = mpsc::channel(8);
    let running = async move { stream.run(&settings, probe, &sender, &cancel).await };
    let draining = async { while receiver.recv().await.is_some() {} };
    let (ended, ()) = tokio::join!(running, draining);
    ((started.elapsed().as_millis() as f64 / 1000.0).round() as u64, ended.error)
}

#[derive(Default)]
struct Counting {
    asked: AtomicUsize,
    /// The verdicts in order, then lost.
    verdicts: Mutex<Vec<Verdict>>,
}

#[async_trait]
impl Probe for Counting {
    async fn probe(&self) -> Verdict {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.verdicts.lock().unwrap().pop().unwrap_or(Verdict::Lost)
    }
}

struct NeverAnswers;

#[async_trait]
impl Probe for NeverAnswers {
    async fn probe(&self) -> Verdict {
        std::future::pending().await
    }
}

#[tokio::test]
async fn half_open_with_a_known_heartbeat_is_found_in_two_beats_and_five_seconds() {
    let settings = StreamSettings { heartbeat: Some(seconds(15)), ..StreamSettings::default() };
    let (after, error) = silence(heart(vec![(15, b":\n\n"), (15, b":\n\n")]).await, settings, &Verdict::Alive).await;
    assert_eq!((after, error.code()), (30 + 35, "stream_silent"));
}

#[tokio::test]
async fn half_open_with_a_learnt_heartbeat_is_found_in_two_beats_and_five_seconds() {
    let probe = Counting::default();
    let (after, error) = silence(heart(vec![(10, b":\n\n"); 5]).await, StreamSettings::default(), &probe).await;
    assert_eq!(after, 50 + 25, "{error:?}");
    assert!(matches!(error, TransportError::Silent { .. }), "{error:?}");
    assert_eq!(probe.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn half_open_without_a_heartbeat_is_found_by_the_probe_within_forty_five_seconds() {
    let (after, _) = silence(heart(vec![(3, b"data: a\n\n")]).await, StreamSettings::default(), &Verdict::Lost).await;
    assert_eq!(after, 3 + 40);
}

#[tokio::test]
async fn a_probe_without_an_answer_counts_as_lost() {
    let (after, _) = silence(heart(vec![(3, b"data: a\n\n")]).await, StreamSettings::default(), &NeverAnswers).await;
    assert_eq!(after, 3 + 45);
}

#[tokio::test]
async fn a_probe_that_finds_the_stream_alive_keeps_it() {
    let probe = Counting { verdicts: Mutex::new(vec![Verdict::Alive; 3]), ..Counting::default() };
    let (after, _) = silence(heart(vec![]).await, StreamSettings::default(), &probe).await;
    assert_eq!((after, probe.asked.load(Ordering::SeqCst)), (160, 4));
}

#[tokio::test]
async fn bytes_during_a_probe_end_it() {
    let (after, error) =
        silence(heart(vec![(42, b"data: late\n\n")]).await, StreamSettings::default(), &NeverAnswers).await;
    assert_eq!(after, 42 + 45, "{error:?}");
}

//! A flood of what is too large costs no memory. Alone in its process, since it measures that process.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops at once")]

#[path = "office/raw.rs"]
#[expect(dead_code, reason = "shared with the tests of the office")]
mod raw;
#[path = "office/rig.rs"]
#[expect(dead_code, reason = "shared with the tests of the office")]
mod rig;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ringside_api::{Reply, Request};
use ringside_exchange::Options;
use tokio::io::AsyncWriteExt as _;
use tokio::task::JoinSet;

const MIB: usize = 1 << 20;
const BODY: usize = 10 * MIB;
/// As many as are served at once.
const AT_ONCE: usize = 64;
const MOST_GROWTH: i64 = 10 << 20;

static CHUNK: [u8; 32 << 10] = [b'x'; 32 << 10];

/// Resident memory in bytes; 0 where the system does not tell.
fn resident() -> i64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    pages.and_then(|text| text.split(' ').nth(1)?.parse::<i64>().ok()).unwrap_or(0) * 4096
}

/// How the end of a body is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Told,
    Untold,
}

/// Sends so many bytes to the account; `pause` lies between what is allowed of it and the rest.
async fn send(to: String, length: Length, bytes: usize, pause: Duration) -> u16 {
    let mut stream = raw::connect(&to).await;
    let path = to.rsplit('/').next().unwrap();
    let framing = match length {
        Length::Told => format!("content-length: {bytes}"),
        Length::Untold => "transfer-encoding: chunked".to_owned(),
    };
    stream.write_all(format!("POST /{path} HTTP/1.1\r\nhost: x\r\n{framing}\r\n\r\n").as_bytes()).await.unwrap();
    for sent in (0..bytes).step_by(CHUNK.len()) {
        if sent == CHUNK.len() {
            tokio::time::sleep(pause).await;
        }
        let part = &CHUNK[..CHUNK.len().min(bytes - sent)];
        let written = match length {
            Length::Told => stream.write_all(part).await,
            Length::Untold => {
                async {
                    stream.write_all(format!("{:x}\r\n", part.len()).as_bytes()).await?;
                    stream.write_all(part).await?;
                    stream.write_all(b"\r\n").await
                }
                .await
            }
        };
        // Whoever is turned away early does not read on.
        if written.is_err() {
            break;
        }
    }
    if length == Length::Untold {
        let _ = stream.write_all(b"0\r\n\r\n").await;
    }
    raw::read(&raw::rest(&mut stream).await).status
}

async fn flood(to: &str, length: Length, bytes: usize, pause: Duration) -> Vec<u16> {
    let mut senders = JoinSet::new();
    for _ in 0..AT_ONCE {
        senders.spawn(send(to.to_owned(), length, bytes, pause));
    }
    senders.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_bodies_of_ten_megabytes_costs_no_memory() {
    let rig = rig::Rig::with_pushes(Options::quiet(), |_| {}).await;
    let to = loop {
        let Ok(Reply::Receiver { receiver }) = rig.call(Request::Receiver {}).await else { panic!("no receiver") };
        if let Some(account) =
            receiver.accounts.iter().find(|it| it.account == "clinic" && receiver.listening.is_some())
        {
            break account.local_url.clone();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    // What so many connections and an ordinary day cost is there before.
    flood(&to, Length::Told, 500, Duration::ZERO).await;
    let before = resident();
    for length in [Length::Told, Length::Untold] {
        // The bucket of requests fills again.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let over = AtomicBool::new(false);
        let watched = async {
            let mut highest = before;
            while !over.load(Ordering::Relaxed) {
                highest = highest.max(resident());
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            highest
        };
        // All of them hold what is allowed of a body at the same time.
        let flooded = async {
            let statuses = flood(&to, length, BODY, Duration::from_millis(500)).await;
            over.store(true, Ordering::Relaxed);
            statuses
        };
        let (highest, statuses) = tokio::join!(watched, flooded);
        assert!(statuses.iter().all(|status| [413, 503].contains(status)), "{length:?}: {statuses:?}");
        let grown = highest - before;
        println!("{length:?}: grew by {grown}");
        assert!(grown <= MOST_GROWTH, "{length:?}: grew by {grown} bytes");
    }
    let answered = flood(&to, Length::Told, 2, Duration::ZERO).await;
    assert!(answered.iter().all(|status| *status != 503), "afterwards all is as before: {answered:?}");
}

//! `watch` begins with how everything stands, tells each change once, and ends when it is told to.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use ringside_exchange::{Exchange, Options, RingSpec};
use ringside_tests::bare::Bare;
use ringside_tests::wait::PATIENCE;
use serde_json::Value;
use tokio::time::Instant;

/// On a machine that is busy with other tests.
const AT_ONCE: Duration = Duration::from_secs(8);

struct Watching {
    child: Child,
    rows: Receiver<Value>,
    seen: Vec<Value>,
}

impl Watching {
    fn start(bare: &Bare, arguments: &[&str]) -> Self {
        let mut child = bare.command(arguments).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, rows) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = sender.send(serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line}")));
            }
        });
        Self { child, rows, seen: Vec::new() }
    }

    /// Reads on until a row is as wanted.
    fn until(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while let Ok(row) = self.rows.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            self.seen.push(row);
            if self.seen.last().is_some_and(&wanted) {
                return;
            }
        }
        panic!("never came: {what}; there is {:#?}", self.seen);
    }

    fn signal(&mut self, signal: &str) -> (Option<i32>, Duration) {
        let told = Instant::now();
        assert!(Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status().unwrap().success());
        (self.child.wait().unwrap().code(), told.elapsed())
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a row is about.
fn of(row: &Value) -> String {
    ["event", "id", "account", "call", "extension"].map(|field| row[field].to_string()).join(" ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_begins_with_links_and_lines_and_tells_each_change_once() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let bare = Bare::on(&exchange);
    tokio::task::block_in_place(|| {
        let mut watching = Watching::start(&bare, &["--json", "watch"]);
        watching.until("a link", |row| row["event"] == "link");
        let line = |state: &'static str| {
            move |row: &Value| row["event"] == "line" && row["extension"] == "44" && row["line"] == state
        };
        watching.until("44 is idle", line("idle"));
        let call = exchange.ring(RingSpec::to("44").from("4922166966966"));
        watching.until("44 rings", line("ringing"));
        call.answer("44");
        watching.until("44 talks", line("busy"));
        call.hang_up();
        watching.until("44 is idle again", line("idle"));
        let links: Vec<_> =
            watching.seen.iter().take(2).map(|row| (row["event"].as_str(), row["id"].as_str())).collect();
        let both = [(Some("link"), Some("forwarding")), (Some("link"), Some("office"))];
        assert_eq!(links, both, "every link stands at the beginning");
        let mut last: HashMap<String, &Value> = HashMap::new();
        for row in &watching.seen {
            assert_ne!(last.insert(of(row), row), Some(row), "told twice");
        }
        let lines = last.keys().filter(|key| key.starts_with("\"line\"")).count();
        assert_eq!(lines, 46, "every line was told");
        let told =
            |event: &str| watching.seen.iter().filter(|row| row["event"] == event && row["extension"] == "44").count();
        assert!(told("call") >= 3, "{:#?}", watching.seen);
        // A second one through the same, now that the lines are known from before: they stand at its beginning.
        let (code, _) = watching.signal("INT");
        assert_eq!(code, Some(0));
        let mut again = Watching::start(&bare, &["--json", "watch"]);
        again.until("44 as it was last known", |row| row["event"] == "line" && row["extension"] == "44");
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_ends_at_once_when_it_is_told_to_and_when_nobody_reads() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let bare = Bare::on(&exchange);
    tokio::task::block_in_place(|| {
        for signal in ["INT", "TERM"] {
            let mut watching = Watching::start(&bare, &["--json", "watch"]);
            watching.until("all is there", |row| row["event"] == "line" && row["line"] == "idle");
            let (code, took) = watching.signal(signal);
            assert_eq!(code, Some(0), "{signal}");
            assert!(took < AT_ONCE, "{signal}: {took:?}");
        }
        let mut child = bare.command(&["watch"]).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut String::new()).unwrap();
        // Everything that is to be said at first, so that only a look at the pipe tells that nobody reads.
        std::thread::sleep(Duration::from_secs(2));
        drop(stdout);
        let left = Instant::now();
        assert_eq!(child.wait().unwrap().code(), Some(0));
        assert!(left.elapsed() < AT_ONCE, "{:?}", left.elapsed());
    });
}

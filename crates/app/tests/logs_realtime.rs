//! What libraries trace of a socket's token, and that none of it is kept. Alone in its process, since it takes the
//! process's log.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops at once")]

#[path = "office/raw.rs"]
#[expect(dead_code, reason = "shared with the tests of the office")]
mod raw;
#[path = "office/rig.rs"]
#[expect(dead_code, reason = "shared with the tests of the office")]
mod rig;

use std::io;
use std::sync::Mutex;
use std::time::Duration;

use ringside_app::logs::may_be_kept;
use ringside_domain::LinkPhase;
use ringside_exchange::Options;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, filter_fn};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::rig::Rig;

/// Everything, and what the app would keep of it.
static LOGS: [Mutex<Vec<u8>>; 2] = [Mutex::new(Vec::new()), Mutex::new(Vec::new())];

struct Sink(usize);

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGS[self.0].lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn log(which: usize) -> String {
    String::from_utf8_lossy(&LOGS[which].lock().unwrap()).into_owned()
}

#[tokio::test]
async fn a_token_that_a_library_traces_is_not_kept() {
    let wanted = || EnvFilter::new("trace,ringside_exchange=off");
    let all = layer().with_ansi(false).with_writer(|| Sink(0)).with_filter(wanted());
    let kept = layer().with_ansi(false).with_writer(|| Sink(1)).with_filter(wanted().and(filter_fn(may_be_kept)));
    tracing_subscriber::registry().with(all).with(kept).init();
    let mut rig = Rig::with_accounts(
        Options::quiet(),
        |exchange| {
            let lines = format!(
                "id = \"clinic\"\nprovider = \"voicenter\"\nbase_url = \"{}\"\n[accounts.options]\nsilence_seconds = 0.2\n",
                exchange.voicenter_url()
            );
            vec![(lines, exchange.voicenter().code())]
        },
        async |_| {},
    )
    .await;
    rig.eventually("real time", |snapshot| snapshot.accounts.iter().any(|it| it.link.phase == LinkPhase::Online)).await;
    // A silent socket is asked whether it lives, with the token.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    rig.app.stop().await;
    let (all, kept) = (log(0), log(1));
    assert!(all.contains("eyJ"), "a library traces the token, which is what is guarded against");
    assert!(kept.contains("ringside_"), "ours is kept: {kept}");
    for secret in ["eyJ", &rig.exchange.voicenter().code()] {
        assert!(!kept.contains(secret), "{secret} is kept in the log");
    }
}

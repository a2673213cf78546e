//! What libraries trace of a socket's token, and that none of it is kept. Alone in its process, since it takes the
//! process's log.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops at once")]

#[path = "office/raw.rs"]
#[expect(dead_code, reason = "shared with the tests of the office")]
mod raw;
#[path = "office/rig.rs"]
#[expect(dead_code, reason = "shared with the tests of the office")]
mod rig;

use std::time::Duration;

use ringside_app::logs::may_be_kept;
use ringside_domain::LinkPhase;
use ringside_exchange::Options;
use ringside_testkit::KeptLog;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, filter_fn};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::rig::Rig;

#[tokio::test]
async fn a_token_that_a_library_traces_is_not_kept() {
    // Everything, and what the app would keep of it.
    let (all_log, kept_log) = (KeptLog::default(), KeptLog::default());
    let wanted = || EnvFilter::new("trace,ringside_exchange=off");
    let all = layer().with_ansi(false).with_writer(all_log.writer()).with_filter(wanted());
    let kept =
        layer().with_ansi(false).with_writer(kept_log.writer()).with_filter(wanted().and(filter_fn(may_be_kept)));
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
    let (all, kept) = (all_log.text(), kept_log.text());
    assert!(all.contains("eyJ"), "a library traces the token, which is what is guarded against");
    assert!(kept.contains("ringside_"), "ours is kept: {kept}");
    for secret in ["eyJ", &rig.exchange.voicenter().code()] {
        assert!(!kept.contains(secret), "{secret} is kept in the log");
    }
}

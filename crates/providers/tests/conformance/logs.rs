//! Everything that was logged, at the finest level.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::LazyLock;

use ringside_testkit::KeptLog;
use tracing_subscriber::filter::LevelFilter;

static LOG: LazyLock<KeptLog> = LazyLock::new(|| {
    let log = KeptLog::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_ansi(false);
    tracing::subscriber::set_global_default(subscriber.with_writer(log.writer()).finish()).unwrap();
    log
});

/// Keeps all that is logged from now on, by whatever test.
pub fn keep() {
    LazyLock::force(&LOG);
}

pub fn text() -> String {
    LOG.text()
}

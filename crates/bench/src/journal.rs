//! Past calls from a service's own record: the first reading of a long one, its memory, and a reading that finds nothing.

use std::time::Duration;

use anyhow::Context as _;
use ringside_api::view::JournalView;
use ringside_app::Handle;
use ringside_exchange::{Exchange, Options};
use tokio::time::Instant;

use crate::Extent;
use crate::core;
use crate::report::{Good, Row};

const ACCOUNT: &str = "mobile";
/// The longest retention; the exchange spreads its records over a year.
const DAYS: usize = 180;

pub async fn measure(extent: Extent) -> anyhow::Result<Vec<Row>> {
    let wanted = extent.rounds(100_000);
    let mut options = Options::quiet();
    options.fonial.past_calls = wanted * 365 / DAYS + 365;
    let exchange = Exchange::start(options).await?;
    let folder = core::folder()?;
    let app = open(&exchange, folder.path()).await?;
    let began = Instant::now();
    let (mut at_a_quarter, mut slowest) = (None, Duration::ZERO);
    loop {
        let asked = Instant::now();
        let journal = journal(&app).await?;
        slowest = slowest.max(asked.elapsed());
        if journal.as_ref().is_some_and(|it| it.read_from.is_some() && !it.reading) {
            break;
        }
        if at_a_quarter.is_none() && journal.as_ref().is_some_and(|it| share(it) > 0.25) {
            at_a_quarter = Some(resident()?);
        }
        anyhow::ensure!(began.elapsed() < Duration::from_secs(300), "the journal was not read in five minutes");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let took = began.elapsed();
    let grown = resident()? - at_a_quarter.context("the first quarter was not seen")?;
    app.stop().await;
    let rows = stored(folder.path()).await?;
    let again = resync(&exchange, folder.path()).await?;
    Ok(vec![
        Row::of("first sync of 100,000 journal rows", took.as_secs_f64(), "s", Good::AtMost, 20.0)
            .remark(format!("{rows} rows over {DAYS} days, over HTTP, with names and the search index")),
        Row::of("its memory from the first quarter to the end", grown, "MB", Good::AtMost, 10.0)
            .remark("the exchange runs in the same process"),
        Row::of("slowest snapshot meanwhile", slowest.as_secs_f64() * 1e3, "ms", Good::AtMost, 100.0),
        Row::of("re-sync that finds nothing new", again.as_secs_f64(), "s", Good::AtMost, 1.0)
            .remark("from the start of the app, sign-in included"),
    ])
}

async fn resync(exchange: &Exchange, folder: &std::path::Path) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let app = open(exchange, folder).await?;
    while journal(&app).await?.is_none_or(|it| it.read_from.is_none() || it.reading) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let took = began.elapsed();
    app.stop().await;
    Ok(took)
}

async fn open(exchange: &Exchange, folder: &std::path::Path) -> anyhow::Result<Handle> {
    let fonial = exchange.fonial();
    let config = format!(
        "[history]\ndays = {DAYS}\n[[accounts]]\nid = \"{ACCOUNT}\"\nprovider = \"fonial\"\nbase_url = \"{}\"\n\
        username = \"{}\"\nsecret = \"keyring\"\n",
        exchange.fonial_url(),
        fonial.username(),
    );
    core::open(&config, ACCOUNT, fonial.password(), folder).await
}

async fn journal(app: &Handle) -> anyhow::Result<Option<JournalView>> {
    let accounts = core::snapshot(app).await?.accounts;
    Ok(accounts.into_iter().find(|account| account.id == ACCOUNT).and_then(|account| account.journal))
}

fn share(journal: &JournalView) -> f64 {
    let (Some(from), Some(until), Some(wanted)) = (journal.read_from, journal.read_until, journal.wanted_from) else {
        return 0.0;
    };
    (until - from) as f64 / (until - wanted).max(1) as f64
}

async fn stored(folder: &std::path::Path) -> anyhow::Result<u64> {
    let store = ringside_store::Store::open(folder, "2026-03-02T08:00:00Z".parse()?).await?.store;
    let rows = store.export_csv(&ringside_store::HistoryQuery::default(), std::io::sink()).await?;
    store.close().await?;
    Ok(rows)
}

/// This process's resident memory, in megabytes.
fn resident() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
    let kilobytes: f64 = line.split_whitespace().nth(1).context("no size")?.parse()?;
    Ok(kilobytes / 1024.0)
}

//! Writing the history: what a leg's change costs until it survives the process, beside SQLite alone.

use jiff::{SignedDuration, Timestamp};
use ringside_domain::{Direction, Label, LegKey, Outcome, Party, Phase, PhoneNumber};
use ringside_store::{LegRecord, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::time::Instant;

use crate::Extent;
use crate::report::{Good, Row};
use crate::samples::Samples;

pub async fn measure(extent: Extent) -> anyhow::Result<Vec<Row>> {
    let calls = extent.rounds(5_000);
    // Not in memory: /tmp often is.
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(std::env::current_dir()?)?;
    let start: Timestamp = "2026-03-02T08:00:00Z".parse()?;
    let store = Store::open(folder.path(), start).await?.store;
    let mut raw = raw(&folder.path().join("raw.db")).await?;
    let (mut ours, mut theirs) = (Samples::default(), Samples::default());
    // Turn by turn, so that a slow moment of the disk hits both.
    for call in 0..calls {
        for leg in life(call, start)? {
            let began = Instant::now();
            store.write_leg(&leg).await?;
            ours.add_ms(began.elapsed());
            let began = Instant::now();
            write_raw(&mut raw, &leg).await?;
            theirs.add_ms(began.elapsed());
        }
    }
    store.close().await?;
    let remark = format!(
        "{} writes of legs; SQLite alone p50 {:.3} ms, p99 {:.2} ms",
        ours.count(),
        theirs.median(),
        theirs.at(0.99)
    );
    Ok(vec![
        Row::of("history write, p50", ours.median(), "ms", Good::AtMost, 0.5).remark(remark),
        Row::of("history write, p99", ours.at(0.99), "ms", Good::AtMost, 8.0),
        Row::of("history write p50 beside SQLite alone", ours.median() / theirs.median(), "×", Good::AtMost, 1.5)
            .remark("SQLite alone upserts one row of the same columns without search index, call row or look-back"),
        Row::of("history write p99 beside SQLite alone", ours.at(0.99) / theirs.at(0.99), "×", Good::AtMost, 1.5),
    ])
}

/// Rings, is answered, ends.
fn life(call: usize, start: Timestamp) -> anyhow::Result<[LegRecord; 3]> {
    let began = start + SignedDuration::from_secs(call as i64 * 40);
    let ringing = LegRecord {
        key: LegKey::new("office", format!("6f1c2d34-5a6b-4c7d-8e9f-{call:012}"), format!("{}", 22 + call % 40)),
        attempt: 1,
        mine: call % 40 == 9,
        direction: Direction::Inbound,
        phase: Phase::Ringing,
        remote: Party::Number(PhoneNumber::from_e164(&format!("+49221669{:05}", call % 500))?),
        our_number: Party::Number(PhoneNumber::from_e164("+4922147131")?),
        class: None,
        name: Label::new("Dr. Miriam Lenz"),
        company: Label::new("Orthopädie Lenz"),
        began,
        started_at: began,
        answered_at: None,
        ended_at: None,
        outcome: None,
        provisional: false,
    };
    let answered_at = Some(began + SignedDuration::from_secs(8));
    let answered = LegRecord { phase: Phase::Connected, answered_at, ..ringing.clone() };
    let ended_at = Some(began + SignedDuration::from_secs(30));
    let ended = LegRecord { phase: Phase::Ended, ended_at, outcome: Some(Outcome::Answered), ..answered.clone() };
    Ok([ringing, answered, ended])
}

/// A database with the settings of the store's own.
async fn raw(path: &std::path::Path) -> anyhow::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal);
    let mut connection = options.connect().await?;
    sqlx::query(
        "CREATE TABLE legs (call TEXT NOT NULL, extension TEXT NOT NULL, attempt INTEGER NOT NULL, mine INTEGER NOT NULL, \
         direction TEXT NOT NULL, phase TEXT NOT NULL, remote TEXT NOT NULL, name TEXT NOT NULL, company TEXT NOT NULL, \
         started_at INTEGER NOT NULL, answered_at INTEGER, ended_at INTEGER, PRIMARY KEY (call, extension, attempt)) STRICT",
    )
    .execute(&mut connection)
    .await?;
    connection.ping().await?;
    Ok(connection)
}

async fn write_raw(connection: &mut SqliteConnection, leg: &LegRecord) -> anyhow::Result<()> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query(
        "INSERT INTO legs VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET phase = excluded.phase, \
         answered_at = excluded.answered_at, ended_at = excluded.ended_at",
    )
    .bind(leg.key.call.as_str())
    .bind(leg.key.extension.as_str())
    .bind(leg.attempt)
    .bind(leg.mine)
    .bind(format!("{:?}", leg.direction))
    .bind(format!("{:?}", leg.phase))
    .bind("+4922166966966")
    .bind(leg.name.as_str())
    .bind(leg.company.as_str())
    .bind(leg.started_at.as_millisecond())
    .bind(leg.answered_at.map(Timestamp::as_millisecond))
    .bind(leg.ended_at.map(Timestamp::as_millisecond))
    .execute(&mut *transaction)
    .await?;
    Ok(transaction.commit().await?)
}

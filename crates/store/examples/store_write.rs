//! What writing a leg costs, beside the same rows written by SQLite with nothing of ours around it. Prints one JSON
//! object with times in microseconds; written means: survives `kill -9`. `raw_full` is the same with every commit
//! synchronised with the disk, as power loss would ask for.
//!
//! `cargo run --example store_write -- [WRITES]`

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use ringside_domain::{Direction, LegKey, Outcome, Party, Phase, PhoneNumber, Timestamp};
use ringside_store::{LegRecord, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use tokio::time::Instant;

/// A database that has seen some months: an empty one would flatter.
const BEFORE: u64 = 20_000;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let writes = std::env::args().nth(1).map_or(Ok(2_000), |writes| writes.parse::<u64>())?;
    let folder = std::env::temp_dir().join(format!("ringside-store-write-{}", std::process::id()));
    let measured = measure(&folder, writes).await;
    std::fs::remove_dir_all(&folder)?;
    println!("{}", measured?);
    Ok(())
}

async fn measure(folder: &Path, writes: u64) -> Result<String, Box<dyn Error>> {
    let now = Timestamp::from_second(1_770_000_000)?;
    let store = Store::open(&folder.join("ours"), now).await?.store;
    let before: Vec<_> = (0..BEFORE).map(|n| leg(n, 2)).collect::<Result<_, _>>()?;
    for some in before.chunks(1_000) {
        store.write_legs(some).await?;
    }
    store.close().await?;
    // The other one starts from the same file.
    std::fs::create_dir_all(folder.join("raw"))?;
    std::fs::copy(folder.join("ours/ringside.db"), folder.join("raw/ringside.db"))?;

    std::fs::copy(folder.join("ours/ringside.db"), folder.join("full.db"))?;

    let start = Instant::now();
    let store = Store::open(&folder.join("ours"), now).await?.store;
    let opened = start.elapsed();
    let mut normal = Raw::open(&folder.join("raw/ringside.db"), SqliteSynchronous::Normal).await?;
    let mut synchronised = Raw::open(&folder.join("full.db"), SqliteSynchronous::Full).await?;
    let (mut ours, mut raw, mut full) = (Vec::new(), Vec::new(), Vec::new());
    // Turn by turn, so that whatever else the machine does meets all three.
    for n in 0..writes {
        // A call rings, is answered, and ends: three writes of one leg.
        let leg = leg(BEFORE + n / 3, n % 3)?;
        let start = Instant::now();
        store.write_leg(&leg).await?;
        ours.push(start.elapsed());
        raw.push(normal.write(n).await?);
        full.push(synchronised.write(n).await?);
    }
    store.close().await?;
    let p = |times: &mut Vec<Duration>, percent: usize| {
        times.sort_unstable();
        times[(times.len() * percent / 100).min(times.len() - 1)].as_micros()
    };
    Ok(format!(
        "{{\"writes\":{writes},\"rows_before\":{BEFORE},\"open_us\":{},\"p50_us\":{},\"p99_us\":{},\"max_us\":{},\"raw_p50_us\":{},\
         \"raw_p99_us\":{},\"raw_full_p50_us\":{},\"raw_full_p99_us\":{},\"ratio_p50\":{:.2}}}",
        opened.as_micros(),
        p(&mut ours, 50),
        p(&mut ours, 99),
        p(&mut ours, 100),
        p(&mut raw, 50),
        p(&mut raw, 99),
        p(&mut full, 50),
        p(&mut full, 99),
        p(&mut ours, 50) as f64 / p(&mut raw, 50) as f64,
    ))
}

/// The least that keeps the same: begin, the call's row, the leg's row, commit. The first of three writes of a call
/// inserts, the others update.
struct Raw {
    connection: SqliteConnection,
    row: i64,
}

impl Raw {
    async fn open(path: &Path, synchronous: SqliteSynchronous) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new().filename(path).journal_mode(SqliteJournalMode::Wal);
        let options = options.synchronous(synchronous).pragma("secure_delete", "ON");
        Ok(Self { connection: options.disable_statement_logging().connect().await?, row: 0 })
    }

    async fn write(&mut self, n: u64) -> Result<Duration, Box<dyn Error>> {
        let (call, number) = (format!("raw-{}", n / 3), format!("+4930{:07}", n * 31 % 10_000_000));
        let at = i64::try_from(n)? + 1_770_000_000_000;
        let start = Instant::now();
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        if n.is_multiple_of(3) {
            self.row = sqlx::query(
                "INSERT INTO calls (account, call, extension, direction, party_kind, party, name, company, started_at)
                VALUES ('office', ?1, '31', 'inbound', 'number', ?2, 'Anna Muster', 'Muster AG', ?3)",
            )
            .bind(call)
            .bind(number)
            .bind(at)
            .execute(&mut *transaction)
            .await?
            .last_insert_rowid();
            sqlx::query(
                "INSERT INTO legs (call_id, extension, attempt, direction, phase, party_kind, party, name, company,
                    started_at)
                VALUES (?1, '31', 1, 'inbound', 'ringing', 'number', ?2, 'Anna Muster', 'Muster AG', ?3)",
            )
            .bind(self.row)
            .bind(number_of(n))
            .bind(at)
            .execute(&mut *transaction)
            .await?;
        } else {
            for statement in [
                "UPDATE calls SET answered_at = ?2, ended_at = ?3, outcome = ?4 WHERE id = ?1",
                "UPDATE legs SET answered_at = ?2, ended_at = ?3, outcome = ?4 WHERE call_id = ?1",
            ] {
                let ended = (n % 3 == 2).then_some(at);
                sqlx::query(statement)
                    .bind(self.row)
                    .bind(at)
                    .bind(ended)
                    .bind(ended.map(|_| "answered"))
                    .execute(&mut *transaction)
                    .await?;
            }
        }
        transaction.commit().await?;
        Ok(start.elapsed())
    }
}

fn number_of(n: u64) -> String {
    format!("+4930{:07}", n * 31 % 10_000_000)
}

fn leg(call: u64, step: u64) -> Result<LegRecord, Box<dyn Error>> {
    let start = Timestamp::from_second(1_760_000_000 + i64::try_from(call)?)?;
    let after = |seconds| start + jiff::SignedDuration::from_secs(seconds);
    Ok(LegRecord {
        key: LegKey::new("office", format!("call-{call}"), "31"),
        attempt: 1,
        mine: true,
        direction: Direction::Inbound,
        phase: [Phase::Ringing, Phase::Connected, Phase::Ended][usize::try_from(step)?],
        remote: Party::Number(PhoneNumber::from_e164(&number_of(call))?),
        our_number: Party::Number(PhoneNumber::from_e164("+49301234567")?),
        class: None,
        name: "Anna Muster".into(),
        company: "Muster AG".into(),
        began: start,
        started_at: start,
        answered_at: (step > 0).then(|| after(4)),
        ended_at: (step > 1).then(|| after(60)),
        outcome: (step > 1).then_some(Outcome::Answered),
        provisional: false,
    })
}

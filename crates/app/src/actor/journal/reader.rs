//! Reads one account's journal: today's calls first, then the older ones window by window; then what is new, and once
//! more what may still change.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use jiff::ToSpan as _;
use ringside_api::view::JournalView;
use ringside_domain::{AccountId, PastCall, Timestamp};
use ringside_store::{JournalRead, Store};
use ringside_telephony::{Journal, JournalReach, Provider};
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;
use tracing::{debug, warn};

use super::write::{Trouble, write_past};
use crate::actor::inner::Inner;
use crate::clock::Clock;
use crate::view::ms;

/// Records named and written at once: few enough that nobody waits behind them.
const BATCH: usize = 500;

/// First and longest pause after a refusal.
const AGAIN: Duration = Duration::from_secs(5);
const AGAIN_AT_LAST: Duration = Duration::from_secs(600);

/// While many rows come, hosts are told to read anew this often.
const TELL_EVERY: Duration = Duration::from_secs(2);

/// After a dial the journal is looked into at these times, as a share of the usual pause.
const SOON: [u32; 4] = [16, 8, 4, 2];

/// What others have the reader know.
#[derive(Default)]
pub(super) struct Hints {
    look: Notify,
    soon: AtomicU32,
}

impl Hints {
    pub fn look(&self) {
        self.look.notify_one();
    }

    pub fn expect_soon(&self) {
        self.soon.store(SOON.len() as u32, Ordering::Relaxed);
        self.look.notify_one();
    }

    /// The next pause.
    fn pause(&self, usual: Duration) -> Duration {
        let left = self.soon.load(Ordering::Relaxed);
        let place = SOON.len().checked_sub(left as usize);
        match place.and_then(|place| SOON.get(place)) {
            Some(share) => {
                self.soon.store(left.saturating_sub(1), Ordering::Relaxed);
                (usual / *share).max(Duration::from_millis(20))
            }
            None => usual,
        }
    }
}

pub(super) struct Reader {
    pub account: AccountId,
    pub generation: u64,
    pub provider: Arc<dyn Provider>,
    pub store: Store,
    pub inner: mpsc::Sender<Inner>,
    pub clock: Arc<dyn Clock>,
    pub days: Arc<AtomicU32>,
    pub hints: Arc<Hints>,
}

/// What a turn left to do.
enum Left {
    Nothing,
    Older,
}

impl Reader {
    pub async fn run(self) {
        // Nothing can be read before the account is connected.
        self.hints.look.notified().await;
        let mut refusals = 0;
        let mut told = Told { changed: false, at: Instant::now() };
        loop {
            let pause = match self.turn(&mut told).await {
                Ok(Left::Older) => continue,
                Ok(Left::Nothing) => {
                    refusals = 0;
                    let usual = self.provider.journal().map_or(AGAIN_AT_LAST, |journal| journal.reach().poll_every);
                    self.hints.pause(usual)
                }
                Err(Trouble::Closing) => return,
                Err(error) => {
                    refusals += 1;
                    if self.tell_refusal(&error).await.is_err() {
                        return;
                    }
                    self.refused(&error, refusals)
                }
            };
            tokio::select! {
                () = self.hints.look.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    fn refused(&self, error: &Trouble, times: u32) -> Duration {
        let asked = match error {
            Trouble::Service(error) => error.retry_after(),
            Trouble::Store(_) | Trouble::Closing => None,
        };
        if times == 1 {
            warn!(account = %self.account, %error, "the record of past calls could not be read");
        } else {
            debug!(account = %self.account, %error, times, "the record of past calls could not be read");
        }
        asked.unwrap_or_else(|| (AGAIN * 2_u32.saturating_pow(times.min(8) - 1)).min(AGAIN_AT_LAST))
    }

    /// What is new, then older windows until it is time to look for news again.
    async fn turn(&self, told: &mut Told) -> Result<Left, Trouble> {
        let days = i64::from(self.days.load(Ordering::Relaxed).min(180));
        let Some(journal) = self.provider.journal().filter(|_| days > 0) else { return Ok(Left::Nothing) };
        let reach = journal.reach();
        let now = self.clock.now();
        let oldest = now.checked_sub((days * 24).hours()).unwrap_or(now);
        self.store.begin_journal(&self.account, now, earlier(now, reach.settles_after)).await?;
        self.what_is_new(journal, reach, oldest, now, told).await?;
        let next_look = Instant::now() + reach.poll_every;
        loop {
            let Some(read) = self.store.journal_read(&self.account).await? else { return Ok(Left::Nothing) };
            let older = !read.whole && read.covered_from > oldest;
            let done = !older;
            self.tell(told, &read, oldest, older, done).await?;
            if done {
                return Ok(Left::Nothing);
            }
            if Instant::now() >= next_look {
                return Ok(Left::Older);
            }
            let from = earlier(read.covered_from, reach.window).max(oldest);
            self.window(journal, from, read.covered_from, oldest, told).await?;
            let filled = self.store.journal_read_back(&self.account, from, from <= oldest).await?;
            told.changed |= filled > 0;
        }
    }

    /// Everything since what will not change any more; the newest window first.
    async fn what_is_new(
        &self,
        journal: &dyn Journal,
        reach: JournalReach,
        oldest: Timestamp,
        now: Timestamp,
        told: &mut Told,
    ) -> Result<(), Trouble> {
        let Some(read) = self.store.journal_read(&self.account).await? else { return Ok(()) };
        let since = read.settled_until.max(oldest);
        // A call that begins while this is read must not fall between two readings.
        let mut until = now.checked_add(1.second()).unwrap_or(now);
        while until > since {
            let from = earlier(until, reach.window).max(since);
            self.window(journal, from, until, oldest, told).await?;
            until = from;
        }
        let settled = earlier(now, reach.settles_after);
        let filled = self.store.journal_read_on(&self.account, now, settled).await?;
        told.changed |= filled > 0;
        Ok(())
    }

    /// Reads and writes one window, batch by batch.
    async fn window(
        &self,
        journal: &dyn Journal,
        from: Timestamp,
        until: Timestamp,
        oldest: Timestamp,
        told: &mut Told,
    ) -> Result<(), Trouble> {
        let (batches, arrived) = mpsc::channel(2);
        let written = self.take_all(arrived, oldest, told);
        let (read, written) = tokio::join!(journal.read(from, until, batches), written);
        written?;
        Ok(read?)
    }

    /// Returning drops the receiver: whoever still reads is told that nobody listens.
    async fn take_all(
        &self,
        mut arrived: mpsc::Receiver<Vec<PastCall>>,
        oldest: Timestamp,
        told: &mut Told,
    ) -> Result<(), Trouble> {
        while let Some(batch) = arrived.recv().await {
            let mut batch = batch.into_iter().filter(|call| call.started_at >= oldest).peekable();
            while batch.peek().is_some() {
                let some: Vec<PastCall> = batch.by_ref().take(BATCH).collect();
                self.take(some, told).await?;
            }
        }
        Ok(())
    }

    async fn take(&self, calls: Vec<PastCall>, told: &mut Told) -> Result<(), Trouble> {
        let of = (&self.account, self.generation);
        told.changed |= write_past(&self.store, &self.inner, of, calls, self.clock.now()).await?;
        Ok(())
    }

    async fn tell(
        &self,
        told: &mut Told,
        read: &JournalRead,
        oldest: Timestamp,
        reading: bool,
        done: bool,
    ) -> Result<(), Trouble> {
        let changed = told.changed && (done || told.at.elapsed() >= TELL_EVERY);
        if changed {
            *told = Told { changed: false, at: Instant::now() };
        }
        let progress = JournalView {
            read_from: Some(ms(read.covered_from)),
            read_until: Some(ms(read.read_until)),
            wanted_from: Some(if read.whole { ms(read.covered_from) } else { ms(oldest) }),
            reading,
            problem: None,
        };
        let (account, generation) = (self.account.clone(), self.generation);
        self.say(Inner::JournalRead { account, generation, progress, changed }).await
    }

    async fn tell_refusal(&self, error: &Trouble) -> Result<(), Trouble> {
        let problem = match error {
            Trouble::Service(error) => error.problem(),
            Trouble::Store(error) => error.problem(),
            Trouble::Closing => return Err(Trouble::Closing),
        };
        self.say(Inner::JournalRefused { account: self.account.clone(), generation: self.generation, problem }).await
    }

    async fn say(&self, inner: Inner) -> Result<(), Trouble> {
        self.inner.send(inner).await.map_err(|_| Trouble::Closing)
    }
}

/// Whether hosts must read the history anew, and when they last were told.
struct Told {
    changed: bool,
    at: Instant,
}

fn earlier(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}

//! What Ringside remembers: the history of calls, the last known state of each account, contacts, intentions to dial,
//! who threw which scenario, and undertakings with numbers. SQLite by sqlx, one file `ringside.db`.
//!
//! Every write returns what changed, so that the caller can tell others without reading again. Time comes in as an
//! argument. This crate knows no provider, no engine and no window; it imports `ringside-domain` alone.
//!
//! # What "written" means
//!
//! A write that returned `Ok` survives the death of the process at any moment (`kill -9`, a panic, running out of
//! memory): it is in the write-ahead log, in the operating system's hands. Power loss and kernel crashes are another
//! matter: the log is synchronised at checkpoints only (`synchronous=NORMAL`), so the last moments before power was cut
//! may be missing. The database is whole then and ends at an earlier write; nothing is half there. The reason is cost:
//! a synchronised commit waits for the disk, several milliseconds on a common one, and a ringing telephone writes often.
//! Orders of numbers cost money and are rare: theirs are synchronised.
//!
//! # Opening
//!
//! [`Store::open`] always gives a store that takes calls, see [`open`]. What was wrong is said in [`Opened::notice`].

mod checkpoint;
mod columns;
pub mod contacts;
pub mod dials;
pub mod error;
pub mod extensions;
pub mod gaps;
pub mod history;
mod inspect;
pub mod journal;
mod kept;
pub mod lines;
pub mod meta;
mod migrate;
pub mod number_jobs;
pub mod open;
mod patch;
pub mod reads;
mod salvage;
pub mod scenarios;
mod store;

pub use contacts::StoredContact;
pub use dials::{Dial, DialState, Intended};
pub use error::{Inconsistency, StoreError};
pub use extensions::Cached;
pub use gaps::MarkedGap;
pub use history::{
    Backlog, CallKey, CallRecord, CallRowId, Callback, Claim, Cursor, Earlier, Erased, HistoryChange, HistoryQuery,
    LegRecord, Page, PastRecord, PastWritten, Source, Sources, TodayCounts, Was,
};
pub use journal::{ActionId, ActionResult, Intent, ScenarioAction};
pub use number_jobs::{Begun, JobId, JobKind, JobProblem, JobStage, NewJob, NumberJob, OrderTold};
pub use open::Opened;
pub use reads::JournalRead;
pub use store::{Recording, Store};

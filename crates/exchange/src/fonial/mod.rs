//! fonial's API 2.0: sessions, devices, numbers, callback dialling, and the two lists of past calls.

mod json;
mod ledger;
mod options;
mod past;
mod record;
mod routes;
mod sessions;
mod wall;

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::account::Account;
use crate::clock::Clock;
use crate::exchange::Exchange;
use crate::lock::hold;
use crate::office::{CallEvent, Direction, LineEvent, Observer, Office, Site};
use crate::services::{Desk, Door, Opening, ServiceName};
use ledger::Ledger;
pub use options::{FonialBounds, FonialErrors, FonialLists, FonialLogin, FonialOptions};
use record::{Pen, Underway};
use sessions::Sessions;
use wall::Wall;

/// The path all methods lie under.
const BASE: &str = "/api/2.0";
/// Between an extension and the id of its device, so that nobody takes one for the other.
const DEVICE_IDS_FROM: u64 = 4000;

/// The fonial side of the exchange, for tests.
#[derive(Clone)]
pub struct FonialDesk {
    fonial: Arc<Fonial>,
}

struct Fonial {
    options: FonialOptions,
    office: Office,
    sessions: Sessions,
    pen: Pen,
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    underway: Underway,
    journal: Ledger,
    evn: Ledger,
    /// What every method but the sign-in says instead of doing anything.
    complaint: Option<String>,
}

impl Fonial {
    fn new(options: FonialOptions, office: Office, clock: Clock, seed: u64) -> Arc<Self> {
        let sessions = Sessions::new(&options, clock, seed);
        let (wall, extensions) = (Wall::new(), office.extensions());
        let mut books = Books::default();
        let past = past::year(options.past_calls, &extensions, clock.now(), seed, &wall);
        books.journal.fill(past.incoming);
        books.evn.fill(past.outgoing);
        let pen = Pen { wall, options: options.clone(), names: extensions.into_iter().collect() };
        Arc::new(Self { options, office, sessions, pen, books: Mutex::new(books) })
    }
}

impl Desk for FonialDesk {
    type Options = FonialOptions;

    fn open(options: FonialOptions, opening: &Opening) -> (Self, Vec<Door>) {
        let office = opening.office.at(Site::Hamburg);
        let fonial = Fonial::new(options, office.clone(), opening.clock, opening.seed);
        office.observe(fonial.clone());
        let name = ServiceName::Fonial;
        let door = Door { name, base: BASE, service: fonial.clone(), error_form: routes::error_form };
        (Self { fonial }, vec![door])
    }

    fn account(&self, exchange: &Exchange) -> Account {
        Account {
            id: "hamburg",
            provider: "fonial",
            base_url: exchange.fonial_url(),
            username: Some(self.username().to_owned()),
            secret: self.password(),
            variable: "RINGSIDE_DEMO_FONIAL",
            region: "DE",
            options: Vec::new(),
            people: true,
        }
    }
}

impl FonialDesk {
    pub fn username(&self) -> &str {
        &self.fonial.options.username
    }

    pub fn password(&self) -> String {
        self.fonial.sessions.password()
    }

    /// The password was changed at the vendor's; sessions live on.
    pub fn set_password(&self, password: &str) {
        self.fonial.sessions.set_password(password);
    }

    /// The ids of all sessions that live, authenticated or not; nobody else may ever see one.
    pub fn sessions(&self) -> Vec<String> {
        self.fonial.sessions.ids()
    }

    /// Every session given out so far is invalid from now on.
    pub fn expire_sessions(&self) {
        self.fonial.sessions.expire();
    }

    /// Sign-ins succeed, and the sessions are forgotten at once.
    pub fn set_forgetful(&self, forgetful: bool) {
        self.fonial.sessions.set_forgetful(forgetful);
    }

    /// Every method but the sign-in answers an error in these words; `None` ends it.
    pub fn complain(&self, words: Option<&str>) {
        hold(&self.fonial.books).complaint = words.map(str::to_owned);
    }

    /// The id of the device at an extension; `None` for an extension that is no number.
    pub fn device_of(&self, extension: &str) -> Option<u64> {
        device_id(extension)
    }

    /// Adds an incoming call to the journal. `date` as it is written, without a zone; numbers as they stand there.
    pub fn add_incoming(&self, date: &str, from: &str, to: &str, status: &str) {
        let row = json::written(&json::Incoming { date, from, to, status });
        hold(&self.fonial.books).journal.add(date.to_owned(), row);
    }

    /// Adds whatever it is to the journal, at this time.
    pub fn add_journal_row(&self, date: &str, row: &Value) {
        hold(&self.fonial.books).journal.add(date.to_owned(), row.to_string());
    }

    /// Adds whatever it is to the outgoing calls, at this time.
    pub fn add_evn_row(&self, date: &str, row: &Value) {
        hold(&self.fonial.books).evn.add(date.to_owned(), row.to_string());
    }

    /// How many incoming and outgoing calls are recorded.
    pub fn recorded(&self) -> (usize, usize) {
        let books = hold(&self.fonial.books);
        (books.journal.len(), books.evn.len())
    }
}

impl Observer for Fonial {
    fn call(&self, event: &CallEvent) {
        let mut books = hold(&self.books);
        let Some(ended) = books.underway.note(event, &self.pen) else { return };
        match ended.direction {
            Direction::Inbound => books.journal.add(ended.at, ended.json),
            Direction::Outbound => books.evn.add(ended.at, ended.json),
        }
    }

    fn line(&self, _: &LineEvent) {}
}

fn device_id(extension: &str) -> Option<u64> {
    extension.parse::<u64>().ok().map(|number| number + DEVICE_IDS_FROM)
}

fn extension_of(device: u64) -> Option<String> {
    device.checked_sub(DEVICE_IDS_FROM).map(|number| number.to_string())
}

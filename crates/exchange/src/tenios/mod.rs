//! TENIOS's voice API: users, callbacks, call records, agents, numbers, and what it sends unasked.

mod book;
mod callback;
mod fields;
mod numbers;
mod options;
mod pushes;
mod records;
mod routes;
mod stamps;
mod users;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::account::Account;
use crate::clock::Clock;
use crate::exchange::Exchange;
use crate::lock::hold;
use crate::office::{CallEvent, LineEvent, Observer, Office, Site};
use crate::post::{Delivery, Poster};
use crate::services::{Desk, Door, Opening, ServiceName};
use book::Book;
use callback::Callback;
pub use numbers::NumberOrder;
use numbers::Verification;
pub use options::{AgentReason, BadKey, ForwardTarget, PushForm, PushSecret, StampForm, TeniosOptions};
pub use users::Agent;

/// The TENIOS side of the exchange, for tests.
#[derive(Clone)]
pub struct TeniosDesk {
    tenios: Arc<Tenios>,
}

struct Tenios {
    options: TeniosOptions,
    office: Office,
    clock: Clock,
    poster: Poster,
    /// Of these three none is held while the office is asked for anything.
    changing: Mutex<Changing>,
    book: Mutex<Book>,
    posts_to: Mutex<Option<String>>,
    /// Itself, for tasks that outlive a request.
    this: Weak<Self>,
}

/// What clients and tests change.
struct Changing {
    access_key: String,
    approval: Duration,
    completion: Duration,
    next_id: u64,
    callbacks: HashMap<u64, Callback>,
    /// By e-mail.
    agents: HashMap<String, Agent>,
    verifications: HashMap<String, Verification>,
    orders: Vec<NumberOrder>,
    /// E.164 with `+`.
    numbers: Vec<String>,
    /// A second of the clock and how many requests came in it.
    spent: (i64, u32),
    rng: StdRng,
}

impl Tenios {
    fn new(options: TeniosOptions, office: Office, clock: Clock, seed: u64) -> Arc<Self> {
        let changing = Changing {
            access_key: options.access_key.clone(),
            approval: options.approval,
            completion: options.completion,
            next_id: 4710,
            callbacks: HashMap::new(),
            agents: users::at_work(&office),
            verifications: HashMap::new(),
            orders: Vec::new(),
            numbers: Vec::new(),
            spent: (0, 0),
            rng: StdRng::seed_from_u64(seed ^ 0x7465_6e69),
        };
        let posts_to = Mutex::new(options.post_calls_to.clone());
        Arc::new_cyclic(|this| Self {
            poster: Poster::start(&office),
            options,
            office,
            clock,
            changing: Mutex::new(changing),
            book: Mutex::default(),
            posts_to,
            this: this.clone(),
        })
    }

    fn has(&self, extension: &str) -> bool {
        self.office.extensions().iter().any(|(number, _)| number == extension)
    }
}

impl Observer for Tenios {
    fn call(&self, event: &CallEvent) {
        let told = hold(&self.book).note(event);
        told.iter().for_each(|told| self.tell(told));
    }

    fn line(&self, _: &LineEvent) {}
}

impl Desk for TeniosDesk {
    type Options = TeniosOptions;

    fn open(options: TeniosOptions, opening: &Opening) -> (Self, Vec<Door>) {
        let office = opening.office.at(Site::Berlin);
        let tenios = Tenios::new(options, office.clone(), opening.clock, opening.seed);
        office.observe(tenios.clone());
        let name = ServiceName::Tenios;
        let door = Door { name, base: "", service: tenios.clone(), error_form: fields::error_form };
        (Self { tenios }, vec![door])
    }

    fn account(&self, exchange: &Exchange) -> Account {
        let configured = self.tenios.options.callback_configs.iter().find(|(_, extension)| self.tenios.has(extension));
        Account {
            id: "berlin",
            provider: "tenios",
            base_url: exchange.tenios_url(),
            username: None,
            secret: self.access_key(),
            variable: "RINGSIDE_DEMO_TENIOS",
            region: "DE",
            options: configured.iter().map(|(id, _)| ("callback_config_id", id.clone())).collect(),
            people: true,
        }
    }
}

impl TeniosDesk {
    pub fn access_key(&self) -> String {
        hold(&self.tenios.changing).access_key.clone()
    }

    /// A new key was made in the portal; the old one is refused from now on.
    pub fn set_access_key(&self, key: &str) {
        hold(&self.tenios.changing).access_key = key.to_owned();
    }

    /// The `accessKey` of the posts about calls.
    pub fn post_key(&self) -> &str {
        &self.tenios.options.post_key
    }

    /// Where posts about calls go from now on: `http://` on this machine.
    pub fn post_calls_to(&self, url: Option<&str>) {
        *hold(&self.tenios.posts_to) = url.map(str::to_owned);
    }

    /// What was sent unasked, and how it was answered, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.tenios.poster.deliveries()
    }

    /// `None` as long as the agent at this extension has set nothing, unless a day at a site of its own has begun.
    pub fn agent(&self, extension: &str) -> Option<Agent> {
        hold(&self.tenios.changing).agents.get(&users::email(extension)).cloned()
    }

    /// Answers this word for the state of a callback from now on, whatever is the case; `false` if there is none.
    pub fn say_of_callback(&self, id: u64, word: &str) -> bool {
        let mut changing = hold(&self.tenios.changing);
        let Some(callback) = changing.callbacks.get_mut(&id) else { return false };
        callback.forced = Some(word.to_owned());
        true
    }

    pub fn orders(&self) -> Vec<NumberOrder> {
        hold(&self.tenios.changing).orders.clone()
    }

    /// The account's numbers that were ordered here, E.164 with `+`.
    pub fn numbers(&self) -> Vec<String> {
        hold(&self.tenios.changing).numbers.clone()
    }

    /// How long people take to approve addresses that are handed in from now on.
    pub fn set_approval(&self, approval: Duration) {
        hold(&self.tenios.changing).approval = approval;
    }

    /// How long orders take from now on.
    pub fn set_completion(&self, completion: Duration) {
        hold(&self.tenios.changing).completion = completion;
    }

    /// Writes records of calls from outside to one extension, one every minute back from now, each of two legs.
    pub fn fill_records(&self, calls: u32) {
        hold(&self.tenios.book).fill(calls, self.tenios.clock.now());
    }

    /// How many call records there are, one a leg.
    pub fn records(&self) -> usize {
        hold(&self.tenios.book).records.len()
    }
}

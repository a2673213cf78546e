//! The NFON CTI API.

mod calls;
mod json;
mod options;
mod routes;
mod sign_in;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;

use crate::account::Account;
use crate::clock::Clock;
use crate::exchange::Exchange;
use crate::lock::hold;
use crate::office::{CallEvent, LineEvent, Observer, Office, Site};
use crate::services::{Desk, Door, Opening, ServiceName};
use crate::wire::{Feeds, Item};

pub use options::NfonOptions;
use sign_in::SignIn;

/// The path all endpoints lie under.
const BASE: &str = "/v1";

/// The NFON side of the exchange, for tests.
#[derive(Clone)]
pub struct NfonDesk {
    nfon: Arc<Nfon>,
}

struct Nfon {
    options: NfonOptions,
    office: Office,
    sign_in: SignIn,
    /// What can change while it runs.
    licence: Mutex<Licence>,
    calls: Feeds,
    states: Feeds,
}

struct Licence {
    extended_presence: bool,
    cti: bool,
}

impl Nfon {
    fn new(options: NfonOptions, office: Office, clock: Clock, seed: u64) -> Arc<Self> {
        let sign_in = SignIn::new(&options, clock, seed);
        let licence = Mutex::new(Licence { extended_presence: options.extended_presence, cti: true });
        let (calls, states) = (Feeds::default(), Feeds::default());
        Arc::new(Self { options, office, sign_in, licence, calls, states })
    }
}

impl Desk for NfonDesk {
    type Options = NfonOptions;

    fn open(options: NfonOptions, opening: &Opening) -> (Self, Vec<Door>) {
        let office = opening.office.at(Site::Main);
        let nfon = Nfon::new(options, office.clone(), opening.clock, opening.seed);
        office.observe(nfon.clone());
        let name = ServiceName::Nfon;
        let door = Door { name, base: BASE, service: nfon.clone(), error_form: routes::error_form };
        (Self { nfon }, vec![door])
    }

    fn account(&self, exchange: &Exchange) -> Account {
        Account {
            id: "office",
            provider: "nfon",
            base_url: exchange.nfon_url(),
            username: Some(self.username().to_owned()),
            secret: self.password(),
            variable: "RINGSIDE_DEMO_NFON",
            region: "DE",
            options: Vec::new(),
            people: true,
        }
    }
}

impl NfonDesk {
    pub fn customer(&self) -> &str {
        &self.nfon.options.customer
    }

    pub fn username(&self) -> &str {
        &self.nfon.options.username
    }

    pub fn password(&self) -> String {
        self.nfon.sign_in.password()
    }

    /// The password was changed at the vendor's; tokens live on.
    pub fn set_password(&self, password: &str) {
        self.nfon.sign_in.set_password(password);
    }

    /// Every access token given out so far answers 401 from now on.
    pub fn expire_access_tokens(&self) {
        self.nfon.sign_in.expire_access_tokens();
    }

    /// Every refresh token given out so far answers 401 from now on.
    pub fn revoke_refresh_tokens(&self) {
        self.nfon.sign_in.revoke_refresh_tokens();
    }

    pub fn set_access_lifetime(&self, lifetime: Duration) {
        self.nfon.sign_in.set_access_lifetime(lifetime);
    }

    /// The claim in tokens to come; without it states and calls answer 403.
    pub fn set_extended_presence(&self, extended_presence: bool) {
        hold(&self.nfon.licence).extended_presence = extended_presence;
        self.nfon.sign_in.set_extended_presence(extended_presence);
    }

    /// Without the licence everything but the sign-in answers 403.
    pub fn set_licensed(&self, licensed: bool) {
        hold(&self.nfon.licence).cti = licensed;
    }

    /// Sends bytes as they are to all who listen to the call stream.
    pub fn emit_raw_call_bytes(&self, bytes: &[u8]) {
        self.nfon.calls.send(&Item::Raw(Bytes::copy_from_slice(bytes)));
    }

    /// Sends bytes as they are to all who listen to the stream of line states.
    pub fn emit_raw_state_bytes(&self, bytes: &[u8]) {
        self.nfon.states.send(&Item::Raw(Bytes::copy_from_slice(bytes)));
    }

    /// How many listen to the call stream.
    pub fn call_streams(&self) -> usize {
        self.nfon.calls.count()
    }

    /// How many listen to the stream of line states.
    pub fn state_streams(&self) -> usize {
        self.nfon.states.count()
    }
}

impl Observer for Nfon {
    fn call(&self, event: &CallEvent) {
        self.calls.send(&event_item(&json::Call::of(event, &self.options)));
    }

    fn line(&self, event: &LineEvent) {
        self.states.send(&event_item(&json::State::of(event, &self.options.customer)));
    }
}

fn event_item(event: &impl Serialize) -> Item {
    // Our own types always serialise.
    Item::Event(serde_json::to_vec(event).unwrap_or_default().into())
}

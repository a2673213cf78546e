//! Voicenter: the REST interfaces of its hosts, told apart by their paths, and its real-time sockets.

mod book;
mod dial;
mod json;
mod log;
mod options;
mod pushes;
mod routes;
mod sign_in;
mod socket;
mod status;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use crate::account::Account;
use crate::clock::Clock;
use crate::exchange::Exchange;
use crate::lock::hold;
use crate::office::{CallEvent, LineEvent, Observer, Office, Site};
use crate::post::{Delivery, Poster};
use crate::services::{Desk, Door, Opening, ServiceName};

pub use book::PastRecord;
use book::{Book, News};
use json::Shift;
use log::Asked;
pub use options::{AddressRefusal, EngineIo, ExpiryForm, KeyCase, PushForm, TokenRefusal, VoicenterOptions};
use pushes::PushesTo;
use sign_in::SignIn;
use socket::{Notice, Sockets};

/// The Voicenter side of the exchange, for tests.
#[derive(Clone)]
pub struct VoicenterDesk {
    voicenter: Arc<Voicenter>,
}

struct Voicenter {
    options: VoicenterOptions,
    office: Office,
    clock: Clock,
    sign_in: SignIn,
    book: Mutex<Book>,
    sockets: Sockets,
    asked: Asked,
    poster: Poster,
    pushes_to: Mutex<PushesTo>,
}

impl Voicenter {
    fn new(options: VoicenterOptions, office: Office, clock: Clock, seed: u64) -> Arc<Self> {
        let sign_in = SignIn::new(&options, clock, seed);
        let (book, sockets, asked) = (Mutex::default(), Sockets::default(), Asked::default());
        let poster = Poster::start(&office);
        let pushes_to = Mutex::new(PushesTo::of(&options));
        let this = Self { options, office, clock, sign_in, book, sockets, asked, poster, pushes_to };
        this.office.stand_still(|stations| hold(&this.book).learn(stations));
        Arc::new(this)
    }

    fn shift(&self) -> Shift {
        Shift { minutes: self.options.offset_minutes }
    }

    /// Tells everybody who listens what is new at an extension.
    fn tell(&self, number: &str, news: &News) {
        if self.sockets.count() == 0 {
            return;
        }
        let event = json::extension_event(hold(&self.book).desk(number), news, self.clock.now(), self.shift());
        self.sockets.send(&Notice::event("ExtensionEvent", &event));
    }
}

impl Desk for VoicenterDesk {
    type Options = VoicenterOptions;

    fn open(options: VoicenterOptions, opening: &Opening) -> (Self, Vec<Door>) {
        let office = opening.office.at(Site::Haifa);
        let voicenter = Voicenter::new(options, office.clone(), opening.clock, opening.seed);
        office.observe(voicenter.clone());
        let (name, service) = (ServiceName::Voicenter, Arc::new(routes::Hosts(voicenter.clone())));
        (Self { voicenter }, vec![Door { name, base: "", service, error_form: routes::error_form }])
    }

    fn account(&self, exchange: &Exchange) -> Account {
        Account {
            id: "haifa",
            provider: "voicenter",
            base_url: exchange.voicenter_url(),
            username: None,
            secret: self.code(),
            variable: "RINGSIDE_DEMO_VOICENTER",
            region: "IL",
            options: Vec::new(),
            people: true,
        }
    }
}

impl VoicenterDesk {
    pub fn code(&self) -> String {
        self.voicenter.sign_in.code()
    }

    /// The code was changed at the vendor's; tokens live on.
    pub fn set_code(&self, code: &str) {
        self.voicenter.sign_in.set_code(code);
    }

    pub fn options(&self) -> &VoicenterOptions {
        &self.voicenter.options
    }

    /// The SIP code of an extension of the office: `31` is `SIP31`.
    pub fn sip(&self, number: &str) -> String {
        book::sip(number)
    }

    /// Whether the client's public address is on the allow-list; `true` at the start.
    pub fn set_address_allowed(&self, allowed: bool) {
        self.voicenter.sign_in.set_address_allowed(allowed);
    }

    /// Every token given out so far opens no socket any more; sockets that are open stay.
    pub fn expire_tokens(&self) {
        self.voicenter.sign_in.expire_tokens();
    }

    /// Every refresh token given out so far is refused from now on.
    pub fn revoke_refresh_tokens(&self) {
        self.voicenter.sign_in.revoke_refresh_tokens();
    }

    /// Of tokens to come.
    pub fn set_token_lifetime(&self, lifetime: Duration) {
        self.voicenter.sign_in.set_token_lifetime(lifetime);
    }

    /// Ends all sockets the way the service does when a token dies: `41`, then a close.
    pub fn drop_sockets(&self) {
        self.voicenter.sockets.send(&Notice::End);
    }

    /// How many sockets are open and have been told the state of the office.
    pub fn sockets(&self) -> usize {
        self.voicenter.sockets.count()
    }

    /// Sends an event of any name to all sockets.
    pub fn emit(&self, name: &str, data: &Value) {
        self.voicenter.sockets.send(&Notice::event(name, data));
    }

    /// Sends a text message as it is to all sockets.
    pub fn emit_raw_message(&self, text: &[u8]) {
        self.voicenter.sockets.send(&Notice::Message(Bytes::copy_from_slice(text)));
    }

    /// Sends bytes that need be no frame to all sockets.
    pub fn emit_raw_bytes(&self, bytes: &[u8]) {
        self.voicenter.sockets.send(&Notice::Bytes(Bytes::copy_from_slice(bytes)));
    }

    /// The names of the events that clients have sent, oldest first.
    pub fn emitted(&self) -> Vec<String> {
        self.voicenter.sockets.emitted()
    }

    /// What keep-alives are answered with; `true` at the start.
    pub fn set_keepalive_ok(&self, ok: bool) {
        self.voicenter.sockets.set_keepalive_ok(ok);
    }

    /// Puts records of past calls into the call log.
    pub fn add_past_calls(&self, records: impl IntoIterator<Item = PastRecord>) {
        hold(&self.voicenter.book).log.extend(records);
    }

    /// All records of the call log.
    pub fn past_calls(&self) -> Vec<PastRecord> {
        hold(&self.voicenter.book).log.clone()
    }

    /// Where the pop-up screen of every call goes from now on: `http://` on this machine.
    pub fn pop_ups_to(&self, url: Option<&str>) {
        hold(&self.voicenter.pushes_to).pop_ups = url.map(str::to_owned);
    }

    /// Where the notification about every call that is over goes from now on.
    pub fn records_to(&self, url: Option<&str>) {
        hold(&self.voicenter.pushes_to).records = url.map(str::to_owned);
    }

    /// What was sent unasked, and how it was answered, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.voicenter.poster.deliveries()
    }

    /// The code of the status an extension's user is in.
    pub fn status(&self, number: &str) -> u8 {
        hold(&self.voicenter.book).desk(number).status
    }
}

impl Observer for Voicenter {
    fn call(&self, event: &CallEvent) {
        let (news, call, record) = {
            let mut book = hold(&self.book);
            let before = book.call_of(event);
            let known = book.log.len();
            let news = book.call(event);
            let call = book.call_of(event).or(before);
            let record = book.log.last().filter(|_| book.log.len() > known).cloned();
            (news, call, record)
        };
        if let Some(news) = news {
            self.tell(&event.extension, &news);
            if let Some(call) = &call {
                self.pop_up(call, &event.extension, &news);
            }
        }
        if let Some(record) = record {
            self.tell_record(&record);
        }
    }

    fn line(&self, event: &LineEvent) {
        let news = hold(&self.book).line(event);
        if let Some(news) = news {
            self.tell(&event.extension, &news);
        }
    }
}

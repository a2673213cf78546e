//! Starting and stopping.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use hyper::StatusCode;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::account::Account;
use crate::clock::Clock;
use crate::control::Control;
use crate::faults::Faults;
use crate::office::{CallHandle, DESK, Office, RingSpec};
use crate::services::{Desks, Door, Opening, Options, ServiceName};
use crate::swisscom::ScenarioHandle;
use crate::tape::Tape;
use crate::wire::{self, Answer, Host, Request, Service};

/// A running exchange. It stops when dropped; [`Exchange::shutdown`] waits until it has.
pub struct Exchange {
    office: Office,
    pub(crate) desks: Desks,
    faults: Arc<Faults>,
    tape: Arc<Tape>,
    urls: BTreeMap<ServiceName, String>,
    down: watch::Sender<bool>,
    stop: CancellationToken,
    listening: TaskTracker,
}

/// The exchange could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot listen on 127.0.0.1:{port} for {service}")]
    Bind { service: ServiceName, port: u16, source: io::Error },
}

/// What redirects lead to.
struct Elsewhere;

impl Service for Elsewhere {
    fn answer(&self, _: &Request) -> Answer {
        Answer::html(StatusCode::OK, "<!DOCTYPE html><title>Elsewhere</title>")
    }
}

impl Exchange {
    /// Starts all services on 127.0.0.1 and the script that the options name.
    ///
    /// # Errors
    /// If a port cannot be had.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let clock = Clock::starting_at(options.starts_at);
        let stop = CancellationToken::new();
        let office = Office::new(&options, clock, stop.clone());
        let (desks, mut doors) = Desks::open(&options, &Opening { office: office.clone(), clock, seed: options.seed });
        let (name, service) = (ServiceName::Elsewhere, Arc::new(Elsewhere));
        doors.push(Door { name, base: "", service, error_form: Answer::empty });
        let mut exchange = Self {
            office,
            desks,
            faults: Arc::new(Faults::new(options.faults)),
            tape: Arc::new(Tape::new()),
            urls: BTreeMap::new(),
            down: watch::Sender::new(false),
            stop,
            listening: TaskTracker::new(),
        };
        let mut listeners = Vec::new();
        for door in doors {
            let port = options.ports.get(&door.name).copied().unwrap_or(0);
            let bound = wire::bind(port).await;
            let (listener, address) = bound.map_err(|source| StartError::Bind { service: door.name, port, source })?;
            exchange.urls.insert(door.name, format!("http://{address}{}", door.base));
            listeners.push((listener, door));
        }
        for (listener, door) in listeners {
            exchange.listen(listener, door, clock, options.control);
        }
        exchange.listening.close();
        exchange.office.begin(options.script);
        Ok(exchange)
    }

    /// The base URL of a host, without a slash at the end.
    pub fn url(&self, name: ServiceName) -> String {
        // Every host was given its address before anybody could ask.
        self.urls.get(&name).cloned().unwrap_or_default()
    }

    /// Scheme and authority of the stranger that redirects lead to.
    pub fn elsewhere_url(&self) -> String {
        self.url(ServiceName::Elsewhere)
    }

    pub fn office(&self) -> &Office {
        &self.office
    }

    /// The forwarding scenario with that id, whether there is one or not.
    pub fn scenario(&self, id: &str) -> ScenarioHandle {
        self.swisscom().scenario(id)
    }

    /// Makes an outside call ring.
    pub fn ring(&self, spec: RingSpec) -> CallHandle {
        self.office.ring(spec)
    }

    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// Resets all connections and every new one until [`Exchange::come_up`]; the office goes on.
    pub fn go_down(&self) {
        self.down.send_replace(true);
    }

    pub fn come_up(&self) {
        self.down.send_replace(false);
    }

    /// An account at each service.
    pub fn accounts(&self) -> Vec<Account> {
        self.desks.accounts(self)
    }

    /// A configuration file that leads to this exchange. The secrets are read from the variables of
    /// [`Exchange::environment`]. Where all services have the same people, only the first that lists them is named, so
    /// that nobody is there twice.
    pub fn config_toml(&self) -> String {
        let extensions = self.office.extensions();
        let desk = extensions.iter().find(|(number, _)| number == DESK).or(extensions.first());
        let mine = desk.map_or(String::new(), |(number, _)| format!("\"office/{number}\""));
        let accounts = self.named_accounts().iter().map(Account::toml).collect::<Vec<_>>().join("\n");
        format!("[me]\nextensions = [{mine}]\nregion = \"DE\"\n\n{accounts}")
    }

    /// The secrets that [`Exchange::config_toml`] names, as names and values of environment variables.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        self.named_accounts().into_iter().map(|account| (account.variable, account.secret)).collect()
    }

    fn named_accounts(&self) -> Vec<Account> {
        let several = self.office.has_several_sites();
        let mut named = false;
        let once = |account: &Account| several || !account.people || !std::mem::replace(&mut named, true);
        self.accounts().into_iter().filter(once).collect()
    }

    /// Stops listening, cuts what is open, and ends the script.
    pub async fn shutdown(self) {
        self.stop.cancel();
        self.listening.wait().await;
    }

    fn listen(&self, listener: TcpListener, door: Door, clock: Clock, control: bool) {
        let (faults, tape) = (self.faults.clone(), self.tape.clone());
        let control = control.then(|| Control { faults: faults.clone(), tape: tape.clone() });
        let host = Host { door, faults, tape, clock, control, elsewhere: self.elsewhere_url() };
        let serving = wire::serve(listener, Arc::new(host), self.down.subscribe(), self.stop.clone());
        self.listening.spawn(serving);
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

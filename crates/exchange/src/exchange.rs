//! Starting and stopping.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use hyper::StatusCode;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::control::Control;
use crate::faults::Faults;
use crate::fonial::{self, Fonial, FonialDesk};
use crate::nfon::{self, Nfon, NfonDesk};
use crate::office::{CallHandle, DESK, Office, RingSpec};
use crate::options::Options;
use crate::swisscom::{self, ScenarioHandle, SwisscomDesk};
use crate::tape::Tape;
use crate::tenios::{self, Tenios, TeniosDesk};
use crate::voicenter::{self, Voicenter, VoicenterDesk};
use crate::wire::{self, Answer, Host, Request, Service, ServiceName};

/// A running exchange. It stops when dropped; [`Exchange::shutdown`] waits until it has.
pub struct Exchange {
    office: Office,
    nfon: NfonDesk,
    swisscom: SwisscomDesk,
    fonial: FonialDesk,
    tenios: TeniosDesk,
    voicenter: VoicenterDesk,
    faults: Arc<Faults>,
    tape: Arc<Tape>,
    addresses: Addresses,
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

#[derive(Clone, Copy)]
struct Addresses {
    nfon: SocketAddr,
    swisscom: SocketAddr,
    swisscom_token: SocketAddr,
    fonial: SocketAddr,
    tenios: SocketAddr,
    voicenter: SocketAddr,
    elsewhere: SocketAddr,
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
        let ports = options.ports;
        let nfon_port = bind(ServiceName::Nfon, ports.nfon).await?;
        let swisscom_port = bind(ServiceName::Swisscom, ports.swisscom).await?;
        let token_port = bind(ServiceName::SwisscomToken, ports.swisscom_token).await?;
        let fonial_port = bind(ServiceName::Fonial, ports.fonial).await?;
        let tenios_port = bind(ServiceName::Tenios, ports.tenios).await?;
        let voicenter_port = bind(ServiceName::Voicenter, ports.voicenter).await?;
        let elsewhere_port = bind(ServiceName::Elsewhere, ports.elsewhere).await?;
        let addresses = Addresses {
            nfon: nfon_port.1,
            swisscom: swisscom_port.1,
            swisscom_token: token_port.1,
            fonial: fonial_port.1,
            tenios: tenios_port.1,
            voicenter: voicenter_port.1,
            elsewhere: elsewhere_port.1,
        };

        let clock = Clock::starting_at(options.starts_at);
        let stop = CancellationToken::new();
        let office = Office::new(&options, clock, stop.clone());
        let nfon = Nfon::new(options.nfon.clone(), office.clone(), clock, options.seed);
        office.observe(nfon.clone());
        let swisscom = SwisscomDesk::new(options.swisscom.clone(), office.clone(), clock, options.seed);
        let fonial = Fonial::new(options.fonial.clone(), office.clone(), clock, options.seed);
        office.observe(fonial.clone());
        let tenios = Tenios::new(options.tenios.clone(), office.clone(), clock, options.seed);
        office.observe(tenios.clone());
        let voicenter = Voicenter::new(options.voicenter.clone(), office.clone(), clock, options.seed);
        office.observe(voicenter.clone());
        let faults = Arc::new(Faults::new(options.faults.clone()));
        let tape = Arc::new(Tape::new());
        let exchange = Self {
            office,
            nfon: NfonDesk::new(nfon.clone()),
            swisscom,
            fonial: FonialDesk::new(fonial.clone()),
            tenios: TeniosDesk::new(tenios.clone()),
            voicenter: VoicenterDesk::new(voicenter.clone()),
            faults,
            tape,
            addresses,
            down: watch::Sender::new(false),
            stop,
            listening: TaskTracker::new(),
        };

        let desk = &exchange.swisscom;
        let host = |name, service, error_form| exchange.host(name, service, error_form, clock, options.control);
        exchange.listen(nfon_port.0, host(ServiceName::Nfon, nfon, nfon::error_form));
        exchange.listen(swisscom_port.0, host(ServiceName::Swisscom, desk.gateway(), swisscom::error_form));
        let token_host = host(ServiceName::SwisscomToken, desk.token_host(), swisscom::token_error_form);
        exchange.listen(token_port.0, token_host);
        exchange.listen(fonial_port.0, host(ServiceName::Fonial, fonial, fonial::error_form));
        exchange.listen(tenios_port.0, host(ServiceName::Tenios, tenios, tenios::error_form));
        let hosts = Arc::new(voicenter::Hosts(voicenter));
        exchange.listen(voicenter_port.0, host(ServiceName::Voicenter, hosts, voicenter::error_form));
        exchange.listen(elsewhere_port.0, host(ServiceName::Elsewhere, Arc::new(Elsewhere), Answer::empty));
        exchange.listening.close();
        exchange.office.begin(options.script);
        Ok(exchange)
    }

    /// The base URL of the NFON API, without a slash at the end.
    pub fn nfon_url(&self) -> String {
        format!("http://{}{}", self.addresses.nfon, nfon::BASE)
    }

    /// The base URL of the Swisscom API, without a slash at the end.
    pub fn swisscom_url(&self) -> String {
        format!("http://{}{}", self.addresses.swisscom, swisscom::BASE)
    }

    pub fn swisscom_token_url(&self) -> String {
        format!("http://{}{}", self.addresses.swisscom_token, swisscom::TOKEN_PATH)
    }

    /// The base URL of the fonial API, without a slash at the end.
    pub fn fonial_url(&self) -> String {
        format!("http://{}{}", self.addresses.fonial, fonial::BASE)
    }

    /// The base URL of the TENIOS API, without a slash at the end.
    pub fn tenios_url(&self) -> String {
        format!("http://{}", self.addresses.tenios)
    }

    /// Scheme and authority that stand for all of Voicenter's hosts.
    pub fn voicenter_url(&self) -> String {
        format!("http://{}", self.addresses.voicenter)
    }

    /// Scheme and authority of the stranger that redirects lead to.
    pub fn elsewhere_url(&self) -> String {
        format!("http://{}", self.addresses.elsewhere)
    }

    pub fn office(&self) -> &Office {
        &self.office
    }

    /// Credentials and switches of the NFON side.
    pub fn nfon(&self) -> &NfonDesk {
        &self.nfon
    }

    /// Credentials, scenarios and switches of the Swisscom side.
    pub fn swisscom(&self) -> &SwisscomDesk {
        &self.swisscom
    }

    /// Credentials, records and switches of the fonial side.
    pub fn fonial(&self) -> &FonialDesk {
        &self.fonial
    }

    /// The key, agents, numbers and switches of the TENIOS side.
    pub fn tenios(&self) -> &TeniosDesk {
        &self.tenios
    }

    /// Credentials, records and switches of the Voicenter side.
    pub fn voicenter(&self) -> &VoicenterDesk {
        &self.voicenter
    }

    /// The forwarding scenario with that id, whether there is one or not.
    pub fn scenario(&self, id: &str) -> ScenarioHandle {
        self.swisscom.scenario(id)
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

    /// A configuration file that leads to this exchange. The secrets are read from the two variables of
    /// [`Exchange::environment`].
    pub fn config_toml(&self) -> String {
        let extensions = self.office.extensions();
        let desk = extensions.iter().find(|(number, _)| number == DESK).or(extensions.first());
        let mine = desk.map_or(String::new(), |(number, _)| format!("\"office/{number}\""));
        format!(
            r#"[me]
extensions = [{mine}]
region = "DE"

[[accounts]]
id = "office"
provider = "nfon"
base_url = "{nfon}"
username = "{username}"
secret = {{ env = "{NFON_SECRET}" }}

[[accounts]]
id = "forwarding"
provider = "swisscom"
base_url = "{swisscom}"
username = "{key}"
secret = {{ env = "{SWISSCOM_SECRET}" }}

[accounts.options]
token_url = "{token}"
"#,
            nfon = self.nfon_url(),
            username = self.nfon.username(),
            swisscom = self.swisscom_url(),
            key = self.swisscom.customer_key(),
            token = self.swisscom_token_url(),
        )
    }

    /// The secrets that [`Exchange::config_toml`] names, as names and values of environment variables.
    pub fn environment(&self) -> [(&'static str, String); 2] {
        [(NFON_SECRET, self.nfon.password()), (SWISSCOM_SECRET, self.swisscom.customer_secret().to_owned())]
    }

    /// Stops listening, cuts what is open, and ends the script.
    pub async fn shutdown(self) {
        self.stop.cancel();
        self.listening.wait().await;
    }

    fn host(
        &self,
        name: ServiceName,
        service: Arc<dyn Service>,
        error_form: fn(StatusCode) -> Answer,
        clock: Clock,
        control: bool,
    ) -> Host {
        let control = control.then(|| Control { faults: self.faults.clone(), tape: self.tape.clone() });
        let elsewhere = self.elsewhere_url();
        Host {
            name,
            service,
            faults: self.faults.clone(),
            tape: self.tape.clone(),
            clock,
            control,
            elsewhere,
            error_form,
        }
    }

    fn listen(&self, listener: TcpListener, host: Host) {
        let serving = wire::serve(listener, Arc::new(host), self.down.subscribe(), self.stop.clone());
        self.listening.spawn(serving);
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

const NFON_SECRET: &str = "RINGSIDE_DEMO_NFON";
const SWISSCOM_SECRET: &str = "RINGSIDE_DEMO_SWISSCOM";

async fn bind(service: ServiceName, port: u16) -> Result<(TcpListener, SocketAddr), StartError> {
    wire::bind(port).await.map_err(|source| StartError::Bind { service, port, source })
}

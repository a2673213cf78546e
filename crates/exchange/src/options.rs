//! How an exchange is set up.

use std::time::Duration;

use jiff::Timestamp;

use crate::faults::Fault;
use crate::fonial::FonialOptions;
use crate::office::DialBehaviour;
use crate::tenios::TeniosOptions;
use crate::voicenter::VoicenterOptions;

/// Everything that can be chosen before the start. `Options::default()` is the demo: 46 extensions and a busy office.
#[derive(Clone, Debug)]
pub struct Options {
    pub ports: Ports,
    /// The same seed gives the same call ids, the same traffic and the same tokens.
    pub seed: u64,
    /// How many times faster than life the script and the dial behaviour run.
    pub speed: f64,
    /// How many extensions the office has; the first 46 have names of their own.
    pub extensions: usize,
    pub script: Script,
    /// What the wall clock shows at the start; `None` is the machine's time.
    pub starts_at: Option<Timestamp>,
    /// How a call that a client starts goes on, until told otherwise.
    pub dial: DialBehaviour,
    pub faults: Vec<Fault>,
    /// Whether `/_control/…` is answered on every port.
    pub control: bool,
    pub nfon: NfonOptions,
    pub swisscom: SwisscomOptions,
    pub fonial: FonialOptions,
    pub tenios: TeniosOptions,
    pub voicenter: VoicenterOptions,
}

/// Ports on 127.0.0.1; 0 takes a free one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ports {
    pub nfon: u16,
    pub swisscom: u16,
    pub swisscom_token: u16,
    pub fonial: u16,
    pub tenios: u16,
    pub voicenter: u16,
    pub elsewhere: u16,
}

/// What happens in the office by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// An office day: calls in and out, ring groups, transfers, breaks.
    Office,
    /// Nothing happens unless a test or a client does it.
    Quiet,
}

/// The NFON account of the office.
#[derive(Clone, Debug)]
pub struct NfonOptions {
    /// The K-Account.
    pub customer: String,
    pub username: String,
    pub password: String,
    pub access_lifetime: Duration,
    pub refresh_lifetime: Duration,
    /// The claim of the same name; `false` makes states and calls answer 403.
    pub extended_presence: bool,
    /// Time between two heartbeat comments on a stream; `None` sends none.
    pub heartbeat: Option<Duration>,
    /// Whether line states can be streamed; `false` answers 406, and the snapshot still works.
    pub states_stream: bool,
    /// What stands in `caller` when the number is withheld.
    pub withheld: String,
}

/// The Swisscom subscription of the office.
#[derive(Clone, Debug)]
pub struct SwisscomOptions {
    pub customer_key: String,
    pub customer_secret: String,
    pub token_lifetime: Duration,
    /// The `SCS-Version` that is asked for; `None` takes any or none.
    pub version: Option<String>,
    /// How long a scenario is changing before it is what was asked for.
    pub changing: Duration,
    pub shape: ScenarioShape,
    pub action: ActionBody,
}

/// The vendor's scenario JSON is not public: these are the plausible shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScenarioShape {
    /// A bare array; `state` as upper-case text.
    Array,
    /// `{"scenarios": […]}`; `scenarioId`, `status` as text.
    Wrapped,
    /// A bare array; numeric `id`, boolean `active`.
    Boolean,
}

/// The body of the PUT is not public either: exactly one form is taken, every other answers 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionBody {
    /// `{"action":"activate"|"deactivate"}`
    Action,
    /// `{"active":true|false}`
    Active,
    /// `{"state":"ACTIVE"|"INACTIVE"}`
    State,
    /// The object of the GET with its state changed.
    WholeObject,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            ports: Ports::default(),
            seed: 1,
            speed: 1.0,
            extensions: crate::office::NAMED_EXTENSIONS,
            script: Script::Office,
            starts_at: None,
            dial: DialBehaviour::default(),
            faults: Vec::new(),
            control: true,
            nfon: NfonOptions::default(),
            swisscom: SwisscomOptions::default(),
            fonial: FonialOptions::default(),
            tenios: TeniosOptions::default(),
            voicenter: VoicenterOptions::default(),
        }
    }
}

impl Options {
    /// An office in which nothing happens by itself: the start of most tests.
    pub fn quiet() -> Self {
        Self { script: Script::Quiet, ..Self::default() }
    }

    /// The same with another number of extensions.
    #[must_use]
    pub fn with_extensions(mut self, extensions: usize) -> Self {
        self.extensions = extensions;
        self
    }
}

impl Default for NfonOptions {
    fn default() -> Self {
        Self {
            customer: "K7001".into(),
            username: "K7001/cti".into(),
            password: "demo-office-only".into(),
            access_lifetime: Duration::from_secs(300),
            refresh_lifetime: Duration::from_secs(24 * 3600),
            extended_presence: true,
            heartbeat: Some(Duration::from_secs(15)),
            states_stream: true,
            withheld: "anonymous".into(),
        }
    }
}

impl Default for SwisscomOptions {
    fn default() -> Self {
        Self {
            customer_key: "demo-customer-key".into(),
            customer_secret: "demo-customer-secret".into(),
            token_lifetime: Duration::from_secs(3600),
            version: Some("1".into()),
            changing: Duration::from_millis(1500),
            shape: ScenarioShape::Array,
            action: ActionBody::Action,
        }
    }
}

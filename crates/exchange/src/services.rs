//! The list of services: a further one is its module, and its entry at the end of this file.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use hyper::StatusCode;
use jiff::Timestamp;

use crate::account::Account;
use crate::clock::Clock;
use crate::exchange::Exchange;
use crate::faults::Fault;
use crate::fonial::{FonialDesk, FonialOptions};
use crate::nfon::{NfonDesk, NfonOptions};
use crate::office::{DialBehaviour, Office};
use crate::options::{Script, Sites};
use crate::swisscom::{SwisscomDesk, SwisscomOptions};
use crate::tenios::{TeniosDesk, TeniosOptions};
use crate::voicenter::{VoicenterDesk, VoicenterOptions};
use crate::wire::{Answer, Service};

/// What a module gives: the desk from which tests and the demo see its service.
pub(crate) trait Desk: Sized {
    type Options;

    /// Opens the service on the office, with a door for each of its hosts.
    fn open(options: Self::Options, opening: &Opening) -> (Self, Vec<Door>);

    /// How a client gets in.
    fn account(&self, exchange: &Exchange) -> Account;
}

/// What a service is opened with.
pub(crate) struct Opening {
    pub(crate) office: Office,
    pub(crate) clock: Clock,
    pub(crate) seed: u64,
}

/// One host of a service.
pub(crate) struct Door {
    pub(crate) name: ServiceName,
    /// What a client's base URL ends with.
    pub(crate) base: &'static str,
    pub(crate) service: Arc<dyn Service>,
    /// The service's own way to say that something is wrong.
    pub(crate) error_form: fn(StatusCode) -> Answer,
}

/// There is no service of that name.
#[derive(Debug, thiserror::Error)]
#[error("no service `{name}`: {} are", ServiceName::ALL.map(ServiceName::name).join(", "))]
pub struct UnknownService {
    name: String,
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ServiceName {
    type Err = UnknownService;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.name() == text).ok_or_else(|| UnknownService { name: text.into() })
    }
}

macro_rules! services {
    ($($(#[$about:meta])* $module:ident: $desk:ty, $options:ty { $($host:ident $name:literal $url:ident),+ })+) => {
        /// One address of its own each, so that a secret sent to a wrong one is seen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum ServiceName {
            $($(#[serde(rename = $name)] $host,)+)+
            /// A stranger, to which redirects lead. It answers everything with 200 and must never see a secret.
            #[serde(rename = "elsewhere")]
            Elsewhere,
        }

        impl ServiceName {
            pub const ALL: [Self; [$($($name,)+)+ "elsewhere"].len()] = [$($(Self::$host,)+)+ Self::Elsewhere];

            pub fn name(self) -> &'static str {
                match self {
                    $($(Self::$host => $name,)+)+
                    Self::Elsewhere => "elsewhere",
                }
            }

            /// The command line's option for its port, without dashes.
            pub fn port_option(self) -> &'static str {
                match self {
                    $($(Self::$host => concat!("port-", $name),)+)+
                    Self::Elsewhere => "port-elsewhere",
                }
            }
        }

        /// Everything that can be chosen before the start. `Options::default()` is a busy office of 46 extensions, and
        /// three small sites at other services.
        #[derive(Clone, Debug)]
        pub struct Options {
            /// Ports on 127.0.0.1; who is not named takes a free one.
            pub ports: BTreeMap<ServiceName, u16>,
            /// The same seed gives the same call ids, the same traffic and the same tokens.
            pub seed: u64,
            /// How many times faster than life the script and the dial behaviour run.
            pub speed: f64,
            /// How many extensions the main office has; the first 46 have names of their own.
            pub extensions: usize,
            pub sites: Sites,
            pub script: Script,
            /// What the wall clock shows at the start; `None` is the machine's time.
            pub starts_at: Option<Timestamp>,
            /// How a call that a client starts goes on, until told otherwise.
            pub dial: DialBehaviour,
            pub faults: Vec<Fault>,
            /// Whether `/_control/…` is answered on every port.
            pub control: bool,
            $(pub $module: $options,)+
        }

        impl Default for Options {
            fn default() -> Self {
                Self {
                    ports: BTreeMap::new(),
                    seed: 1,
                    speed: 1.0,
                    extensions: crate::office::NAMED_EXTENSIONS,
                    sites: Sites::Several,
                    script: Script::Office,
                    starts_at: None,
                    dial: DialBehaviour::default(),
                    faults: Vec::new(),
                    control: true,
                    $($module: Default::default(),)+
                }
            }
        }

        pub(crate) struct Desks {
            $($module: $desk,)+
        }

        impl Desks {
            pub(crate) fn open(options: &Options, opening: &Opening) -> (Self, Vec<Door>) {
                let mut doors = Vec::new();
                $(
                    let ($module, its) = <$desk as Desk>::open(options.$module.clone(), opening);
                    doors.extend(its);
                )+
                (Self { $($module,)+ }, doors)
            }

            pub(crate) fn accounts(&self, exchange: &Exchange) -> Vec<Account> {
                vec![$(self.$module.account(exchange)),+]
            }
        }

        impl Exchange {
            $(
                $(#[$about])*
                pub fn $module(&self) -> &$desk {
                    &self.desks.$module
                }

                $(
                    /// The base URL of this host, without a slash at the end.
                    pub fn $url(&self) -> String {
                        self.url(ServiceName::$host)
                    }
                )+
            )+
        }
    };
}

services! {
    /// Credentials and switches of the NFON side.
    nfon: NfonDesk, NfonOptions { Nfon "nfon" nfon_url }
    /// Credentials, scenarios and switches of the Swisscom side.
    swisscom: SwisscomDesk, SwisscomOptions {
        Swisscom "swisscom" swisscom_url, SwisscomToken "swisscom-token" swisscom_token_url
    }
    /// Credentials, records and switches of the fonial side.
    fonial: FonialDesk, FonialOptions { Fonial "fonial" fonial_url }
    /// The key, agents, numbers and switches of the TENIOS side.
    tenios: TeniosDesk, TeniosOptions { Tenios "tenios" tenios_url }
    /// Credentials, records and switches of the Voicenter side; all of its hosts are at one address.
    voicenter: VoicenterDesk, VoicenterOptions { Voicenter "voicenter" voicenter_url }
}

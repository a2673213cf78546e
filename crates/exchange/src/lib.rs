//! The demo exchange: the telephone services' servers on loopback with a scripted office behind them.
//!
//! It shares no type with the rest of the house on purpose: a misreading of the vendor's documents made on both sides
//! would hide itself. Where a vendor is strict, so is the exchange; where a vendor's answer is not known, an option says
//! which of the plausible answers is given.
//!
//! ```no_run
//! # async fn demo() -> Result<(), ringside_exchange::StartError> {
//! use ringside_exchange::{Exchange, Options, RingSpec};
//!
//! let exchange = Exchange::start(Options::quiet()).await?;
//! let call = exchange.office().ring(RingSpec::to("31").from("4922166966966"));
//! call.answer("31");
//! call.hang_up();
//! exchange.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! One module a service (`nfon`, `fonial`, `swisscom` …), each a [`wire::Service`] that answers requests and, where it streams, an
//! [`office::Observer`] that is told what happens in the office. A further service is one more module and its entry in
//! the list of `services`.

mod account;
mod clock;
mod control;
mod exchange;
pub mod faults;
mod fonial;
mod lock;
mod nfon;
pub mod office;
mod options;
mod post;
mod script;
mod services;
mod swisscom;
pub mod tape;
mod tenios;
mod voicenter;
mod wire;

pub use account::Account;
pub use exchange::{Exchange, StartError};
pub use faults::{After, Fault, FaultKind, Faults, Matcher, On, RedirectTo, RetryAfter};
pub use fonial::{FonialBounds, FonialDesk, FonialErrors, FonialLists, FonialLogin, FonialOptions};
pub use nfon::{NfonDesk, NfonOptions};
pub use office::{
    CallHandle, CalleeBehaviour, CallerBehaviour, DemoContact, DialBehaviour, DialOrder, Line, LineLoad, LosingLegs,
    Office, Presence, RingSpec, Snapshot, demo_contacts,
};
pub use options::{Script, Sites};
pub use post::Delivery;
pub use services::{Options, ServiceName, UnknownService};
pub use swisscom::{ActionBody, ScenarioHandle, ScenarioShape, ScenarioState, SwisscomDesk, SwisscomOptions};
pub use tape::{Authorization, Connection, Recorded, Tape};
pub use tenios::{
    Agent, AgentReason, BadKey, ForwardTarget, NumberOrder, PushForm, PushSecret, StampForm, TeniosDesk, TeniosOptions,
};
pub use voicenter::{
    AddressRefusal, EngineIo, ExpiryForm, KeyCase, PastRecord, PushForm as VoicenterPushForm, TokenRefusal,
    VoicenterDesk, VoicenterOptions,
};

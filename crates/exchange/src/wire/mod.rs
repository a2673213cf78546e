//! The HTTP side: listening, the tape, the faults, and what a service answers.

mod answer;
mod body;
mod conditions;
mod frames;
mod host;
mod listen;
mod socket;
mod stream;

pub(crate) use answer::{Answer, Request, Source};
pub(crate) use host::Host;
pub(crate) use listen::{bind, serve};
pub(crate) use socket::{Over, Socket, Talk};
pub(crate) use stream::{Feeds, Item};

/// A service of the exchange. Answers are made at once; what takes time is a stream, or a fault's doing.
pub(crate) trait Service: Send + Sync + 'static {
    fn answer(&self, request: &Request) -> Answer;
}

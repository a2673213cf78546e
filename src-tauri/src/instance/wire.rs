//! What goes over the socket: one JSON object a line.

use ringside_api::{ApiError, Envelope, Reply, Request};
use serde::{Deserialize, Serialize};

/// Longer lines are refused: an address book as CSV fits, a runaway peer does not.
pub const MAX_LINE: usize = 32 << 20;

/// What a second start hands to the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// `tel:` and its kin, unread.
    pub links: Vec<String>,
    /// Started with the session: stay in the tray.
    pub in_tray: bool,
}

/// From the command to the app.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Whether anybody is there. From then on a connection is told so again and again while its answer takes long.
    Hello {},
    Call(Box<Request>),
    /// Events follow until the command goes away; the connection is theirs from then on.
    Subscribe {},
    Open(Opening),
}

/// From the app to the command.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// The app lives.
    Alive {},
    Reply(Box<Reply>),
    Error(ApiError),
    Subscribed {},
    Events(Vec<Envelope>),
    Opened {},
}

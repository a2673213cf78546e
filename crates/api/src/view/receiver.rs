//! The local receiver for what services send unasked.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ApiError;

/// What the user can choose of it; part of the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReceiverSettings {
    pub on: bool,
    /// `address:port`; loopback unless somebody chooses otherwise.
    pub listen: String,
    /// How the services reach it: the address of a reverse proxy or tunnel; empty where there is none.
    pub public_url: String,
}

/// How it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReceiverView {
    /// Where it listens; `None` while it is off or could not.
    pub listening: Option<String>,
    pub problem: Option<ApiError>,
    /// The accounts whose service sends something.
    pub accounts: Vec<ReceiverAccount>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReceiverAccount {
    pub account: String,
    /// The account's own address on this computer; its path cannot be guessed and is to be kept like a password.
    pub local_url: String,
    /// The same as the service reaches it; `None` without a public address.
    pub public_url: Option<String>,
    /// Taken since the app began.
    pub taken: u32,
    pub last_at: Option<i64>,
    /// Turned away since the app began, and why the last one was.
    pub refused: u32,
    pub last_refused: Option<ApiError>,
}

/// Without the addresses.
impl std::fmt::Debug for ReceiverAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReceiverAccount")
            .field("account", &self.account)
            .field("taken", &self.taken)
            .field("refused", &self.refused)
            .field("last_refused", &self.last_refused)
            .finish_non_exhaustive()
    }
}

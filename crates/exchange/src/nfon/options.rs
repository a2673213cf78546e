//! How the NFON account of the office is set up.

use std::time::Duration;

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

//! The Voicenter account of the office, and which of the plausible forms its service has.

use std::time::Duration;

/// One account: the code of its REST interfaces and the three ways into its real time.
#[derive(Clone, Debug)]
pub struct VoicenterOptions {
    /// Also the token of the token login.
    pub code: String,
    pub email: String,
    /// The password of the user login.
    pub pin: String,
    pub username: String,
    pub password: String,
    pub token_lifetime: Duration,
    pub expiry: ExpiryForm,
    pub engine: EngineIo,
    pub token_refusal: TokenRefusal,
    pub address_refusal: AddressRefusal,
    pub ping_interval: Duration,
    pub ping_timeout: Duration,
    /// Minutes by which epochs run ahead of UTC.
    pub offset_minutes: i64,
    pub log_case: KeyCase,
    /// Records in one answer of the call log.
    pub log_most: usize,
    /// Requests a minute that the call log answers.
    pub log_per_minute: usize,
    /// Of the pop-up screen and of the notification about a call that is over.
    pub push_form: PushForm,
    /// Where the pop-up screen of every call goes, `http://` on this machine; `None` sends none.
    pub pop_ups_to: Option<String>,
    /// The same of the notification about a call that is over.
    pub records_to: Option<String>,
}

/// How the service writes what it sends unasked; the account's settings choose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushForm {
    Json,
    Form,
    /// A query for the pop-up screen, XML-RPC for the notification.
    Other,
}

/// How `TokenExpiry` is written; the vendor does not show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiryForm {
    Rfc3339,
    /// `2026-03-02T09:15:00.120`, UTC without saying so.
    Bare,
    /// `/Date(1767268800000)/`
    Milliseconds,
    Unreadable,
}

/// The protocol the real-time server speaks; a client that asks for the other gets 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineIo {
    /// The client pings.
    V3,
    /// The server pings, and the client asks for its namespace.
    V4,
}

/// What a bad token meets; the vendor does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRefusal {
    Unauthorized,
    /// `44"…"`, then a close.
    ErrorPacket,
    /// The socket opens and is closed at once.
    Close,
}

/// What an address that is not on the allow-list meets; the vendor says it of the call log alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressRefusal {
    /// 200 with an error number.
    Coded,
    /// The same body with 403.
    Forbidden,
}

/// The names of a record's fields: the document has the one, answers were seen with the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyCase {
    Pascal,
    Lower,
}

impl Default for VoicenterOptions {
    fn default() -> Self {
        Self {
            code: "DEMOOFFICE0CODE".into(),
            email: "desk@office.example".into(),
            pin: "demo-pin".into(),
            username: "office".into(),
            password: "demo-office-only".into(),
            token_lifetime: Duration::from_secs(3600),
            expiry: ExpiryForm::Rfc3339,
            engine: EngineIo::V3,
            token_refusal: TokenRefusal::Unauthorized,
            address_refusal: AddressRefusal::Coded,
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(5),
            offset_minutes: 120,
            log_case: KeyCase::Pascal,
            log_most: 10_000,
            log_per_minute: 30,
            push_form: PushForm::Json,
            pop_ups_to: None,
            records_to: None,
        }
    }
}

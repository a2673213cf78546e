//! How the fonial account of the office is set up, and which of the plausible forms it answers in.

use std::time::Duration;

/// The fonial account of the office.
#[derive(Clone, Debug)]
pub struct FonialOptions {
    /// The main user of the account.
    pub username: String,
    pub password: String,
    /// How long a session lives without being used; the vendor names no time.
    pub session_lifetime: Duration,
    /// The HTTP status under which an error of the API comes; not documented.
    pub error_status: u16,
    pub errors: FonialErrors,
    pub login: FonialLogin,
    pub lists: FonialLists,
    /// Whether an empty list is `null`.
    pub empty_as_null: bool,
    /// Whether devices come under `device`, as the vendor's table says, or under `devices`, as its sample says.
    pub singular_devices: bool,
    /// Whether ids and durations come as text.
    pub numbers_as_text: bool,
    pub bounds: FonialBounds,
    /// Whether records come newest first.
    pub newest_first: bool,
    /// Whether outgoing calls that nobody answered are listed too.
    pub lists_unanswered: bool,
    /// The journal's word for a call that nobody answered; only `TAKEN` is documented.
    pub missed: String,
    /// What stands in `from` when the number is withheld.
    pub withheld: String,
    /// How many records of calls lie in the year before the start.
    pub past_calls: usize,
}

/// Where the words of an error stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FonialErrors {
    /// In `reason` for a session, as has been seen; in `error` for the rest, as documented.
    AsSeen,
    Error,
    Reason,
    Message,
    /// `"error":{"code":…,"text":…}`
    Object,
}

/// How a sign-in is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FonialLogin {
    /// `authenticated` is `true` or `false`, the status `ok` both times.
    Flag,
    /// The same as 1 and 0.
    Number,
    /// The same as `"1"` and `"0"`.
    Text,
    /// A refusal is an error.
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FonialLists {
    Arrays,
    /// Objects with `"0"`, `"1"`, … as their keys.
    Objects,
    /// Objects that begin at `"1"`; a single entry stands there without a list around it.
    Bare,
}

/// Whether a record at the very start or end of a span belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FonialBounds {
    Inclusive,
    Exclusive,
}

impl Default for FonialOptions {
    fn default() -> Self {
        Self {
            username: "office@ringside.example".into(),
            password: "demo-main-user-only".into(),
            session_lifetime: Duration::from_secs(30 * 60),
            error_status: 200,
            errors: FonialErrors::AsSeen,
            login: FonialLogin::Flag,
            lists: FonialLists::Arrays,
            empty_as_null: false,
            singular_devices: false,
            numbers_as_text: false,
            bounds: FonialBounds::Inclusive,
            newest_first: false,
            lists_unanswered: false,
            missed: "MISSED".into(),
            withheld: "anonymous".into(),
            past_calls: 0,
        }
    }
}

//! What a test of an account finds.

use std::ops::Deref;

use ringside_domain::Problem;

/// One step of [`super::Provider::check`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable and snake_case: `reach`, `sign_in`, `extensions`, `line_states`, `live_calls`, `dial`, `scenarios`,
    /// `health`, `scenario_change`, `journal`, `numbers`, `agents`, `number_orders`, `pushes`.
    pub step: &'static str,
    pub verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It works; the note says what was seen, such as `42 extensions`.
    Works(Note),
    /// It works with a reservation.
    Warning(Problem),
    Fails(Problem),
    /// Not tried because an earlier step failed, or because trying would ring somebody's telephone.
    NotTried(Note),
}

impl Verdict {
    pub fn skipped() -> Self {
        Self::NotTried(Note::new("skipped", "An earlier step failed."))
    }

    pub fn would_ring() -> Self {
        let text = "Trying it would ring a phone. Call your mobile to see it work.";
        Self::NotTried(Note::new("would_ring", text))
    }

    /// Whether what comes after it is worth trying.
    pub fn lets_on(&self) -> bool {
        matches!(self, Self::Works(_) | Self::Warning(_))
    }
}

/// What was seen, in English; hosts have words of their own for its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Stable and snake_case; empty for what has no other words.
    pub code: &'static str,
    pub text: String,
    pub count: Option<u64>,
}

impl Note {
    pub fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), count: None }
    }

    /// So many of what the code names.
    pub fn count(code: &'static str, count: u64, what: &str) -> Self {
        Self { code, text: format!("{count} {what}."), count: Some(count) }
    }
}

impl From<String> for Note {
    fn from(text: String) -> Self {
        Self::new("", text)
    }
}

impl Deref for Note {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

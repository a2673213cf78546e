//! What a lookup or a search finds.

use std::fmt;
use std::sync::Arc;

use ringside_domain::{CallerClass, Label, LineId, PhoneNumber};

/// Where a contact comes from, such as `extensions:office` or `csv:customers`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SourceId(Arc<str>);

impl SourceId {
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(Arc::from(text.as_ref()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody a source knows, by one of their numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    pub source: SourceId,
    /// The entry's key within its source; empty where the source has none.
    pub key: Arc<str>,
    /// The person; the company where the entry names no person.
    pub name: Label,
    /// The company; for a colleague, the group.
    pub company: Label,
    /// The entry's number that matched; the first found is given where another field did. `None` for a colleague.
    pub number: Option<PhoneNumber>,
    /// Set for a colleague.
    pub line: Option<LineId>,
    /// What the number is called in its source, such as `Mobile`; `extension` for a colleague; may be empty.
    pub field: Label,
    pub vip: bool,
    pub note: Label,
    /// The user prefers this one where several share a number.
    pub pinned: bool,
    /// A search found no more than words like the ones that were typed.
    pub similar: bool,
}

/// Somebody with all the numbers that a search found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// At least one, each with another number.
    pub hits: Vec<Hit>,
    /// What the name begins with in an alphabetical list; `#` where that is no letter.
    pub initial: char,
}

/// Contacts of a list or a search, without colleagues.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct People {
    pub people: Vec<Person>,
    /// How many there are in all, shown or not.
    pub total: usize,
}

/// Who a party is, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Match {
    pub best: Option<Hit>,
    /// The losing candidates, in a stable order: pinned first, then by source, then by name.
    pub others: Vec<Hit>,
    pub rule: MatchRule,
}

impl Match {
    pub(crate) fn nobody(rule: MatchRule) -> Self {
        Self { best: None, others: Vec::new(), rule }
    }

    /// What kind of caller this is, for the pop-up policy. A number several people share is a VIP's if one of them is.
    pub fn class(&self) -> CallerClass {
        let Some(best) = &self.best else {
            return if self.rule == MatchRule::Withheld { CallerClass::Withheld } else { CallerClass::Unknown };
        };
        if best.vip || self.others.iter().any(|hit| hit.vip) {
            CallerClass::Vip
        } else if best.line.is_some() {
            CallerClass::Internal
        } else {
            CallerClass::External
        }
    }
}

/// Which rule found somebody, or why none was applied.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MatchRule {
    /// The same number in E.164.
    ExactNumber,
    /// A colleague's extension.
    Extension,
    /// The main line of a company to which the number is a direct-dial number.
    CompanyMainLine,
    /// Nobody has this number.
    NoMatch,
    /// The caller hides the number: nobody is looked up.
    Withheld,
    /// There is no number to look up.
    NoNumber,
}

impl MatchRule {
    /// Stable, snake_case.
    pub fn code(self) -> &'static str {
        match self {
            Self::ExactNumber => "exact_number",
            Self::Extension => "extension",
            Self::CompanyMainLine => "company_main_line",
            Self::NoMatch => "no_match",
            Self::Withheld => "withheld",
            Self::NoNumber => "no_number",
        }
    }
}

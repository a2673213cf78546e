//! The service's times: wall time in Berlin, without a zone.
//!
//! In the autumn night an hour comes twice, and nothing in a time says which of the two is meant. It is read as the
//! first, always: so a record has one place in time however often it is read, and never one that is yet to come. The
//! hour that is left out in spring is read as the hour after it. Where more is known of a call, see [`WallClock::call`].

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

pub const BERLIN: &str = "Europe/Berlin";
/// Berlin's rule since 1996, for a computer without tables of its own.
const BERLIN_RULE: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
const FORM: &str = "%Y-%m-%d %H:%M:%S";
/// Two clocks of one place are never further apart than this, so that a span with so much more on both sides holds
/// every record of it, whichever clock the record is written by. It also outweighs seconds that were rounded, and
/// whether the ends of a span belong to it, which is not documented.
const MARGIN: SignedDuration = SignedDuration::from_hours(1);

/// The clock on the service's wall.
#[derive(Clone, Debug)]
pub struct WallClock(TimeZone);

/// A time as it is written, with both of its meanings where it has two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub first: Timestamp,
    pub second: Option<Timestamp>,
}

impl WallClock {
    /// `None` for a place that nobody knows.
    pub fn of(place: &str) -> Option<Self> {
        let rule = || if place == BERLIN { TimeZone::posix(BERLIN_RULE).ok() } else { None };
        TimeZone::get(place).ok().or_else(rule).map(Self)
    }

    /// `None` for what is no time.
    pub fn read(&self, text: &str) -> Option<Written> {
        // A zone is documented nowhere, and would be believed.
        if let Ok(first) = text.parse() {
            return Some(Written { first, second: None });
        }
        let at: DateTime = text.parse().ok()?;
        let ambiguous = self.0.to_ambiguous_timestamp(at);
        match ambiguous.offset() {
            AmbiguousOffset::Fold { before, after } => {
                Some(Written { first: before.to_timestamp(at).ok()?, second: after.to_timestamp(at).ok() })
            }
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Gap { .. } => {
                Some(Written { first: ambiguous.compatible().ok()?, second: None })
            }
        }
    }

    /// What to ask for, so that every record from `from` until `until` is in the answer. There will be others too.
    pub fn span(&self, from: Timestamp, until: Timestamp) -> (String, String) {
        let start = from.checked_sub(MARGIN).unwrap_or(from);
        let end = until.checked_add(MARGIN).unwrap_or(until);
        (self.write(start), self.write(end))
    }

    /// When a call began and ended, of all that may be meant what fits best to how long it took. The length decides
    /// between meanings and nothing else: it does not agree with the times even in the vendor's own sample. No call
    /// ends before it begins: then its end is not known.
    pub fn call(
        start: Written,
        end: Option<Written>,
        length: Option<SignedDuration>,
    ) -> (Timestamp, Option<Timestamp>) {
        let ends = || end.iter().flat_map(|end| end.meanings());
        let pairs = start.meanings().flat_map(|start| ends().map(move |end| (start, end)));
        let misfit = |took: SignedDuration| length.map_or(SignedDuration::ZERO, |length| (took - length).abs());
        let best = pairs
            .filter(|(start, end)| end >= start)
            .min_by_key(|(start, end)| (misfit(end.duration_since(*start)), *start, *end));
        best.map_or((start.first, None), |(start, end)| (start, Some(end)))
    }

    fn write(&self, at: Timestamp) -> String {
        self.0.to_datetime(at).strftime(FORM).to_string()
    }
}

impl Written {
    fn meanings(self) -> impl Iterator<Item = Timestamp> {
        std::iter::once(self.first).chain(self.second)
    }
}

#[cfg(test)]
#[path = "times_tests.rs"]
mod tests;

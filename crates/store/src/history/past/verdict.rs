//! What a record changes of what was seen live, and the row of one that nobody saw. Pure.

use ringside_domain::{AccountId, ExtensionId, Outcome};

use super::{Past, PastRecord};
use crate::history::merge::keep_party;
use crate::history::record::{CallRecord, CallRowId, Source, Sources, Was};

/// The journal speaks: it confirms or corrects, fills in what nobody saw, and leaves what was seen more closely.
pub(in crate::history) fn correct(row: &mut CallRecord, past: &Past) {
    let said = past.call.outcome;
    let seen = row.outcome;
    row.sources.journal = true;
    row.was = None;
    if let Some(outcome) = verdict(seen, row.provisional, said) {
        row.outcome = Some(outcome);
        row.was = seen.filter(|seen| *seen != Outcome::Unknown).map(|outcome| was(outcome, Source::Live, past));
        if !spoke(outcome) {
            row.answered_at = None;
        } else if seen.is_some_and(|seen| !spoke(seen)) {
            // When the telephone stopped ringing is not when they hung up.
            row.ended_at = None;
        }
    } else if seen.is_none() && past.call.ended_at.is_some() {
        row.outcome = Some(Outcome::Unknown);
    }
    if row.was.is_none() {
        row.was = past.was.filter(|was| Some(*was) != row.outcome).map(|outcome| was(outcome, Source::Journal, past));
    }
    row.provisional &= said == Outcome::Unknown;
    fill(row, past);
}

fn was(outcome: Outcome, by: Source, past: &Past) -> Was {
    Was { outcome, by, at: past.said_at }
}

/// `None`: what was seen stands.
fn verdict(seen: Option<Outcome>, provisional: bool, said: Outcome) -> Option<Outcome> {
    match (seen, said) {
        (_, Outcome::Unknown) => None,
        (None | Some(Outcome::Unknown), said) => Some(said),
        (Some(seen), said) if seen == said => None,
        (Some(seen), said) if spoke(seen) != spoke(said) => Some(said),
        // The record does not know which telephone is mine.
        (Some(Outcome::AnsweredElsewhere), _) => None,
        (Some(_), said) => provisional.then_some(said),
    }
}

fn spoke(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Answered | Outcome::AnsweredElsewhere)
}

fn fill(row: &mut CallRecord, past: &Past) {
    let call = &past.call;
    keep_party(&mut row.remote, &call.remote);
    keep_party(&mut row.our_number, &call.our_number);
    if let (true, Some(extension)) = (row.extension.as_str().is_empty(), &call.extension) {
        row.extension = extension.clone();
    }
    let Some(outcome) = row.outcome else { return };
    if spoke(outcome) {
        row.answered_at = row.answered_at.or(call.answered_at).map(|at| at.max(row.started_at));
    }
    row.ended_at = row.ended_at.or(call.ended_at).map(|at| at.max(row.answered_at.unwrap_or(row.started_at)));
}

/// The row of a record that nobody saw live. `known` is the row it was part of or had before.
pub(super) fn alone(account: &AccountId, past: &Past, known: &Named<'_>) -> CallRecord {
    let call = &past.call;
    let mut row = CallRecord {
        id: CallRowId(0),
        account: account.clone(),
        call: call.id.clone(),
        began: None,
        extension: call.extension.clone().unwrap_or_else(|| ExtensionId::new("")),
        direction: call.direction,
        mine: known.mine,
        class: known.class,
        remote: call.remote.clone(),
        our_number: call.our_number.clone(),
        name: known.name.clone(),
        company: known.company.clone(),
        outcome: Some(call.outcome),
        provisional: false,
        started_at: call.started_at,
        answered_at: None,
        ended_at: None,
        note: String::new(),
        callback: None,
        sources: Sources { live: false, journal: true },
        was: past.was.filter(|was| *was != call.outcome).map(|outcome| was(outcome, Source::Journal, past)),
    };
    fill(&mut row, past);
    row
}

/// What a row has beside what its record says.
pub(super) struct Named<'a> {
    pub mine: bool,
    pub class: Option<ringside_domain::CallerClass>,
    pub name: &'a ringside_domain::Label,
    pub company: &'a ringside_domain::Label,
}

impl<'a> From<&'a PastRecord> for Named<'a> {
    fn from(record: &'a PastRecord) -> Self {
        Self { mine: record.mine, class: record.class, name: &record.name, company: &record.company }
    }
}

impl<'a> From<&'a CallRecord> for Named<'a> {
    fn from(row: &'a CallRecord) -> Self {
        Self { mine: row.mine, class: row.class, name: &row.name, company: &row.company }
    }
}

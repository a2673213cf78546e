//! History rows and filters.

use ringside_api::ApiError;
use ringside_api::view::{CallbackState, GapView, HistoryFilter, HistoryLeg, HistoryRow, HistorySource, HistoryWas};
use ringside_domain::{AccountId, ExtensionId, Label, Party, Problem, Timestamp};
use ringside_store::{
    CallRecord, CallRowId, Callback, Cursor, HistoryQuery, LegRecord, MarkedGap, Source, Sources, Was,
};

use super::ms;
use super::party::{Named, party, stated};

/// Names that the store does not keep with a call.
pub(crate) trait Names {
    fn extension(&self, account: &AccountId, extension: &ExtensionId) -> String;
    /// Who has the number, as is known now.
    fn caller(&self, account: &AccountId, remote: &Party) -> Named;
}

pub(crate) fn row(call: &CallRecord, legs: &[LegRecord], names: &impl Names) -> HistoryRow {
    let seconds = |span: Option<jiff::SignedDuration>| {
        span.map(|s| u32::try_from(s.as_millis().max(0).saturating_add(500) / 1000).unwrap_or(u32::MAX))
    };
    let remote = if call.name.as_str().is_empty() && call.company.as_str().is_empty() {
        names.caller(&call.account, &call.remote)
    } else {
        Named { name: call.name.clone(), company: call.company.clone() }
    };
    HistoryRow {
        id: call.id.0,
        account: call.account.to_string(),
        call: call.call.to_string(),
        extension: call.extension.to_string(),
        extension_name: names.extension(&call.account, &call.extension),
        direction: Some(call.direction),
        remote: party(&call.remote, remote),
        our_number: stated(&call.our_number, Named::default()),
        outcome: call.outcome,
        provisional: call.provisional,
        started_at: ms(call.started_at),
        answered_at: call.answered_at.map(ms),
        ended_at: call.ended_at.map(ms),
        ring_s: seconds(call.rang_for()),
        talk_s: seconds(call.talked_for()),
        note: call.note.clone(),
        callback: call.callback.as_ref().map(callback),
        legs: legs.iter().map(|leg| self::leg(leg, names)).collect(),
        mine: call.mine,
        sources: sources(call.sources),
        was: call.was.map(was),
    }
}

fn sources(sources: Sources) -> Vec<HistorySource> {
    let both = [(sources.live, HistorySource::Live), (sources.journal, HistorySource::Journal)];
    both.into_iter().filter_map(|(says, source)| says.then_some(source)).collect()
}

fn was(was: Was) -> HistoryWas {
    let by = match was.by {
        Source::Live => HistorySource::Live,
        Source::Journal => HistorySource::Journal,
    };
    HistoryWas { outcome: was.outcome, by, at: ms(was.at) }
}

fn leg(leg: &LegRecord, names: &impl Names) -> HistoryLeg {
    HistoryLeg {
        extension: leg.key.extension.to_string(),
        extension_name: names.extension(&leg.key.account, &leg.key.extension),
        outcome: leg.outcome,
        started_at: ms(leg.started_at),
        answered_at: leg.answered_at.map(ms),
        ended_at: leg.ended_at.map(ms),
    }
}

fn callback(state: &Callback) -> CallbackState {
    match state {
        Callback::Open => CallbackState::Open {},
        Callback::Claimed { by, at } => CallbackState::Claimed { by: by.as_str().to_owned(), at: ms(*at) },
        Callback::Done { at, .. } => CallbackState::Done { at: ms(*at) },
    }
}

pub(crate) fn gap(marked: &MarkedGap) -> GapView {
    let gap = &marked.gap;
    GapView { account: gap.account.to_string(), from: ms(gap.from), until: ms(gap.until), recovered: marked.recovered }
}

/// A page's place, as hosts hand it back.
pub(crate) fn cursor_text(cursor: &Cursor) -> String {
    format!("{}.{}", ms(cursor.started_at), cursor.id.0)
}

/// # Errors
/// When the text was not made by [`cursor_text`] or a time is out of range.
pub(crate) fn query(filter: &HistoryFilter, before: Option<&str>, limit: u32) -> Result<HistoryQuery, ApiError> {
    let bad = |what: &'static str| -> ApiError {
        Problem::new("bad_request", format!("the {what} cannot be read"), "Start the list from its beginning.").into()
    };
    let time = |at: Option<i64>, what| at.map(|at| Timestamp::from_millisecond(at).map_err(|_| bad(what))).transpose();
    let before = match before {
        None => None,
        Some(text) => {
            let (at, id) = text.split_once('.').ok_or_else(|| bad("place"))?;
            let at: i64 = at.parse().map_err(|_| bad("place"))?;
            Some(Cursor {
                started_at: Timestamp::from_millisecond(at).map_err(|_| bad("place"))?,
                id: CallRowId(id.parse().map_err(|_| bad("place"))?),
            })
        }
    };
    Ok(HistoryQuery {
        text: Label::new(&filter.text).as_str().to_owned(),
        outcomes: filter.outcomes.clone(),
        account: filter.account.as_ref().map(AccountId::new),
        direction: filter.direction,
        mine_only: filter.mine,
        missed_open_only: filter.callbacks,
        since: time(filter.since, "time")?,
        until: time(filter.until, "time")?,
        before,
        limit: limit.clamp(1, 500),
    })
}

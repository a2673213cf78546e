//! Reading the history: search as you type, page by page.

use ringside_domain::{AccountId, CallId, Direction, Outcome, Party, PhoneNumber, Timestamp};

use super::record::{CallKey, CallRecord, CallRowId};
use super::row::{interaction, select_calls};
use super::table::find;
use crate::Store;
use crate::columns::{Word, party_columns, readable};
use crate::error::StoreError;

/// What to look for. The default is everything, newest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HistoryQuery {
    /// Words of a name, a company or a note, each matched from its start; or digits anywhere in a number.
    pub text: String,
    /// Any of these; empty: all, those that still last included.
    pub outcomes: Vec<Outcome>,
    pub account: Option<AccountId>,
    pub direction: Option<Direction>,
    /// Only calls with a leg on an extension of the user.
    pub mine_only: bool,
    /// Only missed calls that nobody has returned: open or claimed.
    pub missed_open_only: bool,
    /// Calls that started at this instant or later.
    pub since: Option<Timestamp>,
    /// Calls that started before this instant.
    pub until: Option<Timestamp>,
    /// Continues after the page that gave this.
    pub before: Option<Cursor>,
    /// At most this many rows, 1 to [`HistoryQuery::MAX_ROWS`].
    pub limit: u32,
}

impl HistoryQuery {
    pub const MAX_ROWS: u32 = 1_000;
}

impl Default for HistoryQuery {
    fn default() -> Self {
        Self {
            text: String::new(),
            outcomes: Vec::new(),
            account: None,
            direction: None,
            mine_only: false,
            missed_open_only: false,
            since: None,
            until: None,
            before: None,
            limit: 100,
        }
    }
}

/// The place of a row in the order of the history: no row is repeated or left out when others come in between.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cursor {
    pub started_at: Timestamp,
    pub id: CallRowId,
}

/// Newest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    pub calls: Vec<CallRecord>,
    /// For [`HistoryQuery::before`]; `None` on the last page.
    pub next: Option<Cursor>,
}

/// What the history knows of a party before a call of theirs that goes on: finished calls alone, and never that one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Earlier {
    /// The last one that somebody answered.
    pub spoken: Option<CallRecord>,
    /// When they called last, answered or not.
    pub last_at: Option<Timestamp>,
    /// The latest note on one of them, and when that call began.
    pub note: Option<(String, Timestamp)>,
}

/// What a card says of a caller's day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TodayCounts {
    /// Finished calls from that party since the given instant.
    pub calls: u32,
    /// Of these, how many reached nobody.
    pub unanswered: u32,
}

impl Store {
    pub async fn search(&self, query: &HistoryQuery) -> Result<Page, StoreError> {
        let Some(words) = Words::read(&query.text) else { return Ok(Page { calls: Vec::new(), next: None }) };
        let limit = query.limit.clamp(1, HistoryQuery::MAX_ROWS);
        // One more than asked for tells whether there is another page.
        let rows = self.rows(query, &words, i64::from(limit) + 1).await?;
        let more = rows.len() > limit as usize;
        let rows = &rows[..rows.len().min(limit as usize)];
        let next = if more { rows.iter().rev().find_map(|row| row.place) } else { None };
        let calls = readable(rows.iter().map(|row| row.call.clone()));
        Ok(Page { calls, next })
    }

    /// One row, by its id.
    pub async fn call(&self, id: CallRowId) -> Result<Option<CallRecord>, StoreError> {
        let mut reader = self.read().await?;
        let id = id.0;
        let row = select_calls!("FROM calls c WHERE c.id = ?1", id).fetch_optional(reader.connection()?).await?;
        Ok(row.map(CallRecord::try_from).transpose()?)
    }

    /// The row of a call, by the provider's name for it: of several calls of one name the latest.
    pub async fn call_named(&self, account: &AccountId, call: &CallId) -> Result<Option<CallRecord>, StoreError> {
        let (account, call) = (account.as_str(), call.as_str());
        let mut reader = self.read().await?;
        let row = select_calls!(
            "FROM calls c WHERE c.account = ?1 AND c.named = ?2 ORDER BY c.started_at DESC, c.id DESC LIMIT 1",
            account,
            call
        )
        .fetch_optional(reader.connection()?)
        .await?;
        Ok(row.map(CallRecord::try_from).transpose()?)
    }

    /// The row of a call that was heard live.
    pub async fn call_of(&self, call: &CallKey) -> Result<Option<CallRecord>, StoreError> {
        let mut reader = self.read().await?;
        let known = find(reader.connection()?, &call.account, &call.call, Some(call.began)).await?;
        Ok(known.map(|known| known.call))
    }

    /// What there was with this party before `call`, which is the one that goes on now.
    pub async fn earlier(&self, party: &Party, call: &CallKey) -> Result<Earlier, StoreError> {
        let (kind, text) = party_columns(party);
        let (account, call) = (call.account.as_str(), interaction(&call.call, Some(call.began)));
        let mut reader = self.read().await?;
        let connection = reader.connection()?;
        let spoken = select_calls!(
            "FROM calls c WHERE c.party = ?1 AND c.party <> '' AND c.party_kind = ?2 AND c.outcome = 'answered'
                AND NOT (c.account = ?3 AND c.call = ?4)
            ORDER BY c.started_at DESC, c.id DESC LIMIT 1",
            text,
            kind,
            account,
            call
        )
        .fetch_optional(&mut *connection)
        .await?;
        let last_at = sqlx::query_scalar!(
            r#"SELECT max(started_at) AS "at?: i64" FROM calls
            WHERE party = ?1 AND party <> '' AND party_kind = ?2 AND outcome IS NOT NULL AND direction = 'inbound'
                AND NOT (account = ?3 AND call = ?4)"#,
            text,
            kind,
            account,
            call
        )
        .fetch_one(&mut *connection)
        .await?;
        let note = sqlx::query!(
            "SELECT note, started_at FROM calls WHERE party = ?1 AND party <> '' AND party_kind = ?2 AND note <> ''
                AND NOT (account = ?3 AND call = ?4)
            ORDER BY started_at DESC LIMIT 1",
            text,
            kind,
            account,
            call
        )
        .fetch_optional(connection)
        .await?;
        let at = |ms: i64| Timestamp::from_millisecond(ms).ok();
        Ok(Earlier {
            spoken: spoken.map(CallRecord::try_from).transpose()?,
            last_at: last_at.and_then(at),
            note: note.and_then(|row| Some((row.note, at(row.started_at)?))),
        })
    }

    /// How often this number called since `since` (the start of the day where the user is) before `call`, which goes on
    /// now, and how often in vain.
    pub async fn counts(
        &self,
        number: &PhoneNumber,
        since: Timestamp,
        call: &CallKey,
    ) -> Result<TodayCounts, StoreError> {
        let (number, since) = (number.e164(), since.as_millisecond());
        let (account, call) = (call.account.as_str(), interaction(&call.call, Some(call.began)));
        let mut reader = self.read().await?;
        let counts = sqlx::query!(
            r#"SELECT count(*) AS "calls!: u32",
                count(*) FILTER (WHERE outcome IN ('missed', 'busy', 'rejected')) AS "unanswered!: u32"
            FROM calls WHERE party = ?1 AND party <> '' AND party_kind = 'number' AND direction = 'inbound'
                AND outcome IS NOT NULL AND started_at >= ?2 AND NOT (account = ?3 AND call = ?4)"#,
            number,
            since,
            account,
            call
        )
        .fetch_one(reader.connection()?)
        .await?;
        Ok(TodayCounts { calls: counts.calls, unanswered: counts.unanswered })
    }

    async fn rows(&self, query: &HistoryQuery, words: &Words, limit: i64) -> Result<Vec<Found>, StoreError> {
        let bounds = Bounds::of(query);
        let Bounds { since, until, last_start, last_id } = bounds;
        let account = query.account.as_ref().map(AccountId::as_str);
        let direction = query.direction.map(Word::text);
        let outcomes = outcomes_json(&query.outcomes);
        let mut reader = self.read().await?;
        let connection = reader.connection()?;
        let rows = match (&words.0, query.missed_open_only) {
            (Some(words), open) => {
                select_calls!(
                    "FROM calls c
                    WHERE c.id IN (SELECT rowid FROM calls_fts WHERE calls_fts MATCH ?1)
                        AND (?2 = 0 OR c.callback IN ('open', 'claimed'))
                        AND c.started_at >= ?3 AND c.started_at < ?4 AND c.started_at <= ?5
                        AND (c.started_at < ?5 OR c.id < ?6)
                        AND (?7 IS NULL OR c.account = ?7) AND (?8 IS NULL OR c.direction = ?8)
                        AND (?9 = 0 OR c.mine = 1)
                        AND (?10 IS NULL OR c.outcome IN (SELECT value FROM json_each(?10)))
                    ORDER BY c.started_at DESC, c.id DESC LIMIT ?11",
                    words,
                    open,
                    since,
                    until,
                    last_start,
                    last_id,
                    account,
                    direction,
                    query.mine_only,
                    outcomes,
                    limit
                )
                .fetch_all(connection)
                .await?
            }
            (None, true) => {
                select_calls!(
                    "FROM calls c
                    WHERE c.callback IN ('open', 'claimed')
                        AND c.started_at >= ?1 AND c.started_at < ?2 AND c.started_at <= ?3
                        AND (c.started_at < ?3 OR c.id < ?4)
                        AND (?5 IS NULL OR c.account = ?5) AND (?6 IS NULL OR c.direction = ?6)
                        AND (?7 = 0 OR c.mine = 1)
                        AND (?8 IS NULL OR c.outcome IN (SELECT value FROM json_each(?8)))
                    ORDER BY c.started_at DESC, c.id DESC LIMIT ?9",
                    since,
                    until,
                    last_start,
                    last_id,
                    account,
                    direction,
                    query.mine_only,
                    outcomes,
                    limit
                )
                .fetch_all(connection)
                .await?
            }
            (None, false) => {
                select_calls!(
                    "FROM calls c
                    WHERE c.started_at >= ?1 AND c.started_at < ?2 AND c.started_at <= ?3
                        AND (c.started_at < ?3 OR c.id < ?4)
                        AND (?5 IS NULL OR c.account = ?5) AND (?6 IS NULL OR c.direction = ?6)
                        AND (?7 = 0 OR c.mine = 1)
                        AND (?8 IS NULL OR c.outcome IN (SELECT value FROM json_each(?8)))
                    ORDER BY c.started_at DESC, c.id DESC LIMIT ?9",
                    since,
                    until,
                    last_start,
                    last_id,
                    account,
                    direction,
                    query.mine_only,
                    outcomes,
                    limit
                )
                .fetch_all(connection)
                .await?
            }
        };
        Ok(rows.into_iter().map(Found::from).collect())
    }
}

/// A row with its place, which is mostly known even where the rest cannot be read.
struct Found {
    place: Option<Cursor>,
    call: Result<CallRecord, crate::Inconsistency>,
}

impl From<super::row::CallRow> for Found {
    fn from(row: super::row::CallRow) -> Self {
        let id = CallRowId(row.id);
        let started_at = Timestamp::from_millisecond(row.started_at).ok();
        let place = started_at.map(|started_at| Cursor { started_at, id });
        Self { place, call: row.try_into() }
    }
}

/// Milliseconds; a bound that is not asked for lies beyond all times.
struct Bounds {
    since: i64,
    until: i64,
    last_start: i64,
    last_id: i64,
}

impl Bounds {
    fn of(query: &HistoryQuery) -> Self {
        Self {
            // Instants may be finer than the file: a call is at its millisecond.
            since: query.since.map_or(i64::MIN, up_to_millisecond),
            until: query.until.map_or(i64::MAX, up_to_millisecond),
            last_start: query.before.map_or(i64::MAX, |cursor| cursor.started_at.as_millisecond()),
            last_id: query.before.map_or(i64::MAX, |cursor| cursor.id.0),
        }
    }
}

fn up_to_millisecond(at: Timestamp) -> i64 {
    let ms = at.as_millisecond();
    let whole = Timestamp::from_millisecond(ms).is_ok_and(|whole| whole >= at);
    if whole { ms } else { ms.saturating_add(1) }
}

fn outcomes_json(outcomes: &[Outcome]) -> Option<String> {
    if outcomes.is_empty() {
        return None;
    }
    let words: Vec<&str> = outcomes.iter().map(|outcome| outcome.text()).collect();
    // A list of our own words always has a JSON form.
    serde_json::to_string(&words).ok()
}

/// What a user typed, as an FTS5 expression.
struct Words(Option<String>);

impl Words {
    /// `None`: there is text, but nothing in it that could be found.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Some(Self(None));
        }
        let tokens = if is_number_like(text) { vec![significant_digits(text)] } else { words(text) };
        let terms: Vec<String> =
            tokens.iter().filter(|token| !token.is_empty()).map(|token| format!("\"{token}\"*")).collect();
        if terms.is_empty() { None } else { Some(Self(Some(terms.join(" AND ")))) }
    }
}

fn is_number_like(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || "+-/(). \u{a0}\u{202f}*#".contains(c))
}

/// The digits without what differs between a number's forms: international prefix, trunk zero, `(0)`.
fn significant_digits(text: &str) -> String {
    let text = text.replace("(0)", "");
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() { digits } else { significant.to_owned() }
}

fn words(text: &str) -> Vec<String> {
    // Quotes are all that could leave the quoted token; the rest is what the tokenizer splits at anyway.
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(16).map(str::to_owned).collect()
}

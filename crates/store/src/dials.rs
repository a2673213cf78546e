//! Intentions to dial. Each is written before the provider is asked, under an id of its own, so that no intention is
//! ever sent twice and after a crash it is known that one may have been.

use ringside_domain::{CallId, LineId, Outcome, Party, Timestamp};

use crate::Store;
use crate::columns::{Row, Text, Word, party_columns, readable};
use crate::error::{Inconsistency, StoreError};

/// Where an intention stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DialState {
    /// Written; the provider was or was not asked. After a start: unknown, look at the line.
    Intended,
    /// The provider took it.
    Accepted {
        call: Option<CallId>,
    },
    /// The provider refused it, with our code for why.
    Refused {
        code: String,
    },
    /// Asked, and the answer was lost. Not to be repeated.
    Unknown,
    Ended {
        call: Option<CallId>,
        outcome: Outcome,
    },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dial {
    /// The intention's own id, such as a UUID: one for each click.
    pub intention: String,
    pub from: LineId,
    pub to: Party,
    pub at: Timestamp,
    pub state: DialState,
}

/// Whether an intention may be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Intended {
    /// It is written: send it, once.
    New,
    /// It was written before: do not send it.
    Already(Dial),
}

pub(crate) struct DialRow {
    pub id: i64,
    pub intention: Text,
    pub account: Text,
    pub extension: Text,
    pub target_kind: Text,
    pub target: Text,
    pub at: i64,
    pub state: Text,
    pub call: Option<Text>,
    pub outcome: Option<Text>,
    pub code: Option<Text>,
}

impl TryFrom<DialRow> for Dial {
    type Error = Inconsistency;

    fn try_from(row: DialRow) -> Result<Self, Inconsistency> {
        let of = Row { table: "dials", row: row.id };
        let call = row.call.map(|call| CallId::from(call.0));
        let state = match row.state.0.as_str() {
            "intended" => DialState::Intended,
            "accepted" => DialState::Accepted { call },
            "refused" => DialState::Refused { code: row.code.map(|code| code.0).unwrap_or_default() },
            "unknown" => DialState::Unknown,
            "ended" => {
                let outcome = of.word_or_none("outcome", row.outcome.as_ref())?.ok_or(of.bad("outcome"))?;
                DialState::Ended { call, outcome }
            }
            _ => return Err(of.bad("state")),
        };
        Ok(Self {
            intention: row.intention.0,
            from: LineId::new(row.account.0, row.extension.0),
            to: of.party("target", &row.target_kind, &row.target)?,
            at: of.time("at", row.at)?,
            state,
        })
    }
}

macro_rules! select_dials {
    ($tail:literal $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            $crate::dials::DialRow,
            r#"SELECT id AS "id!", intention AS "intention!: crate::columns::Text", account AS "account!: crate::columns::Text",
                extension AS "extension!: crate::columns::Text", target_kind AS "target_kind!: crate::columns::Text", target AS "target!: crate::columns::Text", at,
                state AS "state!: crate::columns::Text", call AS "call: crate::columns::Text", outcome AS "outcome: crate::columns::Text", code AS "code: crate::columns::Text" "# + $tail
            $(, $arg)*
        )
    };
}

pub(crate) use select_dials;

impl Store {
    /// Writes an intention. Only the one who gets [`Intended::New`] may ask the provider.
    pub async fn intend_dial(
        &self,
        intention: &str,
        from: &LineId,
        to: &Party,
        at: Timestamp,
    ) -> Result<Intended, StoreError> {
        let (account, extension, at) = (from.account.as_str(), from.extension.as_str(), at.as_millisecond());
        let (kind, target) = party_columns(to);
        let mut writer = self.write().await?;
        let connection = writer.connection()?;
        let written = sqlx::query!(
            "INSERT INTO dials (intention, account, extension, target_kind, target, at, state)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'intended') ON CONFLICT (intention) DO NOTHING",
            intention,
            account,
            extension,
            kind,
            target,
            at
        )
        .execute(&mut *connection)
        .await?;
        if written.rows_affected() == 1 {
            return Ok(Intended::New);
        }
        let row = select_dials!("FROM dials WHERE intention = ?1", intention).fetch_optional(connection).await?;
        Ok(Intended::Already(row.ok_or(StoreError::NotFound("dial"))?.try_into()?))
    }

    /// Writes what became of an intention. A known call is not forgotten.
    pub async fn settle_dial(&self, intention: &str, state: &DialState, at: Timestamp) -> Result<Dial, StoreError> {
        let (word, call, outcome, code) = match state {
            DialState::Intended => ("intended", None, None, None),
            DialState::Accepted { call } => ("accepted", call.as_ref(), None, None),
            DialState::Refused { code } => ("refused", None, None, Some(code.as_str())),
            DialState::Unknown => ("unknown", None, None, None),
            DialState::Ended { call, outcome } => ("ended", call.as_ref(), Some(outcome.text()), None),
        };
        let (call, at) = (call.map(CallId::as_str), at.as_millisecond());
        let mut writer = self.write().await?;
        let connection = writer.connection()?;
        sqlx::query!(
            "UPDATE dials SET state = ?2, call = coalesce(?3, call), outcome = ?4, code = ?5, settled_at = ?6
            WHERE intention = ?1",
            intention,
            word,
            call,
            outcome,
            code,
            at
        )
        .execute(&mut *connection)
        .await?;
        let row = select_dials!("FROM dials WHERE intention = ?1", intention).fetch_optional(connection).await?;
        Ok(row.ok_or(StoreError::NotFound("dial"))?.try_into()?)
    }

    /// Dials since `since` of which it is not known how they came out: intended, unknown, or accepted and not ended.
    /// At a start these are the ones to look for among the calls. Oldest first.
    pub async fn unsettled_dials(&self, since: Timestamp) -> Result<Vec<Dial>, StoreError> {
        let since = since.as_millisecond();
        let mut reader = self.read().await?;
        let rows = select_dials!(
            "FROM dials WHERE at >= ?1 AND state IN ('intended', 'unknown', 'accepted') ORDER BY at, id",
            since
        )
        .fetch_all(reader.connection()?)
        .await?;
        Ok(readable(rows.into_iter().map(Dial::try_from)))
    }

    /// What was dialled last, newest first: for the palette.
    pub async fn recent_dials(&self, limit: u32) -> Result<Vec<Dial>, StoreError> {
        let mut reader = self.read().await?;
        let rows = select_dials!("FROM dials ORDER BY at DESC, id DESC LIMIT ?1", limit)
            .fetch_all(reader.connection()?)
            .await?;
        Ok(readable(rows.into_iter().map(Dial::try_from)))
    }
}

//! Gap markers: times in which events were lost. They stand in the history, so that it never looks complete when it
//! is not; where a journal was read over one, it says how many calls that brought back.

use ringside_domain::{AccountId, Gap, Timestamp};

use crate::Store;
use crate::columns::{Row, Text, readable};
use crate::error::{Inconsistency, StoreError};

struct GapRow {
    id: i64,
    account: Text,
    from_at: i64,
    until_at: i64,
    recovered: Option<i64>,
}

/// A gap, and what is known of it by now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MarkedGap {
    pub gap: Gap,
    /// How many calls of this time the journal brought; `None` where none was read over all of it.
    pub recovered: Option<u32>,
}

impl TryFrom<GapRow> for MarkedGap {
    type Error = Inconsistency;

    fn try_from(row: GapRow) -> Result<Self, Inconsistency> {
        let of = Row { table: "gaps", row: row.id };
        let recovered = row.recovered.and_then(|count| u32::try_from(count).ok());
        let gap = Gap {
            account: AccountId::from(row.account.0),
            from: of.time("from_at", row.from_at)?,
            until: of.time("until_at", row.until_at)?,
        };
        Ok(Self { gap, recovered })
    }
}

impl Store {
    /// Writes a gap. One that begins when another of the account did is the same outage, seen again: it gets longer.
    pub async fn write_gap(&self, gap: &Gap) -> Result<(), StoreError> {
        let account = gap.account.as_str();
        let (from, until) = (gap.from.as_millisecond(), gap.until.max(gap.from).as_millisecond());
        let mut writer = self.write().await?;
        sqlx::query!(
            "INSERT INTO gaps (account, from_at, until_at) VALUES (?1, ?2, ?3)
            ON CONFLICT (account, from_at) DO UPDATE SET until_at = max(until_at, excluded.until_at),
                recovered = CASE WHEN excluded.until_at > until_at THEN NULL ELSE recovered END",
            account,
            from,
            until
        )
        .execute(writer.connection()?)
        .await?;
        Ok(())
    }

    /// The gaps that touch the time from `since` to `until`, newest first, at most 1,000.
    pub async fn gaps(&self, since: Timestamp, until: Timestamp) -> Result<Vec<MarkedGap>, StoreError> {
        let (since, until) = (since.as_millisecond(), until.as_millisecond());
        let mut reader = self.read().await?;
        let rows = sqlx::query_as!(
            GapRow,
            r#"SELECT id AS "id!", account AS "account!: _", from_at, until_at, recovered FROM gaps
            WHERE from_at < ?2 AND until_at >= ?1 ORDER BY from_at DESC, id DESC LIMIT 1000"#,
            since,
            until
        )
        .fetch_all(reader.connection()?)
        .await?;
        Ok(readable(rows.into_iter().map(MarkedGap::try_from)))
    }
}

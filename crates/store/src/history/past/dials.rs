//! Dials that the service took without naming a call: a record says what became of one. That there is none says nothing.

use ringside_domain::{AccountId, Direction, Outcome, PastCall, Timestamp};
use sqlx::sqlite::SqliteConnection;

use crate::columns::{Word, readable};
use crate::dials::{Dial, DialState, select_dials};
use crate::error::StoreError;

/// Our own side may ring for two minutes before the other is called; clocks differ.
const BEFORE_MS: i64 = 30_000;
const AFTER_MS: i64 = 180_000;

/// The latest dials of an account that nobody knows the end of.
pub(super) struct Dials {
    open: Vec<Dial>,
    /// Those of which it is known now.
    pub told: Vec<Dial>,
}

impl Dials {
    pub async fn open(connection: &mut SqliteConnection, account: &AccountId) -> Result<Self, StoreError> {
        let account = account.as_str();
        let rows = select_dials!(
            "FROM dials WHERE account = ?1
                AND (state IN ('intended', 'unknown', 'accepted') OR (state = 'ended' AND outcome = 'unknown'))
            ORDER BY at DESC LIMIT 100",
            account
        )
        .fetch_all(connection)
        .await?;
        Ok(Self { open: readable(rows.into_iter().map(Dial::try_from)), told: Vec::new() })
    }

    pub async fn hear(
        &mut self,
        connection: &mut SqliteConnection,
        call: &PastCall,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let place = (0..self.open.len())
            .filter_map(|place| Some((far(&self.open[place], call)?, place)))
            .min()
            .map(|(_, place)| place);
        let Some(place) = place else { return Ok(()) };
        let dial = &mut self.open[place];
        dial.state = DialState::Ended { call: Some(call.id.clone()), outcome: call.outcome };
        let (intention, record) = (dial.intention.as_str(), call.id.as_str());
        let (outcome, at) = (call.outcome.text(), now.as_millisecond());
        sqlx::query!(
            "UPDATE dials SET state = 'ended', call = ?2, outcome = ?3, settled_at = ?4 WHERE intention = ?1",
            intention,
            record,
            outcome,
            at
        )
        .execute(connection)
        .await?;
        if call.outcome != Outcome::Unknown {
            self.told.push(self.open.swap_remove(place));
        }
        Ok(())
    }
}

/// How long after the dial the record's call began; `None` where it is not of it.
fn far(dial: &Dial, call: &PastCall) -> Option<i64> {
    let known = match &dial.state {
        DialState::Accepted { call } | DialState::Ended { call, .. } => call.as_ref(),
        DialState::Intended | DialState::Unknown | DialState::Refused { .. } => None,
    };
    if let Some(known) = known {
        return (*known == call.id).then_some(0);
    }
    let after = call.started_at.as_millisecond() - dial.at.as_millisecond();
    let same_line = call.extension.as_ref().is_none_or(|extension| *extension == dial.from.extension);
    let is_of_it = call.direction == Direction::Outbound && call.remote == dial.to && same_line;
    (is_of_it && (-BEFORE_MS..=AFTER_MS).contains(&after)).then_some(after.abs())
}

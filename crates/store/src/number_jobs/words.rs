//! What services say of orders unasked, perhaps before the order's own answer is there.

use ringside_domain::{AccountId, Label, OrderState, OrderUpdate, Timestamp};

use super::job::NumberJob;
use super::row::{self, select_jobs};
use crate::Store;
use crate::columns::{Row, Text, readable};
use crate::error::{Inconsistency, StoreError};
use crate::store::Recording;

/// Whom a service's word reached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OrderTold {
    Changed(Box<NumberJob>),
    /// The job knew it already.
    Known,
    /// No job has this order yet; the word waits for one.
    Kept,
}

pub(super) struct WordRow {
    id: i64,
    order_id: Text,
    state: Text,
    word: Text,
    numbers: Text,
}

impl TryFrom<WordRow> for OrderUpdate {
    type Error = Inconsistency;

    fn try_from(row: WordRow) -> Result<Self, Inconsistency> {
        let of = Row { table: "order_words", row: row.id };
        let state = match row.state.0.as_str() {
            "completed" => OrderState::Completed,
            "failed" => OrderState::Failed,
            "other" => OrderState::Other(Label::new(&row.word.0)),
            _ => return Err(of.bad("state")),
        };
        let numbers = serde_json::from_str(&row.numbers.0).map_err(|_| of.bad("numbers"))?;
        Ok(Self { order: Label::new(&row.order_id.0), state, numbers })
    }
}

impl Store {
    /// Lets `change` take the word into the job of that order, or say that it is nothing new; keeps it where there is no
    /// such job. It survives a power cut.
    ///
    /// # Errors
    /// [`StoreError::OnlyInMemory`] where it would be gone with the program.
    pub async fn tell_order(
        &self,
        account: &AccountId,
        update: &OrderUpdate,
        at: Timestamp,
        change: impl FnOnce(&mut NumberJob) -> bool + Send,
    ) -> Result<OrderTold, StoreError> {
        let (account, order, at) = (account.as_str(), update.order.as_str(), at.as_millisecond());
        let mut writer = self.write().await?;
        if writer.recording() == Recording::Memory {
            return Err(StoreError::OnlyInMemory);
        }
        let mut transaction = writer.begin_synced().await?;
        let row = select_jobs!(
            "FROM number_jobs WHERE account = ?1 AND order_id = ?2 AND order_id <> '' ORDER BY id DESC LIMIT 1",
            account,
            order
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let (state, word) = match &update.state {
            OrderState::Completed => ("completed", ""),
            OrderState::Failed => ("failed", ""),
            OrderState::Other(word) => ("other", word.as_str()),
        };
        let numbers = crate::meta::json(&update.numbers)?;
        if let Some(row) = row {
            let mut job = row.try_into()?;
            let news = change(&mut job);
            if news {
                row::update(&mut transaction, &job).await?;
            }
            sqlx::query!(
                "DELETE FROM order_words WHERE account = ?1 AND order_id = ?2 AND state = ?3 AND word = ?4 AND numbers = ?5",
                account,
                order,
                state,
                word,
                numbers
            )
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            return Ok(if news { OrderTold::Changed(Box::new(job)) } else { OrderTold::Known });
        }
        sqlx::query!(
            "INSERT INTO order_words (account, order_id, state, word, numbers, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT DO NOTHING",
            account,
            order,
            state,
            word,
            numbers,
            at
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(OrderTold::Kept)
    }

    /// The words that wait for this order, oldest first, each until its job has taken it.
    pub async fn order_words(&self, account: &AccountId, order: &Label) -> Result<Vec<OrderUpdate>, StoreError> {
        let (account, order) = (account.as_str(), order.as_str());
        let mut reader = self.read().await?;
        let rows = sqlx::query_as!(
            WordRow,
            r#"SELECT id AS "id!", order_id AS "order_id!: _", state AS "state!: _", word AS "word!: _",
                numbers AS "numbers!: _"
            FROM order_words WHERE account = ?1 AND order_id = ?2 ORDER BY id"#,
            account,
            order
        )
        .fetch_all(reader.connection()?)
        .await?;
        Ok(readable(rows.into_iter().map(OrderUpdate::try_from)))
    }
}

//! Erasing records along with their calls.

use sqlx::sqlite::SqliteConnection;

use crate::error::StoreError;

/// What is left of records whose calls were just erased is their names, so that reading the journal again does not bring
/// the calls back.
pub(in crate::history) async fn blank(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE past_calls SET extension = NULL, party_kind = 'unstated', party = '', our_kind = 'unstated',
            our_party = '', started_at = said_at, answered_at = NULL, ended_at = NULL, outcome = 'unknown', word = '',
            was = NULL
        WHERE call_id IS NULL"
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// No journal is read further back than it was.
pub(in crate::history) async fn no_further_back(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query!("UPDATE journal_reads SET whole = 1").execute(connection).await?;
    Ok(())
}

/// Nothing that lies before now is read again: not even names need to be kept.
pub(in crate::history) async fn delete_all(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM past_calls").execute(&mut *connection).await?;
    sqlx::query!("UPDATE journal_reads SET covered_from = read_until, settled_until = read_until, whole = 1")
        .execute(connection)
        .await?;
    Ok(())
}

pub(in crate::history) async fn purge_before(connection: &mut SqliteConnection, ms: i64) -> Result<(), StoreError> {
    // Those whose calls have just gone, and the names of erased ones.
    sqlx::query!("DELETE FROM past_calls WHERE call_id IS NULL AND started_at < ?1", ms)
        .execute(&mut *connection)
        .await?;
    blank(connection).await
}

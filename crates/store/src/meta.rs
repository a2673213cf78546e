//! The database itself, and small facts of the app. Settings are in the configuration file, not here.

use serde::Serialize;

use crate::Store;
use crate::error::StoreError;

/// A list as one parameter. Fails only for what has no JSON form, which none of our lists is.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Statement(sqlx::Error::Encode(error.into())))
}

impl Store {
    /// The number of the last migration applied.
    pub async fn schema_version(&self) -> Result<i64, StoreError> {
        let mut reader = self.read().await?;
        crate::migrate::version(reader.connection()?).await
    }

    /// A fact by its name, such as `journal/office` for how far an account's journal was read.
    pub async fn fact(&self, name: &str) -> Result<Option<String>, StoreError> {
        let mut reader = self.read().await?;
        Ok(sqlx::query_scalar!("SELECT value FROM facts WHERE name = ?1", name)
            .fetch_optional(reader.connection()?)
            .await?)
    }

    pub async fn set_fact(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        sqlx::query!(
            "INSERT INTO facts (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value
        )
        .execute(writer.connection()?)
        .await?;
        Ok(())
    }
}

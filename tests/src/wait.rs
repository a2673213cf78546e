//! Waiting for something to become true, with a deadline and a name for what was waited for.

use std::fmt::Display;
use std::time::Duration;

use anyhow::bail;
use tokio::time::Instant;

/// How often is looked.
const EVERY: Duration = Duration::from_millis(20);

/// Long enough for a loaded machine, short enough to end a test that hangs.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// Looks until there is something.
///
/// # Errors
/// Names `what` when there is nothing after `patience`.
pub async fn until<T>(
    what: impl Display,
    patience: Duration,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> anyhow::Result<T> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(found) = look().await {
            return Ok(found);
        }
        if Instant::now() >= deadline {
            bail!("waited {:.1} s in vain for {what}", patience.as_secs_f64());
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// The same where nothing asynchronous is looked at.
///
/// # Errors
/// Names `what` when there is nothing after `patience`.
pub fn until_blocking<T>(
    what: impl Display,
    patience: Duration,
    mut look: impl FnMut() -> Option<T>,
) -> anyhow::Result<T> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if Instant::now() >= deadline {
            bail!("waited {:.1} s in vain for {what}", patience.as_secs_f64());
        }
        std::thread::sleep(EVERY);
    }
}

//! Looking into a page: what is on it and where. Nothing is done to it from here.

use std::time::Duration;

use anyhow::{Context as _, bail};
use tauri::{AppHandle, Manager as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

use crate::host::Page;

const PATIENCE: Duration = Duration::from_secs(8);
const AGAIN: Duration = Duration::from_millis(40);

/// Something on a page, in the display's pixels.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub x: i16,
    pub y: i16,
}

/// Waits until the page has something that fits the CSS selector, and says where its middle is.
///
/// # Errors
/// When it does not come.
pub async fn find(app: &AppHandle, page: Page, selector: &str) -> anyhow::Result<Spot> {
    let until = Instant::now() + PATIENCE;
    let quoted = serde_json::to_string(selector)?;
    let script = format!(
        "(() => {{ const it = document.querySelector({quoted})?.getBoundingClientRect(); \
         return it && it.width > 0 ? [it.x + it.width / 2, it.y + it.height / 2] : null; }})()"
    );
    loop {
        if let Some([x, y]) = evaluate::<Option<[f64; 2]>>(app, page, &script).await?.flatten() {
            let window = app.get_webview_window(page.label()).context("the window is gone")?;
            let at = window.inner_position()?;
            return Ok(Spot { x: (f64::from(at.x) + x) as i16, y: (f64::from(at.y) + y) as i16 });
        }
        if Instant::now() > until {
            bail!("the {} window shows no `{selector}`", page.label());
        }
        sleep(AGAIN).await;
    }
}

/// Waits until nothing on the page fits the selector any more.
///
/// # Errors
/// When it stays.
pub async fn gone(app: &AppHandle, page: Page, selector: &str) -> anyhow::Result<()> {
    let until = Instant::now() + PATIENCE;
    let script = format!("document.querySelector({}) === null", serde_json::to_string(selector)?);
    while evaluate::<bool>(app, page, &script).await? != Some(true) {
        if Instant::now() > until {
            bail!("the {} window still shows `{selector}`", page.label());
        }
        sleep(AGAIN).await;
    }
    Ok(())
}

/// `None` while there is no such window, or no page in it.
async fn evaluate<T: serde::de::DeserializeOwned>(
    app: &AppHandle,
    page: Page,
    script: &str,
) -> anyhow::Result<Option<T>> {
    let Some(window) = app.get_webview_window(page.label()) else { return Ok(None) };
    let (sender, mut answer) = mpsc::unbounded_channel();
    // The receiver may have stopped waiting.
    window.eval_with_callback(script, move |json| drop(sender.send(json)))?;
    let Ok(Some(json)) = timeout(Duration::from_secs(1), answer.recv()).await else { return Ok(None) };
    Ok(serde_json::from_str(&json).ok())
}

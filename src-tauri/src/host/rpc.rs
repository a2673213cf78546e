//! The two commands a page has.

use ringside_api::{ApiError, Envelope, Reply, Request};
use ringside_domain::Problem;
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{Manager as _, State, Webview};

use super::allowed::{self, Page};
use super::life::InDemo;
use super::{Core, Feeds};
use crate::desktop::TauriDesktop;

/// What the main page measures once it shows what it is for.
const BOARD_SHOWN: &str = "board_shown";

/// A request of a page, if its window may make it.
#[tauri::command]
pub async fn rpc(
    webview: Webview,
    request: Value,
    core: State<'_, Core>,
    feeds: State<'_, Feeds>,
    desktop: State<'_, TauriDesktop>,
) -> Result<Reply, ApiError> {
    let page = Page::named(webview.label()).ok_or_else(allowed::refused)?;
    let mut request = serde_json::from_value::<Request>(request).map_err(|_| no_request())?;
    page.may(&request)?;
    if page == Page::Main && matches!(&request, Request::Measured { name, .. } if name == BOARD_SHOWN) {
        desktop.put_up_the_rest();
    }
    if let Request::HoldCards { pointer, keyboard, .. } = &mut request {
        let (pointed, focused) = desktop.cards_attention().await;
        *pointer &= pointed.unwrap_or(true);
        *keyboard &= focused.unwrap_or(true);
    }
    if matches!(request, Request::EndDemo {}) && webview.app_handle().state::<InDemo>().0 {
        super::life::leave_demo(webview.app_handle())?;
        return Ok(Reply::Done {});
    }
    let place = feeds.place(page);
    let mut reply = core.handle().await.call(request).await?;
    if let Reply::Snapshot { snapshot } = &mut reply {
        Feeds::fit(page, place, snapshot);
        if page == Page::Main {
            feeds.ready();
        }
    }
    Ok(reply)
}

/// Events for a page from now on.
#[tauri::command]
pub async fn subscribe(
    webview: Webview,
    channel: Channel<Vec<Envelope>>,
    core: State<'_, Core>,
    feeds: State<'_, Feeds>,
    desktop: State<'_, TauriDesktop>,
) -> Result<(), ApiError> {
    let page = Page::named(webview.label()).ok_or_else(allowed::refused)?;
    if page == Page::Main {
        // A page that was loaded anew records no combination.
        desktop.rest_hotkeys(false);
    }
    feeds.subscribe(page, &core, channel).await;
    Ok(())
}

/// The parser's words would repeat what was sent, secrets included.
fn no_request() -> ApiError {
    Problem::new("not_understood", "this is not a request", "The window and the app may be of different versions.")
        .into()
}

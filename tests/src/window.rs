//! The real window, driven through WebKitWebDriver.

use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::desktop::Desktop;
use crate::program::Program;
use crate::running::binary;
use crate::wait::{PATIENCE, until};

/// The app under a driver. Dropped, the driver ends and takes the app with it.
pub struct Windows {
    client: Client,
    driver: Program,
}

/// Which page a command goes to, by the label the app gave its window.
pub const MAIN: &str = "main";
pub const CARD: &str = "card";

impl Windows {
    /// Starts the app on the desktop. `environment` is for secrets that the configuration names.
    ///
    /// # Errors
    /// When the driver is not installed or the app shows no window.
    pub async fn open(
        desktop: &Desktop,
        environment: &[(&'static str, String)],
        arguments: &[&str],
    ) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = desktop.command("WebKitWebDriver");
        command
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stderr(std::fs::File::create(desktop.home().join("stderr.log"))?);
        let driver = Program::start(command, "webkit2gtk-driver")?;
        until("the WebDriver", PATIENCE, async || TcpStream::connect(("127.0.0.1", port)).await.ok()).await?;
        let options = json!({ "binary": binary()?, "args": arguments });
        let capabilities = [("webkitgtk:browserOptions".to_owned(), options)].into_iter().collect();
        let connecting = async {
            ClientBuilder::new(HttpConnector::new())
                .capabilities(capabilities)
                .connect(&format!("http://127.0.0.1:{port}"))
                .await
        };
        let client = tokio::time::timeout(Duration::from_secs(60), connecting)
            .await
            .context("the app did not answer its driver within a minute")?
            .context("the driver could not start the app")?;
        Ok(Self { client, driver })
    }

    /// The app is one of its children.
    pub fn driver_pid(&self) -> u32 {
        self.driver.pid()
    }

    /// Ends the app in good order.
    ///
    /// # Errors
    /// When the driver is gone.
    pub async fn close(self) -> anyhow::Result<()> {
        Ok(self.client.close().await?)
    }

    /// Turns to the window with this label, waiting until there is one.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn turn_to(&self, label: &str) -> anyhow::Result<()> {
        let turned = until(format!("the window `{label}`"), PATIENCE, async || {
            for handle in self.client.windows().await.ok()? {
                self.client.switch_to_window(handle).await.ok()?;
                if self.label().await.as_deref() == Some(label) {
                    return Some(());
                }
            }
            None
        });
        turned.await
    }

    /// The label of the window that commands go to.
    async fn label(&self) -> Option<String> {
        let path = self.js("return location.pathname").await.ok()?;
        Some(if path.as_str()?.ends_with("card.html") { CARD } else { MAIN }.to_owned())
    }

    /// How many windows the app has, seen or not.
    ///
    /// # Errors
    /// When the driver is gone.
    pub async fn count(&self) -> anyhow::Result<usize> {
        Ok(self.client.windows().await?.len())
    }

    /// Runs a script in the page and gives what it returns.
    ///
    /// # Errors
    /// When the script throws.
    pub async fn js(&self, script: &str) -> anyhow::Result<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// Runs the body of an async function in the page and gives what it returns.
    ///
    /// # Errors
    /// When it throws or takes longer than the driver waits.
    pub async fn js_async(&self, body: &str) -> anyhow::Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1]; \
             (async () => {{ {body} }})().then((it) => done({{ it: it ?? null }}), (error) => done({{ error: String(error) }}));"
        );
        let answer = self.client.execute_async(&script, Vec::new()).await?;
        if let Some(error) = answer.get("error").and_then(Value::as_str) {
            bail!("the page's script failed: {error}");
        }
        Ok(answer.get("it").cloned().unwrap_or(Value::Null))
    }

    /// The first element with this test id, waiting until there is one.
    ///
    /// # Errors
    /// When there is none in time; what the page shows instead is said.
    pub async fn find(&self, testid: &str) -> anyhow::Result<Element> {
        self.select(&format!("[data-testid=\"{testid}\"]")).await
    }

    /// The first element of a CSS selector, waiting until there is one.
    ///
    /// # Errors
    /// When there is none in time; what the page shows instead is said.
    pub async fn select(&self, css: &str) -> anyhow::Result<Element> {
        let found = until(css, PATIENCE, async || self.client.find(Locator::Css(css)).await.ok()).await;
        match found {
            Ok(element) => Ok(element),
            Err(error) => Err(error.context(self.body().await)),
        }
    }

    /// Whether an element of a CSS selector is there now.
    pub async fn has(&self, css: &str) -> bool {
        self.client.find(Locator::Css(css)).await.is_ok()
    }

    /// Waits until an element of a CSS selector has gone.
    ///
    /// # Errors
    /// When it is still there after a while.
    pub async fn gone(&self, css: &str) -> anyhow::Result<()> {
        until(format!("{css} to go"), PATIENCE, async || (!self.has(css).await).then_some(())).await
    }

    /// # Errors
    /// When there is no such element in time.
    pub async fn text(&self, testid: &str) -> anyhow::Result<String> {
        Ok(self.find(testid).await?.text().await?)
    }

    /// Waits until the element's text holds `wanted`, in whatever case it is drawn.
    ///
    /// # Errors
    /// When it does not in time; what it holds instead is said.
    pub async fn shows(&self, css: &str, wanted: &str) -> anyhow::Result<()> {
        let (selector, lower) = (json!(css), json!(wanted.to_lowercase()));
        let script = format!(
            "return [...document.querySelectorAll({selector})].some((it) => it.innerText.toLowerCase().includes({lower}))"
        );
        let seen = until(format!("`{wanted}` in {css}"), PATIENCE, async || {
            (self.js(&script).await.ok()? == Value::Bool(true)).then_some(())
        });
        match seen.await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(self.body().await)),
        }
    }

    /// Clicks as a user would, once the element takes clicks.
    ///
    /// # Errors
    /// When there is no such element in time.
    pub async fn click(&self, css: &str) -> anyhow::Result<()> {
        self.select(css).await?;
        let clicked = until(format!("a click on {css}"), PATIENCE, async || {
            self.client.find(Locator::Css(css)).await.ok()?.click().await.ok()
        });
        match clicked.await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(self.body().await)),
        }
    }

    /// Types into an element.
    ///
    /// # Errors
    /// When there is no such element in time.
    pub async fn type_into(&self, css: &str, text: &str) -> anyhow::Result<()> {
        Ok(self.select(css).await?.send_keys(text).await?)
    }

    /// The page that commands go to, as a PNG file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn save(&self, path: &Path) -> anyhow::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(path, self.client.screenshot().await?)?)
    }

    /// The driver's client, for what has no word of its own here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    async fn body(&self) -> String {
        let text = self.js("return document.body ? document.body.innerText.slice(0, 1500) : ''").await;
        format!("the page shows: {}", text.ok().as_ref().and_then(Value::as_str).unwrap_or("(nothing)"))
    }
}

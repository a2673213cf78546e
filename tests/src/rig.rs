//! The app's core without a window, against a real exchange over real sockets.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up stops at once")]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ringside_api::view::{
    AccountView, CardView, DialView, HistoryFilter, HistoryPage, LegView, LineView, Notice, ScenarioView, Snapshot,
};
use ringside_api::{ApiError, ApiEvent, Reply, Request};
use ringside_app::clock::SystemClock;
use ringside_app::config::{ConfigFile, Paths};
use ringside_app::desktop::RecordingDesktop;
use ringside_app::secrets::{KeyStore, MemoryKeyStore};
use ringside_app::{Handle, Start, Topics};
use ringside_exchange::{Exchange, Options};
use secrecy::SecretString;
use tempfile::TempDir;
use tokio::time::Instant;

use crate::wait::PATIENCE;

/// The line of the user of this computer in the exchange's own configuration.
pub const MINE: &str = "office/31";

/// An app and where it lives.
pub struct Rig {
    pub app: Handle,
    pub desktop: Arc<RecordingDesktop>,
    pub keys: Arc<dyn KeyStore>,
    folder: Arc<TempDir>,
    events: Arc<Mutex<Vec<ApiEvent>>>,
}

/// Starts the app on a folder of its own.
pub async fn start(exchange: &Exchange) -> Rig {
    Rig::on(Arc::new(folder()), Some(exchange), &config(exchange)).await
}

/// The same with lines for the `[accounts.options]` of the office's account.
pub async fn with_office_options(exchange: &Exchange, options: &str) -> Rig {
    let first = "[[accounts]]\nid = \"forwarding\"";
    let config = config(exchange).replace(first, &format!("[accounts.options]\n{options}\n\n{first}"));
    Rig::on(Arc::new(folder()), Some(exchange), &config).await
}

/// An exchange in which nothing happens by itself, and the app connected to it.
pub async fn quiet() -> (Exchange, Rig) {
    connected(Options::quiet()).await
}

/// An exchange, and the app connected to it.
pub async fn connected(options: Options) -> (Exchange, Rig) {
    let exchange = Exchange::start(options).await.expect("the exchange starts");
    let rig = start(&exchange).await;
    rig.online("office").await;
    (exchange, rig)
}

/// The exchange's configuration, with the secrets in the key store.
pub fn config(exchange: &Exchange) -> String {
    let mut text = exchange.config_toml();
    for (name, _) in exchange.environment() {
        text = text.replace(&format!("{{ env = \"{name}\" }}"), "\"keyring\"");
    }
    text
}

pub fn folder() -> TempDir {
    tempfile::Builder::new().prefix("ringside-rig-").tempdir().expect("a folder")
}

impl Rig {
    /// Starts the app on a folder that may have been used before. With an exchange, its secrets are in the key store.
    pub async fn on(folder: Arc<TempDir>, exchange: Option<&Exchange>, config: &str) -> Self {
        let keys = MemoryKeyStore::default();
        if let Some(exchange) = exchange {
            for account in exchange.accounts() {
                keys.set(account.id, &SecretString::from(account.secret)).expect("a key store in memory takes all");
            }
        }
        Self::with_keys(folder, Arc::new(keys), config).await
    }

    /// The same with a key store of the test's own.
    pub async fn with_keys(folder: Arc<TempDir>, keys: Arc<dyn KeyStore>, config: &str) -> Self {
        let paths = paths(folder.path());
        std::fs::create_dir_all(&paths.data).expect("a data folder");
        std::fs::write(&paths.config, config).expect("a configuration");
        Self::at(folder, paths, keys).await
    }

    /// The same with what is written in the folder already.
    pub async fn at(folder: Arc<TempDir>, paths: Paths, keys: Arc<dyn KeyStore>) -> Self {
        let (file, errors) = ConfigFile::load(&paths, ringside_providers::KINDS);
        let desktop = Arc::new(RecordingDesktop::default());
        let start = Start {
            paths,
            config: file,
            config_errors: errors,
            clock: Arc::new(SystemClock),
            desktop: desktop.clone(),
            keys: keys.clone(),
            demo: None,
            version: "0.0.0-test",
            user: "tester".to_owned(),
            seed: 7,
        };
        let app = ringside_app::start(start).await;
        let events = Arc::new(Mutex::new(Vec::new()));
        let mut subscription = app.subscribe(Topics::All).await;
        let seen = events.clone();
        tokio::spawn(async move {
            while let Some(batch) = subscription.next().await {
                let batch = batch.into_iter().map(|envelope| envelope.event);
                seen.lock().unwrap_or_else(PoisonError::into_inner).extend(batch);
            }
        });
        Self { app, desktop, keys, folder, events }
    }

    /// Stops the app; its folder can be used again.
    pub async fn stop(self) -> Arc<TempDir> {
        self.app.stop().await;
        self.folder
    }

    pub fn data(&self) -> PathBuf {
        paths(self.folder.path()).data
    }

    pub fn config_file(&self) -> PathBuf {
        paths(self.folder.path()).config
    }

    /// All events so far, oldest first.
    pub fn events(&self) -> Vec<ApiEvent> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub async fn call(&self, request: Request) -> Result<Reply, ApiError> {
        self.app.call(request).await
    }

    pub async fn snapshot(&self) -> Snapshot {
        match self.call(Request::Snapshot {}).await {
            Ok(Reply::Snapshot { snapshot }) => *snapshot,
            other => panic!("no snapshot but {other:?}"),
        }
    }

    /// Looks at the snapshot until there is something; panics with what is there instead.
    pub async fn until<T>(&self, what: &str, look: impl FnMut(&Snapshot) -> Option<T>) -> T {
        self.within(PATIENCE, what, look).await
    }

    /// The same with another patience.
    pub async fn within<T>(&self, patience: Duration, what: &str, mut look: impl FnMut(&Snapshot) -> Option<T>) -> T {
        let deadline = Instant::now() + patience;
        loop {
            let snapshot = self.snapshot().await;
            if let Some(found) = look(&snapshot) {
                return found;
            }
            assert!(
                Instant::now() < deadline,
                "waited {patience:?} in vain for {what}; there is {}",
                digest(&snapshot)
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits for an event.
    pub async fn event<T>(&self, what: &str, mut pick: impl FnMut(&ApiEvent) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = self.events().iter().find_map(&mut pick) {
                return found;
            }
            assert!(Instant::now() < deadline, "no event in {PATIENCE:?}: {what}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until the account is online and, where it has lines, the state of each has come and is current.
    pub async fn online(&self, account: &str) {
        self.until(&format!("{account} online"), |it| {
            let online = it.accounts.iter().any(|view| view.id == account && phase(view) == "online");
            let mut lines = it.lines.iter().filter(|line| line.account == account);
            let current = |line: &LineView| line.stale_since.is_none() && word(&line.line) != "unknown";
            (online && (account != "office" || !it.lines.is_empty()) && lines.all(current)).then_some(())
        })
        .await;
    }

    /// Waits until the account's link is in this phase for this reason.
    pub async fn link(&self, account: &str, wanted: &str, code: &str) -> AccountView {
        self.until(&format!("{account} {wanted} because of {code}"), |it| {
            let view = it.accounts.iter().find(|view| view.id == account)?;
            let reason = view.link.reason.as_ref().is_some_and(|reason| reason.code == code);
            (phase(view) == wanted && reason).then(|| view.clone())
        })
        .await
    }

    pub async fn card(&self, what: &str, mut pick: impl FnMut(&CardView) -> bool) -> CardView {
        self.until(what, |it| it.cards.iter().find(|card| pick(card)).cloned()).await
    }

    pub async fn leg(&self, what: &str, mut pick: impl FnMut(&LegView) -> bool) -> LegView {
        self.until(what, |it| it.legs.iter().find(|leg| pick(leg)).cloned()).await
    }

    pub async fn dial(&self, intent: &str, text: &str) -> Result<DialView, ApiError> {
        let request = Request::Dial { intent: intent.into(), text: text.into(), line: None, account: None, from: None };
        match self.call(request).await? {
            Reply::Dial { dial } => Ok(dial),
            other => panic!("no dial but {other:?}"),
        }
    }

    pub async fn dial_state(&self, what: &str, intent: &str, mut pick: impl FnMut(&DialView) -> bool) -> DialView {
        self.until(what, |it| it.dials.iter().find(|dial| dial.intent == intent && pick(dial)).cloned()).await
    }

    pub async fn scenario(&self, what: &str, id: &str, mut pick: impl FnMut(&ScenarioView) -> bool) -> ScenarioView {
        self.until(what, |it| it.scenarios.iter().find(|one| one.id == id && pick(one)).cloned()).await
    }

    pub async fn notice(&self, code: &str) -> Notice {
        self.until(&format!("the notice {code}"), |it| {
            it.notices.iter().find(|notice| notice.problem.code == code).cloned()
        })
        .await
    }

    pub async fn line(&self, extension: &str, what: &str, mut pick: impl FnMut(&LineView) -> bool) -> LineView {
        self.until(what, |it| it.lines.iter().find(|line| line.extension == extension && pick(line)).cloned()).await
    }

    pub async fn history(&self) -> HistoryPage {
        let request = Request::History { filter: HistoryFilter::default(), before: None, limit: 500 };
        match self.call(request).await {
            Ok(Reply::History { page }) => page,
            other => panic!("no history but {other:?}"),
        }
    }

    /// Reads the history until there is something in it.
    pub async fn recorded<T>(&self, what: &str, mut look: impl FnMut(&HistoryPage) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let page = self.history().await;
            if let Some(found) = look(&page) {
                return found;
            }
            assert!(Instant::now() < deadline, "not in the history: {what}; there is {page:#?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// `online`, `connecting`, `degraded`, `offline`.
pub fn phase(account: &AccountView) -> String {
    word(&account.link.phase)
}

/// A word of the contract as hosts see it.
pub fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
}

pub fn paths(folder: &Path) -> Paths {
    Paths {
        config: folder.join("config.toml"),
        policy: PathBuf::new(),
        data: folder.join("data"),
        demo: folder.join("demo"),
    }
}

/// The small things of a snapshot, for the message of a test that fails.
fn digest(snapshot: &Snapshot) -> String {
    let Snapshot { accounts, legs, cards, dials, scenarios, notices, .. } = snapshot;
    let lines = snapshot.lines.len();
    let stale = snapshot.lines.iter().filter(|line| line.stale_since.is_some()).count();
    let unknown: Vec<_> =
        snapshot.lines.iter().filter(|line| word(&line.line) == "unknown").map(|line| &line.id).collect();
    let asked: Vec<_> = scenarios.iter().map(|it| (&it.id, &it.state, &it.asked)).collect();
    format!(
        "{lines} lines, {stale} stale, unknown {unknown:?}; {accounts:#?} {legs:#?} {cards:#?} {dials:#?} {asked:#?} {notices:#?}"
    )
}

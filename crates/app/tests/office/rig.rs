//! An app connected to an exchange, and ways to wait for what it says.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ringside_api::view::{HistoryFilter, HistoryPage, Snapshot};
use ringside_api::{ApiError, ApiEvent, Reply, Request};
use ringside_app::clock::{SystemClock, wall_clock};
use ringside_app::config::{AccountEntry, Config, ConfigFile, Paths, SecretSource};
use ringside_app::demo::{DemoOffice, DemoSetup};
use ringside_app::desktop::RecordingDesktop;
use ringside_app::secrets::{KeyStore as _, MemoryKeyStore};
use ringside_app::{Handle, Start, Subscription, Topics, start};
use ringside_domain::{Contact, ContactNumber, Label, NumberPlan, PhoneNumber};
use ringside_exchange::{Exchange, Options};
use ringside_telephony::{AccountConfig, Surroundings};
use secrecy::SecretString;
use tempfile::TempDir;

/// Nothing here takes this long unless it is broken.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the posts of the exchange prove themselves with.
pub const POST_KEY: &str = "demo-portal-key";

pub struct Rig {
    pub exchange: Arc<Exchange>,
    pub app: Handle,
    pub desktop: Arc<RecordingDesktop>,
    pub events: Subscription,
    config: Config,
    keys: Arc<MemoryKeyStore>,
    dir: TempDir,
}

impl Rig {
    pub async fn start() -> Self {
        Self::with(Options::quiet(), |_| {}).await
    }

    pub async fn with(options: Options, change: impl FnOnce(&mut Config)) -> Self {
        let exchange = Arc::new(Exchange::start(options).await.unwrap());
        let dir = TempDir::new().unwrap();
        let keys = MemoryKeyStore::default();
        let mut config: Config = toml::from_str(&exchange.config_toml()).unwrap();
        for account in &mut config.accounts {
            let SecretSource::Env(name) = account.secret.clone() else { continue };
            let (_, secret) = exchange.environment().into_iter().find(|(known, _)| *known == name).unwrap();
            keys.set(&account.id, &secret.into()).unwrap();
            account.secret = SecretSource::Keyring;
        }
        change(&mut config);
        let mut rig = Self::around(exchange, config, keys, dir).await;
        rig.until_online().await;
        rig
    }

    /// With the account `mobile` beside the others, whose service has a journal of the same office and no live events.
    /// `seed` writes what an earlier start left.
    pub async fn with_journal(
        options: Options,
        change: impl FnOnce(&mut Config),
        seed: impl AsyncFnOnce(&ringside_store::Store),
    ) -> Self {
        let exchange = Arc::new(Exchange::start(options).await.unwrap());
        let fonial = exchange.fonial();
        let text = format!(
            "[[accounts]]\nid = \"mobile\"\nprovider = \"fonial\"\nbase_url = \"{}\"\nusername = \"{}\"\nsecret = \"keyring\"\n\
            [accounts.options]\njournal_seconds = 0.1\nprobe_seconds = 0.2\n",
            exchange.fonial_url(),
            fonial.username(),
        );
        let keys = MemoryKeyStore::default();
        keys.set("mobile", &fonial.password().into()).unwrap();
        let mut config: Config = toml::from_str(&exchange.config_toml()).unwrap();
        for account in &mut config.accounts {
            let SecretSource::Env(name) = account.secret.clone() else { continue };
            let (_, secret) = exchange.environment().into_iter().find(|(known, _)| *known == name).unwrap();
            keys.set(&account.id, &secret.into()).unwrap();
            account.secret = SecretSource::Keyring;
        }
        config.accounts.extend(toml::from_str::<Config>(&text).unwrap().accounts);
        change(&mut config);
        let dir = TempDir::new().unwrap();
        let store = ringside_store::Store::open(dir.path(), wall_clock()).await.unwrap().store;
        seed(&store).await;
        store.close().await.unwrap();
        Self::around(exchange, config, keys, dir).await
    }

    /// With the accounts `voice` and `clinic` alone, whose services send what happens in the same office unasked, and
    /// the receiver on a free port. Of `clinic` nothing else is told while a call goes on.
    pub async fn with_pushes(options: Options, change: impl FnOnce(&mut Config)) -> Self {
        let exchange = Arc::new(Exchange::start(options).await.unwrap());
        let text = format!(
            "[me]\nextensions = [\"voice/31\", \"clinic/SIP31\"]\nregion = \"DE\"\n\
            [receiver]\non = true\nlisten = \"127.0.0.1:0\"\n\
            [[accounts]]\nid = \"voice\"\nprovider = \"tenios\"\nbase_url = \"{}\"\n\
            [[accounts]]\nid = \"clinic\"\nprovider = \"voicenter\"\nbase_url = \"{}\"\n\
            [accounts.options]\nlogin = \"none\"\npoll_seconds = 3600\n",
            exchange.tenios_url(),
            exchange.voicenter_url(),
        );
        let keys = MemoryKeyStore::default();
        keys.set("voice", &format!("{} {POST_KEY}", exchange.tenios().access_key()).into()).unwrap();
        keys.set("clinic", &exchange.voicenter().code().into()).unwrap();
        let mut config: Config = toml::from_str(&text).unwrap();
        change(&mut config);
        let mut rig = Self::around(exchange, config, keys, TempDir::new().unwrap()).await;
        rig.until_both_are_online().await;
        rig
    }

    pub async fn until_both_are_online(&mut self) {
        self.eventually("both accounts are online, and their lines are known", |snapshot| {
            let both = |a: &&ringside_api::view::AccountView| ["voice", "clinic"].contains(&a.id.as_str());
            let online = |a: &ringside_api::view::AccountView| a.link.phase == ringside_domain::LinkPhase::Online;
            snapshot.accounts.iter().filter(both).all(online)
                && ["31", "SIP31"].iter().all(|known| snapshot.lines.iter().any(|line| line.extension == *known))
        })
        .await;
    }

    /// With these accounts alone, each the lines of its `[[accounts]]` and its secret; nobody waits for them. `seed` writes
    /// what an earlier start left.
    pub async fn with_accounts(
        options: Options,
        accounts: impl FnOnce(&Exchange) -> Vec<(String, String)>,
        seed: impl AsyncFnOnce(&ringside_store::Store),
    ) -> Self {
        let exchange = Arc::new(Exchange::start(options).await.unwrap());
        let keys = MemoryKeyStore::default();
        let mut config = Config::default();
        for (lines, secret) in accounts(&exchange) {
            let entry: Config = toml::from_str(&format!("[[accounts]]\nsecret = \"keyring\"\n{lines}")).unwrap();
            keys.set(&entry.accounts[0].id, &secret.into()).unwrap();
            config.accounts.extend(entry.accounts);
        }
        let dir = TempDir::new().unwrap();
        let store = ringside_store::Store::open(dir.path(), wall_clock()).await.unwrap().store;
        seed(&store).await;
        store.close().await.unwrap();
        Self::around(exchange, config, keys, dir).await
    }

    /// What proves word of an order to the account `voice`.
    pub fn order_secret(&self) -> SecretString {
        let config = AccountConfig {
            id: "voice".into(),
            provider: "tenios".into(),
            base_url: None,
            username: None,
            secret: self.exchange.tenios().access_key().into(),
            options: Default::default(),
            plan: NumberPlan::default(),
        };
        let surroundings = Surroundings { now: wall_clock, seed: 1, user_agent: "Ringside/0.0.0".into() };
        ringside_providers::connect(config, surroundings).unwrap().pushes().unwrap().secret().unwrap()
    }

    pub fn data(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Ends the app and hands out what it wrote.
    pub async fn stopped(&self) -> ringside_store::Store {
        self.app.stop().await;
        ringside_store::Store::open(self.dir.path(), wall_clock()).await.unwrap().store
    }

    /// Ends the app and leaves its store as a later version does: it is read and not written.
    pub async fn leave_as_of_a_later_version(&self) {
        self.stopped().await.close().await.unwrap();
        let file = self.dir.path().join("ringside.db");
        let mut bytes = std::fs::read(&file).unwrap();
        bytes[60..64].copy_from_slice(&99u32.to_be_bytes());
        std::fs::write(&file, bytes).unwrap();
    }

    /// Without an account, as on a first start.
    pub async fn bare() -> Self {
        Self::bare_beside(Options::quiet()).await
    }

    /// The same, with a choice of the office that the demo shows.
    pub async fn bare_beside(options: Options) -> Self {
        let exchange = Arc::new(Exchange::start(options).await.unwrap());
        Self::around(exchange, Config::default(), MemoryKeyStore::default(), TempDir::new().unwrap()).await
    }

    /// As `ringside demo` starts it: what it keeps is the demo's.
    pub async fn whole_demo() -> Self {
        let exchange = Arc::new(Exchange::start(Options::quiet()).await.unwrap());
        let (dir, keys, config) = (TempDir::new().unwrap(), Arc::new(MemoryKeyStore::default()), Config::default());
        let data = dir.path().to_owned();
        let paths = Paths { config: "".into(), policy: "".into(), demo: data.clone(), data };
        let (app, desktop, events) =
            open_on(&exchange, paths, ConfigFile::in_memory(config.clone(), ringside_providers::KINDS), &keys).await;
        Self { exchange, app, desktop, events, config, keys, dir }
    }

    /// On files, without an account.
    pub async fn with_policy(config: &str, policy: &str) -> Self {
        Self::on_files(Arc::new(Exchange::start(Options::quiet()).await.unwrap()), config, policy).await
    }

    /// On files; the secrets of the exchange's accounts are in the key store.
    pub async fn on_files(exchange: Arc<Exchange>, config: &str, policy: &str) -> Self {
        let (dir, keys) = (TempDir::new().unwrap(), Arc::new(MemoryKeyStore::default()));
        let paths = Paths {
            config: dir.path().join("config.toml"),
            policy: dir.path().join("policy.toml"),
            data: dir.path().join("data"),
            demo: dir.path().join("demo"),
        };
        for account in exchange.accounts() {
            keys.set(account.id, &account.secret.into()).unwrap();
        }
        std::fs::write(&paths.config, config).unwrap();
        std::fs::write(&paths.policy, policy).unwrap();
        let (file, errors) = ConfigFile::load(&paths, ringside_providers::KINDS);
        assert!(errors.is_empty(), "{errors:?}");
        let config = file.effective();
        let (app, desktop, events) = open_on(&exchange, paths, file, &keys).await;
        Self { exchange, app, desktop, events, config, keys, dir }
    }

    /// The user's own configuration, where there are files.
    pub fn config_path(&self) -> std::path::PathBuf {
        self.dir.path().join("config.toml")
    }

    /// The files the app wrote that hold the text.
    pub fn files_with(&self, text: &str) -> Vec<String> {
        ringside_testkit::files_holding(self.dir.path(), text)
    }

    /// The account's secret is gone from the key store.
    pub fn lose_secret(&self, account: &str) {
        self.keys.remove(account).unwrap();
    }

    async fn around(exchange: Arc<Exchange>, config: Config, keys: MemoryKeyStore, dir: TempDir) -> Self {
        let keys = Arc::new(keys);
        let (app, desktop, events) = open(&exchange, &dir, &config, &keys).await;
        Self { exchange, app, desktop, events, config, keys, dir }
    }

    /// Ends the app and runs it again on the same data, without waiting for its accounts.
    pub async fn reopen(&mut self) {
        self.app.stop().await;
        (self.app, self.desktop, self.events) = open(&self.exchange, &self.dir, &self.config, &self.keys).await;
    }

    /// Ends the app and runs it again on the same data; `meanwhile` happens in between.
    pub async fn restart(&mut self, meanwhile: impl FnOnce(&Exchange)) {
        self.app.stop().await;
        meanwhile(&self.exchange);
        while self.exchange.nfon().call_streams() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        (self.app, self.desktop, self.events) = open(&self.exchange, &self.dir, &self.config, &self.keys).await;
        self.until_online().await;
    }

    pub async fn until_online(&mut self) {
        self.eventually("both accounts are online and the board is filled", |snapshot| {
            snapshot.accounts.iter().all(|a| a.link.phase == ringside_domain::LinkPhase::Online)
                && snapshot.lines.len() > 10
                && snapshot.lines.iter().all(|line| line.stale_since.is_none())
                && !snapshot.scenarios.is_empty()
        })
        .await;
        // The call stream is a stream of its own: what happens before it stands is not told.
        while self.exchange.nfon().call_streams() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub async fn call(&self, request: Request) -> Result<Reply, ApiError> {
        tokio::time::timeout(PATIENCE, self.app.call(request)).await.expect("an answer")
    }

    pub async fn snapshot(&self) -> Snapshot {
        match self.call(Request::Snapshot {}).await {
            Ok(Reply::Snapshot { snapshot }) => *snapshot,
            other => panic!("no snapshot: {other:?}"),
        }
    }

    pub async fn history(&self, filter: HistoryFilter) -> HistoryPage {
        match self.call(Request::History { filter, before: None, limit: 100 }).await {
            Ok(Reply::History { page }) => page,
            other => panic!("no history: {other:?}"),
        }
    }

    /// The first event that `wanted` makes something of.
    pub async fn event<T>(&mut self, what: &str, mut wanted: impl FnMut(&ApiEvent) -> Option<T>) -> T {
        let waiting = async {
            loop {
                let events = self.events.next().await.expect("the app runs");
                for envelope in events {
                    if let Some(found) = wanted(&envelope.event) {
                        return found;
                    }
                }
            }
        };
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(found) => found,
            Err(_) => panic!("never came: {what}"),
        }
    }

    /// Looks again after every event until it is so.
    pub async fn eventually(&mut self, what: &str, so: impl Fn(&Snapshot) -> bool) -> Snapshot {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let snapshot = self.snapshot().await;
            if so(&snapshot) {
                return snapshot;
            }
            if tokio::time::timeout_at(deadline, self.events.next()).await.is_err() {
                panic!("never so: {what}\n{snapshot:#?}");
            }
        }
    }
}

/// The exchange as the demo: its own accounts, as [`Exchange::config_toml`] writes them.
struct DemoRooms(Arc<Exchange>);

#[async_trait]
impl DemoOffice for DemoRooms {
    async fn open(&self) -> anyhow::Result<DemoSetup> {
        let config: Config = toml::from_str(&self.0.config_toml())?;
        let secrets = self.0.environment();
        let with_secret = |entry: AccountEntry| {
            let SecretSource::Env(name) = &entry.secret else { return None };
            let (_, secret) = secrets.iter().find(|(known, _)| known == name)?;
            Some((AccountEntry { secret: SecretSource::Session, ..entry.clone() }, secret.clone().into()))
        };
        let accounts = config.accounts.into_iter().filter_map(with_secret).collect();
        let contacts = ["4922166966966", "41446681800"].map(|number| Contact {
            name: Label::new("Jana Beispiel"),
            company: Label::new(number),
            numbers: PhoneNumber::from_e164(number)
                .map(|number| ContactNumber { number, kind: None })
                .into_iter()
                .collect(),
            vip: false,
            note: Label::default(),
        });
        Ok(DemoSetup { accounts, mine: config.me.extensions, contacts: contacts.into(), groups: Vec::new() })
    }
}

async fn open(
    exchange: &Arc<Exchange>,
    dir: &TempDir,
    config: &Config,
    keys: &Arc<MemoryKeyStore>,
) -> (Handle, Arc<RecordingDesktop>, Subscription) {
    let paths =
        Paths { config: "".into(), policy: "".into(), data: dir.path().to_owned(), demo: dir.path().join("demo") };
    open_on(exchange, paths, ConfigFile::in_memory(config.clone(), ringside_providers::KINDS), keys).await
}

async fn open_on(
    exchange: &Arc<Exchange>,
    paths: Paths,
    config: ConfigFile,
    keys: &Arc<MemoryKeyStore>,
) -> (Handle, Arc<RecordingDesktop>, Subscription) {
    let desktop = Arc::new(RecordingDesktop::default());
    let app = start(Start {
        paths,
        config,
        config_errors: Vec::new(),
        clock: Arc::new(SystemClock),
        desktop: desktop.clone(),
        keys: keys.clone(),
        demo: Some(Arc::new(DemoRooms(exchange.clone()))),
        version: "0.0.0",
        user: "tester".to_owned(),
        seed: 7,
    })
    .await;
    let events = app.subscribe(Topics::All).await;
    (app, desktop, events)
}

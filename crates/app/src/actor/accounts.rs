//! Accounts: fetching their secrets, connecting them, testing drafts, adding and removing.

use std::collections::BTreeSet;
use std::sync::Arc;

use ringside_api::view::{AccountDraft, AccountView, LinkView};
use ringside_api::{ApiError, ApiEvent, Reply};
use ringside_domain::{AccountId, CallId, Event, ExtensionId, LinkPhase, LinkState, NumberPlan, Problem};
use ringside_engine::Input;
use ringside_receiver::{AccountPath, Door, Tally};
use ringside_telephony::{AccountConfig, Arrived, Kind, Provider, ProviderError, Surroundings};
use rustc_hash::FxHashSet;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::draft::entry;
use super::inner::{Inner, ReplyTo, Write};
use super::journal::Reading;
use super::{Actor, answer, refuse};
use crate::clock::wall_clock;
use crate::config::{AccountEntry, SecretSource};
use crate::secrets::SecretError;
use crate::view;

/// An account that is about to be added.
pub(super) struct NewAccount {
    pub entry: AccountEntry,
    pub mine: Vec<String>,
    pub secret: SecretString,
}

pub(super) struct Account {
    pub entry: AccountEntry,
    /// `None` where there is none of the name it gives.
    kind: Option<&'static Kind>,
    pub provider: Option<Arc<dyn Provider>>,
    /// Keeps its tokens and its budget of token requests from one connection to the next.
    made: Option<Made>,
    /// Ends the link that is running; another one for each connection.
    pub stop: CancellationToken,
    /// The last link, until it has ended.
    running: Option<JoinHandle<()>>,
    /// Tells late results of an earlier connection from those of this one.
    pub generation: u64,
    secret: &'static str,
    /// Of the demo: nothing of it is written to the configuration.
    pub demo: bool,
    pub events: u64,
    pub last_event_at: Option<i64>,
    pub was_online: bool,
    pub reconnects: u32,
    /// Calls that this app placed: some services end only those.
    pub placed: FxHashSet<CallId>,
    /// Reads its record of past calls, where it has one.
    pub journal: Option<Reading>,
    /// Where its service sends what it sends unasked, where it does.
    pub door: Option<Arc<Door>>,
    pub tally: Arc<Tally>,
    /// The extensions it listed last, once it has.
    pub listed: Option<BTreeSet<ExtensionId>>,
}

/// A provider, and what it was made with beside the account's entry.
struct Made {
    provider: Arc<dyn Provider>,
    secret: SecretString,
    plan: NumberPlan,
}

impl Made {
    fn is_with(&self, secret: &SecretString, plan: &NumberPlan) -> bool {
        self.secret.expose_secret() == secret.expose_secret() && self.plan == *plan
    }
}

impl Account {
    fn new(entry: AccountEntry, kind: Option<&'static Kind>, demo: bool) -> Self {
        let secret = named(&entry.secret);
        Self {
            entry,
            kind,
            provider: None,
            made: None,
            stop: CancellationToken::new(),
            running: None,
            generation: 0,
            secret,
            demo,
            events: 0,
            last_event_at: None,
            was_online: false,
            reconnects: 0,
            placed: FxHashSet::default(),
            journal: None,
            door: None,
            tally: Arc::default(),
            listed: None,
        }
    }

    /// Whether its service sends something unasked.
    pub fn pushes(&self) -> bool {
        self.kind.is_some_and(|kind| kind.pushes)
    }

    /// Something may be new in the journal.
    pub fn look_into_journal(&self) {
        if let Some(journal) = &self.journal {
            journal.look();
        }
    }
}

/// A place of secrets, as hosts know it.
fn named(source: &SecretSource) -> &'static str {
    match source {
        SecretSource::Keyring => "keyring",
        SecretSource::Env(_) => "env",
        SecretSource::File(_) => "file",
        SecretSource::Session => "session",
    }
}

impl Actor {
    /// Connects every configured account and sets off what the start left for later.
    pub(super) fn begin(&mut self) {
        for entry in self.config.accounts.clone() {
            self.add(entry, false);
        }
        self.take_hotkeys();
        self.begin_autostart();
        self.begin_store();
        self.tend_receiver();
    }

    /// An account of the user's own ends the demo.
    pub(super) fn add(&mut self, entry: AccountEntry, demo: bool) {
        if !demo {
            self.end_demo();
        }
        let id = AccountId::new(&entry.id);
        let kind = self.file.kind(&entry.provider);
        let mut account = Account::new(entry, kind, demo);
        account.placed.extend(self.earlier.of(&id));
        self.accounts.insert(id.clone(), account);
        self.connect(&id);
    }

    /// The account's settings changed: it connects anew, with nothing of what it was made with before.
    pub(super) fn replace_entry(&mut self, id: &AccountId, entry: AccountEntry) {
        let Some(account) = self.accounts.get_mut(id) else { return };
        if account.entry.secret != entry.secret {
            self.secrets.forget_for_session(id.as_str());
            account.secret = named(&entry.secret);
        }
        account.entry = entry;
        account.made = None;
        self.connect(id);
    }

    /// Fetches the secret; the rest follows when it is there.
    fn connect(&mut self, id: &AccountId) {
        let Some(account) = self.accounts.get_mut(id) else { return };
        account.stop.cancel();
        account.stop = CancellationToken::new();
        account.provider = None;
        account.journal = None;
        if let Some(door) = &account.door {
            door.close();
        }
        account.generation += 1;
        let (generation, source) = (account.generation, account.entry.secret.clone());
        if account.pushes() {
            self.doors_changed();
        }
        self.set_link(id, LinkPhase::Connecting, None);
        let (secrets, account) = (self.secrets.clone(), id.clone());
        self.beside(async move {
            let secret = secrets.fetch(account.as_str(), &source).await;
            Inner::Secret { account, generation, secret }
        });
    }

    pub(super) fn secret_fetched(
        &mut self,
        id: &AccountId,
        generation: u64,
        secret: Result<SecretString, SecretError>,
    ) {
        let Some(account) = self.accounts.get_mut(id).filter(|a| a.generation == generation) else { return };
        let secret = match (secret, &account.made) {
            (Ok(secret), _) => secret,
            // A key store that went away takes no account with it.
            (Err(error), Some(made)) if error.is_of_the_store() => {
                tracing::warn!(account = id.as_str(), code = error.code(), "connecting with the secret of before");
                made.secret.clone()
            }
            (Err(error), _) => {
                account.secret = "missing";
                return self.set_link(id, LinkPhase::Offline, Some(error.problem()));
            }
        };
        if account.secret == "missing" {
            account.secret = named(&account.entry.secret);
        }
        let path = AccountPath::of(&secret, id);
        let provider = match self.make(id, secret) {
            Ok(provider) => provider,
            Err(error) => return self.set_link(id, LinkPhase::Offline, Some(error.problem())),
        };
        let Some(account) = self.accounts.get_mut(id) else { return };
        account.provider = Some(provider.clone());
        self.read_journal(id, provider.clone());
        self.open_door(id, provider.clone(), path);
        let Some(account) = self.accounts.get_mut(id) else { return };
        let (sink, mut events) = mpsc::channel::<Arrived>(256);
        let (before, stop) = (account.running.take(), account.stop.clone());
        account.running = Some(tokio::spawn(async move {
            // One link at a time: a provider's links share what it knows.
            if let Some(before) = before {
                let _ = before.await;
            }
            provider.run(sink, stop).await;
        }));
        let (arrivals, id) = (self.arrivals.clone(), id.clone());
        let stop = account.stop.clone();
        tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                if stop.is_cancelled() || arrivals.send((id.clone(), generation, event)).await.is_err() {
                    return;
                }
            }
        });
    }

    /// The provider of before, if nothing has changed that it was made with: its tokens go on to hold, and whoever
    /// reconnects again and again asks for no more of them than a minute allows.
    fn make(&mut self, id: &AccountId, secret: SecretString) -> Result<Arc<dyn Provider>, ProviderError> {
        let Some(account) = self.accounts.get(id) else { return Err(ProviderError::Stopped) };
        let plan = account.entry.plan(&self.config.me);
        if let Some(made) = account.made.as_ref().filter(|made| made.is_with(&secret, &plan)) {
            return Ok(made.provider.clone());
        }
        let provider = self.provider_for(&account.entry, secret.clone())?;
        if let Some(account) = self.accounts.get_mut(id) {
            account.made = Some(Made { provider: provider.clone(), secret, plan });
        }
        Ok(provider)
    }

    pub(super) fn provider_for(
        &self,
        entry: &AccountEntry,
        secret: SecretString,
    ) -> Result<Arc<dyn Provider>, ProviderError> {
        let base_url = match entry.base_url.as_deref().filter(|url| !url.is_empty()) {
            Some(text) => Some(text.parse().map_err(|_| ProviderError::Configuration {
                detail: "the address is not a web address such as https://example.com".into(),
            })?),
            None => None,
        };
        let config = AccountConfig {
            id: AccountId::new(&entry.id),
            provider: entry.provider.clone(),
            base_url,
            username: entry.username.clone(),
            secret,
            options: entry.option_values(),
            plan: entry.plan(&self.config.me),
        };
        let surroundings =
            Surroundings { now: wall_clock, seed: self.seed, user_agent: format!("Ringside/{}", self.version) };
        ringside_telephony::connect(self.file.kinds(), config, surroundings)
    }

    fn set_link(&mut self, id: &AccountId, phase: LinkPhase, reason: Option<Problem>) {
        let link = LinkState { phase, since: self.now(), reason, limits: Vec::new(), retry_at: None };
        let class = ringside_domain::CallerClass::Unknown;
        self.apply(Input::Provider { account: id.clone(), event: Event::Link(link), class });
    }

    pub(super) fn reconnect_all(&mut self, only: Option<&str>) {
        let ids: Vec<_> = self.accounts.keys().filter(|id| only.is_none_or(|o| o == id.as_str())).cloned().collect();
        for id in ids {
            self.connect(&id);
        }
    }

    pub(super) fn account_changed(&mut self, id: &AccountId) {
        match self.account_view(id) {
            Some(account) => self.publish(ApiEvent::Account { account }),
            None => self.publish(ApiEvent::AccountGone { id: id.to_string() }),
        }
        self.resync_scenarios(id);
    }

    pub(super) fn account_view(&self, id: &AccountId) -> Option<AccountView> {
        let account = self.accounts.get(id)?;
        let kind = account.kind;
        let link = match self.engine.link(id) {
            Some(link) => view::account::link(link),
            None => LinkView {
                phase: LinkPhase::Connecting,
                since: view::ms(self.started_at),
                reason: None,
                limits: Vec::new(),
                next_try_at: None,
            },
        };
        let title = kind.map_or_else(|| account.entry.provider.clone(), |kind| kind.title.to_owned());
        let named = |problem: ApiError| problem.naming("service", &title);
        let link = LinkView { reason: link.reason.map(named), ..link };
        let capabilities = match (&account.provider, kind) {
            (Some(provider), _) => provider.capabilities(),
            (None, Some(kind)) => (kind.capabilities)(),
            (None, None) => Default::default(),
        };
        let warnings = account.provider.as_ref().map(|p| p.warnings()).unwrap_or_default();
        Some(AccountView {
            id: id.to_string(),
            provider: account.entry.provider.clone(),
            title: title.clone(),
            capabilities: capabilities.iter().collect(),
            link,
            secret: account.secret.to_owned(),
            warnings: warnings.iter().map(|problem| named(problem.into())).collect(),
            locked: self.locked.iter().any(|key| key == "accounts"),
            demo: account.demo,
            journal: account.journal.as_ref().map(|journal| journal.progress.clone()),
            clock_ahead_s: account.provider.as_ref().and_then(|provider| provider.clock_ahead()),
        })
    }

    /// The account's connection, if it can do that.
    ///
    /// # Errors
    /// When there is no such account, it is not connected, or it `cannot`, such as `cannot dial`.
    pub(super) fn provider_that(
        &self,
        id: &AccountId,
        cannot: &str,
        can: fn(&dyn Provider) -> bool,
    ) -> Result<Arc<dyn Provider>, ApiError> {
        let account = self.accounts.get(id).ok_or_else(|| no_account(id.as_str()))?;
        let Some(provider) = account.provider.clone() else {
            return Err(refuse(
                "offline",
                "the account is not connected",
                "Connect it under Accounts, then try again.",
            ));
        };
        if can(provider.as_ref()) {
            return Ok(provider);
        }
        Err(refuse("unsupported", format!("the account `{id}` {cannot}"), "Choose an account that can do it."))
    }

    pub(super) fn is_in_trouble(&self, id: &AccountId) -> bool {
        self.engine.link(id).is_some_and(|link| matches!(link.phase, LinkPhase::Offline | LinkPhase::Degraded))
    }

    /// Keeps the secret, then writes the configuration and connects. A secret that cannot be kept adds nothing: the
    /// user chooses another way, under the same name.
    pub(super) fn add_account(&mut self, draft: &AccountDraft, reply: ReplyTo) {
        if self.demo.is_whole_app() {
            return answer(reply, Err(super::demo::keeps_no_accounts()));
        }
        let usable = |entry: AccountEntry| {
            self.is_free(&entry)?;
            // Before the key store is asked to keep anything for it.
            let tried = self.file.try_out(|config| config.accounts.push(entry.clone()));
            tried.map(|()| entry).map_err(|error| ApiError::from(error.problem()))
        };
        let mut entry = match entry(draft, self.file.kind(&draft.provider)).and_then(usable) {
            Ok(entry) => entry,
            Err(error) => return answer(reply, Err(error)),
        };
        let secret = SecretString::from(draft.secret.clone());
        let mine = draft.mine.clone();
        if draft.session_only {
            entry.secret = SecretSource::Session;
            return self.secret_kept(NewAccount { entry, mine, secret }, Ok(()), reply);
        }
        let secrets = self.secrets.clone();
        self.beside(async move {
            let kept = secrets.keep(&entry.id, secret.clone()).await;
            Inner::SecretKept { account: Box::new(NewAccount { entry, mine, secret }), kept, reply }
        });
    }

    pub(super) fn secret_kept(&mut self, account: NewAccount, kept: Result<(), SecretError>, reply: ReplyTo) {
        let NewAccount { entry, mine, secret } = account;
        let admitted = kept.map_err(|error| ApiError::from(error.problem())).and_then(|()| self.is_free(&entry));
        if let Err(error) = admitted {
            return answer(reply, Err(error));
        }
        self.secrets.keep_for_session(&entry.id, secret);
        let free_lines = !self.is_locked("me.extensions");
        let changed = self.change_config(|config| {
            config.accounts.push(entry.clone());
            for line in mine.iter().filter(|_| free_lines).map(|extension| format!("{}/{extension}", entry.id)) {
                if !config.me.extensions.contains(&line) {
                    config.me.extensions.push(line);
                }
            }
        });
        let id = AccountId::new(&entry.id);
        match changed {
            Ok(()) => answer(reply, account_reply(self.account_view(&id))),
            // Its secret was kept for an account that does not come.
            Err(error) => {
                let secrets = self.secrets.clone();
                self.later(reply, async move {
                    if let Err(left) = secrets.forget(id.as_str()).await {
                        tracing::info!(account = id.as_str(), code = left.code(), "a secret may have been left behind");
                    }
                    Err(error)
                });
            }
        }
    }

    pub(super) fn is_locked(&self, key: &str) -> bool {
        self.locked.iter().any(|locked| locked == key)
    }

    /// A demo account gives way to a real one.
    fn is_free(&self, entry: &AccountEntry) -> Result<(), ApiError> {
        if self.accounts.get(&AccountId::new(&entry.id)).is_some_and(|account| !account.demo) {
            return Err(refuse(
                "account_exists",
                format!("an account `{}` already exists", entry.id),
                "Choose another name.",
            ));
        }
        Ok(())
    }

    /// Connects with the new secret at once; whether it can be kept beyond this session shows later.
    pub(super) fn sign_in(&mut self, id: &str, secret: String, session_only: bool, reply: ReplyTo) {
        let id = AccountId::new(id);
        let Some(account) = self.accounts.get_mut(&id) else { return answer(reply, Err(no_account(id.as_str()))) };
        account.secret = "session";
        let secret = SecretString::from(secret);
        self.secrets.keep_for_session(id.as_str(), secret.clone());
        self.connect(&id);
        if session_only {
            return answer(reply, account_reply(self.account_view(&id)));
        }
        let secrets = self.secrets.clone();
        self.beside(async move {
            let kept = secrets.keep(id.as_str(), secret).await;
            Inner::SecretRenewed { account: id, kept, reply }
        });
    }

    pub(super) fn secret_renewed(&mut self, id: &AccountId, kept: Result<(), SecretError>, reply: ReplyTo) {
        if let Err(error) = kept {
            return answer(reply, Err(error.problem().into()));
        }
        if let Some(account) = self.accounts.get_mut(id) {
            account.secret = "keyring";
            // Kept for one session until now: the next start is to look for it.
            if account.entry.secret == SecretSource::Session {
                account.entry.secret = SecretSource::Keyring;
                let changed = self.change_config(|config| {
                    let known = config.accounts.iter_mut().filter(|entry| entry.id == id.as_str());
                    known.for_each(|entry| entry.secret = SecretSource::Keyring);
                });
                if let Err(error) = changed {
                    return answer(reply, Err(error));
                }
            }
        }
        self.account_changed(id);
        answer(reply, account_reply(self.account_view(id)));
    }

    /// History stays; the secret and what was cached of the account go.
    pub(super) fn remove_account(&mut self, id: &str, reply: ReplyTo) {
        let id = AccountId::new(id);
        let Some(account) = self.accounts.get(&id) else { return answer(reply, Err(no_account(id.as_str()))) };
        let in_keyring = account.entry.secret == SecretSource::Keyring;
        if account.demo {
            self.disconnect(&id);
            if !self.accounts.values().any(|other| other.demo) {
                self.end_demo();
            }
            return answer(reply, Ok(Reply::Done {}));
        }
        let prefix = format!("{id}/");
        let stays = |line: &String| !line.starts_with(&prefix);
        let free = ["me.extensions", "board.favourites", "board.groups"].map(|key| !self.is_locked(key));
        let changed = self.change_config(|config| {
            config.accounts.retain(|entry| entry.id != id.as_str());
            // A line of no account would be a mistake.
            if free[0] {
                config.me.extensions.retain(stays);
            }
            if free[1] {
                config.board.favourites.retain(stays);
            }
            if free[2] {
                config.board.groups.iter_mut().for_each(|group| group.lines.retain(stays));
            }
        });
        if let Err(error) = changed {
            return answer(reply, Err(error));
        }
        let secrets = self.secrets.clone();
        self.later(reply, async move {
            match secrets.forget(id.as_str()).await {
                Ok(()) => Ok(Reply::Done {}),
                Err(_) if !in_keyring => Ok(Reply::Done {}),
                Err(error) => Err(left_behind(&id, &error)),
            }
        });
    }

    /// Ends the link; what was cached of the account goes.
    pub(super) fn disconnect(&mut self, id: &AccountId) -> Option<Account> {
        let account = self.accounts.remove(id)?;
        account.stop.cancel();
        self.who.extensions(id, &[]);
        self.scenarios.forget(id);
        self.doors_changed();
        self.direct_numbers.forget(id);
        self.apply(Input::AccountRemoved(id.clone()));
        self.write(Write::ForgetAccount(id.clone()));
        Some(account)
    }
}

fn account_reply(view: Option<AccountView>) -> Result<Reply, ApiError> {
    view.map(|account| Reply::Account { account }).ok_or_else(|| no_account(""))
}

pub(super) fn no_account(id: &str) -> ApiError {
    refuse("no_account", format!("there is no account `{id}`"), "Check the list under Accounts.")
}

/// The account is gone, but not its secret.
fn left_behind(id: &AccountId, error: &SecretError) -> ApiError {
    refuse(
        "secret_left_behind",
        format!("the account `{id}` is removed, but its password is still in the key store: {error}"),
        "Later, delete the entry io.ringside.Ringside with your system's password program.",
    )
}

//! The configuration file while the app runs: read again when somebody changed it, and followed in everything it says.

use std::collections::BTreeSet;
use std::time::Duration;

use ringside_api::ApiError;
use ringside_api::view::NoticeLevel;
use ringside_domain::{AccountId, ExtensionId, LineId, Problem};
use tokio::time::Instant;

use super::Actor;
use crate::config::{Config, ConfigError};

/// The file is looked at this often: soon enough for somebody who edits it and looks, and nothing for the processor.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(3);

impl Actor {
    /// When to look whether somebody changed the file.
    pub(super) fn look_due(&self) -> Option<Instant> {
        self.file.is_on_disk().then_some(self.look_due)
    }

    /// Takes over what somebody wrote into the file.
    pub(super) fn look_at_config(&mut self) {
        self.look_due = Instant::now() + LOOK_EVERY;
        if self.file.refresh() {
            tracing::info!(errors = self.file.errors().len(), "the configuration was changed by somebody else");
            self.follow_config();
        }
    }

    /// Changes the file and follows what it says then, whoever wrote it.
    ///
    /// # Errors
    /// When nothing was changed.
    pub(super) fn change_config(&mut self, change: impl Fn(&mut Config)) -> Result<(), ApiError> {
        let changed = self.file.change(change);
        self.follow_config();
        changed.map_err(|error| error.problem().into())
    }

    /// The app becomes what the configuration says.
    fn follow_config(&mut self) {
        self.tell_config_errors();
        let now = self.file.effective();
        let locked = self.file.locked();
        if now == self.config && locked == self.locked {
            return;
        }
        self.locked = locked;
        let before = std::mem::replace(&mut self.config, now);
        self.use_settings();
        self.follow_accounts(&before);
        if before.hotkeys != self.config.hotkeys {
            self.take_hotkeys();
        }
        if before.desktop.autostart != self.config.desktop.autostart {
            self.follow_autostart();
        }
        if before.me.extensions != self.config.me.extensions {
            let ids: Vec<AccountId> = self.accounts.keys().cloned().collect();
            ids.iter().for_each(|id| self.compare_own_lines(id));
        }
    }

    fn follow_accounts(&mut self, before: &Config) {
        let gone: Vec<AccountId> = self
            .accounts
            .iter()
            .filter(|(id, account)| !account.demo && self.config.accounts.iter().all(|it| it.id != id.as_str()))
            .map(|(id, _)| id.clone())
            .collect();
        for id in gone {
            self.secrets.forget_for_session(id.as_str());
            self.disconnect(&id);
        }
        for entry in self.config.accounts.clone() {
            let id = AccountId::new(&entry.id);
            let known = self.accounts.get(&id).filter(|account| !account.demo).map(|account| account.entry.clone());
            match known {
                None => self.add(entry, false),
                Some(known) if known.provider != entry.provider => {
                    self.disconnect(&id);
                    self.add(entry, false);
                }
                Some(known) if known != entry => self.replace_entry(&id, entry),
                // Its numbers are read as `[me]` says.
                Some(known) if known.plan(&before.me) != known.plan(&self.config.me) => {
                    self.reconnect_all(Some(id.as_str()))
                }
                Some(_) => {}
            }
        }
    }

    /// One notice a mistake; those that were mended go.
    fn tell_config_errors(&mut self) {
        let problems: Vec<Problem> = self.file.errors().iter().map(ConfigError::problem).collect();
        for (index, problem) in problems.iter().enumerate() {
            self.notice(&format!("config.{index}"), NoticeLevel::Error, problem);
        }
        for index in problems.len()..self.config_notices {
            self.unnotice(&format!("config.{index}"));
        }
        self.config_notices = problems.len();
    }

    /// Says which lines of mine the account does not list, once it has said what it lists.
    pub(super) fn compare_own_lines(&mut self, id: &AccountId) {
        let Some(listed) = self.accounts.get(id).and_then(|account| account.listed.as_ref()) else { return };
        let mine = self.config.me.extensions.iter().filter_map(|line| line.parse::<LineId>().ok());
        let unknown: Vec<String> = mine
            .filter(|line| line.account == *id && !listed.contains(&line.extension))
            .map(|line| format!("`{line}`"))
            .collect();
        let topic = format!("own_line.{id}");
        if unknown.is_empty() {
            return self.unnotice(&topic);
        }
        let problem = Problem::new(
            "own_line_unknown",
            format!("The account `{id}` has no line {}", unknown.join(", ")),
            "Correct “My lines” under Settings.",
        );
        self.notice(&topic, NoticeLevel::Warning, &problem);
    }

    /// The account said which extensions it has.
    pub(super) fn extensions_listed(&mut self, id: &AccountId, listed: BTreeSet<ExtensionId>) {
        if let Some(account) = self.accounts.get_mut(id) {
            account.listed = Some(listed);
        }
        self.compare_own_lines(id);
    }
}

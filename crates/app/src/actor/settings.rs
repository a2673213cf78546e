//! Settings and hotkeys: written to the configuration, carried out at once.

use std::sync::atomic::Ordering;

use ringside_api::view::{HotkeyAction, NoticeLevel, SettingsView};
use ringside_api::{ApiError, ApiEvent, Reply};
use ringside_domain::Problem;
use ringside_engine::Input;

use super::{Actor, refuse};
use crate::config::{Config, ConfigError};
use crate::view::settings;

impl Actor {
    pub(super) fn settings_view(&self) -> SettingsView {
        let mut view = settings::to_view(&self.config, self.locked.clone(), &self.hotkeys_refused);
        view.mine.extend(self.demo.mine.iter().cloned());
        view
    }

    /// The configuration changed: the engine, the desktop and the hosts follow.
    pub(super) fn use_settings(&mut self) {
        self.engine.set_settings(settings::to_engine(&self.config, &self.demo.mine));
        self.days.store(self.config.history.days, Ordering::Relaxed);
        let view = self.settings_view();
        self.desktop.settings(&view);
        self.apply(Input::Quiet(self.config.pop_up.quiet));
        self.publish(ApiEvent::Settings { settings: view });
        self.tend_receiver();
        self.resync_soon();
    }

    pub(super) fn set_settings(&mut self, wanted: &SettingsView) -> Result<Reply, ApiError> {
        let mut wanted = wanted.clone();
        wanted.mine.retain(|line| !self.demo.mine.contains(line));
        let mut probe = self.config.clone();
        settings::from_view(&wanted, &mut probe);
        if let Some(key) = self.locked_change(&probe) {
            return Err(ConfigError::Locked { key }.problem().into());
        }
        let region = wanted.region.trim().to_uppercase();
        if region.len() != 2 || !region.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Err(refuse("bad_region", "the country is not a two-letter code", "Use a code such as DE or CH."));
        }
        wanted.region = region;
        let written = self.file.change(|config| settings::from_view(&wanted, config));
        let refused = written.as_ref().err().map(ConfigError::problem);
        self.config_changed(written);
        self.take_hotkeys();
        match refused {
            // The change holds until the app is closed, and the user has been told why no longer.
            Some(_) | None => Ok(Reply::Done {}),
        }
    }

    /// The first setting that the policy locks and the change would alter.
    fn locked_change(&self, wanted: &Config) -> Option<String> {
        if self.locked.is_empty() {
            return None;
        }
        let now = toml::Value::try_from(&self.config).ok()?;
        let then = toml::Value::try_from(wanted).ok()?;
        self.locked.iter().find(|key| at(&now, key) != at(&then, key)).cloned()
    }

    pub(super) fn favourite(&mut self, line: &str, on: bool) -> Reply {
        let line = line.to_owned();
        let written = self.file.change(|config| {
            config.board.favourites.retain(|known| *known != line);
            if on {
                config.board.favourites.push(line.clone());
            }
        });
        self.config_changed(written);
        Reply::Done {}
    }

    /// Takes every combination; those that cannot be had are reported, never silently dead.
    pub(super) fn take_hotkeys(&mut self) {
        self.hotkeys_refused.clear();
        for (action, key, default) in settings::DEFAULT_HOTKEYS {
            let keys = self.config.hotkeys.get(key).cloned().unwrap_or_else(|| default.to_owned());
            let wanted = (!keys.is_empty()).then_some(keys.as_str());
            if let Err(reason) = self.desktop.hotkey(action, wanted) {
                self.hotkeys_refused.insert(key.to_owned(), reason);
            }
        }
        self.report_hotkeys();
    }

    fn report_hotkeys(&mut self) {
        if self.hotkeys_refused.is_empty() {
            return self.unnotice("hotkeys");
        }
        let list: Vec<_> = self.hotkeys_refused.iter().map(|(action, reason)| format!("{action}: {reason}")).collect();
        let problem = Problem::new(
            "hotkeys_refused",
            format!("Some hotkeys cannot be used ({})", list.join("; ")),
            "Choose other combinations under Settings, or bind `ringside` commands in the desktop's own settings.",
        );
        self.notice("hotkeys", NoticeLevel::Info, &problem);
    }

    pub(super) fn set_hotkey(&mut self, action: HotkeyAction, keys: Option<&str>) -> Reply {
        let key = settings::hotkey_key(action).to_owned();
        match self.desktop.hotkey(action, keys.filter(|keys| !keys.is_empty())) {
            Ok(()) => {
                self.hotkeys_refused.remove(&key);
                let value = keys.unwrap_or_default().to_owned();
                let written = self.file.change(|config| {
                    config.hotkeys.insert(key.clone(), value);
                });
                self.config_changed(written);
            }
            Err(reason) => {
                self.hotkeys_refused.insert(key.clone(), reason);
                let now = self.config.hotkeys.get(&key).cloned();
                let default = settings::DEFAULT_HOTKEYS.iter().find(|(a, _, _)| *a == action).map(|(_, _, k)| *k);
                // The combination that held before goes on to hold.
                if let Some(before) = now.as_deref().or(default)
                    && self.desktop.hotkey(action, Some(before)).is_err()
                {
                    tracing::info!(action = key, "the former hotkey cannot be had back");
                }
            }
        }
        self.report_hotkeys();
        Reply::Hotkeys { refused: self.hotkeys_refused.clone() }
    }
}

fn at<'a>(value: &'a toml::Value, dotted: &str) -> Option<&'a toml::Value> {
    dotted.split('.').try_fold(value, |value, key| value.get(key))
}

//! Settings and hotkeys: written to the configuration, carried out at once.

use std::sync::atomic::Ordering;

use ringside_api::view::{HotkeyAction, HotkeyRefused, NoticeLevel, SettingsView};
use ringside_api::{ApiError, ApiEvent, Reply};
use ringside_domain::Problem;
use ringside_engine::Input;

use super::{Actor, refuse};
use crate::config::ConfigError;
use crate::view::settings;

impl Actor {
    pub(super) fn settings_view(&self) -> SettingsView {
        let mut view = settings::to_view(&self.config, self.locked.clone(), &self.hotkeys_refused);
        view.mine.extend(self.demo.mine.iter().cloned());
        // What is, not what somebody wished.
        view.autostart = self.autostart.unwrap_or(view.autostart);
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
        let shown = self.settings_view();
        self.look_at_config();
        let mut wanted = settings::merge(&shown, wanted, &self.settings_view()).map_err(|error| {
            refuse("bad_request", format!("the settings do not fit together: {error}"), "Try again.")
        })?;
        wanted.mine.retain(|line| !self.demo.mine.contains(line));
        wanted.region = wanted.region.trim().to_uppercase();
        if settings::language(&wanted.language).is_none() {
            return Err(refuse(
                "config_value",
                format!("`{}` is not an available language", wanted.language),
                "Choose another.",
            ));
        }
        let autostart = Some(wanted.autostart).filter(|on| *on != shown.autostart);
        if let Some(on) = autostart {
            if self.is_locked("desktop.autostart") {
                return Err(ConfigError::Locked { key: "desktop.autostart".to_owned() }.problem().into());
            }
            self.switch_autostart(on)?;
        }
        let changed = self.change_config(|config| {
            settings::from_view(&wanted, config);
            if autostart.is_some() {
                config.desktop.autostart = autostart;
            }
        });
        if let (Err(_), Some(on)) = (&changed, autostart) {
            // The next start would not know of it.
            if self.switch_autostart(!on).is_err() {
                tracing::info!(on, "the session's list was not set back");
            }
        }
        if autostart.is_some() {
            self.use_settings();
        }
        changed.map(|()| Reply::Done {})
    }

    /// Puts the app on the session's list, or takes it off, and looks what came of it.
    fn switch_autostart(&mut self, on: bool) -> Result<(), ApiError> {
        let done = self.desktop.set_autostart(on);
        self.autostart = self.desktop.autostart();
        done.map_err(ApiError::from)
    }

    /// The session's list as it is, or as the configuration wants it.
    pub(super) fn begin_autostart(&mut self) {
        self.autostart = self.desktop.autostart();
        self.follow_autostart();
    }

    pub(super) fn follow_autostart(&mut self) {
        let told = match self.config.desktop.autostart {
            Some(wanted) if self.autostart.is_some_and(|is| is != wanted) => {
                let done = self.desktop.set_autostart(wanted);
                self.autostart = self.desktop.autostart();
                self.publish_settings();
                done
            }
            _ => Ok(()),
        };
        match told {
            Ok(()) => self.unnotice("autostart"),
            Err(problem) => self.notice("autostart", NoticeLevel::Warning, &problem),
        }
    }

    fn publish_settings(&mut self) {
        let settings = self.settings_view();
        self.publish(ApiEvent::Settings { settings });
    }

    pub(super) fn favourite(&mut self, line: &str, on: bool) -> Result<Reply, ApiError> {
        self.change_config(|config| {
            config.board.favourites.retain(|known| known != line);
            if on {
                config.board.favourites.push(line.to_owned());
            }
        })?;
        Ok(Reply::Done {})
    }

    /// Takes every combination; those that cannot be had are reported, never silently dead.
    pub(super) fn take_hotkeys(&mut self) {
        self.hotkeys_refused.clear();
        for (action, key, _) in settings::DEFAULT_HOTKEYS {
            let keys = settings::keys_of(&self.config, key);
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
        let named = |(key, reason): (&String, &HotkeyRefused)| format!("{}: {reason}", settings::hotkey_name(key));
        let list: Vec<_> = self.hotkeys_refused.iter().map(named).collect();
        let problem = Problem::new(
            "hotkeys_refused",
            format!("Some hotkeys can't be used ({})", list.join("; ")),
            "Choose other combinations under Settings, or bind `ringside` commands in the desktop's own settings.",
        );
        self.notice("hotkeys", NoticeLevel::Info, &problem);
    }

    pub(super) fn set_hotkey(&mut self, action: HotkeyAction, keys: Option<&str>) -> Result<Reply, ApiError> {
        let key = settings::hotkey_key(action).to_owned();
        let before = settings::keys_of(&self.config, &key);
        let mut changed = Ok(());
        match self.desktop.hotkey(action, keys.filter(|keys| !keys.is_empty())) {
            Ok(()) => {
                self.hotkeys_refused.remove(&key);
                let value = keys.unwrap_or_default();
                changed = self.change_config(|config| {
                    config.hotkeys.insert(key.clone(), value.to_owned());
                });
                if changed.is_err() {
                    self.take_back_hotkey(action, &before);
                }
            }
            Err(reason) => {
                self.hotkeys_refused.insert(key, reason);
                self.take_back_hotkey(action, &before);
            }
        }
        self.report_hotkeys();
        changed.map(|()| Reply::Hotkeys { refused: self.hotkeys_refused.clone() })
    }

    /// The combination that held before goes on to hold.
    fn take_back_hotkey(&self, action: HotkeyAction, before: &str) {
        if self.desktop.hotkey(action, Some(before).filter(|keys| !keys.is_empty())).is_err() {
            tracing::info!(?action, "the former hotkey cannot be had back");
        }
    }
}

//! Settings between the configuration, the engine and the hosts.

use std::collections::BTreeMap;

use ringside_api::view::{HotkeyAction, HotkeyRefused, PopUpRule, ReceiverSettings, SettingsView, Theme, Trigger};
use ringside_domain::{CallerClass, Direction, LineId};
use ringside_engine as engine;

use crate::config::{Config, Rule, Rules};

/// The combinations that hold when the configuration says nothing.
pub const DEFAULT_HOTKEYS: [(HotkeyAction, &str, &str); 4] = [
    (HotkeyAction::Preview, "preview", "Ctrl+Alt+P"),
    (HotkeyAction::Palette, "palette", "Ctrl+Alt+Space"),
    (HotkeyAction::DialSelection, "dial_selection", "Ctrl+Alt+D"),
    (HotkeyAction::HangUp, "hang_up", "Ctrl+Alt+H"),
];

/// The key of an action in `[hotkeys]`.
pub fn hotkey_key(action: HotkeyAction) -> &'static str {
    DEFAULT_HOTKEYS.iter().find(|(known, _, _)| *known == action).map_or("", |(_, key, _)| key)
}

/// What hosts see of the configuration.
pub fn to_view(config: &Config, locked: Vec<String>, refused: &BTreeMap<String, HotkeyRefused>) -> SettingsView {
    let mut pop_up = BTreeMap::new();
    for (direction, rules) in [("inbound", &config.pop_up.inbound), ("outbound", &config.pop_up.outbound)] {
        for class in CallerClass::ALL {
            let rule = rule(rules, class);
            pop_up.insert(
                format!("{direction}.{}", class_key(class)),
                PopUpRule { card: trigger(&rule.card), record: trigger(&rule.record) },
            );
        }
    }
    let hotkeys = DEFAULT_HOTKEYS
        .iter()
        .map(|(_, key, keys)| {
            ((*key).to_owned(), config.hotkeys.get(*key).cloned().unwrap_or_else(|| (*keys).to_owned()))
        })
        .collect();
    SettingsView {
        language: config.ui.language.clone(),
        theme: match config.ui.theme.as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        },
        comfortable: config.ui.comfortable,
        mine: config.me.extensions.clone(),
        region: config.me.region.clone(),
        pop_up,
        quiet: config.pop_up.quiet,
        ring_sound: config.pop_up.sound,
        notify_missed: config.notifications.missed,
        notify_failed_dial: config.notifications.failed_dial,
        record_url: config.pop_up.record_url.clone(),
        confirm_links: config.desktop.confirm_links,
        dial_timeout_s: config.dial.ring_s.clamp(5, 120),
        hotkeys,
        hotkeys_refused: refused.clone(),
        close_to_tray: config.desktop.close_to_tray,
        autostart: config.desktop.autostart,
        show_peers: config.board.show_peers,
        retention_days: config.history.days.min(180),
        favourites: config.board.favourites.clone(),
        receiver: ReceiverSettings {
            on: config.receiver.on,
            listen: config.receiver.listen.clone(),
            public_url: config.receiver.public_url.clone(),
        },
        locked,
    }
}

/// Takes the user's choices over into the configuration.
pub fn from_view(view: &SettingsView, config: &mut Config) {
    config.ui.language.clone_from(&view.language);
    config.ui.theme = match view.theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
    .to_owned();
    config.ui.comfortable = view.comfortable;
    config.me.extensions.clone_from(&view.mine);
    config.me.region.clone_from(&view.region);
    for (direction, rules) in [("inbound", &mut config.pop_up.inbound), ("outbound", &mut config.pop_up.outbound)] {
        for class in CallerClass::ALL {
            if let Some(wanted) = view.pop_up.get(&format!("{direction}.{}", class_key(class))) {
                *rule_mut(rules, class) =
                    Rule { card: trigger_key(wanted.card).to_owned(), record: trigger_key(wanted.record).to_owned() };
            }
        }
    }
    config.pop_up.quiet = view.quiet;
    config.pop_up.sound = view.ring_sound;
    config.pop_up.record_url.clone_from(&view.record_url);
    config.notifications.missed = view.notify_missed;
    config.notifications.failed_dial = view.notify_failed_dial;
    config.desktop.confirm_links = view.confirm_links;
    config.desktop.close_to_tray = view.close_to_tray;
    config.desktop.autostart = view.autostart;
    config.dial.ring_s = view.dial_timeout_s.clamp(5, 120);
    config.board.show_peers = view.show_peers;
    config.board.favourites.clone_from(&view.favourites);
    config.receiver.on = view.receiver.on;
    config.receiver.listen.clone_from(&view.receiver.listen);
    config.receiver.public_url.clone_from(&view.receiver.public_url);
    config.history.days = view.retention_days.min(180);
    config.hotkeys = DEFAULT_HOTKEYS
        .iter()
        .filter_map(|(_, key, default)| {
            let keys = view.hotkeys.get(*key)?;
            (keys != default).then(|| ((*key).to_owned(), keys.clone()))
        })
        .collect();
}

/// What the engine needs of it. Lines that cannot be read are left out.
pub fn to_engine(config: &Config, extra_mine: &[String]) -> engine::Settings {
    let mut policy = engine::Policy::default();
    for (direction, rules) in
        [(Direction::Inbound, &config.pop_up.inbound), (Direction::Outbound, &config.pop_up.outbound)]
    {
        for class in CallerClass::ALL {
            let rule = rule(rules, class);
            policy.set_rule(
                direction,
                class,
                engine::Rule {
                    pop_up: engine_trigger(trigger(&rule.card)),
                    open_record: engine_trigger(trigger(&rule.record)),
                },
            );
        }
    }
    policy.quiet = config.pop_up.quiet;
    engine::Settings {
        mine: config.me.extensions.iter().chain(extra_mine).filter_map(|line| line.parse::<LineId>().ok()).collect(),
        policy,
        ..engine::Settings::default()
    }
}

fn engine_trigger(trigger: Trigger) -> engine::Trigger {
    match trigger {
        Trigger::OnRinging => engine::Trigger::OnRinging,
        Trigger::OnAnswer => engine::Trigger::OnAnswer,
        Trigger::OnHotkey => engine::Trigger::OnHotkey,
        Trigger::Never => engine::Trigger::Never,
    }
}

/// A word nobody knows means the card comes when it rings: one too many is better than a call not seen.
fn trigger(word: &str) -> Trigger {
    match word {
        "on_answer" => Trigger::OnAnswer,
        "on_hotkey" => Trigger::OnHotkey,
        "never" => Trigger::Never,
        _ => Trigger::OnRinging,
    }
}

fn trigger_key(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::OnRinging => "on_ringing",
        Trigger::OnAnswer => "on_answer",
        Trigger::OnHotkey => "on_hotkey",
        Trigger::Never => "never",
    }
}

fn class_key(class: CallerClass) -> &'static str {
    match class {
        CallerClass::Internal => "internal",
        CallerClass::External => "external",
        CallerClass::Vip => "vip",
        CallerClass::Withheld => "withheld",
        CallerClass::Unknown => "unknown",
    }
}

fn rule(rules: &Rules, class: CallerClass) -> &Rule {
    match class {
        CallerClass::Internal => &rules.internal,
        CallerClass::External => &rules.external,
        CallerClass::Vip => &rules.vip,
        CallerClass::Withheld => &rules.withheld,
        CallerClass::Unknown => &rules.unknown,
    }
}

fn rule_mut(rules: &mut Rules, class: CallerClass) -> &mut Rule {
    match class {
        CallerClass::Internal => &mut rules.internal,
        CallerClass::External => &mut rules.external,
        CallerClass::Vip => &mut rules.vip,
        CallerClass::Withheld => &mut rules.withheld,
        CallerClass::Unknown => &mut rules.unknown,
    }
}

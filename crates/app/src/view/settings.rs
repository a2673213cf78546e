//! Settings between the configuration, the engine and the hosts.

use std::collections::BTreeMap;

use ringside_api::view::{HotkeyAction, HotkeyRefused, PopUpRule, ReceiverSettings, SettingsView, Trigger};
use ringside_domain::{CallerClass, Direction, LineId};
use ringside_engine as engine;

use serde_json::Value;

use crate::config::{Config, Language, Rule, Rules};

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

/// What a hotkey does, for a sentence.
pub fn hotkey_name(key: &str) -> &str {
    match DEFAULT_HOTKEYS.iter().find(|(_, known, _)| *known == key).map(|(action, _, _)| action) {
        Some(HotkeyAction::Preview) => "show call card",
        Some(HotkeyAction::Palette) => "dial",
        Some(HotkeyAction::DialSelection) => "dial the selected text",
        Some(HotkeyAction::HangUp) => "hang up",
        None => key,
    }
}

/// What hosts see of the configuration.
pub fn to_view(config: &Config, locked: Vec<String>, refused: &BTreeMap<String, HotkeyRefused>) -> SettingsView {
    let mut pop_up = BTreeMap::new();
    for (direction, rules) in [("inbound", &config.pop_up.inbound), ("outbound", &config.pop_up.outbound)] {
        for class in CallerClass::ALL {
            let rule = rule(rules, class);
            pop_up.insert(
                format!("{direction}.{}", class_key(class)),
                PopUpRule { card: rule.card, record: rule.record },
            );
        }
    }
    let hotkeys = DEFAULT_HOTKEYS.iter().map(|(_, key, _)| ((*key).to_owned(), keys_of(config, key))).collect();
    SettingsView {
        language: config.ui.language.word().to_owned(),
        theme: config.ui.theme,
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
        dial_timeout_s: config.dial.ring_s,
        hotkeys,
        hotkeys_refused: refused.clone(),
        close_to_tray: config.desktop.close_to_tray,
        autostart: config.desktop.autostart.unwrap_or_default(),
        show_peers: config.board.show_peers,
        retention_days: config.history.days,
        favourites: config.board.favourites.clone(),
        receiver: ReceiverSettings {
            on: config.receiver.on,
            listen: config.receiver.listen.clone(),
            public_url: config.receiver.public_url.clone(),
        },
        locked,
    }
}

/// The combination that holds for an action.
pub fn keys_of(config: &Config, key: &str) -> String {
    let usual = DEFAULT_HOTKEYS.iter().find(|(_, known, _)| *known == key).map_or("", |(_, _, keys)| keys);
    config.hotkeys.get(key).map_or(usual, String::as_str).to_owned()
}

/// What holds now, with everything that somebody who was shown `shown` wants to be another way. What else has become
/// another meanwhile stays.
///
/// # Errors
/// When what was merged is no settings; nothing is to be changed then.
pub fn merge(
    shown: &SettingsView,
    wanted: &SettingsView,
    now: &SettingsView,
) -> Result<SettingsView, serde_json::Error> {
    let read = serde_json::to_value::<&SettingsView>;
    serde_json::from_value(merge_values(&read(shown)?, &read(wanted)?, read(now)?))
}

fn merge_values(shown: &Value, wanted: &Value, now: Value) -> Value {
    if shown == wanted {
        return now;
    }
    match (shown, wanted, now) {
        (Value::Object(shown), Value::Object(wanted), Value::Object(mut now)) => {
            for (key, value) in wanted {
                let before = shown.get(key).unwrap_or(&Value::Null);
                let current = now.remove(key).unwrap_or(Value::Null);
                now.insert(key.clone(), merge_values(before, value, current));
            }
            Value::Object(now)
        }
        (Value::Array(shown), Value::Array(wanted), Value::Array(now)) if shown != &now => {
            let stays = now.into_iter().filter(|it| wanted.contains(it) || !shown.contains(it));
            let mut list: Vec<Value> = stays.collect();
            list.extend(
                wanted.iter().filter(|it| !shown.contains(it) && !list.contains(it)).cloned().collect::<Vec<_>>(),
            );
            Value::Array(list)
        }
        _ => wanted.clone(),
    }
}

/// The language of that name.
pub fn language(word: &str) -> Option<Language> {
    Language::ALL.into_iter().find(|language| language.word() == word)
}

/// Takes the user's choices over into the configuration.
pub fn from_view(view: &SettingsView, config: &mut Config) {
    if let Some(language) = language(&view.language) {
        config.ui.language = language;
    }
    config.ui.theme = view.theme;
    config.ui.comfortable = view.comfortable;
    config.me.extensions.clone_from(&view.mine);
    config.me.region.clone_from(&view.region);
    for (direction, rules) in [("inbound", &mut config.pop_up.inbound), ("outbound", &mut config.pop_up.outbound)] {
        for class in CallerClass::ALL {
            if let Some(wanted) = view.pop_up.get(&format!("{direction}.{}", class_key(class))) {
                *rule_mut(rules, class) = Rule { card: wanted.card, record: wanted.record };
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
    config.dial.ring_s = view.dial_timeout_s;
    config.board.show_peers = view.show_peers;
    config.board.favourites.clone_from(&view.favourites);
    config.receiver.on = view.receiver.on;
    config.receiver.listen.clone_from(&view.receiver.listen);
    config.receiver.public_url.clone_from(&view.receiver.public_url);
    config.history.days = view.retention_days;
    for (_, key, _) in DEFAULT_HOTKEYS {
        if let Some(keys) = view.hotkeys.get(key).filter(|keys| **keys != keys_of(config, key)) {
            config.hotkeys.insert(key.to_owned(), keys.clone());
        }
    }
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
                engine::Rule { pop_up: engine_trigger(rule.card), open_record: engine_trigger(rule.record) },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_names_no_hotkey_by_its_key() {
        for (_, key, _) in DEFAULT_HOTKEYS {
            assert!(!hotkey_name(key).contains('_'), "{key}");
        }
    }
}

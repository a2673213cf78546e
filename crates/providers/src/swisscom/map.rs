//! From Swisscom's scenarios to ours. Their JSON is not published, so every plausible form is read and none is required.

use ringside_domain::{Forwarding, Label, Scenario, ScenarioId, ScenarioState};
use ringside_telephony::Health;
use ringside_transport::redact;
use serde_json::{Map, Value};

use crate::account::Oddities;

const LISTS: [&str; 6] = ["scenarios", "Scenarios", "items", "data", "results", "content"];
const IDS: [&str; 5] = ["id", "scenarioId", "scenario_id", "ID", "uuid"];
const NAMES: [&str; 5] = ["name", "scenarioName", "title", "label", "description"];
const FLAGS: [&str; 4] = ["active", "isActive", "activated", "enabled"];
const STATES: [&str; 4] = ["state", "status", "scenarioState", "activationState"];
const FORWARDINGS: [&str; 4] = ["forwardings", "numbers", "entries", "rules"];
const WRAPPERS: [&str; 5] = ["scenario", "Scenario", "data", "item", "result"];

/// All scenarios of an answer; `None` if nothing in it looks like a list of them. One without an id is left out and
/// counted, since it could not be thrown.
pub fn list(answer: &Value, oddities: &Oddities) -> Option<Vec<Scenario>> {
    let entries = entries(answer)?;
    let mut scenarios: Vec<Scenario> = Vec::with_capacity(entries.len());
    for (key, entry) in entries {
        match scenario(entry, key, oddities) {
            Some(scenario) if scenarios.iter().all(|other| other.id != scenario.id) => scenarios.push(scenario),
            Some(_) => oddities.payload("scenarios.id", "an id that occurs twice"),
            None => oddities.payload("scenarios", "a scenario without id"),
        }
    }
    Some(scenarios)
}

/// The scenario of that id in the answer to a question for it.
pub fn find(answer: &Value, id: &ScenarioId, oddities: &Oddities) -> Option<Scenario> {
    let entry = object(answer, id)?;
    let key = if id_of(entry).is_some() { None } else { Some(id.as_str()) };
    scenario(entry, key, oddities).filter(|scenario| scenario.id == *id)
}

/// What GET answered with its state changed, in the service's own words and types; `None` if it has no state that
/// could be changed.
pub fn changed(answer: &Value, id: &ScenarioId, active: bool) -> Option<Value> {
    let entry = object(answer, id)?;
    let mut fields = entry.as_object()?.clone();
    let mut found = false;
    for key in FLAGS {
        if let Some(value) = fields.get_mut(key)
            && let Some(other) = flag_like(value, active)
        {
            *value = other;
            found = true;
        }
    }
    for key in STATES {
        if let Some(Value::String(word)) = fields.get_mut(key) {
            *word = word_like(word, active);
            found = true;
        }
    }
    found.then_some(Value::Object(fields))
}

/// Any success is up, unless it says otherwise in so many words.
pub fn health(body: &[u8]) -> Health {
    let text = String::from_utf8_lossy(&body[..body.len().min(16 * 1024)]);
    let shown = redact::excerpt(&text, 200);
    let Ok(Value::Object(fields)) = serde_json::from_slice::<Value>(body) else { return Health::Up(shown) };
    let is_down = |value: &Value| match value {
        Value::String(word) => sounds_down(word),
        Value::Bool(up) => !up,
        _ => false,
    };
    let told = || ["status", "state", "health", "Status", "State", "Health"].iter().filter_map(|key| fields.get(*key));
    if told().any(is_down) {
        Health::Degraded(shown)
    } else if told().any(says_well) {
        // Nothing to show beyond that it is well.
        Health::Up(String::new())
    } else {
        Health::Up(shown)
    }
}

fn says_well(value: &Value) -> bool {
    match value {
        Value::String(word) => {
            ["up", "ok", "healthy", "pass", "green", "running"].contains(&word.to_lowercase().as_str())
        }
        Value::Bool(up) => *up,
        _ => false,
    }
}

fn sounds_down(word: &str) -> bool {
    const WORDS: [&str; 14] = [
        "down", "error", "fail", "unavail", "unhealth", "degrad", "mainten", "out_of", "out of", "critical", "offline",
        "nok", "warn", "stopped",
    ];
    let word = word.to_lowercase();
    WORDS.iter().any(|down| word.contains(down))
}

/// Entries with the key they stood under, where a map stands for a list.
fn entries(answer: &Value) -> Option<Vec<(Option<&str>, &Value)>> {
    let fields = match answer {
        Value::Array(items) => return Some(items.iter().map(|item| (None, item)).collect()),
        Value::Object(fields) => fields,
        _ => return None,
    };
    if let Some(items) = LISTS.iter().find_map(|key| fields.get(*key).filter(|it| it.is_array() || it.is_object())) {
        let none = items.as_object().is_some_and(Map::is_empty);
        return if none { Some(Vec::new()) } else { entries(items) };
    }
    if id_of(answer).is_some() {
        return Some(vec![(None, answer)]);
    }
    // An object without a field is no list of anything.
    let keyed = !fields.is_empty() && fields.values().all(Value::is_object);
    keyed.then(|| fields.iter().map(|(key, value)| (Some(key.as_str()), value)).collect())
}

fn scenario(entry: &Value, key: Option<&str>, oddities: &Oddities) -> Option<Scenario> {
    let fields = entry.as_object()?;
    let id = id_of(entry).or_else(|| key.map(str::to_owned)).filter(|id| !id.is_empty())?;
    let name = NAMES.iter().find_map(|key| text(fields.get(*key)?)).unwrap_or_default();
    Some(Scenario {
        name: Label::new(&name),
        id: ScenarioId::new(id),
        state: state(fields, oddities),
        forwardings: forwardings(fields),
    })
}

/// The object that is the scenario: the answer, what it wraps, or the one of that id in a list.
fn object<'a>(answer: &'a Value, id: &ScenarioId) -> Option<&'a Value> {
    match answer {
        Value::Array(items) => items.iter().find(|item| id_of(item).as_deref() == Some(id.as_str())),
        Value::Object(fields) => {
            let wrapped = || WRAPPERS.iter().find_map(|key| fields.get(*key).filter(|inner| inner.is_object()));
            let bare = id_of(answer).is_some() || STATES.iter().chain(&FLAGS).any(|key| fields.contains_key(*key));
            if bare { Some(answer) } else { Some(wrapped().unwrap_or(answer)) }
        }
        _ => None,
    }
}

fn id_of(entry: &Value) -> Option<String> {
    IDS.iter().find_map(|key| text(entry.get(*key)?)).filter(|id| !id.is_empty())
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A flag wins over a word, since it leaves nothing to interpret.
fn state(fields: &Map<String, Value>, oddities: &Oddities) -> ScenarioState {
    if let Some(active) = FLAGS.iter().find_map(|key| flag(fields.get(*key)?)) {
        return if active { ScenarioState::Active } else { ScenarioState::Inactive };
    }
    let said = STATES.iter().chain(&FLAGS).find_map(|key| text(fields.get(*key)?));
    let word = said.unwrap_or_default();
    match word.to_lowercase().replace(['-', ' '], "_").as_str() {
        "active" | "activated" | "on" | "enabled" => ScenarioState::Active,
        "inactive" | "deactivated" | "off" | "disabled" => ScenarioState::Inactive,
        "activating" | "deactivating" | "pending" | "in_progress" => ScenarioState::Changing,
        "scheduled" | "planned" => ScenarioState::Scheduled,
        _ => {
            oddities.word("scenarios.state", if word.is_empty() { "(none)" } else { &word });
            ScenarioState::Unknown(Label::new(&word))
        }
    }
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// The other flag in the same type.
fn flag_like(value: &Value, active: bool) -> Option<Value> {
    flag(value)?;
    Some(match value {
        Value::Number(_) => Value::from(u8::from(active)),
        Value::String(text) if text.trim().len() == 1 => Value::from(if active { "1" } else { "0" }),
        Value::String(_) => Value::from(if active { "true" } else { "false" }),
        _ => Value::Bool(active),
    })
}

/// The other word of the pair that the service uses, in its case.
fn word_like(word: &str, active: bool) -> String {
    let pairs = [("activated", "deactivated"), ("on", "off"), ("enabled", "disabled")];
    let lower = word.trim().to_lowercase();
    let (on, off) = pairs.into_iter().find(|(on, off)| lower == *on || lower == *off).unwrap_or(("active", "inactive"));
    let chosen = if active { on } else { off };
    let mut letters = word.trim().chars();
    match (letters.next().is_some_and(char::is_uppercase), letters.any(char::is_lowercase)) {
        (true, true) => chosen[..1].to_uppercase() + &chosen[1..],
        (true, false) => chosen.to_uppercase(),
        (false, _) => chosen.to_owned(),
    }
}

fn forwardings(fields: &Map<String, Value>) -> Vec<Forwarding> {
    let side = |entry: &Value, keys: [&str; 3]| {
        keys.iter().find_map(|key| text(entry.get(*key)?)).filter(|text| !text.is_empty())
    };
    let forwarding = |entry: &Value| {
        let from = side(entry, ["from", "number", "source"])?;
        let to = side(entry, ["to", "target", "destination"]).unwrap_or_default();
        Some(Forwarding { from: Label::new(&from), to: Label::new(&to) })
    };
    let items = FORWARDINGS.iter().find_map(|key| fields.get(*key)?.as_array());
    items.map(|items| items.iter().filter_map(forwarding).collect()).unwrap_or_default()
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;

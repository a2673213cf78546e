//! The packets of Engine.IO 3 and 4 and of the Socket.IO within, as texts: pure, and none of them trusted.

use serde::Deserialize;
use serde_json::value::RawValue;

/// What one text message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packet<'a> {
    /// The server's first word: JSON with the ping times.
    Open(&'a str),
    Close,
    /// To be answered with a pong that repeats the text.
    Ping(&'a str),
    Pong,
    /// The default namespace is open.
    Connected,
    /// The server parts.
    Disconnected,
    /// The server refuses; in its own words.
    Refused(&'a str),
    /// `["name",data,…]`
    Event(&'a str),
    /// An upgrade, an acknowledgement, a no-op: nothing that concerns us.
    Idle,
    Unknown,
}

/// One event's name and first argument; `null` where it has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<'a> {
    pub name: String,
    pub data: &'a str,
}

/// What the server says of its pings, in milliseconds.
#[derive(Debug, Default, Clone, Copy, PartialEq, Deserialize)]
#[serde(default)]
pub struct Opening {
    #[serde(rename = "pingInterval", deserialize_with = "number")]
    pub interval: Option<f64>,
    #[serde(rename = "pingTimeout", deserialize_with = "number")]
    pub timeout: Option<f64>,
}

pub const PING: &str = "2";
/// Asks for the default namespace, and is the answer to it.
pub const CONNECT: &str = "40";
pub const DISCONNECT: &str = "41";

pub fn read(text: &str) -> Packet<'_> {
    let Some((kind, rest)) = split(text) else { return Packet::Unknown };
    match kind {
        '0' => Packet::Open(rest),
        '1' => Packet::Close,
        '2' => Packet::Ping(rest),
        '3' => Packet::Pong,
        '4' => message(rest),
        '5' | '6' => Packet::Idle,
        _ => Packet::Unknown,
    }
}

/// The pong to a ping.
pub fn pong(ping: &str) -> String {
    format!("3{ping}")
}

/// An event of ours; `data` is JSON, or nothing.
pub fn event(name: &str, data: Option<&serde_json::Value>) -> String {
    let name = serde_json::Value::from(name);
    match data {
        Some(data) => format!("42[{name},{data}]"),
        None => format!("42[{name}]"),
    }
}

/// Takes an event's array apart; `None` for what is no array with a name in front.
pub fn take_apart(json: &str) -> Option<Event<'_>> {
    let parts: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    let name = serde_json::from_str(parts.first()?.get()).ok()?;
    Some(Event { name, data: parts.get(1).map_or("null", |data| data.get()) })
}

fn message(text: &str) -> Packet<'_> {
    let Some((kind, rest)) = split(text) else { return Packet::Unknown };
    match kind {
        '0' => Packet::Connected,
        '1' => Packet::Disconnected,
        '2' => Packet::Event(payload(rest)),
        '3' | '6' => Packet::Idle,
        '4' => Packet::Refused(payload(rest)),
        _ => Packet::Unknown,
    }
}

/// Without the namespace and the number of an acknowledgement that may stand in front.
fn payload(text: &str) -> &str {
    let text = match text.strip_prefix('/') {
        Some(named) => named.split_once(',').map_or("", |(_, rest)| rest),
        None => text,
    };
    text.trim_start_matches(|c: char| c.is_ascii_digit())
}

fn split(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    let kind = chars.next()?;
    Some((kind, chars.as_str()))
}

/// A number, also as text.
fn number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()))
}

#[cfg(test)]
#[path = "packet_tests.rs"]
mod tests;

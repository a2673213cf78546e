//! Takes secrets out before anything is kept.

use serde_json::Value;

const BLANK: &str = "***";
const SECRET_HEADERS: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "client_id"];
const SECRET_FIELDS: [&str; 14] = [
    "password",
    "pin",
    "secret",
    "client_secret",
    "access_key",
    "accessKey",
    "push_secret",
    "access_token",
    "refresh_token",
    "access-token",
    "refresh-token",
    "token",
    "code",
    "sid",
];
/// Longer bodies are cut on the tape.
const LONGEST: usize = 16_384;

pub(super) fn header(name: &str, value: &str) -> String {
    if SECRET_HEADERS.contains(&name) { BLANK.into() } else { value.into() }
}

pub(super) fn body(bytes: &[u8]) -> String {
    // The whole is read: half a JSON text would be kept with its secrets.
    if let Ok(mut value) = serde_json::from_slice::<Value>(bytes) {
        blank_json(&mut value);
        return value.to_string().chars().take(LONGEST).collect();
    }
    let kept = bytes.get(..LONGEST).unwrap_or(bytes);
    fields(&String::from_utf8_lossy(kept))
}

/// A form, or a query.
pub(super) fn fields(text: &str) -> String {
    let fields: Vec<String> = text.split('&').map(blank_form_field).collect();
    fields.join("&")
}

fn blank_json(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(blank_json),
        Value::Object(fields) => {
            for (name, field) in fields {
                if is_secret(name) {
                    *field = Value::String(BLANK.into());
                } else {
                    blank_json(field);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn blank_form_field(field: &str) -> String {
    match field.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{name}={BLANK}"),
        _ => field.to_owned(),
    }
}

fn is_secret(name: &str) -> bool {
    SECRET_FIELDS.iter().any(|secret| secret.eq_ignore_ascii_case(name))
}

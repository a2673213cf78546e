//! What faults do to bytes and JSON.

use serde_json::{Map, Value, json};

use super::FaultKind;

/// Applies what a fault does to the values of a JSON text; `None` if it does nothing to values.
pub(crate) fn changed_json(fault: &FaultKind, text: &[u8]) -> Option<Vec<u8>> {
    let change: fn(&mut Map<String, Value>) = match fault {
        FaultKind::UnknownValues => unknown_values,
        FaultKind::UnknownFields => unknown_fields,
        FaultKind::MissingFields => missing_fields,
        FaultKind::WrongTypes => wrong_types,
        FaultKind::BadTimes => bad_times,
        _ => return None,
    };
    let mut value: Value = serde_json::from_slice(text).ok()?;
    each_object(&mut value, change);
    serde_json::to_vec(&value).ok()
}

/// JSON that stops in the middle.
pub(crate) fn broken_json(text: &[u8]) -> Vec<u8> {
    text.get(..text.len() / 2).unwrap_or_default().to_vec()
}

/// What a fault throws in before an event; `None` if it throws nothing in.
pub(crate) fn raw_bytes(fault: &FaultKind) -> Option<Vec<u8>> {
    match fault {
        FaultKind::GarbageLines => Some(
            b"HTTP/1.1 200 OK\n<html>oops</html>\ndatta: {\ndata\ndata:\n\ndata: [1,2,3]\n\ndata: null\n\ndata: \"ring\"\n\ndata: {not json\n\n"
                .to_vec(),
        ),
        FaultKind::HugeLine { bytes } => {
            let mut line = b"data: ".to_vec();
            line.resize(line.len() + bytes, b'x');
            line.extend_from_slice(b"\n\n");
            Some(line)
        }
        FaultKind::EndlessComment { bytes } => {
            let mut line = b":".to_vec();
            line.resize(line.len() + bytes, b'.');
            Some(line)
        }
        FaultKind::InvalidUtf8 => Some(b"data: {\"uuid\":\"\xff\xfe\xc3\x28\",\"state\":\"ring\"}\n\n".to_vec()),
        FaultKind::ControlBytes => Some(b"\xef\xbb\xbf:\0\0\r\rdata: \0\n\n\xef\xbb\xbfdata: {}\r\r\n\n".to_vec()),
        FaultKind::DeepNesting { depth } => {
            let text = format!("data: {}{}\n\n", "[".repeat(*depth), "]".repeat(*depth));
            Some(text.into_bytes())
        }
        FaultKind::Raw { bytes } => Some(bytes.clone()),
        _ => None,
    }
}

fn each_object(value: &mut Value, change: fn(&mut Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_object(item, change)),
        Value::Object(fields) => {
            // A page of a list stands in an object of its own.
            fields.values_mut().filter(|it| it.is_array()).for_each(|list| each_object(list, change));
            change(fields);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn unknown_values(fields: &mut Map<String, Value>) {
    for name in
        ["state", "line", "presence", "direction", "caller_context", "callee_context", "error", "reason", "cause"]
    {
        if let Some(value) = fields.get_mut(name) {
            *value = json!("x-teleported");
        }
    }
}

fn unknown_fields(fields: &mut Map<String, Value>) {
    fields.insert("x_mood".into(), json!({"deep": [1, {"deeper": null}], "text": "\u{202e}<b>new</b>"}));
    fields.insert("".into(), json!(1.5e300));
}

fn missing_fields(fields: &mut Map<String, Value>) {
    let kept = ["uuid", "state", "extension", "line", "extension_number", "id", "access-token", "refresh-token"];
    let kept_too = ["access_token", "expires_in", "token_type", "caller", "callee"];
    fields.retain(|name, _| kept.contains(&name.as_str()) || kept_too.contains(&name.as_str()));
}

fn wrong_types(fields: &mut Map<String, Value>) {
    for (name, value) in fields.iter_mut() {
        let other = match value {
            Value::String(text) => match text.parse::<u64>() {
                Ok(number) => json!(number),
                Err(_) if name == "updated" => json!(1_700_000_000),
                Err(_) if name == "presence" || name == "name" => Value::Null,
                Err(_) => continue,
            },
            Value::Number(number) => json!(number.to_string()),
            Value::Bool(flag) => json!(flag.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => continue,
        };
        *value = other;
    }
}

fn bad_times(fields: &mut Map<String, Value>) {
    if let Some(Value::String(text)) = fields.get_mut("updated") {
        *text = text.replacen('.', ":00.", 1);
    }
}

//! Faults as they are written on the command line.

use serde_json::{Map, Value, json};

use super::{After, Fault, Matcher};
use crate::services::ServiceName;

/// What was written is no fault.
#[derive(Debug, thiserror::Error)]
pub enum NotAFault {
    #[error("`{0}` is no number")]
    Number(String),
    #[error(transparent)]
    Service(#[from] crate::services::UnknownService),
    #[error("no such fault: {0}")]
    Kind(#[from] serde_json::Error),
}

/// Reads one fault, as JSON or as `KIND[=VALUE][@SERVICE[/PATH]][+BYTES][*TIMES]`.
///
/// `reset@nfon/v1/extensions/phone/calls+37*1`, `status=503@swisscom`, `delay=2000`, `half-open@nfon`.
/// The value is the fault's number: a status code, milliseconds, bytes or depth.
///
/// # Errors
/// If the text is neither.
pub fn parse(text: &str) -> Result<Fault, NotAFault> {
    if text.trim_start().starts_with('{') {
        return Ok(serde_json::from_str(text)?);
    }
    let (text, times) = split_number(text, '*')?;
    let (text, bytes) = split_number(text, '+')?;
    let (kind, place) = match text.split_once('@') {
        Some((kind, place)) => (kind, Some(place)),
        None => (text, None),
    };
    let what = serde_json::from_value(Value::Object(kind_object(kind)?))?;
    let times = times.map(|times| u32::try_from(times).unwrap_or(u32::MAX));
    Ok(Fault { on: matcher(place)?, what, times, after: bytes.map_or(After::Now, After::Bytes) })
}

fn split_number(text: &str, sign: char) -> Result<(&str, Option<u64>), NotAFault> {
    match text.rsplit_once(sign) {
        None => Ok((text, None)),
        Some((rest, number)) => Ok((rest, Some(to_number(number)?))),
    }
}

fn kind_object(kind: &str) -> Result<Map<String, Value>, NotAFault> {
    let (name, value) = match kind.split_once('=') {
        Some((name, value)) => (name, Some(to_number(value)?)),
        None => (kind, None),
    };
    let mut object = Map::new();
    object.insert("kind".into(), json!(name));
    if name == "redirect" {
        object.insert("to".into(), json!("elsewhere"));
    }
    if let Some(value) = value {
        for field in ["code", "ms", "bytes", "depth"] {
            object.insert(field.into(), json!(value));
        }
    }
    Ok(object)
}

fn matcher(place: Option<&str>) -> Result<Matcher, NotAFault> {
    let Some(place) = place else { return Ok(Matcher::default()) };
    let at = place.find('/').unwrap_or(place.len());
    let (service, path) = place.split_at(at);
    let service = if service.is_empty() { None } else { Some(service.parse::<ServiceName>()?) };
    Ok(Matcher { service, path: (!path.is_empty()).then(|| path.into()), ..Matcher::default() })
}

fn to_number(text: &str) -> Result<u64, NotAFault> {
    text.parse().map_err(|_| NotAFault::Number(text.into()))
}

#[cfg(test)]
mod tests {
    use super::super::{FaultKind, RedirectTo};
    use super::*;

    #[test]
    fn reads_the_short_form() {
        let fault = parse("reset@nfon/v1/extensions/phone/calls+37*1").unwrap();
        let expected = Fault::new(FaultKind::Reset).on(ServiceName::Nfon).path("/v1/extensions/phone/calls");
        assert_eq!(fault, expected.after_bytes(37).once());
        let fault = parse("status=503@swisscom-token").unwrap();
        let status = FaultKind::Status { code: 503, retry_after: None };
        assert_eq!(fault, Fault::new(status).on(ServiceName::SwisscomToken));
        assert_eq!(parse("delay=2000").unwrap(), Fault::new(FaultKind::Delay { ms: 2000 }));
        let page = Fault::new(FaultKind::HtmlPage { code: 404 }).on(ServiceName::Fonial).path("/api/2.0/devices");
        assert_eq!(parse("html-page=404@fonial/api/2.0/devices").unwrap(), page);
        let redirect = FaultKind::Redirect { code: 307, to: RedirectTo::Elsewhere };
        assert_eq!(parse("redirect=307").unwrap(), Fault::new(redirect));
    }

    #[test]
    fn reads_json() {
        let text = r#"{"on":{"kind":"stream"},"what":{"kind":"half-open"},"after":{"events":3}}"#;
        assert_eq!(parse(text).unwrap(), Fault::new(FaultKind::HalfOpen).streams().after_events(3));
    }

    #[test]
    fn refuses_what_is_no_fault() {
        for text in ["gremlins", "delay=soon", "reset@nowhere", "reset*x", "{", "status"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}

//! Dialling and ending calls. Each is asked for exactly once; what becomes of a call is told in real time, under the
//! id of the answer.

use std::time::Duration;

use async_trait::async_trait;
use ringside_domain::{CallId, Detail, ExtensionId};
use ringside_telephony::{DialOutcome, DialRequest, DialStep, DialTarget, Dialing, HangUp, ProviderError};
use ringside_transport::{Response, TransportError, json, redact};
use serde_json::Value;
use tokio::sync::mpsc;

use super::meaning::{speaks_of_address, speaks_of_use};
use super::{Voicenter, wire, xml};

/// Below 10 s hardly anybody reaches the telephone; the service's own default is 60 s.
const RING: std::ops::RangeInclusive<Duration> = Duration::from_secs(10)..=Duration::from_secs(120);
const EMERGENCY: [&str; 5] = ["112", "110", "100", "101", "102"];
/// What is read of an answer in XML.
const XML_REACH: usize = 64 * 1024;

#[async_trait]
impl Dialing for Voicenter {
    async fn dial(&self, request: DialRequest, steps: mpsc::Sender<DialStep>) -> Result<DialOutcome, ProviderError> {
        let target = target(&request.to)?;
        let ring = request.ring_timeout.clamp(*RING.start(), *RING.end());
        let answer = self.shared.client.click("call", &request.from, Some(&target), Some(ring)).await?;
        let answer = clicked(&answer).ok_or(ProviderError::Unconfirmed)?;
        answer.check(&format!("the extension {}", request.from))?;
        let call = answer.call.map(CallId::from);
        if let Some(call) = &call {
            self.shared.board().placed(&request.from, call);
        }
        // Whoever asked may have gone away.
        let _ = steps.send(DialStep::Accepted { call }).await;
        Ok(DialOutcome::Accepted)
    }
}

#[async_trait]
impl HangUp for Voicenter {
    /// The service ends whatever is active on the extension: another call than the one meant is not touched as far as
    /// real time can tell.
    async fn hang_up(&self, call: &CallId, extension: &ExtensionId) -> Result<(), ProviderError> {
        if self.shared.board().holds(extension, call) == Some(false) {
            return Err(ProviderError::TooLate { detail: "the call is not on this extension any more".into() });
        }
        let answer = self.shared.client.click("terminate", extension, None, None).await?;
        clicked(&answer).ok_or(ProviderError::Unconfirmed)?.check(&format!("the extension {extension}"))
    }
}

/// What to dial, in the service's form: digits without `+`.
fn target(to: &DialTarget) -> Result<String, ProviderError> {
    let target = match to {
        DialTarget::Number(number) => number.digits().to_owned(),
        DialTarget::Extension(extension) => extension.as_str().to_owned(),
        DialTarget::Code(code) => code.clone(),
    };
    if EMERGENCY.contains(&target.as_str()) {
        return Err(ProviderError::NotSent {
            code: "emergency_number_not_from_here",
            detail: format!("{target} can't be dialled from here; dial it on your phone").into(),
        });
    }
    Ok(target)
}

/// What `click2call.aspx` answers.
#[derive(Debug, PartialEq, Eq)]
struct Clicked {
    error: i64,
    words: String,
    call: Option<String>,
}

impl Clicked {
    fn check(&self, extension: &str) -> Result<(), ProviderError> {
        let said = || redact::excerpt(&self.words, 200);
        match self.error {
            0 => Ok(()),
            _ if speaks_of_address(&self.words) => Err(ProviderError::AddressNotAllowed),
            _ if self.words.to_ascii_lowercase().contains("authoriz") => Err(ProviderError::SignInRefused),
            _ if speaks_of_use(&self.words) => Err(ProviderError::InUse { detail: extension.into() }),
            3 => Err(ProviderError::Refused {
                detail: Detail::told(format!("{extension} is offline: its phone is not connected"), said()),
            }),
            4 => Err(ProviderError::Forbidden { detail: Detail::told("the call is blocked at Voicenter", said()) }),
            number => {
                Err(ProviderError::Refused { detail: Detail::raw(format!("it answered error {number}: {}", said())) })
            }
        }
    }
}

/// `None` for an answer that says neither yes nor no: the call may or may not have been placed.
fn clicked(answer: &Response) -> Option<Clicked> {
    let fields: Vec<(String, String)> = match json::decode::<Value>(&answer.body, answer.content_type()) {
        Ok(Value::Object(fields)) => {
            let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            fields.into_iter().map(|(name, value)| (name.to_ascii_uppercase(), text(value))).collect()
        }
        Ok(_) => return None,
        Err(TransportError::Html { .. } | TransportError::NotJson { .. }) => {
            let reach = answer.body.len().min(XML_REACH);
            let text = String::from_utf8_lossy(&answer.body[..reach]);
            xml::members(&text).map(|(name, value)| (name.to_ascii_uppercase(), value)).collect()
        }
        Err(_) => return None,
    };
    let field = |name: &str| fields.iter().find(|(it, _)| it == name).map(|(_, value)| value.trim());
    Some(Clicked {
        error: wire::whole(field("ERRORCODE")?)?,
        words: field("ERRORMESSAGE").unwrap_or_default().to_owned(),
        call: field("CALLID").filter(|it| !it.is_empty() && *it != "null").map(str::to_owned),
    })
}

#[cfg(test)]
#[path = "dial_tests.rs"]
mod tests;

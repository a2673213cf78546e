//! Dialling: the device rings first, and the number is called once it is picked up. The service names no call and
//! tells nothing more; what became of it stands in the record of past calls.

use std::sync::Arc;

use async_trait::async_trait;
use ringside_domain::Detail;
use ringside_telephony::{DialOutcome, DialRequest, DialStep, DialTarget, Dialing, ProviderError};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use super::Fonial;
use super::envelope::Verdict;
use super::shared::Shared;
use super::trouble::{Trouble, refusal_of_a_dial};
use super::wire::Call;

#[async_trait]
impl Dialing for Fonial {
    async fn dial(&self, request: DialRequest, steps: mpsc::Sender<DialStep>) -> Result<DialOutcome, ProviderError> {
        let call = call(&request)?;
        let (tell, told) = oneshot::channel();
        let shared = Arc::clone(&self.shared);
        // A task of its own: whoever asked may go away, and what was asked for is still told apart from what was not.
        tokio::spawn(async move {
            let _ = tell.send(place(&shared, &request, &call, &steps).await);
        });
        told.await.unwrap_or(Err(ProviderError::Unconfirmed))
    }

    fn dials_extensions(&self) -> bool {
        false
    }
}

/// The request as the service wants it.
///
/// # Errors
/// [`ProviderError::NotSent`] for what is no public number: the service documents no other target.
fn call(request: &DialRequest) -> Result<Call, ProviderError> {
    let short = match &request.to {
        DialTarget::Number(number) => {
            return Ok(Call { device: device(request.from.as_str()), target: number.e164().to_owned() });
        }
        DialTarget::Extension(extension) => extension.as_str(),
        DialTarget::Code(code) => code,
    };
    Err(ProviderError::NotSent {
        code: "number_not_public",
        detail: format!("fonial only calls public numbers; dial {short} on your phone").into(),
    })
}

/// Ids are numbers on the wire.
fn device(id: &str) -> Value {
    let number = id.parse::<u64>().ok().filter(|number| number.to_string() == id);
    number.map_or_else(|| Value::from(id), Value::from)
}

async fn place(
    shared: &Shared,
    request: &DialRequest,
    call: &Call,
    steps: &mpsc::Sender<DialStep>,
) -> Result<DialOutcome, ProviderError> {
    match shared.client.initiate(call).await {
        // A list beside no word says nothing of the call.
        Ok(answer) if answer.envelope().verdict() != Verdict::Ok => Err(ProviderError::Unconfirmed),
        Ok(_) => {
            let _ = steps.send(DialStep::Accepted { call: None }).await;
            Ok(DialOutcome::Accepted)
        }
        Err(Trouble::Said(said)) => {
            let vanished = has_vanished(shared, request).await;
            let gone = ProviderError::NotFound { what: format!("the device {}", request.from) };
            Err(if vanished { gone } else { ProviderError::Refused { detail: Detail::raw(said) } })
        }
        Err(trouble) => {
            shared.doubt.notify_one();
            Err(refusal_of_a_dial(&trouble))
        }
    }
}

/// How the service words a wrong device is not known, but its list tells.
async fn has_vanished(shared: &Shared, request: &DialRequest) -> bool {
    let devices = shared.devices().await.unwrap_or_default();
    !devices.is_empty() && devices.iter().all(|device| device.id != request.from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_numbers_where_they_can_be() {
        for (id, expected) in [("674", Value::from(674)), ("0674", "0674".into()), ("a7", "a7".into()), ("", "".into())]
        {
            assert_eq!(device(id), expected);
        }
    }
}

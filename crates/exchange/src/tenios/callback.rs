//! Calls that a client asks for: party A by the portal's configuration, then party B.

use std::time::Duration;

use hyper::StatusCode;
use serde_json::json;
use uuid::Uuid;

use super::Tenios;
use super::fields::{Fields, Refusal};
use crate::lock::hold;
use crate::office::{Context, DialSpec, Step};
use crate::wire::Answer;

/// How long party A may ring.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a callback stands, in the vendor's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Requested,
    Accepted,
    CallingA,
    AFailed,
    CallingB,
    BFailed,
    Connected,
    Disconnected,
}

/// One callback.
pub(super) struct Callback {
    call: Option<Uuid>,
    /// Answered instead of the truth.
    pub(super) forced: Option<String>,
    refused: bool,
}

impl Stage {
    pub(super) fn after(self, step: Step) -> Self {
        match (step, self) {
            (Step::Start | Step::CallerWait, _) => Self::Accepted,
            (Step::CallerDial | Step::CallerRing, _) => Self::CallingA,
            (Step::CallerAnswer | Step::Dial | Step::Ring, _) => Self::CallingB,
            (Step::Answer, _) => Self::Connected,
            (Step::Hangup | Step::End, Self::Connected | Self::Disconnected) => Self::Disconnected,
            (Step::Hangup | Step::End, Self::CallingB | Self::BFailed) => Self::BFailed,
            (Step::Hangup | Step::End, Self::Requested | Self::Accepted | Self::CallingA | Self::AFailed) => {
                Self::AFailed
            }
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Requested => "REQUESTED",
            Self::Accepted => "ACCEPTED",
            Self::CallingA => "CALLING_A",
            Self::AFailed => "CALL_A_FAILED",
            Self::CallingB => "CALLING_B",
            Self::BFailed => "CALL_B_FAILED",
            Self::Connected => "CONNECTED",
            Self::Disconnected => "DISCONNECTED",
        }
    }
}

impl Tenios {
    pub(super) fn start_callback(&self, fields: &Fields) -> Result<Answer, Refusal> {
        let config = fields.id("callback_config_id")?;
        let configs = &self.options.callback_configs;
        let (_, extension) =
            configs.iter().find(|(id, _)| *id == config).ok_or_else(|| Refusal::invalid("callback_config_id"))?;
        let number = fields.e164("callback_number")?;
        let delay = Duration::from_secs(fields.number("delay")?);
        let spec = DialSpec {
            caller: extension.clone(),
            callee: number.trim_start_matches('+').to_owned(),
            callee_context: Context::Global,
            timeout: PATIENCE,
        };
        let id = {
            let mut changing = hold(&self.changing);
            changing.next_id += 1;
            let id = changing.next_id;
            changing.callbacks.insert(id, Callback { call: None, forced: None, refused: false });
            id
        };
        if delay.is_zero() {
            self.dial(id, spec);
        } else {
            let this = self.this.clone();
            self.office.spawn(async move {
                tokio::time::sleep(delay).await;
                if let Some(this) = this.upgrade() {
                    this.dial(id, spec);
                }
            });
        }
        Ok(Answer::json(StatusCode::OK, &json!({"id": id})))
    }

    pub(super) fn callback_status(&self, fields: &Fields) -> Result<Answer, Refusal> {
        let id = fields.number("id")?;
        let changing = hold(&self.changing);
        let callback = changing.callbacks.get(&id).ok_or_else(|| Refusal::invalid("id"))?;
        let stage = match callback.call {
            _ if callback.refused => Stage::AFailed,
            None => Stage::Requested,
            Some(call) => hold(&self.book).stage(call).unwrap_or(Stage::Accepted),
        };
        let word = callback.forced.as_deref().unwrap_or(stage.word());
        Ok(Answer::json(StatusCode::OK, &json!({"status": word})))
    }

    fn dial(&self, id: u64, spec: DialSpec) {
        let placed = self.office.dial(spec);
        if let Some(callback) = hold(&self.changing).callbacks.get_mut(&id) {
            match placed {
                // The steps come to the observer; the client asks for them.
                Ok((call, _)) => callback.call = Some(call),
                Err(_) => callback.refused = true,
            }
        }
    }
}

//! What the service sends unasked: posts about calls, and word of a completed order.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha1::Sha1;
use sha2::Sha256;

use super::Tenios;
use super::book::{Moment, Told};
use super::options::{ForwardTarget, PushForm, PushSecret};
use super::users::user_name;
use crate::lock::hold;
use crate::post::{Outgoing, form_of};

impl Tenios {
    /// Posts one moment of a call, if posts are set up.
    pub(super) fn tell(&self, told: &Told) {
        let Some(url) = hold(&self.posts_to).clone() else { return };
        let mut variables = json!({
            "destination_number": told.dialled,
            "caller_id_number": told.caller.as_deref().unwrap_or("anonymous"),
            "call_uuid": told.call.to_string(),
            "correlation_id": told.call.to_string(),
        });
        let mut names = |extension: &String| match self.options.forward_target {
            ForwardTarget::Destination => variables["destination_number"] = json!(user_name(extension)),
            ForwardTarget::Extra => variables["forward_destination"] = json!(user_name(extension)),
            ForwardTarget::Unsaid => {}
        };
        let kind = match &told.moment {
            Moment::Started => "CALL_START",
            Moment::Forwarded { extension } => {
                names(extension);
                "INITIATE_FORWARD"
            }
            Moment::Answered { extension } => {
                names(extension);
                "FORWARD_ANSWER"
            }
            Moment::Ended => "CALL_END",
        };
        let body = json!({
            "requestType": kind,
            "customerNumber": self.options.customer_number,
            "accessKey": self.options.post_key,
            "variables": variables,
        });
        self.poster.send(Outgoing::json(url, &body));
    }

    /// The form of this push is not known; options say which of the plausible ones it has.
    pub(super) fn tell_completed(&self, url: &str, secret: &str, order: u64, number: &str) {
        let mut fields = Map::new();
        fields.insert("order_id".into(), json!(order));
        fields.insert("number".into(), json!(number));
        fields.insert("status".into(), json!("COMPLETED"));
        let form = self.options.push_secret;
        match form {
            PushSecret::Body => drop(fields.insert("push_secret".into(), json!(secret))),
            PushSecret::AccessKey => drop(fields.insert("accessKey".into(), json!(secret))),
            _ => {}
        }
        let mut outgoing = match self.options.push_form {
            PushForm::Json => Outgoing::json(url.to_owned(), &Value::Object(fields)),
            PushForm::Form => Outgoing::form(url.to_owned(), form_of(&fields)),
        };
        match form {
            PushSecret::Header => outgoing.header("X-Push-Secret", secret),
            PushSecret::Authorization => outgoing.header("Authorization", secret),
            PushSecret::HmacHex => outgoing.header("X-Tenios-Signature", &hex(&sha256(secret, &outgoing.body))),
            PushSecret::HmacBase64 => {
                outgoing.header("X-Tenios-Signature", &STANDARD.encode(sha256(secret, &outgoing.body)));
            }
            PushSecret::HmacSha1 => outgoing.header("X-Tenios-Signature", &hex(&sha1(secret, &outgoing.body))),
            PushSecret::Body | PushSecret::AccessKey | PushSecret::Absent => {}
        }
        self.poster.send(outgoing);
    }
}

// HMAC takes a key of any length, so that neither can fail.
fn sha256(secret: &str, body: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return Vec::new() };
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

fn sha1(secret: &str, body: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret.as_bytes()) else { return Vec::new() };
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

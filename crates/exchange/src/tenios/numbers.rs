//! Numbers: an address is handed in and approved by people, then a number is ordered, then it comes.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;
use jiff::{Span, Timestamp};
use rand::RngExt;
use serde_json::json;

use super::Tenios;
use super::fields::{Fields, Refusal};
use crate::lock::hold;
use crate::wire::Answer;

const DOCUMENTS: [&str; 6] = [
    "ALLOCATION_NOTICE",
    "IDENTITY_CARD",
    "BUSINESS_LICENSE",
    "IDENTITY_CARD_AND_BUSINESS_LICENSE",
    "CERTIFICATE_OF_REGISTRATION",
    "CONTRACT",
];
const LONGEST_SECRET: usize = 64;

pub(super) struct Verification {
    area_code: String,
    approved_at: Timestamp,
}

/// An order of a number, for tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberOrder {
    pub id: u64,
    pub link_to: Option<String>,
    /// E.164 with `+`, once it has come.
    pub number: Option<String>,
}

impl Tenios {
    pub(super) fn verify(&self, fields: &Fields) -> Result<Answer, Refusal> {
        for name in ["country", "city", "zip", "street", "house_number"] {
            fields.text(name)?;
        }
        if !DOCUMENTS.contains(&fields.text("document_type")?) {
            return Err(Refusal::invalid("document_type"));
        }
        let document = STANDARD.decode(fields.text("document_data")?).unwrap_or_default();
        if !document.starts_with(b"%PDF-") {
            return Err(Refusal::invalid("document_data"));
        }
        let area_code = fields.text("area_code")?;
        if area_code.starts_with('0') || !area_code.bytes().all(|it| it.is_ascii_digit()) {
            return Err(Refusal::invalid("area_code"));
        }
        let now = self.clock.now();
        let mut changing = hold(&self.changing);
        let id = uuid::Builder::from_random_bytes(changing.rng.random()).into_uuid().to_string();
        let approved_at = now.checked_add(changing.approval).unwrap_or(now);
        let verification = Verification { area_code: area_code.to_owned(), approved_at };
        changing.verifications.insert(id.clone(), verification);
        Ok(Answer::json(StatusCode::OK, &json!({"verification_id": id})))
    }

    /// What an order that comes before the approval is answered is not known; it is an error.
    pub(super) fn order(&self, fields: &Fields) -> Result<Answer, Refusal> {
        let verification = fields.text("verification_id")?.to_owned();
        if fields.text("number_type")? != "GEOGRAPHICAL" {
            return Err(Refusal::invalid("number_type"));
        }
        let link_to = fields.perhaps("link_to_number")?.map(str::to_owned);
        if link_to.is_some() {
            fields.e164("link_to_number")?;
        }
        let push = self.push_of(fields)?;
        let now = self.clock.now();
        let mut changing = hold(&self.changing);
        let approved = changing.verifications.get(&verification).filter(|it| it.approved_at <= now);
        let area_code = approved.ok_or_else(|| Refusal::invalid("verification_id"))?.area_code.clone();
        changing.next_id += 1;
        let id = changing.next_id;
        changing.orders.push(NumberOrder { id, link_to, number: None });
        let wait = changing.completion;
        drop(changing);
        self.complete_later(id, area_code, push, wait);
        Ok(Answer::json(StatusCode::OK, &json!({"order_id": id})))
    }

    pub(super) fn cancel(&self, fields: &Fields) -> Result<Answer, Refusal> {
        let number = fields.e164("phone_number")?;
        let mut changing = hold(&self.changing);
        let at = changing.numbers.iter().position(|it| it == number);
        let at = at.ok_or_else(|| Refusal::invalid("phone_number"))?;
        changing.numbers.remove(at);
        let today = self.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let end = today.saturating_add(Span::new().days(14));
        Ok(Answer::json(StatusCode::OK, &json!({"cancellation_date": end.to_string()})))
    }

    fn push_of(&self, fields: &Fields) -> Result<Option<(String, String)>, Refusal> {
        let Some(url) = fields.perhaps("push_url")? else { return Ok(None) };
        let secret = fields.text("push_secret")?;
        if secret.len() > LONGEST_SECRET {
            return Err(Refusal::invalid("push_secret"));
        }
        Ok(Some((url.to_owned(), secret.to_owned())))
    }

    fn complete_later(&self, id: u64, area_code: String, push: Option<(String, String)>, wait: Duration) {
        let this = self.this.clone();
        self.office.spawn(async move {
            tokio::time::sleep(wait).await;
            let Some(this) = this.upgrade() else { return };
            let number = {
                let mut changing = hold(&this.changing);
                let number = format!("+49{area_code}4710{:03}", changing.numbers.len() % 1000);
                changing.numbers.push(number.clone());
                if let Some(order) = changing.orders.iter_mut().find(|order| order.id == id) {
                    order.number = Some(number.clone());
                }
                number
            };
            if let Some((url, secret)) = push {
                this.tell_completed(&url, &secret, id, &number);
            }
        });
    }
}

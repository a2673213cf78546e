//! The voice API's JSON, read tolerantly and written strictly. Nothing in it is required but what we cannot do without.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::account::Word;

/// A request with the key that every body carries.
#[derive(Serialize)]
pub struct Keyed<'a, B> {
    pub access_key: &'a str,
    #[serde(flatten)]
    pub body: &'a B,
}

/// What a refusal says of itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Refusal<'a> {
    #[serde(borrow)]
    pub error_code: Word<'a>,
    #[serde(borrow)]
    pub error_message: Word<'a>,
    /// Names of the fields that were wrong.
    pub fields: Value,
}

/// One page of a list, its items each still to be read: one that is broken does not spoil the others.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Page {
    pub items: Option<Vec<Box<RawValue>>>,
    #[serde(deserialize_with = "text")]
    pub total_items: Option<String>,
    /// Smaller than what was asked for, if the service will not give as many.
    #[serde(deserialize_with = "text")]
    pub page_size: Option<String>,
}

/// What `POST /cloud-pbx/list` is sent.
#[derive(Serialize)]
pub struct Users {
    pub page: u64,
    pub page_size: u64,
}

/// An item of `POST /cloud-pbx/list`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct User<'a> {
    #[serde(borrow)]
    pub user_name: Word<'a>,
    #[serde(borrow)]
    pub first_name: Word<'a>,
    #[serde(borrow)]
    pub last_name: Word<'a>,
    #[serde(borrow)]
    pub email: Word<'a>,
    #[serde(borrow)]
    pub internal_extension: Word<'a>,
}

/// What `POST /cdrs/retrieve` is sent. Dates as `2016-04-11T09:00:00.000Z`.
#[derive(Serialize)]
pub struct Records {
    pub start_date_from: String,
    pub start_date_to: String,
    pub page: u64,
    pub page_size: u64,
}

/// An item of `POST /cdrs/retrieve`: one leg.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Record<'a> {
    #[serde(borrow)]
    pub uuid: Word<'a>,
    #[serde(borrow)]
    pub call_type: Word<'a>,
    #[serde(borrow)]
    pub callerid_number: Word<'a>,
    #[serde(borrow)]
    pub destination_number: Word<'a>,
    #[serde(borrow)]
    pub start_stamp: Word<'a>,
    #[serde(borrow)]
    pub answer_stamp: Word<'a>,
    #[serde(borrow)]
    pub end_stamp: Word<'a>,
    /// Seconds, with ringing.
    #[serde(borrow)]
    pub duration: Word<'a>,
    /// Microseconds of talk, in spite of its name.
    #[serde(borrow)]
    pub billusec: Word<'a>,
    #[serde(borrow)]
    pub hangup_cause: Word<'a>,
    #[serde(borrow)]
    pub main_leg_uuid: Word<'a>,
}

/// What `POST /callback/init` is sent.
#[derive(Serialize)]
pub struct Callback<'a> {
    pub callback_config_id: &'a str,
    /// Party B, E.164 with `+`.
    pub callback_number: &'a str,
    /// Seconds; has to be there.
    pub delay: u32,
}

/// What `POST /callback/init` answers, and what `POST /callback/status` is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Started {
    #[serde(deserialize_with = "text")]
    pub id: Option<String>,
}

#[derive(Serialize)]
pub struct StatusOf<'a> {
    pub id: &'a str,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Status {
    #[serde(deserialize_with = "text")]
    pub status: Option<String>,
}

/// What both agent methods are sent.
#[derive(Serialize)]
pub struct Agent<'a> {
    pub email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'a str>,
    /// The newer pages' name for the reason of a break.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_ready_reason: Option<&'a str>,
    /// The older pages' name for the same: which of the two is read is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nrr: Option<&'a str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AgentAnswer {
    #[serde(deserialize_with = "text")]
    pub state: Option<String>,
    #[serde(deserialize_with = "text")]
    pub success: Option<String>,
}

/// What `POST /verification/create` is sent.
#[derive(Serialize)]
pub struct Verification<'a> {
    pub country: &'a str,
    pub city: &'a str,
    pub zip: &'a str,
    pub street: &'a str,
    pub house_number: &'a str,
    pub document_type: &'a str,
    /// Base64 of a PDF, without line breaks.
    pub document_data: String,
    /// Without its leading 0.
    pub area_code: &'a str,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Verified {
    #[serde(deserialize_with = "text")]
    pub verification_id: Option<String>,
}

/// What `POST /number/order` is sent.
#[derive(Serialize)]
pub struct Order<'a> {
    pub verification_id: &'a str,
    /// `GEOGRAPHICAL` is the only one.
    pub number_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_to_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push_url: Option<&'a str>,
    /// Up to 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push_secret: Option<&'a str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ordered {
    #[serde(deserialize_with = "text")]
    pub order_id: Option<String>,
}

/// What `POST /number/cancel` is sent.
#[derive(Serialize)]
pub struct Cancel<'a> {
    pub phone_number: &'a str,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Cancelled {
    #[serde(deserialize_with = "text")]
    pub cancellation_date: Option<String>,
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Word::deserialize(deserializer)?.get().map(str::to_owned))
}

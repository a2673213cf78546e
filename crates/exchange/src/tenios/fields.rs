//! A request's body, read strictly, and the errors it earns.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use crate::wire::Answer;

/// Why a request is refused.
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
    fields: Vec<&'static str>,
}

impl Refusal {
    pub(super) fn invalid(field: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_VALUE", "Invalid parameter type or format", vec![field])
    }

    pub(super) fn required(field: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "FIELD_IS_REQUIRED", "Field is required", vec![field])
    }

    pub(super) fn credentials(status: StatusCode) -> Self {
        Self::new(status, "BAD_CREDENTIALS", "Bad credentials", Vec::new())
    }

    pub(super) fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::credentials(status),
            StatusCode::BAD_REQUEST => {
                Self::new(status, "INVALID_VALUE", "Invalid parameter type or format", Vec::new())
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => Self::new(status, "NOT_FOUND", "Unknown method", Vec::new()),
            StatusCode::TOO_MANY_REQUESTS => Self::new(status, "TOO_MANY_REQUESTS", "Too many requests", Vec::new()),
            _ => Self::new(status, "INTERNAL_ERROR", "Internal error", Vec::new()),
        }
    }

    fn new(status: StatusCode, code: &'static str, message: &'static str, fields: Vec<&'static str>) -> Self {
        Self { status, code, message, fields }
    }

    pub(super) fn answer(self) -> Answer {
        let body = json!({"error_code": self.code, "error_message": self.message, "fields": self.fields});
        Answer::json(self.status, &body)
    }
}

/// An error the way this service words it.
pub(crate) fn error_form(status: StatusCode) -> Answer {
    Refusal::of(status).answer()
}

/// The fields of a body.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) | Err(_) => Err(Refusal::of(StatusCode::BAD_REQUEST)),
        }
    }

    /// A text that has to be there and may not be empty.
    pub(super) fn text(&self, name: &'static str) -> Result<&str, Refusal> {
        self.perhaps(name)?.filter(|text| !text.is_empty()).ok_or_else(|| Refusal::required(name))
    }

    pub(super) fn perhaps(&self, name: &'static str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Refusal::invalid(name)),
        }
    }

    /// A whole number, which may come as text.
    pub(super) fn number(&self, name: &'static str) -> Result<u64, Refusal> {
        let value = self.0.get(name).filter(|value| !value.is_null()).ok_or_else(|| Refusal::required(name))?;
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
        number.ok_or_else(|| Refusal::invalid(name))
    }

    /// An id, which is text or a number.
    pub(super) fn id(&self, name: &'static str) -> Result<String, Refusal> {
        match self.0.get(name) {
            Some(Value::Number(number)) => Ok(number.to_string()),
            _ => self.text(name).map(str::to_owned),
        }
    }

    /// A number in E.164 with its `+`.
    pub(super) fn e164(&self, name: &'static str) -> Result<&str, Refusal> {
        let number = self.text(name)?;
        let digits = number.strip_prefix('+').unwrap_or_default();
        let valid = (4..=15).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
        valid.then_some(number).ok_or_else(|| Refusal::invalid(name))
    }
}

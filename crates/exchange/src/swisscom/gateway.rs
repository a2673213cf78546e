//! The API gateway: headers, paths and the form of its errors.

use std::sync::Arc;

use hyper::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{ActionBody, BASE, ScenarioShape, ScenarioState, Shared};
use crate::faults::FaultKind;
use crate::wire::{Answer, Request, Service};

pub(crate) struct Gateway {
    shared: Arc<Shared>,
}

/// An error the way the gateway words it; `status` is text.
pub(crate) fn error_form(status: StatusCode) -> Answer {
    let code = match status {
        StatusCode::BAD_REQUEST => "INVALID_REQUEST",
        StatusCode::UNAUTHORIZED => "INVALID_AUTHENTICATION_CREDENTIALS",
        StatusCode::FORBIDDEN => "FORBIDDEN_RESOURCE",
        StatusCode::NOT_FOUND => "INVALID_REQUEST_RESOURCE",
        StatusCode::METHOD_NOT_ALLOWED => "INVALID_REQUEST_METHOD",
        StatusCode::NOT_ACCEPTABLE => "INVALID_HEADER_ACCEPT",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "UNSUPPORTED_MEDIA_TYPE",
        StatusCode::TOO_MANY_REQUESTS => "EXPIRED_QUOTA",
        StatusCode::SERVICE_UNAVAILABLE => "UNAVAILABLE_SERVICE",
        _ => "INTERNAL_SERVER_ERROR",
    };
    error(status, code, status.canonical_reason().unwrap_or("Error"))
}

fn error(status: StatusCode, code: &str, message: &str) -> Answer {
    let body = json!({
        "uuid": "0b9c0a52-6f6e-4a39-9d3c-7f1b2d0e5a11",
        "status": status.as_str(),
        "code": code,
        "message": message,
    });
    Answer::json(status, &body)
}

impl Gateway {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

impl Service for Gateway {
    fn answer(&self, request: &Request) -> Answer {
        let answer = self.route(request);
        match request.header("scs-request-id") {
            Some(id) => answer.with("scs-request-id", id),
            None => answer,
        }
    }
}

impl Gateway {
    fn route(&self, request: &Request) -> Answer {
        let Some(path) = request.path.strip_prefix(BASE) else { return error_form(StatusCode::NOT_FOUND) };
        if let Some(refusal) = self.refusal(request) {
            return refusal;
        }
        match (path, &request.method) {
            ("/HealthCheck/", &Method::GET) => self.health(),
            ("/Scenarios/", &Method::GET) => Answer::json(StatusCode::OK, &self.shared.scenarios.all(self.shape())),
            ("/HealthCheck/" | "/Scenarios/", _) => error_form(StatusCode::METHOD_NOT_ALLOWED),
            (path, method) => match path.strip_prefix("/Scenarios/") {
                Some(id) if !id.contains('/') => self.scenario(&decoded(id), method, request),
                _ => error_form(StatusCode::NOT_FOUND),
            },
        }
    }

    /// What the gateway refuses before it looks at the path.
    fn refusal(&self, request: &Request) -> Option<Answer> {
        if !request.bearer().is_some_and(|token| self.shared.tokens.allow(token)) {
            return Some(error_form(StatusCode::UNAUTHORIZED));
        }
        if !request.accepts("application/json") {
            return Some(error_form(StatusCode::NOT_ACCEPTABLE));
        }
        let version = self.shared.options.version.as_deref()?;
        (request.header("scs-version") != Some(version))
            .then(|| error(StatusCode::BAD_REQUEST, "INVALID_PARAMETER", "Header SCS-Version missing or not supported"))
    }

    fn health(&self) -> Answer {
        if self.shared.scenarios.healthy() {
            Answer::json(StatusCode::OK, &json!({"status": "UP"}))
        } else {
            Answer::json(StatusCode::OK, &json!({"status": "DOWN", "reason": "maintenance"}))
        }
    }

    fn scenario(&self, id: &str, method: &Method, request: &Request) -> Answer {
        let Some(current) = self.shared.scenarios.one(id, self.shape()) else {
            return error_form(StatusCode::NOT_FOUND);
        };
        match *method {
            Method::GET => Answer::json(StatusCode::OK, &current),
            Method::PUT => self.switch(id, &current, request),
            _ => error_form(StatusCode::METHOD_NOT_ALLOWED),
        }
    }

    fn switch(&self, id: &str, current: &Value, request: &Request) -> Answer {
        if !request.content_type_is("application/json") {
            return error_form(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
            return error_form(StatusCode::BAD_REQUEST);
        };
        let Some(activate) = self.wanted(&body, current) else {
            return error(StatusCode::BAD_REQUEST, "INVALID_PARAMETER", "The action is missing or not supported");
        };
        let already = if activate { ScenarioState::Active } else { ScenarioState::Inactive };
        let unchanged = request.twists.contains(&FaultKind::Unchanged);
        if !unchanged && self.shared.scenarios.state(id) != Some(already) {
            let somebody_else = request.twists.contains(&FaultKind::ChangedBySomeoneElse);
            self.shared.order(id, activate, somebody_else);
        }
        match self.shared.scenarios.one(id, self.shape()) {
            Some(now) => Answer::json(StatusCode::OK, &now),
            None => error_form(StatusCode::NOT_FOUND),
        }
    }

    /// What a body asks for, if it has exactly the form that is taken.
    fn wanted(&self, body: &Value, current: &Value) -> Option<bool> {
        let by_state = |text: &str| match text.to_ascii_uppercase().as_str() {
            "ACTIVE" => Some(true),
            "INACTIVE" => Some(false),
            _ => None,
        };
        let fields = body.as_object()?;
        let alone = |name: &str| if fields.len() == 1 { fields.get(name) } else { None };
        match self.shared.options.action {
            ActionBody::Action => match alone("action")?.as_str()? {
                "activate" => Some(true),
                "deactivate" => Some(false),
                _ => None,
            },
            ActionBody::Active => alone("active")?.as_bool(),
            ActionBody::State => by_state(alone("state")?.as_str()?),
            ActionBody::WholeObject => {
                let name = match self.shape() {
                    ScenarioShape::Array => "state",
                    ScenarioShape::Wrapped => "status",
                    ScenarioShape::Boolean => "active",
                };
                let mut as_it_was = body.clone();
                *as_it_was.get_mut(name)? = current.get(name)?.clone();
                let wanted = fields.get(name)?;
                let wanted = wanted.as_bool().or_else(|| by_state(wanted.as_str()?));
                wanted.filter(|_| as_it_was == *current)
            }
        }
    }

    fn shape(&self) -> ScenarioShape {
        self.shared.options.shape
    }
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

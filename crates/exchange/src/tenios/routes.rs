//! Which method a request is for, and who may use it.

use hyper::{Method, StatusCode};

use super::Tenios;
use super::fields::{Fields, Refusal};
use super::options::BadKey;
use crate::lock::hold;
use crate::wire::{Answer, Request, Service};

impl Service for Tenios {
    fn answer(&self, request: &Request) -> Answer {
        self.route(request).unwrap_or_else(Refusal::answer)
    }
}

impl Tenios {
    fn route(&self, request: &Request) -> Result<Answer, Refusal> {
        if request.method == Method::PUT && request.path == "/_portal/posts" {
            *hold(&self.posts_to) = request.text();
            return Ok(Answer::empty(StatusCode::NO_CONTENT));
        }
        if request.method != Method::POST {
            return Err(Refusal::of(StatusCode::NOT_FOUND));
        }
        self.spend()?;
        if !request.content_type_is("application/json") {
            return Err(Refusal::of(StatusCode::BAD_REQUEST));
        }
        let fields = Fields::read(&request.body)?;
        if fields.text("access_key").ok() != Some(hold(&self.changing).access_key.as_str()) {
            return Err(Refusal::credentials(match self.options.bad_key {
                BadKey::BadRequest => StatusCode::BAD_REQUEST,
                BadKey::Forbidden => StatusCode::FORBIDDEN,
            }));
        }
        match request.path.as_str() {
            "/cloud-pbx/list" => self.users(&fields),
            "/callback/init" => self.start_callback(&fields),
            "/callback/status" => self.callback_status(&fields),
            "/cdrs/retrieve" => self.records(&fields),
            "/cdrs/count" => self.count_records(&fields),
            "/acd/agent-state/retrieve" => self.agent_state(&fields),
            "/acd/agent-state/change" => self.change_agent_state(&fields),
            "/verification/create" => self.verify(&fields),
            "/number/order" => self.order(&fields),
            "/number/cancel" => self.cancel(&fields),
            _ => Err(Refusal::of(StatusCode::NOT_FOUND)),
        }
    }

    /// Counts a request within its second of the clock.
    fn spend(&self) -> Result<(), Refusal> {
        let mut changing = hold(&self.changing);
        let Some(limit) = self.options.rate_limit else { return Ok(()) };
        let second = self.clock.now().as_second();
        let (of, spent) = changing.spent;
        changing.spent = if of == second { (of, spent + 1) } else { (second, 1) };
        if changing.spent.1 > limit { Err(Refusal::of(StatusCode::TOO_MANY_REQUESTS)) } else { Ok(()) }
    }
}

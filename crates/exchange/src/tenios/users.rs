//! Cloud PBX users and whether they take calls.

use std::collections::HashMap;

use hyper::StatusCode;
use serde_json::{Value, json};

use super::Tenios;
use super::fields::{Fields, Refusal};
use super::options::AgentReason;
use crate::lock::hold;
use crate::office::{Office, Station};
use crate::wire::Answer;

/// An agent as the contact centre knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    pub ready: bool,
    /// Of the break, as the client gave it.
    pub reason: Option<String>,
}

pub(super) fn user_name(extension: &str) -> String {
    format!("user{extension}")
}

pub(super) fn email(extension: &str) -> String {
    format!("user{extension}@office.example")
}

/// At a site of its own people take calls when the day begins, but for the last.
pub(super) fn at_work(office: &Office) -> HashMap<String, Agent> {
    let mut people = if office.has_several_sites() { office.extensions() } else { Vec::new() };
    let last = people.pop().map(|(number, _)| (email(&number), Agent { ready: false, reason: Some("Pause".into()) }));
    let ready = people.into_iter().map(|(number, _)| (email(&number), Agent { ready: true, reason: None }));
    ready.chain(last).collect()
}

/// `page` and `page_size` of a request. How large a page may be is not known.
pub(super) fn page(fields: &Fields, largest: u64) -> Result<(u64, u64), Refusal> {
    let (page, size) = (fields.number("page")?, fields.number("page_size")?);
    if page == 0 {
        return Err(Refusal::invalid("page"));
    }
    if !(1..=largest).contains(&size) {
        return Err(Refusal::invalid("page_size"));
    }
    Ok((page, size))
}

/// One page of `all` in the service's form, each as `item` writes it.
pub(super) fn paged<T>(all: &[T], (page, size): (u64, u64), item: impl Fn(&T) -> Value) -> Value {
    let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let begin = whole((page - 1).saturating_mul(size));
    let items: Vec<Value> = all.iter().skip(begin).take(whole(size)).map(item).collect();
    json!({"items": items, "page": page, "page_size": size, "total_items": all.len()})
}

impl Tenios {
    pub(super) fn users(&self, fields: &Fields) -> Result<Answer, Refusal> {
        let page = page(fields, self.options.largest_page)?;
        let mut answer = self.office.stand_still(|stations| paged(stations, page, |it| user(it)));
        answer["success"] = json!(true);
        Ok(Answer::json(StatusCode::OK, &answer))
    }

    pub(super) fn agent_state(&self, fields: &Fields) -> Result<Answer, Refusal> {
        let email = self.known_email(fields)?;
        let state = match hold(&self.changing).agents.get(&email) {
            Some(agent) if agent.ready => "READY",
            Some(_) | None => "NOT_READY",
        };
        Ok(Answer::json(StatusCode::OK, &json!({"email": email, "state": state})))
    }

    pub(super) fn change_agent_state(&self, fields: &Fields) -> Result<Answer, Refusal> {
        let email = self.known_email(fields)?;
        let ready = match fields.text("state")? {
            "READY" => true,
            "NOT_READY" => false,
            _ => return Err(Refusal::invalid("state")),
        };
        let reason = fields.perhaps(match self.options.agent_reason {
            AgentReason::Long => "not_ready_reason",
            AgentReason::Short => "nrr",
        })?;
        let agent = Agent { ready, reason: reason.map(str::to_owned) };
        hold(&self.changing).agents.insert(email, agent);
        Ok(Answer::json(StatusCode::OK, &json!({"success": true})))
    }

    fn known_email(&self, fields: &Fields) -> Result<String, Refusal> {
        let wanted = fields.text("email")?;
        let known = self.office.stand_still(|stations| stations.iter().any(|it| email(&it.number) == wanted));
        known.then(|| wanted.to_owned()).ok_or_else(|| Refusal::invalid("email"))
    }
}

fn user(station: &Station) -> Value {
    let (first, last) = station.name.split_once(' ').unwrap_or(("", &station.name));
    json!({
        "user_name": user_name(&station.number),
        "first_name": first,
        "last_name": last,
        "email": email(&station.number),
        "internal_extension": station.number,
        "outbound_allowed": true,
        "sip_login_enabled": true,
        "call_history_enabled": true,
    })
}

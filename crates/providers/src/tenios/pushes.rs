//! What TENIOS sends unasked: posts about calls, and word of a completed order. What cannot be proven to come from
//! there is turned away and tells nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ringside_domain::{
    CallId, EndCause, Event, ExtensionId, Label, OrderState, OrderUpdate, Party, Problem, Timestamp,
};
use ringside_telephony::{Push, PushReply, Pushes, Received};
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::Tenios;
use super::board::{Post, PostKind};

/// Longer ones are turned away: the vendor's have a few hundred bytes.
const LONGEST: usize = 256 << 10;
/// Ids beyond this are none.
const LONGEST_ID: usize = 200;
const KIND: &str = "requestType";
const SECRET_FIELDS: [&str; 5] = ["push_secret", "pushSecret", "secret", "accessKey", "access_key"];
const ORDERS: [&str; 3] = ["order_id", "orderId", "id"];
const NUMBERS: [&str; 4] = ["number", "phone_number", "phoneNumber", "numbers"];
const STATES: [&str; 3] = ["status", "order_status", "state"];
/// A variable of such a name may say whom a forward calls.
const TARGETS: [&str; 6] = ["destination", "forward", "user", "agent", "extension", "sip"];

impl Pushes for Tenios {
    fn receive(&self, push: &Push<'_>, now: Timestamp) -> Received {
        if push.method != "POST" {
            return turned_away(405, "push_not_post", "a request that is not a POST");
        }
        if push.body.len() > LONGEST {
            return turned_away(413, "push_too_large", "a message that is too large");
        }
        let fields = fields(push);
        if fields.contains_key(KIND) { self.post(&fields, now) } else { self.order_push(push, &fields) }
    }

    fn secret(&self) -> Option<SecretString> {
        Some(self.shared.proof.drawn())
    }
}

impl Tenios {
    fn post(&self, fields: &Map<String, Value>, now: Timestamp) -> Received {
        let shared = &self.shared;
        if !shared.proof.of_post(fields.get("accessKey").and_then(Value::as_str)) {
            return unproven();
        }
        let kind = fields.get(KIND).and_then(Value::as_str).unwrap_or_default();
        let post_kind = match kind {
            "CALL_START" => PostKind::Start,
            "INITIATE_FORWARD" => PostKind::Forward,
            "FORWARD_ANSWER" => PostKind::ForwardAnswer,
            "CALL_END" => PostKind::End(EndCause::Normal),
            "BLOCK_END" => PostKind::Other,
            // A block of the routing plan that asks us what to do: nothing, so that the plan goes on.
            "EXTERNAL_CALL_CONTROL" => return taken(br#"{"blocks":[]}"#, Vec::new()),
            _ => {
                shared.oddities.word("posts.requestType", kind);
                PostKind::Other
            }
        };
        let variables = variables(fields);
        let Some(post) = self.understood(post_kind, &variables, now) else {
            shared.oddities.payload("posts", "a post without call_uuid");
            return taken(b"{}", Vec::new());
        };
        let legs = shared.board().take(post);
        taken(b"{}", legs.into_iter().map(Event::Leg).collect::<Vec<_>>())
    }

    /// `None` for a post that names no call.
    fn understood(&self, kind: PostKind, variables: &BTreeMap<String, String>, at: Timestamp) -> Option<Post> {
        let shared = &self.shared;
        let named = variables.get("call_uuid").or_else(|| variables.get("correlation_id"));
        let call = named.filter(|id| id.len() <= LONGEST_ID)?;
        let called = variables.get("destination_number").map_or("", String::as_str);
        let forwards = matches!(kind, PostKind::Forward | PostKind::ForwardAnswer);
        let target = if forwards { self.target(variables) } else { None };
        // In a post about a forward the destination may be the user instead of the number that was called.
        let names_user = forwards && shared.extension_of(called).is_some_and(|it| target.as_ref() == Some(&it));
        let home = if called.is_empty() || names_user {
            None
        } else {
            // A line of nobody's is known by its number.
            Some(shared.extension_of(called).unwrap_or_else(|| ExtensionId::new(Label::new(called).as_str())))
        };
        let is_extension = |digits: &str| shared.is_extension(digits);
        let party = |text: &str| Party::from_caller_text(text, &shared.plan, &is_extension);
        Some(Post {
            call: CallId::new(call),
            kind,
            home,
            target,
            remote: variables.get("caller_id_number").map_or(Party::Unstated, |text| party(text)),
            our_number: if names_user { Party::Unstated } else { party(called) },
            at,
        })
    }

    /// The first user that a telling variable names. A number of the account itself is no target.
    fn target(&self, variables: &BTreeMap<String, String>) -> Option<ExtensionId> {
        let telling = |name: &str| {
            let name = name.to_ascii_lowercase();
            TARGETS.iter().any(|part| name.contains(part))
        };
        let named = variables.iter().filter(|(name, _)| telling(name)).map(|(_, value)| value);
        let is_ours = |value: &str| value.starts_with('+');
        named.filter(|value| !is_ours(value)).find_map(|value| self.shared.extension_of(value))
    }

    fn order_push(&self, push: &Push<'_>, fields: &Map<String, Value>) -> Received {
        let given: Vec<&str> = SECRET_FIELDS.iter().filter_map(|name| fields.get(*name)?.as_str()).collect();
        if !self.shared.proof.of_order(push, &given) {
            return unproven();
        }
        let mut received = taken(b"{}", Vec::new());
        let first = |names: &[&str]| names.iter().find_map(|name| text(fields.get(*name)?));
        let Some(order) = first(&ORDERS) else {
            // Names alone: a value may be a secret.
            let names: Vec<&str> = fields.keys().map(String::as_str).collect();
            self.shared.oddities.payload("orders", &format!("a push without order_id: {}", names.join(" ")));
            return received;
        };
        let state = match first(&STATES) {
            None => OrderState::Completed,
            Some(word) => self.order_state(&word),
        };
        received.order = Some(OrderUpdate { order: Label::new(&order), state, numbers: numbers(fields) });
        received
    }

    fn order_state(&self, word: &str) -> OrderState {
        match word.to_ascii_lowercase().as_str() {
            "completed" | "complete" | "done" | "finished" | "success" | "successful" | "active" | "activated" => {
                OrderState::Completed
            }
            "failed" | "rejected" | "declined" | "cancelled" | "canceled" | "error" => OrderState::Failed,
            _ => {
                self.shared.oddities.word("orders.status", word);
                OrderState::Other(Label::new(word))
            }
        }
    }
}

/// The fields of a body, JSON or a form. What is neither has none.
fn fields(push: &Push<'_>) -> Map<String, Value> {
    if let Ok(Value::Object(fields)) = serde_json::from_slice(push.body) {
        return fields;
    }
    let pairs = url::form_urlencoded::parse(push.body);
    let own = |(name, value): (Cow<'_, str>, Cow<'_, str>)| (name.into_owned(), Value::String(value.into_owned()));
    pairs.map(own).collect()
}

fn variables(fields: &Map<String, Value>) -> BTreeMap<String, String> {
    let entries = fields.get("variables").and_then(Value::as_object).into_iter().flatten();
    entries.filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect()
}

fn numbers(fields: &Map<String, Value>) -> Vec<Label> {
    let of = |value: &Value| match value {
        Value::Object(entry) => NUMBERS.iter().find_map(|name| text(entry.get(*name)?)),
        other => text(other),
    };
    let all = NUMBERS.iter().filter_map(|name| fields.get(*name)).flat_map(|value| match value {
        Value::Array(items) => items.iter().filter_map(of).collect(),
        other => of(other).into_iter().collect::<Vec<_>>(),
    });
    let mut numbers: Vec<Label> = all.map(|number| Label::new(&number)).collect();
    numbers.dedup();
    numbers
}

fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn taken(body: &[u8], events: Vec<Event>) -> Received {
    let reply = PushReply { status: 200, content_type: "application/json", body: body.to_vec() };
    Received { reply, events, past: Vec::new(), order: None, refused: None }
}

fn unproven() -> Received {
    turned_away(403, "push_unproven", "a message of unconfirmed origin")
}

fn turned_away(status: u16, code: &'static str, what: &str) -> Received {
    let hint = "If TENIOS sent it, compare the access key of the posts in its portal with the account's.";
    let reply = PushReply { status, content_type: "text/plain", body: Vec::new() };
    let refused = Some(Problem::new(code, format!("{what} was turned away"), hint));
    Received { reply, events: Vec::new(), past: Vec::new(), order: None, refused }
}

#[cfg(test)]
#[path = "pushes_tests.rs"]
mod tests;

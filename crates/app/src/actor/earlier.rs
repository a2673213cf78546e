//! Calls that an earlier run of the program dialled: a command that dials ends before its call does, and the call can
//! still be ended from here.

use jiff::SignedDuration;
use ringside_api::view::{DialState, DialView};
use ringside_domain::{AccountId, CallId, ExtensionId, LineId, Timestamp};
use ringside_store::{self as store, Store};

use super::Actor;
use crate::view::{ms, party};

/// How far back the calls that an earlier run dialled may still be going on.
const STILL_ON: SignedDuration = SignedDuration::from_hours(4);
const EARLIER: u32 = 100;

/// Newest first.
#[derive(Default)]
pub(super) struct Earlier(Vec<store::Dial>);

impl Earlier {
    pub async fn read(store: &Store, now: Timestamp) -> Self {
        let dials = store.recent_dials(EARLIER).await.unwrap_or_else(|error| {
            tracing::warn!(code = error.code(), "what was dialled last could not be read");
            Vec::new()
        });
        let named = |dial: &store::Dial| call_of(dial).is_some() && now.duration_since(dial.at) < STILL_ON;
        Self(dials.into_iter().filter(named).collect())
    }

    /// The calls placed by way of an account.
    pub fn of<'a>(&'a self, account: &'a AccountId) -> impl Iterator<Item = CallId> + 'a {
        self.0.iter().filter(|dial| dial.from.account == *account).filter_map(|dial| call_of(dial).cloned())
    }
}

fn call_of(dial: &store::Dial) -> Option<&CallId> {
    match &dial.state {
        store::DialState::Accepted { call } | store::DialState::Ended { call, .. } => call.as_ref(),
        store::DialState::Intended | store::DialState::Refused { .. } | store::DialState::Unknown => None,
    }
}

impl Actor {
    /// A call that an earlier run placed, and its dial as that is once the call is ended.
    pub(super) fn dialled_earlier(&self, id: &str) -> Option<((AccountId, CallId, ExtensionId), DialView)> {
        let dial =
            self.earlier.0.iter().find(|dial| call_of(dial).is_some_and(|call| is_named(id, &dial.from, call)))?;
        let call = call_of(dial)?;
        let view = DialView {
            intent: dial.intention.clone(),
            account: dial.from.account.to_string(),
            from: dial.from.to_string(),
            to: party::party(&dial.to, self.who.named(&dial.from.account, &dial.to)),
            state: DialState::Cancelled,
            call: Some(call.to_string()),
            started_at: ms(dial.at),
            problem: None,
        };
        Some(((dial.from.account.clone(), call.clone(), dial.from.extension.clone()), view))
    }
}

/// `call`, `account/call` or `account/call/extension`.
pub(super) fn is_named(id: &str, from: &LineId, call: &CallId) -> bool {
    let of_call = format!("{}/{call}", from.account);
    id == call.as_str() || id.strip_prefix(&of_call).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

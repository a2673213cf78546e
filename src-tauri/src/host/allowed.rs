//! Which window may ask what. The pop-up window shows what strangers wrote, so it may do little.

use ringside_api::{ApiError, Request};
use ringside_domain::Problem;

/// The windows by their labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    Main,
    Card,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    /// The main window alone.
    Main,
    /// The pop-up window too.
    Cards,
}

impl Page {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Card => "card",
        }
    }

    pub fn named(label: &str) -> Option<Self> {
        [Self::Main, Self::Card].into_iter().find(|page| page.label() == label)
    }

    /// # Errors
    /// `not_allowed_here` for what this window has no business asking.
    pub fn may(self, request: &Request) -> Result<(), ApiError> {
        match (self, asked_by(request)) {
            (Self::Main, For::Main | For::Cards) | (Self::Card, For::Cards) => Ok(()),
            (Self::Card, For::Main) => Err(refused()),
        }
    }
}

pub fn refused() -> ApiError {
    Problem::new("not_allowed_here", "this window can't do that", "Do it in the main window.").into()
}

/// Every request is named, so that a new one is thought about.
fn asked_by(request: &Request) -> For {
    match request {
        Request::Snapshot {}
        | Request::HangUp { .. }
        | Request::Preview {}
        | Request::Card { .. }
        | Request::CardNote { .. }
        | Request::HoldCards { .. }
        | Request::Lookup { .. }
        | Request::PinContact { .. }
        | Request::AddContact { .. }
        | Request::Measured { .. } => For::Cards,
        Request::ReadNumber { .. }
        | Request::FindNumbers { .. }
        | Request::Palette { .. }
        | Request::Dial { .. }
        | Request::RefreshScenarios { .. }
        | Request::SetScenario { .. }
        | Request::AcceptScenario { .. }
        | Request::Extensions {}
        | Request::AgentStates { .. }
        | Request::Agent { .. }
        | Request::SetAgent { .. }
        | Request::Numbers { .. }
        | Request::NumberJobs {}
        | Request::VerifyAddress { .. }
        | Request::OrderNumber { .. }
        | Request::CancelNumber { .. }
        | Request::SettleNumberJob { .. }
        | Request::NumberArrived { .. }
        | Request::DropNumberJob { .. }
        | Request::Receiver {}
        | Request::TestReceiver {}
        | Request::History { .. }
        | Request::CallRow { .. }
        | Request::SetNote { .. }
        | Request::Claim { .. }
        | Request::CallbackDone { .. }
        | Request::ForgetNumber { .. }
        | Request::ForgetAll {}
        | Request::ExportHistory { .. }
        | Request::Contacts { .. }
        | Request::ImportContacts { .. }
        | Request::RemoveContacts { .. }
        | Request::AccountKinds {}
        | Request::TestAccount { .. }
        | Request::AddAccount { .. }
        | Request::SignIn { .. }
        | Request::RemoveAccount { .. }
        | Request::Reconnect { .. }
        | Request::StartDemo {}
        | Request::EndDemo {}
        | Request::ImportConfig { .. }
        | Request::SetSettings { .. }
        | Request::SetHotkey { .. }
        | Request::Favourite { .. }
        | Request::DismissNotice { .. }
        | Request::Diagnostics {}
        | Request::SupportBundle {}
        | Request::Show { .. } => For::Main,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn request(json: serde_json::Value) -> Request {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn the_card_window_is_refused_everything_but_what_cards_need() {
        let refused = [
            json!({"type": "dial", "intent": "x", "text": "112", "account": null, "from": null}),
            json!({"type": "set_scenario", "account": "a", "id": "1", "active": true, "ends_at": null}),
            json!({"type": "set_agent", "line": "office/31", "state": "1"}),
            json!({"type": "order_number", "job": 1, "link_to": null}),
            json!({"type": "cancel_number", "intent": "x", "account": "a", "number": "+4922166966966"}),
            json!({"type": "forget_all"}),
            json!({"type": "set_note", "id": 1, "note": "somebody else's call"}),
            json!({"type": "remove_account", "id": "office"}),
            json!({"type": "sign_in", "id": "office", "secret": "s", "session_only": true}),
            json!({"type": "import_config", "text": ""}),
            json!({"type": "support_bundle"}),
            json!({"type": "show", "view": "accounts", "text": null}),
            json!({"type": "history", "filter": {"text": "", "account": "office", "direction": null, "outcomes": [], "callbacks": false, "mine": false, "since": 1, "until": null}, "before": null, "limit": 1}),
            json!({"type": "export_history", "filter": {"text": "", "account": null, "direction": null, "outcomes": [], "callbacks": false, "mine": false, "since": null, "until": null}}),
        ];
        for ask in refused {
            let ask = request(ask);
            assert_eq!(Page::Card.may(&ask).unwrap_err().code, "not_allowed_here", "{ask:?}");
            assert!(Page::Main.may(&ask).is_ok(), "{ask:?}");
        }
    }

    #[test]
    fn the_card_window_may_do_what_its_buttons_do() {
        for ask in [
            json!({"type": "snapshot"}),
            json!({"type": "hang_up", "leg": "office/1/31"}),
            json!({"type": "card", "action": "dismiss", "id": "office/1/31"}),
            json!({"type": "card_note", "id": "office/1", "note": "calls again"}),
            json!({"type": "hold_cards", "pointer": true, "keyboard": false, "unsaved": []}),
            json!({"type": "pin_contact", "number": "+4922166966966", "contact": "demo/1"}),
            json!({"type": "measured", "name": "card_painted", "ms": 12.0}),
        ] {
            assert!(Page::Card.may(&request(ask)).is_ok());
        }
    }

    #[test]
    fn a_window_nobody_made_is_no_page() {
        assert_eq!(Page::named("main"), Some(Page::Main));
        assert_eq!(Page::named("card"), Some(Page::Card));
        assert_eq!(Page::named("main2"), None);
        assert_eq!(Page::named(""), None);
    }
}

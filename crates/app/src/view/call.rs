//! Live legs.

use ringside_api::ApiError;
use ringside_api::view::{LegView, PartyView};
use ringside_domain::LegKey;
use ringside_engine::Leg;

use super::ms;

/// `account/call/extension`.
pub(crate) fn leg_id(key: &LegKey) -> String {
    format!("{}/{}/{}", key.account, key.call, key.extension)
}

/// `account/call`: a card keeps it whichever leg of the call it speaks of.
pub(crate) fn card_id(key: &LegKey) -> String {
    format!("{}/{}", key.account, key.call)
}

pub(crate) struct Beside {
    pub remote: PartyView,
    pub our_number: Option<PartyView>,
    pub extension_name: String,
    pub no_hang_up: Option<ApiError>,
}

pub(crate) fn leg(leg: &Leg, beside: Beside) -> LegView {
    LegView {
        id: leg_id(&leg.key),
        account: leg.key.account.to_string(),
        call: leg.key.call.to_string(),
        extension: leg.key.extension.to_string(),
        extension_name: beside.extension_name,
        direction: leg.direction,
        phase: leg.phase,
        remote: beside.remote,
        our_number: beside.our_number,
        class: leg.class,
        started_at: ms(leg.ringing_at.unwrap_or(leg.started_at)),
        answered_at: leg.answered_at.map(ms),
        ended_at: leg.ended_at.map(ms),
        outcome: leg.outcome,
        provisional: leg.provisional,
        unverified: leg.unverified,
        mine: leg.mine,
        no_hang_up: beside.no_hang_up,
    }
}

//! The board's lamps.

use ringside_api::view::{LineView, PartyView};
use ringside_domain::{Phase, Timestamp};
use ringside_engine::Line;

use super::ms;

/// What the line itself does not know.
pub(crate) struct Beside {
    pub peer: Option<Peer>,
    pub no_dial: Option<&'static str>,
    pub mine: bool,
    pub favourite: bool,
    /// Where the administrator put it; the service's own group goes before.
    pub group: Option<String>,
}

/// Whom the line is on a call with.
pub(crate) struct Peer {
    pub party: PartyView,
    pub since: Timestamp,
    pub phase: Phase,
}

pub(crate) fn line(line: &Line, beside: Beside) -> LineView {
    let peer_phase = beside.peer.as_ref().map(|peer| peer.phase);
    let (peer, peer_since) = beside.peer.map(|peer| (peer.party, ms(peer.since))).unzip();
    LineView {
        id: line.id.to_string(),
        account: line.id.account.to_string(),
        extension: line.id.extension.to_string(),
        name: line.extension.name.as_str().to_owned(),
        group: line.extension.group.as_ref().map(|group| group.as_str().to_owned()).or(beside.group),
        line: line.state.status,
        presence: line.state.presence,
        at: ms(line.state.at),
        stale_since: line.stale_since.map(ms),
        peer,
        peer_since,
        peer_phase,
        no_dial: beside.no_dial.map(str::to_owned),
        mine: beside.mine,
        favourite: beside.favourite,
    }
}

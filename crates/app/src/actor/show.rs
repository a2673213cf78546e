//! Views of what the actor holds.

use ringside_api::view::{LegView, LineView, Snapshot};
use ringside_domain::{Direction, LegKey, LineId, LineStatus, Phase};
use ringside_engine::{Leg, Line};

use super::Actor;
use crate::view::{call, line, ms};

impl Actor {
    pub(super) fn snapshot(&self) -> Snapshot {
        let mut lines: Vec<LineView> = self.engine.lines().map(|line| self.line_view(line)).collect();
        lines.sort_by(|a, b| a.id.cmp(&b.id));
        let accounts: Vec<_> = self.accounts.keys().cloned().collect();
        Snapshot {
            line_rows: Vec::new(),
            seq: self.publisher.seq(),
            now: ms(self.now()),
            version: self.version.to_owned(),
            user: self.user.clone(),
            accounts: accounts.iter().filter_map(|id| self.account_view(id)).collect(),
            lines,
            legs: self.engine.live_legs().map(|leg| self.leg_view_of(leg)).collect(),
            cards: self.card_views(),
            dials: self.dials.views(self),
            scenarios: accounts.iter().flat_map(|id| self.scenario_views(id)).collect(),
            open_callbacks: self.open_callbacks,
            settings: self.settings_view(),
            notices: self.notices.all().to_vec(),
        }
    }

    pub(super) fn line_view(&self, of: &Line) -> LineView {
        let peer = self.config.board.show_peers.then(|| self.peer_of(of)).flatten();
        let id = of.id.to_string();
        line::line(
            of,
            line::Beside {
                peer,
                no_dial: self.why_no_dial(&of.id),
                mine: self.engine.settings().mine.contains(&of.id),
                favourite: self.config.board.favourites.contains(&id),
                group: self.group_of(&of.id),
            },
        )
    }

    pub(super) fn group_of(&self, line: &LineId) -> Option<String> {
        let mut groups = self.config.board.groups.iter().chain(&self.demo.groups);
        groups.find(|group| group.holds(line)).map(|group| group.name.clone())
    }

    fn peer_of(&self, line: &Line) -> Option<line::Peer> {
        let leg = self.engine.leg(self.peers.get(&line.id)?)?;
        // Whoever rings a busy line is not whom it talks to, though that call began unseen.
        let waits = leg.phase == Phase::Ringing && leg.direction != Some(Direction::Outbound);
        if leg.phase == Phase::Ended || waits && line.state.status == LineStatus::Busy {
            return None;
        }
        let party = self.stated(&leg.key.account, &leg.remote)?;
        Some(line::Peer {
            party,
            since: leg.answered_at.or(leg.ringing_at).unwrap_or(leg.started_at),
            phase: leg.phase,
        })
    }

    pub(super) fn leg_view(&self, key: &LegKey) -> Option<LegView> {
        self.engine.leg(key).map(|leg| self.leg_view_of(leg))
    }

    pub(super) fn leg_view_of(&self, leg: &Leg) -> LegView {
        let account = &leg.key.account;
        call::leg(
            leg,
            call::Beside {
                remote: self.party_named(account, &leg.remote),
                our_number: self.stated(account, &leg.our_number),
                extension_name: self.extension_name(account, &leg.key.extension),
                no_hang_up: self.why_no_hang_up(leg).map(Into::into),
            },
        )
    }
}

//! Performing the engine's effects.

use ringside_api::ApiEvent;
use ringside_domain::{Direction, LegKey, Phase};
use ringside_engine::{Effect, Manner};
use ringside_store::LegRecord;

use super::Actor;
use super::inner::Write;
use crate::desktop::{Notification, TrayState};
use crate::view::call::leg_id;

impl Actor {
    pub(super) fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::LinkChanged(account) => self.account_changed(&account),
            Effect::LineChanged(line) => {
                self.unsaved_line(line.clone());
                if self.publisher.wants_lines() {
                    self.publisher.line_changed(line);
                }
            }
            Effect::LinesReplaced(_) => self.resync_soon(),
            Effect::WriteLeg(leg) => self.write_leg(&leg),
            Effect::LegChanged(leg) | Effect::LegClosed(leg) => {
                self.note_peer(&leg);
                self.dial_followed(&leg);
                self.card_leg_changed(&leg);
                if let Some(leg) = self.leg_view(&leg) {
                    self.publish(ApiEvent::Leg { leg });
                }
            }
            Effect::LegForgotten(leg) => self.publish(ApiEvent::LegGone { id: leg_id(&leg) }),
            Effect::PopUp { leg, manner } => self.card_up(&leg, manner),
            Effect::CardChanged(leg) => self.card_changed(&leg),
            Effect::CardMoved { from, to } => self.card_moved(&from, &to),
            Effect::CardManner { leg, manner } => self.card_manner(&leg, manner),
            Effect::CardCalled(_) => self.desktop.focus_cards(),
            Effect::PopDown { leg, reason } => self.card_down(&leg, reason),
            Effect::OpenRecord { leg } => self.open_record(&leg),
            Effect::Missed(leg) => self.missed(&leg),
            // The history row is corrected by its own write; a notice that was seen cannot be unseen.
            Effect::MissedWithdrawn(_) => {}
            Effect::ScenarioChanged { account, scenario } => self.scenario_changed(&account, &scenario),
            Effect::ScenariosReplaced(account) => self.scenarios_replaced(&account),
            Effect::Gap { account, from, until } => {
                self.look_into_journal(&account);
                self.write(Write::Gap(ringside_domain::Gap { account, from, until }));
                self.publish(ApiEvent::HistoryReset {});
            }
            Effect::UnknownWord { account, kind } => {
                tracing::info!(%account, ?kind, "the provider used a word that is not known");
            }
        }
    }

    fn write_leg(&mut self, key: &LegKey) {
        if self.config.history.days == 0 {
            return;
        }
        let Some(leg) = self.engine.leg(key) else { return };
        let named = self.named(&key.account, &leg.remote);
        let record = LegRecord {
            key: leg.key.clone(),
            attempt: leg.attempt,
            mine: leg.mine,
            direction: leg.direction.unwrap_or(Direction::Inbound),
            phase: leg.phase,
            remote: leg.remote.clone(),
            our_number: leg.our_number.clone(),
            class: Some(leg.class),
            name: named.name,
            company: named.company,
            began: leg.began,
            started_at: leg.started_at,
            answered_at: leg.answered_at,
            ended_at: leg.ended_at,
            outcome: leg.outcome,
            provisional: leg.provisional,
        };
        self.write(Write::Leg(Box::new(record)));
    }

    /// Keeps who the leg's line is talking to, for its lamp.
    fn note_peer(&mut self, key: &LegKey) {
        let line = key.line();
        let leg = self.engine.leg(key);
        let live = leg.is_some_and(|leg| leg.phase != Phase::Ended);
        // Whoever rings a line that talks is not whom it talks to.
        let waits = leg.is_some_and(|leg| leg.phase == Phase::Ringing && leg.direction != Some(Direction::Outbound));
        let talks = |with: &LegKey| self.engine.leg(with).is_some_and(|leg| leg.phase == Phase::Connected);
        if live && waits && self.peers.get(&line).is_some_and(talks) {
            return;
        }
        if live {
            self.peers.insert(line.clone(), key.clone());
        } else if self.peers.get(&line) == Some(key) {
            // Who rang meanwhile is whom the line has to do with now.
            match self.engine.live_legs().find(|leg| leg.key.line() == line).map(|leg| leg.key.clone()) {
                Some(next) => self.peers.insert(line.clone(), next),
                None => self.peers.remove(&line),
            };
        }
        if self.publisher.wants_lines() {
            self.publisher.line_changed(line);
        }
    }

    fn missed(&mut self, key: &LegKey) {
        if !self.config.notifications.missed {
            return;
        }
        let Some(leg) = self.engine.leg(key) else { return };
        let party = self.party_named(&key.account, &leg.remote);
        let who = party.name.clone().or(party.company.clone()).unwrap_or_default();
        let line = key.extension.as_str().to_owned();
        self.desktop.notify(Notification::Missed { leg: leg_id(key), who, number: party.number, line });
    }

    /// What the icon in the tray says; told only when it changes.
    pub(super) fn refresh_tray(&mut self) {
        let mine = |phase: Phase| self.engine.live_legs().any(|leg| leg.mine && leg.phase == phase);
        let state = TrayState {
            ringing: mine(Phase::Ringing),
            on_call: mine(Phase::Connected),
            trouble: self.accounts.keys().any(|account| self.is_in_trouble(account)),
            scenario_on: self.any_scenario_on(),
            open_callbacks: self.open_callbacks,
        };
        if self.tray != Some(state) {
            self.tray = Some(state);
            self.desktop.tray(state);
        }
    }

    /// Nothing sounds to others, nor into a call that goes on.
    pub(super) fn is_card_silent(&self, manner: Manner) -> bool {
        let talking = || self.engine.live_legs().any(|leg| leg.mine && leg.phase == Phase::Connected);
        manner == Manner::Strip || !self.config.pop_up.sound || talking()
    }
}

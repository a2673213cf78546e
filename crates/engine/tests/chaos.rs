//! Whatever happens, views that follow the effects show what the state says, and cards behave.

mod support;

use std::collections::BTreeMap;

use proptest::prelude::*;
use ringside_domain::{
    Direction, EndCause, Event, LegKey, LegStep, LineId, LineStatus, LinkPhase, Outcome, Party, Phase,
};
use ringside_engine::{Effect, Hotkey, Input, Leg, Line, Manner, Settings, State};
use support::*;

#[derive(Clone, Debug)]
enum Happening {
    Leg { call: &'static str, extension: &'static str, direction: Direction, step: LegStep, late: i64 },
    Line(&'static str, LineStatus),
    Lines(Vec<(&'static str, LineStatus)>),
    Extensions(Vec<&'static str>),
    Link(LinkPhase),
    Gap(i64),
    Quiet(bool),
    Preview,
    Dismiss(&'static str, &'static str),
    Focused(bool),
    Removed,
    Tick,
}

const CALLS: &[&str] = &["a", "b", "c"];
const EXTENSIONS: &[&str] = &["31", "32", "33"];
const MINE: &[&str] = &["31", "32"];

fn happening() -> impl Strategy<Value = Happening> {
    let extension = || prop::sample::select(EXTENSIONS);
    let call = || prop::sample::select(CALLS);
    let status = || {
        use LineStatus::{Busy, Idle, Offline, Ringing, Unknown};
        prop::sample::select(&[Idle, Ringing, Busy, Offline, Unknown][..])
    };
    let step = prop::sample::select(
        &[
            DIALING,
            RINGING,
            RINGING,
            CONNECTED,
            HUNG_UP,
            CANCELLED,
            REJECTED,
            LegStep::Ended(EndCause::Timeout),
            LegStep::Other,
        ][..],
    );
    let direction = prop_oneof![4 => Just(Direction::Inbound), 1 => Just(Direction::Outbound)];
    // A report may be late, and its stamp of another clock than ours or than that of the report before it.
    let late = prop_oneof![6 => Just(0_i64), 2 => 0_i64..30, 1 => 0_i64..200, 1 => -20_i64..0];
    let leg = (call(), extension(), direction, step, late)
        .prop_map(|(call, extension, direction, step, late)| Happening::Leg { call, extension, direction, step, late });
    let phase = {
        use LinkPhase::{Connecting, Degraded, Offline, Online};
        prop::sample::select(&[Online, Connecting, Degraded, Offline][..])
    };
    prop_oneof![
        30 => leg,
        6 => (extension(), status()).prop_map(|(extension, status)| Happening::Line(extension, status)),
        3 => prop::collection::vec((extension(), status()), 0..4).prop_map(Happening::Lines),
        2 => prop::sample::subsequence(EXTENSIONS, 0..=3).prop_map(Happening::Extensions),
        4 => phase.prop_map(Happening::Link),
        2 => (0_i64..60).prop_map(Happening::Gap),
        2 => any::<bool>().prop_map(Happening::Quiet),
        3 => Just(Happening::Preview),
        2 => (call(), extension()).prop_map(|(call, extension)| Happening::Dismiss(call, extension)),
        4 => any::<bool>().prop_map(Happening::Focused),
        1 => Just(Happening::Removed),
        5 => Just(Happening::Tick),
    ]
}

/// Mostly one thing soon after another; now and then minutes, in which calls go stale or are forgotten.
fn pause() -> impl Strategy<Value = i64> {
    prop_oneof![3 => 0_i64..5, 2 => 0_i64..20, 1 => 0_i64..400]
}

fn input(happening: Happening, now: i64) -> Input {
    let event = match happening {
        Happening::Quiet(quiet) => return Input::Quiet(quiet),
        Happening::Preview => return Input::Hotkey(Hotkey::Preview),
        Happening::Focused(focused) => return Input::CardsFocused(focused),
        Happening::Dismiss(call, extension) => return Input::DismissCard(key(call, extension)),
        Happening::Removed => return Input::AccountRemoved(office()),
        Happening::Tick => return Input::Tick,
        Happening::Leg { call, extension, direction, step, late } => {
            let remote = if late % 2 == 0 { number("+493012345678") } else { Party::Withheld };
            Event::Leg(ringside_domain::LegUpdate { remote, ..report(call, extension, direction, step, now - late) })
        }
        Happening::Line(extension, status) => Event::Line(reading(extension, status, now)),
        Happening::Lines(all) => Event::Lines(all.iter().map(|(id, status)| reading(id, *status, now)).collect()),
        Happening::Extensions(all) => Event::Extensions(all.iter().map(|id| extension(id)).collect()),
        Happening::Link(phase) => {
            let since = t(now);
            let link = ringside_domain::LinkState { phase, since, reason: None, limits: Vec::new(), retry_at: None };
            Event::Link(link)
        }
        Happening::Gap(length) => {
            Event::Gap(ringside_domain::Gap { account: office(), from: t(now - length), until: t(now) })
        }
    };
    Input::Provider { account: office(), event, class: ringside_domain::CallerClass::External }
}

/// What a host would show and keep, knowing nothing but the effects.
#[derive(Default)]
struct Host {
    legs: BTreeMap<LegKey, Leg>,
    history: BTreeMap<LegKey, Leg>,
    lines: BTreeMap<LineId, Line>,
    cards: BTreeMap<LegKey, Manner>,
    missed: BTreeMap<LegKey, u32>,
}

impl Host {
    fn perform(&mut self, state: &State, effects: &[Effect]) -> Result<(), TestCaseError> {
        for effect in effects {
            match effect {
                Effect::WriteLeg(key) => {
                    let row = state.leg(key).cloned();
                    prop_assert!(row.is_some(), "{:?} cannot be written", key);
                    self.history.extend(row.map(|leg| (key.clone(), leg)));
                }
                Effect::LegChanged(key) | Effect::LegClosed(key) => {
                    let leg = state.leg(key).cloned();
                    prop_assert!(leg.is_some(), "{:?} cannot be shown", key);
                    self.legs.extend(leg.map(|leg| (key.clone(), leg)));
                }
                Effect::LegForgotten(key) => {
                    prop_assert!(self.legs.remove(key).is_some());
                    self.missed.remove(key);
                }
                Effect::LineChanged(id) => self.lines.extend(state.line(id).map(|line| (id.clone(), line.clone()))),
                Effect::LinesReplaced(account) => {
                    self.lines.retain(|id, _| id.account != *account);
                    self.lines.extend(state.lines_of(account).map(|line| (line.id.clone(), line.clone())));
                }
                Effect::PopUp { leg, manner } => {
                    prop_assert!(self.cards.insert(leg.clone(), *manner).is_none(), "{:?} is up already", leg);
                    prop_assert!(MINE.contains(&leg.extension.as_str()));
                }
                Effect::PopDown { leg, .. } => prop_assert!(self.cards.remove(leg).is_some(), "{:?} is not up", leg),
                Effect::CardMoved { from, to } => {
                    let manner = self.cards.remove(from);
                    prop_assert!(manner.is_some() && from.call == to.call, "{:?} is not up", from);
                    self.cards.extend(manner.map(|manner| (to.clone(), manner)));
                }
                Effect::CardManner { leg, manner } => {
                    prop_assert!(self.cards.insert(leg.clone(), *manner).is_some(), "{:?} is not up", leg);
                }
                Effect::CardChanged(leg) | Effect::CardCalled(leg) => {
                    prop_assert!(self.cards.contains_key(leg), "{:?} is not up", leg)
                }
                Effect::Missed(leg) => *self.missed.entry(leg.clone()).or_default() += 1,
                Effect::MissedWithdrawn(leg) => prop_assert_eq!(self.missed.get(leg), Some(&1)),
                Effect::OpenRecord { leg } => prop_assert!(state.leg(leg).is_some_and(|leg| leg.mine)),
                Effect::LinkChanged(_)
                | Effect::ScenarioChanged { .. }
                | Effect::ScenariosReplaced(_)
                | Effect::Gap { .. }
                | Effect::UnknownWord { .. } => {}
            }
        }
        Ok(())
    }

    fn agrees_with(&self, state: &State) -> Result<(), TestCaseError> {
        let legs: BTreeMap<_, _> = state.legs().map(|leg| (leg.key.clone(), leg.clone())).collect();
        prop_assert_eq!(&self.legs, &legs);
        for (key, leg) in &legs {
            let written = self.history.get(key).map(|row| Leg { unverified: leg.unverified, ..row.clone() });
            prop_assert_eq!(written.as_ref(), Some(leg), "the history row is what is known");
            prop_assert_eq!(leg.outcome.is_some(), leg.phase == Phase::Ended);
            prop_assert!(leg.is_live() || !leg.unverified);
            let in_order = [Some(leg.started_at), leg.ringing_at, leg.answered_at, leg.ended_at];
            prop_assert!(in_order.iter().flatten().is_sorted(), "{:?}", leg);
        }
        let lines: BTreeMap<_, _> = state.lines().map(|line| (line.id.clone(), shown(line))).collect();
        let followed: BTreeMap<_, _> = self.lines.iter().map(|(id, line)| (id.clone(), shown(line))).collect();
        prop_assert_eq!(followed, lines);
        let cards: BTreeMap<_, _> = state.cards().map(|card| (card.leg.clone(), card.manner)).collect();
        prop_assert_eq!(&self.cards, &cards);
        for call in CALLS {
            prop_assert!(cards.keys().filter(|leg| leg.call.as_str() == *call).count() <= 1, "one card a call");
            let told: u32 = self.missed.iter().filter(|(leg, _)| leg.call.as_str() == *call).map(|(_, n)| n).sum();
            prop_assert!(told <= 1, "missed is said once");
        }
        Ok(())
    }
}

/// What of a line can be seen.
fn shown(line: &Line) -> impl PartialEq + std::fmt::Debug + use<> {
    (line.extension.clone(), line.state, line.stale_since)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn views_follow_and_cards_behave(day in prop::collection::vec((pause(), happening()), 1..60)) {
        let mut desk = Desk::with(Settings { mine: mine(MINE), ..Settings::default() });
        let mut host = Host::default();
        let mut now = 0;
        for (pause, happening) in day {
            now += pause;
            let effects = desk.input(now, input(happening, now));
            host.perform(&desk.state, &effects)?;
            host.agrees_with(&desk.state)?;
        }
        while let Some(deadline) = desk.state.next_deadline() {
            now = now.max(deadline.as_second() - t(0).as_second());
            let effects = desk.tick(now);
            host.perform(&desk.state, &effects)?;
            host.agrees_with(&desk.state)?;
        }
        prop_assert!(desk.state.live_legs().next().is_none());
        let answered = |leg: &&Leg| matches!(leg.outcome, Some(Outcome::Answered));
        prop_assert!(desk.state.legs().filter(answered).all(|leg| leg.answered_at.is_some()));
        let effects = desk.tick(now + 601);
        host.perform(&desk.state, &effects)?;
        prop_assert_eq!((desk.state.calls().count(), host.cards.len()), (0, 0), "nothing is left");
    }
}

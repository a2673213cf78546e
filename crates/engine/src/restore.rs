//! What the store still knew at the start.

use ringside_domain::{AccountId, Extension, ExtensionId, LineId, LineState, LineUpdate, Phase, Scenario, Timestamp};
use rustc_hash::FxHashMap;

use crate::call::Call;
use crate::course::Course;
use crate::facts::{Fact, Step};
use crate::lines::Line;
use crate::scenarios::ScenarioReading;
use crate::state::State;
use crate::tracked::{Leg, Tracked};

/// What was last known of an account. All of it is old until somebody looks again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LastKnown {
    pub extensions: Vec<Extension>,
    pub lines: Vec<LineUpdate>,
    pub scenarios: Vec<Scenario>,
    /// Legs whose end was never written. They come back unverified, and show nothing.
    pub live_legs: Vec<Leg>,
}

/// See [`State::restore`].
pub(crate) fn restore(state: &mut State, id: &AccountId, known: LastKnown, as_of: Timestamp) {
    let LastKnown { extensions, lines, scenarios, live_legs } = known;
    let account = state.account_mut(id);
    let mut states: FxHashMap<ExtensionId, LineState> =
        lines.into_iter().map(|update| (update.extension, update.state)).collect();
    account.listed = !extensions.is_empty();
    for extension in extensions {
        let line = LineId { account: id.clone(), extension: extension.id.clone() };
        let line = Line::restored(line, extension.clone(), states.remove(&extension.id), as_of);
        account.lines.insert(extension.id, line);
    }
    let old = |scenario| ScenarioReading { scenario, read_at: as_of, stale_since: Some(as_of) };
    account.scenarios = scenarios.into_iter().map(old).collect();
    for leg in live_legs.into_iter().filter(Leg::is_live) {
        restore_leg(state, leg, as_of);
    }
}

fn restore_leg(state: &mut State, mut leg: Leg, as_of: Timestamp) {
    let State { accounts, shared } = state;
    let Some(account) = accounts.get_mut(&leg.key.account) else { return };
    leg.unverified = true;
    leg.mine = shared.is_mine(&leg.key.account, &leg.key.extension);
    let (id, extension) = (leg.key.call.clone(), leg.key.extension.clone());
    let mut tracked = Tracked::new(leg.key.clone(), leg.mine, leg.started_at, as_of);
    for fact in facts(&leg) {
        tracked.facts.insert(fact);
    }
    leg.attempt = 0;
    tracked.leg = leg;
    tracked.course = Course::of(&tracked.facts, &[]);
    tracked.show(false, as_of, &shared.settings);
    tracked.blind_attempt = Some(tracked.course.attempt);
    tracked.old = true;
    let stale_at = tracked.stale_at(&shared.settings);
    stale_at.into_iter().for_each(|at| shared.arm(at));
    let call = account.calls.entry(id.clone()).or_insert_with(|| {
        shared.calls += 1;
        Call::new(account.id.clone(), id.clone())
    });
    if call.position(&extension).is_none() {
        call.legs.push(tracked);
        call.follow_up(false, as_of, shared, &mut Vec::new());
        account.unverified.push((id, extension));
    }
}

/// The reports that a leg's times come from.
fn facts(leg: &Leg) -> impl Iterator<Item = Fact> {
    let dialed = Some(Fact { at: leg.started_at, step: Step::Dialing }).filter(|_| leg.phase == Phase::Dialing);
    let rang = leg.ringing_at.map(|at| Fact { at, step: Step::Ringing });
    let ring = Some(Fact { at: leg.started_at, step: Step::Ringing });
    let rang = rang.or(ring.filter(|_| leg.phase == Phase::Ringing));
    let answered = leg.answered_at.map(|at| Fact { at, step: Step::Connected });
    let answer = Some(Fact { at: leg.started_at, step: Step::Connected });
    let answered = answered.or(answer.filter(|_| leg.phase == Phase::Connected));
    [dialed, rang, answered].into_iter().flatten()
}

//! Reports how the account's link stands, drawn from how its parts stand.

use std::collections::BTreeMap;
use std::time::Duration;

use ringside_domain::{Event, Limit, LinkPhase, LinkState, Problem, Timestamp};
use ringside_telephony::{Arrived, EventSink};
use tokio::sync::Mutex;

/// How one part of an account's work stands, such as the call stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not heard from yet.
    Waiting,
    Works,
    /// It does not work, and the rest is worth having without it.
    Limited(Problem),
    /// It is lost, and without it what the user sees is no longer true.
    Lost(Problem),
}

/// Sends [`Event::Link`] whenever the phase, its reason or what is limited changes, in order, never twice the same.
pub struct Link {
    events: EventSink,
    now: fn() -> Timestamp,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    parts: BTreeMap<&'static str, Standing>,
    /// When each lost part is tried again.
    retries: BTreeMap<&'static str, Timestamp>,
    told: Option<LinkState>,
}

impl Link {
    /// The parts that have to stand before the link is online.
    pub fn new(events: EventSink, now: fn() -> Timestamp, parts: &[&'static str]) -> Self {
        let parts = parts.iter().map(|part| (*part, Standing::Waiting)).collect();
        Self { events, now, state: Mutex::new(State { parts, retries: BTreeMap::new(), told: None }) }
    }

    /// Tells a phase that concerns the whole account, such as the sign-in.
    pub async fn tell(&self, phase: LinkPhase, reason: Option<Problem>) {
        let mut state = self.state.lock().await;
        state.retries.clear();
        self.pass_on(&mut state, phase, reason).await;
    }

    /// The whole account is offline, and is tried again after a pause.
    pub async fn is_offline_for(&self, pause: Duration, reason: Problem) {
        let mut state = self.state.lock().await;
        state.retries.clear();
        self.plan(&mut state, "", pause);
        self.pass_on(&mut state, LinkPhase::Offline, Some(reason)).await;
    }

    /// A part is lost, and is tried again after a pause.
    pub async fn is_lost_for(&self, part: &'static str, pause: Duration, reason: Problem) {
        let mut state = self.state.lock().await;
        self.plan(&mut state, part, pause);
        self.stood(&mut state, part, Standing::Lost(reason)).await;
    }

    /// A part's standing has changed.
    pub async fn stands(&self, part: &'static str, standing: Standing) {
        let mut state = self.state.lock().await;
        state.retries.remove(part);
        self.stood(&mut state, part, standing).await;
    }

    fn plan(&self, state: &mut State, part: &'static str, pause: Duration) {
        let at = (self.now)();
        state.retries.insert(part, at.checked_add(pause).unwrap_or(at));
    }

    async fn stood(&self, state: &mut State, part: &'static str, standing: Standing) {
        state.parts.insert(part, standing);
        if let Some((phase, reason)) = together(state.parts.values()) {
            self.pass_on(state, phase, reason).await;
        }
    }

    async fn pass_on(&self, state: &mut State, phase: LinkPhase, reason: Option<Problem>) {
        let before = state.told.as_ref();
        let limits = if phase == LinkPhase::Degraded { limits(&state.parts) } else { Vec::new() };
        let retry_at = state.retries.values().min().copied().filter(|_| phase == LinkPhase::Offline);
        let as_told = |told: &LinkState| {
            told.phase == phase
                && same(&told.reason, &reason)
                && codes(&told.limits).eq(codes(&limits))
                && told.retry_at == retry_at
        };
        if before.is_some_and(as_told) {
            return;
        }
        let since = before.filter(|told| told.phase == phase).map_or_else(self.now, |told| told.since);
        let told = LinkState { phase, since, reason, limits, retry_at };
        tracing::info!(phase = ?phase, reason = code(&told.reason), "link");
        state.told = Some(told.clone());
        // Nobody listens any more when the account is being removed.
        let _ = self.events.send(Arrived::now(Event::Link(told))).await;
    }
}

/// What was seen on the way differs from one try to the next, and is no news.
fn same(one: &Option<Problem>, other: &Option<Problem>) -> bool {
    let words = |reason: &Option<Problem>| reason.as_ref().map(|it| (it.code, it.params.clone()));
    words(one) == words(other)
}

fn code(reason: &Option<Problem>) -> Option<&'static str> {
    reason.as_ref().map(|problem| problem.code)
}

fn codes(limits: &[Limit]) -> impl Iterator<Item = (&'static str, &'static str)> {
    limits.iter().map(|limit| (limit.part, limit.problem.code))
}

fn limits(parts: &BTreeMap<&'static str, Standing>) -> Vec<Limit> {
    let limited = parts.iter().filter_map(|(part, standing)| match standing {
        Standing::Limited(problem) => Some(Limit { part, problem: problem.clone() }),
        Standing::Waiting | Standing::Works | Standing::Lost(_) => None,
    });
    limited.collect()
}

/// `None` as long as parts are waiting and nothing is lost: what was told before still holds.
fn together<'a>(parts: impl Iterator<Item = &'a Standing> + Clone) -> Option<(LinkPhase, Option<Problem>)> {
    let lost = parts.clone().find_map(|part| match part {
        Standing::Lost(problem) => Some(problem.clone()),
        Standing::Waiting | Standing::Works | Standing::Limited(_) => None,
    });
    if lost.is_some() {
        return Some((LinkPhase::Offline, lost));
    }
    if parts.clone().any(|part| *part == Standing::Waiting) {
        return None;
    }
    let limited = parts.clone().find_map(|part| match part {
        Standing::Limited(problem) => Some(problem.clone()),
        Standing::Waiting | Standing::Works | Standing::Lost(_) => None,
    });
    match limited {
        Some(problem) => Some((LinkPhase::Degraded, Some(problem))),
        None => Some((LinkPhase::Online, None)),
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    fn problem(code: &'static str) -> Problem {
        Problem::new(code, code, "")
    }

    #[tokio::test]
    async fn every_part_that_is_limited_is_named_with_its_own_reason() {
        let (sink, mut events) = mpsc::channel(16);
        let link = Link::new(sink, Timestamp::default, &["calls", "states"]);
        link.stands("calls", Standing::Limited(problem("forbidden"))).await;
        link.stands("states", Standing::Works).await;
        link.stands("states", Standing::Limited(problem("not_found"))).await;
        link.stands("calls", Standing::Lost(problem("unreachable"))).await;
        drop(link);
        let mut told = Vec::new();
        while let Some(arrived) = events.recv().await {
            let Event::Link(state) = arrived.event else { panic!("only links") };
            told.push((state.phase, codes(&state.limits).collect::<Vec<_>>()));
        }
        assert_eq!(
            told,
            [
                (LinkPhase::Degraded, vec![("calls", "forbidden")]),
                (LinkPhase::Degraded, vec![("calls", "forbidden"), ("states", "not_found")]),
                (LinkPhase::Offline, vec![]),
            ]
        );
    }

    #[tokio::test]
    async fn phases_come_in_order_and_never_twice() {
        let (sink, mut events) = mpsc::channel(16);
        let link = Link::new(sink, Timestamp::default, &["calls", "states"]);
        link.tell(LinkPhase::Connecting, None).await;
        link.stands("calls", Standing::Works).await;
        link.stands("states", Standing::Works).await;
        link.stands("states", Standing::Works).await;
        link.stands("calls", Standing::Lost(problem("unreachable"))).await;
        link.stands("states", Standing::Lost(problem("unreachable"))).await;
        link.stands("calls", Standing::Works).await;
        link.stands("states", Standing::Limited(problem("forbidden"))).await;
        drop(link);
        let mut told = Vec::new();
        while let Some(arrived) = events.recv().await {
            let Event::Link(state) = arrived.event else { panic!("only links") };
            told.push((state.phase, code(&state.reason)));
        }
        assert_eq!(
            told,
            [
                (LinkPhase::Connecting, None),
                (LinkPhase::Online, None),
                (LinkPhase::Offline, Some("unreachable")),
                (LinkPhase::Degraded, Some("forbidden")),
            ]
        );
    }
}

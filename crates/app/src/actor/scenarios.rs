//! Throwing forwarding scenarios: asked once, read back, and never claimed before a reading shows it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use ringside_api::view::{NoticeLevel, ScenarioAsked, ScenarioResult, ScenarioView};
use ringside_api::{ApiEvent, Reply};
use ringside_domain::{AccountId, CallerClass, Event, Label, Problem, Scenario, ScenarioId, ScenarioState, Timestamp};
use ringside_engine::Input;
use ringside_store::{ActionId, ActionResult, Intent, ScenarioAction};
use ringside_telephony::{Provider, ProviderError};
use tokio::sync::Mutex;

use super::inner::{Inner, ReplyTo};
use super::{Actor, answer, refuse};
use crate::view::{ms, scenario};

/// When the state is read back after the request was sent, from its sending.
const READ_BACK: [Duration; 5] = [
    Duration::from_millis(300),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// A planned end that passed while the app was not running is carried out only if it is not older than this.
const LATE: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

/// How far a request got.
#[derive(Debug)]
pub(super) enum Step {
    /// Somebody else changed it before the request was sent; nothing was sent.
    Conflict,
    /// The service took it.
    Taken,
    /// The answer was lost.
    Lost,
    /// Every reading is done.
    ReadAll {
        taken: bool,
    },
    Failed(ProviderError),
}

struct Asked {
    active: bool,
    by: String,
    at: Timestamp,
    result: ScenarioResult,
    result_at: Option<Timestamp>,
    problem: Option<Problem>,
    ends_at: Option<Timestamp>,
    action: Option<ActionId>,
    turn: u64,
}

#[derive(Default)]
pub(super) struct Scenarios {
    asked: BTreeMap<(AccountId, ScenarioId), Asked>,
    /// One request a scenario at a time.
    turns: HashMap<(AccountId, ScenarioId), Arc<Mutex<()>>>,
    drift: std::collections::BTreeSet<(AccountId, ScenarioId)>,
    next_turn: u64,
    /// Newest turn of each scenario, which its tasks look at before they send.
    newest: Arc<std::sync::Mutex<HashMap<(AccountId, ScenarioId), u64>>>,
}

impl Scenarios {
    /// When the next scenario ends by itself.
    pub fn next_end(&self) -> Option<Timestamp> {
        self.asked.values().filter_map(|asked| asked.ends_at).min()
    }

    pub fn forget(&mut self, account: &AccountId) {
        self.asked.retain(|(of, _), _| of != account);
        self.drift.retain(|(of, _)| of != account);
    }

    /// Ends that were planned before this start.
    pub fn restore_ends(&mut self, actions: Vec<ScenarioAction>) {
        for action in actions {
            let key = (action.account.clone(), action.scenario.clone());
            self.asked.entry(key).or_insert_with(|| Asked {
                active: action.intent == Intent::Activate,
                by: action.actor.as_str().to_owned(),
                at: action.at,
                result: match action.result {
                    ActionResult::Requested => ScenarioResult::Requested,
                    ActionResult::Confirmed => ScenarioResult::Confirmed,
                    ActionResult::AcceptedNotConfirmed => ScenarioResult::AcceptedNotConfirmed,
                    ActionResult::Failed => ScenarioResult::Failed,
                    ActionResult::Conflict => ScenarioResult::Conflict,
                },
                result_at: action.finished_at,
                problem: None,
                ends_at: action.ends_at,
                action: Some(action.id),
                turn: 0,
            });
        }
    }
}

/// What the task that carries out one intention needs.
struct Errand {
    account: AccountId,
    id: ScenarioId,
    turn: u64,
    active: bool,
    /// What the user saw when asking; another state means that somebody else was faster. `None` while a request of our
    /// own is under way, for then the change may be ours.
    seen: Option<ScenarioState>,
    provider: Arc<dyn Provider>,
    turn_lock: Arc<Mutex<()>>,
    newest: Arc<std::sync::Mutex<HashMap<(AccountId, ScenarioId), u64>>>,
    inner: tokio::sync::mpsc::Sender<Inner>,
}

impl Actor {
    pub(super) fn set_scenario(&mut self, account: &str, id: &str, active: bool, ends_at: Option<i64>, reply: ReplyTo) {
        let user = self.user.clone();
        let result = self.ask_scenario(&AccountId::new(account), &ScenarioId::new(id), active, ends_at, user);
        answer(reply, result.map(|scenario| Reply::Scenario { scenario }));
    }

    fn ask_scenario(
        &mut self,
        account: &AccountId,
        id: &ScenarioId,
        active: bool,
        ends_at: Option<i64>,
        by: String,
    ) -> Result<ScenarioView, ringside_api::ApiError> {
        let known = self.accounts.get(account).ok_or_else(|| super::accounts::no_account(account.as_str()))?;
        let Some(provider) = known.provider.clone() else {
            return Err(refuse(
                "offline",
                "the account is not connected",
                "Connect it under Accounts, then try again.",
            ));
        };
        if provider.forwarding().is_none() {
            let text = format!("the account `{account}` has no forwarding scenarios");
            return Err(refuse("unsupported", text, "Choose an account that has them."));
        }
        let Some(reading) = self.engine.scenarios(account).iter().find(|r| r.scenario.id == *id).cloned() else {
            let text = format!("there is no scenario `{id}`");
            return Err(refuse("not_found", text, "Refresh the list: it may have been removed at the service."));
        };
        let now = self.now();
        let ends_at = match ends_at.map(Timestamp::from_millisecond).transpose() {
            Ok(at) => at.filter(|_| active),
            Err(_) => return Err(refuse("bad_request", "the end is not a time", "Choose another time.")),
        };
        if ends_at.is_some_and(|at| at <= now) {
            return Err(refuse("bad_request", "the end is in the past", "Choose a later time."));
        }
        self.scenarios.next_turn += 1;
        let turn = self.scenarios.next_turn;
        let key = (account.clone(), id.clone());
        self.scenarios.drift.remove(&key);
        let under_way = self
            .scenarios
            .asked
            .get(&key)
            .is_some_and(|asked| matches!(asked.result, ScenarioResult::Requested | ScenarioResult::Checking));
        lock(&self.scenarios.newest).insert(key.clone(), turn);
        let asked = Asked {
            active,
            by: by.clone(),
            at: now,
            result: ScenarioResult::Requested,
            result_at: None,
            problem: None,
            ends_at,
            action: None,
            turn,
        };
        self.scenarios.asked.insert(key.clone(), asked);
        let errand = Errand {
            account: account.clone(),
            id: id.clone(),
            turn,
            active,
            seen: (!under_way).then(|| reading.scenario.state.clone()),
            provider,
            turn_lock: self.scenarios.turns.entry(key).or_default().clone(),
            newest: self.scenarios.newest.clone(),
            inner: self.inner.clone(),
        };
        self.record_and_send(errand, by, reading.scenario.name.clone(), now, ends_at);
        self.scenario_changed(account, id);
        self.scenario_view(account, id).ok_or_else(|| refuse("not_found", "the scenario is gone", "Refresh the list."))
    }

    /// The journal's entry is written before anything is sent; a disk that does not write must not keep a supervisor
    /// from redirecting calls.
    fn record_and_send(&self, errand: Errand, by: String, name: Label, at: Timestamp, ends_at: Option<Timestamp>) {
        let store = self.store.clone();
        tokio::spawn(async move {
            let intent = if errand.active { Intent::Activate } else { Intent::Deactivate };
            let (account, id) = (errand.account.clone(), errand.id.clone());
            let written = store.record_action(&Label::new(&by), &account, &id, &name, intent, at, ends_at).await;
            match written {
                Ok(action) => {
                    let turn = errand.turn;
                    // An actor that is gone needs no journal.
                    let _ = errand.inner.send(Inner::ScenarioRecorded { account, id, turn, action }).await;
                }
                Err(error) => tracing::warn!(code = error.code(), "the journal of scenarios was not written"),
            }
            errand.run().await;
        });
    }

    pub(super) fn scenario_recorded(&mut self, account: AccountId, id: ScenarioId, turn: u64, action: ActionId) {
        if let Some(asked) = self.scenarios.asked.get_mut(&(account, id)).filter(|asked| asked.turn == turn) {
            asked.action = Some(action);
        }
    }

    /// A reading of one scenario, made to see whether the request took effect.
    pub(super) fn scenario_read(
        &mut self,
        account: &AccountId,
        id: &ScenarioId,
        turn: u64,
        read: Result<Scenario, ProviderError>,
    ) {
        let Ok(scenario) = read else { return };
        let state = scenario.state.clone();
        let class = CallerClass::Unknown;
        self.apply(Input::Provider { account: account.clone(), event: Event::Scenario(scenario), class });
        let Some(asked) = self.scenarios.asked.get(&(account.clone(), id.clone())) else { return };
        let confirmed = asked.turn == turn && is_active(&state) == Some(asked.active);
        let open = matches!(asked.result, ScenarioResult::Requested | ScenarioResult::Checking);
        if confirmed && open {
            self.conclude(account, id, turn, ScenarioResult::Confirmed, None);
        }
    }

    pub(super) fn scenario_step(&mut self, account: &AccountId, id: &ScenarioId, turn: u64, step: Step) {
        let Some(asked) = self.scenarios.asked.get_mut(&(account.clone(), id.clone())) else { return };
        if asked.turn != turn {
            return;
        }
        match step {
            Step::Taken => {}
            Step::Lost => {
                asked.result = ScenarioResult::Checking;
                asked.problem = Some(ProviderError::Unconfirmed.problem());
                self.scenario_changed(account, id);
            }
            Step::Conflict => {
                let problem = Problem::new(
                    "scenario_conflict",
                    "Someone else changed this forwarding scenario. Nothing was sent",
                    "Check its state, then switch it again if you still want to.",
                );
                self.conclude(account, id, turn, ScenarioResult::Conflict, Some(problem));
            }
            Step::Failed(error) => self.conclude(account, id, turn, ScenarioResult::Failed, Some(error.problem())),
            Step::ReadAll { .. } if asked.result == ScenarioResult::Confirmed => {}
            Step::ReadAll { taken: true } => {
                self.conclude(account, id, turn, ScenarioResult::AcceptedNotConfirmed, None);
            }
            Step::ReadAll { taken: false } => {
                let problem = ProviderError::Unconfirmed.problem();
                self.conclude(account, id, turn, ScenarioResult::Failed, Some(problem));
            }
        }
    }

    fn conclude(
        &mut self,
        account: &AccountId,
        id: &ScenarioId,
        turn: u64,
        result: ScenarioResult,
        problem: Option<Problem>,
    ) {
        let now = self.now();
        let Some(asked) = self.scenarios.asked.get_mut(&(account.clone(), id.clone())) else { return };
        if asked.turn != turn {
            return;
        }
        asked.result = result;
        asked.result_at = Some(now);
        asked.problem = problem.clone();
        if matches!(result, ScenarioResult::Failed | ScenarioResult::Conflict) {
            asked.ends_at = None;
        }
        if let Some(action) = asked.action {
            let (store, code) = (self.store.clone(), problem.as_ref().map(|problem| problem.code));
            tokio::spawn(async move {
                if let Err(error) = store.finish_action(action, journal(result), code, now).await {
                    tracing::warn!(code = error.code(), "the journal of scenarios was not completed");
                }
            });
        }
        self.scenario_changed(account, id);
    }

    pub(super) fn scenario_changed(&mut self, account: &AccountId, id: &ScenarioId) {
        self.watch_for_drift(account, id);
        match self.scenario_view(account, id) {
            Some(scenario) => self.publish(ApiEvent::Scenario { scenario }),
            None => self.publish(ApiEvent::ScenarioGone { account: account.to_string(), id: id.to_string() }),
        }
    }

    pub(super) fn scenarios_replaced(&mut self, account: &AccountId) {
        let ids: Vec<_> = self.engine.scenarios(account).iter().map(|r| r.scenario.id.clone()).collect();
        for id in ids {
            self.watch_for_drift(account, &id);
        }
        self.resync_scenarios(account);
    }

    /// Sends the account's scenarios as they are now: their age, or what the account can do, changed.
    pub(super) fn resync_scenarios(&mut self, account: &AccountId) {
        for scenario in self.scenario_views(account) {
            self.publish(ApiEvent::Scenario { scenario });
        }
    }

    /// What was ordered and confirmed no longer holds: somebody else changed it, and the supervisor must know.
    fn watch_for_drift(&mut self, account: &AccountId, id: &ScenarioId) {
        let key = (account.clone(), id.clone());
        let Some(asked) = self.scenarios.asked.get(&key) else { return };
        let Some(reading) = self.engine.scenarios(account).iter().find(|r| r.scenario.id == *id) else { return };
        let now_active = is_active(&reading.scenario.state);
        let differs = asked.result == ScenarioResult::Confirmed && now_active.is_some_and(|now| now != asked.active);
        let topic = drift_topic(account, id);
        if differs && self.scenarios.drift.insert(key.clone()) {
            let name = match reading.scenario.name.as_str() {
                "" => id.as_str().to_owned(),
                name => name.to_owned(),
            };
            let word = if asked.active { "off" } else { "on" };
            let problem = Problem::new(
                "scenario_drift",
                format!("“{name}” was switched {word} outside Ringside"),
                "Check it under Forwarding scenarios.",
            );
            self.notice(&topic, NoticeLevel::Warning, &problem);
        } else if !differs && self.scenarios.drift.remove(&key) {
            self.unnotice(&topic);
        }
    }

    /// The state that somebody else set is right. It goes into the journal first, so that no planned end comes back at
    /// the next start.
    pub(super) fn accept_scenario(&mut self, account: &str, id: &str, reply: ReplyTo) {
        let key = (AccountId::new(account), ScenarioId::new(id));
        let asked = self.scenarios.asked.get(&key).filter(|_| self.scenarios.drift.contains(&key));
        let Some(asked) = asked else { return self.scenario_accepted(&key, Ok(()), reply) };
        let reading = self.engine.scenarios(&key.0).iter().find(|reading| reading.scenario.id == key.1);
        let name = reading.map_or(Label::default(), |reading| reading.scenario.name.clone());
        let intent = if asked.active { Intent::Deactivate } else { Intent::Activate };
        let (store, by, at) = (self.store.clone(), Label::new(&self.user), self.now());
        self.beside(async move {
            let written = async {
                let action = store.record_action(&by, &key.0, &key.1, &name, intent, at, None).await?;
                store.finish_action(action, ActionResult::Confirmed, Some("accepted"), at).await
            };
            let written = written.await.map(drop).map_err(|error| error.problem());
            Inner::ScenarioAccepted { key, written, reply }
        });
    }

    pub(super) fn scenario_accepted(
        &mut self,
        key: &(AccountId, ScenarioId),
        written: Result<(), Problem>,
        reply: ReplyTo,
    ) {
        if let Err(problem) = written {
            return answer(reply, Err(problem.into()));
        }
        if self.scenarios.drift.remove(key) {
            self.scenarios.asked.remove(key);
            self.unnotice(&drift_topic(&key.0, &key.1));
            self.scenario_changed(&key.0, &key.1);
        }
        let gone = || refuse("not_found", "the scenario is gone", "Refresh the list.");
        answer(reply, self.scenario_view(&key.0, &key.1).map(|scenario| Reply::Scenario { scenario }).ok_or_else(gone));
    }

    pub(super) fn scenario_views(&self, account: &AccountId) -> Vec<ScenarioView> {
        let ids = self.engine.scenarios(account).iter().map(|reading| &reading.scenario.id);
        ids.filter_map(|id| self.scenario_view(account, id)).collect()
    }

    fn scenario_view(&self, account: &AccountId, id: &ScenarioId) -> Option<ScenarioView> {
        let reading = self.engine.scenarios(account).iter().find(|r| r.scenario.id == *id)?;
        let key = (account.clone(), id.clone());
        let asked = self.scenarios.asked.get(&key);
        let verified = self
            .accounts
            .get(account)
            .and_then(|a| a.provider.as_ref())
            .and_then(|p| p.forwarding().map(|f| f.verified_live()));
        let beside = scenario::Beside {
            asked: asked.map(|asked| ScenarioAsked {
                active: asked.active,
                by: asked.by.clone(),
                at: ms(asked.at),
                result: asked.result,
                result_at: asked.result_at.map(ms),
                problem: asked.problem.as_ref().map(Into::into),
            }),
            ends_at: asked.and_then(|asked| asked.ends_at),
            drift: self.scenarios.drift.contains(&key),
            unverified_live: verified == Some(false),
        };
        Some(scenario::scenario(account, reading, beside))
    }

    pub(super) fn any_scenario_on(&self) -> bool {
        self.accounts
            .keys()
            .any(|id| self.engine.scenarios(id).iter().any(|r| r.scenario.state == ScenarioState::Active))
    }

    /// Carries out planned ends whose time has come.
    pub(super) fn end_scenarios(&mut self, now: Timestamp) {
        let due: Vec<_> = self
            .scenarios
            .asked
            .iter_mut()
            .filter(|(_, asked)| asked.ends_at.is_some_and(|at| at <= now))
            .map(|(key, asked)| (key.clone(), asked.ends_at.take().unwrap_or(now)))
            .collect();
        for ((account, id), at) in due {
            let late = now.duration_since(at) > LATE;
            let result = if late {
                Err(refuse("late", "its time passed while Ringside was not running", ""))
            } else {
                self.ask_scenario(&account, &id, false, None, "Ringside".to_owned())
            };
            if result.is_err() {
                let problem = Problem::new(
                    "scenario_end_missed",
                    "A forwarding scenario did not end as planned",
                    "Switch it off under Forwarding scenarios if it is still on.",
                );
                self.notice(&format!("end.{account}.{id}"), NoticeLevel::Error, &problem);
            }
        }
    }

    /// Reads the lists again; the reply comes when the one account asked for has answered.
    pub(super) fn refresh_scenarios(&mut self, account: Option<&str>, reply: ReplyTo) {
        let mut reply = Some(reply);
        let providers: Vec<_> = self
            .accounts
            .iter()
            .filter(|(id, _)| account.is_none_or(|a| a == id.as_str()))
            .filter_map(|(id, a)| a.provider.clone().map(|provider| (id.clone(), provider)))
            .filter(|(_, provider)| provider.forwarding().is_some())
            .collect();
        if providers.is_empty() {
            if let Some(reply) = reply.take() {
                let error = refuse(
                    "unsupported",
                    "no connected account has forwarding scenarios",
                    "Connect an account that has them.",
                );
                answer(reply, Err(error));
            }
            return;
        }
        for (account, provider) in providers {
            let reply = reply.take();
            self.beside(async move {
                let list = match provider.forwarding() {
                    Some(forwarding) => forwarding.list().await,
                    None => Err(ProviderError::Stopped),
                };
                Inner::Scenarios { account, list, reply }
            });
        }
    }

    pub(super) fn scenarios_listed(
        &mut self,
        account: &AccountId,
        list: Result<Vec<Scenario>, ProviderError>,
        reply: Option<ReplyTo>,
    ) {
        let result = match list {
            Ok(list) => {
                let class = CallerClass::Unknown;
                self.apply(Input::Provider { account: account.clone(), event: Event::Scenarios(list), class });
                Ok(Reply::Scenarios { scenarios: self.scenario_views(account) })
            }
            Err(error) => Err(error.problem().into()),
        };
        if let Some(reply) = reply {
            answer(reply, result);
        }
    }
}

impl Errand {
    /// Sends the request once, then reads back until the state is what was asked or all readings are done. A newer
    /// intention for the same scenario waits for its turn, and an older one that has not been sent never is.
    async fn run(self) {
        let turn = self.turn_lock.clone().lock_owned().await;
        if self.is_outdated() {
            return;
        }
        let Some(forwarding) = self.provider.forwarding() else { return };
        match forwarding.find(&self.id).await {
            Ok(now) if is_active(&now.state) == Some(self.active) => {
                self.read(Ok(now)).await;
                return self.step(Step::ReadAll { taken: true }).await;
            }
            Ok(now) if self.seen.as_ref().is_some_and(|seen| conflicts(&now.state, seen)) => {
                self.read(Ok(now)).await;
                return self.step(Step::Conflict).await;
            }
            Ok(_) => {}
            Err(error) => return self.step(Step::Failed(error)).await,
        }
        let taken = match forwarding.set(&self.id, self.active).await {
            Ok(()) => true,
            Err(ProviderError::Unconfirmed) => false,
            Err(error) => return self.step(Step::Failed(error)).await,
        };
        self.step(if taken { Step::Taken } else { Step::Lost }).await;
        drop(turn);
        let mut waited = Duration::ZERO;
        for at in READ_BACK {
            tokio::time::sleep(at.saturating_sub(waited)).await;
            waited = at;
            if self.is_outdated() {
                return;
            }
            let read = forwarding.find(&self.id).await;
            let there = matches!(&read, Ok(scenario) if is_active(&scenario.state) == Some(self.active));
            self.read(read).await;
            if there {
                return;
            }
        }
        self.step(Step::ReadAll { taken }).await;
    }

    fn is_outdated(&self) -> bool {
        lock(&self.newest).get(&(self.account.clone(), self.id.clone())) != Some(&self.turn)
    }

    async fn read(&self, read: Result<Scenario, ProviderError>) {
        let (account, id, turn) = (self.account.clone(), self.id.clone(), self.turn);
        // An actor that is gone needs no readings.
        let _ = self.inner.send(Inner::ScenarioRead { account, id, turn, read }).await;
    }

    async fn step(&self, step: Step) {
        let (account, id, turn) = (self.account.clone(), self.id.clone(), self.turn);
        // An actor that is gone needs no steps.
        let _ = self.inner.send(Inner::ScenarioStep { account, id, turn, step }).await;
    }
}

fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn drift_topic(account: &AccountId, id: &ScenarioId) -> String {
    format!("drift.{account}.{id}")
}

fn is_active(state: &ScenarioState) -> Option<bool> {
    match state {
        ScenarioState::Active => Some(true),
        ScenarioState::Inactive | ScenarioState::Scheduled => Some(false),
        ScenarioState::Changing | ScenarioState::Unknown(_) => None,
    }
}

/// Both states are certain and differ: what the user saw is no longer so.
fn conflicts(now: &ScenarioState, seen: &ScenarioState) -> bool {
    matches!((is_active(now), is_active(seen)), (Some(now), Some(seen)) if now != seen)
}

fn journal(result: ScenarioResult) -> ActionResult {
    match result {
        ScenarioResult::Requested | ScenarioResult::Checking => ActionResult::Requested,
        ScenarioResult::Confirmed => ActionResult::Confirmed,
        ScenarioResult::AcceptedNotConfirmed => ActionResult::AcceptedNotConfirmed,
        ScenarioResult::Conflict => ActionResult::Conflict,
        ScenarioResult::Failed => ActionResult::Failed,
    }
}

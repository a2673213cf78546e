//! What providers report, on its way into the engine.

use ringside_api::ApiEvent;
use ringside_domain::{
    AccountId, CallerClass, Capability, Event, ExtensionId, Label, LegStep, LegUpdate, LinkPhase, Party,
};
use ringside_engine::{Effect, Input, State};
use ringside_telephony::Arrived;

use super::Actor;
use super::inner::{Inner, Write};
use crate::view::ms;
use crate::view::party::Named;

impl Actor {
    /// What an earlier connection still had under way says nothing of now, and is dropped.
    pub(super) fn arrived(&mut self, account: AccountId, generation: u64, arrived: Arrived) {
        let now = self.now();
        if self.accounts.get(&account).is_none_or(|known| known.generation != generation) {
            return;
        }
        let mut event = arrived.event;
        if let Event::Leg(update) = &mut event {
            self.direct_numbers.learn(&account, update);
            let colleague = colleague(&self.engine, &account, update);
            if let Some(colleague) = colleague.or_else(|| self.direct_number_of(&account, update)) {
                update.remote = Party::Extension(colleague);
            }
        }
        let Some(known) = self.accounts.get_mut(&account) else { return };
        known.events += 1;
        known.last_event_at = Some(ms(now));
        let class = match &event {
            Event::Leg(update) => self.who.class(&account, &update.remote),
            Event::Extensions(list) => {
                self.who.extensions(&account, list);
                self.write(Write::Extensions { account: account.clone(), list: list.clone(), at: now });
                self.extensions_listed(&account, list.iter().map(|extension| extension.id.clone()).collect());
                CallerClass::Unknown
            }
            Event::Lines(lines) => {
                self.write(Write::Lines { account: account.clone(), lines: lines.clone(), all: true });
                CallerClass::Unknown
            }
            Event::Scenarios(list) => {
                self.write(Write::Scenarios { account: account.clone(), list: list.clone(), at: now });
                CallerClass::Unknown
            }
            Event::Scenario(scenario) => {
                let scenario = scenario.clone();
                self.write(Write::Scenario { account: account.clone(), scenario, at: now });
                CallerClass::Unknown
            }
            Event::Link(link) => {
                if link.phase == LinkPhase::Online && known.was_online {
                    known.reconnects += 1;
                }
                known.was_online |= link.phase == LinkPhase::Online;
                if matches!(link.phase, LinkPhase::Online | LinkPhase::Degraded) {
                    known.look_into_journal();
                }
                CallerClass::Unknown
            }
            Event::Line(_) | Event::Gap(_) => CallerClass::Unknown,
        };
        self.received = Some(arrived.received);
        self.apply(Input::Provider { account, event, class });
        self.received = None;
    }

    /// One thing happened: the engine says what follows, and it is done.
    pub(super) fn apply(&mut self, input: Input) {
        let now = self.now();
        let mut effects = std::mem::take(&mut self.effects);
        ringside_engine::apply_into(&mut self.engine, now, input, &mut effects);
        let lines_only = effects.iter().all(|effect| matches!(effect, Effect::LineChanged(_)));
        for effect in effects.drain(..) {
            self.perform(effect);
        }
        self.effects = effects;
        if !lines_only {
            self.refresh_tray();
        }
    }

    /// A result of the actor's own side work.
    pub(super) fn result(&mut self, result: Inner) {
        match result {
            Inner::Secret { account, generation, secret } => self.secret_fetched(&account, generation, secret),
            Inner::Written { change, took } => self.history_written(*change, took),
            Inner::StoreTrouble(problem) => {
                self.store_problem = Some(problem.clone());
                self.notice("store", ringside_api::view::NoticeLevel::Warning, &problem);
            }
            Inner::StoreWell => {
                self.store_problem = None;
                self.unnotice("store");
            }
            Inner::Damaged => self.heal_store(),
            Inner::Erased => {
                self.publish(ApiEvent::HistoryReset {});
                self.refresh_callbacks();
            }
            Inner::Healed(problem) => {
                self.notice("store", ringside_api::view::NoticeLevel::Warning, &problem);
                self.store_problem = Some(problem);
                self.publish(ApiEvent::HistoryReset {});
            }
            Inner::Facts { card, facts, note } => self.facts_fetched(&card, facts, note),
            Inner::ScenarioAccepted { key, written, reply } => self.scenario_accepted(&key, written, reply),
            Inner::NoteRefused(call) => self.note_refused(&call),
            Inner::NoteWritten { call, row } => self.note_written(&call, &row),
            Inner::CardClaimed { card, claimed, reply } => self.card_claimed(&card, claimed, reply),
            Inner::Contacts(contacts) => {
                self.who.contacts(contacts);
                self.publish_cards();
                self.publish(ApiEvent::HistoryReset {});
                self.resync_soon();
            }
            Inner::DialStep { intent, step } => self.dial_step(&intent, step),
            Inner::DialEnded { intent, result } => self.dial_ended(&intent, result),
            Inner::ScenarioRead { account, id, turn, read } => self.scenario_read(&account, &id, turn, read),
            Inner::ScenarioStep { account, id, turn, step } => self.scenario_step(&account, &id, turn, step),
            Inner::ScenarioRecorded { account, id, turn, action } => self.scenario_recorded(account, id, turn, action),
            Inner::Scenarios { account, list, reply } => self.scenarios_listed(&account, list, reply),
            Inner::PendingEnds(mut actions) => {
                // The demo's services begin anew each time, whatever was switched before.
                actions.retain(|action| self.accounts.get(&action.account).is_none_or(|account| !account.demo));
                self.scenarios.restore_ends(actions);
            }
            Inner::Agent { agent, reply } => self.agent_read(agent, reply),
            Inner::NumberJob { job, reply } => self.number_job_changed(&job, reply),
            Inner::NumberJobs { jobs, reply } => self.number_jobs_read(&jobs, reply),
            Inner::NumberJobTrouble { id, problem } => self.number_job_trouble(id, &problem),
            Inner::UnconfirmedJobs(jobs) => self.unconfirmed_jobs(&jobs),
            Inner::OrderUpdate { account, update } => self.order_updated(account, update),
            Inner::OrderTold { account, update, told } => self.order_told(&account, &update, told),
            Inner::Finding { test, finding } => {
                let finding = crate::view::account::finding(&finding);
                self.publish(ApiEvent::Finding { test, finding });
            }
            Inner::TestDone { test, useful, extensions } => {
                if !extensions.is_empty() {
                    self.publish(ApiEvent::TestExtensions { test: test.clone(), extensions });
                }
                self.publish(ApiEvent::Finding { test, finding: super::draft::done(useful) });
            }
            Inner::SecretKept { account, kept, reply } => self.secret_kept(*account, kept, reply),
            Inner::SecretRenewed { account, kept, reply } => self.secret_renewed(&account, kept, reply),
            Inner::Demo { setup, opened, reply } => self.demo_opened(setup, opened, reply),
            Inner::Rows { rows, reply } => super::answer(reply, Ok(self.rows_reply(rows))),
            Inner::PastCalls { account, calls, named } => {
                // A reader that was stopped wants them no more.
                let _ = named.send(self.name_past(&account, calls));
            }
            Inner::PastWritten { account, generation, written } => self.past_written(&account, generation, written),
            Inner::JournalRead { account, generation, progress, changed } => {
                self.journal_read(&account, generation, progress, changed);
            }
            Inner::JournalRefused { account, generation, problem } => {
                self.journal_refused(&account, generation, &problem)
            }
            Inner::Changed(call) => self.history_changed(&call),
            Inner::OpenCallbacks(count) => {
                self.open_callbacks = count;
                self.refresh_tray();
            }
            Inner::ReceiverListens { turn, at } => self.receiver_listens(turn, at),
            Inner::ReceiverCounted => self.receiver_soon(),
        }
    }

    /// Many things changed: one resync a moment later tells the hosts to read anew.
    pub(super) fn resync_soon(&mut self) {
        self.resync = true;
        self.publisher.due_soon();
    }

    pub(super) fn party_named(&self, account: &AccountId, party: &Party) -> ringside_api::view::PartyView {
        crate::view::party::party(party, self.named(account, party))
    }

    /// As [`Actor::party_named`]; `None` where the event did not say.
    pub(super) fn stated(&self, account: &AccountId, party: &Party) -> Option<ringside_api::view::PartyView> {
        crate::view::party::stated(party, self.named(account, party))
    }

    /// Who a directory says it is, else whose direct number it is.
    pub(super) fn named(&self, account: &AccountId, party: &Party) -> Named {
        let named = self.who.named(account, party);
        match party {
            Party::Number(number) if named == Named::default() => {
                let line = self.direct_numbers.line_of(number);
                let name = line.map(|line| self.extension_name(&line.account, &line.extension));
                Named { name: Label::new(&name.unwrap_or_default()), ..named }
            }
            _ => named,
        }
    }

    /// A colleague's direct number in the place of the caller's. Where a service has a record of past calls, it names them
    /// by number there too, and both must say the same.
    fn direct_number_of(&self, account: &AccountId, update: &LegUpdate) -> Option<ExtensionId> {
        let Party::Number(number) = &update.remote else { return None };
        let provider = self.accounts.get(account)?.provider.as_ref()?;
        if provider.capabilities().has(Capability::Journal) {
            return None;
        }
        let is_extension = |id: &ExtensionId| self.is_extension(account, id.as_str());
        let found = self.direct_numbers.extension_of(account, number, is_extension)?;
        Some(found).filter(|found| *found != update.extension)
    }
}

/// Two colleagues on one call: services give their full public numbers, which no directory knows, but the other leg of
/// the call says whose number it is, or that it is with this extension.
fn colleague(engine: &State, account: &AccountId, update: &LegUpdate) -> Option<ExtensionId> {
    let Party::Number(_) = &update.remote else { return None };
    let direction = update.direction?;
    // After a transfer it is with somebody else.
    let (this, ends) = (Party::Extension(update.extension.clone()), matches!(update.step, LegStep::Ended(_)));
    let other = engine.call(account, &update.call)?.legs().find(|leg| {
        leg.key.extension != update.extension
            && leg.direction.is_some_and(|other| other != direction)
            && (leg.our_number == update.remote || leg.remote == this && (leg.is_live() || ends))
    })?;
    Some(other.key.extension.clone())
}

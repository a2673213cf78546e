//! What each request does.

use ringside_api::view::Card;
use ringside_api::{ApiError, ApiEvent, Reply, Request};
use ringside_domain::{AccountId, Problem};

use super::inner::ReplyTo;
use super::numbers::{Wanted, look_up_party};
use super::{Actor, answer};
use crate::view;

impl Actor {
    /// Every request is answered exactly once, at once or by a task beside the actor.
    pub(super) fn request(&mut self, request: Request, reply: ReplyTo) {
        let result: Result<Reply, ApiError> = match request {
            Request::Snapshot {} => {
                self.look_at_config();
                Ok(Reply::Snapshot { snapshot: Box::new(self.snapshot()) })
            }
            Request::Extensions {} => Ok(self.extensions()),
            Request::ReadNumber { text, line, account, from } => {
                Ok(self.read_number(&Wanted { text, line, account, from }))
            }
            Request::FindNumbers { text } => Ok(self.find_numbers(&text)),
            Request::Palette { text, limit } => Ok(self.palette(&text, limit.clamp(1, 100) as usize)),
            Request::Dial { intent, text, line, account, from } => {
                return self.dial(intent, &Wanted { text, line, account, from }, reply);
            }
            Request::HangUp { leg } => return self.hang_up(leg.as_deref(), reply),
            Request::Preview {} => self.preview(),
            Request::Card { action: Card::Claim, id } => return self.claim_card(&id, reply),
            Request::Card { action, id } => self.card_action(action, &id),
            Request::CardNote { id, note } => self.card_note(&id, &note),
            Request::HoldCards { pointer, keyboard, unsaved } => {
                self.hold_cards(pointer, keyboard, unsaved);
                Ok(Reply::Done {})
            }
            Request::Lookup { number } => self.lookup(&number),
            Request::RefreshScenarios { account } => return self.refresh_scenarios(account.as_deref(), reply),
            Request::SetScenario { account, id, active, ends_at } => {
                return self.set_scenario(&account, &id, active, ends_at, reply);
            }
            Request::AcceptScenario { account, id } => return self.accept_scenario(&account, &id, reply),
            Request::AgentStates { account } => return self.agent_states(&account, reply),
            Request::Agent { line } => return self.agent(&line, reply),
            Request::SetAgent { line, state } => return self.set_agent(&line, state, reply),
            Request::Numbers { account } => return self.numbers(account.as_deref(), reply),
            Request::NumberJobs {} => return self.number_jobs(reply),
            Request::VerifyAddress { intent, account, address } => {
                return self.verify_address(intent, &account, address, reply);
            }
            Request::OrderNumber { job, link_to } => return self.order_number(job, link_to.as_deref(), reply),
            Request::CancelNumber { intent, account, number } => {
                return self.cancel_number(intent, &account, &number, reply);
            }
            Request::SettleNumberJob { id, taken, reference } => {
                return self.settle_number_job(id, taken, &reference, reply);
            }
            Request::NumberArrived { id, number } => return self.number_arrived(id, &number, reply),
            Request::DropNumberJob { id } => return self.drop_number_job(id, reply),
            Request::Receiver {} => Ok(Reply::Receiver { receiver: self.receiver_view() }),
            Request::TestReceiver {} => return self.test_receiver(reply),
            Request::History { filter, before, limit } => {
                return self.history(&filter, before.as_deref(), limit, reply);
            }
            Request::CallRow { account, call } => return self.call_row(&account, &call, reply),
            Request::SetNote { id, note } => return self.set_note(id, note, reply),
            Request::Claim { id, claimed } => return self.claim(id, claimed, reply),
            Request::CallbackDone { id } => return self.callback_done(id, reply),
            Request::ForgetNumber { number } => return self.forget_number(&number, reply),
            Request::ForgetAll {} => return self.forget_all(reply),
            Request::ExportHistory { filter } => return self.export(&filter, reply),
            Request::Contacts { text, limit } => Ok(self.contacts(&text, limit.clamp(1, 10_000) as usize)),
            Request::ImportContacts { name, data, replace } => {
                return self.import_contacts(&name, &data, replace, reply);
            }
            Request::RemoveContacts { source } => return self.remove_contacts(source, reply),
            Request::AddContact { number, name, company, note } => {
                return self.add_contact(&number, &name, &company, &note, reply);
            }
            Request::PinContact { number, contact } => return self.pin_contact(&number, &contact, reply),
            Request::AccountKinds {} => Ok(Reply::AccountKinds { kinds: view::account::kinds(self.file.kinds()) }),
            Request::TestAccount { test, draft } => self.test(test, &draft),
            Request::AddAccount { draft } => return self.add_account(&draft, reply),
            Request::SignIn { id, secret, session_only } => return self.sign_in(&id, secret, session_only, reply),
            Request::RemoveAccount { id } => return self.remove_account(&id, reply),
            Request::Reconnect { id } => {
                self.look_at_config();
                self.reconnect_all(id.as_deref());
                Ok(Reply::Done {})
            }
            Request::StartDemo {} => return self.start_demo(reply),
            Request::EndDemo {} => {
                self.end_demo();
                Ok(Reply::Done {})
            }
            Request::ImportConfig { text } => self.import_config(&text),
            Request::SetSettings { settings } => self.set_settings(&settings),
            Request::SetHotkey { action, keys } => self.set_hotkey(action, keys.as_deref()),
            Request::Favourite { line, on } => self.favourite(&line, on),
            Request::DismissNotice { id } => {
                self.unnotice(&id);
                Ok(Reply::Done {})
            }
            Request::Diagnostics {} => return self.diagnostics_asked(reply),
            Request::SupportBundle {} => return self.support_bundle_asked(reply),
            Request::Measured { name, ms } => {
                self.latencies.note_ms(&name, None, ms);
                Ok(Reply::Done {})
            }
            Request::Show { view, text } => {
                self.desktop.show(view, text.as_deref());
                self.publish(ApiEvent::Show { view, text });
                Ok(Reply::Done {})
            }
        };
        answer(reply, result);
    }

    fn lookup(&mut self, text: &str) -> Result<Reply, ApiError> {
        let nobody = AccountId::new("");
        let party = look_up_party(text, &self.dialling_plan(), &|digits| {
            self.engine.lines().any(|line| line.id.extension.as_str() == digits)
        })
        .map_err(|error| ApiError::from(Problem::from(error)))?;
        let (best, others, took_us) = self.who.hits(&nobody, &party);
        self.latencies.note_ms("lookup", None, f64::from(took_us) / 1e3);
        let shown = self.party_named(&nobody, &party);
        let number = shown.dial.unwrap_or_else(|| text.to_owned());
        Ok(Reply::Lookup { lookup: ringside_api::view::LookupView { number, best, others, took_us } })
    }
}

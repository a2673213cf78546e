//! Notes on calls as they are typed: here from the first key on, in the store as soon as it can write.

use std::collections::{BTreeMap, VecDeque};

use ringside_api::{ApiError, Reply};
use ringside_domain::{AccountId, CallId};
use ringside_store::CallRecord;

use super::inner::Write;
use super::{Actor, refuse};
use crate::view::call::card_id;

/// Cards that have gone and may still send the last of what was typed on them.
const LATE: usize = 20;

#[derive(Default)]
pub(super) struct Notes {
    /// By card: what the store has not confirmed yet.
    unwritten: BTreeMap<String, String>,
    gone: VecDeque<String>,
}

impl Notes {
    /// What was typed and is newer than what the store says.
    pub fn of(&self, card: &str) -> Option<String> {
        self.unwritten.get(card).cloned()
    }

    pub fn gone(&mut self, card: &str) {
        self.gone.push_back(card.to_owned());
        if self.gone.len() > LATE {
            self.gone.pop_front();
        }
    }
}

impl Actor {
    pub(super) fn card_note(&mut self, id: &str, note: String) -> Result<Reply, ApiError> {
        if !self.cards.is_up(id) && !self.cards.notes.gone.iter().any(|card| card == id) {
            return Err(refuse("no_card", "that card is gone", "Its call is in the history."));
        }
        let Some((account, call)) = id.split_once('/') else {
            return Err(refuse("no_card", "that card is gone", "Its call is in the history."));
        };
        if self.config.history.days == 0 {
            return Err(refuse(
                "no_history",
                "no history is kept, so a note has no place",
                "Choose in the settings how long calls are kept.",
            ));
        }
        if let Some(card) = self.cards.find(id) {
            card.note = Some(note.clone());
        }
        self.cards.notes.unwritten.insert(id.to_owned(), note.clone());
        self.write(Write::Note { account: AccountId::new(account), call: CallId::new(call), note });
        Ok(Reply::Done {})
    }

    pub(super) fn note_written(&mut self, id: &str, call: &CallRecord) {
        if self.cards.notes.unwritten.get(id) == Some(&call.note) {
            self.cards.notes.unwritten.remove(id);
        }
        self.publish_row(call);
    }

    /// The note stays on the card, which says that it is nowhere else.
    pub(super) fn note_refused(&mut self, id: &str) {
        self.cards.notes.unwritten.remove(id);
        let problem = refuse(
            "note_not_kept",
            "the history has no such call, so the note was not kept",
            "Copy it before the card goes.",
        );
        self.say_on_card(id, Some(&problem));
    }

    /// A note that was changed elsewhere, as in the history, unless the card's own is still to be written.
    pub(super) fn note_elsewhere(&mut self, call: &CallRecord) {
        let id = format!("{}/{}", call.account, call.call);
        if self.cards.notes.unwritten.contains_key(&id) {
            return;
        }
        let Some(card) = self.cards.find(&id).filter(|card| card.note.as_ref() != Some(&call.note)) else { return };
        card.note = Some(call.note.clone());
        let id = card_id(&card.leg);
        self.publish_card(&id);
    }
}

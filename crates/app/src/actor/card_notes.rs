//! Notes on calls as they are typed: here from the first key on, in the store as soon as it can write.

use std::collections::{BTreeMap, VecDeque};

use ringside_api::{ApiError, Reply};
use ringside_store::{CallKey, CallRecord};

use super::inner::Write;
use super::{Actor, refuse};

/// Cards that have gone and may still send the last of what was typed on them.
const LATE: usize = 20;

#[derive(Default)]
pub(super) struct Notes {
    /// What the store has not confirmed yet.
    unwritten: BTreeMap<CallKey, String>,
    gone: VecDeque<(String, CallKey)>,
}

impl Notes {
    /// What was typed and is newer than what the store says.
    pub fn of(&self, call: &CallKey) -> Option<String> {
        self.unwritten.get(call).cloned()
    }

    /// A late word to this card's id would be of another call.
    pub fn is_of_another(&self, card: &str, call: &CallKey) -> bool {
        self.gone.iter().any(|(gone, of)| gone == card && of != call)
    }

    pub fn gone(&mut self, card: &str, call: CallKey) {
        self.gone.push_back((card.to_owned(), call));
        if self.gone.len() > LATE {
            self.gone.pop_front();
        }
    }
}

impl Actor {
    /// Blanks around a note are none of it.
    pub(super) fn card_note(&mut self, id: &str, note: &str) -> Result<Reply, ApiError> {
        let note = note.trim().to_owned();
        let up = self.cards.find(id).map(|card| card.call.clone());
        let gone = || self.cards.notes.gone.iter().rev().find(|(card, _)| card == id).map(|(_, call)| call.clone());
        let Some(call) = up.or_else(gone) else {
            return Err(refuse("no_card", "this call card is closed", "Find its call in the history."));
        };
        if self.config.history.days == 0 {
            return Err(refuse(
                "no_history",
                "Ringside keeps no history, so notes can't be saved",
                "Choose under Settings how long to keep history.",
            ));
        }
        if let Some(card) = self.cards.find(id) {
            card.note = Some(note.clone());
        }
        self.cards.notes.unwritten.insert(call.clone(), note.clone());
        self.write(Write::Note { call, note });
        Ok(Reply::Done {})
    }

    pub(super) fn note_written(&mut self, call: &CallKey, row: &CallRecord) {
        if self.cards.notes.unwritten.get(call) == Some(&row.note) {
            self.cards.notes.unwritten.remove(call);
        }
        self.publish_row(row);
    }

    /// The note stays on the card, which says that it is nowhere else.
    pub(super) fn note_refused(&mut self, call: &CallKey) {
        self.cards.notes.unwritten.remove(call);
        let Some(id) = self.cards.of_call(call) else { return };
        let problem = refuse(
            "note_not_kept",
            "the note was not saved: the history has no such call",
            "Copy it before the card closes.",
        );
        self.show_problem(&id, Some(&problem));
    }

    /// A note that was changed elsewhere, as in the history, unless the card's own is still to be written.
    pub(super) fn note_elsewhere(&mut self, call: &CallRecord) {
        let Some(began) = call.began else { return };
        let key = CallKey { account: call.account.clone(), call: call.call.clone(), began };
        if self.cards.notes.unwritten.contains_key(&key) {
            return;
        }
        let Some(id) = self.cards.of_call(&key) else { return };
        let Some(card) = self.cards.find(&id).filter(|card| card.note.as_ref() != Some(&call.note)) else { return };
        card.note = Some(call.note.clone());
        let id = card.id.clone();
        self.publish_card(&id);
    }
}

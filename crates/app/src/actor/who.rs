//! Who a party is, for every view: one index over colleagues, imported contacts and the demo's.

use std::sync::Arc;

use ringside_api::view::{ContactView, HitView};
use ringside_directory::{Hit, Index, Listed, Match, SourceId};
use ringside_domain::{AccountId, CallerClass, Contact, Extension, Label, LineId, Party};
use ringside_store::StoredContact;
use tokio::time::Instant;

use crate::view::party::Named;

/// The demo's contacts are a source of their own, which is never stored.
const DEMO: &str = "demo";

#[derive(Default)]
pub(super) struct Who {
    index: Index,
    stored: Vec<String>,
}

/// Somebody to dial.
pub(super) struct Found {
    pub party: Party,
    pub line: Option<LineId>,
    pub name: Label,
    pub company: Label,
    pub vip: bool,
}

impl Who {
    pub fn extensions(&mut self, account: &AccountId, list: &[Extension]) {
        self.index.replace_extensions(account, list);
    }

    pub fn demo(&mut self, contacts: Vec<Contact>) {
        self.index.replace_source(&SourceId::new(DEMO), contacts);
    }

    /// Everything the store has, in place of what it had.
    pub fn contacts(&mut self, contacts: Vec<StoredContact>) {
        for source in std::mem::take(&mut self.stored) {
            self.index.remove_source(&SourceId::new(source));
        }
        let mut by_source: std::collections::BTreeMap<String, Vec<Listed>> = std::collections::BTreeMap::new();
        for stored in contacts {
            by_source.entry(stored.source).or_default().push(Listed {
                key: Arc::from(stored.key),
                contact: stored.contact,
                pinned: stored.pinned,
            });
        }
        for (source, listed) in by_source {
            self.index.replace_source(&SourceId::new(&source), listed);
            self.stored.push(source);
        }
    }

    pub fn class(&self, account: &AccountId, party: &Party) -> CallerClass {
        match party {
            Party::Withheld => CallerClass::Withheld,
            Party::Extension(_) => CallerClass::Internal,
            Party::Number(_) => self.index.lookup(party, Some(account)).class(),
            Party::Code(_) | Party::Unstated => CallerClass::Unknown,
        }
    }

    pub fn named(&self, account: &AccountId, party: &Party) -> Named {
        let Some(hit) = self.find(account, party).best else { return Named::default() };
        // A company entry has no person: its name is the company's and is shown once.
        let company = if hit.company == hit.name || hit.line.is_some() { Label::default() } else { hit.company };
        Named { name: hit.name, company }
    }

    /// Who it is taken for, everybody else, and how long that took in microseconds.
    pub fn hits(&self, account: &AccountId, party: &Party) -> (Option<HitView>, Vec<HitView>, u32) {
        let begun = Instant::now();
        let found = self.find(account, party);
        let took_us = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
        let rule = found.rule.code();
        let view = |hit: Hit| hit_view(hit, rule, took_us);
        (found.best.map(view), found.others.into_iter().map(view).collect(), took_us)
    }

    fn find(&self, account: &AccountId, party: &Party) -> Match {
        let account = (!account.as_str().is_empty()).then_some(account);
        self.index.lookup(party, account)
    }

    pub fn search(&self, text: &str, limit: usize) -> Vec<Found> {
        self.index
            .search(text, limit)
            .into_iter()
            .filter_map(|hit| {
                let party = match (&hit.line, &hit.number) {
                    (Some(line), _) => Party::Extension(line.extension.clone()),
                    (None, Some(number)) => Party::Number(number.clone()),
                    (None, None) => return None,
                };
                let company = if hit.company == hit.name { Label::default() } else { hit.company };
                Some(Found { party, line: hit.line, name: hit.name, company, vip: hit.vip })
            })
            .collect()
    }

    /// Contacts, without colleagues.
    pub fn contact_views(&self, text: &str, limit: usize) -> Vec<ContactView> {
        let mut views: Vec<ContactView> = Vec::new();
        for hit in self.index.search(text, limit.saturating_mul(3)).into_iter().filter(|hit| hit.line.is_none()) {
            let id = format!("{}#{}", hit.source, hit.key);
            let number = hit.number.as_ref().map(|number| number.e164().to_owned());
            let shown = hit.number.as_ref().map(|number| number.international());
            let same = views.iter_mut().find(|v| !hit.key.is_empty() && v.id == id && v.name == hit.name.as_str());
            if let Some(known) = same {
                if let Some(number) = number.filter(|number| !known.numbers.contains(number)) {
                    known.numbers.push(number);
                    known.numbers_shown.extend(shown);
                }
                continue;
            }
            if views.len() == limit {
                break;
            }
            views.push(ContactView {
                id,
                name: hit.name.as_str().to_owned(),
                company: if hit.company == hit.name { String::new() } else { hit.company.as_str().to_owned() },
                numbers: number.into_iter().collect(),
                numbers_shown: shown.into_iter().collect(),
                source: hit.source.as_str().to_owned(),
                vip: hit.vip,
                note: hit.note.as_str().to_owned(),
            });
        }
        views
    }
}

fn hit_view(hit: Hit, rule: &str, took_us: u32) -> HitView {
    HitView {
        contact: format!("{}#{}", hit.source, hit.key),
        company: if hit.company == hit.name { String::new() } else { hit.company.as_str().to_owned() },
        name: hit.name.as_str().to_owned(),
        number: match (&hit.number, &hit.line) {
            (Some(number), _) => number.international(),
            (None, Some(line)) => line.extension.as_str().to_owned(),
            (None, None) => String::new(),
        },
        source: hit.source.as_str().to_owned(),
        field: hit.field.as_str().to_owned(),
        rule: rule.to_owned(),
        took_us,
        vip: hit.vip,
        pinned: hit.pinned,
        note: hit.note.as_str().to_owned(),
    }
}

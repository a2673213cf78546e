//! Who a party is, for every view: one index over colleagues, imported contacts and the demo's.

use std::sync::Arc;

use ringside_api::view::{ContactSource, ContactView, HitView};
use ringside_directory::{Hit, Index, Listed, Match, Person, SourceId};
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
    pub similar: bool,
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
                Some(Found { party, line: hit.line, name: hit.name, company, vip: hit.vip, similar: hit.similar })
            })
            .collect()
    }

    /// Contacts, without colleagues, and how many match in all.
    pub fn contact_views(&self, text: &str, limit: usize) -> (Vec<ContactView>, usize) {
        let found = self.index.people(text, limit);
        let views = found.people.into_iter().enumerate().filter_map(|(at, person)| contact_view(at, person));
        (views.collect(), found.total)
    }

    /// Where contacts come from, without accounts.
    pub fn contact_sources(&self) -> Vec<ContactSource> {
        let sources =
            self.index.sources().filter(|(source, count)| *count > 0 && !source.as_str().starts_with("extensions:"));
        sources
            .map(|(source, count)| ContactSource {
                source: source.as_str().to_owned(),
                contacts: u32::try_from(count).unwrap_or(u32::MAX),
            })
            .collect()
    }
}

fn contact_view(at: usize, person: Person) -> Option<ContactView> {
    let numbers = || person.hits.iter().filter_map(|hit| hit.number.as_ref());
    let (e164, shown) = numbers().map(|number| (number.e164().to_owned(), number.international())).unzip();
    let hit = person.hits.into_iter().next()?;
    Some(ContactView {
        // The demo's contacts have no keys.
        id: if hit.key.is_empty() { format!("{}#{at}", hit.source) } else { format!("{}#{}", hit.source, hit.key) },
        name: hit.name.as_str().to_owned(),
        company: if hit.company == hit.name { String::new() } else { hit.company.as_str().to_owned() },
        numbers: e164,
        numbers_shown: shown,
        source: hit.source.as_str().to_owned(),
        vip: hit.vip,
        note: hit.note.as_str().to_owned(),
        initial: person.initial.to_string(),
        similar: hit.similar,
    })
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

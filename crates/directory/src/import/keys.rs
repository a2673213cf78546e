//! Keys for contacts of a source that has none.

use std::hash::{BuildHasher, BuildHasherDefault};

use ringside_domain::Contact;
use rustc_hash::{FxHashMap, FxHasher};

use crate::fold::fold;

/// A key for a contact of a source that has none: the same at the next import while name, company and first number
/// stay. Several contacts of a list may share it.
pub fn key_of(contact: &Contact) -> String {
    let number = contact.numbers.first().map_or("", |number| number.number.e164());
    format!("{}|{}|{number}", fold(contact.name.as_str()), fold(contact.company.as_str()))
}

/// Each contact with a key that no other of the list has. Those that share one, such as three people called Müller at
/// one switchboard, are told apart by all their numbers, whatever their order in the list is.
pub fn keyed(contacts: Vec<Contact>) -> Vec<(String, Contact)> {
    let mut sharing: FxHashMap<String, u32> = FxHashMap::default();
    for contact in &contacts {
        *sharing.entry(key_of(contact)).or_default() += 1;
    }
    let mut taken: FxHashMap<String, u32> = FxHashMap::default();
    contacts
        .into_iter()
        .map(|contact| {
            let mut key = key_of(&contact);
            if sharing.get(&key).is_some_and(|count| *count > 1) {
                for number in contact.numbers.iter().skip(1) {
                    key.push('|');
                    key.push_str(number.number.e164());
                }
                let before = taken.entry(key.clone()).or_default();
                *before += 1;
                if *before > 1 {
                    key.push_str(&format!("|#{before}"));
                }
            }
            (key, contact)
        })
        .collect()
}

/// The contacts so far, to find one that says the same again.
#[derive(Default)]
pub(super) struct Seen {
    by_hash: FxHashMap<u64, Vec<u32>>,
}

impl Seen {
    pub fn has(&self, contact: &Contact, among: &[Contact]) -> bool {
        let known = self.by_hash.get(&hash(contact)).into_iter().flatten();
        known.filter_map(|at| among.get(*at as usize)).any(|known| known == contact)
    }

    pub fn add(&mut self, contact: &Contact, at: usize) {
        self.by_hash.entry(hash(contact)).or_default().push(u32::try_from(at).unwrap_or(u32::MAX));
    }
}

fn hash(contact: &Contact) -> u64 {
    let number = contact.numbers.last().map(|number| &number.number);
    BuildHasherDefault::<FxHasher>::default().hash_one((&contact.name, &contact.company, number))
}

//! One source's entries, packed: 200,000 of them are an ordinary company's customers.

use std::sync::Arc;

use ringside_domain::{AccountId, Extension, ExtensionId, Label, LineId, PhoneNumber};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::fold::{behind_titles, fold, fold_umlauts};
use crate::hit::{Hit, SourceId};
use crate::index::Listed;
use crate::similar::Words as SimilarWords;

/// Ends a field within an entry's searchable text.
pub(crate) const FIELD_END: char = '\n';

pub(crate) struct Book {
    pub source: SourceId,
    entries: Vec<Entry>,
    numbers: Vec<Number>,
    /// Indices of `numbers`, by number.
    by_number: Vec<u32>,
    kinds: Vec<Label>,
    colleagues: Option<Colleagues>,
    /// What is searched: of each entry name, company, digits and the rest, each ended by [`FIELD_END`].
    pub haystack: String,
    /// Where each entry's text begins.
    pub starts: Vec<u32>,
    /// The entries from A to Z.
    pub alphabetical: Vec<u32>,
    pub words: SimilarWords,
}

struct Entry {
    key: Arc<str>,
    name: Label,
    company: Label,
    note: Label,
    first_number: u32,
    vip: bool,
    pinned: bool,
}

struct Number {
    /// The digits of E.164: at most 15, the first of them no zero, so that no two numbers are the same integer.
    digits: u64,
    entry: u32,
    kind: u16,
}

struct Colleagues {
    account: AccountId,
    extensions: Vec<ExtensionId>,
    by_extension: FxHashMap<ExtensionId, u32>,
}

impl Book {
    pub fn of_contacts(source: SourceId, listed: impl Iterator<Item = Listed>) -> Self {
        let mut book = Self::empty(source);
        let mut words = Words::default();
        for Listed { key, contact, pinned } in listed {
            let entry = book.entries.len() as u32;
            let first_number = book.numbers.len() as u32;
            for number in &contact.numbers {
                let kind = words.kind(number.kind.as_ref(), &mut book.kinds);
                book.numbers.push(Number { digits: integer(&number.number), entry, kind });
            }
            book.starts.push(book.haystack.len() as u32);
            book.add_text(if contact.name.is_empty() { &contact.company } else { &contact.name });
            book.add_text(&contact.company);
            let digits: Vec<&str> = contact.numbers.iter().map(|number| number.number.digits()).collect();
            book.add_field(&digits.join(" "));
            book.add_text(&contact.note);
            book.entries.push(Entry {
                key,
                name: words.shared(contact.name),
                company: words.shared(contact.company),
                note: words.shared(contact.note),
                first_number,
                vip: contact.vip,
                pinned,
            });
        }
        book.sorted()
    }

    pub fn of_extensions(source: SourceId, account: &AccountId, extensions: &[Extension]) -> Self {
        let mut book = Self::empty(source);
        let mut by_extension = FxHashMap::default();
        for extension in extensions {
            by_extension.insert(extension.id.clone(), book.entries.len() as u32);
            book.starts.push(book.haystack.len() as u32);
            book.add_text(&extension.name);
            book.add_text(extension.group.as_ref().unwrap_or(&Label::default()));
            book.add_field(&fold(extension.id.as_str()));
            book.add_text(extension.email.as_ref().unwrap_or(&Label::default()));
            book.entries.push(Entry {
                key: Arc::from(extension.id.as_str()),
                name: extension.name.clone(),
                company: extension.group.clone().unwrap_or_default(),
                note: Label::default(),
                first_number: 0,
                vip: false,
                pinned: false,
            });
        }
        book.colleagues = Some(Colleagues {
            account: account.clone(),
            extensions: extensions.iter().map(|extension| extension.id.clone()).collect(),
            by_extension,
        });
        book.sorted()
    }

    fn empty(source: SourceId) -> Self {
        Self {
            source,
            entries: Vec::new(),
            numbers: Vec::new(),
            by_number: Vec::new(),
            kinds: vec![Label::default()],
            colleagues: None,
            haystack: String::new(),
            starts: Vec::new(),
            alphabetical: Vec::new(),
            words: SimilarWords::default(),
        }
    }

    fn sorted(mut self) -> Self {
        self.by_number = (0..self.numbers.len() as u32).collect();
        let numbers = &self.numbers;
        self.by_number.sort_unstable_by_key(|at| (numbers[*at as usize].digits, *at));
        self.entries.shrink_to_fit();
        self.numbers.shrink_to_fit();
        self.haystack.shrink_to_fit();
        let texts = || (0..self.len() as u32).map(|entry| self.text(entry));
        let words = SimilarWords::of(texts());
        let mut alphabetical: Vec<(&str, u32)> =
            (0..self.len() as u32).map(|entry| (self.filed_under(entry), entry)).collect();
        alphabetical.sort_unstable();
        self.alphabetical = alphabetical.into_iter().map(|(_, entry)| entry).collect();
        self.words = words;
        self
    }

    /// Folded, and once more as spelt without umlauts.
    fn add_text(&mut self, text: &Label) {
        let mut folded = fold(text.as_str());
        if let Some(spelt) = fold_umlauts(text.as_str()) {
            folded.push(' ');
            folded.push_str(&spelt);
        }
        self.add_field(&folded);
    }

    fn add_field(&mut self, text: &str) {
        self.haystack.push_str(text);
        self.haystack.push(FIELD_END);
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn account(&self) -> Option<&AccountId> {
        self.colleagues.as_ref().map(|colleagues| &colleagues.account)
    }

    pub fn pin(&mut self, key: &str, pinned: bool) -> bool {
        let found = self.entries.iter_mut().filter(|entry| &*entry.key == key && !key.is_empty());
        found.map(|entry| entry.pinned = pinned).count() > 0
    }

    /// All entries with exactly this number.
    pub fn by_number(&self, digits: u64) -> Vec<Hit> {
        self.at_number(digits).map(|number| self.hit(number.entry, Some(number))).collect()
    }

    /// All companies whose main line this number is: entries without a person, and numbers called so.
    pub fn companies_by_main_line(&self, digits: u64) -> Vec<Hit> {
        self.at_number(digits)
            .filter(|number| {
                let entry = &self.entries[number.entry as usize];
                entry.name.is_empty() || is_main_line(&self.kinds[usize::from(number.kind)])
            })
            .map(|number| self.hit(number.entry, Some(number)))
            .collect()
    }

    pub fn by_extension(&self, extension: &ExtensionId) -> Option<Hit> {
        let entry = *self.colleagues.as_ref()?.by_extension.get(extension)?;
        Some(self.hit(entry, None))
    }

    /// The entry once for each of its numbers that the digits occur in; once with its first where they occur in none.
    pub fn hits(&self, entry: u32, digits: Option<&str>) -> Vec<Hit> {
        let numbers = self.numbers_of(entry);
        let matching: Vec<Hit> = numbers
            .iter()
            .filter(|number| digits.is_none_or(|digits| number.digits.to_string().contains(digits)))
            .map(|number| self.hit(entry, Some(number)))
            .collect();
        if matching.is_empty() { vec![self.hit(entry, numbers.first())] } else { matching }
    }

    /// The folded text of an entry.
    pub fn text(&self, entry: u32) -> &str {
        let start = self.starts[entry as usize] as usize;
        let end = self.starts.get(entry as usize + 1).map_or(self.haystack.len(), |end| *end as usize);
        &self.haystack[start..end]
    }

    /// The text of an entry from the word on by which it is filed: behind a person's titles, which are a part of a
    /// company's name.
    pub fn filed_under(&self, entry: u32) -> &str {
        let text = self.text(entry);
        if self.entries[entry as usize].name.is_empty() { text } else { behind_titles(text) }
    }

    fn at_number(&self, digits: u64) -> impl Iterator<Item = &Number> {
        let first = self.by_number.partition_point(|at| self.numbers[*at as usize].digits < digits);
        let numbers = self.by_number[first..].iter().map(|at| &self.numbers[*at as usize]);
        numbers.take_while(move |number| number.digits == digits)
    }

    fn numbers_of(&self, entry: u32) -> &[Number] {
        let first = self.entries[entry as usize].first_number as usize;
        let end = self.entries.get(entry as usize + 1).map_or(self.numbers.len(), |next| next.first_number as usize);
        &self.numbers[first..end]
    }

    fn hit(&self, at: u32, number: Option<&Number>) -> Hit {
        let entry = &self.entries[at as usize];
        let line = self.colleagues.as_ref().map(|colleagues| LineId {
            account: colleagues.account.clone(),
            extension: colleagues.extensions[at as usize].clone(),
        });
        let named = if line.is_some() { Label::new("extension") } else { Label::default() };
        Hit {
            source: self.source.clone(),
            key: entry.key.clone(),
            name: if entry.name.is_empty() { entry.company.clone() } else { entry.name.clone() },
            company: entry.company.clone(),
            number: number.and_then(|number| PhoneNumber::from_e164(&format!("+{}", number.digits)).ok()),
            field: number.map_or(named, |number| self.kinds[usize::from(number.kind)].clone()),
            line,
            vip: entry.vip,
            note: entry.note.clone(),
            pinned: entry.pinned,
            similar: false,
        }
    }
}

pub(crate) fn integer(number: &PhoneNumber) -> u64 {
    number.digits().bytes().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'))
}

fn is_main_line(kind: &Label) -> bool {
    const WORDS: [&str; 8] =
        ["main", "zentrale", "hauptnummer", "switchboard", "standard", "centrale", "company", "firma"];
    !kind.is_empty() && fold(kind.as_str()).split(' ').any(|word| WORDS.contains(&word))
}

/// Keeps one copy of each company, note and kind while a book is packed.
#[derive(Default)]
struct Words {
    seen: FxHashSet<Label>,
    kinds: FxHashMap<Label, u16>,
}

impl Words {
    fn shared(&mut self, label: Label) -> Label {
        if let Some(known) = self.seen.get(&label) {
            return known.clone();
        }
        self.seen.insert(label.clone());
        label
    }

    /// The number of a kind in `kinds`; kinds beyond what a `u16` counts have no name.
    fn kind(&mut self, kind: Option<&Label>, kinds: &mut Vec<Label>) -> u16 {
        let Some(kind) = kind.filter(|kind| !kind.is_empty()) else { return 0 };
        if let Some(known) = self.kinds.get(kind) {
            return *known;
        }
        let Ok(next) = u16::try_from(kinds.len()) else { return 0 };
        kinds.push(kind.clone());
        self.kinds.insert(kind.clone(), next);
        next
    }
}

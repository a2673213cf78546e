//! Search as somebody types, for the dial palette.

use std::cmp::{Ordering, Reverse};

use memchr::memmem::Finder;

use crate::book::{Book, FIELD_END};
use crate::fold::fold;
use crate::hit::Hit;
use crate::index::Index;

/// Longer texts are cut.
const MAX_CHARS: usize = 80;

impl Index {
    /// Colleagues and contacts in whom every word of the text occurs: in name, company or group, numbers, e-mail address
    /// or note. Beginnings of words rank first. An entry with several numbers is found once for each of them that fits.
    pub fn search(&self, text: &str, limit: usize) -> Vec<Hit> {
        let query = Query::of(text);
        let finders: Vec<Finder<'_>> = query.words.iter().map(|word| Finder::new(word.as_bytes())).collect();
        let Some((rarest, others)) = finders.split_first() else { return Vec::new() };
        let mut best = Best { index: self, limit, found: Vec::new(), worst: None };
        for (rank, book) in self.books.iter().enumerate() {
            for entry in entries_with(book, rarest) {
                // The other words first: most entries lack one of them.
                let mut words = others.iter().chain([rarest]);
                let score = words.try_fold(0, |worst: u8, word| Some(worst.max(score(book.text(entry), word)?)));
                if let Some(score) = score {
                    best.offer(Candidate { score, rank, entry });
                }
            }
        }
        best.sorted()
            .into_iter()
            .flat_map(|found| self.books[found.rank].hits(found.entry, query.digits()))
            .take(limit)
            .collect()
    }
}

struct Query {
    /// The longest, and so perhaps the rarest, first.
    words: Vec<String>,
    is_number: bool,
}

impl Query {
    /// A text of digits and separators is one number, whose prefixes are taken off: `0221 66` and `+49 221 66` both
    /// occur in `4922166…`.
    fn of(text: &str) -> Self {
        let text: String = text.chars().take(MAX_CHARS).collect();
        let folded = fold(&text);
        let is_number = !folded.is_empty() && folded.chars().all(|c| c.is_ascii_digit() || c == ' ');
        if !is_number {
            let words = folded.split(' ').filter(|word| !word.is_empty());
            let mut words: Vec<String> = words.map(|word| without_zeros(word).to_owned()).collect();
            words.sort_by_key(|word| Reverse(word.len()));
            return Self { words, is_number };
        }
        let without_zero = text.replace("(0)", "");
        let digits: String = fold(&without_zero).chars().filter(char::is_ascii_digit).collect();
        let digits = without_zeros(&digits);
        Self { words: if digits.is_empty() { Vec::new() } else { vec![digits.to_owned()] }, is_number }
    }

    fn digits(&self) -> Option<&str> {
        self.words.first().filter(|_| self.is_number).map(String::as_str)
    }
}

/// Digits without the zeros that stand for a trunk prefix or a `+`; anything else as it is.
fn without_zeros(word: &str) -> &str {
    let significant = word.trim_start_matches('0');
    let is_number = !significant.is_empty() && significant.bytes().all(|b| b.is_ascii_digit());
    if is_number { significant } else { word }
}

/// How well a word fits an entry, the smaller the better; `None` where it does not occur. It begins the name 0, a word
/// of the name 1, of the company 2, a number 3; it stands within the name 4, the company 5, a number 6; it begins a
/// word of the rest 7, or stands within it 8.
fn score(text: &str, word: &Finder<'_>) -> Option<u8> {
    const BEGINS: [u8; 4] = [1, 2, 3, 7];
    const WITHIN: [u8; 4] = [4, 5, 6, 8];
    let text = text.as_bytes();
    let (mut best, mut field, mut counted) = (None, 0, 0);
    for at in word.find_iter(text) {
        field += text[counted..at].iter().filter(|b| **b == FIELD_END as u8).count();
        counted = at;
        if best.is_some_and(|best| best <= BEGINS[field.min(3)]) {
            break;
        }
        let begins = at == 0 || matches!(text[at - 1], b' ' | b'\n');
        let score = match (begins, at) {
            (true, 0) => return Some(0),
            (true, _) => BEGINS[field.min(3)],
            (false, _) => WITHIN[field.min(3)],
        };
        best = Some(best.map_or(score, |best: u8| best.min(score)));
    }
    best
}

/// The entries in whose text the word occurs, each once.
fn entries_with<'a>(book: &'a Book, word: &'a Finder<'a>) -> impl Iterator<Item = u32> {
    let haystack = book.haystack.as_bytes();
    let (mut at, mut next) = (0, 0);
    std::iter::from_fn(move || {
        let found = at + word.find(haystack.get(at..)?)?;
        // A common word is in one of the next entries, a rare one is far behind.
        let rest = &book.starts[next..];
        let near = &rest[..rest.len().min(16)];
        let is_near = near.last().is_some_and(|start| *start as usize > found);
        next += if is_near { near } else { rest }.partition_point(|start| *start as usize <= found);
        at = book.starts.get(next).map_or(haystack.len(), |start| *start as usize);
        Some(next as u32 - 1)
    })
}

#[derive(Clone, Copy)]
struct Candidate {
    score: u8,
    rank: usize,
    entry: u32,
}

/// Keeps the best of many candidates: by score, then source, then name.
struct Best<'a> {
    index: &'a Index,
    limit: usize,
    found: Vec<Candidate>,
    /// Nobody behind this one is among the best.
    worst: Option<Candidate>,
}

impl Best<'_> {
    fn offer(&mut self, candidate: Candidate) {
        if self.worst.is_some_and(|worst| self.order(&candidate, &worst).is_ge()) {
            return;
        }
        self.found.push(candidate);
        if self.found.len() >= self.limit.saturating_mul(2).max(64) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        let mut found = std::mem::take(&mut self.found);
        if self.limit < found.len() {
            let (_, worst, _) = found.select_nth_unstable_by(self.limit, |a, b| self.order(a, b));
            self.worst = Some(*worst);
            found.truncate(self.limit);
        }
        self.found = found;
    }

    fn sorted(mut self) -> Vec<Candidate> {
        self.cut();
        let mut found = std::mem::take(&mut self.found);
        found.sort_unstable_by(|a, b| self.order(a, b));
        found
    }

    fn order(&self, a: &Candidate, b: &Candidate) -> Ordering {
        let name = |at: &Candidate| self.index.books[at.rank].text(at.entry);
        (a.score, a.rank).cmp(&(b.score, b.rank)).then_with(|| name(a).cmp(name(b))).then(a.entry.cmp(&b.entry))
    }
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;

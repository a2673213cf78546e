//! Search as somebody types, for the dial palette.

use std::cmp::{Ordering, Reverse};

use memchr::memmem::Finder;

use crate::book::{Book, FIELD_END};
use crate::fold::fold;
use crate::hit::{Hit, People, Person};
use crate::index::Index;
use crate::similar::UNLIKE;

/// Longer texts are cut.
const MAX_CHARS: usize = 80;

/// From this score on words are only like the ones that were typed.
const SIMILAR: u8 = 16;

impl Index {
    /// Colleagues and contacts in whom every word of the text occurs: in name, company or group, numbers, e-mail address
    /// or note. Beginnings of words rank first; behind all of them come those whose names are like it, by a letter in
    /// five or by their sound. An entry with several numbers is found once for each of them that fits.
    pub fn search(&self, text: &str, limit: usize) -> Vec<Hit> {
        let query = Query::of(text);
        let (found, _) = self.found(&query, limit, |_| true);
        found.into_iter().flat_map(|found| self.hits(found, &query)).take(limit).collect()
    }

    /// Contacts as [`Index::search`] finds them, each once with the numbers that fit; all from A to Z where no text is
    /// given.
    pub fn people(&self, text: &str, limit: usize) -> People {
        if text.trim().is_empty() {
            return self.alphabetical(limit);
        }
        let query = Query::of(text);
        let (found, total) = self.found(&query, limit, |book| book.account().is_none());
        let people = found.into_iter().map(|found| self.person(self.hits(found, &query), found.rank, found.entry));
        People { people: people.collect(), total }
    }

    fn alphabetical(&self, limit: usize) -> People {
        let mut heads: Vec<(usize, &Book, &[u32])> = Vec::new();
        for (rank, book) in self.books.iter().enumerate().filter(|(_, book)| book.account().is_none()) {
            heads.push((rank, book, &book.alphabetical));
        }
        let total = heads.iter().map(|(_, _, entries)| entries.len()).sum();
        let mut people = Vec::new();
        while people.len() < limit {
            let texts = heads
                .iter_mut()
                .filter_map(|head| head.2.first().copied().map(|entry| (head.1.filed_under(entry), head, entry)));
            let Some((_, head, entry)) = texts.min_by_key(|(text, ..)| *text) else { break };
            people.push(self.person(head.1.hits(entry, None), head.0, entry));
            head.2 = &head.2[1..];
        }
        People { people, total }
    }

    fn person(&self, hits: Vec<Hit>, rank: usize, entry: u32) -> Person {
        let first = self.books[rank].filed_under(entry).chars().next();
        let initial = first.filter(|c| c.is_alphabetic()).and_then(|c| c.to_uppercase().next()).unwrap_or('#');
        Person { hits, initial }
    }

    fn hits(&self, found: Candidate, query: &Query) -> Vec<Hit> {
        let mut hits = self.books[found.rank].hits(found.entry, query.digits());
        hits.iter_mut().for_each(|hit| hit.similar = found.score >= SIMILAR);
        hits
    }

    /// The best of the books, and how many there are in all. Similar ones are looked for where there is room.
    fn found(&self, query: &Query, limit: usize, wanted: impl Fn(&Book) -> bool) -> (Vec<Candidate>, usize) {
        let finders: Vec<Finder<'_>> = query.words.iter().map(|word| Finder::new(word.as_bytes())).collect();
        let Some((rarest, others)) = finders.split_first() else { return (Vec::new(), 0) };
        let mut best = Best { index: self, limit, found: Vec::new(), worst: None };
        let mut total = 0;
        let books = || self.books.iter().enumerate().filter(|(_, book)| wanted(book));
        for (rank, book) in books() {
            for entry in entries_with(book, rarest) {
                // The other words first: most entries lack one of them.
                let mut words = others.iter().chain([rarest]);
                let score = words.try_fold(0, |worst: u8, word| Some(worst.max(score(book.text(entry), word)?)));
                if let Some(score) = score {
                    total += 1;
                    best.offer(Candidate { score, rank, entry });
                }
            }
        }
        if total < limit && !query.is_number {
            for (rank, book) in books() {
                for (entry, unlike) in similar(book, query, &finders) {
                    total += 1;
                    best.offer(Candidate { score: SIMILAR.saturating_add(unlike), rank, entry });
                }
            }
        }
        (best.sorted(), total)
    }
}

/// The entries that have each word or one like it, and how unlike they are; those that have every word are left out.
fn similar(book: &Book, query: &Query, finders: &[Finder<'_>]) -> Vec<(u32, u8)> {
    let like: Vec<Option<Vec<u8>>> = query.words.iter().map(|word| book.words.like(word, book.len())).collect();
    if like.iter().all(Option::is_none) {
        return Vec::new();
    }
    let unlike = |entry: usize, at: usize| like[at].as_ref().map_or(UNLIKE, |like| like[entry]);
    (0..book.len())
        .filter(|entry| (0..like.len()).any(|at| unlike(*entry, at) != UNLIKE))
        .filter_map(|entry| {
            let text = book.text(entry as u32).as_bytes();
            let mut sum = 0_u8;
            for (at, finder) in finders.iter().enumerate() {
                if finder.find(text).is_some() {
                    continue;
                }
                match unlike(entry, at) {
                    UNLIKE => return None,
                    unlike => sum = sum.saturating_add(unlike),
                }
            }
            (sum > 0).then_some((entry as u32, sum))
        })
        .collect()
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
        let name = |at: &Candidate| self.index.books[at.rank].filed_under(at.entry);
        (a.score, a.rank).cmp(&(b.score, b.rank)).then_with(|| name(a).cmp(name(b))).then(a.entry.cmp(&b.entry))
    }
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;

//! The words of a source, to find those that are nearly what was typed.

use memchr::memmem::Finder;
use rustc_hash::FxHashMap;

use crate::book::FIELD_END;
use crate::sound::{letters, sound};

/// Shorter words are found as they are typed or not at all.
const SHORTEST: usize = 3;
const LONGEST: usize = 40;

/// Nobody here has the word, or one like it.
pub(crate) const UNLIKE: u8 = u8::MAX;

/// The different words of names and companies, with who has each.
#[derive(Default)]
pub(crate) struct Words {
    words: Vec<Word>,
    /// The letters and the sound of each word, one behind the other.
    text: Vec<u8>,
    /// Entries, word by word.
    entries: Vec<u32>,
}

struct Word {
    start: u32,
    letters: u8,
    sounds: u8,
    /// Which letters occur, to pass over most words without a look at them.
    has_letters: u32,
    has_sounds: u32,
    /// Where its entries begin.
    first: u32,
}

impl Words {
    /// `texts` are the folded texts of the entries.
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut words = Self::default();
        let mut known: FxHashMap<&str, Option<u32>> = FxHashMap::default();
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (entry, text) in texts.enumerate() {
            for word in text.split(FIELD_END).take(2).flat_map(|field| field.split(' ')) {
                if let Some(word) = *known.entry(word).or_insert_with(|| words.add(word)) {
                    pairs.push((word, entry as u32));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        for (at, word) in words.words.iter_mut().enumerate() {
            word.first = pairs.partition_point(|(word, _)| *word < at as u32) as u32;
        }
        words.entries = pairs.into_iter().map(|(_, entry)| entry).collect();
        words
    }

    fn add(&mut self, word: &str) -> Option<u32> {
        let letters = letters(word).filter(|letters| (SHORTEST..=LONGEST).contains(&letters.len()))?;
        if letters.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let sounds = sound(word)?;
        self.words.push(Word {
            start: u32::try_from(self.text.len()).ok()?,
            letters: letters.len() as u8,
            sounds: sounds.len() as u8,
            has_letters: occurring(&letters),
            has_sounds: occurring(&sounds),
            first: 0,
        });
        self.text.extend(letters);
        self.text.extend(sounds);
        Some(self.words.len() as u32 - 1)
    }

    /// For each entry how unlike the typed word its likest word is, or [`UNLIKE`]; words that the typed one occurs in
    /// are left out. `None` where nobody has a word like it.
    pub fn like(&self, typed: &str, entries: usize) -> Option<Vec<u8>> {
        let letters = letters(typed).filter(|letters| (SHORTEST..=LONGEST).contains(&letters.len()))?;
        if letters.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let sounds = sound(typed)?;
        let (has_letters, has_sounds) = (occurring(&letters), occurring(&sounds));
        let (edits, sound_edits) = (edits(letters.len()), edits(sounds.len()));
        let finder = Finder::new(&letters);
        let mut like: Option<Vec<u8>> = None;
        for (at, word) in self.words.iter().enumerate() {
            let spoken = (has_sounds & !word.has_sounds).count_ones() <= sound_edits;
            let written = edits > 0 && (has_letters & !word.has_letters).count_ones() <= edits;
            if !spoken && !written {
                continue;
            }
            let (known, known_sounds) = self.text_of(word);
            let by_sound = if spoken { distance(&sounds, known_sounds, sound_edits) } else { None };
            let by_letters = if written { distance(&letters, known, edits) } else { None };
            // An edit more is worse than a word that goes on; the same sound is better than a letter less.
            let cost = match (by_sound, by_letters) {
                (Some(sound), Some(letters)) => sound.min(letters + 1),
                (Some(sound), None) => sound,
                (None, Some(letters)) => letters + 1,
                (None, None) => continue,
            };
            if finder.find(known).is_some() {
                continue;
            }
            let like = like.get_or_insert_with(|| vec![UNLIKE; entries]);
            let end = self.words.get(at + 1).map_or(self.entries.len(), |next| next.first as usize);
            for entry in &self.entries[word.first as usize..end] {
                let known = &mut like[*entry as usize];
                *known = (*known).min(cost);
            }
        }
        like
    }

    fn text_of(&self, word: &Word) -> (&[u8], &[u8]) {
        let middle = word.start as usize + usize::from(word.letters);
        (&self.text[word.start as usize..middle], &self.text[middle..middle + usize::from(word.sounds)])
    }
}

/// One wrong, missing, extra or swapped letter for every five.
fn edits(letters: usize) -> u32 {
    (letters / 5).min(2) as u32
}

fn occurring(letters: &[u8]) -> u32 {
    letters.iter().fold(0, |has, letter| has | 1 << (letter & 31))
}

/// Four for every edit, and one more where the word goes on behind what was typed; `None` beyond so many edits.
fn distance(typed: &[u8], word: &[u8], edits: u32) -> Option<u8> {
    let goes_on = |at: usize| u8::from(at < word.len());
    if edits == 0 {
        return word.starts_with(typed).then(|| 1 + goes_on(typed.len()));
    }
    let most = edits as usize;
    let word_len = word.len().min(typed.len() + most);
    if word_len + most < typed.len() {
        return None;
    }
    // Rows of the usual table, of the two letters before and of this one.
    let mut rows = [[0_u8; LONGEST + 4]; 3];
    for (at, cell) in rows[0].iter_mut().enumerate() {
        *cell = at as u8;
    }
    for (i, letter) in typed.iter().enumerate() {
        let (now, before, earlier) = ((i + 1) % 3, i % 3, (i + 2) % 3);
        rows[now][0] = i as u8 + 1;
        for j in 1..=word_len {
            let other = word[j - 1];
            let mut cost =
                (rows[before][j - 1] + u8::from(*letter != other)).min(rows[before][j] + 1).min(rows[now][j - 1] + 1);
            if i > 0 && j > 1 && *letter == word[j - 2] && typed[i - 1] == other {
                cost = cost.min(rows[earlier][j - 2] + 1);
            }
            rows[now][j] = cost;
        }
    }
    let last = &rows[typed.len() % 3];
    let found = (0..=word_len).map(|at| (last[at], goes_on(at))).min()?;
    (u32::from(found.0) <= edits).then(|| 1 + found.0 * 4 + found.1)
}

//! What a service sent that its adapter does not know, counted once a kind.

use std::sync::{Mutex, MutexGuard, PoisonError};

use ringside_telephony::Oddity;
use ringside_transport::redact;

/// A service that sends new words without end must not fill the memory.
const MOST: usize = 100;
const WORD_CHARS: usize = 60;
const EXCERPT_CHARS: usize = 300;

/// Shared by all parts of an account. A kind that is new is also logged, once.
#[derive(Debug, Default)]
pub struct Oddities {
    seen: Mutex<Vec<Oddity>>,
}

impl Oddities {
    /// A word we do not know, such as a new call state: each word is a kind of its own.
    pub fn word(&self, place: &str, word: &str) {
        let excerpt = redact::excerpt(word, WORD_CHARS);
        self.count(place, excerpt, |known, excerpt| known.excerpt == excerpt);
    }

    /// A payload we cannot use: the place alone is the kind, and the first one is kept.
    pub fn payload(&self, place: &str, payload: &str) {
        self.count(place, redact::excerpt(payload, EXCERPT_CHARS), |_, _| true);
    }

    /// All kinds, newest last.
    pub fn list(&self) -> Vec<Oddity> {
        self.lock().clone()
    }

    fn count(&self, place: &str, excerpt: String, same: impl Fn(&Oddity, &str) -> bool) {
        let mut seen = self.lock();
        if let Some(known) = seen.iter_mut().find(|known| known.place == place && same(known, &excerpt)) {
            known.count += 1;
            return;
        }
        if seen.len() >= MOST {
            return;
        }
        tracing::warn!(place, %excerpt, "the service sent something unknown; it is tolerated");
        seen.push(Oddity { place: place.to_owned(), excerpt, count: 1 });
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Oddity>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_kept_once_and_counted() {
        let oddities = Oddities::default();
        oddities.word("calls.state", "park");
        oddities.word("calls.state", "park");
        oddities.word("calls.state", "camp-on");
        oddities.payload("calls", "{\"a\":");
        oddities.payload("calls", "garbage");
        let list = oddities.list();
        let counts: Vec<_> = list.iter().map(|it| (it.place.as_str(), it.excerpt.as_str(), it.count)).collect();
        assert_eq!(counts, [("calls.state", "park", 2), ("calls.state", "camp-on", 1), ("calls", "{\"a\":", 2)]);
    }

    #[test]
    fn endless_new_words_do_not_fill_the_memory_and_secrets_stay_out() {
        let oddities = Oddities::default();
        for n in 0..10_000 {
            oddities.word("x", &format!("word{n}"));
        }
        assert_eq!(oddities.list().len(), MOST);
        let oddities = Oddities::default();
        oddities.payload("login", r#"{"password":"canary-7f3a","n":"+49301234567"}"#);
        let shown = format!("{:?}", oddities.list());
        assert!(!shown.contains("canary") && !shown.contains("1234567"), "{shown}");
    }
}

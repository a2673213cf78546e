//! The index over all sources.

use std::sync::Arc;

use ringside_domain::{AccountId, Contact, Extension};

use crate::book::Book;
use crate::hit::SourceId;

/// Everybody who is known locally. Colleagues rank before contacts, and sources in the order they first came.
#[derive(Default)]
pub struct Index {
    pub(crate) books: Vec<Book>,
}

/// A contact as its source lists it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Unique within the source, and the same after the next import; empty where nothing refers to it.
    pub key: Arc<str>,
    pub contact: Contact,
    /// The user prefers this one where several share a number.
    pub pinned: bool,
}

impl From<Contact> for Listed {
    fn from(contact: Contact) -> Self {
        Self { key: Arc::from(""), contact, pinned: false }
    }
}

impl Index {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the source's whole list in place of what it had. A source keeps its rank.
    pub fn replace_source<L: Into<Listed>>(&mut self, source: &SourceId, listed: impl IntoIterator<Item = L>) {
        self.put(Book::of_contacts(source.clone(), listed.into_iter().map(Into::into)));
    }

    /// Takes an account's whole list of extensions. Their source is `extensions:<account>`.
    pub fn replace_extensions(&mut self, account: &AccountId, extensions: &[Extension]) {
        let source = SourceId::new(format!("extensions:{account}"));
        self.put(Book::of_extensions(source, account, extensions));
    }

    pub fn remove_source(&mut self, source: &SourceId) {
        self.books.retain(|book| book.source != *source);
    }

    /// Prefers an entry where several share a number, or no longer. `false` where the source has no such key.
    pub fn pin(&mut self, source: &SourceId, key: &str, pinned: bool) -> bool {
        self.books.iter_mut().filter(|book| book.source == *source).any(|book| book.pin(key, pinned))
    }

    /// The sources by rank, with how many entries each has.
    pub fn sources(&self) -> impl Iterator<Item = (&SourceId, usize)> {
        self.books.iter().map(|book| (&book.source, book.len()))
    }

    fn put(&mut self, book: Book) {
        if let Some(known) = self.books.iter_mut().find(|known| known.source == book.source) {
            *known = book;
            return;
        }
        let colleagues = self.books.iter().take_while(|known| known.account().is_some()).count();
        let at = if book.account().is_some() { colleagues } else { self.books.len() };
        self.books.insert(at, book);
    }
}

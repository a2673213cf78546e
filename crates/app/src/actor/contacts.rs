//! Contacts: searched in memory, imported and kept by the store.

use std::io::Cursor;

use base64::Engine as _;
use ringside_api::view::{ImportReport, SkippedRow};
use ringside_api::{ApiError, Reply};
use ringside_directory::{import_csv, key_of};
use ringside_domain::{Contact, ContactNumber, Label, PhoneNumber, Problem};
use ringside_store::Store;

use super::inner::{Inner, ReplyTo};
use super::{Actor, answer, refuse};
use crate::config::lay_over;

/// Longest file taken, bytes.
const MAX_FILE: usize = 64 * 1024 * 1024;

/// The source of contacts that the user made here.
const OWN: &str = "own";

/// Rows left out that are told one by one.
const TOLD: usize = 100;

impl Actor {
    pub(super) fn contacts(&self, text: &str, limit: usize) -> Reply {
        Reply::Contacts { contacts: self.who.contact_views(text, limit) }
    }

    /// Reads the file beside the actor and replaces the source of that name.
    pub(super) fn import_contacts(&self, name: &str, data: &str, reply: ReplyTo) {
        if data.len() > MAX_FILE / 3 * 4 {
            let error = refuse("import_too_large", "the file is larger than 64 MB", "Split it.");
            return answer(reply, Err(error));
        }
        let Ok(bytes) = base64::engine::general_purpose::STANDARD.decode(data) else {
            return answer(reply, Err(refuse("bad_request", "the file did not arrive whole", "Choose it again.")));
        };
        let source = format!("csv:{}", Label::new(name));
        let (plan, store, inner) = (self.own_plan(), self.store.clone(), self.inner.clone());
        self.later(reply, async move {
            let read = tokio::task::spawn_blocking(move || import_csv(Cursor::new(bytes), &plan)).await;
            let read =
                read.map_err(|_| refuse("import_failed", "the file could not be read", "Save it as CSV again."))?;
            let read = read.map_err(|error| ApiError::from(Problem::from(&error)))?;
            let contacts: Vec<_> = read.contacts.into_iter().map(|contact| (key_of(&contact), contact)).collect();
            store.replace_source(&source, &contacts).await.map_err(|error| ApiError::from(error.problem()))?;
            reload(&store, &inner).await?;
            let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let report = ImportReport {
                source,
                contacts: count(contacts.len()),
                numbers: count(contacts.iter().map(|(_, contact)| contact.numbers.len()).sum()),
                skipped: read
                    .skipped
                    .iter()
                    .take(TOLD)
                    .map(|row| SkippedRow {
                        line: u32::try_from(row.line).unwrap_or(u32::MAX),
                        reason: row.reason.message(),
                    })
                    .collect(),
                skipped_total: count(read.skipped_count),
            };
            Ok(Reply::Import { report })
        });
    }

    pub(super) fn remove_contacts(&self, source: String, reply: ReplyTo) {
        let (store, inner) = (self.store.clone(), self.inner.clone());
        self.later(reply, async move {
            let removed = store.remove_source(&source).await.map_err(|error| ApiError::from(error.problem()))?;
            if removed == 0 {
                return Err(refuse("not_found", "there is no such import", "See the list of contacts."));
            }
            reload(&store, &inner).await?;
            Ok(Reply::Done {})
        });
    }

    /// Adds to, or corrects in, the user's own contacts.
    pub(super) fn add_contact(&self, number: &str, name: &str, company: &str, note: &str, reply: ReplyTo) {
        let number = match PhoneNumber::from_e164(number) {
            Ok(number) => number,
            Err(error) => return answer(reply, Err(refuse("bad_number", error.to_string(), "Give it as +49…"))),
        };
        let contact = Contact {
            name: Label::new(name),
            company: Label::new(company),
            numbers: vec![ContactNumber { number: number.clone(), kind: None }],
            vip: false,
            note: Label::new(note),
        };
        if contact.name.is_empty() && contact.company.is_empty() {
            return answer(reply, Err(refuse("no_name", "a contact needs a name or a company", "Enter one.")));
        }
        let (store, inner) = (self.store.clone(), self.inner.clone());
        self.later(reply, async move {
            let failed = |error: ringside_store::StoreError| ApiError::from(error.problem());
            let known = store.load_contacts().await.map_err(failed)?;
            let key = number.e164().to_owned();
            let own = known.into_iter().filter(|stored| stored.source == OWN && stored.key != key);
            let mut own: Vec<_> = own.map(|stored| (stored.key, stored.contact)).collect();
            own.push((key, contact));
            store.replace_source(OWN, &own).await.map_err(failed)?;
            reload(&store, &inner).await?;
            Ok(Reply::Done {})
        });
    }

    /// `contact` is `source#key`, as look-ups give it.
    pub(super) fn pin_contact(&self, _number: &str, contact: &str, reply: ReplyTo) {
        let Some((source, key)) = contact.split_once('#').map(|(s, k)| (s.to_owned(), k.to_owned())) else {
            return answer(reply, Err(refuse("bad_request", "that is no contact", "Choose one from the list.")));
        };
        let (store, inner) = (self.store.clone(), self.inner.clone());
        self.later(reply, async move {
            let pinned = store.pin_contact(&source, &key, true).await;
            pinned.map_err(|error| ApiError::from(error.problem()))?;
            reload(&store, &inner).await?;
            Ok(Reply::Done {})
        });
    }

    /// Takes over accounts and settings of a configuration that somebody rolled out; what it does not name stays.
    /// Secrets are never in it.
    pub(super) fn import_config(&mut self, text: &str) -> Result<Reply, ApiError> {
        lay_over(&self.config, text).map_err(|error| ApiError::from(error.problem()))?;
        self.change_config(|config| {
            if let Ok(laid) = lay_over(config, text) {
                *config = laid;
            }
        })?;
        Ok(Reply::Done {})
    }
}

impl Actor {
    /// Contacts as the store has them, after it became another one.
    pub(super) fn read_contacts(&self) {
        let (store, inner) = (self.store.clone(), self.inner.clone());
        tokio::spawn(async move {
            if let Err(error) = reload(&store, &inner).await {
                tracing::warn!(code = error.code, "the contacts could not be read");
            }
        });
    }
}

async fn reload(store: &Store, inner: &tokio::sync::mpsc::Sender<Inner>) -> Result<(), ApiError> {
    let contacts = store.load_contacts().await.map_err(|error| ApiError::from(error.problem()))?;
    // An actor that is gone looks nobody up.
    let _ = inner.send(Inner::Contacts(contacts)).await;
    Ok(())
}

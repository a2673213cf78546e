//! Contacts: searched in memory, imported and kept by the store.

use std::collections::HashSet;
use std::io::Cursor;

use base64::Engine as _;
use ringside_api::view::{ImportColumn, ImportQuestion, ImportReport, SkippedRow};
use ringside_api::{ApiError, Reply};
use ringside_directory::{RowProblem, import_csv, keyed};
use ringside_domain::{Contact, ContactNumber, Label, PhoneNumber, Problem};
use ringside_store::{Store, StoredContact};

use super::inner::{Inner, ReplyTo};
use super::{Actor, answer, refuse};
use crate::config::{ConfigError, lay_over};

/// Longest file taken, bytes.
const MAX_FILE: usize = 64 * 1024 * 1024;

/// The source of contacts that the user made here.
const OWN: &str = "own";

/// Rows left out that are told one by one.
const TOLD: usize = 1_000;

impl Actor {
    pub(super) fn contacts(&self, text: &str, limit: usize) -> Reply {
        let (contacts, total) = self.who.contact_views(text, limit);
        Reply::Contacts { contacts, total: count(total), sources: self.who.contact_sources() }
    }

    /// Reads the file beside the actor and replaces the source of that name; asks first where little of it would stay.
    pub(super) fn import_contacts(&self, name: &str, data: &str, replace: bool, reply: ReplyTo) {
        if data.len() > MAX_FILE / 3 * 4 {
            let error = refuse("import_too_large", "the file is larger than 64 MB", "Split the file.");
            return answer(reply, Err(error));
        }
        let Ok(bytes) = base64::engine::general_purpose::STANDARD.decode(data) else {
            return answer(reply, Err(refuse("bad_request", "the file did not arrive complete", "Choose it again.")));
        };
        let source = format!("csv:{}", Label::new(name));
        let (plan, store, inner) = (self.own_plan(), self.store.clone(), self.inner.clone());
        self.later(reply, async move {
            let read = tokio::task::spawn_blocking(move || import_csv(Cursor::new(bytes), &plan)).await;
            let read =
                read.map_err(|_| refuse("import_failed", "the file could not be read", "Save it as CSV again."))?;
            let mut read = read.map_err(|error| ApiError::from(Problem::from(&error)))?;
            let brought = keyed(std::mem::take(&mut read.contacts));
            let mut report = report_of(&source, &read);
            let failed = |error: ringside_store::StoreError| ApiError::from(error.problem());
            let standing = of_source(store.load_contacts().await.map_err(failed)?, &source);
            let kept = still_there(&standing, &brought);
            let (numbers, numbers_kept) = numbers_still_there(&standing, &brought);
            let contacts_lost = standing.len() - kept.min(brought.len());
            let loses = is_much(contacts_lost, standing.len()) || is_much(numbers - numbers_kept, numbers);
            if !replace && loses {
                report.contacts = count(brought.len());
                report.numbers = count(brought.iter().map(|(_, contact)| contact.numbers.len()).sum());
                let question = ImportQuestion {
                    standing: count(standing.len()),
                    kept: count(kept),
                    numbers_standing: count(numbers),
                    numbers_kept: count(numbers_kept),
                    report,
                };
                return Ok(Reply::ImportQuestion { question });
            }
            store.replace_source(&source, &brought).await.map_err(failed)?;
            let stored = of_source(reload(&store, &inner).await?, &source);
            report.contacts = count(stored.len());
            report.numbers = count(stored.iter().map(|stored| stored.contact.numbers.len()).sum());
            Ok(Reply::Import { report })
        });
    }

    pub(super) fn remove_contacts(&self, source: String, reply: ReplyTo) {
        let (store, inner) = (self.store.clone(), self.inner.clone());
        self.later(reply, async move {
            let removed = store.remove_source(&source).await.map_err(|error| ApiError::from(error.problem()))?;
            if removed == 0 {
                return Err(refuse("not_found", "there is no such import", "Check the list under Contacts."));
            }
            reload(&store, &inner).await?;
            Ok(Reply::Done {})
        });
    }

    /// Adds to, or corrects in, the user's own contacts.
    pub(super) fn add_contact(&self, number: &str, name: &str, company: &str, note: &str, reply: ReplyTo) {
        let number = match PhoneNumber::from_e164(number) {
            Ok(number) => number,
            Err(error) => return answer(reply, Err(refuse("bad_number", error.to_string(), "Write it as +49 …"))),
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
            return answer(reply, Err(refuse("bad_request", "this is not a contact", "Choose one from the list.")));
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
        if self.demo.is_whole_app() {
            return Err(super::demo::keeps_no_accounts());
        }
        lay_over(&self.config, text).map_err(|error| broken_import(&error))?;
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

/// The file was picked by hand: nobody reads it again when it is mended.
fn broken_import(error: &ConfigError) -> ApiError {
    match error {
        ConfigError::Faulty { line, .. } => {
            let hint = "Correct it, then import the file again.";
            let problem = Problem::new("import_broken", error.to_string(), hint);
            ApiError::from(problem).naming("line", &line.to_string())
        }
        other => other.problem().into(),
    }
}

/// Gives the actor what the store has now.
async fn reload(store: &Store, inner: &tokio::sync::mpsc::Sender<Inner>) -> Result<Vec<StoredContact>, ApiError> {
    let contacts = store.load_contacts().await.map_err(|error| ApiError::from(error.problem()))?;
    // An actor that is gone looks nobody up.
    let _ = inner.send(Inner::Contacts(contacts.clone())).await;
    Ok(contacts)
}

fn of_source(contacts: Vec<StoredContact>, source: &str) -> Vec<StoredContact> {
    contacts.into_iter().filter(|stored| stored.source == source).collect()
}

/// How many of the contacts are in the new list too, under their name or under one of their numbers. A number that has
/// nobody's name any more keeps no person.
fn still_there(standing: &[StoredContact], brought: &[(String, Contact)]) -> usize {
    let names: HashSet<_> = brought.iter().map(|(_, contact)| (&contact.name, &contact.company)).collect();
    let numbers = |of: &'_ [(String, Contact)], named: bool| -> HashSet<PhoneNumber> {
        let of = of.iter().filter(|(_, contact)| !(named && contact.name.is_empty()));
        of.flat_map(|(_, contact)| &contact.numbers).map(|it| it.number.clone()).collect()
    };
    let (all, of_people) = (numbers(brought, false), numbers(brought, true));
    let is_there = |contact: &Contact| {
        let numbers = if contact.name.is_empty() { &all } else { &of_people };
        names.contains(&(&contact.name, &contact.company))
            || contact.numbers.iter().any(|it| numbers.contains(&it.number))
    };
    standing.iter().filter(|stored| is_there(&stored.contact)).count()
}

/// How many numbers they have, and how many of those are in the new list too.
fn numbers_still_there(standing: &[StoredContact], brought: &[(String, Contact)]) -> (usize, usize) {
    let of = |contact: &Contact| contact.numbers.iter().map(|it| it.number.clone()).collect::<Vec<_>>();
    let numbers: HashSet<_> = standing.iter().flat_map(|stored| of(&stored.contact)).collect();
    let brought: HashSet<_> = brought.iter().flat_map(|(_, contact)| of(contact)).collect();
    (numbers.len(), numbers.intersection(&brought).count())
}

/// From a fifth on, and everything: what a list loses in a week is less, what a wrong file loses is more.
fn is_much(lost: usize, of: usize) -> bool {
    lost > 0 && (lost == of || (lost >= 2 && lost * 5 >= of))
}

/// What is said of a file; what was stored of it is counted later.
fn report_of(source: &str, read: &ringside_directory::ImportReport) -> ImportReport {
    let told = |problems: &[RowProblem]| problems.iter().take(TOLD).map(left_out).collect();
    ImportReport {
        source: source.to_owned(),
        contacts: 0,
        numbers: 0,
        skipped: told(&read.skipped),
        skipped_total: count(read.skipped_count),
        unread: told(&read.unread),
        unread_total: count(read.unread_count),
        columns: read
            .columns
            .iter()
            .map(|(heading, column)| ImportColumn {
                heading: heading.as_str().to_owned(),
                holds: column.map(|column| column.code().to_owned()),
            })
            .collect(),
        cut: read.cut,
        sample: read.sample.as_ref().map(|name| name.as_str().to_owned()),
    }
}

fn left_out(problem: &RowProblem) -> SkippedRow {
    SkippedRow {
        line: u32::try_from(problem.line).unwrap_or(u32::MAX),
        column: problem.column.as_str().to_owned(),
        text: problem.text.as_str().to_owned(),
        code: problem.reason.code().to_owned(),
        reason: problem.reason.message(),
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

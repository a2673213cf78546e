//! The accounts' own numbers and what is undertaken with them.

use jiff::tz::TimeZone;
use ringside_api::view::{NumberJobKind, NumberJobStage, NumberJobView, OwnNumberView};
use serde::Serialize;

use super::{clock, text, time, word};
use crate::cli::out::Columns;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Number {
    account: String,
    /// E.164; `None` where it is no one number, such as a range.
    number: Option<String>,
    written: String,
    id: Option<String>,
}

impl Number {
    pub fn of(view: &OwnNumberView) -> Self {
        Self {
            account: view.account.clone(),
            number: view.number.clone(),
            written: view.written.clone(),
            id: some(&view.id),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Job {
    id: i64,
    account: String,
    kind: NumberJobKind,
    /// As the app has it, but for an address that was handed in: nobody has approved it yet.
    stage: String,
    subject: String,
    document: Option<String>,
    by: String,
    asked_at: Option<String>,
    at: Option<String>,
    verification: Option<String>,
    order: Option<String>,
    link_to: Option<String>,
    brought: Vec<String>,
    push: bool,
    /// The problem's code.
    problem: Option<String>,
}

impl Job {
    pub fn of(view: &NumberJobView, zone: &TimeZone) -> Self {
        Self {
            id: view.id,
            account: view.account.clone(),
            kind: view.kind,
            stage: stage(view.stage),
            subject: view.subject.clone(),
            document: some(&view.document_name),
            by: view.by.clone(),
            asked_at: time(view.asked_at, zone),
            at: time(view.at, zone),
            verification: some(&view.verification),
            order: some(&view.order),
            link_to: view.link_to.clone(),
            brought: view.brought.clone(),
            push: view.push,
            problem: view.problem.as_ref().map(|problem| problem.code.clone()),
        }
    }
}

fn stage(stage: NumberJobStage) -> String {
    match stage {
        NumberJobStage::Verified => "awaiting_approval".to_owned(),
        other => word(&other).replace(' ', "_"),
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

impl Columns for Number {
    const HEAD: &'static [&'static str] = &["account", "number", "written", "id"];
    fn cells(&self) -> Vec<String> {
        vec![self.account.clone(), text(&self.number), self.written.clone(), text(&self.id)]
    }
}

impl Columns for Job {
    const HEAD: &'static [&'static str] =
        &["job", "account", "kind", "stage", "since", "subject", "order", "brought", "problem"];
    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.account.clone(),
            word(&self.kind),
            self.stage.replace('_', " "),
            clock(&self.at),
            self.subject.clone(),
            text(&self.order),
            self.brought.join(", "),
            text(&self.problem),
        ]
    }
}

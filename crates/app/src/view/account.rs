//! Accounts and findings.

use ringside_api::view::{self, AccountKind, LinkView};
use ringside_domain::{LinkState, Problem};
use ringside_providers::port::{Finding, Verdict};
use ringside_providers::{KINDS, Kind};

use super::ms;

pub(crate) fn link(state: &LinkState) -> LinkView {
    LinkView { phase: state.phase, since: ms(state.since), reason: state.reason.as_ref().map(Into::into) }
}

/// The kinds of account there are, for the wizard.
pub(crate) fn kinds() -> Vec<AccountKind> {
    KINDS.iter().map(kind).collect()
}

fn kind(kind: &Kind) -> AccountKind {
    AccountKind {
        name: kind.name.to_owned(),
        title: kind.title.to_owned(),
        fields: kind
            .fields
            .iter()
            .map(|field| view::Field {
                name: field.name.to_owned(),
                required: field.required,
                example: field.example.to_owned(),
            })
            .collect(),
        capabilities: (kind.capabilities)().iter().collect(),
    }
}

pub(crate) fn finding(finding: &Finding) -> view::Finding {
    let (verdict, text, problem): (_, &str, Option<&Problem>) = match &finding.verdict {
        Verdict::Works(text) => (view::Verdict::Works, text, None),
        Verdict::Warning(problem) => (view::Verdict::Warning, "", Some(problem)),
        Verdict::Fails(problem) => (view::Verdict::Fails, "", Some(problem)),
        Verdict::NotTried(text) => (view::Verdict::NotTried, text, None),
    };
    view::Finding { step: finding.step.to_owned(), verdict, text: text.to_owned(), problem: problem.map(Into::into) }
}

//! Accounts and findings.

use ringside_api::ApiError;
use ringside_api::view::{self, AccountKind, LimitView, LinkView};
use ringside_domain::{LinkState, Problem};
use ringside_telephony::{Finding, Kind, Note, Verdict};

use super::ms;

pub(crate) fn link(state: &LinkState) -> LinkView {
    let limits = state.limits.iter();
    LinkView {
        phase: state.phase,
        since: ms(state.since),
        reason: state.reason.as_ref().map(Into::into),
        limits: limits.map(|it| LimitView { part: it.part.to_owned(), problem: (&it.problem).into() }).collect(),
        next_try_at: state.retry_at.map(ms),
    }
}

/// The kinds of account there are, for the wizard.
pub(crate) fn kinds(kinds: &[Kind]) -> Vec<AccountKind> {
    kinds.iter().map(kind).collect()
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
                choices: field.choices.iter().map(|choice| (*choice).to_owned()).collect(),
            })
            .collect(),
        region: kind.region.map(str::to_owned),
        capabilities: (kind.capabilities)().iter().collect(),
    }
}

pub(crate) fn finding(finding: &Finding) -> view::Finding {
    let (verdict, note, problem): (_, Option<&Note>, Option<&Problem>) = match &finding.verdict {
        Verdict::Works(note) => (view::Verdict::Works, Some(note), None),
        Verdict::Warning(problem) => (view::Verdict::Warning, None, Some(problem)),
        Verdict::Fails(problem) => (view::Verdict::Fails, None, Some(problem)),
        Verdict::NotTried(note) => (view::Verdict::NotTried, Some(note), None),
    };
    view::Finding {
        step: finding.step.to_owned(),
        verdict,
        text: note.map_or_else(String::new, |note| note.text.clone()),
        note: note.map(|note| note.code).filter(|code| !code.is_empty()).map(str::to_owned),
        count: note.and_then(|note| note.count).and_then(|count| count.try_into().ok()),
        problem: problem.map(|problem| once(problem.into())),
    }
}

/// A test is made once: only an account that is connected is tried again and again.
fn once(mut problem: ApiError) -> ApiError {
    let hint = match problem.code.as_str() {
        "unreachable" | "host_unknown" => "Check the address and the network.",
        "proxy_unreachable" => "Check HTTPS_PROXY and the network.",
        "timed_out" | "server_trouble" | "rate_limited" => "Try again later.",
        _ => return problem,
    };
    hint.clone_into(&mut problem.hint);
    problem
}

//! The accounts' own numbers and what is undertaken with them.

use ringside_api::ApiError;
use ringside_api::view::{NumberJobKind, NumberJobStage, NumberJobView, OwnNumberView};
use ringside_domain::{AccountId, Label, OwnNumber};
use ringside_store::{JobKind, JobStage, NumberJob};

use super::ms;

pub(crate) fn number(account: &AccountId, of: &OwnNumber) -> OwnNumberView {
    let written = of.written.as_str().to_owned();
    OwnNumberView {
        account: account.to_string(),
        number: of.number.as_ref().map(|number| number.e164().to_owned()),
        shown: of.number.as_ref().map_or_else(|| written.clone(), |number| number.international()),
        id: of.id.as_str().to_owned(),
        written,
    }
}

/// `push`: whether word of its completion comes by itself.
pub(crate) fn job(of: &NumberJob, push: bool) -> NumberJobView {
    let text = |label: &Label| label.as_str().to_owned();
    NumberJobView {
        id: of.id.0,
        account: of.account.to_string(),
        kind: match of.kind {
            JobKind::Order => NumberJobKind::Order,
            JobKind::Cancel => NumberJobKind::Cancel,
        },
        stage: stage(of.stage),
        subject: text(&of.subject),
        document_name: text(&of.document_name),
        by: text(&of.by),
        asked_at: ms(of.asked_at),
        at: ms(of.at),
        verification: text(&of.verification),
        order: text(&of.order),
        link_to: of.link_to.as_ref().map(|number| number.e164().to_owned()),
        brought: of.brought.iter().map(text).collect(),
        push,
        problem: of.problem.as_ref().map(|problem| ApiError {
            code: problem.code.clone(),
            message: problem.message.clone(),
            hint: problem.hint.clone(),
            ..ApiError::default()
        }),
    }
}

fn stage(stage: JobStage) -> NumberJobStage {
    match stage {
        JobStage::Verifying => NumberJobStage::Verifying,
        JobStage::Verified => NumberJobStage::Verified,
        JobStage::Ordering => NumberJobStage::Ordering,
        JobStage::Ordered => NumberJobStage::Ordered,
        JobStage::Completed => NumberJobStage::Completed,
        JobStage::Cancelling => NumberJobStage::Cancelling,
        JobStage::Cancelled => NumberJobStage::Cancelled,
        JobStage::VerifyUnconfirmed => NumberJobStage::VerifyUnconfirmed,
        JobStage::OrderUnconfirmed => NumberJobStage::OrderUnconfirmed,
        JobStage::CancelUnconfirmed => NumberJobStage::CancelUnconfirmed,
        JobStage::Failed => NumberJobStage::Failed,
        JobStage::Dropped => NumberJobStage::Dropped,
    }
}

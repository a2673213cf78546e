//! One undertaking with numbers as it is kept.

use ringside_domain::{AccountId, Label, PhoneNumber, Problem, Timestamp};
use serde::{Deserialize, Serialize};

use crate::columns::words;

/// Given out when a job is begun.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct JobId(pub i64);

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum JobKind {
    Order,
    Cancel,
}

/// Where a job stands. `…Unconfirmed`: its request left and no answer came.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum JobStage {
    Verifying,
    Verified,
    Ordering,
    Ordered,
    Completed,
    Cancelling,
    Cancelled,
    VerifyUnconfirmed,
    OrderUnconfirmed,
    CancelUnconfirmed,
    Failed,
    Dropped,
}

impl JobStage {
    pub fn is_unconfirmed(self) -> bool {
        matches!(self, Self::VerifyUnconfirmed | Self::OrderUnconfirmed | Self::CancelUnconfirmed)
    }
}

words!(JobKind { Order = "order", Cancel = "cancel", });
words!(JobStage {
    Verifying = "verifying",
    Verified = "verified",
    Ordering = "ordering",
    Ordered = "ordered",
    Completed = "completed",
    Cancelling = "cancelling",
    Cancelled = "cancelled",
    VerifyUnconfirmed = "verify_unconfirmed",
    OrderUnconfirmed = "order_unconfirmed",
    CancelUnconfirmed = "cancel_unconfirmed",
    Failed = "failed",
    Dropped = "dropped",
});

/// A problem as it was told when it came up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct JobProblem {
    pub code: String,
    pub message: String,
    pub hint: String,
}

impl From<&Problem> for JobProblem {
    fn from(problem: &Problem) -> Self {
        Self {
            code: problem.code.to_owned(),
            message: problem.message.clone().into_owned(),
            hint: problem.hint.clone().into_owned(),
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NumberJob {
    pub id: JobId,
    pub account: AccountId,
    pub kind: JobKind,
    pub stage: JobStage,
    /// What it is about, for people.
    pub subject: Label,
    pub document_name: Label,
    /// Who asked, as the user is known here.
    pub by: Label,
    pub asked_at: Timestamp,
    /// When it came to its stage.
    pub at: Timestamp,
    /// The service's id of the address; empty before it was taken.
    pub verification: Label,
    /// The service's id of the order; empty before it was taken.
    pub order: Label,
    /// A number whose routing the new one shares.
    pub link_to: Option<PhoneNumber>,
    /// Numbers as the service writes them, or the day a number ends.
    pub brought: Vec<Label>,
    /// The order told the service where to say that it is done.
    pub push: bool,
    pub problem: Option<JobProblem>,
}

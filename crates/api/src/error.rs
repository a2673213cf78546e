//! What a host is told when a request fails.

use ringside_domain::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// `code` is what hosts branch on; `message` and `hint` are English, for hosts that have no words of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApiError {
    pub code: String,
    pub message: String,
    pub hint: String,
}

impl From<&Problem> for ApiError {
    fn from(problem: &Problem) -> Self {
        Self {
            code: problem.code.to_owned(),
            message: problem.message.clone().into_owned(),
            hint: problem.hint.clone().into_owned(),
        }
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self::from(&problem)
    }
}

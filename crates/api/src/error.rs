//! What a host is told when a request fails.

use std::collections::BTreeMap;

use ringside_domain::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// `code` is what hosts branch on; `message` and `hint` are English, for hosts that have no words of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApiError {
    pub code: String,
    pub message: String,
    pub hint: String,
    /// What words for the code may name: `service`, `host`, `proxy`, `by`, `seconds`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub params: Option<BTreeMap<String, String>>,
    /// What was said or seen on the way, redacted; shown only to whoever asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub details: Option<String>,
}

impl ApiError {
    /// With something that words for the code may name.
    #[must_use]
    pub fn naming(mut self, name: &str, value: &str) -> Self {
        self.params.get_or_insert_default().entry(name.to_owned()).or_insert_with(|| value.to_owned());
        self
    }
}

impl From<&Problem> for ApiError {
    fn from(problem: &Problem) -> Self {
        Self {
            code: problem.code.to_owned(),
            message: problem.message.clone().into_owned(),
            hint: problem.hint.clone().into_owned(),
            params: params(problem),
            details: problem.details.clone(),
        }
    }
}

fn params(problem: &Problem) -> Option<BTreeMap<String, String>> {
    let all: BTreeMap<_, _> = problem.params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Some(all).filter(|all| !all.is_empty())
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self::from(&problem)
    }
}

//! What kind of caller this is: the pop-up policy differs by it.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallerClass {
    /// A colleague's extension.
    Internal,
    /// Somebody a directory knows.
    External,
    /// Somebody a directory marks as important.
    Vip,
    /// The caller hides the number.
    Withheld,
    /// A number nobody knows.
    Unknown,
}

impl CallerClass {
    pub const ALL: [Self; 5] = [Self::Internal, Self::External, Self::Vip, Self::Withheld, Self::Unknown];
}

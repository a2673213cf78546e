//! People and companies that a directory knows.

use crate::{Label, PhoneNumber};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContactNumber {
    pub number: PhoneNumber,
    /// What kind, in the source's words: work, mobile, main …
    pub kind: Option<Label>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Contact {
    /// The person; empty for a company entry.
    pub name: Label,
    pub company: Label,
    pub numbers: Vec<ContactNumber>,
    pub vip: bool,
    pub note: Label,
}

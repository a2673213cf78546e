//! Extensions of an account.

use crate::{ExtensionId, Label};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extension {
    pub id: ExtensionId,
    pub name: Label,
    pub email: Option<Label>,
    /// What the provider or the administrator groups it under, such as a department or a site.
    pub group: Option<Label>,
}

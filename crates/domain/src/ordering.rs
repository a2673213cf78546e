//! Numbers of one's own, and ordering more of them.

use crate::{Label, PhoneNumber};

/// A number that an account has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwnNumber {
    /// As the service writes it; it may be a range.
    pub written: Label,
    /// `None` where it could not be read as one number.
    pub number: Option<PhoneNumber>,
    /// The service's own id; empty where it has none.
    pub id: Label,
}

/// Where an order of a number stands, as far as the service said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OrderState {
    Completed,
    Failed,
    /// The service's own word.
    Other(Label),
}

/// What a service reports of an order, unasked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderUpdate {
    /// As the service names the order.
    pub order: Label,
    pub state: OrderState,
    /// The numbers it brought, as the service writes them.
    pub numbers: Vec<Label>,
}

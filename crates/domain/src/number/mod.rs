//! Telephone numbers: one form inside (E.164), many forms outside.

mod phone;

pub use phone::{Party, PhoneNumber};

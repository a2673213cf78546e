//! The account's own numbers, and ordering more of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ApiError;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OwnNumberView {
    pub account: String,
    /// As the service writes it; it may be a range.
    pub written: String,
    /// E.164; `None` where it could not be read as one number.
    pub number: Option<String>,
    /// For people.
    pub shown: String,
    /// The service's own id; empty where it has none.
    pub id: String,
}

/// What an account answered when asked for its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AccountNumbers {
    pub account: String,
    pub numbers: Vec<OwnNumberView>,
    /// Why there are none.
    pub problem: Option<ApiError>,
    /// Numbers can be ordered and given back.
    pub orders: bool,
    /// The kinds of document an order's proof may be, as the service names them.
    pub document_kinds: Vec<String>,
}

/// An address with the document that proves it. Has no `Debug` that shows it: it is somebody's papers.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct AddressDraft {
    /// The plain name of the country, in English, such as `Germany`.
    pub country: String,
    pub city: String,
    pub zip: String,
    pub street: String,
    pub house_number: String,
    /// Without the trunk prefix, such as `221`.
    pub area_code: String,
    /// One of [`AccountNumbers::document_kinds`].
    pub document_kind: String,
    /// The file's name, for the list; the document itself is not kept.
    pub document_name: String,
    /// A PDF, base64.
    pub document: String,
}

impl std::fmt::Debug for AddressDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AddressDraft").field("area_code", &self.area_code).finish_non_exhaustive()
    }
}

/// One undertaking with numbers, from its first step to its end. It takes days: it is kept, and survives a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NumberJobView {
    pub id: i64,
    pub account: String,
    pub kind: NumberJobKind,
    pub stage: NumberJobStage,
    /// For an order: `area code, post code city`; for a cancellation: the number as people write it.
    pub subject: String,
    pub document_name: String,
    /// Who asked, as the user is known here.
    pub by: String,
    pub asked_at: i64,
    /// When it came to this stage.
    pub at: i64,
    /// The service's id of the address; empty before it was taken.
    pub verification: String,
    /// The service's id of the order; empty before it was taken.
    pub order: String,
    /// A number whose routing the new one shares.
    pub link_to: Option<String>,
    /// What came back: numbers as the service writes them, or the day a number ends in its words.
    pub brought: Vec<String>,
    /// Word of the completion comes by itself; otherwise somebody has to look in the service's portal.
    pub push: bool,
    pub problem: Option<ApiError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NumberJobKind {
    Order,
    Cancel,
}

/// Where an undertaking stands, and so on whom it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NumberJobStage {
    /// The address is on its way to the service.
    Verifying,
    /// The service has the address; its people approve it. Then we order.
    Verified,
    /// The order is on its way.
    Ordering,
    /// Ordered; the service provides the number.
    Ordered,
    /// The number is there.
    Completed,
    /// The cancellation is on its way.
    Cancelling,
    /// The service took it.
    Cancelled,
    /// The answer to the address was lost: it may or may not have been taken. Never repeated by itself.
    VerifyUnconfirmed,
    /// The same of the order.
    OrderUnconfirmed,
    /// The same of the cancellation.
    CancelUnconfirmed,
    /// Refused or failed; nothing came of it.
    Failed,
    /// Closed by hand.
    Dropped,
}

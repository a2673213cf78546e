//! How an account reads numbers.

use serde::{Deserialize, Serialize};

/// The dial plan of an account. Outside-line digit, trunk prefix, country and area are different things, and the
/// same leading `0` means another one in each.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NumberPlan {
    /// ISO 3166 region whose national numbers are meant, such as `DE`.
    pub region: String,
    /// Country calling code without `+`, such as `49`; the region's own where it is absent.
    pub country_code: Option<u16>,
    /// Area code without trunk prefix, such as `30`: numbers too short to be national are read within it.
    pub area_code: Option<String>,
    /// What is dialled for an outside line, such as `0`; it is taken off numbers typed as from the desk phone.
    pub outside_line: Option<String>,
    /// Digits that are always an extension when no longer than this; `0`: only known extensions are.
    pub extension_digits: u8,
}

impl Default for NumberPlan {
    fn default() -> Self {
        Self { region: "DE".to_owned(), country_code: None, area_code: None, outside_line: None, extension_digits: 5 }
    }
}

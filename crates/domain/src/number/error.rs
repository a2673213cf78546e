//! Why a text is no number.

use crate::Problem;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NumberError {
    #[error("There is no number")]
    Empty,
    #[error("A number has no letters")]
    Letters,
    #[error("This is not a number")]
    NotANumber,
    #[error("These are several numbers")]
    Several,
    #[error("The number is too short")]
    TooShort,
    #[error("The number is too long")]
    TooLong,
    #[error("No country has this code")]
    UnknownCountry,
    #[error("The number has no area code")]
    NoPrefix,
    #[error("The account does not say which country it is in")]
    NoRegion,
    #[error("An emergency number is dialled without anything before it")]
    EmergencyPrefixed,
}

impl NumberError {
    pub const ALL: [Self; 10] = [
        Self::Empty,
        Self::Letters,
        Self::NotANumber,
        Self::Several,
        Self::TooShort,
        Self::TooLong,
        Self::UnknownCountry,
        Self::NoPrefix,
        Self::NoRegion,
        Self::EmergencyPrefixed,
    ];

    /// Stable, snake_case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "number_empty",
            Self::Letters => "number_has_letters",
            Self::NotANumber => "not_a_number",
            Self::Several => "several_numbers",
            Self::TooShort => "number_too_short",
            Self::TooLong => "number_too_long",
            Self::UnknownCountry => "unknown_country_code",
            Self::NoPrefix => "number_without_area_code",
            Self::NoRegion => "no_region",
            Self::EmergencyPrefixed => "emergency_number_with_prefix",
        }
    }

    /// One English sentence.
    pub fn message(self) -> String {
        format!("{self}.")
    }

    /// The way out, in one English sentence.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Empty => "Type a number, such as +49 221 66966966.",
            Self::Letters => "Type the digits, or pick one of the numbers found in the text.",
            Self::NotANumber => "A number is made of digits, with + in front or * and # within.",
            Self::Several => "Pick one of them.",
            Self::TooShort => "Add the missing digits, or check that the extension exists.",
            Self::TooLong => "A number has at most 15 digits: check for a second number or an added extension.",
            Self::UnknownCountry => "Check the digits after the + or 00.",
            Self::NoPrefix => "Begin with + or 0, or set the area code of the account.",
            Self::NoRegion => "Begin with + and the country code, or set the region of the account.",
            Self::EmergencyPrefixed => "Dial it as it is, from a telephone that knows where you are.",
        }
    }
}

impl From<NumberError> for Problem {
    fn from(error: NumberError) -> Self {
        Self::new(error.code(), error.message(), error.hint())
    }
}

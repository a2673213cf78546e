//! Why a text is no number.

use crate::Problem;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NumberError {
    #[error("There is no number")]
    Empty,
    #[error("A number with letters can't be dialled")]
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
    #[error("The account has no country")]
    NoRegion,
    #[error("Emergency numbers are dialled without a prefix")]
    EmergencyPrefixed,
    #[error("Short numbers are dialled without a prefix")]
    ShortPrefixed,
    #[error("A spreadsheet rounded the number")]
    DigitsLost,
    #[error("Hidden marks turn the digits round")]
    Turned,
    #[error("This is a date")]
    Date,
    #[error("This is a time of day")]
    Time,
    #[error("This is a year")]
    Year,
    #[error("This is an amount")]
    Amount,
    #[error("This is an IBAN")]
    Iban,
    #[error("This is an address on the internet")]
    IpAddress,
    #[error("This is a version")]
    Version,
    #[error("This is an invoice, order, customer or other reference number")]
    Reference,
    #[error("The link is too long")]
    LinkTooLong,
    #[error("The link names a person, not a number")]
    LinkName,
}

impl NumberError {
    pub const ALL: [Self; 23] = [
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
        Self::ShortPrefixed,
        Self::DigitsLost,
        Self::Turned,
        Self::Date,
        Self::Time,
        Self::Year,
        Self::Amount,
        Self::Iban,
        Self::IpAddress,
        Self::Version,
        Self::Reference,
        Self::LinkTooLong,
        Self::LinkName,
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
            Self::ShortPrefixed => "number_short_with_prefix",
            Self::DigitsLost => "number_rounded",
            Self::Turned => "number_turned",
            Self::Date => "number_is_date",
            Self::Time => "number_is_time",
            Self::Year => "number_is_year",
            Self::Amount => "number_is_amount",
            Self::Iban => "number_is_iban",
            Self::IpAddress => "number_is_ip_address",
            Self::Version => "number_is_version",
            Self::Reference => "number_is_reference",
            Self::LinkTooLong => "link_too_long",
            Self::LinkName => "link_has_name",
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
            Self::Letters => "Type the digits, or pick a number found in the text.",
            Self::NotANumber => "Use digits, with + in front or * and # within.",
            Self::Several => "Pick one of them.",
            Self::TooShort => "Add the missing digits, or check that the extension exists.",
            Self::TooLong => "Use 15 digits at most. Check for a second number or an extension.",
            Self::UnknownCountry => "Check the digits after the + or 00.",
            Self::NoPrefix => "Begin with + or 0, or set the area code of the account.",
            Self::NoRegion => "Begin with + and the country code, or set the account's country.",
            Self::EmergencyPrefixed => "Dial it without a prefix, on a phone that shares your location.",
            Self::ShortPrefixed => "Leave out the country code and the 0.",
            Self::DigitsLost => "Look the number up, and store it as text.",
            Self::Turned => "Look the number up, and type it.",
            Self::Date
            | Self::Time
            | Self::Year
            | Self::Amount
            | Self::Iban
            | Self::IpAddress
            | Self::Version
            | Self::Reference => "Begin with + and the country code if it is a number after all.",
            Self::LinkTooLong => "Copy only the number.",
            Self::LinkName => "Look the person up by name.",
        }
    }
}

impl From<NumberError> for Problem {
    fn from(error: NumberError) -> Self {
        Self::new(error.code(), error.message(), error.hint())
    }
}

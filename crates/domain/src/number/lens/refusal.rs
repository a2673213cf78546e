//! Why something that looks like a number is not dialled.

use crate::number::NumberError;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Refusal {
    Date,
    Time,
    Year,
    Amount,
    Iban,
    IpAddress,
    Version,
    Postcode,
    /// An invoice, order, customer, ticket … number.
    Reference,
    /// It stands in the middle of a word, a file name, an address.
    PartOfWord,
    /// A few digits that nothing calls a telephone number.
    TooShort,
    /// Neither a country code nor an area code, and nothing calls it a telephone number.
    NoPrefix,
    /// The country has no such numbers.
    NotInUse,
    Unreadable(NumberError),
}

impl Refusal {
    /// Stable, snake_case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Time => "time",
            Self::Year => "year",
            Self::Amount => "amount",
            Self::Iban => "iban",
            Self::IpAddress => "ip_address",
            Self::Version => "version",
            Self::Postcode => "postcode",
            Self::Reference => "reference",
            Self::PartOfWord => "part_of_word",
            Self::TooShort => "too_short",
            Self::NoPrefix => "no_prefix",
            Self::NotInUse => "not_in_use",
            Self::Unreadable(error) => error.code(),
        }
    }

    /// One English sentence.
    pub fn message(self) -> String {
        let text = match self {
            Self::Date => "This is a date.",
            Self::Time => "This is a time of day.",
            Self::Year => "This is a year.",
            Self::Amount => "This is an amount.",
            Self::Iban => "This is an IBAN.",
            Self::IpAddress => "This is an address on the internet.",
            Self::Version => "This is a version.",
            Self::Postcode => "This looks like a postcode.",
            Self::Reference => "This is an invoice, order, customer or other reference number.",
            Self::PartOfWord => "These digits are part of a word.",
            Self::TooShort => "This is too short, and no extension.",
            Self::NoPrefix => "This has neither a country code nor an area code.",
            Self::NotInUse => "There are no such numbers in this country.",
            Self::Unreadable(error) => return error.message(),
        };
        text.to_owned()
    }
}

impl From<Refusal> for NumberError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Date => Self::Date,
            Refusal::Time => Self::Time,
            Refusal::Year => Self::Year,
            Refusal::Amount => Self::Amount,
            Refusal::Iban => Self::Iban,
            Refusal::IpAddress => Self::IpAddress,
            Refusal::Version => Self::Version,
            Refusal::Reference => Self::Reference,
            Refusal::Postcode | Refusal::PartOfWord | Refusal::NotInUse => Self::NotANumber,
            Refusal::TooShort => Self::TooShort,
            Refusal::NoPrefix => Self::NoPrefix,
            Refusal::Unreadable(error) => error,
        }
    }
}

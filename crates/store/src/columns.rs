//! How our words stand in columns. The texts are the file format: a text never changes its meaning, new ones may come.

use ringside_domain::{
    CallerClass, Direction, ExtensionId, LineStatus, Outcome, Party, Phase, PhoneNumber, Presence, Timestamp,
};
use sqlx::error::BoxDynError;
use sqlx::sqlite::{SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Sqlite, Type};

use crate::error::Inconsistency;

/// A word that is stored as text.
pub(crate) trait Word: Sized + Copy {
    fn text(self) -> &'static str;
    /// `None` for a text that a later version wrote, or a damaged one.
    fn parse(text: &str) -> Option<Self>;
}

macro_rules! words {
    ($type:ty { $($variant:ident = $text:literal,)+ }) => {
        impl $crate::columns::Word for $type {
            fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use words;

words!(Direction { Inbound = "inbound", Outbound = "outbound", });
words!(Phase { Dialing = "dialing", Ringing = "ringing", Connected = "connected", Ended = "ended", });
words!(Outcome {
    Answered = "answered",
    AnsweredElsewhere = "answered_elsewhere",
    Missed = "missed",
    Busy = "busy",
    Rejected = "rejected",
    Cancelled = "cancelled",
    Failed = "failed",
    Unknown = "unknown",
});
words!(CallerClass {
    Internal = "internal",
    External = "external",
    Vip = "vip",
    Withheld = "withheld",
    Unknown = "unknown",
});
words!(LineStatus { Idle = "idle", Ringing = "ringing", Busy = "busy", Offline = "offline", Unknown = "unknown", });
words!(Presence {
    Available = "available",
    Away = "away",
    Busy = "busy",
    Dnd = "dnd",
    Offline = "offline",
    Unknown = "unknown",
});

/// The kind and the text of a party, for the two columns it takes.
pub(crate) fn party_columns(party: &Party) -> (&'static str, &str) {
    match party {
        Party::Number(number) => ("number", number.e164()),
        Party::Extension(extension) => ("extension", extension.as_str()),
        Party::Code(code) => ("code", code),
        Party::Withheld => ("withheld", ""),
        Party::Unstated => ("unstated", ""),
    }
}

/// Text that does not fail a whole page when one byte of it is damaged.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text(pub String);

impl Type<Sqlite> for Text {
    fn type_info() -> SqliteTypeInfo {
        <String as Type<Sqlite>>::type_info()
    }

    fn compatible(ty: &SqliteTypeInfo) -> bool {
        <String as Type<Sqlite>>::compatible(ty)
    }
}

impl<'r> Decode<'r, Sqlite> for Text {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        let bytes = <&[u8] as Decode<Sqlite>>::decode(value)?;
        Ok(Self(String::from_utf8_lossy(bytes).into_owned()))
    }
}

/// Reads the columns of one row; says table, row and column where it cannot.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub table: &'static str,
    pub row: i64,
}

impl Row {
    pub fn bad(self, column: &'static str) -> Inconsistency {
        Inconsistency { table: self.table, column, row: self.row }
    }

    pub fn word<W: Word>(self, column: &'static str, text: &Text) -> Result<W, Inconsistency> {
        W::parse(&text.0).ok_or(self.bad(column))
    }

    pub fn word_or_none<W: Word>(self, column: &'static str, text: Option<&Text>) -> Result<Option<W>, Inconsistency> {
        text.map(|text| self.word(column, text)).transpose()
    }

    pub fn time(self, column: &'static str, ms: i64) -> Result<Timestamp, Inconsistency> {
        Timestamp::from_millisecond(ms).map_err(|_| self.bad(column))
    }

    pub fn time_or_none(self, column: &'static str, ms: Option<i64>) -> Result<Option<Timestamp>, Inconsistency> {
        ms.map(|ms| self.time(column, ms)).transpose()
    }

    pub fn party(self, column: &'static str, kind: &Text, text: &Text) -> Result<Party, Inconsistency> {
        match kind.0.as_str() {
            "number" => PhoneNumber::from_e164(&text.0).map(Party::Number).map_err(|_| self.bad(column)),
            "extension" => Ok(Party::Extension(ExtensionId::new(&text.0))),
            "code" => Ok(Party::Code(text.0.as_str().into())),
            "withheld" => Ok(Party::Withheld),
            "unstated" => Ok(Party::Unstated),
            _ => Err(self.bad(column)),
        }
    }
}

/// Leaves out the rows that cannot be read and says so once a call: one bad row must not hide the others.
pub(crate) fn readable<T>(rows: impl Iterator<Item = Result<T, Inconsistency>>) -> Vec<T> {
    let mut bad: Option<(Inconsistency, u32)> = None;
    let good = rows
        .filter_map(|row| {
            row.map_err(|error| {
                let (_, count) = bad.get_or_insert((error, 0));
                *count += 1;
            })
            .ok()
        })
        .collect();
    if let Some((error, count)) = bad {
        tracing::warn!(code = "store_inconsistent", count, first = %error, "rows left out that cannot be read");
    }
    good
}

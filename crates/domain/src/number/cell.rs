//! One cell of a table of contacts: its numbers, and what was left out.

use super::{NumberError, Party, PhoneNumber, Refusal, find_numbers, read_entry};
use crate::NumberPlan;

/// What a cell holds, in its order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CellReading {
    /// Each number once.
    pub numbers: Vec<PhoneNumber>,
    /// What stands beside the numbers; everything where there is none.
    pub left_out: Vec<LeftOut>,
}

/// A piece of a cell that became no number of a contact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeftOut {
    /// As it stands in the cell.
    pub text: String,
    pub why: LeftOutReason,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LeftOutReason {
    /// An extension or a service code: reached only from its own network.
    NotPublic,
    /// An extension or tones behind a number, which are dialled when somebody has answered.
    NotDialled,
    /// No number, or none that can be read.
    Refused(Refusal),
}

impl LeftOutReason {
    /// Stable, snake_case.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotPublic => "not_public",
            Self::NotDialled => "not_dialled",
            Self::Refused(refusal) => refusal.code(),
        }
    }

    /// One English sentence.
    pub fn message(self) -> String {
        match self {
            Self::NotPublic => "This is not a public number.".to_owned(),
            Self::NotDialled => "This is dialled only after someone answers.".to_owned(),
            Self::Refused(refusal) => refusal.message(),
        }
    }
}

/// Reads one cell into the public numbers that it holds, and names what was left out and why. A cell without a number
/// has no `numbers` and at least one `left_out`, unless it is blank.
///
/// National numbers are read by the plan. Give it the `area_code` of the row where the table has a column for it, and
/// `extension_digits: 0`, for an extension reaches no contact.
pub fn read_cell(text: &str, plan: &NumberPlan) -> CellReading {
    let mut cell = CellReading::default();
    let error = match read_entry(text, plan, &|_| false) {
        Ok(entry) => {
            for choice in entry.choices {
                cell.take(choice.reading.party, &choice.text);
            }
            for (text, error) in entry.unread {
                cell.leave_out(&text, LeftOutReason::Refused(Refusal::Unreadable(error)));
            }
            if let Some(rest) = entry.not_dialled {
                cell.leave_out(&rest, LeftOutReason::NotDialled);
            }
            return cell;
        }
        Err(NumberError::Empty) => return cell,
        Err(error) => error,
    };
    // Words around the numbers, which the lens looks through.
    let is_text = matches!(error, NumberError::Letters | NumberError::NotANumber | NumberError::TooLong);
    let found = if is_text { find_numbers(text, plan, &|_| false) } else { Vec::new() };
    for found in found {
        match found.result {
            Ok(reading) => cell.take(reading.party, &found.text),
            Err(refusal) => cell.leave_out(&found.text, LeftOutReason::Refused(refusal)),
        }
    }
    if cell.numbers.is_empty() {
        cell.left_out.clear();
        cell.leave_out(text, LeftOutReason::Refused(Refusal::Unreadable(error)));
    }
    cell
}

impl CellReading {
    fn take(&mut self, party: Party, text: &str) {
        match party {
            Party::Number(number) if self.numbers.contains(&number) => {}
            Party::Number(number) => self.numbers.push(number),
            Party::Extension(_) | Party::Code(_) | Party::Withheld | Party::Unstated => {
                self.leave_out(text, LeftOutReason::NotPublic);
            }
        }
    }

    fn leave_out(&mut self, text: &str, why: LeftOutReason) {
        self.left_out.push(LeftOut { text: text.trim().to_owned(), why });
    }
}

//! One cell of a table of contacts: its numbers, and what was left out.

use super::{NumberError, Party, PhoneNumber, Reading, Refusal, find_numbers, read};
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
            Self::NotPublic => "The number is not one of the public network.".to_owned(),
            Self::NotDialled => "This is dialled only after somebody answered.".to_owned(),
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
    let error = match read(text, plan, &|_| false) {
        Ok(Reading { party: Party::Number(number), .. }) => {
            cell.numbers.push(number);
            return cell;
        }
        Ok(_) => {
            cell.leave_out(text, LeftOutReason::NotPublic);
            return cell;
        }
        Err(NumberError::Empty) => return cell,
        Err(error) => error,
    };
    for found in find_numbers(text, plan, &|_| false) {
        match found.result {
            Ok(Reading { party: Party::Number(number), .. }) => {
                if !cell.numbers.contains(&number) {
                    cell.numbers.push(number);
                }
            }
            Ok(_) => cell.leave_out(&found.text, LeftOutReason::NotPublic),
            Err(refusal) => cell.leave_out(&found.text, LeftOutReason::Refused(refusal)),
        }
    }
    if cell.numbers.is_empty() && cell.left_out.is_empty() {
        cell.leave_out(text, LeftOutReason::Refused(Refusal::Unreadable(error)));
    }
    cell
}

impl CellReading {
    fn leave_out(&mut self, text: &str, why: LeftOutReason) {
        self.left_out.push(LeftOut { text: text.trim().to_owned(), why });
    }
}

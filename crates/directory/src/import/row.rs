//! One row to one contact.

use ringside_domain::number::{NumberError, Reading, find_numbers, read};
use ringside_domain::{Contact, ContactNumber, Label, NumberPlan, Party, PhoneNumber};

use super::RowReason;
use super::columns::{Column, Columns};
use crate::fold::fold;

/// A contact has at most this many numbers.
const MAX_NUMBERS: usize = 64;

/// The contact, and why some of its numbers were left out.
pub(super) fn contact(
    fields: &[String],
    columns: &Columns,
    plan: &NumberPlan,
) -> Result<(Contact, Vec<RowReason>), RowReason> {
    let name = name(fields, columns);
    let company = Label::new(columns.text(fields, Column::Company));
    if name.is_empty() && company.is_empty() {
        return Err(RowReason::NoName);
    }
    let (numbers, unread) = numbers(fields, columns, plan);
    if numbers.is_empty() {
        return Err(unread.first().copied().unwrap_or(RowReason::NoNumber));
    }
    let vip = is_yes(columns.text(fields, Column::Vip));
    let note = Label::new(columns.text(fields, Column::Note));
    Ok((Contact { name, company, numbers, vip, note }, unread))
}

fn name(fields: &[String], columns: &Columns) -> Label {
    let whole = columns.text(fields, Column::Name);
    let (first, last) = (columns.text(fields, Column::FirstName), columns.text(fields, Column::LastName));
    if last.is_empty() && first.is_empty() {
        return Label::new(whole);
    }
    // German address books have "Name" for the family name beside "Vorname".
    let last = if last.is_empty() { whole } else { last };
    Label::new(&format!("{first} {last}"))
}

fn numbers(fields: &[String], columns: &Columns, plan: &NumberPlan) -> (Vec<ContactNumber>, Vec<RowReason>) {
    let (mut numbers, mut unread) = (Vec::<ContactNumber>::new(), Vec::new());
    for (text, kind) in columns.numbers(fields) {
        match in_field(text, plan) {
            Ok(found) => {
                for number in found {
                    if numbers.len() < MAX_NUMBERS && numbers.iter().all(|known| known.number != number) {
                        numbers.push(ContactNumber { number, kind: Some(kind.clone()) });
                    }
                }
            }
            Err(reason) => unread.push(reason),
        }
    }
    (numbers, unread)
}

/// A field's number, or all of them where it holds several.
fn in_field(text: &str, plan: &NumberPlan) -> Result<Vec<PhoneNumber>, RowReason> {
    let error = match read(text, plan, &|_| false) {
        Ok(Reading { party: Party::Number(number), .. }) => return Ok(vec![number]),
        Ok(_) => return Err(RowReason::NotPublic),
        Err(error) => error,
    };
    match error {
        NumberError::Letters | NumberError::NotANumber | NumberError::Several | NumberError::TooLong => {}
        NumberError::Empty
        | NumberError::TooShort
        | NumberError::UnknownCountry
        | NumberError::NoPrefix
        | NumberError::NoRegion
        | NumberError::EmergencyPrefixed => return Err(RowReason::Number(error)),
    }
    let several: Vec<PhoneNumber> = find_numbers(text, plan, &|_| false)
        .into_iter()
        .filter_map(|found| match found.result.ok()?.party {
            Party::Number(number) => Some(number),
            Party::Extension(_) | Party::Code(_) | Party::Withheld | Party::Unstated => None,
        })
        .collect();
    if several.is_empty() { Err(RowReason::Number(error)) } else { Ok(several) }
}

fn is_yes(text: &str) -> bool {
    matches!(text, "*" | "★" | "✓")
        || matches!(
            fold(text).as_str(),
            "1" | "x" | "ja" | "j" | "yes" | "y" | "true" | "wahr" | "vip" | "oui" | "si" | "vrai"
        )
}

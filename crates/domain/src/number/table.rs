//! What table programs make of numbers: fractions, powers of ten, digits in thousands, formulas that keep a text.

use super::fold::fold;

/// Longer texts are no number of a table program.
const MAX_CHARS: usize = 40;
/// A fraction behind fewer digits may be an amount.
const FEWEST_DIGITS: usize = 6;
/// Digits in thousands are an amount unless they are so many.
const FEWEST_IN_THOUSANDS: usize = 10;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cell<'a> {
    /// The digits that the cell held before the program took them for a number.
    Digits(String),
    /// The program kept fewer digits than the number had.
    Rounded,
    /// Nothing of a table program, or the text within its marks.
    Other(&'a str),
}

pub(super) fn cell(text: &str) -> Cell<'_> {
    let text = text.trim();
    // ="0221 66966966"
    let text = text.strip_prefix("=\"").and_then(|inner| inner.strip_suffix('"')).unwrap_or(text);
    if text.len() > MAX_CHARS * 4 {
        return Cell::Other(text);
    }
    let folded: String = text.chars().filter_map(fold).collect();
    let folded = folded.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\'' | '"'));
    let (sign, value) = folded.strip_prefix('+').map_or(("", folded), |rest| ("+", rest));
    power(value).or_else(|| fraction(value)).or_else(|| thousands(value)).map_or(Cell::Other(text), |digits| {
        match digits {
            Some(digits) => Cell::Digits(format!("{sign}{digits}")),
            None => Cell::Rounded,
        }
    })
}

/// `4.922166966966E+12`; within it `None` where digits are lost.
fn power(value: &str) -> Option<Option<String>> {
    let (mantissa, exponent) = value.split_once(['e', 'E'])?;
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || !digits(exponent) || exponent.len() > 2 {
        return None;
    }
    let exponent: usize = exponent.parse().ok().filter(|exponent| *exponent >= FEWEST_DIGITS - 1)?;
    match fraction.split_at_checked(exponent) {
        Some((kept, rest)) if zeros(rest) => Some(Some(format!("{whole}{kept}"))),
        Some(_) => None,
        None => Some(None),
    }
}

/// `4922166966966.0`, `4.922.166.966.966,00`.
fn fraction(value: &str) -> Option<Option<String>> {
    let (whole, fraction) = value.rsplit_once(['.', ','])?;
    if fraction.is_empty() || !zeros(fraction) {
        return None;
    }
    let mark = value[whole.len()..].chars().next();
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let compact = digits.len() == whole.len();
    let grouped = || in_thousands(whole).is_some_and(|other| Some(other) != mark);
    (digits.len() >= FEWEST_DIGITS && (compact || grouped())).then_some(Some(digits))
}

/// `4,922,166,966,966`.
fn thousands(value: &str) -> Option<Option<String>> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= FEWEST_IN_THOUSANDS && in_thousands(value) == Some(',')).then_some(Some(digits))
}

/// The mark between groups of three digits.
fn in_thousands(value: &str) -> Option<char> {
    let mark = value.chars().find(|c| matches!(c, '.' | ',' | '\'' | ' '))?;
    let mut groups = value.split(mark);
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let first = groups.next().is_some_and(|group| digits(group) && group.len() <= 3);
    (first && groups.all(|group| digits(group) && group.len() == 3)).then_some(mark)
}

fn zeros(text: &str) -> bool {
    text.bytes().all(|b| b == b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_table_programs_get_their_digits_back() {
        let digits = |text: &str| Cell::Digits(text.to_owned());
        for (text, expected) in [
            ("4922166966966.0", digits("4922166966966")),
            ("4922166966966,00", digits("4922166966966")),
            ("+4922166966966.0", digits("+4922166966966")),
            ("4.922.166.966.966,00", digits("4922166966966")),
            ("4,922,166,966,966.00", digits("4922166966966")),
            ("4,922,166,966,966", digits("4922166966966")),
            ("4.922166966966E+12", digits("4922166966966")),
            ("4,922166966966e12", digits("4922166966966")),
            ("4.9221669669660E+12", digits("4922166966966")),
            ("4,91716E+12", Cell::Rounded),
            ("1E+11", Cell::Rounded),
            ("=\"0221 66966966\"", Cell::Other("0221 66966966")),
            ("22,50", Cell::Other("22,50")),
            ("12.0", Cell::Other("12.0")),
            ("1.234,50", Cell::Other("1.234,50")),
            ("0221.669.669.00", Cell::Other("0221.669.669.00")),
            ("1e2", Cell::Other("1e2")),
            ("", Cell::Other("")),
        ] {
            assert_eq!(cell(text), expected, "{text}");
        }
    }
}

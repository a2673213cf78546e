//! What table programs make of numbers: fractions, powers of ten, digits in thousands, formulas that keep a text.

use super::fold::{fold, is_separator};

/// Longer texts are no number of a table program.
const MAX_CHARS: usize = 40;
/// Longer lists of them are not looked through, in bytes.
const MAX_LIST: usize = 400;
/// A fraction behind fewer digits may be an amount.
const FEWEST_DIGITS: usize = 6;
/// Behind fewer digits than these, a fraction may be a direct number.
const FEWEST_WITH_FRACTION: usize = 9;
/// No number has more, `00` in front included: these are two.
const MOST_DIGITS: usize = 17;
/// Digits in thousands are an amount unless they are so many.
const FEWEST_IN_THOUSANDS: usize = 10;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cell<'a> {
    /// What the cell held before the program took it for a number.
    Digits(String),
    /// The program kept fewer digits than the number had.
    Rounded,
    /// A fraction that is not zero: nobody's number.
    Amount,
    /// Nothing of a table program, or the text within its marks.
    Other(&'a str),
}

pub(super) fn cell(text: &str) -> Cell<'_> {
    let text = without_formula(text);
    if text.len() > MAX_CHARS * 4 {
        return Cell::Other(text);
    }
    let folded: String = text.chars().filter_map(fold).collect();
    let folded = folded.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\'' | '"'));
    let (sign, value) = folded.strip_prefix('+').map_or(("", folded), |rest| ("+", rest));
    if is_amount(value, sign) {
        return Cell::Amount;
    }
    match power(value).or_else(|| fraction(value, sign)).or_else(|| thousands(value)) {
        Some(Some(digits)) => Cell::Digits(format!("{sign}{digits}")),
        Some(None) => Cell::Rounded,
        None => Cell::Other(text),
    }
}

/// `="0221 66966966"`, the formula that keeps a text, without its marks.
pub(super) fn without_formula(text: &str) -> &str {
    let text = text.trim();
    let quotes = |c: char| matches!(c, '"' | '\'' | '“' | '”' | '„' | '‟' | '‘' | '’' | '＂');
    let inner =
        text.strip_prefix(['=', '＝']).map(str::trim).filter(|it| it.starts_with(quotes) && it.ends_with(quotes));
    inner.map_or(text, |inner| inner.trim_matches(quotes))
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

/// A list of numbers without the fractions that are zero; `None` where it has none of them.
pub(super) fn without_fractions(text: &str) -> Option<String> {
    if text.len() > MAX_LIST {
        return None;
    }
    let text: String = text.chars().filter_map(fold).collect();
    let (mut out, mut rest, mut found) = (String::new(), text.as_str(), false);
    while !rest.is_empty() {
        let mark = |(at, c): (usize, char)| {
            let parts = c.is_alphabetic() || matches!(c, ';' | '|' | '&' | '/' | '\n') || rest[at..].starts_with(", ");
            parts.then_some(at + c.len_utf8())
        };
        let (part, behind) = rest.split_at(rest.char_indices().find_map(mark).unwrap_or(rest.len()));
        let end = part.trim_end_matches(|c: char| !c.is_ascii_digit()).len();
        let begin = end - part[..end].trim_start_matches([' ', ',']).len();
        match cell(&part[begin..end]) {
            Cell::Digits(digits) => {
                found = true;
                out.push_str(&part[..begin]);
                out.push_str(&digits);
                out.push_str(&part[end..]);
            }
            Cell::Rounded | Cell::Amount | Cell::Other(_) => out.push_str(part),
        }
        rest = behind;
    }
    found.then_some(out)
}

/// `4922166966966.0`, `4.922.166.966.966,00`, and `(0221) 66966966.0`, which keeps its groups.
fn fraction(value: &str, sign: &str) -> Option<Option<String>> {
    let (whole, fraction) = value.rsplit_once(['.', ','])?;
    let whole = whole.trim_end_matches(' ');
    // Blanks behind a comma are those of a list.
    let fraction = if value.ends_with(&format!(".{fraction}")) { fraction.trim_start_matches(' ') } else { fraction };
    if fraction.is_empty() || !zeros(fraction) || !whole.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mark = value[whole.len()..].chars().next();
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let compact = digits.len() == whole.len();
    let grouped = || !whole.starts_with('0') && in_thousands(whole).is_some_and(|other| Some(other) != mark);
    if digits.len() < FEWEST_DIGITS {
        None
    } else if compact || grouped() {
        Some(Some(digits))
    } else {
        // Where a dot parts groups too, the last one may be a group.
        let apart = whole.chars().all(|c| c.is_ascii_digit() || (is_separator(c) && c != '.'));
        (apart || single_digit(value, sign) == Some('0')).then(|| Some(whole.to_owned()))
    }
}

/// The single digit behind the last dot of a number in groups that is whole without it. The 0 is a table program's
/// fraction, and any other one is refused: nobody can tell what it is. More digits are a direct number or a group.
fn single_digit(value: &str, sign: &str) -> Option<char> {
    let (whole, last) = value.rsplit_once('.')?;
    let digits = whole.chars().filter(char::is_ascii_digit).count();
    let prefixed = !sign.is_empty() || whole.trim_start_matches(['(', '[']).starts_with('0');
    let fewest = if prefixed { FEWEST_WITH_FRACTION } else { FEWEST_WITH_FRACTION + 1 };
    let grouped = whole.chars().all(|c| c.is_ascii_digit() || is_separator(c));
    let mut last = last.trim_start_matches(' ').chars();
    let single = last.next().filter(|c| c.is_ascii_digit() && last.next().is_none());
    single.filter(|_| grouped && (fewest..=MOST_DIGITS).contains(&digits))
}

/// `22166966966.50`: more digits than any amount, and yet no number. A dot before a direct number stands behind a zero
/// or a sign, and a single digit behind so many is none.
fn is_amount(value: &str, sign: &str) -> bool {
    if single_digit(value, sign).is_some_and(|digit| digit != '0') {
        return true;
    }
    let Some((whole, fraction)) = value.split_once(['.', ',']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let national = !sign.is_empty() || whole.starts_with('0');
    digits(whole)
        && digits(fraction)
        && !zeros(fraction)
        && whole.len() >= FEWEST_WITH_FRACTION
        && (fraction.len() == 1 || (fraction.len() == 2 && !national))
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
            ("+49 221 66966966.0", digits("+49 221 66966966")),
            ("(0221) 66966966,0", digits("(0221) 66966966")),
            ("044 668 18 00.0", digits("044 668 18 00")),
            ("+49 221 66966966 . 0", digits("+49 221 66966966")),
            ("22166966966. 00", digits("22166966966")),
            ("0221 66966966 . 5", Cell::Amount),
            ("22166966966.50", Cell::Amount),
            ("4922166966966,5", Cell::Amount),
            ("022166966966.12", Cell::Other("022166966966.12")),
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

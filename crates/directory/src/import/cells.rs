//! What a cell looks like, whatever its heading says.

use ringside_domain::NumberPlan;
use ringside_domain::number::{NumberError, Party, Reading, Rule, read, read_cell};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Look {
    Nothing,
    /// A telephone number, written so that it can hardly be anything else: `0221 …`, `+49 …`.
    Number,
    /// Digits that could be a telephone number whose first digits a table program took, or a customer's number.
    Digits,
    /// A date or an amount.
    Other,
    Text,
}

/// Fewer digits are no evidence of a telephone number.
const FEWEST: usize = 7;

/// The cell without what a table program puts around text that is to stay text: `="0221 …"`, `'0221 …`.
pub(super) fn bare(text: &str) -> &str {
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_mark(c));
    let text = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    text.strip_prefix('\'').unwrap_or(text).trim()
}

/// What stands between a pair of single quotation marks.
pub(super) fn within_marks(text: &str) -> Option<&str> {
    text.trim().strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''))
}

/// What tells a program the direction of a text, and stands for nothing.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// What stands in exports where a database had nothing. `Null` and `Nan` are somebody's name.
pub(super) fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    text.chars().all(|c| matches!(c, '-' | '–' | '—' | '_' | '.' | '?' | '/') || is_mark(c))
        || matches!(text, "nan" | "NaN" | "NAN" | "NULL" | "null" | "(null)" | "None" | "\\N" | "#NV" | "#N/A" | "<NA>")
        || matches!(text, "n/a" | "N/A" | "n.a." | "N.A." | "k.A." | "k. A." | "#REF!" | "#WERT!" | "#VALUE!")
        || matches!(text, "undefined" | "#NAME?" | "#BEZUG!" | "NaT" | "nil")
}

pub(super) fn look(text: &str, plan: &NumberPlan) -> Look {
    let text = bare(text);
    if is_nothing(text) {
        return Look::Nothing;
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if is_date(text) || is_amount(text) {
        return Look::Other;
    }
    if digits < FEWEST || text.contains('@') {
        return if is_power(text) { Look::Digits } else { Look::Text };
    }
    let whole = without_fraction(text);
    let is_bare = whole.bytes().all(|byte| byte.is_ascii_digit());
    match read(whole, plan, &|_| false) {
        Ok(Reading { party: Party::Number(_), rule }) => match rule {
            Rule::NationalWithoutTrunk | Rule::InternationalWithoutPlus | Rule::LocalInArea => Look::Digits,
            // Nine digits are a whole number where no prefix is dialled, and many another thing.
            _ if is_bare && !whole.starts_with('0') => Look::Digits,
            _ => Look::Number,
        },
        Ok(_) => Look::Text,
        Err(NumberError::Empty | NumberError::TooShort) => Look::Text,
        Err(_) if is_power(text) => Look::Digits,
        Err(_) => {
            let cell = read_cell(text, plan);
            if cell.numbers.is_empty() || text.chars().filter(|c| c.is_alphabetic()).count() > digits {
                Look::Text
            } else {
                Look::Number
            }
        }
    }
}

/// Made of nothing but what telephone numbers are written with.
pub(super) fn is_like_number(text: &str) -> bool {
    let text = bare(text);
    text.bytes().filter(u8::is_ascii_digit).count() >= FEWEST
        && text.chars().all(|c| c.is_ascii_digit() || " +()/-–.,;|\u{a0}\u{202f}".contains(c))
        && !is_date(text)
}

/// The digits of `22166966967.0`, as a table program writes a number that it took for one.
pub(super) fn without_fraction(text: &str) -> &str {
    match text.split_once(['.', ',']) {
        Some((whole, "0" | "00")) if !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        _ => text,
    }
}

/// `4,91716E+12`: the digits are lost, but they were a number's.
fn is_power(text: &str) -> bool {
    let Some((number, power)) = text.split_once(['E', 'e']) else { return false };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    number.starts_with(|c: char| c.is_ascii_digit())
        && all_digits(&number.replacen(['.', ','], "", 1))
        && power.strip_prefix('+').is_some_and(all_digits)
}

/// Three groups that are a day, a month and a year, with a time or without one.
fn is_date(text: &str) -> bool {
    let (date, rest) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let groups: Vec<&str> = date.split(['.', '/', '-']).collect();
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    let [Some(first), Some(second), Some(third)] = [0, 1, 2].map(|at| groups.get(at).and_then(|text| number(text)))
    else {
        return false;
    };
    let is_time = rest.is_empty()
        || (rest.contains(':') && rest.chars().all(|c| c.is_ascii_digit() || " :.,+-ZAPMapm".contains(c)));
    let year = |text: &str, value: u32| match text.len() {
        4 => (1900..2100).contains(&value),
        2 => true,
        _ => false,
    };
    let day_and_month = |a: u32, b: u32| (1..=31).contains(&a) && (1..=31).contains(&b) && (a <= 12 || b <= 12);
    groups.len() == 3
        && is_time
        && groups.iter().all(|group| group.len() <= 4)
        && ((year(groups[2], third) && groups[0].len() <= 2 && groups[1].len() <= 2 && day_and_month(first, second))
            || (groups[0].len() == 4 && year(groups[0], first) && groups[1].len() <= 2 && day_and_month(second, third)))
}

/// `1.234,50`, `99.00 €`, `EUR 12`.
fn is_amount(text: &str) -> bool {
    const CURRENCIES: [&str; 9] = ["€", "$", "£", "₪", "EUR", "USD", "CHF", "GBP", "ILS"];
    let number = CURRENCIES.iter().fold(text.to_owned(), |text, currency| text.replace(currency, ""));
    let number = number.trim();
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let named = number.len() < text.len();
    let unsigned = number.strip_prefix('-').unwrap_or(number);
    let (whole, decimals) = unsigned.rsplit_once([',', '.']).unwrap_or((unsigned, ""));
    let mut groups = whole.split(['.', ',', '\'', '’']);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let grouped = is_digits(first) && rest.iter().all(|group| group.len() == 3 && is_digits(group));
    if named {
        return unsigned.chars().any(|c| c.is_ascii_digit())
            && unsigned.chars().all(|c| c.is_ascii_digit() || ".,'’ -".contains(c));
    }
    // Behind a whole telephone number the fraction is a table program's.
    grouped
        && decimals.len() == 2
        && is_digits(decimals)
        && (!rest.is_empty() || whole.len() < FEWEST)
        && first.len() <= 6
        && !first.starts_with("00")
        && (first.len() == 1 || !first.starts_with('0'))
}

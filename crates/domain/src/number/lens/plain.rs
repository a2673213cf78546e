//! Recognises what is made of digits and is no telephone number: dates, times, amounts, IBANs, addresses, versions.

use super::Refusal;
use super::text::Text;

/// No token that is looked at is longer; longer ones are no dates.
const MAX_TOKEN: usize = 40;

/// What begins at a place and where it ends. Looks at no more than a few dozen characters.
pub(super) fn other_than_number(text: &Text, at: usize) -> Option<(usize, Refusal)> {
    let c = text.get(at);
    if c.is_ascii_alphabetic() && !text.before(at).is_alphanumeric() {
        return iban(text, at).map(|end| (end, Refusal::Iban));
    }
    if !c.is_ascii_digit() || text.before(at).is_ascii_digit() {
        return None;
    }
    let end = token(text, at);
    let groups = Groups::of(text, at, end);
    if let Some(refusal) = groups.refusal(text, at, end) {
        return Some((end, refusal));
    }
    amount(text, at).map(|end| (end, Refusal::Amount))
}

/// The end of the digits and marks that stand together without a space.
fn token(text: &Text, at: usize) -> usize {
    let length = text
        .slice(at..at + MAX_TOKEN)
        .iter()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '/' | ':' | '-' | '\''))
        .count();
    let mut end = at + length;
    while end > at && !text.get(end - 1).is_ascii_digit() {
        end -= 1;
    }
    end
}

/// Up to eight runs of digits with the marks between them.
struct Groups {
    /// How long, and what number.
    runs: Vec<(usize, u32)>,
    marks: Vec<char>,
    /// Something else stands between them.
    irregular: bool,
}

impl Groups {
    fn of(text: &Text, mut at: usize, end: usize) -> Self {
        let mut groups = Self { runs: Vec::new(), marks: Vec::new(), irregular: end - at >= MAX_TOKEN };
        while at < end && groups.runs.len() < 8 {
            let digits = text.digits(at);
            groups.runs.push((digits, text.value(at, digits)));
            at += digits;
            if at < end {
                groups.marks.push(text.get(at));
                at += 1;
                // "01.02.-03.02.2026"
                if text.get(at) == '-' {
                    groups.marks.pop();
                    groups.marks.push('-');
                    at += 1;
                }
            }
            groups.irregular |= digits == 0;
        }
        groups.irregular |= at < end;
        groups
    }

    fn refusal(&self, text: &Text, at: usize, end: usize) -> Option<Refusal> {
        if self.irregular || self.runs.is_empty() {
            return None;
        }
        let whole = 0..self.runs.len();
        if self.is_date(whole.clone()) || self.is_date_range() || (self.is_day_month() && text.get(end) == '.') {
            return Some(Refusal::Date);
        }
        if self.is_time(whole.clone(), ':')
            || self.is_time_range()
            || (self.is_time(whole, '.') && is_oclock(text, end))
        {
            return Some(Refusal::Time);
        }
        if self.is_year_range() {
            return Some(Refusal::Year);
        }
        if self.is_ip() {
            return Some(Refusal::IpAddress);
        }
        let marked = text.before(at).eq_ignore_ascii_case(&'v') && !text.before(at.saturating_sub(1)).is_alphanumeric();
        self.is_version(marked).then_some(Refusal::Version)
    }

    /// `01.02.2026`, `1/2/26`, `2026-02-01`, `12/2026`.
    fn is_date(&self, at: std::ops::Range<usize>) -> bool {
        let marks = &self.marks[at.start..at.end - 1];
        let same = marks.windows(2).all(|pair| pair[0] == pair[1]);
        if marks.is_empty() || !same || !matches!(marks[0], '.' | '/' | '-') {
            return false;
        }
        match self.runs[at] {
            [first, second, third] if first.0 == 4 => is_year(first) && is_month(second) && is_day(third),
            [first, second, third] => {
                let year = is_year(third) || third.0 == 2;
                let order = (is_day(first) && is_month(second)) || (is_month(first) && is_day(second));
                year && order
            }
            [month, year] => is_month(month) && is_year(year),
            _ => false,
        }
    }

    /// `01.02.-03.02.2026`.
    fn is_date_range(&self) -> bool {
        self.marks.iter().position(|mark| *mark == '-').is_some_and(|dash| {
            let first = dash + 1;
            let short = match self.runs[..first] {
                [day, month] => is_day(day) && is_month(month),
                [day] => is_day(day),
                _ => self.is_date(0..first),
            };
            self.marks[dash + 1..].contains(&'.') && short && self.is_date(first..self.runs.len())
        })
    }

    /// `01.02.`, with the second dot.
    fn is_day_month(&self) -> bool {
        matches!(self.runs[..], [day, month] if is_day(day) && is_month(month)) && self.marks == ['.']
    }

    fn is_time(&self, at: std::ops::Range<usize>, mark: char) -> bool {
        let marks = &self.marks[at.start..at.end - 1];
        let sixty = |run: &(usize, u32)| run.0 == 2 && run.1 < 60;
        match &self.runs[at] {
            [hour, rest @ ..] if matches!(rest.len(), 1 | 2) => {
                hour.0 <= 2 && hour.1 < 25 && rest.iter().all(sixty) && marks.iter().all(|m| *m == mark)
            }
            _ => false,
        }
    }

    /// `08:00-17:00`.
    fn is_time_range(&self) -> bool {
        self.marks
            .iter()
            .position(|mark| *mark == '-')
            .is_some_and(|dash| self.is_time(0..dash + 1, ':') && self.is_time(dash + 1..self.runs.len(), ':'))
    }

    /// `2024-2026`, `2025/26`.
    fn is_year_range(&self) -> bool {
        matches!(self.runs[..], [first, second] if is_year(first) && (is_year(second) || second.0 == 2))
            && matches!(self.marks[0], '-' | '/')
    }

    fn is_ip(&self) -> bool {
        let octet = |run: &(usize, u32)| run.0 <= 3 && run.1 <= 255 && run.1.to_string().len() == run.0;
        self.runs.len() == 4 && self.runs.iter().all(octet) && self.marks.iter().all(|mark| *mark == '.')
    }

    /// `2.12.4`, and with a `v` in front also `2.12`.
    fn is_version(&self, marked: bool) -> bool {
        let fewest = if marked { 1 } else { 2 };
        self.marks.len() >= fewest
            && self.marks.iter().all(|mark| *mark == '.')
            && self.runs.iter().all(|run| run.0 <= if marked { 6 } else { 3 })
            && (marked
                || self.runs[0].0 == 1
                || (self.runs[0].1.to_string().len() == self.runs[0].0 && self.runs.iter().any(|run| run.0 == 1)))
    }
}

fn is_day((length, value): (usize, u32)) -> bool {
    (1..=2).contains(&length) && (1..=31).contains(&value)
}

fn is_month((length, value): (usize, u32)) -> bool {
    (1..=2).contains(&length) && (1..=12).contains(&value)
}

fn is_year((length, value): (usize, u32)) -> bool {
    length == 4 && (1900..2100).contains(&value)
}

fn is_oclock(text: &Text, end: usize) -> bool {
    let at = end + usize::from(text.get(end) == ' ');
    matches!(text.word_from(at).as_str(), "uhr" | "h" | "am" | "pm" | "heures" | "ore")
}

/// Digits in groups of three with decimals, where a currency, the decimals or the grouping say that it is money.
fn amount(text: &Text, start: usize) -> Option<usize> {
    let first = text.digits(start);
    let mut end = start + first;
    let mut grouping = None;
    while first <= 3 && matches!(text.get(end), '.' | ',' | '\'' | ' ') && text.digits(end + 1) == 3 {
        if *grouping.get_or_insert(text.get(end)) != text.get(end) {
            break;
        }
        end += 4;
    }
    let mut evidence = grouping == Some('\'');
    let cents = text.digits(end + 1);
    if matches!(text.get(end), '.' | ',') && (1..=2).contains(&cents) && !goes_on(text, end + 1 + cents) {
        evidence |= text.get(end) == ',' || grouping == Some(',');
        end += 1 + cents;
    } else if matches!(text.get(end), '.' | ',') && text.get(end + 1) == '-' && !text.get(end + 2).is_ascii_digit() {
        evidence = true;
        end += 2;
    }
    if text.digits(end) > 0 || goes_on(text, end) && !evidence {
        return None;
    }
    (evidence || currency_before(text, start) || currency_after(text, end)).then_some(end)
}

/// Another group of digits follows, as in a number and not in an amount.
fn goes_on(text: &Text, at: usize) -> bool {
    matches!(text.get(at), '.' | ',' | '/' | ':' | '-') && text.get(at + 1).is_ascii_digit()
}

/// Whether a currency stands before or behind.
pub(super) fn has_currency(text: &Text, start: usize, end: usize) -> bool {
    currency_before(text, start) || currency_after(text, end)
}

fn currency_before(text: &Text, start: usize) -> bool {
    let mut at = start;
    while at > 0 && start - at < 3 && matches!(text.get(at - 1), ' ' | '.') {
        at -= 1;
    }
    if is_currency_sign(text.before(at)) {
        return true;
    }
    let mut from = at;
    while from > 0 && at - from < 6 && text.get(from - 1).is_alphabetic() {
        from -= 1;
    }
    let word = text.word_from(from);
    at > from && word.chars().count() == at - from && is_currency(&word)
}

fn currency_after(text: &Text, end: usize) -> bool {
    let at = end + usize::from(text.get(end) == ' ');
    is_currency_sign(text.get(at)) || text.get(at) == '%' || is_currency(&text.word_from(at))
}

fn is_currency_sign(c: char) -> bool {
    matches!(c, '€' | '$' | '£' | '¥' | '₪' | '₣')
}

fn is_currency(word: &str) -> bool {
    const WORDS: [&str; 26] = [
        "eur", "euro", "euros", "cent", "chf", "sfr", "fr", "franken", "rappen", "francs", "franchi", "usd", "dollar",
        "dollars", "gbp", "pfund", "nis", "ils", "shekel", "mio", "tsd", "prozent", "kg", "km", "stk", "mwst",
    ];
    WORDS.contains(&word)
}

/// Two letters, two check digits, and groups up to 34 characters (ISO 13616).
fn iban(text: &Text, at: usize) -> Option<usize> {
    let head = text.slice(at..at + 4);
    let &[a, b, c, d] = head else { return None };
    if !(a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_digit() && d.is_ascii_digit()) {
        return None;
    }
    let mut taken = vec![a, b, c, d];
    let (mut end, mut next) = (at + 4, at + 4);
    while taken.len() < 34 {
        let gap = usize::from(text.get(next) == ' ' || text.get(next) == '-');
        let group: Vec<char> = text
            .slice(next + gap..next + gap + 34)
            .iter()
            .copied()
            .take_while(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
            .take(34 - taken.len())
            .collect();
        let spaced = gap == 1;
        let banks_letters = taken.len() == 4 && group.len() == 4;
        if group.is_empty() || (spaced && group.len() > 4) || !(banks_letters || group.iter().any(char::is_ascii_digit))
        {
            break;
        }
        next += gap + group.len();
        let short = spaced && group.len() < 4;
        taken.extend(group);
        end = next;
        if short || (taken.len() >= 15 && checks(&taken)) {
            break;
        }
    }
    let whole = !text.get(end).is_alphanumeric();
    (whole && (15..=34).contains(&taken.len())).then_some(end)
}

/// The check of ISO 7064 (mod 97-10).
fn checks(iban: &[char]) -> bool {
    let (head, body) = iban.split_at(4);
    let value = body.iter().chain(head).filter_map(|c| c.to_digit(36));
    value.fold(0, |rest: u32, value| if value < 10 { (rest * 10 + value) % 97 } else { (rest * 100 + value) % 97 }) == 1
}

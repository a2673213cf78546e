//! How a file is laid out: what parts its fields, and where its headings stand.

use ringside_domain::NumberPlan;
use ringside_domain::number::read_cell;

use super::cells::{Look, is_like_number, is_nothing, look};
use super::headings::{Meaning, meaning};
use super::records::{Record, Records};

/// Headings are looked for in so many of the first lines that hold something.
const HEADING_WITHIN: usize = 30;

pub(super) struct Layout<'a> {
    /// The headings; none where the file begins with its first row.
    pub headings: Vec<String>,
    /// The lines that hold something above the headings.
    pub above: Vec<u64>,
    rows: Records<'a>,
}

/// The first lines of a file, read with one delimiter.
struct Beginning<'a> {
    records: Records<'a>,
    /// Each line that holds something, with the place behind it.
    lines: Vec<(u64, Vec<String>, Records<'a>)>,
}

impl<'a> Layout<'a> {
    /// `None` where the file holds nothing.
    pub fn of(bytes: &'a [u8], plan: &NumberPlan) -> Option<Self> {
        let beginning = match said_delimiter(bytes) {
            Some((delimiter, start)) => {
                let mut records = Records::new(bytes, delimiter);
                records.go_on(start);
                Beginning::of(records)
            }
            None => best_delimiter(bytes),
        };
        let heading = beginning.heading(plan);
        let at = heading.unwrap_or_default();
        let above = beginning.lines.iter().take(at).map(|(line, ..)| *line).collect();
        let rows = match heading {
            Some(at) => beginning.lines.get(at).map(|(_, _, behind)| behind.clone())?,
            None if beginning.lines.is_empty() => return None,
            None => beginning.records,
        };
        let headings = heading.and_then(|at| beginning.lines.into_iter().nth(at)).map(|(_, fields, _)| fields);
        Some(Self { headings: headings.unwrap_or_default(), above, rows })
    }

    /// Whether there is one column, and it holds names and numbers.
    pub fn is_unparted(&self, plan: &NumberPlan) -> bool {
        let first: Vec<String> =
            self.rows().filter_map(|(_, record)| record.ok()).take(HEADING_WITHIN).flatten().collect();
        let is_both = |text: &&String| {
            text.chars().filter(|c| c.is_alphabetic()).count() > 1 && !read_cell(text, plan).numbers.is_empty()
        };
        let filled = first.iter().filter(|text| !is_nothing(text)).count();
        let both = first.iter().filter(is_both).count();
        self.headings.len() <= 1 && both > 0 && both * 5 >= filled * 3
    }

    /// The lines below the headings.
    pub fn rows(&self) -> impl Iterator<Item = (u64, Record)> + use<'a> {
        self.rows.clone()
    }
}

impl<'a> Beginning<'a> {
    fn of(records: Records<'a>) -> Self {
        let mut ahead = records.clone();
        let mut lines = Vec::new();
        while lines.len() < HEADING_WITHIN
            && let Some((line, record)) = ahead.next()
        {
            if let Ok(fields) = record
                && fields.iter().any(|field| !field.trim().is_empty())
            {
                lines.push((line, fields, ahead.clone()));
            }
        }
        Self { records, lines }
    }

    /// Which of the lines is the one of headings: the one with most known headings and no number, else the one above
    /// the first number. `None` where the first line is a row.
    fn heading(&self, plan: &NumberPlan) -> Option<usize> {
        let looks = |at: usize| self.lines[at].1.iter().map(|text| look(text, plan));
        let has_number = |at: usize| looks(at).any(|look| look == Look::Number);
        let mut best = None;
        for at in (0..self.lines.len()).filter(|at| !has_number(*at)) {
            let known = known_headings(&self.lines[at].1);
            if known > best.map_or(0, |(_, most)| most) {
                best = Some((at, known));
            }
        }
        if let Some((at, _)) = best {
            return Some(at);
        }
        let first = (0..self.lines.len()).find(|at| has_number(*at) || looks(*at).any(|look| look == Look::Digits));
        match first {
            Some(0) => None,
            Some(at) => Some(at - 1),
            None => (!self.lines.is_empty()).then_some(0),
        }
    }

    /// How well the lines go with their delimiter: lines with a field that is nothing but a number, known headings, and
    /// lines of one length.
    fn fits(&self) -> [usize; 3] {
        let lines = || self.lines.iter().map(|(_, fields, _)| fields).filter(|fields| fields.len() > 1);
        let numbers = lines().filter(|fields| fields.iter().any(|text| is_like_number(text))).count();
        let known = lines().map(|fields| known_headings(fields)).max().unwrap_or_default();
        let alike = lines().map(|fields| lines().filter(|other| other.len() == fields.len()).count()).max();
        [numbers, known, alike.unwrap_or_default()]
    }
}

fn known_headings(fields: &[String]) -> usize {
    fields.iter().filter(|text| !is_nothing(text) && meaning(text) != Meaning::Unknown).count()
}

fn best_delimiter(bytes: &[u8]) -> Beginning<'_> {
    let mut best = Beginning::of(Records::new(bytes, b';'));
    let mut most = best.fits();
    for delimiter in [b'\t', b'|', b','] {
        let other = Beginning::of(Records::new(bytes, delimiter));
        let fits = other.fits();
        if fits > most {
            (best, most) = (other, fits);
        }
    }
    best
}

/// A first line `sep=;` says which delimiter is used. The second is where the line ends.
fn said_delimiter(bytes: &[u8]) -> Option<(u8, usize)> {
    let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len());
    match bytes[..end] {
        [s, e, p, b'=', delimiter] if [s, e, p].map(|byte| byte.to_ascii_lowercase()) == *b"sep" => {
            Some((delimiter, if bytes[end..].starts_with(b"\r\n") { end + 2 } else { (end + 1).min(bytes.len()) }))
        }
        _ => None,
    }
}

//! A list of records by the time that is written in them, quick to cut a span out of.

use super::options::FonialBounds;

#[derive(Default)]
pub(super) struct Ledger {
    /// In order of time; of the same time, in order of arrival.
    rows: Vec<Row>,
}

struct Row {
    /// `YYYY-MM-DD HH:MM:SS`, so that the order of texts is the order of times.
    at: String,
    json: String,
}

impl Ledger {
    pub(super) fn add(&mut self, at: String, json: String) {
        let place = self.rows.partition_point(|row| row.at <= at);
        self.rows.insert(place, Row { at, json });
    }

    /// Many at once, in any order.
    pub(super) fn fill(&mut self, rows: impl IntoIterator<Item = (String, String)>) {
        self.rows.extend(rows.into_iter().map(|(at, json)| Row { at, json }));
        self.rows.sort_by(|one, other| one.at.cmp(&other.at));
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The JSON of each record from `start` to `end`, oldest first.
    pub(super) fn span(&self, start: &str, end: &str, bounds: FonialBounds) -> impl DoubleEndedIterator<Item = &str> {
        let inclusive = bounds == FonialBounds::Inclusive;
        let first =
            self.rows.partition_point(|row| if inclusive { row.at.as_str() < start } else { row.at.as_str() <= start });
        let last =
            self.rows.partition_point(|row| if inclusive { row.at.as_str() <= end } else { row.at.as_str() < end });
        let rows = self.rows.get(first..last).unwrap_or_default();
        rows.iter().map(|row| row.json.as_str())
    }
}

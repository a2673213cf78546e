//! Thousands of quiet lines in little: a window that starts gets them in a fifth of the bytes.

use ringside_domain::{LineStatus, Presence};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::line::{LineStatusTs, PresenceTs};
use super::{LineView, Snapshot};

/// Lines that differ in nothing but extension, name and time, and that nobody talks on, owns or has starred. The
/// three columns are of one length, in the order of the lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LineRows {
    pub account: String,
    pub group: Option<String>,
    #[ts(as = "LineStatusTs")]
    pub line: LineStatus,
    #[ts(as = "PresenceTs")]
    pub presence: Presence,
    pub stale_since: Option<i64>,
    pub no_dial: Option<String>,
    pub extensions: Vec<String>,
    pub names: Vec<String>,
    pub at: Vec<i64>,
}

impl Snapshot {
    /// Moves the quiet lines from `lines` to `line_rows`. A host that packs tells its page so by nothing else.
    pub fn pack(&mut self) {
        self.lines = pack(std::mem::take(&mut self.lines), &mut self.line_rows);
    }
}

/// Returns those that stay whole.
fn pack(lines: Vec<LineView>, rows: &mut Vec<LineRows>) -> Vec<LineView> {
    let (quiet, whole): (Vec<_>, Vec<_>) = lines.into_iter().partition(is_quiet);
    for line in quiet {
        match rows.iter_mut().find(|rows| rows.holds(&line)) {
            Some(rows) => rows.push(line),
            None => rows.push(LineRows::of(line)),
        }
    }
    whole
}

impl LineRows {
    fn of(line: LineView) -> Self {
        let LineView { account, extension, name, group, line, presence, at, stale_since, no_dial, .. } = line;
        Self {
            account,
            group,
            line,
            presence,
            stale_since,
            no_dial,
            extensions: vec![extension],
            names: vec![name],
            at: vec![at],
        }
    }

    fn holds(&self, line: &LineView) -> bool {
        self.stale_since == line.stale_since
            && self.line == line.line
            && self.presence == line.presence
            && self.group == line.group
            && self.no_dial == line.no_dial
            && self.account == line.account
    }

    fn push(&mut self, line: LineView) {
        self.extensions.push(line.extension);
        self.names.push(line.name);
        self.at.push(line.at);
    }
}

fn is_quiet(line: &LineView) -> bool {
    line.peer.is_none() && line.peer_since.is_none() && !line.mine && !line.favourite
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(extension: &str, status: LineStatus) -> LineView {
        LineView {
            id: format!("office/{extension}"),
            account: "office".to_owned(),
            extension: extension.to_owned(),
            name: format!("Name {extension}"),
            group: Some("Sales".to_owned()),
            line: status,
            presence: Presence::Available,
            at: 1,
            stale_since: None,
            peer: None,
            peer_since: None,
            peer_phase: None,
            no_dial: None,
            mine: false,
            favourite: false,
        }
    }

    fn packed(lines: Vec<LineView>) -> (Vec<LineView>, Vec<LineRows>) {
        let mut rows = Vec::new();
        let whole = pack(lines, &mut rows);
        (whole, rows)
    }

    #[test]
    fn what_is_alike_shares_its_words_and_what_is_special_stays_whole() {
        let mine = LineView { mine: true, ..line("31", LineStatus::Idle) };
        let starred = LineView { favourite: true, ..line("32", LineStatus::Idle) };
        let talks = LineView { peer_since: Some(5), ..line("33", LineStatus::Busy) };
        let stale = LineView { stale_since: Some(9), ..line("34", LineStatus::Idle) };
        let later = LineView { at: 2, ..line("36", LineStatus::Idle) };
        let all = vec![mine.clone(), line("35", LineStatus::Idle), starred.clone(), talks.clone(), later, stale];
        let (kept, rows) = packed(all);
        assert_eq!(kept, [mine, starred, talks]);
        assert_eq!(rows.len(), 2);
        assert_eq!((&rows[0].extensions[..], &rows[0].at[..]), (&["35".to_owned(), "36".to_owned()][..], &[1, 2][..]));
        assert_eq!((rows[1].stale_since, &rows[1].names[..]), (Some(9), &["Name 34".to_owned()][..]));
    }
}

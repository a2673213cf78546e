//! Printing: JSON Lines for programs, columns for people.

use std::io::{self, IsTerminal as _, Write as _};

use jiff::tz::TimeZone;
use ringside_api::ApiError;
use serde::Serialize;
use serde_json::json;

/// Where rows go.
pub struct Out {
    json: bool,
    pub zone: TimeZone,
}

/// A row's columns for people, in order.
pub trait Columns {
    const HEAD: &'static [&'static str];
    fn cells(&self) -> Vec<String>;
}

impl Out {
    pub fn new(json: bool) -> Self {
        Self { json, zone: TimeZone::system() }
    }

    /// A whole list.
    pub fn rows<R: Serialize + Columns>(&self, rows: &[R]) {
        if self.json {
            rows.iter().for_each(|row| self.line(row));
            return;
        }
        let cells: Vec<Vec<String>> = rows.iter().map(Columns::cells).collect();
        let head = R::HEAD.iter().map(|title| title.to_uppercase()).collect();
        for line in table(std::iter::once(head).chain(cells)) {
            say(&line);
        }
    }

    /// One row of a list that goes on.
    pub fn row<R: Serialize + Columns>(&self, row: &R) {
        if self.json {
            self.line(row);
        } else {
            say(&row.cells().join("  "));
        }
    }

    /// Progress and warnings, for people only.
    pub fn progress(&self, text: &str) {
        if io::stderr().is_terminal() || !self.json {
            complain(text);
        }
    }

    /// An error: on stderr, in either form.
    pub fn error(&self, error: &ApiError) {
        if self.json {
            complain(&json!({ "error": error }).to_string());
        } else if error.hint.is_empty() {
            complain(&format!("error: {}", error.message));
        } else {
            complain(&format!("error: {}\n       {}", error.message, error.hint));
        }
    }

    fn line(&self, row: &impl Serialize) {
        match serde_json::to_string(row) {
            Ok(line) => say(&line),
            Err(error) => complain(&format!("a row cannot be written: {error}")),
        }
    }
}

/// A reader that has seen enough closes the pipe, and then there is nothing left to do.
fn say(line: &str) {
    let mut stdout = io::stdout().lock();
    if writeln!(stdout, "{line}").and_then(|()| stdout.flush()).is_err() {
        std::process::exit(i32::from(super::exit::DONE));
    }
}

fn complain(line: &str) {
    // There is no other place to say that this failed.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Lines with the columns under each other.
fn table(rows: impl Iterator<Item = Vec<String>>) -> Vec<String> {
    let rows: Vec<Vec<String>> = rows.collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let rows = [vec!["ID", "NAME"], vec!["office/31", "Özlem"], vec!["x", ""]];
        let lines = table(rows.into_iter().map(|row| row.into_iter().map(str::to_owned).collect()));
        assert_eq!(lines, ["ID         NAME", "office/31  Özlem", "x"]);
    }
}

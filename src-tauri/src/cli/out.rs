//! Printing: JSON Lines for programs, columns for people.

use std::io::{self, IsTerminal as _, Write as _};

use jiff::tz::TimeZone;
use ringside_api::ApiError;
use ringside_domain::Problem;
use serde::Serialize;
use serde_json::json;

use super::closed;

/// A reader that has seen enough closes the pipe: there is nothing left to do, and nothing has failed.
pub const NOBODY_READS: &str = "nobody_reads";

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
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn rows<R: Serialize + Columns>(&self, rows: &[R]) -> Result<(), ApiError> {
        if self.json {
            return rows.iter().try_for_each(line);
        }
        let cells: Vec<Vec<String>> = rows.iter().map(Columns::cells).collect();
        let head = R::HEAD.iter().map(|title| title.to_uppercase()).collect();
        table(std::iter::once(head).chain(cells)).iter().try_for_each(|line| say(line))
    }

    /// One row of a list that goes on.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row<R: Serialize + Columns>(&self, row: &R) -> Result<(), ApiError> {
        if self.json { line(row) } else { say(&row.cells().join("  ")) }
    }

    /// Progress and warnings, for people only.
    pub fn progress(&self, text: &str) {
        if io::stderr().is_terminal() || !self.json {
            complain(text);
        }
    }

    /// Whether there is an output at all.
    ///
    /// # Errors
    /// When it was closed before the program began.
    pub fn is_open() -> Result<(), ApiError> {
        match closed::stdout_was() {
            false => Ok(()),
            true => {
                let hint = "Start the command with one: a terminal, a file, or /dev/null.";
                Err(Problem::new("output_unwritable", "the output cannot be written: it is closed", hint).into())
            }
        }
    }

    /// Something that is wrong and keeps nobody from going on: on stderr, in either form.
    pub fn warning(&self, warning: &ApiError) {
        let warning = &by_hand(warning);
        if self.json {
            complain(&json!({ "warning": warning }).to_string());
        } else {
            complain(&format!("warning: {}\n         {}", warning.message, warning.hint));
        }
    }

    /// An error: on stderr, in either form.
    pub fn error(&self, error: &ApiError) {
        if error.code == NOBODY_READS {
            return;
        }
        let error = &by_hand(error);
        if self.json {
            complain(&json!({ "error": error }).to_string());
        } else if error.hint.is_empty() {
            complain(&format!("error: {}", error.message));
        } else {
            complain(&format!("error: {}\n       {}", error.message, error.hint));
        }
    }
}

/// A problem as a command tells it: it has ended, and does nothing by itself any more.
pub fn by_hand(problem: &ApiError) -> ApiError {
    let promises = |sentence: &&str| sentence.starts_with("Ringside ") && sentence.contains("automatically");
    let sentences: Vec<&str> = problem.hint.split_inclusive(". ").collect();
    let promised = sentences.iter().any(promises);
    let mut hint: Vec<&str> = sentences.iter().filter(|it| !promises(it)).map(|it| it.trim_end()).collect();
    let wait = problem.params.as_ref().and_then(|params| params.get("seconds"));
    let again = wait.map_or_else(|| "Try again later.".to_owned(), |seconds| format!("Try again in {seconds} s."));
    if promised && (hint.is_empty() || wait.is_some()) {
        hint.push(&again);
    }
    ApiError { hint: hint.join(" "), ..problem.clone() }
}

fn line(row: &impl Serialize) -> Result<(), ApiError> {
    say(&serde_json::to_string(row).map_err(|error| unwritten(&error.into()))?)
}

fn say(line: &str) -> Result<(), ApiError> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}").and_then(|()| stdout.flush()).map_err(|error| unwritten(&error))
}

/// Why the output did not reach whoever reads it.
pub fn unwritten(error: &io::Error) -> ApiError {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Problem::new(NOBODY_READS, "the output is no longer read", "").into();
    }
    let message = format!("the output cannot be written: {error}");
    Problem::new("output_unwritable", message, "Free some space there, or write to another place.").into()
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
    fn a_command_that_has_ended_promises_nothing() {
        let told = |hint: &'static str, seconds: &str| {
            by_hand(&Problem::new("x", "x", hint).naming("seconds", seconds).into()).hint
        };
        for (hint, seconds, expected) in [
            ("Check the network. Ringside keeps trying automatically.", "", "Check the network."),
            ("Ringside keeps trying automatically.", "", "Try again later."),
            ("Ringside waits that long and continues automatically.", "12", "Try again in 12 s."),
            ("It is the service. Ringside keeps trying automatically.", "7", "It is the service. Try again in 7 s."),
            ("Correct that line. Ringside then loads it automatically.", "", "Correct that line."),
            ("Check it. If it is right, tell the service.", "", "Check it. If it is right, tell the service."),
            ("", "", ""),
        ] {
            assert_eq!(told(hint, seconds), expected, "{hint}");
        }
    }

    #[test]
    fn columns_stand_under_each_other() {
        let rows = [vec!["ID", "NAME"], vec!["office/31", "Özlem"], vec!["x", ""]];
        let lines = table(rows.into_iter().map(|row| row.into_iter().map(str::to_owned).collect()));
        assert_eq!(lines, ["ID         NAME", "office/31  Özlem", "x"]);
    }
}

//! The last lines of the log, for the diagnostics page: what the file holds by default and nothing below it, so that no
//! name or number comes in even where `RINGSIDE_LOG` asks for more.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, PoisonError};

const LINES: usize = 200;
/// Longer ones are cut.
const LENGTH: usize = 400;

/// The log belongs to the process, and so do these.
static RECENT: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

/// Newest last.
pub fn lines() -> Vec<String> {
    RECENT.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
}

/// Takes one event a write, as the subscriber's formatter writes them.
pub struct Recent;

impl io::Write for Recent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line: String = String::from_utf8_lossy(bytes).trim_end().chars().take(LENGTH).collect();
        let mut lines = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LINES {
            lines.pop_front();
        }
        lines.push_back(line);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn the_newest_lines_stay_cut_where_they_are_long() {
        for line in 0..LINES + 5 {
            Recent.write_all(format!("line {line}\n").as_bytes()).unwrap();
        }
        Recent.write_all("x".repeat(LENGTH * 3).as_bytes()).unwrap();
        let lines = lines();
        assert_eq!(lines.len(), LINES);
        assert_eq!(lines[0], "line 6");
        assert_eq!(lines[LINES - 2], format!("line {}", LINES + 4));
        assert_eq!(lines[LINES - 1].len(), LENGTH);
    }
}

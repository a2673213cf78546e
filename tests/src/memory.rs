//! What stands in a process's memory, read from outside.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::FileExt as _;
use std::process::{Command, Stdio};

use anyhow::Context as _;

const PAGE: u64 = 4096;
/// Of an entry in `/proc/PID/pagemap`: the page is in memory, or swapped out.
const THERE: u64 = 0b11 << 62;
const BLOCK: u64 = 256 * PAGE;

/// Every place where the text stands in the process's memory, as bytes or as UTF-16, with what is around it: `[heap]
/// …password=***…`. Pages that the process never touched are passed over.
///
/// # Errors
/// When the process is gone or is not ours to look into.
pub fn places(pid: u32, needle: &str) -> anyhow::Result<Vec<String>> {
    anyhow::ensure!(
        !needle.is_empty() && needle.bytes().all(|b| b.is_ascii_alphanumeric()),
        "a needle of letters and digits"
    );
    let maps = fs::read_to_string(format!("/proc/{pid}/maps"))?;
    let memory = File::open(format!("/proc/{pid}/mem"))?;
    let pages = File::open(format!("/proc/{pid}/pagemap"))?;
    let wide: String = needle.chars().map(|c| format!("{c}\\x00")).collect();
    // The one search for bytes that is fast in an unoptimised build, and on every machine.
    let mut grep = Command::new("grep")
        .env("LC_ALL", "C")
        .args(["-a", "-b", "-o", "-P", "-e", &format!("{needle}|{wide}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start grep")?;
    let mut input = grep.stdin.take().context("grep takes nothing")?;
    let output = grep.stdout.take().context("grep says nothing")?;
    let reading = std::thread::spawn(move || {
        let offset = |line: Vec<u8>| String::from_utf8_lossy(&line).split(':').next()?.parse::<u64>().ok();
        BufReader::new(output).split(b'\n').filter_map(|line| offset(line.ok()?)).collect::<Vec<_>>()
    });
    // Where in what grep reads each run of pages begins, where it was, and whose it is.
    let mut runs: Vec<(u64, u64, String)> = Vec::new();
    let mut written = 0;
    let mut block = vec![0; usize::try_from(BLOCK)?];
    for region in maps.lines().filter_map(Region::read) {
        for (from, until) in region.present(&pages) {
            runs.push((written, from, region.name.clone()));
            let mut at = from;
            while at < until {
                let length = usize::try_from((until - at).min(BLOCK))?;
                // The kernel's own pages, and what was given back meanwhile, cannot be read.
                let Ok(read) = memory.read_at(&mut block[..length], at) else { break };
                if read == 0 {
                    break;
                }
                input.write_all(&block[..read])?;
                written += read as u64;
                at += read as u64;
            }
            // Neighbours here that are none there.
            input.write_all(b"\n")?;
            written += 1;
        }
    }
    drop(input);
    let offsets = reading.join().unwrap_or_default();
    grep.wait()?;
    anyhow::ensure!(written > PAGE, "nothing of process {pid} could be read");
    let place = |offset: u64| {
        let (begins, from, name) = runs.iter().rev().find(|(begins, ..)| *begins <= offset)?;
        let at = from + (offset - begins);
        let mut around = vec![0; needle.len() + 96];
        let read = memory.read_at(&mut around, at.saturating_sub(48)).ok()?;
        let text = String::from_utf8_lossy(&around[..read]).replace(needle, "***");
        let text: String = text.chars().map(|c| if c.is_control() { '.' } else { c }).collect();
        Some(format!("{name} {at:x}: {text}"))
    };
    Ok(offsets.into_iter().filter_map(place).collect())
}

struct Region {
    from: u64,
    until: u64,
    name: String,
}

impl Region {
    /// One line of `/proc/PID/maps`, if its pages can be read.
    fn read(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let (from, until) = words.next()?.split_once('-')?;
        if !words.next()?.starts_with('r') {
            return None;
        }
        let name = words.nth(3).unwrap_or("(anonymous)").to_owned();
        let number = |text| u64::from_str_radix(text, 16).ok();
        let region = Self { from: number(from)?, until: number(until)?, name };
        (!matches!(region.name.as_str(), "[vvar]" | "[vvar_vclock]" | "[vsyscall]")).then_some(region)
    }

    /// The runs of pages that are there.
    fn present(&self, pagemap: &File) -> Vec<(u64, u64)> {
        let mut runs: Vec<(u64, u64)> = Vec::new();
        let mut entries = vec![0; 8 * 8192];
        let mut page = self.from / PAGE;
        while page < self.until / PAGE {
            let wanted = usize::try_from((self.until / PAGE - page) * 8).unwrap_or(usize::MAX).min(entries.len());
            let Ok(read) = pagemap.read_at(&mut entries[..wanted], page * 8) else { return runs };
            if read < 8 {
                return runs;
            }
            for entry in entries[..read - read % 8].chunks_exact(8) {
                let there = entry.try_into().is_ok_and(|bytes| u64::from_ne_bytes(bytes) & THERE != 0);
                if there {
                    match runs.last_mut() {
                        Some((_, until)) if *until == page * PAGE => *until += PAGE,
                        _ => runs.push((page * PAGE, (page + 1) * PAGE)),
                    }
                }
                page += 1;
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_memory_is_found_and_what_is_not_is_not() -> anyhow::Result<()> {
        // Put together here, so that the program's own text does not hold it.
        let kept = ["needle", "InThe", "Haystack", "4711"].concat();
        let mut sleeper = Command::new("sleep").env("KEPT", &kept).arg("60").spawn()?;
        let found = places(std::process::id(), &kept)?;
        let other = places(sleeper.id(), &kept);
        sleeper.kill()?;
        sleeper.wait()?;
        assert!(!found.is_empty());
        assert!(other?.iter().any(|place| place.starts_with("[stack]")), "the environment lies on the stack");
        Ok(())
    }
}

//! What a tree of processes costs, read from /proc.

use std::collections::BTreeMap;
use std::fs;

/// One process at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    pub pid: u32,
    /// As the kernel keeps it: at most 15 bytes.
    pub name: String,
    /// Memory, each shared page counted by its share.
    pub pss_mb: f64,
    /// User and system time so far, seconds.
    pub cpu_s: f64,
    /// Of all threads, voluntary and involuntary.
    pub switches: u64,
}

/// The process and everything that descends from it, parents first.
pub fn tree(root: u32) -> Vec<Process> {
    let children = children();
    let mut pids = vec![root];
    let mut at = 0;
    while let Some(pid) = pids.get(at).copied() {
        pids.extend(children.get(&pid).into_iter().flatten());
        at += 1;
    }
    pids.into_iter().filter_map(process).collect()
}

/// Megabytes of the whole tree.
pub fn pss_mb(root: u32) -> f64 {
    tree(root).iter().map(|process| process.pss_mb).sum()
}

/// How many processes of the tree have a name that begins so; names are cut at 15 bytes.
pub fn count(root: u32, name: &str) -> usize {
    let cut: String = name.chars().take(15).collect();
    tree(root).iter().filter(|process| process.name.starts_with(&cut)).count()
}

/// Context switches of every thread of the tree so far, by process and thread. A thread takes its count with it when it
/// ends, so who counts over a while looks often.
pub fn switches_by_thread(root: u32) -> BTreeMap<(u32, u32), u64> {
    tree(root)
        .iter()
        .flat_map(|process| threads(process.pid).map(|(thread, count)| ((process.pid, thread), count)))
        .collect()
}

/// Names and megabytes in one line, largest first.
pub fn summary(root: u32) -> String {
    let mut tree = tree(root);
    tree.sort_by(|a, b| b.pss_mb.total_cmp(&a.pss_mb));
    tree.iter().map(|it| format!("{} {:.0} MB", it.name, it.pss_mb)).collect::<Vec<_>>().join(", ")
}

fn children() -> BTreeMap<u32, Vec<u32>> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        if let Some(parent) = stat(pid).and_then(|stat| stat.get(1)?.parse().ok()) {
            children.entry(parent).or_default().push(pid);
        }
    }
    children
}

/// The fields of `/proc/PID/stat` after the name: state, parent, …
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

fn process(pid: u32) -> Option<Process> {
    let stat = stat(pid)?;
    if stat.first().is_some_and(|state| state == "Z") {
        return None;
    }
    let ticks = |index: usize| stat.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?.trim().to_owned();
    let smaps = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let pss_kb = smaps.lines().find_map(|line| number(line, "Pss:")).unwrap_or(0);
    // The kernel counts in hundredths of a second for everybody outside.
    Some(Process {
        pid,
        name,
        pss_mb: pss_kb as f64 / 1024.0,
        cpu_s: (ticks(11) + ticks(12)) / 100.0,
        switches: switches(pid),
    })
}

fn switches(pid: u32) -> u64 {
    threads(pid).map(|(_, count)| count).sum()
}

fn threads(pid: u32) -> impl Iterator<Item = (u32, u64)> {
    fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten().filter_map(|entry| {
        let thread = entry.file_name().to_str()?.parse().ok()?;
        let status = fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        let of = |name| status.lines().find_map(|line| number(line, name)).unwrap_or(0);
        Some((thread, of("voluntary_ctxt_switches:") + of("nonvoluntary_ctxt_switches:")))
    })
}

fn number(line: &str, name: &str) -> Option<u64> {
    line.strip_prefix(name)?.split_whitespace().next()?.parse().ok()
}

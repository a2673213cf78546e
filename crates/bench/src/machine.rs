//! Which machine the figures are from.

use std::fs;

/// Cores, processor, memory, kernel, and what draws the windows.
pub fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let cpu = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split(' ').next()?.parse::<u64>().ok())
        .map_or_else(String::new, |kb| format!(", {} GB", kb.div_ceil(1 << 20)));
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let system = field_of(&fs::read_to_string("/etc/os-release").unwrap_or_default(), "PRETTY_NAME", '=')
        .map_or_else(String::new, |name| format!(", {}", name.trim_matches('"')));
    format!(
        "{cores} cores ({cpu}){memory}, Linux {}{system}; windows drawn in software under Xvfb and openbox",
        kernel.trim()
    )
}

fn field(file: &str, name: &str) -> Option<String> {
    field_of(&fs::read_to_string(file).ok()?, name, ':')
}

fn field_of(text: &str, name: &str, separator: char) -> Option<String> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(separator)?;
        (key.trim() == name).then(|| value.trim().to_owned())
    })
}

//! The web interface: installed by npm, built by Vite, only when something changed.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::shell;

/// Installs the packages if the lock file is newer than they are, and builds if a source is newer than the result.
pub fn build() -> anyhow::Result<()> {
    install()?;
    let built = modified(Path::new("ui/dist/index.html"));
    let newest = ["ui/src", "ui/index.html", "ui/card.html", "ui/vite.config.ts", "ui/package-lock.json", "ui/public"]
        .iter()
        .filter_map(|path| newest_in(Path::new(path)))
        .max();
    if built.is_some() && built >= newest {
        return Ok(());
    }
    shell::step("Building the interface");
    shell::run(npm(&["run", "--silent", "build"]))
}

pub fn install() -> anyhow::Result<()> {
    let installed = modified(Path::new("ui/node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(Path::new("ui/package-lock.json")) {
        return Ok(());
    }
    shell::step("Installing the interface's packages");
    shell::run(npm(&["ci", "--no-audit", "--no-fund"]))
}

pub fn test() -> anyhow::Result<()> {
    shell::step("Checking and testing the interface");
    shell::run(npm(&["run", "--silent", "check"]))?;
    shell::run(npm(&["test", "--silent"]))
}

fn npm(arguments: &[&str]) -> std::process::Command {
    let mut command = shell::command("npm", arguments);
    command.current_dir("ui");
    command
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

fn newest_in(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return modified(path);
    }
    fs::read_dir(path).ok()?.flatten().filter_map(|entry| newest_in(&entry.path())).max()
}

//! The web interface: installed by npm, built by Vite, only when something changed.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::shell;

const UI: &str = "ui";

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
    shell::run(npm(UI, &["run", "--silent", "build"]))
}

pub fn install() -> anyhow::Result<()> {
    install_in(UI, "Installing the interface's packages")
}

/// The servers that tests of real time speak to.
pub fn install_servers() -> anyhow::Result<()> {
    install_in("crates/transport/tests/socketio", "Installing the Socket.IO servers of the tests")
}

fn install_in(folder: &str, step: &str) -> anyhow::Result<()> {
    let within = |path: &str| modified(&Path::new(folder).join(path));
    let installed = within("node_modules/.package-lock.json");
    if installed.is_some() && installed >= within("package-lock.json") {
        return Ok(());
    }
    shell::step(step);
    shell::run(npm(folder, &["ci", "--no-audit", "--no-fund"]))
}

pub fn test() -> anyhow::Result<()> {
    shell::step("Checking and testing the interface");
    shell::run(npm(UI, &["run", "--silent", "check"]))?;
    shell::run(npm(UI, &["test", "--silent"]))
}

fn npm(folder: &str, arguments: &[&str]) -> std::process::Command {
    let mut command = shell::command("npm", arguments);
    command.current_dir(folder);
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

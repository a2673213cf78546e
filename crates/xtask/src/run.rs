//! Building and running.

use std::path::PathBuf;

use crate::{machine, packages, shell, ui};

/// Builds the app and says where it is.
pub fn build(release: bool) -> anyhow::Result<PathBuf> {
    machine::prepare(&[packages::BUILD])?;
    ui::build()?;
    shell::step("Building the app (the first time takes some minutes)");
    let mut arguments = vec!["build", "--package", "ringside", "--package", "ringside-exchange"];
    if release {
        arguments.push("--release");
    }
    shell::run(shell::cargo(&arguments))?;
    Ok(target().join(if release { "release" } else { "debug" }).join("ringside"))
}

pub fn app(release: bool, arguments: &[String]) -> anyhow::Result<()> {
    if !machine::has_display() && arguments.is_empty() {
        machine::prepare(&[packages::BUILD, packages::HEADLESS])?;
        let binary = build(release)?;
        let folder = target().join("tour");
        eprintln!(
            "\nThere is no display here. Running the headless tour instead; its pictures go to {}.",
            folder.display()
        );
        let mut tour = shell::command(&binary.to_string_lossy(), &["demo", "--headless"]);
        tour.arg(&folder);
        return shell::run(tour);
    }
    let binary = build(release)?;
    shell::step("Opening Ringside");
    let mut app = shell::command(&binary.to_string_lossy(), &[]);
    app.args(arguments);
    shell::run(app)
}

pub fn exchange(arguments: &[String]) -> anyhow::Result<()> {
    let mut command = shell::cargo(&["run", "--quiet", "--package", "ringside-exchange", "--"]);
    command.args(arguments);
    shell::run(command)
}

/// The TypeScript contract.
pub fn generate() -> anyhow::Result<()> {
    shell::step("Writing the TypeScript contract");
    let cargo = shell::cargo(&["run", "--quiet", "--package", "ringside-api", "--example", "typescript"]);
    let mut cargo = cargo;
    let output = cargo.stderr(std::process::Stdio::inherit()).output()?;
    anyhow::ensure!(output.status.success(), "the contract could not be rendered");
    std::fs::write("ui/src/host/contract.generated.ts", output.stdout)?;
    Ok(())
}

pub fn pictures() -> anyhow::Result<()> {
    machine::prepare(&[packages::BUILD, packages::HEADLESS])?;
    let binary = build(false)?;
    let folder = target().join("pictures");
    let mut tour = shell::command(&binary.to_string_lossy(), &["demo", "--headless"]);
    tour.arg(&folder);
    shell::run(tour)?;
    std::fs::create_dir_all("docs/pictures")?;
    for entry in std::fs::read_dir(&folder)?.flatten() {
        if entry.path().extension().is_some_and(|e| e == "png") {
            std::fs::copy(entry.path(), PathBuf::from("docs/pictures").join(entry.file_name()))?;
        }
    }
    Ok(())
}

pub fn bench(filter: Option<&str>, quick: bool) -> anyhow::Result<()> {
    machine::prepare(&[packages::BUILD, packages::TEST, packages::BENCH])?;
    build(true)?;
    let mut command =
        shell::cargo(&["run", "--release", "--quiet", "--package", "ringside-tests", "--bin", "bench", "--"]);
    if let Some(filter) = filter {
        command.arg(filter);
    }
    if quick {
        command.arg("--quick");
    }
    shell::run(command)
}

/// Cargo's target folder, wherever the environment put it.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| shell::root().join("target"), PathBuf::from)
}

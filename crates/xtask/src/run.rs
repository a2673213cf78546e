//! Building and running.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::{machine, packages, shell, ui};

/// The pictures that the README shows.
const PICTURES: &str = "docs/pictures";

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

/// The TypeScript contract, and what the statements of the store are checked against without a database.
pub fn generate() -> anyhow::Result<()> {
    describe_statements()?;
    shell::step("Writing the TypeScript contract");
    let cargo = shell::cargo(&["run", "--quiet", "--package", "ringside-api", "--example", "typescript"]);
    let mut cargo = cargo;
    let output = cargo.stderr(std::process::Stdio::inherit()).output()?;
    anyhow::ensure!(output.status.success(), "the contract could not be rendered");
    std::fs::write("ui/src/host/contract.generated.ts", output.stdout)?;
    Ok(())
}

/// Applies the migrations to an empty database and has sqlx's macros write down each statement's description.
fn describe_statements() -> anyhow::Result<()> {
    machine::prepare(&[&["sqlite3"]])?;
    shell::step("Describing the store's statements");
    let folder = target().join("statements");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let database = folder.join("empty.db");
    let mut migrations: Vec<_> = std::fs::read_dir("crates/store/migrations")?.flatten().map(|it| it.path()).collect();
    migrations.sort();
    for migration in migrations {
        let mut sqlite = shell::command("sqlite3", &["-bail"]);
        sqlite.arg(&database).stdin(std::fs::File::open(&migration)?);
        shell::run(sqlite)?;
    }
    // The macros run only in a crate that is compiled anew.
    shell::run(shell::cargo(&["clean", "--quiet", "--package", "ringside-store"]))?;
    let mut check = shell::cargo(&["check", "--quiet", "--package", "ringside-store", "--all-targets"]);
    check.env("DATABASE_URL", format!("sqlite://{}", database.display()));
    check.env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", &folder);
    shell::run(check)?;
    let descriptions = |folder: &Path| -> anyhow::Result<Vec<PathBuf>> {
        let entries = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path());
        Ok(entries.filter(|path| path.extension().is_some_and(|it| it == "json")).collect())
    };
    for old in descriptions(Path::new(".sqlx"))? {
        std::fs::remove_file(old)?;
    }
    for new in descriptions(&folder)? {
        let name = new.file_name().unwrap_or_default().to_owned();
        std::fs::copy(new, Path::new(".sqlx").join(name))?;
    }
    Ok(())
}

/// Takes anew what is there: a picture that is to be shown is first put there by hand.
pub fn pictures() -> anyhow::Result<()> {
    machine::prepare(&[packages::BUILD, packages::HEADLESS])?;
    let binary = build(false)?;
    let folder = target().join("pictures");
    let mut tour = shell::command(&binary.to_string_lossy(), &["demo", "--headless"]);
    tour.arg(&folder);
    shell::run(tour)?;
    shell::step(&format!("Copying the pictures that are shown; all of them are in {}", folder.display()));
    for shown in std::fs::read_dir(PICTURES)? {
        let name = shown?.file_name();
        let taken = folder.join(&name);
        std::fs::copy(&taken, Path::new(PICTURES).join(&name))
            .with_context(|| format!("the tour took no picture {}", taken.display()))?;
    }
    Ok(())
}

pub fn bench(filter: Option<&str>, quick: bool) -> anyhow::Result<()> {
    machine::prepare(&[packages::BUILD, packages::TEST, packages::BENCH])?;
    build(true)?;
    let mut command = shell::cargo(&["run", "--release", "--quiet", "--package", "ringside-bench", "--"]);
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

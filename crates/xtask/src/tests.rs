//! Every test there is.

use crate::{machine, packages, shell, ui};

pub fn all(filter: Option<&str>) -> anyhow::Result<()> {
    machine::prepare(&[packages::BUILD, packages::TEST])?;
    ui::build()?;
    ui::install_servers()?;
    if filter.is_none() {
        ui::test()?;
        shell::step("Checking the form of the code");
        shell::run(shell::cargo(&["fmt", "--all", "--check"]))?;
        shell::step("Checking the code against the house's rules (the first time takes some minutes)");
        shell::run(shell::cargo(&["clippy", "--quiet", "--workspace", "--all-targets"]))?;
    }
    // The tests of the real window start these programs; one build of the whole workspace serves both.
    shell::step("Building everything (the first time takes some minutes)");
    shell::run(shell::cargo(&["build", "--workspace", "--all-targets"]))?;
    run("Running the tests of the crates", &["--workspace", "--exclude", "ringside-tests"], filter)?;
    run("Running the tests of the house", &["--package", "ringside-tests", "--lib", "--test", "tidy"], filter)?;
    run("Running the core over real sockets", &["--package", "ringside-tests", "--test", "core"], filter)?;
    run("Running the real window", &["--package", "ringside-tests", "--test", "window"], filter)
}

fn run(what: &str, which: &[&str], filter: Option<&str>) -> anyhow::Result<()> {
    shell::step(what);
    let mut arguments = vec!["test", "--no-fail-fast"];
    arguments.extend(which);
    arguments.extend(filter);
    shell::run(shell::cargo(&arguments))
}

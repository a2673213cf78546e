//! Every test there is.

use crate::{machine, packages, shell, ui};

pub fn all(filter: Option<&str>) -> anyhow::Result<()> {
    machine::prepare(&[packages::BUILD, packages::TEST])?;
    ui::build()?;
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
    shell::step("Running the tests");
    let mut arguments = vec!["test", "--workspace"];
    arguments.extend(filter);
    shell::run(shell::cargo(&arguments))
}

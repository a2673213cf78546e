use clap::CommandFactory as _;

use super::options::{AccountAction, ScenarioAction};
use super::*;

fn read(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("ringside").chain(line.split_whitespace()))
}

#[test]
fn the_command_line_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn without_a_command_links_are_handed_to_the_app() {
    let cli = read("tel:+4922166966966 --config /tmp/c.toml").unwrap();
    assert!(cli.command.is_none());
    assert_eq!(cli.links, ["tel:+4922166966966"]);
    assert!(read("").unwrap().links.is_empty());
    assert!(read("--in-tray").unwrap().in_tray);
}

#[test]
fn what_is_neither_a_command_nor_a_link_is_refused() {
    for line in ["frobnicate", "/etc/passwd", "http://example.com", "--frobnicate"] {
        let error = read(line).unwrap_err();
        assert_eq!(error.exit_code(), i32::from(exit::USAGE), "{line}");
    }
}

#[test]
fn general_options_stand_before_or_after_the_command() {
    for line in ["--json --data /tmp/d lines --account office", "lines --account office --json --data /tmp/d"] {
        let cli = read(line).unwrap();
        assert!(cli.json && cli.data.is_some(), "{line}");
        assert!(matches!(cli.command, Some(Command::Lines(_))), "{line}");
    }
}

#[test]
fn every_command_of_the_contract_is_there() {
    for line in [
        "demo",
        "demo --headless /tmp/pictures --theme dark --lang de",
        "accounts",
        "accounts remove office",
        "accounts test office",
        "extensions",
        "lines",
        "calls",
        "scenarios",
        "history --missed --since 2026-03-01T09:00:00+01:00 --limit 5",
        "contacts lenz",
        "watch --json",
        "dial +4922166966966 --account office --from 31 --wait --json",
        "hangup 0191",
        "scenario activate 7 --account forwarding",
        "scenario deactivate 7",
        "lookup 0221",
        "agent states",
        "agent show voice/31 --json",
        "agent set 31 READY --account voice",
        "number list --account mobile",
        "number verify --city Köln --zip 50667 --street Domkloster --house-number 4 --area-code 221 --kind CONTRACT --document l.pdf",
        "number order 3 --link-to +492214710999 --yes",
        "number cancel +492214710000 --account voice --intent x --yes",
        "number orders --json",
        "number settle 3 --taken --reference 4711",
        "number settle 3 --not-taken",
        "number arrived 3 +492214710000",
        "number drop 3",
    ] {
        assert!(read(line).is_ok(), "{line}");
    }
}

#[test]
fn what_became_of_a_lost_answer_is_said_one_way_or_the_other() {
    for line in
        ["number settle 3", "number settle 3 --taken --not-taken", "number settle 3 --not-taken --reference 4711"]
    {
        assert!(read(line).is_err(), "{line}");
    }
}

#[test]
fn a_secret_has_no_place_among_the_arguments() {
    assert!(read("accounts add office --provider nfon --secret x").is_err());
    assert!(read("accounts add office --provider nfon --password x").is_err());
    let cli = read("accounts add office --provider nfon --username K7001/cti --option a=b --mine 31").unwrap();
    let Some(Command::Accounts(accounts)) = cli.command else { panic!("accounts") };
    let Some(AccountAction::Add(draft)) = accounts.action else { panic!("add") };
    assert_eq!(draft.options, [("a".to_owned(), "b".to_owned())]);
}

#[test]
fn a_scenario_is_named_with_what_is_to_be_done() {
    let cli = read("scenario deactivate 7").unwrap();
    let Some(Command::Scenario(scenario)) = cli.command else { panic!("scenario") };
    assert!(matches!(scenario.action, ScenarioAction::Deactivate(which) if which.id == "7"));
    assert!(read("scenario 7").is_err());
}

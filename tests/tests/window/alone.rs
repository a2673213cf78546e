//! The command line with no app running and no display.

use ringside_exchange::{Fault, FaultKind, ServiceName};
use ringside_tests::desktop::Parts;
use ringside_tests::running::command;
use serde_json::Value;

use crate::scene;

fn rows(output: &std::process::Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"))).collect()
}

fn code(output: &std::process::Output) -> (Option<i32>, String) {
    let words = String::from_utf8_lossy(&output.stderr);
    let code = words
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|line| line["error"]["code"].as_str().map(str::to_owned));
    (output.status.code(), code.unwrap_or_else(|| words.into_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_keeps_its_fields_and_exit_codes() {
    let scene = scene::alone(Parts::default()).await;
    let run = |arguments: &[&str]| command(&scene.desktop, Some(&scene.exchange), arguments).unwrap();
    let fields = |arguments: &[&str], wanted: &[&str]| {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        let rows = rows(&output);
        let first = rows.first().unwrap_or_else(|| panic!("{arguments:?} printed nothing"));
        for field in wanted {
            assert!(first.get(field).is_some(), "{arguments:?}: {field} is absent in {first}");
        }
        rows
    };
    fields(&["accounts", "--json"], &["id", "provider", "capabilities", "link", "since", "reason"]);
    let extensions = fields(&["extensions", "--json"], &["account", "extension", "name", "email"]);
    assert_eq!(extensions.len(), 46);
    fields(&["scenarios", "--json"], &["account", "id", "name", "state", "forwardings", "at", "confirmed"]);
    let thrown = fields(&["scenario", "activate", "17", "--json"], &["account", "id", "state", "confirmed"]);
    assert_eq!(thrown.last().map(|row| row["state"].clone()), Some("active".into()), "{thrown:?}");
    fields(&["lookup", "44", "--json"], &["number", "name", "company", "source", "rule", "ms", "others"]);

    assert_eq!(run(&["nonsense"]).status.code(), Some(2));
    let config = scene.desktop.config().display().to_string();
    let absent = code(&run(&["accounts", "--json", "--config", "/nowhere/config.toml"]));
    assert_eq!(absent, (Some(2), "config_missing".into()));
    let no_folder = code(&run(&["accounts", "--json", "--data", &config]));
    assert_eq!(no_folder, (Some(2), "data_no_folder".into()));
    assert_eq!(code(&run(&["scenario", "activate", "404", "--json"])).0, Some(5));
    assert_eq!(
        code(&run(&["accounts", "remove", "nobody", "--json"])),
        (Some(2), "no_account".into()),
        "the configuration has none"
    );
    let refused = FaultKind::Status { code: 401, retry_after: None };
    scene.exchange.faults().set(Fault::new(refused).on(ServiceName::Nfon).path("/v1/login"));
    let dialled = code(&run(&["dial", "+4922166966966", "--json"]));
    assert_eq!(dialled.0, Some(3), "{dialled:?}");
    scene.exchange.faults().clear();
    scene.exchange.go_down();
    let unreachable = code(&run(&["dial", "+4922166966966", "--json"]));
    assert_eq!(unreachable.0, Some(4), "{unreachable:?}");
    let posts = scene.exchange.tape().count_of(ServiceName::Nfon, "POST", "/v1/extensions/phone/calls");
    assert_eq!(posts, 0, "nothing was rung");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_display_the_app_says_so() {
    let scene = scene::alone(Parts::default()).await;
    let mut app = scene.desktop.command(ringside_tests::running::binary().unwrap());
    let output = app.env_remove("DISPLAY").stderr(std::process::Stdio::piped()).output().unwrap();
    assert!(output.status.code().is_some_and(|code| code != 0), "{:?}", output.status);
    let words = String::from_utf8_lossy(&output.stderr).to_lowercase();
    assert!(words.contains("no display") && !words.contains("panic"), "{words}");
}

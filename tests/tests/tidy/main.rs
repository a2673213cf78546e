//! The house's invariants, checked with every test run.

mod circles;
mod imports;

use std::collections::BTreeMap;

use ringside_tests::tree::{files, root};

#[test]
fn only_the_registry_knows_providers_by_name() {
    let names = ["nfon", "fonial", "voicenter", "swisscom", "tenios"];
    let may = |path: &str| {
        path.starts_with("crates/providers/")
            || path.starts_with("crates/exchange/")
            || path.starts_with("tests/")
            || path.contains("/tests/")
            || path.ends_with("_tests.rs")
            || path == "src-tauri/src/demo.rs"
            || path.starts_with("src-tauri/src/demo/")
    };
    for file in files(&[".rs"]).iter().filter(|f| !may(&f.path)) {
        for (number, line) in code_lines(&file.text) {
            for name in names {
                let quoted = format!("\"{name}\"");
                assert!(
                    !line.contains(&quoted) && !line.contains(&format!("{name}::")),
                    "{}:{number} names {name}: ask for a capability instead",
                    file.path
                );
            }
        }
    }
}

#[test]
fn only_the_host_file_imports_tauri() {
    for file in files(&[".ts", ".svelte"]) {
        if file.path != "ui/src/host/tauri.ts" && !file.path.contains(".test.") {
            assert!(!file.text.contains("@tauri-apps/"), "{} imports @tauri-apps", file.path);
        }
    }
    for file in files(&[".rs"]).iter().filter(|f| f.path.starts_with("crates/")) {
        for (number, line) in code_lines(&file.text) {
            assert!(!line.contains("tauri::"), "{}:{number} knows tauri", file.path);
        }
    }
}

#[test]
fn the_generated_contract_is_fresh() {
    let file = std::fs::read_to_string(root().join(ringside_api::typescript::PATH)).unwrap();
    assert_eq!(file, ringside_api::typescript::render(), "run `cargo xtask generate`");
}

#[test]
fn no_file_is_a_god_file() {
    for file in files(&[".rs", ".ts", ".svelte"]) {
        let limit = if file.path.ends_with(".rs") { 600 } else { 400 };
        let lines = file.text.lines().count();
        let says_why = file.text.lines().take(6).any(|l| l.contains("This file is long"));
        assert!(
            lines <= limit || says_why,
            "{} has {lines} lines; more than {limit} need a reason in its first lines",
            file.path
        );
    }
}

#[test]
fn the_interface_shows_text_and_never_markup() {
    for file in files(&[".svelte", ".ts"]) {
        for word in ["{@html", "innerHTML", "insertAdjacentHTML", "document.write"] {
            assert!(!file.text.contains(word) || file.path.contains(".test."), "{} uses {word}", file.path);
        }
    }
}

#[test]
fn features_do_not_import_one_another() {
    for file in files(&[".ts", ".svelte"]) {
        let Some(rest) = file.path.strip_prefix("ui/src/features/") else { continue };
        let own = rest.split('/').next().unwrap_or_default();
        for line in file.text.lines().filter(|l| l.contains("from ")) {
            if let Some(other) = line.split("features/").nth(1).and_then(|r| r.split(['/', '\'', '"']).next()) {
                assert!(other == own, "{}: a feature imports the feature {other}", file.path);
            }
        }
    }
}

#[test]
fn colours_come_from_the_tokens_alone() {
    for file in files(&[".svelte", ".css"]) {
        if file.path.ends_with("styles/tokens.css") || file.path.contains("/tests/") {
            continue;
        }
        for (number, line) in file.text.lines().enumerate() {
            let line = line.replace("&#", "");
            let hex = line.split('#').skip(1).any(|rest| {
                let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
                let is_word = rest.chars().nth(digits).is_some_and(|c| c.is_alphanumeric() || c == '-');
                matches!(digits, 3 | 6 | 8) && !is_word && line.contains(':') && !line.contains("url(")
            });
            assert!(!hex, "{}:{} has a colour of its own: {line}", file.path, number + 1);
        }
    }
}

#[test]
fn allowances_give_a_reason() {
    for file in files(&[".rs"]).iter().filter(|f| !f.path.starts_with("tests/tests/tidy/")) {
        for (number, line) in code_lines(&file.text) {
            assert!(!line.contains("#[allow("), "{}:{number}: use #[expect(.., reason = \"..\")]", file.path);
            assert!(!line.contains("#[ignore]"), "{}:{number}: an ignored test needs a reason", file.path);
        }
    }
}

#[test]
fn every_dependency_is_named_once_with_its_features() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for file in files(&["Cargo.toml"]).iter().filter(|f| f.path != "Cargo.toml") {
        for line in file.text.lines() {
            let is_dependency = line.contains("version = \"") && !line.starts_with("version") && line.contains(" = ");
            if is_dependency {
                seen.insert(file.path.clone(), line.to_owned());
            }
        }
    }
    assert!(seen.is_empty(), "versions belong into the workspace's table: {seen:?}");
}

/// Lines with their number, without whole-line comments.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(n, l)| (n + 1, l)).filter(|(_, l)| !l.trim_start().starts_with("//"))
}

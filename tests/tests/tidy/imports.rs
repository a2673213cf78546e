//! Which of our own crates each imports, exactly.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use ringside_tests::tree::{files, root};
use serde_json::Value;

/// The table of docs/architecture.md. What a crate's tests import is their own affair.
const IMPORTS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("transport", &["domain"]),
    ("telephony", &["domain"]),
    ("providers", &["domain", "telephony", "transport"]),
    ("receiver", &["domain", "telephony", "transport"]),
    ("engine", &["domain"]),
    ("directory", &["domain"]),
    ("store", &["domain"]),
    ("api", &["domain"]),
    ("app", &["domain", "engine", "telephony", "directory", "store", "receiver", "api"]),
    ("exchange", &[]),
    ("testkit", &[]),
    ("xtask", &[]),
    ("src-tauri", &["domain", "api", "app", "providers", "exchange"]),
];

/// These try and measure the others: they may import any of them.
const FREE: &[&str] = &["tests", "bench"];

#[test]
fn crates_import_exactly_what_the_house_says() {
    let table: BTreeMap<&str, BTreeSet<String>> =
        IMPORTS.iter().map(|(name, others)| (*name, others.iter().map(|it| (*it).to_owned()).collect())).collect();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, imports) in manifests().into_iter().filter(|(name, _)| !FREE.contains(&name.as_str())) {
        match table.get(name.as_str()) {
            Some(said) if *said == imports => {}
            said => wrong.push(format!("{name} imports {imports:?}; the house says {said:?}")),
        }
        seen.insert(name);
    }
    let gone = table.keys().filter(|name| !seen.contains(**name)).map(|name| format!("there is no crate {name}"));
    wrong.extend(gone);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_crate_imports_it_names() {
    let sources = files(&[".rs"]);
    for (name, imports) in manifests() {
        let folder = if name == "src-tauri" || name == "tests" { name.clone() } else { format!("crates/{name}") };
        let own: Vec<_> = sources.iter().filter(|file| file.path.starts_with(&format!("{folder}/"))).collect();
        for import in imports {
            let word = format!("ringside_{import}");
            assert!(own.iter().any(|file| file.text.contains(&word)), "{folder} imports {import} and never names it");
        }
    }
}

/// Every crate of the workspace with those of our own that it is built with.
fn manifests() -> Vec<(String, BTreeSet<String>)> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let metadata = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let output = Command::new(cargo).args(metadata).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let short = |name: &str| match name {
        "ringside" => Some("src-tauri".to_owned()),
        other => other.strip_prefix("ringside-").map(str::to_owned),
    };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let packages = list(&metadata["packages"]);
    let of = |package: &Value| {
        let name = package["name"].as_str().unwrap_or_default();
        let built_with = list(&package["dependencies"]).into_iter().filter(|it| it["kind"].as_str() != Some("dev"));
        let ours = built_with.filter_map(|it| short(it["name"].as_str()?)).collect();
        (short(name).unwrap_or_else(|| name.to_owned()), ours)
    };
    packages.iter().map(of).collect()
}

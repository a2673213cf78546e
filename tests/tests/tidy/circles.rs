//! No circle between files of different folders: whoever wants to understand one would have to read them all.
//!
//! A file imports another where a `use` of its own names it, also through a `pub use` of a third one. Tests are left out.

use std::collections::{BTreeMap, BTreeSet};

use ringside_tests::tree::files;

use crate::code_lines;

/// The circles there still are, by the folders they join, and what opens each.
const KNOWN: &[(&[&str], &str)] = &[
    (
        &[
            "crates/app/src/actor",
            "crates/app/src/actor/journal",
            "crates/app/src/actor/number_jobs",
            "crates/app/src/actor/receiver",
        ],
        "every part of the actor is told things through `inner.rs`, which names them all: opens with the actor's subjects",
    ),
    (
        &["crates/domain/src/number", "crates/domain/src/number/lens"],
        "a number is read by finding it in a text, and what is found is read: opens when both share the scanner alone",
    ),
    (
        &["crates/store/src", "crates/store/src/history", "crates/store/src/history/past"],
        "the store keeps calls under way in memory, and each aggregate is an `impl Store`: opens with one module each",
    ),
    (
        &["src-tauri/src", "src-tauri/src/windows"],
        "the desktop makes the main window, and closing that asks the desktop: opens with the desktop in parts",
    ),
    (
        &[
            "crates/exchange/src",
            "crates/exchange/src/faults",
            "crates/exchange/src/fonial",
            "crates/exchange/src/nfon",
            "crates/exchange/src/office",
            "crates/exchange/src/script",
            "crates/exchange/src/swisscom",
            "crates/exchange/src/tape",
            "crates/exchange/src/tenios",
            "crates/exchange/src/voicenter",
            "crates/exchange/src/wire",
        ],
        "each service takes the whole exchange: opens when they take their office and addresses",
    ),
];

#[test]
fn no_circle_joins_files_of_different_folders() {
    let mut known: BTreeMap<BTreeSet<&str>, &str> =
        KNOWN.iter().map(|(folders, why)| (folders.iter().copied().collect(), *why)).collect();
    let mut met = BTreeSet::new();
    for (root, modules) in crates() {
        for circle in circles(&modules) {
            let folders: BTreeSet<String> = circle.iter().map(|module| folder(&root, module, &modules)).collect();
            let names: BTreeSet<&str> = folders.iter().map(String::as_str).collect();
            if folders.len() > 1 {
                let files: Vec<_> = circle.iter().map(|module| module.join("::")).collect();
                assert!(known.contains_key(&names), "{root}: these import one another: {}", files.join(", "));
                met.insert(folders);
            }
        }
    }
    known.retain(|folders, _| !met.iter().any(|it| it.iter().map(String::as_str).eq(folders.iter().copied())));
    assert!(known.is_empty(), "these circles are open and need no exception: {known:?}");
}

/// `["actor", "inner"]`; empty for the crate itself.
type Module = Vec<String>;

#[derive(Default)]
struct Source {
    imports: Vec<Module>,
    /// What it hands on from elsewhere, by name.
    handed_on: BTreeMap<String, Module>,
}

/// The modules of each crate that have a file.
fn crates() -> BTreeMap<String, BTreeMap<Module, Source>> {
    let sources = files(&[".rs"]);
    let mut texts: BTreeMap<String, BTreeMap<Module, &str>> = BTreeMap::new();
    for file in &sources {
        let Some((name, inner)) = file.path.split_once("/src/") else { continue };
        let Some(inner) = inner.strip_suffix(".rs").filter(|it| !it.ends_with("tests")) else { continue };
        if !name.starts_with("tests") {
            let mut module: Module = inner.split('/').map(str::to_owned).collect();
            module.pop_if(|last| matches!(last.as_str(), "mod" | "lib" | "main"));
            texts.entry(format!("{name}/src")).or_default().insert(module, &file.text);
        }
    }
    let read = |texts: BTreeMap<Module, &str>| {
        let names: BTreeSet<Module> = texts.keys().cloned().collect();
        texts.into_iter().map(|(module, text)| (module.clone(), source(&module, text, &names))).collect()
    };
    texts.into_iter().map(|(root, texts)| (root, read(texts))).collect()
}

fn source(module: &Module, text: &str, modules: &BTreeSet<Module>) -> Source {
    let mut source = Source::default();
    let mut statement = String::new();
    for (_, line) in code_lines(text) {
        let begins = line.starts_with("use ") || (line.starts_with("pub") && line.contains(" use "));
        if statement.is_empty() && !begins {
            continue;
        }
        statement.push_str(line.trim());
        let Some((use_, _)) = statement.split_once(';') else { continue };
        let (visibility, tree) = use_.split_once("use ").unwrap_or_default();
        let mut paths = Vec::new();
        expand("", tree, &mut paths);
        for path in paths {
            let (path, name) = match path.split_once(" as ") {
                Some((path, name)) => (path.to_owned(), name.trim().to_owned()),
                None => (path.clone(), path.rsplit("::").next().unwrap_or_default().to_owned()),
            };
            match absolute(module, &path, modules) {
                Some(path) if visibility.is_empty() => source.imports.push(path),
                Some(path) => drop(source.handed_on.insert(name, path)),
                None => {}
            }
        }
        statement.clear();
    }
    source
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d` and `a::c::e`.
fn expand(before: &str, tree: &str, paths: &mut Vec<String>) {
    let Some((path, rest)) = tree.split_once('{') else {
        return paths.push(format!("{before}{}", tree.trim()));
    };
    let before = format!("{before}{}", path.trim());
    let list = rest.rsplit_once('}').map_or(rest, |(list, _)| list);
    let (mut depth, mut begin) = (0, 0);
    for (at, letter) in list.char_indices().chain([(list.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !list[begin..at].trim().is_empty() {
                    expand(&before, &list[begin..at], paths);
                }
                begin = at + 1;
            }
            _ => {}
        }
    }
}

/// The path from the crate's root; `None` where it leads to another crate.
fn absolute(module: &Module, path: &str, modules: &BTreeSet<Module>) -> Option<Module> {
    let mut base = module.clone();
    let mut rest: Vec<&str> = path.split("::").collect();
    match *rest.first()? {
        "crate" => {
            base.clear();
            rest.remove(0);
        }
        "self" => drop(rest.remove(0)),
        "super" => {
            while rest.first() == Some(&"super") {
                base.pop();
                rest.remove(0);
            }
        }
        child => {
            let child: Module = base.iter().cloned().chain([child.to_owned()]).collect();
            if !modules.contains(&child) {
                return None;
            }
        }
    }
    base.extend(rest.into_iter().map(str::to_owned));
    Some(base)
}

/// The module whose file holds what a path names.
fn holder(path: &Module, modules: &BTreeMap<Module, Source>) -> Module {
    let mut path = path.clone();
    // No name is handed on more often than there are modules.
    for _ in modules {
        let most = (0..=path.len()).rev().find(|most| modules.contains_key(&path[..*most])).unwrap_or_default();
        let (module, inner) = path.split_at(most);
        let onward = inner.split_first().and_then(|(name, more)| {
            let onward = modules.get(module)?.handed_on.get(name)?;
            Some(onward.iter().chain(more).cloned().collect())
        });
        match onward {
            Some(onward) => path = onward,
            None => return module.to_vec(),
        }
    }
    path
}

/// Every set of modules that reach one another.
fn circles(modules: &BTreeMap<Module, Source>) -> BTreeSet<BTreeSet<Module>> {
    let next: BTreeMap<&Module, BTreeSet<Module>> = modules
        .iter()
        .map(|(module, source)| (module, source.imports.iter().map(|path| holder(path, modules)).collect()))
        .collect();
    let reach = |from: &Module| {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&Module> = vec![from];
        while let Some(module) = open.pop() {
            open.extend(next.get(module).into_iter().flatten().filter(|it| reached.insert((*it).clone())));
        }
        reached
    };
    let reached: BTreeMap<&Module, BTreeSet<Module>> = modules.keys().map(|module| (module, reach(module))).collect();
    let circle = |(module, reached_from_it): (&&Module, &BTreeSet<Module>)| {
        let back = |it: &&Module| reached.get(*it).is_some_and(|set| set.contains(*module));
        reached_from_it.iter().filter(back).cloned().collect::<BTreeSet<Module>>()
    };
    reached.iter().map(circle).filter(|circle| circle.len() > 1).collect()
}

/// The folder a module's file stands in; one that has a folder of its own stands there.
fn folder(root: &str, module: &Module, modules: &BTreeMap<Module, Source>) -> String {
    let has_folder = modules.keys().any(|other| other.len() > module.len() && other.starts_with(module));
    let inner = if has_folder { module.as_slice() } else { module.split_last().map_or(&[][..], |(_, rest)| rest) };
    [&[root.to_owned()], inner].concat().join("/")
}

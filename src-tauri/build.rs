//! Checks that the interface is built, and lets Tauri write its permissions.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// What a page may call at all; `capabilities/` says which window may call which.
const COMMANDS: &[&str] = &["rpc", "subscribe", "export_history", "show_saved", "copy", "rest_hotkeys"];

fn main() {
    println!("cargo:rerun-if-changed=../ui/dist");
    println!("cargo:rerun-if-changed=isolation");
    println!("cargo:rerun-if-changed=../icons");
    if let Some(lacking) = lacking(Path::new("../ui/dist")) {
        // What is given to people must have its windows, and a build may run while the interface is being built anew.
        if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
            println!("cargo:warning=ui/dist lacks {lacking}: `cargo xtask build --release` builds the interface first");
            std::process::exit(1);
        }
        stand_in();
    }
    let attributes = tauri_build::Attributes::new().app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning=the desktop host cannot be built: {error:#}");
        std::process::exit(1);
    }
}

/// The first page, or file of a page, that is not there.
fn lacking(built: &Path) -> Option<String> {
    for page in ["index.html", "card.html"] {
        let Ok(text) = fs::read_to_string(built.join(page)) else { return Some(page.to_owned()) };
        let named = text.split('"').filter_map(|word| word.strip_prefix("/assets/"));
        if let Some(asset) = named.map(|name| format!("assets/{name}")).find(|asset| !built.join(asset).is_file()) {
            return Some(asset);
        }
    }
    None
}

/// Without a built interface everything but the windows can be compiled and tested: the pages then say what to do.
fn stand_in() {
    println!("cargo:warning=ui/dist is missing, so the windows will be empty. `cargo xtask run` builds it.");
    let Some(out) = env::var_os("OUT_DIR").map(PathBuf::from) else { return };
    let pages = out.join("pages");
    let page = "<!doctype html><meta charset=\"utf-8\"><title>Ringside</title>\
                <p>The interface is not built. Run <code>cargo xtask run</code>.</p>";
    let written = fs::create_dir_all(&pages)
        .and_then(|()| fs::write(pages.join("index.html"), page))
        .and_then(|()| fs::write(pages.join("card.html"), page));
    if let Err(error) = written {
        println!("cargo:warning=the stand-in pages cannot be written: {error}");
        return;
    }
    // Read by `tauri::generate_context!` over tauri.conf.json.
    println!("cargo:rustc-env=TAURI_CONFIG={{\"build\":{{\"frontendDist\":{:?}}}}}", pages.display().to_string());
}

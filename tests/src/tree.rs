//! The repository's own files, for tests that read them.

use std::fs;
use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

/// A file of ours: its path from the root, and its text.
pub struct File {
    pub path: String,
    pub text: String,
}

/// Every text file with one of these endings, without what is built, installed or generated.
pub fn files(endings: &[&str]) -> Vec<File> {
    let mut found = Vec::new();
    walk(&root(), &root(), endings, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn walk(root: &Path, folder: &Path, endings: &[&str], found: &mut Vec<File>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(name.as_str(), "target" | "node_modules" | "dist" | ".git" | "gen" | ".sqlx") {
                walk(root, &path, endings, found);
            }
            continue;
        }
        let wanted = endings.iter().any(|ending| name.ends_with(ending)) && !name.contains(".generated.");
        if wanted && let Ok(text) = fs::read_to_string(&path) {
            let path = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            found.push(File { path, text });
        }
    }
}

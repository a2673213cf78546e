//! What is wrong with the configuration, with the place.

use std::path::{Path, PathBuf};

use ringside_domain::Problem;

/// Said of a file that is there, of one that is not, or of a change to it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("{} cannot be read: {reason}", path.display())]
    Read { path: PathBuf, reason: String },
    #[error("{} cannot be read: {reason}", path.display())]
    NotUtf8 { path: PathBuf, reason: String },
    #[error("{} is a folder", path.display())]
    Folder { path: PathBuf },
    #[error("{} is not a file", path.display())]
    NoFile { path: PathBuf },
    #[error("{} is gone", path.display())]
    Gone { path: PathBuf },
    #[error("{} is empty now, and held accounts before", path.display())]
    Emptied { path: PathBuf },
    #[error("{}, line {line}, column {column}: {}{message}", path.display(), named(key.as_deref()))]
    Faulty { path: PathBuf, line: usize, column: usize, key: Option<String>, message: String },
    #[error("{} cannot be written: {reason}", path.display())]
    Write { path: PathBuf, reason: String },
    #[error("the configuration file has a mistake and was not changed: {0}")]
    LeftAlone(Box<ConfigError>),
    #[error("`{key}` is locked by this computer's policy")]
    Locked { key: String },
    /// A value that means nothing, in a change that was asked for.
    #[error("`{key}`: {message}")]
    Unusable { code: &'static str, key: String, message: String },
}

fn named(key: Option<&str>) -> String {
    key.map(|key| format!("`{key}`: ")).unwrap_or_default()
}

impl ConfigError {
    /// Whether it is said of that file.
    pub(super) fn is_of(&self, file: &Path) -> bool {
        match self {
            Self::Read { path, .. }
            | Self::NotUtf8 { path, .. }
            | Self::Folder { path }
            | Self::NoFile { path }
            | Self::Gone { path }
            | Self::Emptied { path }
            | Self::Faulty { path, .. }
            | Self::Write { path, .. } => path == file,
            Self::LeftAlone(_) | Self::Locked { .. } | Self::Unusable { .. } => false,
        }
    }

    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "config_unreadable",
            Self::NotUtf8 { .. } => "config_not_utf8",
            Self::Folder { .. } => "config_folder",
            Self::NoFile { .. } => "config_no_file",
            Self::Gone { .. } => "config_gone",
            Self::Emptied { .. } => "config_emptied",
            Self::Faulty { .. } => "config_broken",
            Self::Write { .. } => "config_unwritable",
            Self::LeftAlone(_) => "config_left_alone",
            Self::Locked { .. } => "config_locked",
            Self::Unusable { code, .. } => code,
        }
    }

    pub fn problem(&self) -> Problem {
        let hint = match self {
            Self::Read { .. } => "Check its permissions.",
            Self::NotUtf8 { .. } => "Save the file as UTF-8. Ringside then loads it automatically.",
            Self::Folder { .. } => "Name the file in it, such as config.toml.",
            Self::NoFile { .. } => "Name a file, such as config.toml.",
            Self::Gone { .. } => "Put it back, or restart Ringside without it.",
            Self::Emptied { .. } => "Put back what stood there, or restart Ringside without its accounts.",
            Self::Faulty { .. } => "Correct that line. Ringside then loads it automatically.",
            Self::Write { .. } => "Check its permissions and the free disk space.",
            Self::LeftAlone(_) => "Correct the file first.",
            Self::Locked { .. } => "Ask this computer's administrator.",
            Self::Unusable { .. } => "Nothing was changed.",
        };
        Problem::new(self.code(), self.to_string(), hint)
    }
}

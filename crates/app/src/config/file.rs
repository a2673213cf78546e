//! Reading and writing the file. A broken file is never overwritten; what the user wrote around the values stays.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use ringside_domain::Problem;
use toml::{Table, Value};

use super::Config;

/// Where things are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    pub config: PathBuf,
    /// Overrides and locks; absent on most machines.
    pub policy: PathBuf,
    /// `ringside.db` and `logs/`.
    pub data: PathBuf,
    /// The same for the demo that is started from within the app; equal to `data` where the whole app is the demo.
    pub demo: PathBuf,
}

/// What is wrong with the configuration, with the place.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{} cannot be read: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{}, line {line}: {}{message}", path.display(), key.as_ref().map(|k| format!("`{k}`: ")).unwrap_or_default())]
    Syntax { path: PathBuf, line: usize, key: Option<String>, message: String },
    #[error("{} cannot be written: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("the file is broken and is left as it is until it is repaired")]
    LeftAlone,
    #[error("`{key}` is locked by this computer's policy")]
    Locked { key: String },
}

impl ConfigError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "config_unreadable",
            Self::Syntax { .. } => "config_broken",
            Self::Write { .. } => "config_unwritable",
            Self::LeftAlone => "config_left_alone",
            Self::Locked { .. } => "config_locked",
        }
    }

    pub fn problem(&self) -> Problem {
        let hint = match self {
            Self::Read { .. } => "Check the file's permissions.",
            Self::Syntax { .. } => {
                "Repair that line, then start Ringside again. Until then nothing is written to the file."
            }
            Self::Write { .. } => {
                "Check the folder's permissions and the free space. The change holds until Ringside is closed."
            }
            Self::LeftAlone => "Repair the file first. The change holds until Ringside is closed.",
            Self::Locked { .. } => "Ask whoever administers this computer.",
        };
        Problem::new(self.code(), self.to_string(), hint)
    }
}

/// The configuration as it holds, and the file it came from.
#[derive(Debug)]
pub struct ConfigFile {
    path: PathBuf,
    /// What the user's file says, without the policy.
    own: Config,
    policy: Table,
    /// Set while the file on disk is broken: it is then never written.
    broken: bool,
}

impl ConfigFile {
    /// Reads the file and the policy. A missing file is an empty one. On an error the returned file holds the defaults
    /// and refuses to be written, so that nothing the user wrote is lost.
    pub fn load(paths: &Paths) -> (Self, Vec<ConfigError>) {
        let mut errors = Vec::new();
        let (own, broken) = match read::<Config>(&paths.config) {
            Ok(config) => (config.unwrap_or_default(), false),
            Err(error) => {
                errors.push(error);
                (Config::default(), true)
            }
        };
        let policy = match read::<Table>(&paths.policy) {
            Ok(policy) => policy.unwrap_or_default(),
            Err(error) => {
                errors.push(error);
                Table::new()
            }
        };
        let mut file = Self { path: paths.config.clone(), own, policy, broken };
        if let Err(error) = file.with_policy() {
            errors.push(ConfigError::Syntax {
                path: paths.policy.clone(),
                line: 1,
                key: None,
                message: error.message().to_owned(),
            });
            file.policy = Table::new();
        }
        (file, errors)
    }

    /// A configuration that is nowhere on disk.
    pub fn in_memory(config: Config) -> Self {
        Self { path: PathBuf::new(), own: config, policy: Table::new(), broken: false }
    }

    /// What holds: the user's file with the policy over it.
    pub fn effective(&self) -> Config {
        self.with_policy().unwrap_or_else(|_| self.own.clone())
    }

    /// Dotted names of everything the policy sets, such as `ui.theme`.
    pub fn locked(&self) -> Vec<String> {
        fn walk(prefix: &str, table: &Table, out: &mut Vec<String>) {
            for (key, value) in table {
                let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                match value {
                    Value::Table(inner) => walk(&name, inner, out),
                    _ => out.push(name),
                }
            }
        }
        let mut out = Vec::new();
        walk("", &self.policy, &mut out);
        out
    }

    /// Changes the user's configuration and writes the file.
    ///
    /// # Errors
    /// When the file cannot be written; the change holds in memory all the same.
    pub fn change(&mut self, change: impl FnOnce(&mut Config)) -> Result<(), ConfigError> {
        let before = self.own.clone();
        change(&mut self.own);
        if self.own == before || self.path.as_os_str().is_empty() {
            return Ok(());
        }
        if self.broken {
            return Err(ConfigError::LeftAlone);
        }
        self.write()
    }

    fn with_policy(&self) -> Result<Config, toml::de::Error> {
        if self.policy.is_empty() {
            return Ok(self.own.clone());
        }
        let mut base = Table::try_from(&self.own).unwrap_or_default();
        overlay(&mut base, &self.policy);
        base.try_into()
    }

    fn write(&self) -> Result<(), ConfigError> {
        let error = |source| ConfigError::Write { path: self.path.clone(), source };
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(error(e)),
        };
        let mut document: toml_edit::DocumentMut = text.parse().map_err(|_| ConfigError::LeftAlone)?;
        let wanted = toml::to_string(&self.own).map_err(|e| error(io::Error::other(e)))?;
        let wanted: toml_edit::DocumentMut = wanted.parse().map_err(|e| error(io::Error::other(e)))?;
        let defaults = Table::try_from(Config::default()).unwrap_or_default();
        merge(document.as_table_mut(), wanted.as_table(), &defaults);
        write_atomically(&self.path, document.to_string().as_bytes()).map_err(error)
    }
}

/// Puts the wanted values into the document, leaving comments and order; a value that is absent and is the default
/// anyway stays absent.
fn merge(document: &mut toml_edit::Table, wanted: &toml_edit::Table, defaults: &Table) {
    let gone: Vec<String> =
        document.iter().map(|(key, _)| key.to_owned()).filter(|key| !wanted.contains_key(key)).collect();
    for key in gone {
        document.remove(&key);
    }
    for (key, item) in wanted {
        let default = defaults.get(key);
        if let Some(inner) = item.as_table() {
            let empty = Table::new();
            let inner_defaults = default.and_then(Value::as_table).unwrap_or(&empty);
            if let Some(existing) = document.get_mut(key).and_then(toml_edit::Item::as_table_mut) {
                merge(existing, inner, inner_defaults);
                continue;
            }
            if document.contains_key(key) {
                if !same(document.get(key), Some(item)) {
                    document.insert(key, item.clone());
                }
                continue;
            }
            let mut fresh = toml_edit::Table::new();
            merge(&mut fresh, inner, inner_defaults);
            if !fresh.is_empty() {
                document.insert(key, toml_edit::Item::Table(fresh));
            }
            continue;
        }
        let is_default = default.is_some_and(|value| same_value(item, value));
        if (document.contains_key(key) || !is_default) && !same(document.get(key), Some(item)) {
            document.insert(key, item.clone());
        }
    }
}

fn plain(item: &toml_edit::Item) -> Option<Value> {
    let mut document = toml_edit::DocumentMut::new();
    document.insert("value", item.clone());
    let mut table: Table = toml::from_str(&document.to_string()).ok()?;
    table.remove("value")
}

fn same(a: Option<&toml_edit::Item>, b: Option<&toml_edit::Item>) -> bool {
    match (a.and_then(plain), b.and_then(plain)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

fn same_value(item: &toml_edit::Item, value: &Value) -> bool {
    plain(item).is_some_and(|item| item == *value)
}

fn overlay(base: &mut Table, over: &Table) {
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(Value::Table(inner)), Value::Table(over)) => overlay(inner, over),
            _ => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Option<T>, ConfigError> {
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(ConfigError::Read { path: path.to_owned(), source }),
    };
    toml::from_str(&text).map(Some).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start).min(text.len());
        let line = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
        let key = text
            .lines()
            .nth(line - 1)
            .and_then(|l| l.split_once('='))
            .map(|(key, _)| key.trim().to_owned())
            .filter(|key| !key.is_empty() && key.len() <= 60);
        ConfigError::Syntax { path: path.to_owned(), line, key, message: error.message().to_owned() }
    })
}

/// Writes beside the file and renames, so that a reader sees the old text or the new one and never half of it.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let temporary = path.with_extension("toml.new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)
}

//! The file as it holds: read again whenever somebody changed it, changed without losing what they wrote, never
//! overwritten while something is wrong with it.

use std::io;
use std::path::{Path, PathBuf};

use ringside_domain::Problem;
use ringside_telephony::Kind;
use toml::{Table, Value};

use super::check::{Mistake, check, doubts};
use super::disk::{self, Stamp};
use super::error::ConfigError;
use super::locate::{Step, dotted, find, key_at, place};
use super::{Config, edit};

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

/// How often a change is tried that somebody else's crosses.
const TRIES: usize = 3;

/// The configuration as it holds, and the files it came from.
#[derive(Debug)]
pub struct ConfigFile {
    path: PathBuf,
    policy_path: PathBuf,
    /// The kinds of account there are; an account of any other is a mistake.
    kinds: &'static [Kind],
    /// What the files held when they were last read without a mistake.
    text: Option<String>,
    policy: Table,
    holds: Config,
    /// What is wrong with the files as they are now.
    errors: Vec<ConfigError>,
    /// Set while the user's own file cannot be used: it is then never written.
    unusable: bool,
    seen: (Stamp, Stamp),
}

/// Both files, read without a mistake.
struct Sound {
    text: Option<String>,
    policy: Table,
    holds: Config,
}

/// What is wrong, and with which of the two.
struct Unsound {
    own: Vec<ConfigError>,
    policy: Vec<ConfigError>,
}

impl ConfigFile {
    /// Reads the file and the policy. A missing file is an empty one. On an error the returned file holds the defaults
    /// and refuses to be written, so that nothing the user wrote is lost.
    pub fn load(paths: &Paths, kinds: &'static [Kind]) -> (Self, Vec<ConfigError>) {
        let mut file = Self {
            path: paths.config.clone(),
            policy_path: paths.policy.clone(),
            kinds,
            text: None,
            policy: Table::new(),
            holds: Config::default(),
            errors: Vec::new(),
            unusable: false,
            seen: (Stamp::Absent, Stamp::Absent),
        };
        file.seen = file.stamps();
        match file.read() {
            Ok(sound) => file.take(sound),
            Err(unsound) => {
                file.note(unsound);
                file.take_what_is_sound();
            }
        }
        let errors = file.errors.clone();
        (file, errors)
    }

    /// A configuration that is nowhere on disk.
    pub fn in_memory(config: Config, kinds: &'static [Kind]) -> Self {
        Self {
            path: PathBuf::new(),
            policy_path: PathBuf::new(),
            kinds,
            text: None,
            policy: Table::new(),
            holds: config,
            errors: Vec::new(),
            unusable: false,
            seen: (Stamp::Absent, Stamp::Absent),
        }
    }

    /// The kinds of account there are.
    pub(crate) fn kinds(&self) -> &'static [Kind] {
        self.kinds
    }

    /// The one of that name, as `accounts.provider` writes it.
    pub(crate) fn kind(&self, name: &str) -> Option<&'static Kind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }

    /// What holds: the user's file with the policy over it.
    pub fn effective(&self) -> Config {
        self.holds.clone()
    }

    /// What is wrong with the files as they are now.
    pub fn errors(&self) -> &[ConfigError] {
        &self.errors
    }

    /// What means nothing in what holds, and does no harm.
    pub fn doubts(&self) -> Vec<Problem> {
        let doubts = doubts(&self.holds).into_iter();
        let told = |Mistake { code, path, message }| {
            let message = format!("{}, `{}`: {message}", self.path.display(), dotted(&path));
            Problem::new(code, message, "Correct it, or take it out.")
        };
        doubts.map(told).collect()
    }

    /// Whether there are files that somebody may change.
    pub fn is_on_disk(&self) -> bool {
        !self.path.as_os_str().is_empty()
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

    /// Takes over what somebody else wrote since the last look; a mistake is noted and what held goes on to hold.
    /// `true` where anything is another than before.
    pub fn refresh(&mut self) -> bool {
        let now = self.stamps();
        if !self.is_on_disk() || now == self.seen {
            return false;
        }
        let before = (self.errors.clone(), self.holds.clone(), self.policy.clone());
        self.read_anew(now);
        (&before.0, &before.1, &before.2) != (&self.errors, &self.holds, &self.policy)
    }

    fn read_anew(&mut self, seen: (Stamp, Stamp)) {
        self.seen = seen;
        match self.read() {
            Ok(sound) => self.take(sound),
            Err(unsound) => self.note(unsound),
        }
    }

    /// Changes the file where the configuration is to be another one than it is on the disk now, and nothing else of it.
    ///
    /// # Errors
    /// When the file cannot be written, has a mistake, or would have one afterwards; nothing is changed then.
    pub fn change(&mut self, change: impl Fn(&mut Config)) -> Result<(), ConfigError> {
        if !self.is_on_disk() {
            let mut wanted = self.holds.clone();
            change(&mut wanted);
            refuse_mistakes(&wanted, self.kinds)?;
            self.holds = wanted;
            return Ok(());
        }
        let mut tried = 1;
        loop {
            match self.try_change(&change) {
                Err(error) if error.kind == Some(io::ErrorKind::WouldBlock) && tried < TRIES => tried += 1,
                result => return result.map_err(|failed| failed.error),
            }
        }
    }

    /// Whether the change would be a mistake; changes nothing.
    ///
    /// # Errors
    /// With the value that means nothing.
    pub fn try_out(&self, change: impl FnOnce(&mut Config)) -> Result<(), ConfigError> {
        let mut wanted = self.holds.clone();
        change(&mut wanted);
        refuse_mistakes(&wanted, self.kinds)
    }

    fn try_change(&mut self, change: impl Fn(&mut Config)) -> Result<(), Failed> {
        // Whatever its time says: this is what is written over.
        self.read_anew(self.stamps());
        if self.unusable {
            let first = self.errors.first().cloned();
            return Err(first.map_or_else(
                || ConfigError::Gone { path: self.path.clone() }.into(),
                |error| ConfigError::LeftAlone(Box::new(error)).into(),
            ));
        }
        let mut wanted = self.holds.clone();
        change(&mut wanted);
        let written = |config| table(config).map_err(|error| self.cannot(&error.to_string()));
        let (before, after) = (written(&self.holds)?, written(&wanted)?);
        let differences = edit::differences(&before, &after);
        if differences.is_empty() {
            return Ok(());
        }
        let locked = self.locked();
        if let Some(key) = differences.into_iter().find(|key| locked.iter().any(|it| covers(it, key))) {
            return Err(ConfigError::Locked { key }.into());
        }
        refuse_mistakes(&wanted, self.kinds)?;
        let text = self.text.clone().unwrap_or_default();
        let mut document: toml_edit::DocumentMut = text.parse().map_err(|_| self.cannot("it is no TOML any more"))?;
        edit::apply(&mut document, &before, &after);
        let text = document.to_string();
        let holds = self.read_again(&text)?;
        disk::write(&self.path, &text, self.text.as_deref())
            .map_err(|error| Failed { kind: Some(error.kind()), error: self.cannot(&error.to_string()) })?;
        self.text = Some(text);
        self.holds = holds;
        self.seen = self.stamps();
        Ok(())
    }

    /// What the changed text says, read as the next start will read it.
    fn read_again(&self, text: &str) -> Result<Config, ConfigError> {
        let read = parse::<Config>(&self.path, text)?;
        with_policy(&read, &self.policy).map_err(|error| self.cannot(error.message()))
    }

    fn cannot(&self, reason: &str) -> ConfigError {
        ConfigError::Write { path: self.path.clone(), reason: reason.to_owned() }
    }

    fn stamps(&self) -> (Stamp, Stamp) {
        (Stamp::of(&self.path), Stamp::of(&self.policy_path))
    }

    fn take(&mut self, sound: Sound) {
        self.text = sound.text;
        self.policy = sound.policy;
        self.holds = sound.holds;
        self.errors.clear();
        self.unusable = false;
    }

    fn note(&mut self, unsound: Unsound) {
        self.unusable = !unsound.own.is_empty();
        self.errors = unsound.own;
        self.errors.extend(unsound.policy);
    }

    /// At a start, of two files the one that is sound holds; a policy without a mistake is never left out.
    fn take_what_is_sound(&mut self) {
        let own = if self.unusable { None } else { disk::read(&self.path).ok().flatten() };
        let policy = disk::read(&self.policy_path).ok().flatten();
        let policy_is_sound = !self.errors.iter().any(|error| error.is_of(&self.policy_path));
        let policy = policy.filter(|_| policy_is_sound);
        if let Ok(sound) = self.assess(own, policy) {
            (self.text, self.policy, self.holds) = (sound.text, sound.policy, sound.holds);
        }
    }

    fn read(&self) -> Result<Sound, Unsound> {
        let unreadable = |path: &Path, error: io::Error| {
            let (path, reason) = (path.to_owned(), error.to_string());
            match error.kind() {
                io::ErrorKind::InvalidData => ConfigError::NotUtf8 { path, reason },
                io::ErrorKind::IsADirectory => ConfigError::Folder { path },
                io::ErrorKind::InvalidInput => ConfigError::NoFile { path },
                _ => ConfigError::Read { path, reason },
            }
        };
        let own = disk::read(&self.path).map_err(|error| unreadable(&self.path, error));
        let policy = disk::read(&self.policy_path).map_err(|error| unreadable(&self.policy_path, error));
        match (own, policy) {
            // What was there has gone: to take that for an empty file would throw every account out.
            (Ok(None), _) if self.text.is_some() => {
                Err(Unsound { own: vec![ConfigError::Gone { path: self.path.clone() }], policy: Vec::new() })
            }
            // Nor is a file that was emptied, as by an editor that is stopped while it saves.
            (Ok(Some(own)), _) if !self.holds.accounts.is_empty() && says_nothing(&own) => {
                Err(Unsound { own: vec![ConfigError::Emptied { path: self.path.clone() }], policy: Vec::new() })
            }
            (Ok(own), Ok(policy)) => self.assess(own, policy),
            (own, policy) => {
                Err(Unsound { own: own.err().into_iter().collect(), policy: policy.err().into_iter().collect() })
            }
        }
    }

    fn assess(&self, own: Option<String>, policy: Option<String>) -> Result<Sound, Unsound> {
        let (path, policy_path) = (self.path.as_path(), self.policy_path.as_path());
        let own_text = own.as_deref().unwrap_or_default();
        let policy_text = policy.as_deref().unwrap_or_default();
        let read_own = parse::<Config>(path, own_text);
        // Read as a configuration too, so that its mistakes are found in its own text.
        let read_policy =
            parse::<Config>(policy_path, policy_text).and_then(|_| parse::<Table>(policy_path, policy_text));
        let (config, policy) = match (read_own, read_policy) {
            (Ok(config), Ok(policy)) => (config, policy),
            (own, policy) => {
                return Err(Unsound {
                    own: own.err().into_iter().collect(),
                    policy: policy.err().into_iter().collect(),
                });
            }
        };
        let holds = with_policy(&config, &policy).map_err(|error| Unsound {
            own: Vec::new(),
            policy: vec![faulty(policy_path, policy_text, 0, None, error.message())],
        })?;
        let mut unsound = Unsound { own: Vec::new(), policy: Vec::new() };
        for mistake in check(&holds, self.kinds) {
            let (path, text, list) = if is_set(&policy, &mistake.path) {
                (policy_path, policy_text, &mut unsound.policy)
            } else {
                (path, own_text, &mut unsound.own)
            };
            let offset = find(text, &mistake.path);
            list.push(faulty(path, text, offset, Some(dotted(&mistake.path)), &mistake.message));
        }
        if unsound.own.is_empty() && unsound.policy.is_empty() {
            return Ok(Sound { text: own, policy, holds });
        }
        Err(unsound)
    }
}

/// Blank, or remarks alone.
fn says_nothing(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').parse::<Table>().is_ok_and(|table| table.is_empty())
}

/// A change that was not made.
struct Failed {
    kind: Option<io::ErrorKind>,
    error: ConfigError,
}

impl From<ConfigError> for Failed {
    fn from(error: ConfigError) -> Self {
        Self { kind: None, error }
    }
}

/// Whether a policy that sets `locked` holds `key`, which may be a table or stand in one.
fn covers(locked: &str, key: &str) -> bool {
    let within = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
    locked == key || within(locked, key) || within(key, locked)
}

fn refuse_mistakes(wanted: &Config, kinds: &[Kind]) -> Result<(), ConfigError> {
    match check(wanted, kinds).into_iter().next() {
        None => Ok(()),
        Some(Mistake { code, path, message }) => Err(ConfigError::Unusable { code, key: dotted(&path), message }),
    }
}

/// Whether the value at the path is the policy's.
fn is_set(policy: &Table, path: &[Step]) -> bool {
    let mut table = policy;
    for step in path {
        let Step::Key(key) = step else { return true };
        match table.get(key) {
            None => return false,
            Some(Value::Table(inner)) => table = inner,
            Some(_) => return true,
        }
    }
    true
}

fn table(config: &Config) -> Result<Table, toml::ser::Error> {
    Table::try_from(config)
}

/// The configuration with what a file says over it, account by account.
///
/// # Errors
/// With the line that cannot be read.
pub(crate) fn lay_over(config: &Config, text: &str) -> Result<Config, ConfigError> {
    let path = Path::new("the file");
    let said = parse::<Config>(path, text)?;
    let mut over = parse::<Table>(path, text)?;
    over.remove("accounts");
    let mut base = table(config).map_err(|error| faulty(path, text, 0, None, &error.to_string()))?;
    overlay(&mut base, &over);
    let mut laid: Config =
        base.try_into().map_err(|error: toml::de::Error| faulty(path, text, 0, None, error.message()))?;
    laid.accounts.retain(|known| said.accounts.iter().all(|account| account.id != known.id));
    laid.accounts.extend(said.accounts);
    Ok(laid)
}

fn with_policy(own: &Config, policy: &Table) -> Result<Config, toml::de::Error> {
    if policy.is_empty() {
        return Ok(own.clone());
    }
    let mut base = table(own).map_err(serde::de::Error::custom)?;
    overlay(&mut base, policy);
    base.try_into()
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

/// Reads the text of a file.
///
/// # Errors
/// With the place.
pub(super) fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start).min(text.len());
        // Where the text is no TOML, its line may tell the key all the same.
        let by_line = || {
            let line = text.lines().nth(place(text, offset).0 - 1)?;
            let key = line.split_once('=')?.0.trim();
            (!key.is_empty() && key.len() <= 60).then(|| key.to_owned())
        };
        let key = key_at(text, offset).or_else(by_line);
        let message = in_words(key.as_deref(), error.message());
        faulty(path, text, offset, key, &message)
    })
}

/// What the keys that are numbers may hold.
const RANGES: [(&str, u32, u32); 3] = [("country_code", 1, 999), ("ring_s", 5, 120), ("days", 0, 180)];

/// The reader names a type of the program where it expected another value.
fn in_words(key: Option<&str>, message: &str) -> String {
    let Some((found, expected)) = message.split_once(", expected ") else { return message.to_owned() };
    let name = key.and_then(|key| key.rsplit('.').next()).unwrap_or_default();
    let range = RANGES.iter().find(|(key, ..)| *key == name);
    let wanted = match (expected, range) {
        (_, Some((_, from, to))) => format!("a whole number from {from} to {to}"),
        ("a boolean", _) => "true or false".to_owned(),
        ("a string", _) => "a text in quotation marks".to_owned(),
        ("a sequence", _) => "a list in square brackets".to_owned(),
        (other, _) if other.starts_with("struct ") || other == "a map" => "a table".to_owned(),
        _ => return message.to_owned(),
    };
    format!("{found}; write {wanted}")
}

fn faulty(path: &Path, text: &str, offset: usize, key: Option<String>, message: &str) -> ConfigError {
    let (line, column) = place(text, offset);
    // Of a message in several lines the first says what is wrong.
    let message = message.lines().collect::<Vec<_>>().join(" ");
    ConfigError::Faulty { path: path.to_owned(), line, column, key, message }
}

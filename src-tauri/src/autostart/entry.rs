//! An entry of the XDG autostart folder, its command quoted as the Desktop Entry Specification says.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use ringside_domain::Problem;

use super::refused;

/// The entry of one configuration.
#[derive(Clone, Debug)]
pub struct Autostart {
    folder: PathBuf,
    /// The program and its arguments; what the specification cannot write is why there is no entry.
    command: Result<Vec<String>, &'static str>,
}

impl Autostart {
    /// `config_home` holds the folder of entries; `arguments` follow the program.
    pub fn new(config_home: &Path, program: io::Result<PathBuf>, arguments: Vec<String>) -> Self {
        let program = program.map_err(|_| "the program's own path is not known");
        let program = program.and_then(|path| path.into_os_string().into_string().map_err(|_| "its path is no text"));
        let command = program.and_then(|program| {
            let command: Vec<String> = std::iter::once(program).chain(arguments).collect();
            let unwritable = command.iter().any(|part| part.chars().any(char::is_control));
            if unwritable { Err("its path holds a control character") } else { Ok(command) }
        });
        Self { folder: config_home.join("autostart"), command }
    }

    /// What runs now. An AppImage runs from a place that is gone afterwards, and names the file it came from.
    pub fn program() -> io::Result<PathBuf> {
        match env::var_os("APPIMAGE").filter(|path| !path.is_empty()) {
            Some(image) => Ok(image.into()),
            None => env::current_exe(),
        }
    }

    /// Whether this very program starts with the session on this configuration.
    pub fn is_on(&self) -> Option<bool> {
        Some(self.entries().iter().any(|path| self.state_of(path) == State::On))
    }

    /// # Errors
    /// Why the entry does not say so afterwards.
    pub fn set(&self, on: bool) -> Result<(), Problem> {
        let done = if on { self.write() } else { self.remove() };
        done.map_err(|error| refused(format!("{}: {error}", self.folder.display())))?;
        if self.is_on() == Some(on) {
            Ok(())
        } else {
            Err(refused(format!("{} did not keep it", self.folder.display())))
        }
    }

    /// The usual entry, and one for another configuration beside it.
    fn entries(&self) -> [PathBuf; 2] {
        let arguments = self.command.as_deref().unwrap_or_default().get(1..).unwrap_or_default().join("\0");
        let other = format!("ringside-{:08x}.desktop", checksum(arguments.as_bytes()));
        [self.folder.join("ringside.desktop"), self.folder.join(other)]
    }

    fn write(&self) -> io::Result<()> {
        let command = self.command.as_deref().map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, *why))?;
        let [usual, other] = self.entries();
        // An entry of another configuration is not ours to replace.
        let path = if self.state_of(&usual) == State::Another { other } else { usual };
        fs::create_dir_all(&self.folder)?;
        let text = format!(
            "[Desktop Entry]\nType=Application\nVersion=1.0\nName=Ringside\nComment=The telephone on the desktop\n\
            Exec={}\nIcon=ringside\nTerminal=false\nStartupNotify=false\nX-GNOME-Autostart-enabled=true\n",
            exec(command)
        );
        let temporary = path.with_extension(format!("{}.new", std::process::id()));
        let written = fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, &path));
        if written.is_err() {
            // It may never have been made.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    fn remove(&self) -> io::Result<()> {
        for path in self.entries() {
            if matches!(self.state_of(&path), State::On | State::Off) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    fn state_of(&self, path: &Path) -> State {
        let Ok(text) = fs::read_to_string(path) else { return State::Absent };
        let value = |key: &str| {
            let of_key = |line: &str| Some(line.strip_prefix(key)?.trim_start().strip_prefix('=')?.trim().to_owned());
            text.lines().find_map(of_key)
        };
        let Ok(ours) = &self.command else { return State::Another };
        let command = value("Exec").map(|text| arguments(&text)).unwrap_or_default();
        if command.get(1..) != ours.get(1..) {
            return State::Another;
        }
        let switched_off = value("Hidden").is_some_and(|it| it == "true")
            || value("X-GNOME-Autostart-enabled").is_some_and(|it| it == "false");
        if !switched_off && command == *ours { State::On } else { State::Off }
    }
}

/// What an entry's file says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Absent,
    On,
    /// Of this configuration, but switched off or of a program that is elsewhere.
    Off,
    /// Of another configuration.
    Another,
}

/// The value of `Exec`: every argument in double quotes, in which `"`, `` ` ``, `$` and `\` have a backslash before
/// them and a `%` is written twice; then, as in every value, each backslash twice.
fn exec(command: &[String]) -> String {
    let quoted = command.iter().map(|argument| {
        let mut out = String::from('"');
        for c in argument.chars() {
            match c {
                '"' | '`' | '$' | '\\' => out.extend(['\\', c]),
                '%' => out.push_str("%%"),
                other => out.push(other),
            }
        }
        out.push('"');
        out
    });
    quoted.collect::<Vec<_>>().join(" ").replace('\\', "\\\\")
}

/// The arguments that a value of `Exec` stands for.
fn arguments(value: &str) -> Vec<String> {
    let mut text = String::new();
    let mut escaped = value.chars();
    while let Some(c) = escaped.next() {
        match c {
            '\\' => match escaped.next() {
                Some('s') => text.push(' '),
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some('r') => text.push('\r'),
                other => text.extend(other),
            },
            other => text.push(other),
        }
    }
    let (mut out, mut argument, mut quoted) = (Vec::new(), None::<String>, false);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' => {
                quoted = !quoted;
                argument.get_or_insert_default();
            }
            '\\' if quoted => argument.get_or_insert_default().extend(characters.next()),
            '%' => {
                characters.next_if_eq(&'%');
                argument.get_or_insert_default().push('%');
            }
            ' ' if !quoted => out.extend(argument.take()),
            other => argument.get_or_insert_default().push(other),
        }
    }
    out.extend(argument);
    out
}

/// FNV-1a, which is the same in every version of the program.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
#[path = "entry_tests.rs"]
mod tests;

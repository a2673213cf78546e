//! Where the configuration and the data are, on each system.

use std::env;
use std::path::PathBuf;

use ringside_app::config::Paths;
use ringside_domain::Problem;

/// The system's own places, unless the command line named others.
pub fn paths(config: Option<PathBuf>, data: Option<PathBuf>) -> Paths {
    let data = data.map_or_else(|| data_home().join("ringside"), absolute);
    Paths {
        config: config.map_or_else(|| config_home().join("ringside").join("config.toml"), absolute),
        policy: policy(),
        demo: data.join("demo"),
        data,
    }
}

/// The same, with what is wrong with what the command line names. `makes`: the command may begin a configuration.
///
/// # Errors
/// When there is no such configuration, or the data cannot be in a folder of that name.
pub fn named(config: Option<PathBuf>, data: Option<PathBuf>, makes: bool) -> Result<Paths, Problem> {
    let named = config.is_some();
    let paths = paths(config, data);
    if named && !makes && !paths.config.exists() {
        return Err(Problem::new(
            "config_missing",
            format!("`--config`: there is no file {}", paths.config.display()),
            "Check the path. Without `--config`, the user's own file is read.",
        ));
    }
    check_data(&paths)?;
    Ok(paths)
}

/// # Errors
/// When the data cannot be in a folder of that name.
pub fn check_data(paths: &Paths) -> Result<(), Problem> {
    let is_no_folder = match std::fs::metadata(&paths.data) {
        Ok(there) => !there.is_dir(),
        Err(error) => error.kind() == std::io::ErrorKind::NotADirectory,
    };
    if is_no_folder {
        return Err(Problem::new(
            "data_no_folder",
            format!("`--data`: {} is not a folder, and none can be made there", paths.data.display()),
            "Name a folder. Ringside creates it if needed.",
        ));
    }
    Ok(())
}

/// The demo's own folder: nothing of it touches the user's configuration or history.
pub fn demo_paths(data: Option<PathBuf>) -> Paths {
    let data = data.map_or_else(|| data_home().join("ringside").join("demo"), absolute);
    Paths { config: data.join("config.toml"), policy: PathBuf::new(), demo: data.clone(), data }
}

/// A relative path means something else once the working directory changes, and two names of one file are two files.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

#[cfg(target_os = "linux")]
pub fn config_home() -> PathBuf {
    xdg("XDG_CONFIG_HOME", ".config")
}

#[cfg(target_os = "linux")]
fn data_home() -> PathBuf {
    xdg("XDG_DATA_HOME", ".local/share")
}

#[cfg(target_os = "linux")]
fn policy() -> PathBuf {
    PathBuf::from("/etc/ringside/policy.toml")
}

/// A relative path in the variable is to be ignored, says the XDG specification.
#[cfg(target_os = "linux")]
fn xdg(variable: &str, otherwise: &str) -> PathBuf {
    folder(variable).filter(|path| path.is_absolute()).unwrap_or_else(|| home().join(otherwise))
}

#[cfg(target_os = "macos")]
fn config_home() -> PathBuf {
    home().join("Library").join("Application Support")
}

#[cfg(target_os = "macos")]
fn data_home() -> PathBuf {
    config_home()
}

#[cfg(target_os = "macos")]
fn policy() -> PathBuf {
    PathBuf::from("/Library/Application Support/ringside/policy.toml")
}

#[cfg(windows)]
fn config_home() -> PathBuf {
    folder("APPDATA").unwrap_or_else(home)
}

#[cfg(windows)]
fn data_home() -> PathBuf {
    folder("LOCALAPPDATA").unwrap_or_else(home)
}

#[cfg(windows)]
fn policy() -> PathBuf {
    folder("PROGRAMDATA").unwrap_or_else(|| PathBuf::from("C:\\ProgramData")).join("ringside").join("policy.toml")
}

fn home() -> PathBuf {
    folder("HOME").or_else(|| folder("USERPROFILE")).unwrap_or_else(|| PathBuf::from("."))
}

fn folder(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_command_line_names_is_made_absolute() {
        let paths = paths(Some("a/config.toml".into()), Some("b".into()));
        assert!(paths.config.is_absolute() && paths.config.ends_with("a/config.toml"));
        assert!(paths.data.is_absolute() && paths.data.ends_with("b"));
    }

    #[test]
    fn what_the_command_line_names_has_to_be_what_it_is_named_for() {
        let folder = tempfile::tempdir().unwrap();
        let (file, absent) = (folder.path().join("config.toml"), folder.path().join("absent"));
        std::fs::write(&file, "").unwrap();
        let named = |config: &PathBuf, data: &PathBuf, makes| {
            named(Some(config.clone()), Some(data.clone()), makes).map_err(|problem| problem.code).err()
        };
        assert_eq!(named(&file, &absent, false), None);
        assert_eq!(named(&absent, &absent, false), Some("config_missing"));
        assert_eq!(named(&absent, &absent, true), None, "a first account may begin a file");
        assert_eq!(named(&file, &file, false), Some("data_no_folder"));
        assert_eq!(named(&file, &file.join("below"), false), Some("data_no_folder"));
    }

    #[test]
    fn the_demo_keeps_to_its_folder_and_knows_no_policy() {
        let paths = demo_paths(Some("/tmp/office".into()));
        assert_eq!(paths.config, PathBuf::from("/tmp/office/config.toml"));
        assert_eq!(paths.policy, PathBuf::new());
    }
}

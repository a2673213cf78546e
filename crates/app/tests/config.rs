//! The configuration file: read, overridden, changed without losing what the user wrote, never overwritten when broken.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use ringside_app::config::{Config, ConfigFile, Paths, SecretSource};
use tempfile::TempDir;

struct Folder {
    dir: TempDir,
    paths: Paths,
}

impl Folder {
    fn with(config: Option<&str>, policy: Option<&str>) -> Self {
        let dir = TempDir::new().unwrap();
        let paths = Paths {
            config: dir.path().join("config.toml"),
            policy: dir.path().join("policy.toml"),
            data: dir.path().join("data"),
            demo: dir.path().join("demo"),
        };
        if let Some(text) = config {
            fs::write(&paths.config, text).unwrap();
        }
        if let Some(text) = policy {
            fs::write(&paths.policy, text).unwrap();
        }
        Self { dir, paths }
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.paths.config).unwrap()
    }
}

const OFFICE: &str = r#"# Rolled out by the administrator.
[me]
extensions = ["office/31"]  # my desk
region = "DE"

[[accounts]]
id = "office"
provider = "nfon"
username = "K7001/cti"
secret = { env = "OFFICE_SECRET" }

[accounts.options]
heartbeat_seconds = 15
"#;

#[test]
fn a_missing_file_is_an_empty_one() {
    let folder = Folder::with(None, None);
    let (file, errors) = ConfigFile::load(&folder.paths);
    assert!(errors.is_empty());
    assert_eq!(file.effective(), Config::default());
}

#[test]
fn the_documented_file_is_read() {
    let folder = Folder::with(Some(OFFICE), None);
    let (file, errors) = ConfigFile::load(&folder.paths);
    assert!(errors.is_empty(), "{errors:?}");
    let config = file.effective();
    assert_eq!(config.me.extensions, ["office/31"]);
    let account = &config.accounts[0];
    assert_eq!((account.id.as_str(), account.provider.as_str()), ("office", "nfon"));
    assert_eq!(account.secret, SecretSource::Env("OFFICE_SECRET".into()));
    assert_eq!(account.options["heartbeat_seconds"].as_integer(), Some(15));
}

#[test]
fn a_broken_file_is_told_by_line_and_key_and_left_as_it_is() {
    for (text, line, key) in [
        ("[ui]\nlanguage = \"de\"\ntheme = dark\n", 3, Some("theme")),
        ("[ui]\nlanguge = \"de\"\n", 2, Some("languge")),
        ("[me\n", 1, None),
        ("[history]\ndays = \"ninety\"\n", 2, Some("days")),
    ] {
        let folder = Folder::with(Some(text), None);
        let (mut file, errors) = ConfigFile::load(&folder.paths);
        let told = errors[0].to_string();
        assert!(told.contains(&format!("line {line}")), "{text:?}: {told}");
        if let Some(key) = key {
            assert!(told.contains(key), "{text:?}: {told}");
        }
        assert_eq!(errors[0].code(), "config_broken");
        let written = file.change(|config| config.ui.language = "en".into());
        assert_eq!(written.unwrap_err().code(), "config_left_alone");
        assert_eq!(file.effective().ui.language, "en", "the change holds for this session");
        assert_eq!(folder.text(), text, "nothing is lost");
    }
}

#[test]
fn a_secret_written_into_the_file_is_refused_without_being_repeated() {
    let text = OFFICE.replace("{ env = \"OFFICE_SECRET\" }", "\"hunter2-canary\"");
    let folder = Folder::with(Some(&text), None);
    let (_, errors) = ConfigFile::load(&folder.paths);
    let told = format!("{:?} {}", errors[0], errors[0].problem());
    assert!(told.contains("keyring"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn a_change_keeps_comments_and_writes_only_what_is_not_the_default() {
    let folder = Folder::with(Some(OFFICE), None);
    let (mut file, _) = ConfigFile::load(&folder.paths);
    file.change(|config| {
        config.ui.theme = "dark".into();
        config.board.favourites = vec!["office/22".into()];
    })
    .unwrap();
    let text = folder.text();
    assert!(text.starts_with("# Rolled out by the administrator."), "{text}");
    assert!(text.contains("# my desk"), "{text}");
    assert!(text.contains("theme = \"dark\""), "{text}");
    assert!(!text.contains("comfortable"), "defaults stay unwritten: {text}");
    let (again, errors) = ConfigFile::load(&folder.paths);
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    assert_eq!(again.effective(), file.effective());
}

#[test]
fn an_account_is_added_and_removed_without_touching_the_others() {
    let folder = Folder::with(Some(OFFICE), None);
    let (mut file, _) = ConfigFile::load(&folder.paths);
    let mut second = file.effective().accounts[0].clone();
    second.id = "forwarding".into();
    second.provider = "swisscom".into();
    second.secret = SecretSource::Keyring;
    second.options = toml::Table::new();
    file.change(|config| config.accounts.push(second)).unwrap();
    let (mut again, errors) = ConfigFile::load(&folder.paths);
    assert!(errors.is_empty(), "{errors:?}\n{}", folder.text());
    assert_eq!(again.effective().accounts.len(), 2);
    assert_eq!(again.effective().accounts[0].options["heartbeat_seconds"].as_integer(), Some(15));
    again.change(|config| config.accounts.retain(|account| account.id != "forwarding")).unwrap();
    let (last, errors) = ConfigFile::load(&folder.paths);
    assert!(errors.is_empty(), "{errors:?}\n{}", folder.text());
    assert_eq!(last.effective().accounts.len(), 1);
}

#[test]
fn the_policy_overrides_and_locks() {
    let folder = Folder::with(Some(OFFICE), Some("[history]\ndays = 30\n[board]\nshow_peers = false\n"));
    let (file, errors) = ConfigFile::load(&folder.paths);
    assert!(errors.is_empty());
    let config = file.effective();
    assert_eq!((config.history.days, config.board.show_peers), (30, false));
    assert_eq!(config.me.extensions, ["office/31"]);
    let mut locked = file.locked();
    locked.sort();
    assert_eq!(locked, ["board.show_peers", "history.days"]);
}

#[test]
fn a_broken_policy_is_told_and_does_not_stop_the_start() {
    let folder = Folder::with(Some(OFFICE), Some("[history]\ndayz = 30\n"));
    let (file, errors) = ConfigFile::load(&folder.paths);
    assert_eq!(errors.len(), 1);
    assert!(errors[0].to_string().contains("policy.toml"), "{}", errors[0]);
    assert_eq!(file.effective().accounts.len(), 1);
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let folder = Folder::with(None, None);
    let (mut file, _) =
        ConfigFile::load(&Paths { config: folder.dir.path().join("config.toml/inside"), ..folder.paths.clone() });
    fs::write(&folder.paths.config, "").unwrap();
    let error = file.change(|config| config.ui.theme = "dark".into()).unwrap_err();
    assert_eq!(error.code(), "config_unwritable");
}

#[cfg(unix)]
#[test]
fn the_file_is_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::with(None, None);
    let (mut file, _) = ConfigFile::load(&folder.paths);
    file.change(|config| config.ui.theme = "dark".into()).unwrap();
    assert_eq!(fs::metadata(&folder.paths.config).unwrap().permissions().mode() & 0o777, 0o600);
}

//! The configuration file: read, overridden, changed without losing what the user wrote, never overwritten when broken.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use ringside_api::view::{Theme, Trigger};
use ringside_app::config::{Config, ConfigError, ConfigFile, Language, Paths, SecretSource};
use tempfile::TempDir;

fn load(paths: &Paths) -> (ConfigFile, Vec<ConfigError>) {
    ConfigFile::load(paths, ringside_providers::KINDS)
}

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
    let (file, errors) = load(&folder.paths);
    assert!(errors.is_empty());
    assert_eq!(file.effective(), Config::default());
}

#[test]
fn the_documented_file_is_read() {
    let folder = Folder::with(Some(OFFICE), None);
    let (file, errors) = load(&folder.paths);
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
        let (mut file, errors) = load(&folder.paths);
        let told = errors[0].to_string();
        assert!(told.contains(&format!("line {line}")), "{text:?}: {told}");
        if let Some(key) = key {
            assert!(told.contains(key), "{text:?}: {told}");
        }
        assert_eq!(errors[0].code(), "config_broken");
        let written = file.change(|config| config.ui.language = Language::En);
        assert_eq!(written.unwrap_err().code(), "config_left_alone");
        assert_eq!(file.effective().ui.language, Language::Auto, "what cannot be kept is not done");
        assert_eq!(folder.text(), text, "nothing is lost");
    }
}

#[test]
fn a_secret_written_into_the_file_is_refused_without_being_repeated() {
    let text = OFFICE.replace("{ env = \"OFFICE_SECRET\" }", "\"hunter2-canary\"");
    let folder = Folder::with(Some(&text), None);
    let (_, errors) = load(&folder.paths);
    let told = format!("{:?} {}", errors[0], errors[0].problem());
    assert!(told.contains("keyring"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn a_password_in_an_address_is_not_repeated() {
    let account = "[[accounts]]\nid = \"office\"\nprovider = \"nfon\"\nusername = \"K7001/cti\"\n";
    for address in ["https://u:CANARYPW@pbx.example/v1", "u:CANARYPW@pbx.example", "https://u:CANARYPW/@@pbx.example:x"]
    {
        for text in [
            format!("{account}base_url = \"{address}\"\n"),
            format!("{account}[accounts.options]\nheartbeat_seconds = \"{address}\"\n"),
            format!("{account}[accounts.options]\ntoken_url = \"{address}\"\n").replace("nfon", "swisscom"),
            format!("[receiver]\npublic_url = \"{address}\"\n"),
            format!("[receiver]\nlisten = \"{address}\"\n"),
            format!("[pop_up]\nrecord_url = \"ftp{address}\"\n"),
        ] {
            let (_, errors) = load(&Folder::with(Some(&text), None).paths);
            let told = format!("{:?} {}", errors[0], errors[0].problem());
            assert!(!told.contains("CANARYPW"), "{told}");
        }
        let text = format!("{account}base_url = \"{address}\"\n");
        let (_, errors) = load(&Folder::with(Some(&text), None).paths);
        assert!(errors[0].to_string().contains("pbx.example"), "{}", errors[0]);
    }
}

#[test]
fn a_change_keeps_comments_and_writes_only_what_is_not_the_default() {
    let folder = Folder::with(Some(OFFICE), None);
    let (mut file, _) = load(&folder.paths);
    file.change(|config| {
        config.ui.theme = Theme::Dark;
        config.board.favourites = vec!["office/22".into()];
    })
    .unwrap();
    let text = folder.text();
    assert!(text.starts_with("# Rolled out by the administrator."), "{text}");
    assert!(text.contains("# my desk"), "{text}");
    assert!(text.contains("theme = \"dark\""), "{text}");
    assert!(!text.contains("comfortable"), "defaults stay unwritten: {text}");
    let (again, errors) = load(&folder.paths);
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    assert_eq!(again.effective(), file.effective());
}

#[test]
fn an_account_is_added_and_removed_without_touching_the_others() {
    let folder = Folder::with(Some(OFFICE), None);
    let (mut file, _) = load(&folder.paths);
    let mut second = file.effective().accounts[0].clone();
    second.id = "forwarding".into();
    second.provider = "swisscom".into();
    second.secret = SecretSource::Keyring;
    second.options = toml::Table::new();
    file.change(|config| config.accounts.push(second.clone())).unwrap();
    let (mut again, errors) = load(&folder.paths);
    assert!(errors.is_empty(), "{errors:?}\n{}", folder.text());
    assert_eq!(again.effective().accounts.len(), 2);
    assert_eq!(again.effective().accounts[0].options["heartbeat_seconds"].as_integer(), Some(15));
    again.change(|config| config.accounts.retain(|account| account.id != "forwarding")).unwrap();
    let (last, errors) = load(&folder.paths);
    assert!(errors.is_empty(), "{errors:?}\n{}", folder.text());
    assert_eq!(last.effective().accounts.len(), 1);
}

#[test]
fn the_policy_overrides_and_locks() {
    let folder = Folder::with(Some(OFFICE), Some("[history]\ndays = 30\n[board]\nshow_peers = false\n"));
    let (file, errors) = load(&folder.paths);
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
    let (file, errors) = load(&folder.paths);
    assert_eq!(errors.len(), 1);
    assert!(errors[0].to_string().contains("policy.toml"), "{}", errors[0]);
    assert_eq!(file.effective().accounts.len(), 1);
}

#[test]
fn another_encoding_is_told_with_its_line_and_a_folder_as_one() {
    let text = "[ui]\n# Büro\ntheme = \"dark\"\n";
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (bytes, line) in [(latin, "line 2 is not UTF-8"), (wide, "line 1 is not UTF-8")] {
        let folder = Folder::with(None, None);
        fs::write(&folder.paths.config, &bytes).unwrap();
        let (mut file, errors) = load(&folder.paths);
        assert!(errors[0].to_string().contains(line), "{}", errors[0]);
        assert!(errors[0].problem().hint.contains("UTF-8"), "{}", errors[0].problem());
        assert_eq!(file.change(|config| config.ui.theme = Theme::Dark).unwrap_err().code(), "config_left_alone");
        assert_eq!(fs::read(&folder.paths.config).unwrap(), bytes);
    }
    let folder = Folder::with(None, None);
    fs::create_dir(&folder.paths.config).unwrap();
    let (_, errors) = load(&folder.paths);
    let told = errors[0].problem().to_string();
    assert!(told.contains("is a folder") && !told.contains("permissions"), "{told}");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_read() {
    let folder = Folder::with(None, None);
    let pipe = folder.dir.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for config in [pipe, "/dev/zero".into()] {
        let (_, errors) = load(&Paths { config, ..folder.paths.clone() });
        assert_eq!(errors[0].code(), "config_no_file");
        assert!(errors[0].to_string().ends_with("is not a file"), "{}", errors[0]);
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let folder = Folder::with(None, None);
    let (mut file, _) = load(&Paths { config: folder.dir.path().join("config.toml/inside"), ..folder.paths.clone() });
    fs::write(&folder.paths.config, "").unwrap();
    let error = file.change(|config| config.ui.theme = Theme::Dark).unwrap_err();
    assert_eq!(error.code(), "config_unwritable");
}

#[cfg(unix)]
#[test]
fn the_file_is_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::with(None, None);
    let (mut file, _) = load(&folder.paths);
    file.change(|config| config.ui.theme = Theme::Dark).unwrap();
    assert_eq!(fs::metadata(&folder.paths.config).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_means_nothing_is_told_with_key_line_and_words() {
    let account =
        |lines: &str| format!("[[accounts]]\nid = \"office\"\nprovider = \"nfon\"\nusername = \"K7001/cti\"\n{lines}");
    let swisscom = |lines: &str| account(lines).replace("nfon", "swisscom");
    #[rustfmt::skip]
    let rows: [(String, usize, &str, &str); 65] = [
        ("[ui]\nthem = \"dark\"\n".into(), 2, "ui.them", "unknown field"),
        ("[uy]\ntheme = \"dark\"\n".into(), 1, "uy", "unknown field"),
        ("[ui]\ntheme = \"drak\"\n".into(), 2, "ui.theme", "`system`, `light`, `dark`"),
        ("[ui]\nlanguage = \"fr\"\n".into(), 2, "ui.language", "`auto`, `en`, `de`"),
        ("[ui]\ncomfortable = \"yes\"\n".into(), 2, "ui.comfortable", "true or false"),
        ("[pop_up.inbound.vip]\ncard = \"on_anser\"\n".into(), 2, "pop_up.inbound.vip.card", "`on_answer`"),
        ("[pop_up.outbound]\nvipp = {}\n".into(), 2, "pop_up.outbound.vipp", "unknown field"),
        ("[me]\nregion = \"Germany\"\n".into(), 2, "me.region", "`Germany` is no country"),
        ("[me]\nregion = \"ZZ\"\n".into(), 2, "me.region", "`ZZ` is no country"),
        ("[me]\nregion = \"\"\n".into(), 2, "me.region", "no country"),
        ("[me]\nextensions = [\"31\"]\n".into(), 2, "me.extensions", "`31` names no account"),
        ("[me]\nextensions = [\"/31\"]\n".into(), 2, "me.extensions", "names no account"),
        ("[me]\nextensions = [\"office/\"]\n".into(), 2, "me.extensions", "such as office/31"),
        ("[me]\nextensions = [\"\"]\n".into(), 2, "me.extensions", "names no account"),
        ("[me]\nextensions = [\"nope/31\"]\n".into(), 2, "me.extensions", "there is no account `nope`"),
        (account("[me]\nextensions = [\n  \"office/31\",\n  \"ofice/32\",\n]\n"), 8, "me.extensions", "there is office"),
        (account("region = \"ZZ\"\n"), 5, "accounts.region", "`ZZ` is no country"),
        (account("country_code = 210\n"), 5, "accounts.country_code", "no country code"),
        (account("area_code = \"Köln\"\n"), 5, "accounts.area_code", "digits"),
        (account("outside_line = \"\"\n"), 5, "accounts.outside_line", "digits"),
        (account("base_url = \"nonsense\"\n"), 5, "accounts.base_url", "not a web address"),
        (account("base_url = \"ftp://pbx.example\"\n"), 5, "accounts.base_url", "https://"),
        (account("base_url = \"http://pbx.example\"\n"), 5, "accounts.base_url", "plain text"),
        (account("base_url = \"https://a:b@pbx.example\"\n"), 5, "accounts.base_url", "password"),
        (account("secret = { env = \"\" }\n"), 5, "accounts.secret", "no variable"),
        (account("[accounts.options]\npoll_second = 5\n"), 6, "accounts.options.poll_second", "no option"),
        (account("[accounts.options]\npoll_seconds = \"soon\"\n"), 6, "accounts.options.poll_seconds", "seconds"),
        (account("[accounts.options]\nstates = \"sometimes\"\n"), 6, "accounts.options.states", "`poll`"),
        (swisscom("[accounts.options]\ntoken_url = \"nonsense\"\n"), 6, "accounts.options.token_url", "token_url"),
        (account("\n[[accounts]]\nid = \"office\"\nprovider = \"tenios\"\n"), 7, "accounts.id", "two accounts `office`"),
        ("[[accounts]]\nid = \"\"\nprovider = \"tenios\"\n".into(), 2, "accounts.id", "no name of an account"),
        ("[[accounts]]\nid = \"a/b\"\nprovider = \"tenios\"\n".into(), 2, "accounts.id", "no name of an account"),
        ("[[accounts]]\nid = \"*\"\nprovider = \"tenios\"\n".into(), 2, "accounts.id", "no name of an account"),
        ("[[accounts]]\nid = \"of\\u202efice\"\nprovider = \"tenios\"\n".into(), 2, "accounts.id", "`office` is no name"),
        ("[[accounts]]\nid = \"Bu\\u0308ro\"\nprovider = \"tenios\"\n".into(), 2, "accounts.id", "no name of an account"),
        (format!("[[accounts]]\nid = \"{}\"\nprovider = \"tenios\"\n", "x".repeat(65)), 2, "accounts.id", "up to 64"),
        (account("\n[[accounts]]\nid = \"Office\"\nprovider = \"tenios\"\n"), 7, "accounts.id", "two accounts `Office`"),
        ("[[accounts]]\nid = \"of fice\"\nprovider = \"tenios\"\n".into(), 2, "accounts.id", "no name of an account"),
        ("[[accounts]]\nprovider = \"tenios\"\n".into(), 1, "accounts", "missing field `id`"),
        ("[[accounts]]\nid = \"a\"\nprovider = \"nofn\"\n".into(), 3, "accounts.provider", "there are nfon, fonial"),
        ("# mine\n[[accounts]]\nid = \"a\"\nprovider = \"nfon\"\n".into(), 2, "accounts.username", "user name"),
        ("[[accounts]]\nid = \"a\"\nprovider = \"fonial\"\nusername = \" \"\n".into(), 4, "accounts.username", "user name"),
        (account("area_code = \"221221221221221221221\"\n"), 5, "accounts.area_code", "up to 6 digits, such as 221"),
        (account("outside_line = \"00000000000000000\"\n"), 5, "accounts.outside_line", "up to 4 digits"),
        (account("[[board.groups]]\nname = \"A\"\nlines = [\"office/35-22\"]\n"), 7, "board.groups.lines", "write office/22-35"),
        (account("[[board.groups]]\nname = \"A\"\nlines = []\n[[board.groups]]\nname = \"A\"\nlines = []\n"), 9, "board.groups.name", "two groups `A`"),
        (account("[[board.groups]]\nname = \"S\"\nlines = []\n[[board.groups]]\nname = \"s \"\nlines = []\n"), 9, "board.groups.name", "two groups `s `"),
        (account("[[board.groups]]\nname = \"A\"\nlines = [\"office/22-3x\"]\n"), 7, "board.groups.lines", "such as office/22-35"),
        (account("[[board.groups]]\nname = \"A\"\nlines = [\"office/22-35-40\"]\n"), 7, "board.groups.lines", "such as office/22-35"),
        (account("[[board.groups]]\nname = \"A\"\nlines = [\"office/9-10\"]\n"), 7, "board.groups.lines", "of one length"),
        (account("area_code = \"0\"\n"), 5, "accounts.area_code", "`0` is no area code"),
        (account("area_code = \"49221\"\n"), 5, "accounts.area_code", "write 221"),
        (account("region = \"DE\"\ncountry_code = 43\n"), 6, "accounts.country_code", "which is 49"),
        ("[[accounts]]\nid = \"a,b\"\nprovider = \"tenios\"\n".into(), 2, "accounts.id", "-, _ and ."),
        (account("country_code = 70000\n"), 5, "accounts.country_code", "a whole number from 1 to 999"),
        ("[history]\ndays = \"ninety\"\n".into(), 2, "history.days", "a whole number from 0 to 180"),
        ("[me]\nregion = 49\n".into(), 2, "me.region", "a text in quotation marks"),
        ("[me]\nextensions = \"office/31\"\n".into(), 2, "me.extensions", "a list in square brackets"),
        ("me = 3\n".into(), 1, "me", "a table"),
        ("[history]\ndays = 400\n".into(), 2, "history.days", "between 0 and 180"),
        ("[dial]\nring_s = 1\n".into(), 2, "dial.ring_s", "between 5 and 120"),
        ("[receiver]\nlisten = \"8465\"\n".into(), 2, "receiver.listen", "127.0.0.1:8465"),
        ("[receiver]\npublic_url = \"ringside.example.com\"\n".into(), 2, "receiver.public_url", "`ringside.example.com`"),
        ("[pop_up]\nrecord_url = \"https://crm.example/{nummer}\"\n".into(), 2, "pop_up.record_url", "`{nummer}`"),
        ("[hotkeys]\nhangup = \"Ctrl+H\"\n".into(), 2, "hotkeys.hangup", "hang_up"),
    ];
    for (text, line, key, words) in rows {
        let folder = Folder::with(Some(&text), None);
        let (file, errors) = load(&folder.paths);
        let [ConfigError::Faulty { path, line: told_line, key: told_key, message, .. }] = errors.as_slice() else {
            panic!("{text}: {errors:?}")
        };
        assert_eq!(
            (path, *told_line, told_key.as_deref()),
            (&folder.paths.config, line, Some(key)),
            "{text}\n{message}"
        );
        assert!(message.contains(words), "{text}\n{message}");
        assert_eq!(file.effective(), Config::default(), "{text}");
    }
}

#[test]
fn what_does_no_harm_is_a_doubt_and_no_mistake() {
    let text = format!(
        "{OFFICE}[board]\nfavourites = [\"nope/31\", \"office/31\"]\n[[board.groups]]\nname = \"S\"\nlines = []\n"
    );
    let (file, errors) = load(&Folder::with(Some(&text), None).paths);
    assert!(errors.is_empty(), "{errors:?}");
    let told: Vec<_> = file.doubts().iter().map(|doubt| doubt.message.to_string()).collect();
    assert!(
        told.len() == 2 && told[0].contains("no account `nope`") && told[1].contains("`S` has no lines"),
        "{told:?}"
    );
}

#[test]
fn a_mistake_of_the_policy_is_told_in_the_policy() {
    for (policy, line, key) in [
        ("[history]\ndays = 30\n[me]\nregion = \"ZZ\"\n", 4, "me.region"),
        ("[me]\nextensions = [\"nope/31\"]\n", 2, "me.extensions"),
        ("[ui]\ntheme = \"drak\"\n", 2, "ui.theme"),
        ("[history]\n\ndays = \"ninety\"\n", 3, "history.days"),
    ] {
        let folder = Folder::with(Some(OFFICE), Some(policy));
        let (file, errors) = load(&folder.paths);
        let told = errors.iter().map(ToString::to_string).collect::<String>();
        assert!(told.contains("policy.toml") && told.contains(&format!("line {line},")), "{policy}: {told}");
        assert!(told.contains(&format!("`{key}`")), "{policy}: {told}");
        assert_eq!(file.effective().accounts.len(), 1, "the user's own file holds");
    }
}

#[test]
fn a_rule_that_is_not_named_is_the_usual_one_of_its_direction() {
    let text = "[pop_up.outbound.vip]\nrecord = \"on_answer\"\n[pop_up.inbound.vip]\nrecord = \"on_answer\"\n";
    let folder = Folder::with(Some(text), None);
    let (file, errors) = load(&folder.paths);
    assert!(errors.is_empty(), "{errors:?}");
    let (said, usual) = (file.effective().pop_up, Config::default().pop_up);
    assert_eq!((said.outbound.vip.card, said.outbound.vip.record), (usual.outbound.vip.card, Trigger::OnAnswer));
    assert_eq!((said.inbound.vip.card, said.inbound.vip.record), (usual.inbound.vip.card, Trigger::OnAnswer));
    assert_eq!((said.outbound.external, said.inbound.external), (usual.outbound.external, usual.inbound.external));
    let engine = ringside_engine::Policy::default();
    let rule = engine.rule(Some(ringside_domain::Direction::Outbound), ringside_domain::CallerClass::External);
    assert_eq!(format!("{:?}", rule.pop_up), format!("{:?}", usual.outbound.external.card), "one default");
}

#[test]
fn what_somebody_else_wrote_meanwhile_stays() {
    let folder = Folder::with(Some(OFFICE), None);
    let (mut file, _) = load(&folder.paths);
    let more = format!(
        "{OFFICE}\n# a second one\n[[accounts]]\nid = \"mobile\"\nprovider = \"fonial\"\nusername = \"a@b.example\"\n\n[history]\ndays = 30 # a month\n"
    );
    let more = more.replace("[\"office/31\"]", "[\"office/31\", \"mobile/1\"]");
    fs::write(&folder.paths.config, &more).unwrap();
    file.change(|config| config.ui.theme = Theme::Dark).unwrap();
    assert_eq!(folder.text(), format!("{more}\n[ui]\ntheme = \"dark\"\n"));
    let config = file.effective();
    assert_eq!((config.accounts.len(), config.history.days, config.me.extensions.len()), (2, 30, 2));
}

#[test]
fn a_change_touches_its_own_keys_alone() {
    let text = "# The head of the file.\n\n[[accounts]] # first\nid = \"a\"\nprovider = \"tenios\"\n\n# about b\n[[accounts]]\nprovider = \"tenios\"\nid = \"b\"\nregion = \"de\"\n\n[hotkeys]\npreview = \"Ctrl+Alt+P\"\n\n[me]\nextensions = [\n  \"a/1\", # desk\n  \"b/2\", # home\n]\nregion = \"DE\" # here\n";
    let folder = Folder::with(Some(text), None);
    let (mut file, errors) = load(&folder.paths);
    assert!(errors.is_empty(), "{errors:?}");
    file.change(|config| config.me.region = "CH".into()).unwrap();
    let one = text.replace("region = \"DE\" # here", "region = \"CH\" # here");
    assert_eq!(folder.text(), one);
    file.change(|config| {
        config.accounts.retain(|account| account.id != "a");
        config.me.extensions.retain(|line| line != "a/1");
    })
    .unwrap();
    let left = folder.text();
    assert!(left.starts_with("# The head of the file.\n\n"), "{left}");
    for kept in [
        "# about b\n[[accounts]]\nprovider = \"tenios\"\nid = \"b\"\nregion = \"de\"\n",
        "\"b/2\", # home",
        "preview = \"Ctrl+Alt+P\"",
    ] {
        assert!(left.contains(kept), "{kept}\n---\n{left}");
    }
    assert!(!left.contains("# first") && !left.contains("a/1"), "{left}");
}

#[test]
fn a_change_finds_its_place_in_every_way_of_writing() {
    for text in [
        "accounts = [{ id = \"a\", provider = \"tenios\" }]\nme = { extensions = [\"a/1\"] }\nui.theme = \"light\"\n",
        "accounts = []\n[ui]\n",
        "",
        "[me]\nextensions = []\n\n[[accounts]]\nid = \"a\"\nprovider = \"tenios\"\n[accounts.options]\npage_size = 10\n\n[ui]\ntheme = 'light' # bright\n",
    ] {
        let folder = Folder::with(Some(text), None);
        let (mut file, errors) = load(&folder.paths);
        assert!(errors.is_empty(), "{text}: {errors:?}");
        let entry: ringside_app::config::AccountEntry =
            toml::from_str("id = \"b\"\nprovider = \"tenios\"\nsecret = { env = \"B\" }\n[options]\npage_size = 7\n")
                .unwrap();
        file.change(|config| {
            config.ui.theme = Theme::Dark;
            config.accounts.push(entry.clone());
            config.me.extensions.push("b/2".into());
            config.me.region = "AT".into();
        })
        .unwrap();
        let (again, errors) = load(&folder.paths);
        assert!(errors.is_empty(), "{errors:?}\n{}", folder.text());
        assert_eq!(again.effective(), file.effective(), "{}", folder.text());
        assert_eq!(again.effective().accounts.last(), Some(&entry), "{}", folder.text());
        file.change(|config| {
            config.accounts.retain(|account| account.id != "b");
            config.me.extensions.retain(|line| line != "b/2");
        })
        .unwrap();
        let (last, errors) = load(&folder.paths);
        assert!(errors.is_empty(), "{errors:?}\n{}", folder.text());
        assert!(last.effective().accounts.iter().all(|account| account.id == "a"), "{}", folder.text());
    }
}

#[test]
fn a_change_that_would_be_a_mistake_is_refused_and_nothing_is_written() {
    let folder = Folder::with(Some(OFFICE), None);
    let (mut file, _) = load(&folder.paths);
    let lines = |line: &str| file_change(&mut load(&folder.paths).0, line);
    assert_eq!((lines("31"), lines("nope/31")), ("config_line", "config_line"));
    let error = file.change(|config| config.accounts.clear()).unwrap_err();
    assert!(error.to_string().contains("me.extensions"), "its line would be of no account: {error}");
    assert_eq!(file.effective().accounts.len(), 1);
    assert_eq!(folder.text(), OFFICE);
}

fn file_change(file: &mut ConfigFile, line: &str) -> &'static str {
    file.change(|config| config.me.extensions.push(line.to_owned())).unwrap_err().code()
}

#[test]
fn a_mistake_made_meanwhile_is_noted_and_what_held_goes_on_to_hold() {
    let folder = Folder::with(Some(OFFICE), None);
    let (mut file, _) = load(&folder.paths);
    assert!(!file.refresh(), "nothing changed");
    let held = file.effective();
    let broken = format!("{OFFICE}\n[ui]\ntheme = \"drak\"\n");
    fs::write(&folder.paths.config, &broken).unwrap();
    assert!(file.refresh());
    assert!(file.errors()[0].to_string().contains("line 16, column"), "{}", file.errors()[0]);
    assert_eq!(file.effective(), held);
    let refused = file.change(|config| config.ui.theme = Theme::Dark).unwrap_err();
    assert!(refused.to_string().contains("line 16"), "{refused}");
    assert_eq!(folder.text(), broken);
    fs::write(&folder.paths.config, "\n").unwrap();
    assert!(file.refresh());
    fs::write(&folder.paths.config, "\u{feff}# nothing but a remark\n").unwrap();
    file.refresh();
    assert_eq!(file.errors()[0].code(), "config_emptied");
    fs::write(&folder.paths.config, "\n").unwrap();
    file.refresh();
    assert_eq!((file.errors()[0].code(), &file.effective()), ("config_emptied", &held));
    assert!(file.change(|config| config.ui.theme = Theme::Dark).is_err());
    assert_eq!(folder.text(), "\n", "nothing is made of what is in memory");
    fs::remove_file(&folder.paths.config).unwrap();
    assert!(file.refresh());
    assert_eq!((file.errors()[0].code(), &file.effective()), ("config_gone", &held));
    assert!(file.change(|config| config.ui.theme = Theme::Dark).is_err());
    assert!(!folder.paths.config.exists(), "nothing is made of what is in memory");
    fs::write(&folder.paths.config, format!("{OFFICE}\n[ui]\ntheme = \"light\"\n")).unwrap();
    assert!(file.refresh());
    assert_eq!((file.errors().len(), file.effective().ui.theme), (0, Theme::Light));
}

#[test]
fn what_the_policy_holds_is_neither_changed_nor_written_into_the_users_file() {
    let folder = Folder::with(Some(OFFICE), Some("[history]\ndays = 30\n"));
    let (mut file, _) = load(&folder.paths);
    assert_eq!(file.change(|config| config.history.days = 90).unwrap_err().code(), "config_locked");
    file.change(|config| config.ui.theme = Theme::Dark).unwrap();
    assert!(!folder.text().contains("days"), "{}", folder.text());
    fs::write(&folder.paths.policy, "[history]\ndays = 14\n").unwrap();
    assert!(file.refresh());
    assert_eq!(file.effective().history.days, 14);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_the_file_keeps_its_rights() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = Folder::with(None, None);
    let real = folder.dir.path().join("dotfiles").join("ringside.toml");
    fs::create_dir_all(real.parent().unwrap()).unwrap();
    fs::write(&real, OFFICE).unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("second.toml", &folder.paths.config).unwrap();
    symlink("dotfiles/ringside.toml", folder.dir.path().join("second.toml")).unwrap();
    let (mut file, _) = load(&folder.paths);
    file.change(|config| config.ui.theme = Theme::Dark).unwrap();
    assert!(fs::symlink_metadata(&folder.paths.config).unwrap().is_symlink());
    assert!(fs::read_to_string(&real).unwrap().contains("theme = \"dark\""));
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    let names: Vec<_> = fs::read_dir(real.parent().unwrap()).unwrap().flatten().map(|it| it.file_name()).collect();
    assert_eq!(names, ["ringside.toml"], "nothing is left beside it");
}

#[cfg(unix)]
#[test]
fn what_is_read_only_is_not_changed_by_whoever_may_do_everything() {
    use std::os::unix::fs::PermissionsExt as _;
    for what in ["file", "folder"] {
        let folder = Folder::with(Some(OFFICE), None);
        let marked = if what == "file" { folder.paths.config.as_path() } else { folder.dir.path() };
        let before = fs::metadata(marked).unwrap().permissions();
        fs::set_permissions(marked, fs::Permissions::from_mode(before.mode() & !0o222)).unwrap();
        let (mut file, _) = load(&folder.paths);
        let error = file.change(|config| config.ui.theme = Theme::Dark).unwrap_err();
        fs::set_permissions(marked, before).unwrap();
        assert_eq!(error.code(), "config_unwritable", "{what}");
        assert!(error.to_string().contains("read-only"), "{what}: {error}");
        assert_eq!((folder.text().as_str(), file.effective().ui.theme), (OFFICE, Theme::System), "{what}");
    }
}

use std::process::Command;

use super::*;

fn entry(folder: &Path, program: &str, arguments: &[&str]) -> Autostart {
    Autostart::new(folder, Ok(program.into()), arguments.iter().map(|it| (*it).to_owned()).collect())
}

fn text(folder: &Path) -> String {
    fs::read_to_string(folder.join("autostart").join("ringside.desktop")).unwrap_or_default()
}

/// What a shell makes of the value: in double quotes it has the same four escapes as the specification.
fn as_a_shell_reads(exec: &str) -> Vec<String> {
    let line = exec.replace("\\\\", "\\").replace("%%", "%");
    let shell = Command::new("sh").arg("-c").arg(format!("printf '%s\\n' {line}")).output().unwrap();
    String::from_utf8(shell.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn the_first_switch_writes_an_entry_and_the_next_takes_it_away() {
    let home = tempfile::tempdir().unwrap();
    let autostart = entry(home.path(), "/usr/bin/ringside", &["--in-tray"]);
    assert_eq!(autostart.is_on(), Some(false));
    autostart.set(true).unwrap();
    assert_eq!(autostart.is_on(), Some(true));
    assert!(text(home.path()).contains("\nExec=\"/usr/bin/ringside\" \"--in-tray\"\n"), "{}", text(home.path()));
    autostart.set(false).unwrap();
    assert_eq!((autostart.is_on(), text(home.path()).as_str()), (Some(false), ""));
}

#[test]
fn a_command_is_quoted_so_that_every_argument_arrives_as_it_is() {
    for program in [
        "/opt/My Programs/ringside",
        "/opt/100% sure/ringside",
        "/opt/\"quoted\"/ringside",
        "/opt/back\\slash/ringside",
        "/opt/$HOME/`id`/ringside",
        "/opt/a'b;c&d|e<f>g*h?i#j(k)l~/ringside",
        "/opt/müller/ringside",
    ] {
        let home = tempfile::tempdir().unwrap();
        let config = "/home/a b/config \\ \" % $.toml";
        let autostart = entry(home.path(), program, &["--in-tray", "--config", config]);
        autostart.set(true).unwrap();
        assert_eq!(autostart.is_on(), Some(true), "{program}");
        let text = text(home.path());
        let exec = text.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap();
        assert_eq!(as_a_shell_reads(exec), [program, "--in-tray", "--config", config], "{exec}");
    }
}

#[test]
fn what_was_switched_off_elsewhere_or_starts_another_program_is_off() {
    let home = tempfile::tempdir().unwrap();
    let autostart = entry(home.path(), "/usr/bin/ringside", &["--in-tray"]);
    autostart.set(true).unwrap();
    let (path, on) = (home.path().join("autostart").join("ringside.desktop"), text(home.path()));
    for (from, to) in [
        ("X-GNOME-Autostart-enabled=true", "X-GNOME-Autostart-enabled=false"),
        ("Terminal=false", "Hidden=true"),
        ("/usr/bin", "/old/bin"),
    ] {
        fs::write(&path, on.replace(from, to)).unwrap();
        assert_eq!(autostart.is_on(), Some(false), "{to}");
        autostart.set(true).unwrap();
        assert_eq!(text(home.path()), on, "{to}");
    }
}

#[test]
fn another_configuration_keeps_its_entry() {
    let home = tempfile::tempdir().unwrap();
    let usual = entry(home.path(), "/usr/bin/ringside", &["--in-tray"]);
    let other = entry(home.path(), "/usr/bin/ringside", &["--in-tray", "--config", "/srv/c.toml"]);
    usual.set(true).unwrap();
    assert_eq!(other.is_on(), Some(false));
    other.set(true).unwrap();
    assert_eq!((usual.is_on(), other.is_on()), (Some(true), Some(true)));
    other.set(false).unwrap();
    assert_eq!((usual.is_on(), other.is_on()), (Some(true), Some(false)));
}

#[test]
fn a_folder_that_takes_no_entry_is_told() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("autostart"), "").unwrap();
    let autostart = entry(home.path(), "/usr/bin/ringside", &["--in-tray"]);
    let problem = autostart.set(true).unwrap_err();
    assert!(problem.message.contains("autostart"), "{problem}");
    assert_eq!(autostart.is_on(), Some(false));
}

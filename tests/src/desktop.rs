//! A private desktop for one test: X server, window manager, session bus, and what else is asked for.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use tempfile::TempDir;

use crate::program::Program;
use crate::wait::{PATIENCE, until_blocking};

const KEYRING: &str = "gnome-keyring-daemon";
/// What the keyring is unlocked with.
const KEYRING_PASSWORD: &[u8] = b"desk";

/// A bus on which nothing starts by itself: a service is there because the test started it.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:dir=RUNTIME</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// What a desktop has beside an X server, a window manager and a bus.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts {
    /// gnome-keyring, unlocked: a Secret Service.
    pub key_store: bool,
    /// dunst: shows notifications.
    pub notifications: bool,
    /// Pixels; 1280 × 800 if not said.
    pub size: Option<(u16, u16)>,
}

/// Fields end in the order in which they stand: those who use a part before the part.
pub struct Desktop {
    programs: Vec<Program>,
    display: String,
    bus: String,
    home: TempDir,
}

impl Desktop {
    /// # Errors
    /// Names the package that is missing, or the part that did not come up.
    pub fn start(parts: Parts) -> anyhow::Result<Self> {
        let home = tempfile::Builder::new().prefix("ringside-desk-").tempdir()?;
        for folder in ["config", "data", "cache", "state", "run", "tmp"] {
            fs::create_dir_all(home.path().join(folder))?;
        }
        fs::set_permissions(home.path().join("run"), fs::Permissions::from_mode(0o700))?;
        let mut desktop = Self { programs: Vec::new(), display: String::new(), bus: String::new(), home };
        desktop.x_server(parts.size.unwrap_or((1280, 800)))?;
        desktop.session_bus()?;
        desktop.window_manager()?;
        if parts.key_store {
            desktop.key_store()?;
        }
        if parts.notifications {
            desktop.notifications()?;
        }
        Ok(desktop)
    }

    /// `:7`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The folder that holds everything the desktop's programs write.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// `ringside.db`, `logs/` and what else the app keeps, when nothing else is said.
    pub fn data(&self) -> PathBuf {
        self.home().join("data").join("ringside")
    }

    /// The file the app reads when nothing else is said.
    pub fn config(&self) -> PathBuf {
        self.home().join("config").join("ringside").join("config.toml")
    }

    /// Writes the app's configuration.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn configure(&self, toml: &str) -> anyhow::Result<()> {
        let path = self.config();
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/")))?;
        fs::write(&path, toml).with_context(|| path.display().to_string())
    }

    /// A command that runs on this desktop and knows of no other. Its output goes nowhere.
    pub fn command(&self, program: impl Into<OsString>) -> Command {
        let mut command = Command::new(program.into());
        command.env_clear().envs(self.environment()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Runs a program to its end and gives what it printed.
    ///
    /// # Errors
    /// When it cannot be started or fails.
    pub fn output(&self, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self.command(program).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).output();
        let output = output.with_context(|| format!("cannot start `{program}`"))?;
        anyhow::ensure!(
            output.status.success(),
            "`{program} {}` failed: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        let home = self.home();
        let inside = |folder: &str| home.join(folder).into_os_string();
        let mut environment: Vec<(OsString, OsString)> = vec![
            ("HOME".into(), home.into()),
            ("USER".into(), "tester".into()),
            ("LANG".into(), "C.UTF-8".into()),
            ("XDG_CONFIG_HOME".into(), inside("config")),
            ("XDG_DATA_HOME".into(), inside("data")),
            ("XDG_CACHE_HOME".into(), inside("cache")),
            ("XDG_STATE_HOME".into(), inside("state")),
            ("XDG_RUNTIME_DIR".into(), inside("run")),
            ("TMPDIR".into(), inside("tmp")),
            ("DISPLAY".into(), self.display.clone().into()),
            ("DBUS_SESSION_BUS_ADDRESS".into(), self.bus.clone().into()),
            ("GDK_BACKEND".into(), "x11".into()),
            ("GSETTINGS_BACKEND".into(), "memory".into()),
            ("NO_AT_BRIDGE".into(), "1".into()),
            ("LIBGL_ALWAYS_SOFTWARE".into(), "1".into()),
        ];
        for name in ["PATH", "RUST_BACKTRACE", "RINGSIDE_LOG", "WEBKIT_DISABLE_COMPOSITING_MODE"] {
            if let Some(value) = std::env::var_os(name) {
                environment.push((name.into(), value));
            }
        }
        environment
    }

    /// Whether somebody on the bus answers to the name.
    pub fn on_the_bus(&self, name: &str) -> bool {
        let arguments = [
            "--session",
            "--print-reply=literal",
            "--dest=org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus.NameHasOwner",
            &format!("string:{name}"),
        ];
        self.output("dbus-send", &arguments).is_ok_and(|text| text.contains("true"))
    }

    /// Starts a program on this desktop and keeps it until the desktop ends.
    ///
    /// # Errors
    /// Names the package that is missing.
    pub fn keep(&mut self, command: Command, package: &str) -> anyhow::Result<u32> {
        let program = Program::start(command, package)?;
        let pid = program.pid();
        // Ended in reverse order: the X server last.
        self.programs.insert(0, program);
        Ok(pid)
    }

    fn x_server(&mut self, (width, height): (u16, u16)) -> anyhow::Result<()> {
        let mut command = Command::new("Xvfb");
        command
            .args(["-displayfd", "1", "-screen", "0", &format!("{width}x{height}x24"), "-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut server = Program::start(command, "xvfb")?;
        let number = first_line(&mut server).context("the X server did not come up")?;
        self.display = format!(":{number}");
        self.programs.insert(0, server);
        Ok(())
    }

    fn session_bus(&mut self) -> anyhow::Result<()> {
        let file = self.home().join("bus.conf");
        let run = self.home().join("run");
        fs::write(&file, BUS.replace("RUNTIME", &run.display().to_string()))?;
        let mut command = Command::new("dbus-daemon");
        command
            .arg(format!("--config-file={}", file.display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut bus = Program::start(command, "dbus")?;
        self.bus = first_line(&mut bus).context("the session bus did not come up")?;
        self.programs.insert(0, bus);
        Ok(())
    }

    fn window_manager(&mut self) -> anyhow::Result<()> {
        self.keep(self.command("openbox"), "openbox")?;
        let display = self.display.clone();
        until_blocking("the window manager", PATIENCE, || {
            let output = Command::new("xdotool").env("DISPLAY", &display).arg("get_desktop").output().ok()?;
            output.status.success().then_some(())
        })
        .context("openbox did not come up, or xdotool is missing: apt-get install openbox xdotool")
    }

    fn key_store(&mut self) -> anyhow::Result<()> {
        let mut command = self.command(KEYRING);
        command.args(["--foreground", "--unlock", "--components=secrets"]).stdin(Stdio::piped());
        let mut keyring = Program::start(command, "gnome-keyring libsecret-tools")?;
        if let Some(mut stdin) = keyring.child().stdin.take() {
            stdin.write_all(KEYRING_PASSWORD)?;
        }
        self.programs.insert(0, keyring);
        until_blocking("the Secret Service", PATIENCE, || self.on_the_bus("org.freedesktop.secrets").then_some(()))
    }

    /// Sends the Secret Service a signal: `STOP` has it stay on the bus and answer nothing.
    ///
    /// # Errors
    /// When there is none.
    pub fn signal_key_store(&self, signal: &str) -> anyhow::Result<()> {
        let keyring = self.programs.iter().find(|it| it.name() == KEYRING).context("the desktop has no key store")?;
        let status = Command::new("kill").args(["-s", signal, &keyring.pid().to_string()]).status()?;
        anyhow::ensure!(status.success(), "the key store did not get the signal {signal}");
        Ok(())
    }

    fn notifications(&mut self) -> anyhow::Result<()> {
        self.keep(self.command("dunst"), "dunst")?;
        until_blocking("the notification service", PATIENCE, || {
            self.on_the_bus("org.freedesktop.Notifications").then_some(())
        })
    }
}

/// What dunst was shown so far, newest first, as its own JSON.
///
/// # Errors
/// When dunst does not run on this desktop.
pub fn notifications(desktop: &Desktop) -> anyhow::Result<serde_json::Value> {
    // What is still on the screen is not history yet.
    desktop.output("dunstctl", &["close-all"])?;
    Ok(serde_json::from_str(&desktop.output("dunstctl", &["history"])?)?)
}

fn first_line(program: &mut Program) -> anyhow::Result<String> {
    let stdout = program.child().stdout.take().context("its output is not ours")?;
    let (sender, line) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let read = BufReader::new(stdout).read_line(&mut text);
        // Whoever waited may have given up.
        let _ = sender.send(read.map(|_| text.trim().to_owned()));
    });
    let line = line.recv_timeout(Duration::from_secs(10)).context("it says nothing")??;
    anyhow::ensure!(!line.is_empty(), "it ended at once");
    Ok(line)
}

//! A display of one's own: Xvfb, a session bus and a window manager, and this program once more inside them.

use std::io::{BufRead as _, BufReader};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::{env, fs};

use anyhow::{Context as _, bail};

use super::Manner;

const SCREEN: &str = "1280x800x24";
/// Any of these will do; without one the windows have no frames.
const WINDOW_MANAGERS: [&str; 6] = ["openbox", "xfwm4", "metacity", "fluxbox", "icewm", "twm"];

/// Runs the tour; its pictures and its transcript are in the folder afterwards.
///
/// # Errors
/// When the display cannot be made, with what is missing, or the tour fails.
pub fn without_a_screen(folder: &Path, manner: &Manner) -> anyhow::Result<ExitCode> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let folder = folder.canonicalize().with_context(|| format!("{} cannot be used", folder.display()))?;
    let home = Home::make()?;
    let (_xvfb, display) = start_display()?;
    let mut window_manager = WINDOW_MANAGERS.iter().find_map(|name| find(name)).map(|path| {
        let mut command = Command::new(path);
        Running(command.env("DISPLAY", &display).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok())
    });
    let status = inside(&display, &home, &folder, manner)?.status().context("the tour does not start")?;
    drop(window_manager.take());
    if !status.success() {
        bail!("the tour ended early; {} says where", folder.join("transcript.txt").display());
    }
    eprintln!("The pictures are in {}.", folder.display());
    Ok(ExitCode::SUCCESS)
}

/// A process that ends with its keeper.
struct Running(Option<Child>);

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            // One that has ended already needs no killing, and every one is waited for.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Configuration, data and run-time files of the tour alone.
struct Home(PathBuf);

impl Home {
    fn make() -> anyhow::Result<Self> {
        let path = env::temp_dir().join(format!("ringside-tour-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        Ok(Self(path))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // The system's temporary folder is swept in any case.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Xvfb picks a free number itself and says which.
fn start_display() -> anyhow::Result<(Running, String)> {
    let Some(xvfb) = find("Xvfb") else {
        bail!(
            "Xvfb is missing: it is in the package xvfb (Debian, Ubuntu), xorg-x11-server-Xvfb (Fedora) or xorg-server-xvfb (Arch)"
        );
    };
    let (reader, writer) = std::io::pipe().context("the system gives no pipe")?;
    let mut command = Command::new(xvfb);
    command.args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]);
    let child = command.stdout(OwnedFd::from(writer)).stderr(Stdio::null()).spawn().context("Xvfb does not start")?;
    // Otherwise our own end of the pipe would keep it open after Xvfb has failed.
    drop(command);
    let running = Running(Some(child));
    let mut number = String::new();
    BufReader::new(reader).read_line(&mut number).context("Xvfb does not say its display")?;
    if number.trim().is_empty() {
        bail!("Xvfb found no free display");
    }
    Ok((running, format!(":{}", number.trim())))
}

/// This program, inside the display, with a session bus of its own where there is one to be had.
fn inside(display: &str, home: &Home, folder: &Path, manner: &Manner) -> anyhow::Result<Command> {
    let program = env::current_exe().context("this program's file is gone")?;
    let mut command = match find("dbus-run-session") {
        Some(bus) => {
            let mut command = Command::new(bus);
            command.arg("--").arg(program);
            command
        }
        None => {
            let mut command = Command::new(program);
            command.env_remove("DBUS_SESSION_BUS_ADDRESS");
            command
        }
    };
    command.args(["demo", "--tour"]).arg(folder).arg("--data").arg(home.0.join("data"));
    if let Some(theme) = manner.theme {
        command.args(["--theme", theme]);
    }
    if let Some(language) = &manner.language {
        command.args(["--lang", language]);
    }
    command.env("DISPLAY", display).env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11").env("USER", "anna");
    for (name, place) in [
        ("HOME", "home"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "share"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_RUNTIME_DIR", "run"),
    ] {
        let path = home.0.join(place);
        fs::create_dir(&path)?;
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        command.env(name, path);
    }
    Ok(command)
}

fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}

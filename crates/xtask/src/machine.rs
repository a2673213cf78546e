//! What this machine lacks, and getting it.

use anyhow::bail;

use crate::shell;

/// Makes sure of the packages and of Node; installs what is missing on Debian and its relatives, and elsewhere prints
/// the exact command instead.
pub fn prepare(lists: &[&[&str]]) -> anyhow::Result<()> {
    require_node()?;
    let wanted: Vec<&str> = lists.iter().flat_map(|list| list.iter().copied()).collect();
    if cfg!(not(target_os = "linux")) {
        return Ok(());
    }
    if !shell::exists("dpkg-query") {
        if shell::output("pkg-config", &["--exists", "webkit2gtk-4.1"]).is_none() {
            bail!(
                "this is not Debian or Ubuntu, and WebKitGTK 4.1 was not found. Install it, for example:\n  \
                 Fedora: sudo dnf install webkit2gtk4.1-devel gtk3-devel librsvg2-devel libappindicator-gtk3-devel libxdo-devel openssl-devel dbus-devel\n  \
                 Arch:   sudo pacman -S webkit2gtk-4.1 gtk3 librsvg libappindicator-gtk3 xdotool openssl dbus"
            );
        }
        return Ok(());
    }
    let mut missing: Vec<&str> = wanted.into_iter().filter(|package| !installed(package)).collect();
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        return Ok(());
    }
    install(&missing)
}

fn installed(package: &str) -> bool {
    shell::output("dpkg-query", &["-W", "-f=${db:Status-Status}", package]).is_some_and(|s| s == "installed")
}

fn install(missing: &[&str]) -> anyhow::Result<()> {
    let root = shell::output("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    let by_hand = format!("sudo apt-get update && sudo apt-get install --no-install-recommends {}", missing.join(" "));
    if !root && !shell::exists("sudo") {
        bail!("these packages are missing and there is no sudo. As root:\n  {by_hand}");
    }
    shell::step(&format!("Installing {} packages: {}", missing.len(), missing.join(" ")));
    let apt = |arguments: &[&str]| {
        let mut command = if root {
            shell::command("apt-get", arguments)
        } else {
            let mut sudo = shell::command("sudo", &["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            sudo.args(arguments);
            sudo
        };
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    shell::run(apt(&["update", "-q"]))?;
    let mut arguments = vec!["install", "-q", "-y", "--no-install-recommends"];
    arguments.extend(missing);
    if let Err(error) = shell::run(apt(&arguments)) {
        bail!("{error}\nInstall them by hand and try again:\n  {by_hand}");
    }
    Ok(())
}

fn require_node() -> anyhow::Result<()> {
    let Some(version) = shell::output("node", &["--version"]) else {
        bail!(
            "Node.js is missing: version 20 or newer builds the interface. See https://nodejs.org, or `apt-get install nodejs npm` where that is new enough."
        );
    };
    let major: u32 = version.trim().trim_start_matches('v').split('.').next().unwrap_or_default().parse().unwrap_or(0);
    if major < 20 {
        bail!("Node.js {} is too old: version 20 or newer builds the interface.", version.trim());
    }
    Ok(())
}

/// There is a screen to show a window on.
pub fn has_display() -> bool {
    cfg!(not(target_os = "linux"))
        || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()))
}

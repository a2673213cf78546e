//! Starting with the session: the system's own list of programs, read and written.

#[cfg(target_os = "linux")]
mod entry;
#[cfg(not(target_os = "linux"))]
mod plugin;

use ringside_domain::Problem;

#[cfg(target_os = "linux")]
pub use entry::Autostart;
#[cfg(not(target_os = "linux"))]
pub use plugin::Autostart;

fn refused(reason: impl std::fmt::Display) -> Problem {
    Problem::new(
        "autostart_refused",
        format!("Ringside could not change the start at log-in: {reason}"),
        "Change it in the settings of your desktop.",
    )
}

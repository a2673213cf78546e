//! Programs that a test starts and that end with it.

use std::io;
use std::process::{Child, Command};

use anyhow::{Context as _, bail};

/// A running program. Dropped, it is ended by its own process id.
pub struct Program {
    name: String,
    child: Child,
}

impl Program {
    /// # Errors
    /// Names the Debian package when the program is not installed.
    pub fn start(mut command: Command, package: &str) -> anyhow::Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        match command.spawn() {
            Ok(child) => Ok(Self { name, child }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                bail!("`{name}` is not installed: apt-get install {package} (or run `cargo xtask test`)")
            }
            Err(error) => Err(error).with_context(|| format!("cannot start `{name}`")),
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

//! What happened, as a text.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use tokio::time::Instant;

/// `transcript.txt`: a line a step, with the seconds since the start.
pub struct Transcript {
    file: File,
    began: Instant,
}

impl Transcript {
    /// # Errors
    /// When the file cannot be written.
    pub fn begin(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("transcript.txt");
        let file = File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(Self { file, began: Instant::now() })
    }

    /// # Errors
    /// When the disk is full.
    pub fn say(&mut self, text: &str) -> anyhow::Result<()> {
        let line = format!("{:6.2}  {text}", self.began.elapsed().as_secs_f64());
        writeln!(self.file, "{line}")?;
        eprintln!("{line}");
        Ok(())
    }
}

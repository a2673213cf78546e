//! How an exchange is set up, whatever its services.

use crate::services::Options;

/// What happens in the office by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// An office day: calls in and out, ring groups, transfers, breaks.
    Office,
    /// Nothing happens unless a test or a client does it.
    Quiet,
}

impl Options {
    /// An office in which nothing happens by itself: the start of most tests.
    pub fn quiet() -> Self {
        Self { script: Script::Quiet, ..Self::default() }
    }

    /// The same with another number of extensions.
    #[must_use]
    pub fn with_extensions(mut self, extensions: usize) -> Self {
        self.extensions = extensions;
        self
    }
}

//! How an exchange is set up, whatever its services.

use crate::fonial::FonialOptions;
use crate::services::Options;

/// What happens in the office by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// An office day: calls in and out, ring groups, transfers, breaks.
    Office,
    /// Nothing happens unless a test or a client does it.
    Quiet,
}

/// Whom the services serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sites {
    /// All of them the same office, so that each can be tried alone.
    One,
    /// Each its own people: the main office has the first service, three small sites have others.
    Several,
}

impl Options {
    /// A busy day to look around in, with a year of calls behind the site whose service tells of none while they last.
    pub fn demo() -> Self {
        Self { fonial: FonialOptions { past_calls: 150, ..FonialOptions::default() }, ..Self::default() }
    }

    /// One office in which nothing happens by itself: the start of most tests.
    pub fn quiet() -> Self {
        Self { script: Script::Quiet, sites: Sites::One, ..Self::default() }
    }

    /// The same with another number of extensions.
    #[must_use]
    pub fn with_extensions(mut self, extensions: usize) -> Self {
        self.extensions = extensions;
        self
    }
}

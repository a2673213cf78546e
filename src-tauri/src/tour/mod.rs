//! The headless tour: the real app on the demo exchange, in a display made for it, with keys and clicks as a user makes
//! them, leaving numbered pictures and a transcript.

#[cfg(target_os = "linux")]
mod hands;
#[cfg(target_os = "linux")]
mod launcher;
#[cfg(target_os = "linux")]
mod page;
#[cfg(target_os = "linux")]
mod screen;
#[cfg(target_os = "linux")]
mod script;
mod stage;
#[cfg(target_os = "linux")]
mod transcript;

use std::sync::{Arc, Mutex, PoisonError};

pub use stage::office;
#[cfg(target_os = "linux")]
pub use {launcher::without_a_screen, script::guide};

use crate::cli::Theme;

/// How the tour looks; what is not said, it shows both of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    pub theme: Option<&'static str>,
    pub language: Option<String>,
}

impl Manner {
    pub fn of(theme: Option<Theme>, language: Option<&str>) -> Self {
        let theme = theme.map(|theme| match theme {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::System => "system",
        });
        Self { theme, language: language.map(str::to_owned) }
    }
}

/// What the tour came to, for the one who started the app for it.
#[derive(Clone, Default)]
pub struct Outcome(Arc<Mutex<Option<anyhow::Error>>>);

impl Outcome {
    pub fn failed(&self, error: anyhow::Error) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    pub fn take(&self) -> Option<anyhow::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[cfg(not(target_os = "linux"))]
pub fn without_a_screen(_folder: &std::path::Path, _manner: &Manner) -> anyhow::Result<std::process::ExitCode> {
    anyhow::bail!("the tour without a screen needs Xvfb, which is there on Linux; `ringside demo` opens the app here")
}

#[cfg(not(target_os = "linux"))]
pub fn guide(_folder: &std::path::Path, _manner: Manner, outcome: Outcome) -> crate::host::Tour {
    Box::new(move |app, _, _| {
        outcome.failed(anyhow::anyhow!("the tour needs Xvfb, which is there on Linux"));
        crate::host::quit(&app);
    })
}

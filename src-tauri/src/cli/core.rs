//! The app core behind a command: the running app's, else one of its own.

use std::sync::Arc;

use ringside_api::view::Snapshot;
use ringside_api::{ApiError, Envelope, Reply, Request};
use ringside_app::config::Paths;
use ringside_app::desktop::NoDesktop;
use ringside_app::{Handle, Subscription, Topics};
use ringside_domain::Problem;

use super::out::Out;
use crate::instance::{self, Place};
use crate::ready::Configured;

pub enum Core {
    /// Started for this command, with the same configuration and data.
    Here(Handle),
    /// The app that runs on this configuration.
    #[cfg(unix)]
    There { place: Place, client: instance::Client },
}

/// Events, wherever they come from.
pub enum Events {
    Here(Subscription),
    #[cfg(unix)]
    There(instance::Client),
}

impl Core {
    /// # Errors
    /// When the configuration cannot be used.
    pub async fn open(paths: Paths, out: &Out) -> Result<Self, ApiError> {
        #[cfg(unix)]
        {
            let place = Place::of(&paths);
            if let Some(client) = instance::reach(&place).await? {
                return Ok(Self::There { place, client });
            }
        }
        let configured = Configured::read(paths);
        if let Some(error) = configured.errors.first() {
            return Err(error.problem().into());
        }
        configured.file.doubts().iter().for_each(|doubt| out.warning(&doubt.into()));
        let start = configured.with(Arc::new(NoDesktop), None);
        Ok(Self::Here(ringside_app::start(start).await))
    }

    /// # Errors
    /// The app's own.
    pub async fn call(&mut self, request: Request) -> Result<Reply, ApiError> {
        match self {
            Self::Here(handle) => handle.call(request).await,
            #[cfg(unix)]
            Self::There { client, .. } => client.call(request).await,
        }
    }

    /// # Errors
    /// When the app went away.
    pub async fn subscribe(&mut self) -> Result<Events, ApiError> {
        match self {
            Self::Here(handle) => Ok(Events::Here(handle.subscribe(Topics::All).await)),
            #[cfg(unix)]
            Self::There { place, .. } => {
                let mut client = instance::reach(place).await?.ok_or_else(went_away)?;
                client.subscribe().await?;
                Ok(Events::There(client))
            }
        }
    }

    /// # Errors
    /// When the app went away.
    pub async fn snapshot(&mut self) -> Result<Snapshot, ApiError> {
        match self.call(Request::Snapshot {}).await? {
            Reply::Snapshot { snapshot } => Ok(*snapshot),
            _ => Err(unexpected()),
        }
    }

    /// Whether this command has a core of its own, which has to connect first.
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Here(_))
    }

    /// What is wrong with the place where things are written down.
    ///
    /// # Errors
    /// When the app went away.
    pub async fn store_trouble(&mut self) -> Result<Option<ApiError>, ApiError> {
        let notices = self.snapshot().await?.notices;
        Ok(notices.into_iter().find(|notice| notice.id == "store").map(|notice| notice.problem))
    }

    pub async fn close(self) {
        match self {
            Self::Here(handle) => handle.stop().await,
            #[cfg(unix)]
            Self::There { .. } => {}
        }
    }
}

impl Events {
    /// # Errors
    /// When the app has gone or does not answer any more.
    pub async fn next(&mut self) -> Result<Vec<Envelope>, ApiError> {
        match self {
            Self::Here(events) => events.next().await.ok_or_else(went_away),
            #[cfg(unix)]
            Self::There(client) => client.events().await,
        }
    }
}

/// An answer that belongs to another question.
pub fn unexpected() -> ApiError {
    Problem::new("not_understood", "the running Ringside answered something else", "Close it and start it again.")
        .into()
}

fn went_away() -> ApiError {
    Problem::new("stopped", "Ringside went away", "Start it again.").into()
}

//! What hosts hold: they send requests and read events.

use std::sync::Arc;

use ringside_api::view::SettingsView;
use ringside_api::{ApiError, Envelope, Reply, Request};
use ringside_domain::Problem;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config::{ConfigError, ConfigFile, Paths};
use crate::demo::DemoOffice;
use crate::desktop::Desktop;
use crate::secrets::KeyStore;

/// Everything the app needs from outside.
pub struct Start {
    pub paths: Paths,
    pub config: ConfigFile,
    /// What was wrong with the configuration, told to the user once.
    pub config_errors: Vec<ConfigError>,
    pub clock: Arc<dyn Clock>,
    pub desktop: Arc<dyn Desktop>,
    pub keys: Arc<dyn KeyStore>,
    pub demo: Option<Arc<dyn DemoOffice>>,
    /// `0.1.0`.
    pub version: &'static str,
    /// Who acts, for the journal: the user's name on this computer.
    pub user: String,
    /// Seed of the jitter.
    pub seed: u64,
}

/// Which events a subscriber wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Topics {
    All,
    /// Cards and settings: for the pop-up window, which then sleeps through line events.
    Cards,
}

/// A cheap handle to the running app.
#[derive(Clone)]
pub struct Handle {
    pub(crate) inputs: mpsc::Sender<Asked>,
    pub(crate) stop: CancellationToken,
}

/// What a host asks of the actor.
pub(crate) enum Asked {
    Request { request: Box<Request>, reply: oneshot::Sender<Result<Reply, ApiError>> },
    Subscribe { topics: Topics, events: mpsc::Sender<Vec<Envelope>> },
    Settings { reply: oneshot::Sender<SettingsView> },
    Stop { done: oneshot::Sender<()> },
}

/// A subscriber that reads too slowly is told to take the snapshot again ([`ringside_api::ApiEvent::Resync`]).
pub struct Subscription {
    events: mpsc::Receiver<Vec<Envelope>>,
}

impl Subscription {
    /// The next events in order, never empty; `None` once the app has stopped.
    pub async fn next(&mut self) -> Option<Vec<Envelope>> {
        self.events.recv().await
    }
}

/// Starts the app. It is usable at once: accounts connect in the background, and the last known state is shown marked
/// as old until they have.
pub async fn start(start: Start) -> Handle {
    crate::actor::start(start).await
}

impl Handle {
    /// # Errors
    /// With a code to branch on, a sentence and the way out.
    pub async fn call(&self, request: Request) -> Result<Reply, ApiError> {
        let (reply, answer) = oneshot::channel();
        let asked = Asked::Request { request: Box::new(request), reply };
        if self.inputs.send(asked).await.is_err() {
            return Err(stopped());
        }
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// Events from now on. Subscribe first, then ask for the snapshot, and drop what is older than its `seq`.
    pub async fn subscribe(&self, topics: Topics) -> Subscription {
        let (sender, events) = mpsc::channel(256);
        // A stopped app drops the sender, and the subscription ends at once.
        let _ = self.inputs.send(Asked::Subscribe { topics, events: sender }).await;
        Subscription { events }
    }

    /// The settings as they hold, for hosts that carry some of them out themselves.
    pub async fn settings(&self) -> Option<SettingsView> {
        let (reply, answer) = oneshot::channel();
        self.inputs.send(Asked::Settings { reply }).await.ok()?;
        answer.await.ok()
    }

    /// Ends the links, writes what is still to be written, and closes the store.
    pub async fn stop(&self) {
        let (done, ended) = oneshot::channel();
        if self.inputs.send(Asked::Stop { done }).await.is_ok() {
            // An actor that is gone already has nothing left to write.
            let _ = ended.await;
        }
        self.stop.cancel();
    }
}

fn stopped() -> ApiError {
    Problem::new("stopped", "Ringside is closing", "Start it again.").into()
}

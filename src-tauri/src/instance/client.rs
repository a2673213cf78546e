//! The command's side of the socket. Nothing here waits for an app that does not answer.

use std::io;
use std::time::Duration;

use ringside_api::{ApiError, Envelope, Reply, Request};
use ringside_domain::Problem;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::time::{Instant, sleep, timeout};

use super::Place;
use super::wire::{Asked, Opening, Said};

/// An app that is silent for so long does not answer: one that lives says so every second.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two tries where too many wait at the socket already.
const AGAIN: Duration = Duration::from_millis(50);

/// A connection to the app that runs on the same configuration.
pub struct Client {
    stream: BufReader<UnixStream>,
    line: Vec<u8>,
    process: Option<i32>,
    /// It says that it lives while an answer takes long; an older one does not.
    says_it_lives: bool,
}

/// The running app, if there is one.
///
/// # Errors
/// `not_answering` when there is one that says nothing.
pub async fn reach(place: &Place) -> Result<Option<Client>, ApiError> {
    let begun = Instant::now();
    let stream = loop {
        match UnixStream::connect(place.socket()).await {
            Ok(stream) => break stream,
            // Too many others wait that nobody has taken yet.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if begun.elapsed() >= PATIENCE {
                    return Err(silent(None));
                }
                sleep(AGAIN).await;
            }
            Err(_) => return Ok(None),
        }
    };
    let process = stream.peer_cred().ok().and_then(|peer| peer.pid());
    let mut client = Client { stream: BufReader::new(stream), line: Vec::new(), process, says_it_lives: true };
    match client.ask(&Asked::Hello {}).await {
        Ok(Said::Alive {}) => Ok(Some(client)),
        // An older version, which does not know the word.
        Ok(_) => Ok(Some(Client { says_it_lives: false, ..client })),
        // It was just ending.
        Err(error) if error.code == GONE => Ok(None),
        Err(error) => Err(error),
    }
}

impl Client {
    /// # Errors
    /// The app's own, or `stopped` when it went away.
    pub async fn call(&mut self, request: Request) -> Result<Reply, ApiError> {
        match self.ask(&Asked::Call(Box::new(request))).await? {
            Said::Reply(reply) => Ok(*reply),
            Said::Error(error) => Err(error),
            Said::Alive {} | Said::Subscribed {} | Said::Events(_) | Said::Opened {} => Err(confused()),
        }
    }

    /// # Errors
    /// `stopped` when the app went away.
    pub async fn subscribe(&mut self) -> Result<(), ApiError> {
        match self.ask(&Asked::Subscribe {}).await? {
            Said::Subscribed {} => Ok(()),
            Said::Error(error) => Err(error),
            Said::Alive {} | Said::Reply(_) | Said::Events(_) | Said::Opened {} => Err(confused()),
        }
    }

    /// The next events.
    ///
    /// # Errors
    /// `stopped` when the app went away.
    pub async fn events(&mut self) -> Result<Vec<Envelope>, ApiError> {
        match self.news().await? {
            Said::Events(events) => Ok(events),
            Said::Error(error) => Err(error),
            Said::Alive {} | Said::Reply(_) | Said::Subscribed {} | Said::Opened {} => Err(confused()),
        }
    }

    /// Brings the app to the front and hands over what this start was given.
    ///
    /// # Errors
    /// `stopped` when the app went away.
    pub async fn open(&mut self, opening: Opening) -> Result<(), ApiError> {
        match self.ask(&Asked::Open(opening)).await? {
            Said::Opened {} => Ok(()),
            Said::Error(error) => Err(error),
            Said::Alive {} | Said::Reply(_) | Said::Events(_) | Said::Subscribed {} => Err(confused()),
        }
    }

    async fn ask(&mut self, asked: &Asked) -> Result<Said, ApiError> {
        let mut line = serde_json::to_vec(asked).map_err(|_| confused())?;
        line.push(b'\n');
        let mut rest = line.as_slice();
        while !rest.is_empty() {
            let written = timeout(PATIENCE, self.stream.get_mut().write(rest)).await;
            let written = written.map_err(|_| silent(self.process))?.map_err(|error| gone(&error))?;
            rest = rest.get(written..).unwrap_or_default();
        }
        if matches!(asked, Asked::Hello {}) { self.read().await } else { self.news().await }
    }

    /// What is said next beside that the app lives.
    async fn news(&mut self) -> Result<Said, ApiError> {
        loop {
            match self.read().await? {
                Said::Alive {} => {}
                said => return Ok(said),
            }
        }
    }

    async fn read(&mut self) -> Result<Said, ApiError> {
        self.line.clear();
        while !self.line.ends_with(b"\n") {
            let some = self.stream.fill_buf();
            let some = if self.says_it_lives {
                timeout(PATIENCE, some).await.map_err(|_| silent(self.process))?
            } else {
                some.await
            };
            let some = some.map_err(|error| gone(&error))?;
            if some.is_empty() {
                return Err(gone(&io::ErrorKind::UnexpectedEof.into()));
            }
            let end = some.iter().position(|byte| *byte == b'\n').map_or(some.len(), |at| at + 1);
            self.line.extend(some.iter().take(end));
            self.stream.consume(end);
        }
        serde_json::from_slice(&self.line).map_err(|_| confused())
    }
}

const GONE: &str = "stopped";

fn gone(error: &io::Error) -> ApiError {
    Problem::new(GONE, format!("Ringside went away: {error}"), "Start it again.").into()
}

/// It is there and holds the configuration, but says nothing.
pub fn silent(process: Option<i32>) -> ApiError {
    let process = process.map(|id| format!(" (process {id})")).unwrap_or_default();
    let message = format!("the running Ringside{process} has not answered for {} seconds", PATIENCE.as_secs());
    Problem::new("not_answering", message, "Close it or end its process, then try again.").into()
}

/// Two versions of the program on one configuration.
fn confused() -> ApiError {
    Problem::new("not_understood", "the running Ringside speaks another language", "Close it and start it again.")
        .into()
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;

//! The command's side of the socket.

use std::io;

use ringside_api::{ApiError, Envelope, Reply, Request};
use ringside_domain::Problem;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

use super::Place;
use super::wire::{Asked, Opening, Said};

/// A connection to the app that runs on the same configuration.
pub struct Client {
    stream: BufReader<UnixStream>,
    line: Vec<u8>,
}

/// The running app, if there is one.
pub async fn reach(place: &Place) -> Option<Client> {
    let stream = UnixStream::connect(place.socket()).await.ok()?;
    Some(Client { stream: BufReader::new(stream), line: Vec::new() })
}

impl Client {
    /// # Errors
    /// The app's own, or `stopped` when it went away.
    pub async fn call(&mut self, request: Request) -> Result<Reply, ApiError> {
        match self.ask(&Asked::Call(Box::new(request))).await? {
            Said::Reply(reply) => Ok(*reply),
            Said::Error(error) => Err(error),
            Said::Subscribed {} | Said::Events(_) | Said::Opened {} => Err(confused()),
        }
    }

    /// # Errors
    /// `stopped` when the app went away.
    pub async fn subscribe(&mut self) -> Result<(), ApiError> {
        match self.ask(&Asked::Subscribe {}).await? {
            Said::Subscribed {} => Ok(()),
            Said::Error(error) => Err(error),
            Said::Reply(_) | Said::Events(_) | Said::Opened {} => Err(confused()),
        }
    }

    /// The next events; `None` once the app has gone.
    pub async fn events(&mut self) -> Option<Vec<Envelope>> {
        match self.read().await {
            Ok(Said::Events(events)) => Some(events),
            Ok(_) | Err(_) => None,
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
            Said::Reply(_) | Said::Events(_) | Said::Subscribed {} => Err(confused()),
        }
    }

    async fn ask(&mut self, asked: &Asked) -> Result<Said, ApiError> {
        let mut line = serde_json::to_vec(asked).map_err(|_| confused())?;
        line.push(b'\n');
        self.stream.get_mut().write_all(&line).await.map_err(|error| gone(&error))?;
        self.read().await
    }

    async fn read(&mut self) -> Result<Said, ApiError> {
        self.line.clear();
        let count = self.stream.read_until(b'\n', &mut self.line).await.map_err(|error| gone(&error))?;
        if count == 0 {
            return Err(gone(&io::ErrorKind::UnexpectedEof.into()));
        }
        serde_json::from_slice(&self.line).map_err(|_| confused())
    }
}

fn gone(error: &io::Error) -> ApiError {
    Problem::new("stopped", format!("Ringside went away: {error}"), "Start it again.").into()
}

/// Two versions of the program on one configuration.
fn confused() -> ApiError {
    Problem::new("not_understood", "the running Ringside speaks another language", "Close it and start it again.")
        .into()
}

//! Which of its two protocols a server speaks. Nobody documents it, and a server of one turns the other away in ways of
//! its own: with a 400, or with an upgrade and then a bare 400 or silence on the open connection.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{Connection, SocketSettings};
use crate::error::TransportError;
use crate::http::Http;
use crate::request::Request;

/// Which Engine.IO protocol is asked for. Either side's pings are answered in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The client pings, and the server opens the default namespace by itself.
    V3,
    /// The server pings, and the client asks for the default namespace.
    V4,
}

impl Engine {
    /// For the query: `EIO=3`.
    pub fn number(self) -> &'static str {
        match self {
            Self::V3 => "3",
            Self::V4 => "4",
        }
    }

    fn other(self) -> Self {
        match self {
            Self::V3 => Self::V4,
            Self::V4 => Self::V3,
        }
    }
}

/// The protocol that a server took last; 3 as long as none was taken.
#[derive(Debug, Default)]
pub struct Spoken {
    four: AtomicBool,
}

impl Spoken {
    pub fn engine(&self) -> Engine {
        if self.four.load(Ordering::Relaxed) { Engine::V4 } else { Engine::V3 }
    }

    fn learn(&self, engine: Engine) {
        self.four.store(engine == Engine::V4, Ordering::Relaxed);
    }
}

impl Connection {
    /// Opens a connection in the protocol that was taken last. Where that breaks before the first packet, the other one
    /// is tried once, and what worked is kept in mind. `settings` is for either; its own engine does not matter.
    ///
    /// # Errors
    /// As [`Self::open`]: what the second try ended with, unless that says no more than that the protocol is wrong.
    pub async fn open_either(
        http: &Http,
        request: impl Fn(Engine) -> Request,
        settings: &SocketSettings,
        spoken: &Spoken,
    ) -> Result<Self, TransportError> {
        let engine = spoken.engine();
        let first = match try_one(http, &request, settings, engine).await {
            Err((error, false)) if may_be_the_protocol(&error) => error,
            tried => return tried.map_err(|(error, _)| error),
        };
        let other = engine.other();
        match try_one(http, &request, settings, other).await {
            Ok(connection) => {
                spoken.learn(other);
                tracing::info!(engine = other.number(), code = first.code(), "the server speaks the other protocol");
                Ok(connection)
            }
            Err((second, false)) if may_be_the_protocol(&second) => Err(first),
            Err((second, _)) => Err(second),
        }
    }
}

/// The error comes with whether the server had sent a packet.
async fn try_one(
    http: &Http,
    request: &impl Fn(Engine) -> Request,
    settings: &SocketSettings,
    engine: Engine,
) -> Result<Connection, (TransportError, bool)> {
    let settings = SocketSettings { engine, ..settings.clone() };
    let spoke = AtomicBool::new(false);
    let opened = Connection::open_and_tell(http, request(engine), &settings, &spoke).await;
    opened.map_err(|error| (error, spoke.load(Ordering::Relaxed)))
}

/// Whether a server of the other protocol ends an opening so. A refused sign-in, a page or trouble says something else.
fn may_be_the_protocol(error: &TransportError) -> bool {
    match error {
        TransportError::Status { status, .. } => {
            matches!(status, 400..=499 | 501 | 505) && !matches!(status, 401 | 403 | 407 | 408 | 429)
        }
        TransportError::Interrupted { .. }
        | TransportError::StreamEnded
        | TransportError::Timeout { .. }
        | TransportError::NotEventStream { .. }
        | TransportError::NoContent => true,
        _ => false,
    }
}

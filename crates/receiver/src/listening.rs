//! Listening, and taking connections.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ringside_domain::Problem;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::connection;
use super::hall::{House, Recipient};
use super::seats::Seats;

/// An address that could not be had is tried again after this long.
const AGAIN: Duration = Duration::from_secs(15);

/// Pause after the system had no room for one more connection.
const ROOM: Duration = Duration::from_millis(100);

/// The receiver at one address. Ends when dropped; [`Self::end`] waits until the address is free again.
pub struct Listening {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Listening {
    /// Listens once the one before has gone. What comes of it is told to `recipient` under `turn`, and told again when
    /// it changes.
    pub fn begin(
        at: SocketAddr,
        before: Option<Self>,
        house: Arc<House>,
        recipient: Arc<dyn Recipient>,
        turn: u64,
    ) -> Self {
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let task = tokio::spawn(async move {
            if let Some(before) = before {
                before.end().await;
            }
            let serving = async {
                let listener = bind(at, recipient.as_ref(), turn).await;
                accept(listener, house, stopped.clone()).await;
            };
            tokio::select! {
                biased;
                () = stopped.cancelled() => {}
                () = serving => {}
            }
        });
        Self { stop, task }
    }

    /// Begins to end it, with all connections that are open.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Ends it, and returns once its address is free.
    pub async fn end(mut self) {
        self.stop();
        if (&mut self.task).await.is_err() {
            warn!("the receiver had failed before it was ended");
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Until the address can be had.
async fn bind(at: SocketAddr, recipient: &dyn Recipient, turn: u64) -> TcpListener {
    let mut told = None;
    loop {
        let error = match TcpListener::bind(at).await.and_then(|listener| Ok((listener.local_addr()?, listener))) {
            Ok((address, listener)) => {
                info!(%address, "the receiver listens");
                recipient.listens(turn, Ok(address)).await;
                return listener;
            }
            Err(error) => error,
        };
        if told != Some(error.kind()) {
            told = Some(error.kind());
            warn!(address = %at, %error, "the receiver cannot listen");
            recipient.listens(turn, Err(problem(at, &error))).await;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn accept(listener: TcpListener, house: Arc<House>, stop: CancellationToken) {
    let mut seats = Seats::default();
    loop {
        match listener.accept().await {
            Ok((tcp, _)) => {
                let (house, stop, seat) = (house.clone(), stop.clone(), seats.take().await);
                tokio::spawn(async move {
                    tokio::select! {
                        biased;
                        () = stop.cancelled() => {}
                        () = seat.is_wanted() => debug!("a connection to the receiver made way for another"),
                        () = connection::serve(tcp, house, seat.clone()) => {}
                    }
                    seat.leave();
                });
            }
            // Out of descriptors, or a connection that went before it was taken.
            Err(_) => tokio::time::sleep(ROOM).await,
        }
    }
}

fn problem(at: SocketAddr, error: &io::Error) -> Problem {
    let (code, message, hint) = match error.kind() {
        io::ErrorKind::AddrInUse => (
            "receiver_port_taken",
            format!("The receiver is not running: another program uses {at}"),
            "Close that program, or choose another port under Settings.",
        ),
        io::ErrorKind::AddrNotAvailable => (
            "receiver_no_such_address",
            format!("The receiver is not running: this computer has no address {}", at.ip()),
            "Choose 127.0.0.1 and a reverse proxy or tunnel, or an address that this computer has.",
        ),
        io::ErrorKind::PermissionDenied => (
            "receiver_port_forbidden",
            format!("The receiver is not running: the system does not allow port {}", at.port()),
            "Choose a port above 1023.",
        ),
        _ => (
            "receiver_cannot_listen",
            format!("The receiver is not running on {at}: {error}"),
            "Choose another address or port under Settings.",
        ),
    };
    Problem::new(code, message, hint)
}

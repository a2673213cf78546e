//! Accepting connections.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::conditions::{Conditions, Socket};
use super::host::Host;

pub(crate) async fn bind(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until stopped. While `down` is true every connection, new or old, is reset.
pub(crate) async fn serve(
    listener: TcpListener,
    host: Arc<Host>,
    down: watch::Receiver<bool>,
    stop: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        // Running out of descriptors is the machine's trouble: wait for the next.
        let Ok((tcp, _)) = accepted else {
            tokio::task::yield_now().await;
            continue;
        };
        host.note_connection();
        tokio::spawn(connection(tcp, host.clone(), down.clone(), stop.clone()));
    }
}

async fn connection(tcp: TcpStream, host: Arc<Host>, mut down: watch::Receiver<bool>, stop: CancellationToken) {
    // Without it a small event waits for the acknowledgement of the one before.
    let _ = tcp.set_nodelay(true);
    let conditions = Conditions::default();
    let socket = Socket::new(tcp, conditions.clone());
    let breaking = conditions.clone();
    let (handoff, mut sessions) = mpsc::channel(1);
    let service = service_fn(move |request| {
        let (host, conditions, handoff) = (host.clone(), conditions.clone(), handoff.clone());
        async move { host.handle(request, conditions, handoff).await }
    });
    let serving = async {
        // An error here is a client that went away, or a fault that did its work.
        let _ = http1::Builder::new().serve_connection(TokioIo::new(socket), service).with_upgrades().await;
        // What began as a request may go on as a socket.
        if let Ok(session) = sessions.try_recv() {
            session.await;
        }
    };
    // The socket goes with `serving`, before any arm runs: the condition must be there by then.
    let outage = async {
        drop(down.wait_for(|down| *down).await);
        breaking.reset();
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = outage => {}
        () = serving => {}
    }
}

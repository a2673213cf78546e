//! One connection, which carries one request: nobody keeps a place by keeping quiet.

use std::convert::Infallible;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use ringside_domain::Problem;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tracing::debug;

use super::answer::{self, Answer};
use super::body::{self, Unread};
use super::door::Door;
use super::hall::{House, Recipient};
use super::limits::{HEAD_PATIENCE, LONGEST_HEAD, MOST_HEADERS, WHOLE_PATIENCE};
use super::seats::Seat;
use super::taking::{self, Sent};

/// Until the connection is over, whatever the other side does.
pub(crate) async fn serve(tcp: TcpStream, house: Arc<House>, seat: Arc<Seat>) {
    // Fails where the other side has gone already.
    let _ = tcp.set_nodelay(true);
    let service = service_fn(move |request| {
        let (house, seat) = (house.clone(), seat.clone());
        async move {
            seat.is_asked();
            Ok::<_, Infallible>(answer(request, &house, &seat).await)
        }
    });
    let serving = http1::Builder::new()
        .keep_alive(false)
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_headers(MOST_HEADERS)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(tcp), service);
    // Whoever speaks no HTTP, or goes away, needs no answer; the address of a request stands in no log.
    match tokio::time::timeout(WHOLE_PATIENCE, serving).await {
        Ok(Ok(())) => {}
        Ok(Err(_)) => debug!("a connection to the receiver ended without a whole request"),
        Err(_) => debug!("a connection to the receiver was too slow"),
    }
}

async fn answer(request: Request<Incoming>, house: &House, seat: &Seat) -> Answer {
    let hall = house.hall();
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    if let Some(answer) = house.tests.answer(&head.method, hall.split(path).0) {
        return answer;
    }
    let Some((door, rest)) = hall.find(path) else { return hall.nobody() };
    let rest = rest.to_owned();
    let Some(pushes) = door.pushes() else { return answer::empty(StatusCode::NOT_FOUND) };
    let (origin, asked) = (pushes.web_origin(), head.headers.clone());
    let answer = if head.method == Method::OPTIONS {
        answer::empty(StatusCode::NO_CONTENT)
    } else {
        admitted(door, &hall.recipient, Asked { head, rest, body }, seat).await
    };
    answer::shared_with(answer, &asked, origin)
}

/// A request whose body is still to come.
struct Asked {
    head: hyper::http::request::Parts,
    /// What follows the account's own path.
    rest: String,
    body: Incoming,
}

async fn admitted(door: Arc<Door>, recipient: &Arc<dyn Recipient>, asked: Asked, seat: &Seat) -> Answer {
    let Asked { head, rest, body } = asked;
    if door.is_closed() {
        return answer::later(StatusCode::SERVICE_UNAVAILABLE, 5);
    }
    if !door.admits(Instant::now()) {
        refused(&door, recipient, "push_flood", "the receiver got too many messages at once");
        return answer::later(StatusCode::TOO_MANY_REQUESTS, 1);
    }
    let body = match body::whole(body).await {
        Ok(body) => body,
        Err(Unread::TooLarge) => {
            refused(&door, recipient, "push_too_large", "a message larger than 32 KiB was turned away");
            return answer::empty(StatusCode::PAYLOAD_TOO_LARGE);
        }
        Err(Unread::TooSlow) => {
            refused(&door, recipient, "push_too_slow", "a message did not arrive complete in time");
            return answer::empty(StatusCode::REQUEST_TIMEOUT);
        }
        Err(Unread::BrokenOff) => {
            refused(&door, recipient, "push_broken_off", "a message broke off");
            return answer::empty(StatusCode::BAD_REQUEST);
        }
    };
    seat.has_brought_it();
    taking::take(door, recipient.clone(), Sent { head, rest, body }).await
}

fn refused(door: &Door, recipient: &Arc<dyn Recipient>, code: &'static str, message: &'static str) {
    let hint = "If the service sent it, check its settings. If not, someone knows the address.";
    door.tally.refused(Problem::new(code, message, hint));
    recipient.counted();
}

//! Real time: keeps a socket open, renews its token before it dies, changes hosts, and has readings of the active calls
//! stand in for it where it is not to be had.

use std::sync::atomic::Ordering;
use std::time::Duration;

use ringside_transport::{Backoff, Connection, Next, SocketSettings, TransportError};
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::listen::Listener;
use super::meaning::problem_of_real_time;
use super::options::Login;
use super::poll;
use super::session::{End, Session, Shared};
use super::silence::{Alarm, Watch};
use ringside_transport::auth::Bearer;
use ringside_transport::socketio::packet;

pub const PART: &str = "live_calls";
/// Limited while readings stand in for it.
pub const REAL_TIME: &str = "real_time";
/// Items between the socket and the map; more of them hold the server back.
const AHEAD: usize = 256;
const OPEN_WITHIN: Duration = Duration::from_secs(15);
/// Between two tries to replace a socket whose token nears its end.
const RENEWAL_PAUSE: Duration = Duration::from_secs(10);

/// An open socket, and the token it was opened with.
pub struct Socket {
    pub connection: Connection,
    pub bearer: Bearer,
}

/// What keeps changing from one connection to the next.
struct Road {
    host: usize,
    /// The token was refused: the next try needs another one, and a second refusal is an answer.
    renew: bool,
    renewed: bool,
    backoff: Backoff,
}

/// Runs until the session ends: real time, or readings for a while where it is refused.
pub async fn run(session: &Session<'_>) {
    let mut listener = Listener::new(session);
    let polled = &session.shared.polled;
    loop {
        let told = match &session.shared.options.login {
            Login::Nothing => None,
            _ => match stream(session, &mut listener).await {
                End::Stopped => return,
                End::Refused(error) => {
                    listener.refused();
                    Some(problem_of_real_time(&error))
                }
            },
        };
        polled.store(true, Ordering::Relaxed);
        let until = told.is_some().then(|| Instant::now() + session.shared.options.realtime_every);
        if !poll::run(session, &mut listener, told, until).await {
            return;
        }
    }
}

/// Keeps a socket until the session ends or real time is refused.
async fn stream(session: &Session<'_>, listener: &mut Listener<'_>) -> End {
    let mut dice = session.shared.dice(1);
    let mut road = Road { host: 0, renew: false, renewed: false, backoff: Backoff::new() };
    loop {
        listener.begin();
        let opened_at = Instant::now();
        let error = match open(session, &mut road).await {
            Ok(socket) => follow(session, listener, socket, &road).await,
            Err(error) => error,
        };
        if session.stop.is_cancelled() || error == TransportError::Cancelled {
            return End::Stopped;
        }
        let heard = listener.lost();
        if heard {
            road.renewed = false;
            road.backoff.connected(opened_at);
        }
        if let Some(end) = road.decide(session, &error, heard, &mut dice).await {
            return end;
        }
    }
}

impl Road {
    /// What to do about a connection that ended; `None` to try again, after the pause that was due.
    async fn decide(
        &mut self,
        session: &Session<'_>,
        error: &TransportError,
        heard: bool,
        dice: &mut rand::rngs::StdRng,
    ) -> Option<End> {
        if let TransportError::TooLarge { limit } = error {
            let words = format!("a message over {limit} bytes ended the connection; see the option message_mib");
            session.shared.oddities.payload("realtime", &words);
        }
        // A server may also close a socket whose token it does not like, without a word.
        let closed_at_once = !heard && *error == TransportError::StreamEnded && !self.renewed;
        let next = match error {
            _ if closed_at_once => Next::Renew,
            TransportError::TooLarge { .. } if heard => Next::After(self.backoff.next(Instant::now(), dice)),
            _ => self.backoff.decide(Instant::now(), error, dice),
        };
        match next {
            Next::Renew if self.renewed => Some(End::Refused(error.clone())),
            Next::Renew => {
                (self.renew, self.renewed) = (true, true);
                None
            }
            Next::Stop => Some(End::Refused(error.clone())),
            Next::After(pause) => {
                tracing::info!(code = error.code(), ?pause, "real time is lost");
                self.host += 1;
                let told = problem_of_real_time(error);
                session.link.is_lost_for(PART, pause, told).await;
                if session.pause(pause).await { None } else { Some(End::Stopped) }
            }
        }
    }
}

async fn open(session: &Session<'_>, road: &mut Road) -> Result<Socket, TransportError> {
    let client = &session.shared.client;
    let mut bearer = client.tokens.bearer().await?;
    if std::mem::take(&mut road.renew) {
        bearer = client.tokens.renew(&bearer).await?;
    }
    connect(session, road, bearer).await
}

/// Opens a socket and lets go of it.
pub async fn try_once(shared: &Shared) -> Result<(), TransportError> {
    let client = &shared.client;
    let bearer = client.tokens.bearer().await?;
    let request = |engine| client.socket(0, engine, &bearer);
    Connection::open_either(&client.http, request, &settings(shared), &shared.spoken).await.map(drop)
}

async fn connect(session: &Session<'_>, road: &Road, bearer: Bearer) -> Result<Socket, TransportError> {
    let client = &session.shared.client;
    let request = |engine| client.socket(road.host, engine, &bearer);
    let (settings, spoken) = (settings(session.shared), &session.shared.spoken);
    let connection = Connection::open_either(&client.http, request, &settings, spoken).await?;
    Ok(Socket { connection, bearer })
}

fn settings(shared: &Shared) -> SocketSettings {
    SocketSettings {
        engine: shared.spoken.engine(),
        open_within: OPEN_WITHIN,
        max_message: shared.options.max_message,
        farewell: vec![packet::event("closeme", None)],
    }
}

/// One socket after the other, as long as each is replaced before its token dies; ends with what ended the last.
async fn follow(session: &Session<'_>, listener: &mut Listener<'_>, mut socket: Socket, road: &Road) -> TransportError {
    loop {
        match one(session, listener, socket, road).await {
            Ok(next) => socket = next,
            Err(error) => return error,
        }
    }
}

/// One socket to its end: `Ok` with the one that replaces it, which is open before this one is let go.
async fn one(
    session: &Session<'_>,
    listener: &mut Listener<'_>,
    socket: Socket,
    road: &Road,
) -> Result<Socket, TransportError> {
    let Socket { connection, bearer } = socket;
    let (sender, mut items) = mpsc::channel(AHEAD);
    let (packets, mut to_send) = mpsc::channel(8);
    let leave = CancellationToken::new();
    let leaving = leave.clone();
    // The sender is moved in, so that the listening below ends with the socket.
    let running = async move { connection.run(&sender, &mut to_send, &leaving).await };
    let (silence, trust) = (session.shared.options.silence, session.shared.options.extensions_every);
    listener.opened();
    let listening = async {
        let mut watch = Watch::new(silence, trust);
        loop {
            let (alarm, at) = watch.next();
            tokio::select! {
                biased;
                item = items.recv() => {
                    let item = item?;
                    watch.heard(Instant::now());
                    if let Err(error) = listener.take(item, &packets).await {
                        leave.cancel();
                        return Some(error);
                    }
                    if listener.has_snapshot() {
                        watch.snapshot_came(Instant::now());
                    }
                }
                () = sleep_until(at) => match alarm {
                    Alarm::AskAlive => {
                        let token = json!(bearer.token.expose_secret());
                        // A full queue says that the socket is stuck: the next alarm finds that out.
                        let _ = packets.try_send(packet::event("keepalive", Some(&token)));
                        watch.asked_alive();
                    }
                    Alarm::AskSnapshot => {
                        listener.ask_for_all(&packets);
                        watch.asked_snapshot();
                    }
                    Alarm::AskAgain => {
                        listener.ask_for_all(&packets);
                        watch.asked_again(Instant::now());
                    }
                    Alarm::GiveUp => {
                        leave.cancel();
                        return Some(TransportError::Silent { after: silence * 2 });
                    }
                }
            }
        }
    };
    let both = async { tokio::join!(running, listening) };
    let replacing = replacement(session, road, &bearer);
    tokio::pin!(both, replacing);
    let mut next = None;
    loop {
        tokio::select! {
            biased;
            (ended, said) = &mut both => return next.ok_or_else(|| said.unwrap_or(ended)),
            socket = &mut replacing, if next.is_none() => {
                next = Some(socket);
                leave.cancel();
            }
        }
    }
}

/// A socket with a new token, opened before the old one dies. If that cannot be had, the old one goes on as long as it
/// may.
async fn replacement(session: &Session<'_>, road: &Road, old: &Bearer) -> Socket {
    let tokens = &session.shared.client.tokens;
    if let Some(at) = tokens.renew_at() {
        sleep_until(at).await;
    }
    loop {
        // As long as no new token is to be had, the old one is handed out.
        let bearer = tokens.bearer().await;
        let bearer = bearer.ok().filter(|new| new.token.expose_secret() != old.token.expose_secret());
        if let Some(bearer) = bearer
            && let Ok(socket) = connect(session, road, bearer).await
        {
            return socket;
        }
        tracing::info!("the token of real time could not be replaced yet");
        tokio::time::sleep(RENEWAL_PAUSE).await;
    }
}

//! The app's side of the socket.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::time::Duration;

use ringside_api::{ApiError, Request};
use ringside_app::{Handle, Topics};
use ringside_domain::Problem;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};

use super::Place;
use super::wire::{Asked, MAX_LINE, Opening, Said};

/// Who waits for a long answer hears this often that it will come.
const BEAT: Duration = Duration::from_secs(1);

/// Held while the app runs: nobody else may run on the same configuration.
pub struct Claim {
    // Held for the lock; dropping it gives the configuration free.
    _lock: File,
    listener: UnixListener,
    owner: u32,
}

/// Takes the configuration for this process; `None` when another one has it.
///
/// # Errors
/// When the folder cannot be made or the socket cannot be bound.
pub fn claim(place: &Place) -> io::Result<Option<Claim>> {
    place.prepare()?;
    let lock = File::options().create(true).truncate(false).write(true).open(place.lock())?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => return Ok(None),
        Err(fs::TryLockError::Error(error)) => return Err(error),
    }
    // Whoever left this socket behind is gone, for the lock was free.
    match fs::remove_file(place.socket()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(place.socket())?;
    fs::set_permissions(place.socket(), fs::Permissions::from_mode(0o600))?;
    let owner = fs::metadata(place.socket())?.uid();
    Ok(Some(Claim { _lock: lock, listener, owner }))
}

/// Answers commands until the task is dropped. `opened` is told of every second start.
pub async fn serve(claim: Claim, app: Handle, opened: impl Fn(Opening) + Clone + Send + 'static) {
    loop {
        let Ok((stream, _)) = claim.listener.accept().await else { return };
        let same_user = stream.peer_cred().is_ok_and(|peer| peer.uid() == claim.owner);
        if !same_user {
            tracing::warn!(code = "stranger_at_socket", "another user's program was turned away");
            continue;
        }
        tokio::spawn(attend(stream, app.clone(), opened.clone()));
    }
}

async fn attend(stream: UnixStream, app: Handle, opened: impl Fn(Opening) + Clone) {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    // An older command knows nothing of it.
    let mut greeted = false;
    loop {
        line.clear();
        match (&mut reader).take(MAX_LINE as u64).read_until(b'\n', &mut line).await {
            Ok(count) if count > 0 && line.ends_with(b"\n") => {}
            _ => return,
        }
        let said = match serde_json::from_slice(&line) {
            Ok(Asked::Hello {}) => {
                greeted = true;
                // Whoever owns the state answers, not only this task.
                if app.settings().await.is_none() {
                    return;
                }
                Said::Alive {}
            }
            Ok(Asked::Call(request)) => match call(&app, *request, &mut writer, greeted).await {
                Ok(said) => said,
                Err(_) => return,
            },
            Ok(Asked::Open(opening)) => {
                opened(opening);
                Said::Opened {}
            }
            Ok(Asked::Subscribe {}) => return feed(&app, reader, writer, greeted).await,
            Err(_) => Said::Error(not_understood()),
        };
        if say(&mut writer, &said).await.is_err() {
            return;
        }
    }
}

/// The answer to a request. While it is waited for, a command that `greeted` hears that it is being worked on.
async fn call(app: &Handle, request: Request, writer: &mut OwnedWriteHalf, greeted: bool) -> io::Result<Said> {
    let answer = app.call(request);
    tokio::pin!(answer);
    loop {
        tokio::select! {
            biased;
            answer = &mut answer => return Ok(match answer {
                Ok(reply) => Said::Reply(Box::new(reply)),
                Err(error) => Said::Error(error),
            }),
            () = tokio::time::sleep(BEAT), if greeted => say(writer, &Said::Alive {}).await?,
        }
    }
}

/// Sends events until the command goes away, which its end of the connection tells even while nothing happens.
async fn feed(app: &Handle, mut reader: BufReader<OwnedReadHalf>, mut writer: OwnedWriteHalf, greeted: bool) {
    let mut events = app.subscribe(Topics::All).await;
    if say(&mut writer, &Said::Subscribed {}).await.is_err() {
        return;
    }
    let mut nothing = [0u8; 1];
    loop {
        tokio::select! {
            _ = reader.read(&mut nothing) => return,
            next = events.next() => {
                let Some(next) = next else { return };
                if say(&mut writer, &Said::Events(next)).await.is_err() {
                    return;
                }
            }
            () = tokio::time::sleep(BEAT), if greeted => {
                if say(&mut writer, &Said::Alive {}).await.is_err() {
                    return;
                }
            }
        }
    }
}

async fn say(writer: &mut OwnedWriteHalf, said: &Said) -> io::Result<()> {
    let mut line = serde_json::to_vec(said)?;
    line.push(b'\n');
    writer.write_all(&line).await
}

fn not_understood() -> ApiError {
    Problem::new("not_understood", "this is not a request", "The command and the app may be of different versions.")
        .into()
}

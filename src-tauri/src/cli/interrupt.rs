//! What ends a command that goes on by itself: a signal, or a reader that has gone.

use std::io;
use std::process;
use std::time::Duration;

use tokio::sync::oneshot;

use super::exit;

/// What is still to be written is written meanwhile; somebody who wants the end does not wait for a full pipe.
const FAREWELL: Duration = Duration::from_secs(1);

/// Told once the command is to end. From then on the process has a moment to do so by itself.
///
/// # Errors
/// When the system gives no signals.
pub fn watched() -> io::Result<oneshot::Receiver<()>> {
    let (tell, told) = oneshot::channel();
    let asked = asked()?;
    tokio::spawn(async move {
        tokio::select! {
            () = asked => {}
            () = nobody_reads() => {}
        }
        // The command may be ending already.
        let _ = tell.send(());
        tokio::time::sleep(FAREWELL).await;
        process::exit(i32::from(exit::DONE));
    });
    Ok(told)
}

/// Both are listened for from here on: one that comes before anybody waits is not lost.
#[cfg(unix)]
fn asked() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn asked() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

/// A pipe tells when its other end is closed, even while nothing is written to it. A file never does.
#[cfg(unix)]
async fn nobody_reads() {
    use std::os::fd::AsFd as _;
    use tokio::io::Interest;
    use tokio::net::unix::pipe::Sender;
    // Only looked at: whoever writes goes on to wait for a slow reader.
    if let Ok(output) = io::stdout().as_fd().try_clone_to_owned().and_then(Sender::from_owned_fd_unchecked)
        && output.ready(Interest::ERROR).await.is_ok()
    {
        return;
    }
    std::future::pending().await
}

#[cfg(not(unix))]
async fn nobody_reads() {
    std::future::pending().await
}

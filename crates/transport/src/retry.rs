//! When to try again: a pure value that is told the time and given the dice.

use std::time::{Duration, UNIX_EPOCH};

use jiff::Timestamp;
use rand::{Rng, RngExt};
use tokio::time::Instant;

use super::error::TransportError;

const BASE: Duration = Duration::from_secs(1);
const CAP: Duration = Duration::from_secs(30);
const HEALTHY: Duration = Duration::from_secs(60);
/// No server may send us away for longer, be it by malice or by a mistake of units.
const LONGEST_WISH: Duration = Duration::from_secs(600);
const WISH_JITTER: Duration = Duration::from_secs(1);
/// 2^5 s is beyond the cap.
const LAST_STEP: u32 = 5;

/// Capped exponential back-off with full jitter: the n-th pause is drawn from 0 up to 1, 2, 4, 8, 16 and then 30 s.
///
/// At the cap the lower two thirds are left out: full jitter would make 44 tries in ten minutes on average, where a
/// service that is down deserves no more than 40, and longer pauses also spread a crowd that comes back thinner. The step goes back to 1 s only after a connection that lasted a minute, so
/// that a server which accepts and drops is not hammered.
#[derive(Debug, Clone, Default)]
pub struct Backoff {
    step: u32,
    floor: Duration,
    connected_at: Option<Instant>,
}

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Try again after this pause.
    After(Duration),
    /// The token was refused: renew it once and try again at once; a second refusal means [`Next::Stop`].
    Renew,
    /// Trying again is no use until somebody changes something. The error says what.
    Stop,
}

impl Backoff {
    pub fn new() -> Self {
        Self::default()
    }

    /// A connection stands: an answer with headers has come.
    pub fn connected(&mut self, now: Instant) {
        self.connected_at = Some(now);
    }

    /// The server's `retry:` line: no pause is shorter from now on, up to 10 min.
    pub fn server_wish(&mut self, pause: Duration) {
        self.floor = pause.min(LONGEST_WISH);
    }

    /// The pause before the next try, after a try failed or a connection was lost. After a healthy minute it is at
    /// most 1 s, unless the server wished for more.
    pub fn next(&mut self, now: Instant, rng: &mut (impl Rng + ?Sized)) -> Duration {
        let healthy = self.connected_at.take().is_some_and(|since| now.duration_since(since) >= HEALTHY);
        if healthy {
            self.step = 0;
        }
        let ceiling = BASE.saturating_mul(1 << self.step).min(CAP);
        let lowest = if ceiling == CAP { CAP * 2 / 3 } else { Duration::ZERO };
        self.step = (self.step + 1).min(LAST_STEP);
        let pause = rng.random_range(lowest..=ceiling);
        if pause >= self.floor { pause } else { self.floor + jitter(rng) }
    }

    /// What to do about `error`: 401 renews, other refusals, 204 and the like stop, `Retry-After` is honoured up to
    /// 10 min with up to 1 s on top, the rest backs off.
    pub fn decide(&mut self, now: Instant, error: &TransportError, rng: &mut (impl Rng + ?Sized)) -> Next {
        if error.status() == Some(401) {
            return Next::Renew;
        }
        if !error.is_transient() {
            return Next::Stop;
        }
        let pause = self.next(now, rng);
        // `Retry-After: 0` must not become a hot loop.
        match error.retry_after().filter(|wish| *wish >= WISH_JITTER) {
            Some(wish) => Next::After(wish.min(LONGEST_WISH) + jitter(rng)),
            None => Next::After(pause),
        }
    }
}

/// `Retry-After` in either form of RFC 9110: seconds, or a date (IMF-fixdate, RFC 850 or asctime). A date that has
/// passed is no wait; what is neither is no wish.
pub fn parse_retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(date.saturating_sub(now.duration_since(Timestamp::UNIX_EPOCH).unsigned_abs()))
}

fn jitter(rng: &mut (impl Rng + ?Sized)) -> Duration {
    rng.random_range(Duration::ZERO..=WISH_JITTER)
}

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;

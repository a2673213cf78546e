//! Keeps one account signed in: one refresh for any number of callers, never a loop, never a token used twice.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use ringside_domain::Detail;
use secrecy::SecretString;
use tokio::time::Instant;

use super::clock::Clock;
use super::error::TransportError;
use super::http::Http;
use super::jwt;
use super::request::Request;
use super::response::Response;

/// Assumed of a token that tells nothing: the shortest that are known live for 5 min.
const UNKNOWN_LIFETIME: Duration = Duration::from_secs(240);
/// A token is renewed so long before its end, or a fifth of its life, whichever is shorter.
const MARGIN: Duration = Duration::from_secs(60);
/// Token requests a minute that the service answered: a loop of refusals could lock the account.
const BUDGET: usize = 3;
const BUDGET_WINDOW: Duration = Duration::from_secs(60);
/// Seconds of rest after so many sign-ins in a row that told nothing of the credentials. The callers' own pauses put
/// the jitter on top, and stay below 30 s with it.
const RESTS: [u64; 6] = [0, 1, 2, 5, 10, 20];
/// No service may have us wait longer, be it by malice or by a mistake of units.
const LONGEST_WISH: Duration = Duration::from_secs(600);

/// How a service hands out tokens. Each of its requests is sent exactly once and never repeated.
#[async_trait]
pub trait TokenSource: Send + Sync {
    /// Signs in with the account's own credentials.
    ///
    /// # Errors
    /// `Status` 400, 401 or 403, or `NeedsSignIn`, mean that the credentials are refused: they are not tried again
    /// until [`TokenKeeper::try_again`].
    async fn login(&self) -> Result<Grant, TransportError>;

    /// Exchanges a refresh token. Never called by a source whose grants carry none.
    ///
    /// # Errors
    /// As [`Self::login`]; a refusal leads to one login.
    async fn refresh(&self, refresh: SecretString) -> Result<Grant, TransportError>;
}

/// What a service handed out.
#[derive(Debug, Clone)]
pub struct Grant {
    pub access: SecretString,
    /// A renewal that brings none leaves the old one in force.
    pub refresh: Option<SecretString>,
    /// From `expires_in`. Absent: the token's own `exp`, else 240 s.
    pub lifetime: Option<Duration>,
}

/// A token to sign a request with, and which one it is.
#[derive(Debug, Clone)]
pub struct Bearer {
    pub token: SecretString,
    generation: u64,
}

/// The tokens of one account. Cheap to clone; all clones share them. Needs a running tokio runtime.
pub struct TokenKeeper<S> {
    inner: Arc<Inner<S>>,
}

struct Inner<S> {
    source: S,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

type Flight = Shared<BoxFuture<'static, Result<Bearer, TransportError>>>;

#[derive(Default)]
struct State {
    tokens: Option<Tokens>,
    generation: u64,
    /// The refusal that stops further tries with the same credentials.
    refused: Option<TransportError>,
    /// When the last token requests were sent that the service answered, oldest first, at most [`BUDGET`].
    asked: VecDeque<Instant>,
    /// Token requests in a row that failed on the way or by trouble at the service.
    troubles: usize,
    /// No token request before it.
    rests_until: Option<Instant>,
    /// What the last token request ended with, unless it went well: a pause is told with its reason.
    failed: Option<TransportError>,
    /// The one token request under way; everybody waits for it.
    flight: Option<Flight>,
}

struct Tokens {
    bearer: Bearer,
    /// Taken out before it is sent: a token that may have been rotated is never sent again.
    refresh: Option<SecretString>,
    renew_at: Instant,
    ends_at: Instant,
    /// A service answered 401 to it.
    rejected: bool,
}

impl<S: TokenSource + 'static> TokenKeeper<S> {
    pub fn new(source: S, clock: Arc<dyn Clock>) -> Self {
        Self { inner: Arc::new(Inner { source, clock, state: Mutex::default() }) }
    }

    /// A token that holds for now; signs in or renews if need be, once for all callers. Dropping the caller does not
    /// stop the request under way, whose answer would otherwise be lost.
    ///
    /// # Errors
    /// `NeedsSignIn` if the credentials are refused; `SignInPaused` beyond three answered token requests a minute, and
    /// for up to 20 s (or as long as the service asks) after trouble, with what the last of them ended with; or what the
    /// token request ended with.
    pub async fn bearer(&self) -> Result<Bearer, TransportError> {
        let flight = {
            let mut state = self.inner.lock();
            let now = Instant::now();
            if let Some(tokens) = state.tokens.as_ref().filter(|tokens| tokens.holds(now)) {
                return Ok(tokens.bearer.clone());
            }
            self.join(&mut state)?
        };
        flight.await
    }

    /// Another token, after a service answered 401 to `rejected`. If somebody else has renewed it meanwhile, theirs.
    ///
    /// # Errors
    /// As [`Self::bearer`].
    pub async fn renew(&self, rejected: &Bearer) -> Result<Bearer, TransportError> {
        let flight = {
            let mut state = self.inner.lock();
            if let Some(tokens) = state.tokens.as_mut() {
                if tokens.bearer.generation != rejected.generation && !tokens.rejected {
                    return Ok(tokens.bearer.clone());
                }
                tokens.rejected = true;
            }
            self.join(&mut state)?
        };
        flight.await
    }

    /// Sends a request with a token. On 401, which means that nothing was done, renews the token and sends the request
    /// once more; everything else is sent once.
    ///
    /// # Errors
    /// `NeedsSignIn` after a second 401; otherwise as [`Self::bearer`] and [`Http::send`]. Other statuses are answers.
    pub async fn send(&self, http: &Http, request: Request) -> Result<Response, TransportError> {
        let bearer = self.bearer().await?;
        let answer = http.send(request.clone().bearer(&bearer.token)).await?;
        if answer.status.as_u16() != 401 {
            return Ok(answer);
        }
        let bearer = self.renew(&bearer).await?;
        let answer = http.send(request.bearer(&bearer.token)).await?;
        if answer.status.as_u16() == 401 { Err(refused(&answer.refusal())) } else { Ok(answer) }
    }

    /// When the token in force wants to be renewed; `None` if there is none.
    pub fn renew_at(&self) -> Option<Instant> {
        self.inner.lock().tokens.as_ref().map(|tokens| tokens.renew_at)
    }

    /// The user has looked at the credentials or wants it tried now: a refusal and a rest are forgotten. The budget of
    /// token requests stays.
    pub fn try_again(&self) {
        let mut state = self.inner.lock();
        state.refused = None;
        state.rests_until = None;
    }

    /// Joins the token request under way, or starts one.
    fn join(&self, state: &mut State) -> Result<Flight, TransportError> {
        if let Some(flight) = &state.flight {
            return Ok(flight.clone());
        }
        if let Some(refused) = &state.refused {
            return Err(refused.clone());
        }
        let inner = Arc::clone(&self.inner);
        let task = tokio::spawn(async move {
            // Cleared even if the source panics, so that the next caller starts anew.
            let _landed = Landed(Arc::clone(&inner));
            inner.obtain().await
        });
        let flight = task
            .map(|ended| {
                ended.unwrap_or_else(|_| {
                    Err(TransportError::Interrupted { detail: Detail::raw("the sign-in ended early") })
                })
            })
            .boxed()
            .shared();
        state.flight = Some(flight.clone());
        Ok(flight)
    }
}

struct Landed<S>(Arc<Inner<S>>);

impl<S> Drop for Landed<S> {
    fn drop(&mut self) {
        self.0.lock().flight = None;
    }
}

impl<S> Inner<S> {
    /// No code panics while it holds the lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a token request, or says how long to wait.
    fn spend(&self) -> Result<(), TransportError> {
        let now = Instant::now();
        let mut state = self.lock();
        if let Some(until) = state.rests_until.filter(|until| now < *until) {
            let after = state.failed.clone().map(Box::new);
            return Err(TransportError::SignInPaused { retry_after: until - now, after });
        }
        if state.asked.len() >= BUDGET
            && let Some(oldest) = state.asked.front()
        {
            let age = now.duration_since(*oldest);
            if age < BUDGET_WINDOW {
                let after = state.failed.clone().map(Box::new);
                return Err(TransportError::SignInPaused { retry_after: BUDGET_WINDOW - age, after });
            }
            state.asked.pop_front();
        }
        state.asked.push_back(now);
        Ok(())
    }

    fn store(&self, grant: Grant, old_refresh: Option<SecretString>) -> Bearer {
        let lifetime = grant
            .lifetime
            .filter(|lifetime| !lifetime.is_zero())
            .or_else(|| jwt::lifetime(&grant.access, self.clock.now()))
            .unwrap_or(UNKNOWN_LIFETIME);
        let now = Instant::now();
        let mut state = self.lock();
        state.failed = None;
        (state.troubles, state.rests_until) = (0, None);
        state.generation += 1;
        let bearer = Bearer { token: grant.access, generation: state.generation };
        state.tokens = Some(Tokens {
            bearer: bearer.clone(),
            refresh: grant.refresh.or(old_refresh),
            renew_at: now + lifetime.saturating_sub(MARGIN.min(lifetime / 5)),
            ends_at: now + lifetime,
            rejected: false,
        });
        bearer
    }

    /// The old token, if it has not ended: a blip of the network in the last minute of its life costs nothing.
    fn still_good(&self) -> Option<Bearer> {
        let state = self.lock();
        let tokens = state.tokens.as_ref()?;
        (!tokens.rejected && Instant::now() < tokens.ends_at).then(|| tokens.bearer.clone())
    }
}

impl<S: TokenSource> Inner<S> {
    async fn obtain(&self) -> Result<Bearer, TransportError> {
        match self.renew_or_login().await {
            Err(error) if error.is_transient() => self.still_good().ok_or(error),
            result => result,
        }
    }

    async fn renew_or_login(&self) -> Result<Bearer, TransportError> {
        if self.lock().tokens.as_ref().is_some_and(|tokens| tokens.refresh.is_some()) {
            self.spend()?;
            if let Some(bearer) = self.refresh().await? {
                return Ok(bearer);
            }
        }
        self.spend()?;
        match self.source.login().await {
            Ok(grant) => Ok(self.store(grant, None)),
            Err(error) if is_refusal(&error) => {
                let refused = refused(&error);
                let mut state = self.lock();
                state.failed = Some(refused.clone());
                state.tokens = None;
                state.refused = Some(refused.clone());
                Err(refused)
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Trouble says nothing of the credentials: it is no part of the budget, and is waited for ever longer instead.
    fn failed(&self, error: TransportError) -> TransportError {
        let mut state = self.lock();
        state.failed = Some(error.clone());
        if error.is_transient() {
            state.asked.pop_back();
            let rest = Duration::from_secs(RESTS[state.troubles.min(RESTS.len() - 1)]);
            let wish = error.retry_after().unwrap_or_default().min(LONGEST_WISH);
            state.troubles += 1;
            state.rests_until = Some(Instant::now() + rest.max(wish));
        }
        error
    }

    /// `None`: the refresh token is missing or refused, so that a login is due.
    async fn refresh(&self) -> Result<Option<Bearer>, TransportError> {
        let taken = self.lock().tokens.as_mut().and_then(|tokens| tokens.refresh.take());
        let Some(refresh) = taken else { return Ok(None) };
        match self.source.refresh(refresh.clone()).await {
            Ok(grant) => {
                let old = if grant.refresh.is_none() { Some(refresh) } else { None };
                Ok(Some(self.store(grant, old)))
            }
            Err(error) if is_refusal(&error) => Ok(None),
            Err(error) => {
                // Only a token that certainly never arrived is kept: any other may have been rotated already.
                if !error.may_have_been_executed()
                    && let Some(tokens) = self.lock().tokens.as_mut()
                {
                    tokens.refresh = Some(refresh);
                }
                Err(self.failed(error))
            }
        }
    }
}

impl Tokens {
    fn holds(&self, now: Instant) -> bool {
        !self.rejected && now < self.renew_at
    }
}

fn is_refusal(error: &TransportError) -> bool {
    matches!(error, TransportError::NeedsSignIn { .. }) || matches!(error.status(), Some(400 | 401 | 403))
}

fn refused(error: &TransportError) -> TransportError {
    if let TransportError::NeedsSignIn { .. } = error {
        return error.clone();
    }
    TransportError::NeedsSignIn { reason: error.to_string() }
}

impl<S> Clone for TokenKeeper<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<S> fmt::Debug for TokenKeeper<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKeeper").finish_non_exhaustive()
    }
}

//! The one place that makes HTTP clients, and the one door through which requests leave.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION, SEC_WEBSOCKET_ACCEPT};
use reqwest::{Client, ClientBuilder, Method, StatusCode, tls};
use secrecy::SecretString;
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::handshake::{client::generate_key, derive_accept_key};
use url::Url;

use super::clock::Clock;
use super::error::TransportError;
use super::json;
use super::origin;
use super::redact;
use super::request::Request;
use super::response::Response;
use super::skew::ClockSkew;

const KEEP_ALIVE: Duration = Duration::from_secs(30);
const MAX_REDIRECTS: usize = 5;

/// How the clients are made. `HttpSettings::new` has the house's values.
#[derive(Clone)]
pub struct HttpSettings {
    /// `<product>/<version> (<account>)`, sent with every request.
    pub user_agent: String,
    /// Name look-up, TCP and TLS together.
    pub connect_timeout: Duration,
    /// From the first byte sent to the last received; for a stream, until its answer begins.
    pub total_timeout: Duration,
    /// What no error repeats, though the other side does: the account's own secrets.
    pub secrets: Vec<SecretString>,
    /// Bytes of a body that are accepted.
    pub max_body: usize,
    /// For `Retry-After` dates and [`ClockSkew`].
    pub clock: Arc<dyn Clock>,
}

impl HttpSettings {
    /// 10 s to connect, 15 s in total, bodies up to 32 MiB.
    pub fn new(user_agent: impl Into<String>, clock: Arc<dyn Clock>) -> Self {
        Self {
            user_agent: user_agent.into(),
            connect_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(15),
            secrets: Vec::new(),
            max_body: 32 * 1024 * 1024,
            clock,
        }
    }
}

/// The clients of one account. Cheap to clone, shares its connections.
#[derive(Clone)]
pub struct Http {
    inner: Arc<Inner>,
}

struct Inner {
    settings: HttpSettings,
    requests: Pair,
    streams: Pair,
    skew: ClockSkew,
    sockets: Pair,
    _hidden: redact::Hidden,
}

/// Two clients, since plain HTTP is for this machine alone and must not be handed to a proxy.
struct Pair {
    kind: fn(ClientBuilder) -> ClientBuilder,
    loopback: Client,
    /// Made at the first use: reading the system's certificates takes tens of milliseconds.
    outside: OnceLock<Result<Client, TransportError>>,
}

impl Http {
    /// # Errors
    /// `Setup` if the user agent holds forbidden characters. That the system's certificates cannot be read shows at the
    /// first request that needs them.
    pub fn new(settings: HttpSettings) -> Result<Self, TransportError> {
        let hidden = redact::hide(&settings.secrets);
        let requests = Pair::new(&settings, |builder| builder)?;
        let streams = Pair::new(&settings, for_streams)?;
        // A WebSocket is an upgrade of HTTP/1.1.
        let sockets = Pair::new(&settings, |builder| for_streams(builder).http1_only())?;
        let skew = ClockSkew::default();
        Ok(Self { inner: Arc::new(Inner { settings, requests, streams, skew, sockets, _hidden: hidden }) })
    }

    /// What the answers so far tell of this computer's clock.
    pub fn skew(&self) -> &ClockSkew {
        &self.inner.skew
    }

    /// The service's clock, as far as its answers told it: for dates that it writes into tokens.
    pub fn service_clock(&self) -> Arc<dyn Clock> {
        let (clock, skew) = (Arc::clone(&self.inner.settings.clock), self.inner.skew.clone());
        Arc::new(move || skew.there(clock.now()))
    }

    /// Sends a request once and reads the whole answer, whatever its status. A GET follows up to five redirects within
    /// its origin. Nothing is ever repeated.
    ///
    /// # Errors
    /// Everything but `Status`: see [`Response::ok`].
    pub async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let after = request.timeout.unwrap_or(self.inner.settings.total_timeout);
        let work = async {
            let answer = self.dispatch(&self.inner.requests, request, after).await?;
            self.read_whole(answer, after).await
        };
        // reqwest's own time-out would start anew with every redirect.
        match timeout_at(Instant::now() + after, work).await {
            Ok(result) => result,
            Err(_) => Err(TransportError::Timeout { after }),
        }
    }

    /// Sends a request by the stream client and answers as soon as the headers are here. The body has no time-out.
    pub(crate) async fn open(&self, request: Request) -> Result<reqwest::Response, TransportError> {
        let after = request.timeout.unwrap_or(self.inner.settings.total_timeout);
        let work = self.dispatch(&self.inner.streams, request, after);
        match timeout_at(Instant::now() + after, work).await {
            Ok(result) => result,
            Err(_) => Err(TransportError::Timeout { after }),
        }
    }

    /// Asks for a WebSocket (RFC 6455, section 4.1) and answers with the open connection. A GET; nothing is repeated.
    pub(crate) async fn upgrade(&self, request: Request) -> Result<reqwest::Upgraded, TransportError> {
        let after = request.timeout.unwrap_or(self.inner.settings.total_timeout);
        let key = generate_key();
        let request = request
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", &key);
        let work = async {
            let answer = self.dispatch(&self.inner.sockets, request, after).await?;
            if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
                return Err(no_socket(self.finish(answer).await?));
            }
            let accepted = answer.headers().get(SEC_WEBSOCKET_ACCEPT).map(|value| value.as_bytes());
            if accepted != Some(derive_accept_key(key.as_bytes()).as_bytes()) {
                return Err(TransportError::NotEventStream { content_type: "another WebSocket's answer".to_owned() });
            }
            answer.upgrade().await.map_err(|error| TransportError::from_reqwest(error, after))
        };
        match timeout_at(Instant::now() + after, work).await {
            Ok(result) => result,
            Err(_) => Err(TransportError::Timeout { after }),
        }
    }

    /// Reads the rest of an answer that came through [`Self::open`] but is no stream, within the usual time.
    pub(crate) async fn finish(&self, answer: reqwest::Response) -> Result<Response, TransportError> {
        let after = self.inner.settings.total_timeout;
        match timeout_at(Instant::now() + after, self.read_whole(answer, after)).await {
            Ok(result) => result,
            Err(_) => Err(TransportError::Timeout { after }),
        }
    }

    async fn dispatch(
        &self,
        clients: &Pair,
        mut request: Request,
        after: Duration,
    ) -> Result<reqwest::Response, TransportError> {
        if let Some(problem) = request.problem {
            return Err(TransportError::BadRequest { problem });
        }
        let mut last = StatusCode::FOUND;
        for _ in 0..=MAX_REDIRECTS {
            origin::admit(&request.url)?;
            let client = clients.choose(&self.inner.settings, &request.url)?;
            let sent = Instant::now();
            let answer = send_once(client, &request)
                .await
                .map_err(|error| TransportError::from_reqwest(error, after).at(&request.url))?;
            self.inner.skew.note(answer.headers(), self.inner.settings.clock.now(), sent.elapsed());
            let Some(target) = redirect_target(&answer, &request.url) else { return Ok(answer) };
            last = answer.status();
            request.url = allowed_target(&request, last, target)?;
        }
        Err(TransportError::Redirected { status: last.as_u16(), to_origin: origin::name(&request.url) })
    }

    async fn read_whole(&self, mut answer: reqwest::Response, after: Duration) -> Result<Response, TransportError> {
        let limit = self.inner.settings.max_body;
        let too_large = TransportError::TooLarge { limit };
        let announced = answer.content_length().unwrap_or(0);
        if usize::try_from(announced).is_ok_and(|length| length > limit) {
            return Err(too_large);
        }
        let mut body = BytesMut::new();
        let url = answer.url().clone();
        let broken = |error| TransportError::from_reqwest(error, after).at(&url);
        while let Some(chunk) = answer.chunk().await.map_err(broken)? {
            if body.len() + chunk.len() > limit {
                return Err(too_large);
            }
            body.extend_from_slice(&chunk);
        }
        let headers = std::mem::take(answer.headers_mut());
        // A date in the answer is by the service's clock.
        let there = self.inner.skew.there(self.inner.settings.clock.now());
        Ok(Response::new(answer.status(), headers, Bytes::from(body), there))
    }
}

impl Pair {
    fn new(settings: &HttpSettings, kind: fn(ClientBuilder) -> ClientBuilder) -> Result<Self, TransportError> {
        // `localhost` is this machine, whatever a resolver says.
        let here = common(settings)
            .no_proxy()
            .tls_built_in_root_certs(false)
            .resolve_to_addrs("localhost", &[(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()]);
        Ok(Self { kind, loopback: built(kind(here))?, outside: OnceLock::new() })
    }

    fn choose(&self, settings: &HttpSettings, url: &Url) -> Result<&Client, TransportError> {
        if url.scheme() == "http" {
            return Ok(&self.loopback);
        }
        self.outside.get_or_init(|| built((self.kind)(common(settings)))).as_ref().map_err(Clone::clone)
    }
}

async fn send_once(client: &Client, request: &Request) -> reqwest::Result<reqwest::Response> {
    let mut builder = client.request(request.method.clone(), request.url.clone()).headers(request.headers.clone());
    if let Some(body) = &request.body {
        builder = builder.body(body.clone());
    }
    builder.send().await
}

/// Where a 3xx points, if it does point somewhere.
fn redirect_target(answer: &reqwest::Response, from: &Url) -> Option<Result<Url, url::ParseError>> {
    let moved = matches!(
        answer.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let location = answer.headers().get(LOCATION).filter(|_| moved)?;
    Some(from.join(&String::from_utf8_lossy(location.as_bytes())))
}

/// A GET may go on within its origin. A request that changes something is neither repeated elsewhere nor turned into
/// a GET, which would look like success.
fn allowed_target(
    request: &Request,
    status: StatusCode,
    target: Result<Url, url::ParseError>,
) -> Result<Url, TransportError> {
    let status = status.as_u16();
    let Ok(target) = target else {
        return Err(TransportError::Redirected { status, to_origin: "an address that is not valid".to_owned() });
    };
    if request.method == Method::GET && origin::same(&request.url, &target) {
        return Ok(target);
    }
    if request.headers.contains_key(AUTHORIZATION) {
        tracing::warn!(to = %origin::name(&target), "redirect of a signed request refused");
    }
    Err(TransportError::Redirected { status, to_origin: origin::name(&target) })
}

/// A success that is no upgrade: a captive portal, or a server that knows no WebSocket.
fn no_socket(answer: Response) -> TransportError {
    if !answer.status.is_success() {
        return answer.refusal();
    }
    if let Some(title) = json::html_title(&answer.body, answer.content_type()) {
        return TransportError::Html { title };
    }
    let content_type = answer.headers.get(CONTENT_TYPE).map(|kind| String::from_utf8_lossy(kind.as_bytes()));
    TransportError::NotEventStream { content_type: super::redact::excerpt(&content_type.unwrap_or_default(), 100) }
}

fn built(builder: ClientBuilder) -> Result<Client, TransportError> {
    builder.build().map_err(|error| TransportError::Setup { detail: error.to_string() })
}

#[expect(clippy::disallowed_methods, reason = "the one place that makes HTTP clients")]
fn common(settings: &HttpSettings) -> ClientBuilder {
    Client::builder()
        .user_agent(&settings.user_agent)
        .connect_timeout(settings.connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        // Even a repeat that HTTP/2 calls safe could ring a telephone twice.
        .retry(reqwest::retry::never())
        .referer(false)
        .use_rustls_tls()
        .min_tls_version(tls::Version::TLS_1_2)
        .tcp_nodelay(true)
        // Shorter than what common proxies keep, so that a request seldom meets a connection that just closed.
        .pool_idle_timeout(Duration::from_secs(20))
}

/// No total time-out. The kernel's keep-alive and HTTP/2 pings find a dead peer; proxies answer both themselves, so
/// the watchdog stays necessary.
fn for_streams(builder: ClientBuilder) -> ClientBuilder {
    builder
        .tcp_keepalive(KEEP_ALIVE)
        .tcp_keepalive_interval(Duration::from_secs(5))
        .tcp_keepalive_retries(3)
        .http2_keep_alive_interval(KEEP_ALIVE)
        .http2_keep_alive_timeout(Duration::from_secs(10))
        .http2_keep_alive_while_idle(true)
}

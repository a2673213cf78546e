//! What the tests of the exchange share: a client without opinions, and an event reader that keeps bytes.
#![expect(dead_code, reason = "each test file uses its own part")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up stops at once")]

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use ringside_exchange::{Exchange, NfonOptions, Options, SwisscomOptions};
use serde_json::{Value, json};

pub const PATIENCE: Duration = Duration::from_secs(10);
pub const CALLS: &str = "/extensions/phone/calls";
pub const STATES: &str = "/extensions/phone/states";
pub const DATA: &str = "/extensions/phone/data";

#[expect(clippy::disallowed_methods, reason = "the exchange knows nothing of the house and its clients")]
pub fn client() -> Client {
    Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

pub async fn quiet() -> Exchange {
    started(Options::quiet()).await
}

pub async fn started(options: Options) -> Exchange {
    Exchange::start(options).await.unwrap()
}

pub fn quiet_with_nfon(nfon: NfonOptions) -> Options {
    Options { nfon, ..Options::quiet() }
}

pub fn quiet_with_swisscom(swisscom: SwisscomOptions) -> Options {
    Options { swisscom, ..Options::quiet() }
}

pub async fn sign_in(exchange: &Exchange) -> (String, String) {
    let body = json!({"username": exchange.nfon().username(), "password": exchange.nfon().password()});
    let answer = login(exchange, &body.to_string()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let tokens = json_of(answer).await;
    (text(&tokens["access-token"]), text(&tokens["refresh-token"]))
}

pub async fn login(exchange: &Exchange, body: &str) -> Response {
    let request = client().post(format!("{}/login", exchange.nfon_url()));
    request.header("content-type", "application/json").body(body.to_owned()).send().await.unwrap()
}

pub fn nfon(exchange: &Exchange, method: Method, path: &str, token: &str, accept: &str) -> RequestBuilder {
    let request = client().request(method, format!("{}{path}", exchange.nfon_url()));
    request.bearer_auth(token).header("accept", accept)
}

pub async fn dial(exchange: &Exchange, token: &str, accept: &str, body: Value) -> Response {
    let request = nfon(exchange, Method::POST, CALLS, token, accept);
    request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap()
}

pub async fn swisscom_token(exchange: &Exchange) -> String {
    let desk = exchange.swisscom();
    let answer = token_request(exchange, desk.customer_key(), desk.customer_secret()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    text(&json_of(answer).await["access_token"])
}

pub fn token_request(exchange: &Exchange, key: &str, secret: &str) -> RequestBuilder {
    let request = client().post(exchange.swisscom_token_url()).basic_auth(key, Some(secret));
    request.header("content-type", "application/x-www-form-urlencoded").body("grant_type=client_credentials")
}

pub fn swisscom(exchange: &Exchange, method: Method, path: &str, token: &str) -> RequestBuilder {
    let request = client().request(method, format!("{}{path}", exchange.swisscom_url()));
    request.bearer_auth(token).header("accept", "application/json").header("scs-version", "1")
}

pub async fn json_of(answer: Response) -> Value {
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// An open stream.
pub struct Events {
    answer: Response,
    pub seen: Vec<u8>,
    read: usize,
}

impl Events {
    pub async fn open(exchange: &Exchange, path: &str, token: &str) -> Self {
        let answer = nfon(exchange, Method::GET, path, token, "text/event-stream").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self::of(answer)
    }

    pub fn of(answer: Response) -> Self {
        Self { answer, seen: Vec::new(), read: 0 }
    }

    /// The next event's JSON; `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            let rest = &self.seen[self.read..];
            if let Some(end) = rest.windows(2).position(|two| two == b"\n\n") {
                let block = String::from_utf8(rest[..end].to_vec()).unwrap();
                self.read += end + 2;
                match block.strip_prefix("data: ") {
                    Some(data) => return Some(serde_json::from_str(data).unwrap()),
                    None => continue,
                }
            }
            if !self.more().await.unwrap() {
                return None;
            }
        }
    }

    /// The next `count` events.
    pub async fn take(&mut self, count: usize) -> Vec<Value> {
        let mut all = Vec::new();
        for _ in 0..count {
            all.push(self.next().await.unwrap());
        }
        all
    }

    /// Reads one more piece; `false` at the end.
    pub async fn more(&mut self) -> Result<bool, reqwest::Error> {
        let chunk =
            tokio::time::timeout(PATIENCE, self.answer.chunk()).await.expect("the stream should say something")?;
        match chunk {
            Some(bytes) => {
                self.seen.extend_from_slice(&bytes);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Reads on until `done` or the end; `Err` if the connection broke.
    pub async fn until(&mut self, done: impl Fn(&[u8]) -> bool) -> Result<(), reqwest::Error> {
        while !done(&self.seen) {
            if !self.more().await? {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// Whether somewhere below the error lies a TCP reset.
pub fn is_reset(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<std::io::Error>().is_some_and(|it| it.kind() == std::io::ErrorKind::ConnectionReset) {
            return true;
        }
        cause = error.source();
    }
    false
}

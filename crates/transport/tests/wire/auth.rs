//! One account's tokens under parallel use, refusals, lost answers and impatience.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ringside_transport::{Grant, Request, TokenKeeper, TokenSource, TransportError};
use secrecy::{ExposeSecret, SecretString};

use crate::server::{Reply, Server, http, noon, seconds};

/// What the service does with the next request, in order; then always the last.
#[derive(Clone)]
enum Act {
    Grant,
    Refuse(u16),
    Fail(TransportError),
    Never,
}

struct Service {
    log: Mutex<Vec<String>>,
    logins: Mutex<Vec<Act>>,
    refreshes: Mutex<Vec<Act>>,
    issued: AtomicUsize,
    /// Without refresh tokens, as with OAuth client credentials.
    pairs: bool,
}

#[derive(Clone)]
struct Source(Arc<Service>);

impl Source {
    fn new(logins: &[Act], refreshes: &[Act]) -> Self {
        Self(Arc::new(Service {
            log: Mutex::default(),
            logins: Mutex::new(logins.to_vec()),
            refreshes: Mutex::new(refreshes.to_vec()),
            issued: AtomicUsize::new(0),
            pairs: true,
        }))
    }

    fn log(&self) -> Vec<String> {
        self.0.log.lock().unwrap().clone()
    }

    async fn act(&self, script: &Mutex<Vec<Act>>) -> Result<Grant, TransportError> {
        let act = {
            let mut script = script.lock().unwrap();
            if script.len() > 1 { script.remove(0) } else { script[0].clone() }
        };
        // Long enough for every parallel caller to come in meanwhile.
        tokio::time::sleep(Duration::from_millis(200)).await;
        match act {
            Act::Grant => {
                let number = self.0.issued.fetch_add(1, Ordering::SeqCst) + 1;
                Ok(Grant {
                    access: format!("access-{number}").into(),
                    refresh: self.0.pairs.then(|| format!("refresh-{number}").into()),
                    lifetime: Some(seconds(300)),
                })
            }
            Act::Refuse(status) => Err(refusal(status)),
            Act::Fail(error) => Err(error),
            Act::Never => std::future::pending().await,
        }
    }
}

#[async_trait]
impl TokenSource for Source {
    async fn login(&self) -> Result<Grant, TransportError> {
        self.0.log.lock().unwrap().push("login".to_owned());
        self.act(&self.0.logins).await
    }

    async fn refresh(&self, refresh: SecretString) -> Result<Grant, TransportError> {
        self.0.log.lock().unwrap().push(refresh.expose_secret().to_owned());
        self.act(&self.0.refreshes).await
    }
}

fn refusal(status: u16) -> TransportError {
    TransportError::Status { status, body_excerpt: String::new(), request_id: None, retry_after: None }
}

fn keeper(source: &Source) -> TokenKeeper<Source> {
    TokenKeeper::new(source.clone(), Arc::new(noon))
}

async fn token(keeper: &TokenKeeper<Source>) -> String {
    keeper.bearer().await.unwrap().token.expose_secret().to_owned()
}

#[tokio::test(start_paused = true)]
async fn fifty_callers_cause_one_login_and_later_one_refresh() {
    let source = Source::new(&[Act::Grant], &[Act::Grant]);
    let keeper = keeper(&source);
    for (number, expected) in [(1, vec!["login"]), (2, vec!["login", "refresh-1"])] {
        let calls: Vec<_> = (0..50)
            .map(|_| {
                tokio::spawn({
                    let keeper = keeper.clone();
                    async move { token(&keeper).await }
                })
            })
            .collect();
        for call in calls {
            assert_eq!(call.await.unwrap(), format!("access-{number}"));
        }
        assert_eq!(source.log(), expected);
        // A token of 300 s is renewed after 240 s.
        tokio::time::advance(seconds(239)).await;
        assert_eq!(token(&keeper).await, format!("access-{number}"));
        tokio::time::advance(seconds(2)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn fifty_refused_calls_cause_one_refresh() {
    let source = Source::new(&[Act::Grant], &[Act::Grant]);
    let keeper = keeper(&source);
    let old = keeper.bearer().await.unwrap();
    let calls: Vec<_> = (0..50)
        .map(|_| {
            tokio::spawn({
                let (keeper, old) = (keeper.clone(), old.clone());
                async move { keeper.renew(&old).await.unwrap().token.expose_secret().to_owned() }
            })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), "access-2");
    }
    // A straggler whose 401 comes late gets the token that the others use.
    assert_eq!(keeper.renew(&old).await.unwrap().token.expose_secret(), "access-2");
    assert_eq!(source.log(), ["login", "refresh-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_refresh_leads_to_one_login_and_each_refresh_token_is_used_once() {
    let source = Source::new(&[Act::Grant], &[Act::Grant, Act::Refuse(401), Act::Grant]);
    let keeper = keeper(&source);
    for expected in ["access-1", "access-2", "access-3", "access-4"] {
        assert_eq!(token(&keeper).await, expected);
        tokio::time::advance(seconds(250)).await;
    }
    assert_eq!(source.log(), ["login", "refresh-1", "refresh-2", "login", "refresh-3"]);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_whose_answer_was_lost_is_never_sent_again() {
    let lost = TransportError::Interrupted { detail: "".into() };
    let source = Source::new(&[Act::Grant], &[Act::Fail(lost), Act::Grant]);
    let keeper = keeper(&source);
    token(&keeper).await;
    tokio::time::advance(seconds(250)).await;
    assert_eq!(token(&keeper).await, "access-1", "the old token holds for another 50 s");
    tokio::time::advance(seconds(60)).await;
    assert_eq!(token(&keeper).await, "access-2");
    assert_eq!(source.log(), ["login", "refresh-1", "login"]);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_that_was_never_sent_is_kept() {
    let source = Source::new(&[Act::Grant], &[Act::Fail(TransportError::Connect { detail: "".into() }), Act::Grant]);
    let keeper = keeper(&source);
    let old = keeper.bearer().await.unwrap();
    assert!(keeper.renew(&old).await.unwrap_err().is_transient());
    assert_eq!(keeper.renew(&old).await.unwrap().token.expose_secret(), "access-2");
    assert_eq!(source.log(), ["login", "refresh-1", "refresh-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_gives_up_does_not_lose_the_rotated_token() {
    let source = Source::new(&[Act::Grant], &[Act::Grant]);
    let keeper = keeper(&source);
    token(&keeper).await;
    tokio::time::advance(seconds(250)).await;
    let impatient = tokio::time::timeout(Duration::from_millis(1), keeper.bearer()).await;
    assert!(impatient.is_err());
    assert_eq!(token(&keeper).await, "access-2");
    assert_eq!(source.log(), ["login", "refresh-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_tried_once_until_somebody_says_so() {
    for status in [400, 401, 403] {
        let source = Source::new(&[Act::Refuse(status), Act::Grant], &[Act::Grant]);
        let keeper = keeper(&source);
        for _ in 0..20 {
            let error = keeper.bearer().await.unwrap_err();
            assert!(error.needs_sign_in() && !error.is_transient(), "{error:?}");
            tokio::time::advance(seconds(30)).await;
        }
        assert_eq!(source.log(), ["login"]);
        keeper.try_again();
        assert_eq!(token(&keeper).await, "access-1");
    }
}

#[tokio::test(start_paused = true)]
async fn trouble_at_the_sign_in_is_tried_again_soon_and_never_hammered() {
    let cut = TransportError::Interrupted { detail: "reset".into() };
    for trouble in [refusal(500), refusal(503), cut, TransportError::Html { title: None }] {
        let source = Source::new(&[Act::Fail(trouble.clone())], &[]);
        let keeper = keeper(&source);
        let start = tokio::time::Instant::now();
        let (mut tries, mut last, mut longest) = (0, start, Duration::ZERO);
        while start.elapsed() < seconds(600) {
            let error = keeper.bearer().await.unwrap_err();
            assert!(error.is_transient());
            if source.log().len() > tries {
                tries = source.log().len();
                longest = longest.max(last.elapsed());
                last = tokio::time::Instant::now();
            }
            tokio::time::advance(Duration::from_millis(500)).await;
        }
        assert!(longest <= seconds(22), "{trouble:?}: {longest:?} without a try");
        assert!((27..=40).contains(&tries), "{trouble:?}: {tries} in ten minutes");
    }
}

#[tokio::test(start_paused = true)]
async fn one_trouble_among_sign_ins_that_went_well_costs_no_minute() {
    // Signed in, signed out by the service, and trouble at that moment: nothing of it was a wrong secret.
    for trouble in [refusal(503), TransportError::Connect { detail: "refused".into() }] {
        let source = Source::new(&[Act::Grant], &[Act::Fail(trouble), Act::Grant]);
        let keeper = keeper(&source);
        let bearer = keeper.bearer().await.unwrap();
        let bearer = keeper.renew(&bearer).await.map_or(bearer, |new| new);
        assert!(keeper.renew(&bearer).await.is_ok(), "at once");
        tokio::time::advance(seconds(1)).await;
        let bearer = keeper.bearer().await.unwrap();
        assert!(keeper.renew(&bearer).await.is_ok(), "trouble counts as no token request");
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_asks_for_a_longer_rest_gets_it_until_somebody_wants_it_tried_now() {
    let busy = TransportError::Status {
        status: 503,
        body_excerpt: String::new(),
        request_id: None,
        retry_after: Some(seconds(120)),
    };
    let source = Source::new(&[Act::Fail(busy), Act::Grant], &[]);
    let keeper = keeper(&source);
    assert!(keeper.bearer().await.is_err());
    tokio::time::advance(seconds(110)).await;
    let error = keeper.bearer().await.unwrap_err();
    assert!(matches!(&error, TransportError::SignInPaused { retry_after, .. } if *retry_after <= seconds(10)));
    assert_eq!(source.log().len(), 1);
    keeper.try_again();
    assert_eq!(token(&keeper).await, "access-1");
}

#[tokio::test(start_paused = true)]
async fn a_refused_secret_gets_three_token_requests_a_minute_however_often_it_is_wanted() {
    let source = Source::new(&[Act::Refuse(401)], &[]);
    let keeper = keeper(&source);
    for _ in 0..60 {
        keeper.try_again();
        assert!(keeper.bearer().await.is_err());
    }
    assert_eq!(source.log().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_pause_says_what_the_sign_ins_before_it_ended_with() {
    let page = TransportError::Html { title: Some("Wi-Fi".into()) };
    let source = Source::new(&[Act::Fail(refusal(503)), Act::Fail(page.clone())], &[]);
    let keeper = keeper(&source);
    for _ in 0..2 {
        assert!(!matches!(keeper.bearer().await, Err(TransportError::SignInPaused { .. })));
    }
    for _ in 0..5 {
        let error = keeper.bearer().await.unwrap_err();
        let TransportError::SignInPaused { after: Some(after), .. } = &error else { panic!("{error:?}") };
        assert_eq!(**after, page, "the last of them");
        assert!(error.is_transient() && error.retry_after().is_some() && !error.may_have_been_executed());
        assert_eq!(error.status(), None, "a status in it is no answer to what was asked");
    }
    assert_eq!(source.log().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_pause_after_sign_ins_that_went_well_blames_none() {
    let source = Source::new(&[Act::Fail(refusal(503)), Act::Grant], &[Act::Grant]);
    let keeper = keeper(&source);
    assert!(keeper.bearer().await.is_err());
    let mut bearer = keeper.bearer().await.unwrap();
    for _ in 0..2 {
        bearer = keeper.renew(&bearer).await.unwrap();
    }
    let error = keeper.renew(&bearer).await.unwrap_err();
    assert!(matches!(error, TransportError::SignInPaused { after: None, .. }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn client_credentials_just_ask_again() {
    let source = Source(Arc::new(Service {
        log: Mutex::default(),
        logins: Mutex::new(vec![Act::Grant]),
        refreshes: Mutex::new(vec![Act::Never]),
        issued: AtomicUsize::new(0),
        pairs: false,
    }));
    let keeper = keeper(&source);
    for expected in ["access-1", "access-2", "access-3"] {
        assert_eq!(token(&keeper).await, expected);
        tokio::time::advance(seconds(250)).await;
    }
    assert_eq!(source.log(), ["login"; 3]);
}

/// The access token that the request carried.
fn carried(request: &str) -> Option<&str> {
    request.lines().find_map(|line| line.strip_prefix("authorization: Bearer "))
}

#[tokio::test]
async fn a_refused_request_is_sent_once_more_with_a_new_token() {
    let server = Server::start(|_, request| match carried(request) {
        Some("access-1") => Reply::whole("401 Unauthorized", "", ""),
        _ => Reply::whole("202 Accepted", "", "{}"),
    })
    .await;
    let source = Source::new(&[Act::Grant], &[Act::Grant]);
    let answer = keeper(&source).send(&http(), Request::post(server.at("calls")).json(&1)).await.unwrap();
    assert_eq!(answer.status.as_u16(), 202);
    assert_eq!(source.log(), ["login", "refresh-1"]);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_second_refusal_is_final() {
    let server = Server::start(|_, _| Reply::whole("401 Unauthorized", "", "{\"error\":\"not yet approved\"}")).await;
    let source = Source::new(&[Act::Grant], &[Act::Grant]);
    let error = keeper(&source).send(&http(), Request::get(server.at("x"))).await.unwrap_err();
    assert!(
        matches!(&error, TransportError::NeedsSignIn { reason } if reason.contains("not yet approved")),
        "{error:?}"
    );
    assert_eq!((source.log().len(), server.seen().len()), (2, 2));
}

#[tokio::test]
async fn nothing_but_a_401_is_sent_again() {
    for status in
        ["403 Forbidden", "404 Not Found", "409 Conflict", "429 Too Many Requests", "500 Error", "503 Unavailable"]
    {
        let server = Server::start(move |_, _| Reply::whole(status, "", "")).await;
        let source = Source::new(&[Act::Grant], &[Act::Grant]);
        let answer = keeper(&source).send(&http(), Request::post(server.at("calls"))).await.unwrap();
        assert!(status.starts_with(answer.status.as_str()));
        assert_eq!((source.log().len(), server.seen().len()), (1, 1), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_refuses_every_token_gets_three_token_requests_a_minute() {
    let source = Source::new(&[Act::Grant], &[Act::Grant]);
    let keeper = keeper(&source);
    let mut bearer = keeper.bearer().await.unwrap();
    for _ in 0..100 {
        match keeper.renew(&bearer).await {
            Ok(next) => bearer = next,
            Err(error) => assert!(matches!(error, TransportError::SignInPaused { .. }), "{error:?}"),
        }
    }
    assert_eq!(source.log().len(), 3);
}

#[tokio::test]
async fn no_secret_shows_in_debug() {
    let source = Source::new(&[Act::Grant], &[Act::Grant]);
    let keeper = keeper(&source);
    let bearer = keeper.bearer().await.unwrap();
    assert!(!format!("{bearer:?} {keeper:?}").contains("access-1"));
}

//! Secrets are in the key store and nowhere else.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ringside_api::view::AccountDraft;
use ringside_api::{Reply, Request};
use ringside_app::secrets::{KeyStore, SecretError};
use ringside_exchange::{Exchange, NfonOptions, Options, RingSpec, SwisscomOptions};
use ringside_tests::rig::{self, Rig};
use secrecy::SecretString;
use tokio::time::Instant;

const PASSWORD: &str = "canary-9f3a-Geheim!";
const CUSTOMER_SECRET: &str = "canary-77b1-Kunde!";

/// A key store that a desktop does not have, has locked, or that never answers.
struct Stubborn(Option<SecretError>);

impl Stubborn {
    fn refuse<T>(&self) -> Result<T, SecretError> {
        match &self.0 {
            Some(error) => Err(error.clone()),
            None => {
                std::thread::sleep(Duration::from_secs(60));
                Err(SecretError::Absent)
            }
        }
    }
}

impl KeyStore for Stubborn {
    fn get(&self, _: &str) -> Result<SecretString, SecretError> {
        self.refuse()
    }
    fn set(&self, _: &str, _: &SecretString) -> Result<(), SecretError> {
        self.refuse()
    }
    fn remove(&self, _: &str) -> Result<(), SecretError> {
        self.refuse()
    }
    fn name(&self) -> &'static str {
        "stubborn"
    }
}

/// Every file below the folder that holds the bytes.
fn holding(folder: &Path, needle: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path, needle));
        } else if let Ok(bytes) = std::fs::read(&path)
            && bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
        {
            found.push(path.display().to_string());
        }
    }
    found
}

#[tokio::test]
async fn a_canary_is_found_nowhere_after_a_day() {
    let nfon = NfonOptions { password: PASSWORD.into(), ..NfonOptions::default() };
    let swisscom = SwisscomOptions { customer_secret: CUSTOMER_SECRET.into(), ..SwisscomOptions::default() };
    let (exchange, rig) = rig::connected(Options { nfon, swisscom, ..Options::quiet() }).await;
    let call = exchange.ring(RingSpec::to("31").from("4922166966966"));
    rig.card("a card", |_| true).await;
    call.answer("31");
    call.hang_up();
    rig.dial("one", "+49 30 23125001").await.unwrap();
    exchange.nfon().expire_access_tokens();
    exchange.nfon().revoke_refresh_tokens();
    rig.call(Request::Reconnect { id: None }).await.unwrap();
    rig.online("office").await;
    // A refused sign-in makes errors, and errors are where secrets leak.
    exchange.nfon().set_password("changed");
    exchange.nfon().expire_access_tokens();
    rig.call(Request::Reconnect { id: Some("office".into()) }).await.unwrap();
    rig.link("office", "offline", "sign_in_refused").await;
    let seen = format!("{:?} {:?}", rig.snapshot().await, rig.events());
    let diagnostics = format!("{:?}", rig.call(Request::Diagnostics {}).await.unwrap());
    let Reply::Text { text: bundle } = rig.call(Request::SupportBundle {}).await.unwrap() else { panic!("no bundle") };
    let folder = rig.stop().await;
    for canary in [PASSWORD, CUSTOMER_SECRET] {
        let places = [("snapshot and events", &seen), ("diagnostics", &diagnostics), ("support bundle", &bundle)];
        for (place, text) in places {
            assert!(!text.contains(canary), "{canary} is in {place}");
        }
        assert_eq!(holding(folder.path(), canary), Vec::<String>::new());
    }
    let tape = exchange.tape().requests();
    for request in tape {
        assert!(!request.query.contains("canary") && !request.path.contains("canary"), "in a URL: {request:?}");
    }
}

#[tokio::test]
async fn without_a_key_store_the_password_is_kept_for_the_session() {
    for (keys, code) in [
        (Stubborn(Some(SecretError::Absent)), "key_store_absent"),
        (Stubborn(Some(SecretError::Locked)), "key_store_locked"),
        (Stubborn(Some(SecretError::Refused("denied".into()))), "key_store_refused"),
        (Stubborn(None), "key_store_timed_out"),
    ] {
        let exchange = Exchange::start(Options::quiet()).await.unwrap();
        let began = Instant::now();
        let rig = Rig::with_keys(Arc::new(rig::folder()), Arc::new(keys), &rig::config(&exchange)).await;
        let account = rig.link("office", "offline", code).await;
        assert!(began.elapsed() <= Duration::from_secs(3), "{code}: {:?}", began.elapsed());
        assert!(account.link.reason.unwrap().hint.contains("session"), "{code}: the way out is named");
        assert_eq!(account.secret, "missing");
        let secret = exchange.nfon().password();
        rig.call(Request::SignIn { id: "office".into(), secret: secret.clone(), session_only: true }).await.unwrap();
        rig.online("office").await;
        let folder = rig.stop().await;
        assert_eq!(holding(folder.path(), &secret), Vec::<String>::new(), "{code}: no fallback in clear text");
    }
}

#[tokio::test]
async fn an_account_whose_secret_cannot_be_kept_is_not_half_added() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let keys = Arc::new(Stubborn(Some(SecretError::Absent)));
    let rig = Rig::with_keys(Arc::new(rig::folder()), keys, "").await;
    let draft = |session_only| AccountDraft {
        id: "office".into(),
        provider: "nfon".into(),
        base_url: Some(exchange.nfon_url()),
        username: Some(exchange.nfon().username().into()),
        secret: exchange.nfon().password(),
        options: Default::default(),
        region: "DE".into(),
        mine: vec!["31".into()],
        session_only,
    };
    let refused = rig.call(Request::AddAccount { draft: draft(false) }).await.unwrap_err();
    assert_eq!(refused.code, "key_store_absent");
    assert!(rig.snapshot().await.accounts.is_empty(), "nothing of it is kept");
    let written = std::fs::read_to_string(rig.config_file()).unwrap();
    assert!(!written.contains("office"), "{written}");
    // The way out that the sentence names, under the same name.
    rig.call(Request::AddAccount { draft: draft(true) }).await.unwrap();
    rig.online("office").await;
    let account = rig.snapshot().await.accounts.remove(0);
    assert_eq!(account.secret, "session");
}

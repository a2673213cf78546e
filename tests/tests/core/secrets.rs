//! Secrets are in the key store and nowhere else.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ringside_api::view::{AccountDraft, AccountView};
use ringside_api::{ApiError, Reply, Request};
use ringside_app::secrets::{KeyStore, MemoryKeyStore, SecretError};
use ringside_exchange::{Exchange, NfonOptions, Options, RingSpec, SwisscomOptions};
use ringside_testkit::files_holding;
use ringside_tests::rig::{self, Rig};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;

const PASSWORD: &str = "canary-9f3a-Geheim!";
const CUSTOMER_SECRET: &str = "canary-77b1-Kunde!";
const WRONG: &str = "canary-0c5e-Falsch!";

/// A key store that a desktop does not have, has locked, or that never answers; it may be well at first and again.
#[derive(Default)]
struct Mortal {
    kept: MemoryKeyStore,
    illness: Mutex<Option<Illness>>,
    /// Calls that are under way, and the most there ever were at once.
    calls: Mutex<(usize, usize)>,
}

#[derive(Clone)]
enum Illness {
    Refuses(SecretError),
    Hangs,
}

impl Mortal {
    fn ill(illness: Illness) -> Self {
        Self { illness: Mutex::new(Some(illness)), ..Self::default() }
    }

    fn becomes(&self, illness: Option<Illness>) {
        *self.illness.lock().unwrap() = illness;
    }

    fn call<T>(&self, well: impl FnOnce(&MemoryKeyStore) -> Result<T, SecretError>) -> Result<T, SecretError> {
        {
            let mut calls = self.calls.lock().unwrap();
            calls.0 += 1;
            calls.1 = calls.1.max(calls.0);
        }
        let result = loop {
            match self.illness.lock().unwrap().clone() {
                None => break well(&self.kept),
                Some(Illness::Refuses(error)) => break Err(error),
                Some(Illness::Hangs) => {}
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        self.calls.lock().unwrap().0 -= 1;
        result
    }
}

impl KeyStore for Mortal {
    fn get(&self, account: &str) -> Result<SecretString, SecretError> {
        self.call(|kept| kept.get(account))
    }
    fn set(&self, account: &str, secret: &SecretString) -> Result<(), SecretError> {
        self.call(|kept| kept.set(account, secret))
    }
    fn remove(&self, account: &str) -> Result<(), SecretError> {
        self.call(|kept| kept.remove(account))
    }
    fn name(&self) -> &'static str {
        "mortal"
    }
}

fn illnesses() -> [(Illness, &'static str); 4] {
    [
        (Illness::Refuses(SecretError::Absent), "key_store_absent"),
        (Illness::Refuses(SecretError::Locked), "key_store_locked"),
        (Illness::Refuses(SecretError::Refused("denied".into())), "key_store_refused"),
        (Illness::Hangs, "key_store_timed_out"),
    ]
}

fn draft(exchange: &Exchange, id: &str, session_only: bool) -> AccountDraft {
    AccountDraft {
        id: id.into(),
        provider: "nfon".into(),
        base_url: Some(exchange.nfon_url()),
        username: Some(exchange.nfon().username().into()),
        secret: exchange.nfon().password(),
        options: Default::default(),
        region: "DE".into(),
        mine: vec!["31".into()],
        session_only,
    }
}

/// Asks for something that the key store does not grant: an answer in time, with a way out.
async fn refused(rig: &Rig, request: Request, code: &str) -> ApiError {
    let began = Instant::now();
    let error = rig.call(request).await.unwrap_err();
    assert!(began.elapsed() <= Duration::from_secs(3), "{code}: {:?}", began.elapsed());
    assert_eq!(error.code, code);
    error
}

/// Every file below the folder that holds the bytes.
fn holding(folder: &Path, needle: &str) -> Vec<String> {
    assert!(!files_holding(folder, "SQLite format 3").is_empty(), "files are looked through");
    files_holding(folder, needle)
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
    rig.call(Request::SignIn { id: "office".into(), secret: WRONG.into(), session_only: true }).await.unwrap();
    rig.link("office", "offline", "sign_in_refused").await;
    let seen = format!("{:?} {:?}", rig.snapshot().await, rig.events());
    let diagnostics = format!("{:?}", rig.call(Request::Diagnostics {}).await.unwrap());
    let Reply::Text { text: bundle } = rig.call(Request::SupportBundle {}).await.unwrap() else { panic!("no bundle") };
    let folder = rig.stop().await;
    for canary in [PASSWORD, CUSTOMER_SECRET, WRONG] {
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
    for (illness, code) in illnesses() {
        let exchange = Exchange::start(Options::quiet()).await.unwrap();
        let began = Instant::now();
        let rig =
            Rig::with_keys(Arc::new(rig::folder()), Arc::new(Mortal::ill(illness)), &rig::config(&exchange)).await;
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
    let keys = Arc::new(Mortal::ill(Illness::Refuses(SecretError::Absent)));
    let rig = Rig::with_keys(Arc::new(rig::folder()), keys, "").await;
    refused(&rig, Request::AddAccount { draft: draft(&exchange, "office", false) }, "key_store_absent").await;
    assert!(rig.snapshot().await.accounts.is_empty(), "nothing of it is kept");
    let written = std::fs::read_to_string(rig.config_file()).unwrap();
    assert!(!written.contains("office"), "{written}");
    // The way out that the sentence names, under the same name.
    rig.call(Request::AddAccount { draft: draft(&exchange, "office", true) }).await.unwrap();
    rig.online("office").await;
    let account = rig.snapshot().await.accounts.remove(0);
    assert_eq!(account.secret, "session");
}

#[tokio::test]
async fn a_key_store_that_goes_away_in_mid_run_takes_nothing_with_it() {
    for (illness, code) in illnesses() {
        let exchange = Exchange::start(Options::quiet()).await.unwrap();
        let secret = exchange.nfon().password();
        let keys = Arc::new(Mortal::default());
        keys.set("office", &SecretString::from(secret.clone())).unwrap();
        let rig = Rig::with_keys(Arc::new(rig::folder()), keys.clone(), &rig::config(&exchange)).await;
        rig.online("office").await;
        keys.becomes(Some(illness));

        // What runs goes on, even if it is connected anew.
        rig.call(Request::Reconnect { id: Some("office".into()) }).await.unwrap();
        rig.online("office").await;

        let added = Request::AddAccount { draft: draft(&exchange, "second", false) };
        assert!(refused(&rig, added, code).await.hint.contains("session"), "{code}: the way out");
        rig.call(Request::AddAccount { draft: draft(&exchange, "second", true) }).await.unwrap();
        rig.online("second").await;

        let sign_in = |session_only| Request::SignIn { id: "office".into(), secret: secret.clone(), session_only };
        assert!(refused(&rig, sign_in(false), code).await.hint.contains("session"), "{code}: the way out");
        rig.online("office").await;
        assert_eq!(account(&rig, "office").await.secret, "session", "{code}: it is signed in, until the app is closed");
        rig.call(sign_in(true)).await.unwrap();
        rig.online("office").await;

        // Of an account that is taken away, its entry stays behind, and the user has to know.
        let left = refused(&rig, Request::RemoveAccount { id: "office".into() }, "secret_left_behind").await;
        assert!(left.hint.contains("delete the entry"), "{left:?}");
        let left: Vec<_> = rig.snapshot().await.accounts.into_iter().map(|it| it.id).collect();
        assert_eq!(left, ["forwarding", "second"], "{code}");
        // That one has none.
        rig.call(Request::RemoveAccount { id: "second".into() }).await.unwrap();
        assert_eq!(keys.calls.lock().unwrap().1, 1, "{code}: a second prompt while the first is up");

        keys.becomes(None);
        rig.call(Request::AddAccount { draft: draft(&exchange, "office", false) }).await.unwrap();
        rig.online("office").await;
        assert_eq!(account(&rig, "office").await.secret, "keyring");
        assert_eq!(keys.get("office").unwrap().expose_secret(), secret, "{code}");
    }
}

#[tokio::test]
async fn a_secret_kept_for_the_session_goes_into_a_key_store_that_is_there_again() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let keys = Arc::new(Mortal::ill(Illness::Refuses(SecretError::Absent)));
    let rig = Rig::with_keys(Arc::new(rig::folder()), keys.clone(), "").await;
    rig.call(Request::AddAccount { draft: draft(&exchange, "office", true) }).await.unwrap();
    keys.becomes(None);
    let secret = exchange.nfon().password();
    rig.call(Request::SignIn { id: "office".into(), secret, session_only: false }).await.unwrap();
    assert_eq!(account(&rig, "office").await.secret, "keyring");
    let folder = rig.stop().await;
    let paths = rig::paths(folder.path());
    let again = Rig::at(folder, paths, keys).await;
    again.online("office").await;
}

#[tokio::test]
async fn an_account_whose_key_store_was_unlocked_no_longer_lacks_its_secret() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let keys = Arc::new(Mortal::ill(Illness::Refuses(SecretError::Locked)));
    let rig = Rig::with_keys(Arc::new(rig::folder()), keys.clone(), &rig::config(&exchange)).await;
    assert_eq!(rig.link("office", "offline", "key_store_locked").await.secret, "missing");
    keys.becomes(None);
    keys.set("office", &SecretString::from(exchange.nfon().password())).unwrap();
    rig.call(Request::Reconnect { id: Some("office".into()) }).await.unwrap();
    rig.online("office").await;
    assert_eq!(account(&rig, "office").await.secret, "keyring");
}

async fn account(rig: &Rig, id: &str) -> AccountView {
    rig.until(id, |it| it.accounts.iter().find(|view| view.id == id).cloned()).await
}

//! The receiver follows its settings, is found again after a restart, and tries itself.

use ringside_api::view::{Finding, ReceiverSettings, SettingsView, Verdict};
use ringside_api::{ApiError, ApiEvent, Reply, Request};
use ringside_exchange::Options;
use tokio::net::{TcpListener, TcpStream};

use crate::raw;
use crate::receiver::{listening, record, until, url, view};
use crate::rig::Rig;

/// A port that nobody uses now.
/// Below those that the system gives to connections: nobody takes it while an app is closed for a moment.
pub async fn free_port() -> u16 {
    static NEXT: std::sync::atomic::AtomicU16 = std::sync::atomic::AtomicU16::new(0);
    loop {
        let step = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % 1000;
        let port = 20_000 + (std::process::id() % 10) as u16 * 1000 + step;
        if TcpListener::bind(("127.0.0.1", port)).await.is_ok() {
            return port;
        }
    }
}

async fn set(rig: &Rig, change: impl FnOnce(&mut ReceiverSettings)) -> Result<(), ApiError> {
    let mut settings: SettingsView = rig.app.settings().await.unwrap();
    change(&mut settings.receiver);
    rig.call(Request::SetSettings { settings }).await.map(drop)
}

async fn findings(rig: &Rig) -> (Finding, Finding) {
    match rig.call(Request::TestReceiver {}).await {
        Ok(Reply::Findings { findings }) => match <[Finding; 2]>::try_from(findings).unwrap() {
            [local, public] if local.step == "local" && public.step == "public" => (local, public),
            other => panic!("{other:?}"),
        },
        other => panic!("no findings: {other:?}"),
    }
}

fn code(finding: &Finding) -> &str {
    finding.problem.as_ref().map_or("", |problem| problem.code.as_str())
}

#[tokio::test]
async fn it_is_off_until_somebody_wants_it() {
    let rig = Rig::with_pushes(Options::quiet(), |config| config.receiver = Default::default()).await;
    let off = view(&rig).await;
    assert_eq!((off.listening, off.problem, off.accounts.len()), (None, None, 2));
    let (local, public) = findings(&rig).await;
    assert_eq!((code(&local), public.verdict), ("receiver_off", Verdict::NotTried));
}

#[tokio::test]
async fn it_is_found_at_the_same_address_after_a_restart() {
    let port = free_port().await;
    let mut rig = Rig::with_pushes(Options::quiet(), |c| c.receiver.listen = format!("127.0.0.1:{port}")).await;
    let before = listening(&rig).await;
    assert_eq!(before.listening, Some(format!("127.0.0.1:{port}")));
    assert_ne!(url(&before, "voice"), url(&before, "clinic"));
    // A connection that is open does not keep the port.
    let _held = raw::connect(&url(&before, "voice")).await;
    rig.reopen().await;
    let after = listening(&rig).await;
    assert_eq!(after.listening, before.listening);
    for account in ["voice", "clinic"] {
        assert_eq!(url(&after, account), url(&before, account));
    }
    assert_eq!(raw::post(&url(&before, "clinic"), &record("x1", "ANSWER")).await.status, 200);
}

#[tokio::test]
async fn it_follows_its_settings_while_it_runs() {
    let mut rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let first = url(&listening(&rig).await, "clinic");
    let port = free_port().await;
    set(&rig, |receiver| receiver.listen = format!("127.0.0.1:{port}")).await.unwrap();
    rig.event("it listens there", |event| match event {
        ApiEvent::Receiver { receiver } => (receiver.listening == Some(format!("127.0.0.1:{port}"))).then_some(()),
        _ => None,
    })
    .await;
    let second = url(&view(&rig).await, "clinic");
    assert_eq!(raw::post(&second, &record("x1", "ANSWER")).await.status, 200);
    assert!(TcpStream::connect(raw::address(&first)).await.is_err(), "nobody listens at the old one");
    set(&rig, |receiver| receiver.on = false).await.unwrap();
    rig.event("it is off", |event| match event {
        ApiEvent::Receiver { receiver } => receiver.listening.is_none().then_some(()),
        _ => None,
    })
    .await;
    // The same port at once: the one before has to be gone by then.
    set(&rig, |receiver| receiver.on = true).await.unwrap();
    let again = until(&rig, "it listens again", |it| it.listening.is_some()).await;
    assert_eq!(url(&again, "clinic"), second);
}

#[tokio::test]
async fn what_cannot_be_is_said_and_breaks_nothing_else() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let mut rig = Rig::with_pushes(Options::quiet(), |config| config.receiver.listen = listen).await;
    for (listen, public_url, code, listens) in
        [(None, "", "receiver_port_taken", false), (Some("192.0.2.1:8465"), "", "receiver_no_such_address", false)]
    {
        if let Some(listen) = listen {
            let change = |receiver: &mut ReceiverSettings| {
                (receiver.listen, receiver.public_url) = (listen.to_owned(), public_url.to_owned());
            };
            set(&rig, change).await.unwrap();
        }
        let found = until(&rig, code, |it| {
            it.problem.as_ref().is_some_and(|it| it.code == code) && it.listening.is_some() == listens
        })
        .await;
        assert!(!found.problem.unwrap().hint.is_empty());
        let snapshot = rig.snapshot().await;
        assert!(snapshot.notices.iter().any(|it| it.id == "receiver" && it.problem.code == code), "{code}");
        assert!(snapshot.accounts.iter().all(|it| it.link.reason.is_none()), "the accounts know nothing of it");
    }
    // What is no address at all is not taken over.
    let bad = set(&rig, |receiver| receiver.listen = "everywhere".into()).await.unwrap_err();
    assert_eq!(bad.code, "receiver_bad_address");
    let bad = set(&rig, |receiver| receiver.public_url = "ftp://example.com".into()).await.unwrap_err();
    assert_eq!(bad.code, "receiver_bad_public_url");
    assert_eq!(rig.app.settings().await.unwrap().receiver.listen, "192.0.2.1:8465");
    let well_again = |receiver: &mut ReceiverSettings| {
        receiver.listen = "127.0.0.1:0".into();
        receiver.public_url = "https://ringside.example.com/calls/".into();
    };
    set(&rig, well_again).await.unwrap();
    let well = until(&rig, "well", |it| it.problem.is_none() && it.listening.is_some()).await;
    assert!(rig.snapshot().await.notices.iter().all(|it| it.id != "receiver"));
    let public = well.accounts[0].public_url.clone().unwrap();
    assert!(public.starts_with("https://ringside.example.com/calls/") && !public.contains("calls//"), "{public}");
    set(&rig, |receiver| receiver.listen = "0.0.0.0:0".into()).await.unwrap();
    let open = until(&rig, "it warns", |it| it.problem.is_some() && it.listening.is_some()).await;
    assert_eq!(open.problem.unwrap().code, "receiver_open_to_network");
    assert!(rig.snapshot().await.notices.iter().all(|it| it.id != "receiver"), "chosen is no trouble");
    rig.until_both_are_online().await;
}

#[tokio::test]
async fn a_port_that_becomes_free_is_taken_by_itself() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let rig = Rig::with_pushes(Options::quiet(), |config| config.receiver.listen = listen).await;
    until(&rig, "taken", |it| it.problem.is_some()).await;
    drop(taken);
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    while view(&rig).await.listening.is_none() {
        assert!(tokio::time::Instant::now() < deadline, "never");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert!(rig.snapshot().await.notices.iter().all(|it| it.id != "receiver"));
}

#[tokio::test]
async fn it_tries_itself() {
    let rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let local = listening(&rig).await.listening.unwrap();
    let (here, public) = findings(&rig).await;
    assert_eq!((here.verdict, public.verdict), (Verdict::Works, Verdict::NotTried), "{here:?} {public:?}");
    let nobody = format!("http://127.0.0.1:{}", free_port().await);
    for (public_url, expected) in [
        // A proxy that strips its prefix, and one that passes it on.
        (format!("http://{local}"), ""),
        (format!("http://{local}/calls/"), ""),
        (rig.exchange.elsewhere_url(), "receiver_leads_elsewhere"),
        (nobody, "receiver_unreachable"),
        (format!("https://{local}"), "receiver_certificate"),
    ] {
        set(&rig, |receiver| receiver.public_url = public_url.clone()).await.unwrap();
        let (here, public) = findings(&rig).await;
        assert_eq!(here.verdict, Verdict::Works);
        assert_eq!(code(&public), expected, "{public_url}: {public:?}");
        assert_eq!(public.verdict == Verdict::Works, expected.is_empty(), "{public_url}: {public:?}");
    }
    set(&rig, |receiver| receiver.public_url = "http://ringside.example.com".into()).await.unwrap();
    let (_, plain) = findings(&rig).await;
    assert_eq!(plain.verdict, Verdict::NotTried, "nothing is sent in plain text: {plain:?}");
    assert!(view(&rig).await.accounts.iter().all(|it| it.taken + it.refused == 0), "no adapter was asked");
}

#[tokio::test]
async fn an_account_that_goes_takes_its_address_along() {
    let mut rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let before = listening(&rig).await;
    rig.call(Request::RemoveAccount { id: "clinic".into() }).await.unwrap();
    let left = rig
        .event("it is told", |event| match event {
            ApiEvent::Receiver { receiver } if receiver.accounts.len() == 1 => Some(receiver.clone()),
            _ => None,
        })
        .await;
    assert_eq!(left.accounts[0].account, "voice");
    assert_eq!(raw::post(&url(&before, "clinic"), &record("x1", "ANSWER")).await.status, 404);
    rig.call(Request::Reconnect { id: None }).await.unwrap();
    rig.eventually("online again", |s| s.accounts[0].link.phase == ringside_domain::LinkPhase::Online).await;
    assert_eq!(url(&view(&rig).await, "voice"), url(&before, "voice"));
    assert_eq!(raw::post(&url(&before, "voice"), "{}").await.status, 403, "the adapter is asked");
}

#[tokio::test]
async fn while_an_account_connects_it_is_asked_to_be_told_later() {
    let mut rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let to = url(&listening(&rig).await, "clinic");
    rig.lose_secret("clinic");
    rig.call(Request::Reconnect { id: Some("clinic".into()) }).await.unwrap();
    rig.eventually("it has no secret", |s| s.accounts.iter().any(|it| it.secret == "missing")).await;
    let answer = raw::post(&to, &record("x1", "ANSWER")).await;
    assert_eq!(answer.status, 503, "told to nobody, it would be lost");
    assert!(answer.head.contains("retry-after"), "{}", answer.head);
}

#[tokio::test]
async fn the_policy_locks_it() {
    let policy = "[receiver]\non = true\nlisten = \"127.0.0.1:0\"\n";
    let rig = Rig::with_policy("[receiver]\nlisten = \"0.0.0.0:8465\"\n", policy).await;
    let locked = rig.app.settings().await.unwrap();
    assert_eq!((locked.receiver.on, locked.receiver.listen.as_str()), (true, "127.0.0.1:0"));
    assert!(locked.locked.contains(&"receiver.listen".to_owned()), "{:?}", locked.locked);
    for change in [(|receiver| receiver.listen = "0.0.0.0:8465".into()) as fn(&mut ReceiverSettings), |receiver| {
        receiver.on = false
    }] {
        assert_eq!(set(&rig, change).await.unwrap_err().code, "config_locked");
    }
    until(&rig, "it listens where the policy says", |it| it.listening.is_some() && it.problem.is_none()).await;
    set(&rig, |receiver| receiver.public_url = "https://ringside.example.com".into()).await.unwrap();
    assert_eq!(rig.app.settings().await.unwrap().receiver.public_url, "https://ringside.example.com");
}

//! Commands through an app that runs, and one that does not answer.

use std::process::Stdio;
use std::time::Duration;

use ringside_exchange::{Exchange, Fault, FaultKind, Options, ServiceName, Sites};
use ringside_tests::bare::Done;
use ringside_tests::desktop::{Desktop, Parts, notifications};
use ringside_tests::running::{Running, binary, command};
use ringside_tests::socket::Socket;
use ringside_tests::wait::{PATIENCE, until};
use tokio::time::Instant;

fn run(desktop: &Desktop, exchange: &Exchange, arguments: &[&str]) -> Done {
    Done(tokio::task::block_in_place(|| command(desktop, Some(exchange), arguments)).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_that_does_not_answer_is_given_up_and_one_that_does_tells_what_was_refused() {
    let exchange = Exchange::start(Options { sites: Sites::Several, ..Options::quiet() }).await.unwrap();
    let refused = FaultKind::Status { code: 403, retry_after: None };
    exchange.faults().set(Fault::new(refused).on(ServiceName::Fonial).path("/api/2.0/devices/get"));
    let desktop = tokio::task::block_in_place(|| Desktop::start(Parts::default())).unwrap();
    desktop.configure(&exchange.config_toml()).unwrap();
    let app = Running::start(&desktop, Some(&exchange), &["--in-tray"]).unwrap();
    drop(Socket::open(&desktop, PATIENCE).await.unwrap());
    let told = until("the refusal through the app", PATIENCE, async || {
        let done = run(&desktop, &exchange, &["--json", "extensions"]);
        (done.code() == Some(3)).then_some(done)
    });
    assert!(told.await.unwrap().errors()[0].1.starts_with("hamburg: "));
    desktop.output("kill", &["-s", "STOP", &app.pid().to_string()]).unwrap();
    for arguments in [&["--json", "calls"][..], &["--json", "tel:+4922166966966"]] {
        let begun = Instant::now();
        let done = run(&desktop, &exchange, arguments);
        assert_eq!((done.code(), done.errors()[0].0.as_str()), (Some(4), "not_answering"), "{done:?}");
        assert!(done.errors()[0].1.contains(&app.pid().to_string()), "{done:?}");
        let took = begun.elapsed();
        assert!((4..9).contains(&took.as_secs()), "{arguments:?}: {took:?}");
    }
    desktop.output("kill", &["-s", "CONT", &app.pid().to_string()]).unwrap();
    let again = run(&desktop, &exchange, &["--json", "calls", "--account", "office"]);
    assert_eq!(again.code(), Some(0), "{again:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_that_cannot_be_made_is_said_where_somebody_sees_it() {
    let parts = Parts { notifications: true, ..Parts::default() };
    let desktop = tokio::task::block_in_place(|| Desktop::start(parts)).unwrap();
    let mut app = desktop.command(binary().unwrap());
    app.env("DISPLAY", ":4711").stderr(Stdio::piped());
    let done = Done(tokio::task::block_in_place(|| app.output()).unwrap());
    assert!(done.code().is_some_and(|code| code != 0), "{done:?}");
    assert!(done.words().contains("display"), "{}", done.words());
    let shown = until("the notification", Duration::from_secs(5), async || {
        let shown = notifications(&desktop).ok()?.to_string();
        shown.contains("could not open its window").then_some(shown)
    });
    assert!(shown.await.unwrap().contains("display"));
}

//! `history` reads what the services keep before it prints.

use ringside_exchange::{Exchange, Fault, FaultKind, FonialOptions, Options, ServiceName, Sites};
use ringside_tests::bare::Bare;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_services_records_are_read_or_said_to_be_unread() {
    let fonial = FonialOptions { past_calls: 40, ..FonialOptions::default() };
    let options = Options { sites: Sites::Several, fonial, ..Options::quiet() };
    let exchange = Exchange::start(options).await.unwrap();
    let done = Bare::on(&exchange).run(&["--json", "history"]).await;
    assert_eq!((done.code(), done.words().as_str()), (Some(0), ""));
    let of_fonial = done.rows().iter().filter(|row| row["account"] == "hamburg").count();
    assert!(of_fonial >= 10, "{of_fonial} of the record's calls: {done:?}");
    for path in ["/api/2.0/journal/get", "/api/2.0/evn/get"] {
        let refused = FaultKind::Status { code: 403, retry_after: None };
        exchange.faults().set(Fault::new(refused).on(ServiceName::Fonial).path(path));
    }
    let bare = Bare::on(&exchange);
    let unread = bare.run(&["--json", "history"]).await;
    assert_eq!((unread.code(), unread.errors().len()), (Some(3), 1), "{}", unread.words());
    assert!(unread.errors()[0].1.starts_with("hamburg: its record of past calls was not read"), "{}", unread.words());
    let others = bare.run(&["--json", "history", "--account", "office"]).await;
    assert_eq!(others.code(), Some(0), "{}", others.words());
    let config = exchange.config_toml();
    exchange.go_down();
    let dead = Bare::with(&exchange, &config).run(&["--json", "history"]).await;
    assert_eq!((dead.code(), dead.errors().len()), (Some(4), 3), "{}", dead.words());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_account_the_history_needs_nobody() {
    let done = Bare::new().run(&["--json", "history"]).await;
    assert_eq!((done.code(), done.words().as_str()), (Some(0), ""));
}

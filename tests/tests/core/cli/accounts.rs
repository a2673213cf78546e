//! A test of an account has passed when something was read.

use ringside_exchange::{Exchange, Fault, FaultKind, Options, ServiceName, Sites};
use ringside_tests::bare::Bare;

/// Every address with data, of accounts whose sign-in goes on working.
const DATA: [(ServiceName, &str); 5] = [
    (ServiceName::Nfon, "/v1/extensions/"),
    (ServiceName::Fonial, "/api/2.0/devices/get"),
    (ServiceName::Fonial, "/api/2.0/numbers/get"),
    (ServiceName::Fonial, "/api/2.0/journal/get"),
    (ServiceName::Fonial, "/api/2.0/evn/get"),
];

fn status(code: u16) -> FaultKind {
    FaultKind::Status { code, retry_after: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_of_which_nothing_can_be_read_has_not_passed() {
    let exchange = Exchange::start(Options { sites: Sites::Several, ..Options::quiet() }).await.unwrap();
    let bare = Bare::on(&exchange);
    for (answer, code, reason) in [(403, 3, "forbidden"), (404, 4, "no_such_address")] {
        for (service, path) in DATA {
            exchange.faults().set(Fault::new(status(answer)).on(service).path(path));
        }
        exchange.faults().set(Fault::new(status(404)).on(ServiceName::Tenios));
        for account in ["office", "hamburg"] {
            let done = bare.run(&["--json", "accounts", "test", account]).await;
            assert_eq!((done.code(), done.rows().len()), (Some(code), 1), "{answer} {account}: {done:?}");
            assert_eq!(done.errors()[0].0, reason, "{answer} {account}: {}", done.words());
        }
        let done = bare.run(&["--json", "accounts", "test", "berlin"]).await;
        assert_eq!((done.code(), done.errors()[0].0.as_str()), (Some(4), "no_such_address"), "{done:?}");
        exchange.faults().clear();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_works_in_part_has_passed_and_says_what_does_not() {
    let exchange = Exchange::start(Options { sites: Sites::Several, ..Options::quiet() }).await.unwrap();
    let bare = Bare::on(&exchange);
    for (service, path, account) in [
        (ServiceName::Nfon, "/v1/extensions/phone/calls", "office"),
        (ServiceName::Fonial, "/api/2.0/devices/get", "hamburg"),
        (ServiceName::Tenios, "/cloud-pbx/list", "berlin"),
    ] {
        exchange.faults().set(Fault::new(status(403)).on(service).path(path));
        let done = bare.run(&["--json", "accounts", "test", account]).await;
        assert_eq!(done.code(), Some(0), "{account}: {}", done.words());
        let row = done.rows().pop().unwrap();
        assert_eq!(row["link"], "degraded", "{row}");
        assert!(row["reason"].as_str().is_some_and(|reason| reason.starts_with("forbidden: ")), "{row}");
    }
}

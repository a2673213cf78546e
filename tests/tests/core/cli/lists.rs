//! A list that a service refused is not an empty list.

use ringside_exchange::{Exchange, Fault, FaultKind, Options, ServiceName, Sites};
use ringside_tests::bare::Bare;

/// Where each service lists its people.
const LISTS: [(ServiceName, &str, &str); 4] = [
    (ServiceName::Nfon, "/v1/extensions/phone/data", "office"),
    (ServiceName::Fonial, "/api/2.0/devices/get", "hamburg"),
    (ServiceName::Tenios, "/cloud-pbx/list", "berlin"),
    (ServiceName::Voicenter, "/Comet/api/GetExtensions", "haifa"),
];

async fn sites() -> Exchange {
    Exchange::start(Options { sites: Sites::Several, ..Options::quiet() }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_list_ends_with_a_code_and_names_each_account() {
    let exchange = sites().await;
    for (what, code) in [
        (FaultKind::Status { code: 403, retry_after: None }, 3),
        (FaultKind::Status { code: 404, retry_after: None }, 4),
        (FaultKind::Status { code: 500, retry_after: None }, 4),
        (FaultKind::HtmlInsteadOfJson, 4),
        (FaultKind::TruncatedBody { bytes: 20 }, 4),
    ] {
        for (service, path, _) in LISTS {
            exchange.faults().set(Fault::new(what.clone()).on(service).path(path));
        }
        let done = Bare::on(&exchange).run(&["--json", "extensions"]).await;
        let errors = done.errors();
        for (service, _, account) in LISTS {
            let named = errors.iter().any(|(_, message)| message.starts_with(&format!("{account}: ")));
            assert!(named, "{what:?}: {service} said no and nothing tells of it: {}", done.words());
        }
        assert_eq!(done.code(), Some(code), "{what:?}: {done:?}");
        exchange.faults().clear();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_read_of_the_others_is_printed_all_the_same() {
    let exchange = sites().await;
    let refused = FaultKind::Status { code: 403, retry_after: None };
    exchange.faults().set(Fault::new(refused.clone()).on(ServiceName::Fonial).path("/api/2.0/devices/get"));
    let bare = Bare::on(&exchange);
    let done = bare.run(&["--json", "extensions"]).await;
    let rows = done.rows();
    let of = |account: &str| rows.iter().filter(|row| row["account"] == account).count();
    assert!(of("office") > 0 && of("haifa") > 0 && of("berlin") > 0 && of("hamburg") == 0, "{rows:?}");
    assert_eq!((done.code(), done.errors().len()), (Some(3), 1), "{}", done.words());
    assert!(done.errors()[0].1.starts_with("hamburg: "), "{}", done.words());
    // The others are not in its trouble, nor are lines of services that tell them.
    for arguments in [["extensions", "--account", "office"], ["lines", "--account", "haifa"]] {
        let done = bare.run(&arguments).await;
        assert_eq!(done.code(), Some(0), "{arguments:?}: {}", done.words());
    }
    let plain = bare.run(&["extensions"]).await;
    assert!(plain.words().contains("error: hamburg: "), "{}", plain.words());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_list_hangs_on_its_own_part_of_the_account() {
    let exchange = sites().await;
    let refused = FaultKind::Status { code: 403, retry_after: None };
    let calls = Fault::new(refused.clone()).on(ServiceName::Nfon).method("GET").path("/v1/extensions/phone/calls");
    exchange.faults().set(calls);
    let scenarios = Fault::new(refused).on(ServiceName::Swisscom).method("GET");
    exchange.faults().set(scenarios);
    let bare = Bare::on(&exchange);
    for (arguments, code) in [
        (["calls", "--account", "office"], 3),
        (["extensions", "--account", "office"], 0),
        (["lines", "--account", "office"], 0),
        (["scenarios", "--account", "forwarding"], 3),
    ] {
        let done = bare.run(&arguments).await;
        assert_eq!(done.code(), Some(code), "{arguments:?}: {}", done.words());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_without_a_list_of_numbers_says_so() {
    let exchange = sites().await;
    let bare = Bare::on(&exchange);
    for (account, code) in [("berlin", 6), ("office", 6), ("hamburg", 0)] {
        let done = bare.run(&["--json", "number", "list", "--account", account]).await;
        assert_eq!(done.code(), Some(code), "{account}: {done:?}");
    }
}

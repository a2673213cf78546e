//! Dialling without the app, and ending what was dialled.

use std::time::Duration;

use ringside_exchange::{CalleeBehaviour, DialBehaviour, Exchange, Fault, FaultKind, Options, ServiceName, Sites};
use ringside_tests::bare::{Bare, Done};
use ringside_tests::services;

const NUMBER: &str = "+4922166966966";

async fn quiet() -> Exchange {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    exchange.office().set_dial_behaviour(DialBehaviour::by_hand());
    exchange
}

fn call_of(done: &Done) -> String {
    let rows = done.rows();
    let named = rows.iter().rev().find_map(|row| row["call"].as_str());
    named.unwrap_or_else(|| panic!("no call: {done:?}")).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_a_command_placed_is_ended_by_the_next() {
    let exchange = quiet().await;
    let bare = Bare::on(&exchange);
    let dialled = bare.run(&["--json", "dial", NUMBER]).await;
    assert_eq!(dialled.code(), Some(0), "{}", dialled.words());
    let call = call_of(&dialled);
    assert_eq!(exchange.office().calls().len(), 1, "it rings");
    let ended = bare.run(&["--json", "hangup", &call]).await;
    assert_eq!(ended.code(), Some(0), "{}", ended.words());
    assert!(exchange.office().calls().iter().all(|call| !call.is_live()), "it does not ring any more");
    let row = ended.rows().pop().unwrap();
    assert_eq!((row["call"].as_str(), row["account"].as_str()), (Some(call.as_str()), Some("office")), "{row}");
    let nobodys = bare.run(&["--json", "hangup", "0191"]).await;
    assert_eq!((nobodys.code(), nobodys.errors()[0].0.as_str()), (Some(5), "no_call"));
    exchange.go_down();
    let unreachable = bare.run(&["--json", "hangup", "0191"]).await;
    assert_eq!(unreachable.code(), Some(4), "it may be there: {}", unreachable.words());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_behind_the_number_is_said_to_be_left_out() {
    let exchange = quiet().await;
    let bare = Bare::on(&exchange);
    let done = bare.run(&["--json", "dial", "+49 221 66966966,,12#"]).await;
    assert_eq!(done.code(), Some(0), "{}", done.words());
    let rows = done.rows();
    assert_eq!(
        (rows[0]["number"].as_str(), rows[0]["not_dialled"].as_str()),
        (Some(NUMBER), Some(",,12#")),
        "{rows:?}"
    );
    let plain = bare.run(&["dial", "+49 221 66966966,,12#"]).await;
    assert!(plain.words().contains("Not dialled: ,,12#"), "{}", plain.words());
    let whole = bare.run(&["--json", "dial", NUMBER]).await;
    assert!(whole.rows()[0].get("not_dialled").is_some_and(serde_json::Value::is_null), "{whole:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_cannot_be_asked_for_its_lines_is_not_a_line_that_does_not_exist() {
    let exchange = quiet().await;
    let from = ["--json", "dial", NUMBER, "--from", "44"];
    let wrong = Bare::on(&exchange).with_wrong_secret(exchange.environment()[0].0).run(&from).await;
    assert_eq!((wrong.code(), wrong.errors()[0].0.as_str()), (Some(3), "sign_in_refused"), "{}", wrong.words());
    let nowhere = Bare::on(&exchange).run(&["--json", "dial", NUMBER, "--from", "4711"]).await;
    assert_eq!((nowhere.code(), nowhere.errors()[0].0.as_str()), (Some(5), "no_line"), "{}", nowhere.words());
    let config = exchange.config_toml();
    exchange.go_down();
    let dead = Bare::with(&exchange, &config).run(&from).await;
    assert_eq!((dead.code(), dead.errors()[0].0.as_str()), (Some(4), "unreachable"), "{}", dead.words());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_lasts_until_events_say_what_became_of_it() {
    let exchange = Exchange::start(Options { sites: Sites::Several, ..Options::quiet() }).await.unwrap();
    let mut config = services::config(&exchange).replace("\"keyring\"", "SECRET");
    for (name, _) in exchange.environment() {
        config = config.replacen("secret = SECRET", &format!("secret = {{ env = \"{name}\" }}"), 1);
    }
    let bare = Bare::with(&exchange, &config);
    let listed = bare.run(&["--json", "extensions"]).await;
    let first = |account: &str| {
        let rows = listed.rows();
        let row = rows.iter().find(|row| row["account"] == account).unwrap_or_else(|| panic!("{listed:?}"));
        format!("{account}/{}", row["extension"].as_str().unwrap())
    };
    let moment = Duration::from_millis(300);
    exchange.office().set_dial_behaviour(DialBehaviour::at_once().with_callee(CalleeBehaviour::Busy(moment)));
    let busy = bare.run(&["--json", "dial", "+97231234567", "--from", &first("haifa"), "--wait"]).await;
    let last = busy.rows().pop().unwrap();
    assert_eq!((busy.code(), last["phase"].as_str()), (Some(3), Some("ended")), "told by events: {busy:?}");
    // In the service's own words, which know no busy line of a call that was dialled this way.
    assert!(["busy", "cancelled"].contains(&last["outcome"].as_str().unwrap()), "{busy:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_can_be_learnt_waiting_ends_at_once_and_says_so() {
    let exchange = Exchange::start(Options { sites: Sites::Several, ..Options::quiet() }).await.unwrap();
    for path in ["/api/2.0/journal/get", "/api/2.0/evn/get"] {
        let refused = FaultKind::Status { code: 403, retry_after: None };
        exchange.faults().set(Fault::new(refused).on(ServiceName::Fonial).path(path));
    }
    let bare = Bare::on(&exchange);
    let listed = bare.run(&["--json", "extensions", "--account", "hamburg"]).await;
    let device = listed.rows()[0]["extension"].as_str().unwrap().to_owned();
    let from = format!("hamburg/{device}");
    let done = bare.run(&["--json", "dial", NUMBER, "--from", &from, "--wait"]).await;
    assert_eq!((done.code(), done.errors()[0].0.as_str()), (Some(4), "unconfirmed"), "{done:?}");
    assert_eq!(done.rows().pop().unwrap()["outcome"], "unknown", "{done:?}");
    let taken = bare.run(&["--json", "dial", NUMBER, "--from", &from]).await;
    assert_eq!(taken.code(), Some(0), "without waiting it is enough that it was taken: {taken:?}");
}

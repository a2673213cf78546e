//! What services send unasked: cards, history and notices.

use std::time::Duration;

use ringside_api::view::{CardView, HistoryFilter, HistorySource, NumberJobStage, ReceiverView};
use ringside_api::{ApiEvent, Reply, Request};
use ringside_domain::{Outcome, Phase};
use ringside_exchange::{Options, RingSpec, TeniosOptions, VoicenterPushForm};
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::number_jobs::{address, pdf};
use crate::raw;
use crate::receiver_settings::free_port;
use crate::rig::Rig;

pub const COLOGNE: &str = "4922166966966";

pub async fn view(rig: &Rig) -> ReceiverView {
    match rig.call(Request::Receiver {}).await {
        Ok(Reply::Receiver { receiver }) => receiver,
        other => panic!("no receiver: {other:?}"),
    }
}

/// Once it listens, and both accounts have their address.
pub async fn listening(rig: &Rig) -> ReceiverView {
    until(rig, "it listens for both", |it| it.listening.is_some() && it.accounts.len() == 2).await
}

pub async fn until(rig: &Rig, what: &str, so: impl Fn(&ReceiverView) -> bool) -> ReceiverView {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(15);
    loop {
        let now = view(rig).await;
        if so(&now) {
            return now;
        }
        assert!(tokio::time::Instant::now() < deadline, "never so: {what}\n{now:#?}");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

pub fn url(view: &ReceiverView, account: &str) -> String {
    view.accounts.iter().find(|it| it.account == account).unwrap().local_url.clone()
}

async fn set_in_portal(place: &str, to: &str) {
    assert_eq!(raw::send("PUT", place, "connection: close\r\n", to.as_bytes()).await.status, 204);
}

fn card(event: &ApiEvent) -> Option<CardView> {
    match event {
        ApiEvent::Card { card } => Some(card.clone()),
        _ => None,
    }
}

/// The notification about a call that is over, as the service writes it.
pub fn record(call: &str, status: &str) -> String {
    // The service counts as a clock in Israel shows it; whatever it shows lies in the past.
    let at = ringside_app::clock::wall_clock().as_second();
    json!({"ivruniqueid": call, "caller": COLOGNE, "target": "493022000031", "did": "493022000031", "time": at,
        "duration": 65, "dialtime": 5, "status": status, "targetextension": "SIP31", "callerextension": ""})
    .to_string()
}

#[tokio::test]
async fn a_post_of_a_call_is_a_card_and_then_a_row() {
    let mut rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let to = url(&listening(&rig).await, "voice");
    set_in_portal(&format!("{}/_portal/posts", rig.exchange.tenios_url()), &to).await;
    let call = rig.exchange.ring(RingSpec::to("31").from(COLOGNE).dialled("492214710900"));
    let ringing = rig.event("the card", card).await;
    assert_eq!((ringing.leg.account.as_str(), ringing.leg.phase), ("voice", Phase::Ringing));
    assert_eq!(ringing.leg.remote.dial.as_deref(), Some("+4922166966966"));
    call.answer("31");
    let answered = rig.event("the answered card", |e| card(e).filter(|c| c.leg.phase == Phase::Connected)).await;
    assert_eq!(answered.id, ringing.id);
    call.hang_up();
    let row = rig
        .event("the row", |event| match event {
            ApiEvent::History { row } if row.account == "voice" && row.outcome.is_some() => Some(row.clone()),
            _ => None,
        })
        .await;
    assert_eq!(row.outcome, Some(Outcome::Answered));
    let deliveries = rig.exchange.tenios().deliveries();
    assert!(deliveries.iter().all(|it| it.status == Some(200)), "{deliveries:?}");
    let told = until(&rig, "counted", |it| it.accounts.iter().any(|it| it.account == "voice" && it.taken >= 3)).await;
    let voice = told.accounts.iter().find(|it| it.account == "voice").unwrap();
    assert!(voice.refused == 0 && voice.last_refused.is_none() && voice.last_at.is_some(), "{voice:?}");
}

#[tokio::test]
async fn a_pop_up_is_a_card_and_the_notification_the_last_word_in_each_form() {
    for form in [VoicenterPushForm::Json, VoicenterPushForm::Form, VoicenterPushForm::Other] {
        let mut options = Options::quiet();
        options.voicenter.push_form = form;
        let mut rig = Rig::with_pushes(options, |_| {}).await;
        let to = url(&listening(&rig).await, "clinic");
        let portal = format!("{}/_portal", rig.exchange.voicenter_url());
        set_in_portal(&format!("{portal}/pop-ups"), &to).await;
        set_in_portal(&format!("{portal}/records"), &to).await;
        let call = rig.exchange.ring(RingSpec::to("31").from(COLOGNE));
        let ringing = rig.event("the card", card).await;
        assert_eq!((ringing.leg.account.as_str(), ringing.leg.phase), ("clinic", Phase::Ringing), "{form:?}");
        call.answer("31");
        rig.event("the answered card", |e| card(e).filter(|c| c.leg.phase == Phase::Connected)).await;
        call.hang_up();
        let filter = || HistoryFilter { account: Some("clinic".into()), ..HistoryFilter::default() };
        let mut row = None;
        for _ in 0..200 {
            let page = rig.history(filter()).await;
            row = page.rows.into_iter().find(|row| row.sources.len() == 2);
            if row.is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let row = row.expect("live and told are one row");
        assert_eq!((row.outcome, row.provisional), (Some(Outcome::Answered), false), "{form:?}");
        assert_eq!(rig.history(filter()).await.rows.len(), 1, "{form:?}");
    }
}

#[tokio::test]
async fn what_was_acknowledged_is_in_the_history_once_however_often_it_comes() {
    let mut rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let to = url(&listening(&rig).await, "clinic");
    let body = record("x1", "ANSWER");
    let sent: Vec<_> = (0..10)
        .map(|_| {
            tokio::spawn({
                let (to, body) = (to.clone(), body.clone());
                async move { raw::post(&to, &body).await.status }
            })
        })
        .collect();
    for status in sent {
        assert_eq!(status.await.unwrap(), 200);
    }
    rig.app.stop().await;
    rig.reopen().await;
    let page = rig.history(HistoryFilter::default()).await;
    assert_eq!(page.rows.len(), 1);
    let row = &page.rows[0];
    assert_eq!(
        (row.call.as_str(), row.outcome, &row.sources[..]),
        ("x1", Some(Outcome::Answered), &[HistorySource::Journal][..])
    );
    assert!(rig.snapshot().await.cards.is_empty(), "a call that is over rings nowhere");
}

#[tokio::test]
async fn nothing_is_kept_where_no_history_is() {
    let rig = Rig::with_pushes(Options::quiet(), |config| config.history.days = 0).await;
    let to = url(&listening(&rig).await, "clinic");
    assert_eq!(raw::post(&to, &record("x1", "ANSWER")).await.status, 200);
    assert!(rig.history(HistoryFilter::default()).await.rows.is_empty());
}

#[tokio::test]
async fn what_is_not_proven_is_turned_away_and_told_once() {
    let mut rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let to = url(&listening(&rig).await, "voice");
    let post = |key: Option<&str>| {
        json!({"requestType": "CALL_START", "customerNumber": 1, "accessKey": key,
            "variables": {"destination_number": "+492214710900", "caller_id_number": "+4922166966966", "call_uuid": "a"}})
        .to_string()
    };
    for key in [Some("wrong"), Some(""), None] {
        let answer = raw::post(&to, &post(key)).await;
        assert_eq!((answer.status, answer.body.as_str()), (403, ""));
    }
    let told = until(&rig, "counted", |it| it.accounts.iter().any(|it| it.refused == 3)).await;
    let voice = told.accounts.iter().find(|it| it.account == "voice").unwrap();
    assert_eq!((voice.taken, voice.last_refused.as_ref().unwrap().code.as_str()), (0, "push_unproven"));
    let notice = rig
        .event("the notice", |event| match event {
            ApiEvent::Notice { notice } if notice.id == "receiver.voice" => Some(notice.clone()),
            _ => None,
        })
        .await;
    assert!(notice.problem.message.starts_with("voice: "), "{notice:?}");
    rig.call(Request::DismissNotice { id: notice.id }).await.unwrap();
    raw::post(&to, &post(None)).await;
    until(&rig, "counted", |it| it.accounts.iter().any(|it| it.refused == 4)).await;
    rig.event("the count is told", |event| match event {
        ApiEvent::Receiver { receiver } if receiver.accounts.iter().any(|it| it.refused == 4) => Some(()),
        _ => None,
    })
    .await;
    let snapshot = rig.snapshot().await;
    assert!(snapshot.notices.iter().all(|it| it.id != "receiver.voice"), "once a run: {:?}", snapshot.notices);
    assert!(snapshot.legs.is_empty(), "it tells nothing");
}

#[tokio::test]
async fn an_ordered_number_arrives_by_the_push_it_was_ordered_with() {
    let port = free_port().await;
    let (approval, completion) = (Duration::ZERO, Duration::from_millis(300));
    let tenios = TeniosOptions { approval, completion, ..TeniosOptions::default() };
    let mut rig = Rig::with_pushes(Options { tenios, ..Options::quiet() }, |config| {
        config.receiver.listen = format!("127.0.0.1:{port}");
        config.receiver.public_url = format!("http://127.0.0.1:{port}/calls");
    })
    .await;
    listening(&rig).await;
    let (intent, account) = ("once".to_owned(), "voice".to_owned());
    let verify = Request::VerifyAddress { intent, account, address: address(&pdf()) };
    let Ok(Reply::NumberJob { job }) = rig.call(verify).await else { panic!("the address was taken") };
    let asked = rig.call(Request::OrderNumber { job: job.id, link_to: None }).await;
    let Ok(Reply::NumberJob { job }) = asked else { panic!("the order was taken: {asked:?}") };
    assert!(job.stage == NumberJobStage::Ordered && job.push, "{job:?}");
    let done = rig
        .event("the number", |event| match event {
            ApiEvent::NumberJob { job } if job.stage == NumberJobStage::Completed => Some(job.clone()),
            _ => None,
        })
        .await;
    assert_eq!(done.id, job.id);
    assert!(done.brought.len() == 1 && done.brought[0].contains("221"), "{done:?}");
}

/// Word that order 4712 is done, as the service writes it.
fn completed(rig: &Rig) -> String {
    json!({"order_id": 4712, "number": "+492214710999", "status": "COMPLETED",
        "push_secret": rig.order_secret().expose_secret()})
    .to_string()
}

#[tokio::test]
async fn news_of_an_order_that_is_not_known_here_is_told() {
    let mut rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let to = url(&listening(&rig).await, "voice");
    assert_eq!(raw::post(&format!("{to}/orders"), &completed(&rig)).await.status, 200);
    let said = rig
        .event("the notice", |event| match event {
            ApiEvent::Notice { notice } if notice.problem.code == "order_unknown" => {
                Some(notice.problem.message.clone())
            }
            _ => None,
        })
        .await;
    assert!(said.contains("+492214710999"), "{said}");
}

#[tokio::test]
async fn news_of_an_order_that_the_disk_refuses_is_asked_for_again_and_told() {
    let mut rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    rig.leave_as_of_a_later_version().await;
    rig.reopen().await;
    rig.until_both_are_online().await;
    let to = url(&listening(&rig).await, "voice");
    for _ in 0..3 {
        let answer = raw::post(&format!("{to}/orders"), &completed(&rig)).await;
        assert_eq!((answer.status, answer.head.contains("retry-after: 30")), (503, true), "{answer:?}");
    }
    let notices = |snapshot: &ringside_api::view::Snapshot| {
        snapshot.notices.iter().filter(|it| it.problem.code == "number_job_unwritten").cloned().collect::<Vec<_>>()
    };
    let told = notices(&rig.eventually("the notice", |snapshot| !notices(snapshot).is_empty()).await);
    assert_eq!(told.len(), 1, "one order, one notice: {told:?}");
    assert!(told[0].problem.message.contains("+492214710999") && !told[0].problem.hint.is_empty(), "{told:?}");
    let voice = until(&rig, "counted", |it| it.accounts.iter().any(|it| it.refused == 3)).await;
    assert!(voice.accounts.iter().all(|it| it.taken == 0), "{voice:?}");
}

#[tokio::test]
async fn the_vendors_own_page_reads_the_answer_and_no_other() {
    let rig = Rig::with_pushes(Options::quiet(), |_| {}).await;
    let view = listening(&rig).await;
    let page = "origin: chrome-extension://ifiaikfdhcagbagdeflffjdammidpbio\r\n";
    let other = "origin: https://evil.example\r\n";
    let asked = raw::send("OPTIONS", &url(&view, "clinic"), page, b"").await;
    assert_eq!(asked.status, 204);
    assert!(asked.head.contains("access-control-allow-origin: chrome-extension://ifia"), "{}", asked.head);
    assert!(!asked.head.contains("allow-credentials"));
    let query = format!("{}?phone=0501234567&ivrid=x1&extenUser=SIP31&statusCall=Ringing", url(&view, "clinic"));
    let told = raw::send("GET", &query, page, b"").await;
    assert_eq!(told.status, 200);
    assert!(told.head.contains("access-control-allow-origin: chrome-extension://ifia"), "{}", told.head);
    for (account, origin) in [("clinic", other), ("voice", page), ("voice", other)] {
        let answer = raw::send("OPTIONS", &url(&view, account), origin, b"").await;
        assert!(!answer.head.contains("access-control-allow-origin"), "{}", answer.head);
    }
}

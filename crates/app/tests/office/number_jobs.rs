//! Undertakings with numbers: each request leaves once, whatever happens, and nothing is lost over a restart.

use std::fs;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ringside_api::view::{AddressDraft, NumberJobStage, NumberJobView};
use ringside_api::{ApiError, ApiEvent, Reply, Request};
use ringside_app::clock::wall_clock;
use ringside_domain::{AccountId, Label, LinkPhase, OrderState, OrderUpdate};
use ringside_exchange::{Exchange, Fault, FaultKind, Options, ServiceName, TeniosOptions};
use ringside_store::{Begun, JobKind, JobStage, NewJob, OrderTold, Store};
use ringside_testkit::holds;

use crate::accounts::{Entry, voice};
use crate::rig::Rig;

const VERIFY: &str = "/verification/create";
const ORDER: &str = "/number/order";
const CANCEL: &str = "/number/cancel";
const CANARY: &str = "canary-of-somebodys-papers";

/// One page, with a table and a trailer that fit.
pub fn pdf() -> Vec<u8> {
    let objects = format!(
        "%PDF-1.4\n%{CANARY}\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] \
        /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\n"
    );
    let rest = format!("xref\n0 0\ntrailer\n<< /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", objects.len());
    format!("{objects}{rest}").into_bytes()
}

pub fn address(document: &[u8]) -> AddressDraft {
    AddressDraft {
        country: "Germany".to_owned(),
        city: "Köln".to_owned(),
        zip: "50667".to_owned(),
        street: "Domkloster".to_owned(),
        house_number: "4".to_owned(),
        area_code: "221".to_owned(),
        document_kind: "BUSINESS_LICENSE".to_owned(),
        document_name: "C:\\papers\\licence.pdf".to_owned(),
        document: BASE64_STANDARD.encode(document),
    }
}

fn hand_in(intent: &str, address: AddressDraft) -> Request {
    Request::VerifyAddress { intent: intent.to_owned(), account: "voice".to_owned(), address }
}

fn order(job: &NumberJobView) -> Request {
    Request::OrderNumber { job: job.id, link_to: None }
}

fn give_back(intent: &str) -> Request {
    Request::CancelNumber { intent: intent.to_owned(), account: "voice".to_owned(), number: "0221 4710000".to_owned() }
}

fn settle(job: &NumberJobView, taken: bool, reference: &str) -> Request {
    Request::SettleNumberJob { id: job.id, taken, reference: reference.to_owned() }
}

fn accounts(exchange: &Exchange) -> Vec<Entry> {
    vec![voice(exchange)]
}

async fn seeded(approval: Duration, seed: impl AsyncFnOnce(&Store)) -> Rig {
    let tenios = TeniosOptions { approval, completion: Duration::ZERO, ..TeniosOptions::default() };
    let mut rig = Rig::with_accounts(Options { tenios, ..Options::quiet() }, accounts, seed).await;
    online(&mut rig).await;
    rig
}

async fn rig() -> Rig {
    seeded(Duration::ZERO, async |_| {}).await
}

async fn online(rig: &mut Rig) {
    rig.eventually("online", |snapshot| snapshot.accounts.iter().all(|it| it.link.phase == LinkPhase::Online)).await;
}

async fn ask(rig: &Rig, request: Request) -> Result<NumberJobView, ApiError> {
    match rig.call(request).await? {
        Reply::NumberJob { job } => Ok(*job),
        other => panic!("no job: {other:?}"),
    }
}

async fn jobs(rig: &Rig) -> Vec<NumberJobView> {
    match rig.call(Request::NumberJobs {}).await {
        Ok(Reply::NumberJobs { jobs }) => jobs,
        other => panic!("no jobs: {other:?}"),
    }
}

async fn verified(rig: &Rig) -> NumberJobView {
    let job = ask(rig, hand_in("one", address(&pdf()))).await.unwrap();
    assert_eq!((job.stage, job.problem.clone()), (NumberJobStage::Verified, None));
    job
}

fn posts(rig: &Rig, path: &str) -> usize {
    rig.exchange.tape().count_of(ServiceName::Tenios, "POST", path)
}

fn lose_answer(rig: &Rig, path: &str) {
    rig.exchange.faults().set(Fault::new(FaultKind::LostAnswer).on(ServiceName::Tenios).path(path).once());
}

fn code(job: &NumberJobView) -> Option<&str> {
    job.problem.as_ref().map(|problem| problem.code.as_str())
}

#[tokio::test]
async fn an_address_a_number_and_its_end() {
    let mut rig = rig().await;
    let job = verified(&rig).await;
    assert_eq!(job.subject, "221, 50667 Köln");
    assert_eq!((job.document_name.as_str(), job.by.as_str(), job.push), ("licence.pdf", "tester", false));
    assert!(!job.verification.is_empty());
    let begun = rig
        .event("that it is on its way", |event| match event {
            ApiEvent::NumberJob { job } => Some(job.clone()),
            _ => None,
        })
        .await;
    assert_eq!((begun.id, begun.stage), (job.id, NumberJobStage::Verifying));

    let request = Request::OrderNumber { job: job.id, link_to: Some("+49 221 4710999".to_owned()) };
    let ordered = ask(&rig, request).await.unwrap();
    assert_eq!((ordered.stage, ordered.link_to.as_deref()), (NumberJobStage::Ordered, Some("+492214710999")));
    assert_eq!(ordered.order, rig.exchange.tenios().orders()[0].id.to_string());
    let arrived = Request::NumberArrived { id: job.id, number: "0221 4710000".to_owned() };
    let completed = ask(&rig, arrived).await.unwrap();
    assert_eq!(
        (completed.stage, completed.brought.as_slice()),
        (NumberJobStage::Completed, &["+492214710000".to_owned()][..])
    );

    while rig.exchange.tenios().numbers().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let cancelled = ask(&rig, give_back("two")).await.unwrap();
    assert_eq!((cancelled.stage, cancelled.subject.as_str()), (NumberJobStage::Cancelled, "+49 221 471 0000"));
    assert_eq!(cancelled.brought[0].len(), "2019-01-01".len());
    rig.reopen().await;
    let kept = jobs(&rig).await;
    assert_eq!(kept, [cancelled, completed], "newest first, over a restart");
    let dropped = ask(&rig, Request::DropNumberJob { id: job.id }).await.unwrap();
    assert_eq!(dropped.stage, NumberJobStage::Dropped);
    assert_eq!((posts(&rig, VERIFY), posts(&rig, ORDER), posts(&rig, CANCEL)), (1, 1, 1));
}

#[tokio::test]
async fn an_order_before_the_approval_can_be_given_again_later() {
    let rig = seeded(Duration::from_secs(3600), async |_| {}).await;
    let job = verified(&rig).await;
    for sent in 1..=2 {
        let early = ask(&rig, order(&job)).await.unwrap();
        assert_eq!((early.stage, code(&early)), (NumberJobStage::Verified, Some("refused")));
        assert!(early.problem.unwrap().message.contains("approves an address first"));
        assert_eq!(posts(&rig, ORDER), sent, "once for each time somebody ordered");
    }
}

#[tokio::test]
async fn a_double_click_sends_once() {
    let rig = rig().await;
    let (one, two, three) = tokio::join!(
        ask(&rig, hand_in("one", address(&pdf()))),
        ask(&rig, hand_in("one", address(&pdf()))),
        ask(&rig, hand_in("one", address(&pdf()))),
    );
    let ids = [one.unwrap().id, two.unwrap().id, three.unwrap().id];
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let job = ask(&rig, hand_in("one", address(&pdf()))).await.unwrap();
    assert_eq!((job.stage, posts(&rig, VERIFY)), (NumberJobStage::Verified, 1));

    let (first, second) = tokio::join!(ask(&rig, order(&job)), ask(&rig, order(&job)));
    let refused = if first.is_ok() { second } else { first }.unwrap_err();
    assert_eq!((refused.code.as_str(), posts(&rig, ORDER)), ("out_of_turn", 1));

    let slowly = Fault::new(FaultKind::Delay { ms: 300 }).on(ServiceName::Tenios).path(CANCEL);
    rig.exchange.faults().set(slowly);
    let (first, second) = tokio::join!(ask(&rig, give_back("two")), ask(&rig, give_back("three")));
    assert_eq!(first.unwrap().id, second.unwrap().id);
    assert_eq!(posts(&rig, CANCEL), 1);
}

#[tokio::test]
async fn a_lost_answer_waits_for_somebody_who_looks() {
    let mut rig = rig().await;
    lose_answer(&rig, VERIFY);
    let job = ask(&rig, hand_in("one", address(&pdf()))).await.unwrap();
    assert_eq!((job.stage, code(&job)), (NumberJobStage::VerifyUnconfirmed, Some("unconfirmed")));
    let again = ask(&rig, hand_in("one", address(&pdf()))).await.unwrap();
    assert_eq!((again.id, again.stage, posts(&rig, VERIFY)), (job.id, NumberJobStage::VerifyUnconfirmed, 1));
    assert_eq!(ask(&rig, order(&job)).await.unwrap_err().code, "out_of_turn");
    assert_eq!(ask(&rig, settle(&job, true, " ")).await.unwrap_err().code, "bad_request");
    let failed = ask(&rig, settle(&job, false, "")).await.unwrap();
    assert_eq!((failed.stage, code(&failed)), (NumberJobStage::Failed, Some("not_taken")));

    let job = ask(&rig, hand_in("two", address(&pdf()))).await.unwrap();
    lose_answer(&rig, ORDER);
    let lost = ask(&rig, order(&job)).await.unwrap();
    assert_eq!(lost.stage, NumberJobStage::OrderUnconfirmed);
    assert_eq!(ask(&rig, order(&job)).await.unwrap_err().code, "out_of_turn");
    rig.reopen().await;
    online(&mut rig).await;
    assert_eq!(ask(&rig, order(&job)).await.unwrap_err().code, "out_of_turn");
    rig.eventually("told at the start", |s| s.notices.iter().any(|it| it.problem.code == "number_job_unconfirmed"))
        .await;
    let id = rig.exchange.tenios().orders()[0].id.to_string();
    let ordered = ask(&rig, settle(&job, true, &id)).await.unwrap();
    assert_eq!((ordered.stage, ordered.order.as_str(), code(&ordered)), (NumberJobStage::Ordered, id.as_str(), None));
    assert!(rig.snapshot().await.notices.is_empty());

    lose_answer(&rig, CANCEL);
    let lost = ask(&rig, give_back("three")).await.unwrap();
    assert_eq!(lost.stage, NumberJobStage::CancelUnconfirmed);
    assert_eq!(ask(&rig, give_back("four")).await.unwrap().id, lost.id);
    assert_eq!((posts(&rig, VERIFY), posts(&rig, ORDER), posts(&rig, CANCEL)), (2, 1, 1));
}

#[tokio::test]
async fn what_was_on_its_way_when_the_app_died_is_not_sent_again() {
    let mut rig = rig().await;
    for (intent, path, stage) in [
        ("one", VERIFY, NumberJobStage::VerifyUnconfirmed),
        ("two", ORDER, NumberJobStage::OrderUnconfirmed),
        ("three", CANCEL, NumberJobStage::CancelUnconfirmed),
    ] {
        let request = match path {
            VERIFY => hand_in(intent, address(&pdf())),
            ORDER => order(&ask(&rig, hand_in(intent, address(&pdf()))).await.unwrap()),
            _ => give_back(intent),
        };
        rig.exchange.tape().clear();
        rig.exchange.faults().set(Fault::new(FaultKind::NoAnswer).on(ServiceName::Tenios).path(path).once());
        let app = rig.app.clone();
        let under_way = tokio::spawn(async move { app.call(request).await });
        let left = rig.exchange.tape().wait_for(1, Duration::from_secs(10), |it| it.path == path).await;
        assert!(left, "{path}");
        assert_eq!(
            ask(&rig, Request::DropNumberJob { id: jobs(&rig).await[0].id }).await.unwrap_err().code,
            "out_of_turn"
        );
        rig.reopen().await;
        online(&mut rig).await;
        let job = jobs(&rig).await.remove(0);
        assert_eq!((job.stage, code(&job)), (stage, Some("unconfirmed")), "{path}");
        if path != ORDER {
            let again = if path == VERIFY { hand_in(intent, address(&pdf())) } else { give_back(intent) };
            assert_eq!(ask(&rig, again).await.unwrap().id, job.id);
        }
        assert_eq!(posts(&rig, path), 1, "{path}");
        under_way.abort();
    }
}

#[tokio::test]
async fn closing_waits_a_moment_for_an_answer_that_is_to_come() {
    let mut rig = rig().await;
    let job = verified(&rig).await;
    rig.exchange.faults().set(Fault::new(FaultKind::Delay { ms: 300 }).on(ServiceName::Tenios).path(ORDER));
    let (app, request) = (rig.app.clone(), order(&job));
    let under_way = tokio::spawn(async move { app.call(request).await });
    assert!(rig.exchange.tape().wait_for(1, Duration::from_secs(10), |it| it.path == ORDER).await);
    rig.reopen().await;
    let kept = jobs(&rig).await.remove(0);
    assert_eq!((kept.stage, kept.problem), (NumberJobStage::Ordered, None));
    assert!(under_way.await.unwrap().is_err(), "the app that was asked is gone");
}

#[tokio::test]
async fn what_can_be_seen_here_never_leaves() {
    let rig = rig().await;
    let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
    let zero = AddressDraft { area_code: "0221".to_owned(), ..address(&pdf()) };
    let kind = AddressDraft { document_kind: "PASSPORT".to_owned(), ..address(&pdf()) };
    for (intent, address, reason, words) in [
        ("jpeg", address(jpeg), "document_no_pdf", "a JPEG picture, not a PDF"),
        ("zero", zero, "bad_request", "without its leading 0: 221"),
        ("kind", kind, "bad_request", "BUSINESS_LICENSE"),
    ] {
        let job = ask(&rig, hand_in(intent, address)).await.unwrap();
        assert_eq!((job.stage, code(&job)), (NumberJobStage::Failed, Some(reason)));
        assert!(job.problem.unwrap().message.contains(words), "{words}");
    }
    let broken = AddressDraft { document: "this is no base64!".to_owned(), ..address(&pdf()) };
    assert_eq!(ask(&rig, hand_in("broken", broken)).await.unwrap_err().code, "document_unreadable");
    let huge = AddressDraft { document: "A".repeat(28 << 20), ..address(&pdf()) };
    assert_eq!(ask(&rig, hand_in("huge", huge)).await.unwrap_err().code, "document_too_large");
    assert_eq!(ask(&rig, hand_in("", address(&pdf()))).await.unwrap_err().code, "bad_request");
    let elsewhere =
        Request::VerifyAddress { intent: "x".to_owned(), account: "nowhere".to_owned(), address: address(&pdf()) };
    assert_eq!(ask(&rig, elsewhere).await.unwrap_err().code, "no_account");
    let nonsense =
        Request::CancelNumber { intent: "x".to_owned(), account: "voice".to_owned(), number: "31".to_owned() };
    assert!(ask(&rig, nonsense).await.is_err());
    assert_eq!(ask(&rig, Request::OrderNumber { job: 99, link_to: None }).await.unwrap_err().code, "not_found");
    assert_eq!((jobs(&rig).await.len(), posts(&rig, VERIFY), posts(&rig, CANCEL)), (3, 0, 0));
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_sent() {
    let mut rig = rig().await;
    let job = verified(&rig).await;
    rig.leave_as_of_a_later_version().await;
    rig.reopen().await;
    online(&mut rig).await;
    assert_eq!(jobs(&rig).await, std::slice::from_ref(&job), "shown all the same");
    for request in [hand_in("two", address(&pdf())), order(&job), give_back("three")] {
        let refused = ask(&rig, request).await.unwrap_err();
        assert_eq!(refused.code, "store_only_in_memory");
    }
    assert_eq!((posts(&rig, VERIFY), posts(&rig, ORDER), posts(&rig, CANCEL)), (1, 0, 0));
}

#[tokio::test]
async fn word_of_an_order_that_comes_before_its_answer_is_not_lost() {
    let word = OrderUpdate {
        // The first that the exchange gives.
        order: Label::new("4711"),
        state: OrderState::Completed,
        numbers: vec![Label::new("+492214710000")],
    };
    let seed = async |store: &Store| {
        store.tell_order(&AccountId::new("voice"), &word, wall_clock(), |_| false).await.unwrap();
    };
    let mut rig = seeded(Duration::ZERO, seed).await;
    let job = verified(&rig).await;
    let ordered = ask(&rig, order(&job)).await.unwrap();
    assert_eq!((ordered.stage, ordered.order.as_str()), (NumberJobStage::Ordered, "4711"));
    let snapshot =
        rig.eventually("told that it is there", |s| s.notices.iter().any(|it| it.problem.code == "number_came")).await;
    assert!(snapshot.notices[0].problem.message.contains("+492214710000"));
    let completed = &jobs(&rig).await[0];
    assert_eq!(
        (completed.stage, completed.brought.as_slice()),
        (NumberJobStage::Completed, &["+492214710000".to_owned()][..])
    );
}

#[tokio::test]
async fn word_of_an_order_that_the_app_died_over_is_taken_at_the_next_start() {
    let word = OrderUpdate {
        order: Label::new("4711"),
        state: OrderState::Completed,
        numbers: vec![Label::new("+492214710000")],
    };
    let seed = async |store: &Store| {
        let account = AccountId::new("voice");
        let new = NewJob {
            intent: "one".to_owned(),
            account: account.clone(),
            kind: JobKind::Order,
            subject: Label::new("221, 50667 Köln"),
            document_name: Label::default(),
            by: Label::default(),
        };
        let Begun::New(job) = store.begin_job(&new, wall_clock()).await.unwrap() else { panic!("not new") };
        assert_eq!(store.tell_order(&account, &word, wall_clock(), |_| false).await.unwrap(), OrderTold::Kept);
        let ordered = store.change_job(job.id, |job| {
            (job.stage, job.order) = (JobStage::Ordered, word.order.clone());
            Ok::<(), ()>(())
        });
        ordered.await.unwrap().unwrap();
    };
    let mut rig = seeded(Duration::ZERO, seed).await;
    rig.eventually("told that it is there", |s| s.notices.iter().any(|it| it.problem.code == "number_came")).await;
    let completed = &jobs(&rig).await[0];
    assert_eq!((completed.stage, completed.brought.len()), (NumberJobStage::Completed, 1));
}

#[tokio::test]
async fn neither_papers_nor_keys_are_in_any_file() {
    let rig = rig().await;
    let request = hand_in("one", address(&pdf()));
    let said = format!("{request:?}");
    assert!(!said.contains(&BASE64_STANDARD.encode(pdf())[..40]) && !said.contains("Domkloster"), "{said}");
    let job = ask(&rig, request).await.unwrap();
    ask(&rig, order(&job)).await.unwrap();
    let key = rig.exchange.tenios().access_key();
    let encoded = BASE64_STANDARD.encode(pdf());
    let canaries = [CANARY, "Domkloster", key.as_str(), &encoded[40..120]];
    let found = |when: &str| {
        let files: Vec<_> = fs::read_dir(rig.data()).unwrap().map(|entry| entry.unwrap().path()).collect();
        let bytes: Vec<u8> = files.iter().flat_map(|path| fs::read(path).unwrap_or_default()).collect();
        let is_there = |text: &str| holds(&bytes, text);
        assert!(is_there("licence.pdf"), "what is kept is found {when}");
        for canary in canaries {
            assert!(!is_there(canary), "{canary} {when}");
        }
    };
    found("while it runs");
    let store = rig.stopped().await;
    assert_eq!(store.number_jobs().await.unwrap()[0].document_name.as_str(), "licence.pdf");
    store.close().await.unwrap();
    found("afterwards");
}

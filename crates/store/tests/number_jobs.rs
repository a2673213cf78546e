//! Undertakings with numbers: written before anything is sent, and never twice.
#![expect(clippy::unwrap_used, reason = "a test stops where its helpers cannot go on")]

mod common;

use std::fs;

use common::*;
use ringside_domain::{Label, OrderState, OrderUpdate, Problem};
use ringside_store::{Begun, JobKind, JobStage, NewJob, NumberJob, OrderTold, Store, StoreError};
use tempfile::TempDir;

fn wish(intent: &str, kind: JobKind, subject: &str) -> NewJob {
    NewJob {
        intent: intent.to_owned(),
        account: account("numbers"),
        kind,
        subject: Label::new(subject),
        document_name: Label::new("licence.pdf"),
        by: Label::new("anna"),
    }
}

async fn begun(store: &Store, intent: &str) -> NumberJob {
    match store.begin_job(&wish(intent, JobKind::Order, "221, 50667 Köln"), at(0)).await.unwrap() {
        Begun::New(job) => job,
        Begun::Already(job) => panic!("not new: {job:?}"),
    }
}

async fn to(store: &Store, job: &NumberJob, stage: JobStage) -> NumberJob {
    let moved = store.change_job(job.id, |job| {
        job.stage = stage;
        Ok::<(), ()>(())
    });
    moved.await.unwrap().unwrap()
}

fn lost() -> Problem {
    Problem::new("unconfirmed", "it may or may not have been taken", "Look.")
}

fn word(state: OrderState) -> OrderUpdate {
    OrderUpdate { order: Label::new("4711"), state, numbers: vec![Label::new("+492214710000")] }
}

#[tokio::test]
async fn an_intent_begins_one_job_in_no_matter_which_run() {
    let dir = TempDir::new().unwrap();
    let store = open_well(dir.path()).await;
    let job = begun(&store, "one").await;
    assert_eq!((job.stage, job.asked_at, job.subject.as_str()), (JobStage::Verifying, at(0), "221, 50667 Köln"));
    let again = store.begin_job(&wish("one", JobKind::Order, "30, 10115 Berlin"), at(5)).await.unwrap();
    assert_eq!(again, Begun::Already(job.clone()));
    drop(store);
    let store = open_well(dir.path()).await;
    let again = store.begin_job(&wish("one", JobKind::Order, "221, 50667 Köln"), at(9)).await.unwrap();
    assert_eq!(again, Begun::Already(job.clone()));
    assert_eq!(store.number_jobs().await.unwrap(), [job]);
}

#[tokio::test]
async fn of_two_who_want_the_same_step_one_is_refused() {
    let dir = TempDir::new().unwrap();
    let (one, other) = (open_well(dir.path()).await, open_well(dir.path()).await);
    let job = begun(&one, "one").await;
    to(&one, &job, JobStage::Verified).await;
    let order = |job: &mut NumberJob| {
        if job.stage != JobStage::Verified {
            return Err(job.stage);
        }
        job.stage = JobStage::Ordering;
        Ok(())
    };
    let (first, second) = tokio::join!(one.change_job(job.id, order), other.change_job(job.id, order));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_ne!(first.is_ok(), second.is_ok(), "{first:?} {second:?}");
    assert_eq!(first.or(second).unwrap().stage, JobStage::Ordering);
}

#[tokio::test]
async fn who_has_nothing_to_write_keeps_nobody_out() {
    let dir = TempDir::new().unwrap();
    let (one, other) = (open_well(dir.path()).await, open_well(dir.path()).await);
    let job = begun(&one, "one").await;
    let again = one.begin_job(&wish("one", JobKind::Order, "221, 50667 Köln"), at(1)).await.unwrap();
    assert!(matches!(again, Begun::Already(_)));
    begun(&other, "two").await;
    one.change_job(job.id, |_| Err(())).await.unwrap().unwrap_err();
    begun(&other, "three").await;
    let ordered = one.change_job(job.id, |job| {
        (job.stage, job.order) = (JobStage::Ordered, Label::new("4711"));
        Ok::<(), ()>(())
    });
    ordered.await.unwrap().unwrap();
    let told = one.tell_order(&job.account, &word(OrderState::Completed), at(2), |_| false).await;
    assert_eq!(told.unwrap(), OrderTold::Known);
    begun(&other, "four").await;
}

#[tokio::test]
async fn what_was_under_way_when_the_program_died_may_have_been_taken() {
    let dir = TempDir::new().unwrap();
    let store = open_well(dir.path()).await;
    let stages = [
        (JobStage::Verifying, JobStage::VerifyUnconfirmed),
        (JobStage::Ordering, JobStage::OrderUnconfirmed),
        (JobStage::Cancelling, JobStage::CancelUnconfirmed),
        (JobStage::Verified, JobStage::Verified),
        (JobStage::Ordered, JobStage::Ordered),
        (JobStage::Failed, JobStage::Failed),
    ];
    for (index, (stage, _)) in stages.iter().enumerate() {
        let job = begun(&store, &index.to_string()).await;
        to(&store, &job, *stage).await;
    }
    // Not closed: as a killed process leaves it.
    drop(store);
    let store = open_well(dir.path()).await;
    assert_eq!(store.interrupt_jobs(&lost(), at(60)).await.unwrap(), 3);
    assert_eq!(store.interrupt_jobs(&lost(), at(61)).await.unwrap(), 0);
    let jobs = store.number_jobs().await.unwrap();
    for (job, (was, is)) in jobs.iter().rev().zip(stages) {
        assert_eq!(job.stage, is, "{was:?}");
        let told = (was != is).then_some(("unconfirmed", at(60)));
        assert_eq!(job.problem.as_ref().map(|problem| (problem.code.as_str(), job.at)), told, "{was:?}");
    }
}

#[tokio::test]
async fn a_number_that_is_being_given_back_is_given_back_once() {
    let dir = TempDir::new().unwrap();
    let store = open_well(dir.path()).await;
    let wanted = |intent: &str| wish(intent, JobKind::Cancel, "+49 221 4710000");
    let Begun::New(job) = store.begin_job(&wanted("one"), at(0)).await.unwrap() else { panic!("not new") };
    assert_eq!(job.stage, JobStage::Cancelling);
    let again = store.begin_job(&wanted("two"), at(1)).await.unwrap();
    assert_eq!(again, Begun::Already(job.clone()));
    to(&store, &job, JobStage::CancelUnconfirmed).await;
    assert!(matches!(store.begin_job(&wanted("three"), at(2)).await.unwrap(), Begun::Already(_)));
    let other = store.begin_job(&wish("four", JobKind::Cancel, "+49 221 4710001"), at(2)).await.unwrap();
    assert!(matches!(other, Begun::New(_)));
    to(&store, &job, JobStage::Failed).await;
    assert!(matches!(store.begin_job(&wanted("five"), at(3)).await.unwrap(), Begun::New(_)));
}

#[tokio::test]
async fn a_word_that_comes_before_its_order_waits_for_it() {
    let dir = TempDir::new().unwrap();
    let store = open_well(dir.path()).await;
    let completed = word(OrderState::Completed);
    let numbers = account("numbers");
    for _ in 0..2 {
        let told = store.tell_order(&numbers, &completed, at(1), |_| panic!("no job has it")).await.unwrap();
        assert_eq!(told, OrderTold::Kept);
    }
    let other = word(OrderState::Other(Label::new("IN_PORTING")));
    store.tell_order(&numbers, &other, at(2), |_| panic!("no job has it")).await.unwrap();
    drop(store);
    let store = open_well(dir.path()).await;
    let job = begun(&store, "one").await;
    let ordered = store.change_job(job.id, |job| {
        (job.stage, job.order) = (JobStage::Ordered, Label::new("4711"));
        Ok::<(), ()>(())
    });
    ordered.await.unwrap().unwrap();
    assert!(store.order_words(&account("other"), &completed.order).await.unwrap().is_empty());
    for _ in 0..2 {
        let waiting = store.order_words(&numbers, &completed.order).await.unwrap();
        assert_eq!(waiting, [completed.clone(), other.clone()], "until the job has taken them");
    }

    let complete = |job: &mut NumberJob| {
        let news = job.stage != JobStage::Completed;
        (job.stage, job.brought) = (JobStage::Completed, completed.numbers.clone());
        news
    };
    let OrderTold::Changed(job) = store.tell_order(&numbers, &completed, at(3), complete).await.unwrap() else {
        panic!("not told")
    };
    assert_eq!(job.brought, completed.numbers);
    assert_eq!(store.order_words(&numbers, &completed.order).await.unwrap(), [other]);
    assert_eq!(store.tell_order(&numbers, &completed, at(4), complete).await.unwrap(), OrderTold::Known);
    let told = store.tell_order(&account("other"), &completed, at(4), |_| panic!("another account's")).await;
    assert_eq!(told.unwrap(), OrderTold::Kept);
}

#[tokio::test]
async fn where_nothing_outlives_the_program_nothing_is_begun() {
    let store = memory().await;
    let refused = store.begin_job(&wish("one", JobKind::Order, "221"), at(0)).await.unwrap_err();
    assert!(matches!(refused, StoreError::OnlyInMemory), "{refused:?}");
    assert!(!refused.problem().hint.is_empty());

    let dir = TempDir::new().unwrap();
    let store = open_well(dir.path()).await;
    let job = begun(&store, "one").await;
    store.close().await.unwrap();
    let file = dir.path().join("ringside.db");
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    let opened = open(dir.path()).await;
    if opened.notice.is_none() {
        // Root writes what nobody may.
        return;
    }
    assert_eq!(opened.store.number_jobs().await.unwrap(), std::slice::from_ref(&job), "they are shown all the same");
    assert!(opened.store.begin_job(&wish("two", JobKind::Order, "221"), at(0)).await.is_err());
    assert!(opened.store.change_job(job.id, |_| Ok::<(), ()>(())).await.is_err());
}

#[tokio::test]
async fn they_outlive_the_history_until_they_were_closed_long_ago() {
    let dir = TempDir::new().unwrap();
    let store = open_well(dir.path()).await;
    let mut jobs = Vec::new();
    for (intent, stage) in [("a", JobStage::Dropped), ("b", JobStage::Ordered), ("c", JobStage::Dropped)] {
        jobs.push(to(&store, &begun(&store, intent).await, stage).await);
    }
    store.delete_all().await.unwrap();
    assert_eq!(store.number_jobs().await.unwrap().len(), 3);
    store.purge_before(at(0)).await.unwrap();
    assert_eq!(store.number_jobs().await.unwrap().len(), 3, "closed at that moment, not before it");
    store.purge_before(at(1)).await.unwrap();
    let left: Vec<_> = store.number_jobs().await.unwrap().iter().map(|job| job.id).collect();
    assert_eq!(left, [jobs[2].id, jobs[1].id], "the newest keeps its id taken");
}

#[tokio::test]
async fn a_damaged_file_gives_them_up_last() {
    let dir = TempDir::new().unwrap();
    let store = open_well(dir.path()).await;
    let job = begun(&store, "one").await;
    store.close().await.unwrap();
    let file = dir.path().join("ringside.db");
    let mut bytes = fs::read(&file).unwrap();
    bytes[..16].fill(0);
    fs::write(&file, bytes).unwrap();
    let opened = open(dir.path()).await;
    assert!(opened.notice.is_some());
    assert_eq!(opened.store.number_jobs().await.unwrap(), [job]);
    let again = opened.store.begin_job(&wish("one", JobKind::Order, "221"), at(9)).await.unwrap();
    assert!(matches!(again, Begun::Already(_)));
}

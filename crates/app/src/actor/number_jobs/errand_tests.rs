use ringside_domain::OrderState;
use ringside_store::{Begun, JobKind, NewJob};
use tokio::sync::oneshot;

use super::*;
use crate::clock::SystemClock;

fn errand(store: Store) -> (Errand, mpsc::Receiver<Inner>) {
    let (inner, told) = mpsc::channel(16);
    (Errand { store, inner, clock: Arc::new(SystemClock) }, told)
}

#[tokio::test]
async fn an_answer_that_cannot_be_written_is_told_with_what_it_said() {
    let (errand, mut told) = errand(Store::in_memory().await.unwrap());
    let (reply, answered) = oneshot::channel();
    errand.conclude(JobId(7), reply, &Ok(Label::new("v-4711")), steps::verified).await;
    let refused = answered.await.unwrap().unwrap_err();
    assert_eq!(refused.code, "number_job_unwritten");
    assert!(refused.message.contains("v-4711"), "{refused:?}");
    let Some(Inner::NumberJobTrouble { id: 7, problem }) = told.recv().await else { panic!("nobody is told") };
    assert_eq!(problem.code, "number_job_unwritten");
}

#[tokio::test]
async fn a_word_about_an_order_that_is_on_its_way_waits_in_silence() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), SystemClock.now()).await.unwrap().store;
    let (errand, mut told) = errand(store.clone());
    let account = AccountId::new("voice");
    let update = OrderUpdate { order: Label::new("4711"), state: OrderState::Completed, numbers: Vec::new() };
    errand.tell_order(account.clone(), update.clone()).await;
    let Ok(Inner::OrderTold { told: Ok(OrderTold::Kept), .. }) = told.try_recv() else {
        panic!("nobody is told of an order that is not known here")
    };

    let new = NewJob {
        intent: "one".to_owned(),
        account: account.clone(),
        kind: JobKind::Order,
        subject: Label::default(),
        document_name: Label::default(),
        by: Label::default(),
    };
    let Begun::New(job) = store.begin_job(&new, errand.now()).await.unwrap() else { panic!("not new") };
    let ordering = store.change_job(job.id, |job| {
        job.stage = JobStage::Ordering;
        Ok::<(), ()>(())
    });
    ordering.await.unwrap().unwrap();
    errand.tell_order(account.clone(), update.clone()).await;
    assert!(told.try_recv().is_err());

    let (reply, _asked) = oneshot::channel();
    errand.conclude(job.id, reply, &Ok(update.order.clone()), steps::ordered).await;
    let Ok(Inner::NumberJob { job, .. }) = told.try_recv() else { panic!("not told that it is ordered") };
    assert_eq!(job.stage, JobStage::Ordered);
    let Ok(Inner::OrderUpdate { update: word, .. }) = told.try_recv() else { panic!("the word is lost") };
    assert_eq!(word, update);
    errand.tell_order(account, word).await;
    let Ok(Inner::OrderTold { told: Ok(OrderTold::Changed(job)), .. }) = told.try_recv() else { panic!("not done") };
    assert_eq!(job.stage, JobStage::Completed);
}

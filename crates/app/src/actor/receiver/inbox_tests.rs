use ringside_domain::{Label, OrderState};
use ringside_store::{JobId, OrderTold};

use super::*;
use crate::clock::SystemClock;

/// Ways to an actor that does nothing: what is kept now was kept without it.
fn inbox(store: Store) -> (Inbox, mpsc::Receiver<Inner>) {
    let (inner, told) = mpsc::channel(16);
    let (arrivals, _) = mpsc::channel(1);
    let (days, news) = (Arc::new(AtomicU32::new(90)), Arc::new(AtomicBool::new(false)));
    (Inbox { clock: Arc::new(SystemClock), store, days, arrivals, inner, news }, told)
}

fn completed() -> OrderUpdate {
    OrderUpdate { order: Label::new("4711"), state: OrderState::Completed, numbers: vec![Label::new("+492214710000")] }
}

#[tokio::test]
async fn word_of_an_order_is_on_disk_before_it_is_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), SystemClock.now()).await.unwrap().store;
    let (inbox, mut told) = inbox(store);
    let account = AccountId::new("voice");
    inbox.order(&account, completed()).await.unwrap();
    // As a kill at this moment leaves it.
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(dir.path()).unwrap().flatten().filter(|file| file.path().is_file()) {
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    let after = Store::open(copy.path(), SystemClock.now()).await.unwrap().store;
    assert_eq!(after.order_words(&account, &completed().order).await.unwrap(), [completed()]);
    let Ok(Inner::OrderTold { told: Ok(OrderTold::Kept), .. }) = told.try_recv() else { panic!("the user is told") };
}

#[tokio::test]
async fn word_of_an_order_that_cannot_be_written_is_asked_for_again_and_told() {
    let store = Store::in_memory().await.unwrap();
    let (inbox, mut told) = inbox(store.clone());
    let Err(Unkept(problem)) = inbox.order(&AccountId::new("voice"), completed()).await else { panic!("acknowledged") };
    assert_eq!(problem.code, "store_only_in_memory");
    assert!(store.number_job(JobId(1)).await.is_err(), "nothing pretends to be kept");
    let Ok(Inner::OrderUpdate { update, .. }) = told.try_recv() else { panic!("nobody is told") };
    assert_eq!(update, completed());
}

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use hyper::Request;
use hyper::header::RETRY_AFTER;
use ringside_domain::{
    AccountId, CapabilitySet, Direction, Event, Label, OrderState, OrderUpdate, Outcome, Party, PastCall, Timestamp,
};
use ringside_telephony::{EventSink, Finding, Provider, PushReply, Pushes};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{AccountPath, Tally};

/// An account whose service sends what the test says; once there is nothing left, its reading fails.
struct Sends {
    account: AccountId,
    what: Mutex<VecDeque<Received>>,
}

impl Pushes for Sends {
    fn receive(&self, _: &Push<'_>, _: Timestamp) -> Received {
        let next = self.what.lock().unwrap().pop_front();
        next.expect("something to receive")
    }
}

#[async_trait]
impl Provider for Sends {
    fn account(&self) -> &AccountId {
        &self.account
    }

    fn capabilities(&self) -> CapabilitySet {
        CapabilitySet::default()
    }

    async fn run(self: Arc<Self>, _: EventSink, stop: CancellationToken) {
        stop.cancelled().await;
    }

    async fn check(&self, _: mpsc::Sender<Finding>) {}

    fn pushes(&self) -> Option<&dyn Pushes> {
        Some(self)
    }
}

/// Notes what is handed on; slow or unwilling where the test wants it.
#[derive(Default)]
struct Notes {
    told: Mutex<Vec<String>>,
    disk: Duration,
    refuses: bool,
}

impl Notes {
    fn note(&self, text: String) {
        self.told.lock().unwrap().push(text);
    }

    fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().clone()
    }
}

#[async_trait]
impl Recipient for Notes {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    async fn events(&self, _: &AccountId, generation: u64, events: Vec<Event>) -> Result<(), Unkept> {
        // The first one takes longest, so that others would overtake it if they could.
        let wait = if self.told().is_empty() { 50 } else { 1 };
        tokio::time::sleep(Duration::from_millis(wait)).await;
        self.note(format!("{} of {generation}", events.len()));
        Ok(())
    }

    async fn past(&self, _: &AccountId, _: u64, calls: Vec<PastCall>) -> Result<(), Unkept> {
        tokio::time::sleep(self.disk).await;
        if self.refuses {
            return Err(Unkept(Problem::new("disk_full", "the disk is full", "Free some space.")));
        }
        self.note(format!("past {}", calls[0].id));
        Ok(())
    }

    async fn order(&self, _: &AccountId, update: OrderUpdate) -> Result<(), Unkept> {
        self.note(format!("order {}", update.order));
        Ok(())
    }

    fn counted(&self) {}

    async fn listens(&self, _: u64, _: Result<SocketAddr, Problem>) {}
}

fn nothing() -> Received {
    let reply = PushReply { status: 200, content_type: "application/json", body: b"{}".to_vec() };
    Received { reply, events: Vec::new(), past: Vec::new(), order: None, refused: None }
}

fn a_record() -> Received {
    let call = PastCall {
        id: "x1".into(),
        extension: None,
        direction: Direction::Inbound,
        remote: Party::Withheld,
        our_number: Party::Unstated,
        started_at: Timestamp::UNIX_EPOCH,
        answered_at: None,
        ended_at: None,
        outcome: Outcome::Missed,
        word: "CANCEL".into(),
    };
    Received { past: vec![call], ..nothing() }
}

fn events(count: usize) -> Received {
    Received { events: vec![Event::Lines(Vec::new()); count], ..nothing() }
}

fn door(what: impl IntoIterator<Item = Received>) -> Arc<Door> {
    let account = AccountId::new("clinic");
    let path = AccountPath::of(&"key".into(), &account).unwrap();
    let provider = Arc::new(Sends { account, what: Mutex::new(what.into_iter().collect()) });
    Arc::new(Door::new(provider, 3, path, Arc::new(Tally::default()), Instant::now()).unwrap())
}

async fn taken(door: &Arc<Door>, notes: &Arc<Notes>) -> Answer {
    let (head, ()) = Request::new(()).into_parts();
    take(door.clone(), notes.clone(), Sent { head, rest: String::new(), body: Bytes::new() }).await
}

#[tokio::test(start_paused = true)]
async fn what_came_first_is_told_first() {
    let notes = Arc::new(Notes::default());
    let door = door((1..=5).map(events));
    let all: Vec<_> = (0..5)
        .map(|_| {
            let (door, notes) = (door.clone(), notes.clone());
            tokio::spawn(async move { taken(&door, &notes).await.status() })
        })
        .collect();
    for answer in all {
        assert_eq!(answer.await.unwrap(), StatusCode::OK);
    }
    assert_eq!(notes.told(), ["1 of 3", "2 of 3", "3 of 3", "4 of 3", "5 of 3"]);
    assert_eq!(door.tally.counts().taken, 5);
}

#[tokio::test(start_paused = true)]
async fn what_the_store_refuses_is_not_acknowledged() {
    let notes = Arc::new(Notes { refuses: true, ..Notes::default() });
    let door = door([a_record()]);
    let answer = taken(&door, &notes).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers()[RETRY_AFTER], "30");
    let counts = door.tally.counts();
    assert_eq!((counts.taken, counts.refused, counts.last_refused.unwrap().code), (0, 1, "disk_full"));
}

#[tokio::test(start_paused = true)]
async fn a_slow_disk_is_not_waited_for_and_nothing_is_dropped() {
    let notes = Arc::new(Notes { disk: Duration::from_secs(20), ..Notes::default() });
    let door = door([a_record()]);
    let begun = Instant::now();
    assert_eq!(taken(&door, &notes).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(begun.elapsed(), ANSWER_PATIENCE);
    assert!(notes.told().is_empty());
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(notes.told(), ["past x1"]);
}

#[tokio::test(start_paused = true)]
async fn too_many_that_wait_are_asked_to_come_again() {
    let notes = Arc::new(Notes { disk: Duration::from_secs(3_600), ..Notes::default() });
    let door = door((0..100).map(|_| a_record()));
    let mut waiting = 0;
    while door.place().is_some() {
        taken(&door, &notes).await;
        waiting += 1;
        assert!(waiting <= 64, "there is an end to it");
    }
    taken(&door, &notes).await;
    assert_eq!(door.tally.counts().last_refused.unwrap().code, "push_overrun");
}

#[tokio::test(start_paused = true)]
async fn who_goes_away_before_the_answer_loses_nothing() {
    let notes = Arc::new(Notes::default());
    let door = door([Received { past: a_record().past, ..events(1) }]);
    let gone = tokio::time::timeout(Duration::from_millis(10), taken(&door, &notes)).await;
    assert!(gone.is_err());
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(notes.told(), ["1 of 3", "past x1"]);
}

#[tokio::test(start_paused = true)]
async fn a_reading_that_fails_is_no_end_of_it() {
    let notes = Arc::new(Notes::default());
    let door = door([]);
    assert_eq!(taken(&door, &notes).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(taken(&door, &notes).await.status(), StatusCode::INTERNAL_SERVER_ERROR, "the turn is free again");
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_tells_nothing() {
    let notes = Arc::new(Notes::default());
    let problem = Problem::new("push_unproven", "a push was turned away", "Compare the keys.");
    let update = OrderUpdate { order: Label::new("4712"), state: OrderState::Completed, numbers: Vec::new() };
    let refused = Received { refused: Some(problem.clone()), order: Some(update.clone()), ..a_record() };
    let door = door([refused, Received { order: Some(update), ..nothing() }]);
    assert_eq!(taken(&door, &notes).await.status(), StatusCode::OK, "the adapter's own answer");
    assert!(notes.told().is_empty());
    taken(&door, &notes).await;
    assert_eq!(notes.told(), ["order 4712"]);
    let counts = door.tally.counts();
    assert_eq!((counts.taken, counts.refused, counts.last_refused), (1, 1, Some(problem)));
}

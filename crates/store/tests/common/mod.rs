//! What the store's tests share.
#![expect(dead_code, reason = "each test binary uses its own part")]

use std::path::Path;

use ringside_domain::{
    AccountId, Direction, ExtensionId, Label, LegKey, Outcome, Party, Phase, PhoneNumber, Timestamp,
};
use ringside_store::{CallKey, CallRecord, HistoryQuery, LegRecord, Opened, Store};

/// A Monday, nine o'clock in Berlin.
pub fn at(seconds: i64) -> Timestamp {
    let monday: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
    monday + jiff::SignedDuration::from_secs(seconds)
}

pub async fn memory() -> Store {
    Store::in_memory().await.unwrap()
}

pub async fn open(dir: &Path) -> Opened {
    Store::open(dir, at(0)).await.unwrap()
}

/// Opens a folder that must have nothing wrong with it.
pub async fn open_well(dir: &Path) -> Store {
    let opened = open(dir).await;
    assert_eq!(opened.notice, None);
    opened.store
}

pub fn number(e164: &str) -> Party {
    Party::Number(PhoneNumber::from_e164(e164).unwrap())
}

pub fn account(id: &str) -> AccountId {
    AccountId::new(id)
}

pub fn extension(id: &str) -> ExtensionId {
    ExtensionId::new(id)
}

/// A leg that rings at `start`, coming in at `office/<extension>` from a number in Cologne.
pub fn ringing(call: &str, extension: &str, start: i64) -> LegRecord {
    LegRecord {
        key: LegKey::new("office", call, extension),
        attempt: 1,
        mine: false,
        direction: Direction::Inbound,
        phase: Phase::Ringing,
        remote: number("+4922166966966"),
        our_number: number("+49301234567"),
        class: None,
        name: Label::default(),
        company: Label::default(),
        began: at(0),
        started_at: at(start),
        answered_at: None,
        ended_at: None,
        outcome: None,
        provisional: false,
    }
}

pub fn mine(leg: LegRecord) -> LegRecord {
    LegRecord { mine: true, ..leg }
}

pub fn from(leg: LegRecord, remote: Party) -> LegRecord {
    LegRecord { remote, ..leg }
}

pub fn named(leg: LegRecord, name: &str, company: &str) -> LegRecord {
    LegRecord { name: name.into(), company: company.into(), ..leg }
}

pub fn outbound(leg: LegRecord) -> LegRecord {
    LegRecord { direction: Direction::Outbound, phase: Phase::Dialing, ..leg }
}

pub fn answered(leg: LegRecord, second: i64) -> LegRecord {
    LegRecord { phase: Phase::Connected, answered_at: Some(at(second)), ..leg }
}

pub fn ended(leg: LegRecord, second: i64, outcome: Outcome) -> LegRecord {
    LegRecord { phase: Phase::Ended, ended_at: Some(at(second)), outcome: Some(outcome), ..leg }
}

/// Rings for 20 seconds and is missed.
pub fn missed(call: &str, extension: &str, start: i64) -> LegRecord {
    ended(ringing(call, extension, start), start + 20, Outcome::Missed)
}

pub async fn all(store: &Store) -> Vec<CallRecord> {
    store.search(&HistoryQuery { limit: 1_000, ..HistoryQuery::default() }).await.unwrap().calls
}

/// The ids of the calls that a text finds, sorted.
pub async fn found(store: &Store, text: &str) -> Vec<String> {
    let query = HistoryQuery { text: text.to_owned(), ..HistoryQuery::default() };
    let mut calls: Vec<String> =
        store.search(&query).await.unwrap().calls.iter().map(|call| call.call.to_string()).collect();
    calls.sort();
    calls
}

pub fn call_key(leg: &LegRecord) -> CallKey {
    CallKey { account: leg.key.account.clone(), call: leg.key.call.clone(), began: leg.began }
}

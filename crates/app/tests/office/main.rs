//! The whole core over real sockets: actor, engine, adapters, store and exchange, with a desktop that only remembers.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod agents;
mod calls;
mod cards;
mod contacts;
mod demo;
mod dialling;
mod edited;
mod journal;
mod number_jobs;
mod own_numbers;
mod raw;
mod receiver;
mod receiver_hostile;
mod receiver_settings;
mod rig;
mod scenarios;

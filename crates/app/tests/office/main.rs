//! The whole core over real sockets: actor, engine, adapters, store and exchange, with a desktop that only remembers.

mod agents;
mod calls;
mod demo;
mod dialling;
mod journal;
mod number_jobs;
mod own_numbers;
mod rig;
mod scenarios;

//! The program's command line with no app running, no display and no bus.

mod accounts;
mod dials;
mod journals;
mod lists;
mod output;
mod running;
mod store;
mod watch;

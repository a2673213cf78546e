//! The faults of the exchange, each on the services that came after the first, in the whole app: what the user sees of
//! the account, that nothing old is shown as current, that no other account notices, and that all is well afterwards.

mod realtime;
mod refusals;

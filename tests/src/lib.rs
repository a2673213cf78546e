//! The workspace's own tests: tidiness, scenarios over real sockets, the real window end to end, and the bench.

pub mod tree;

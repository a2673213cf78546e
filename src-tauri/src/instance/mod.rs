//! One app a configuration, and the socket through which commands and second starts reach it.
//!
//! The socket belongs to the user alone: it lies in a folder of mode 0700, has mode 0600, and every caller's user is
//! checked as the kernel names it.

#[cfg(unix)]
mod client;
mod place;
#[cfg(unix)]
mod serve;
mod wire;

#[cfg(unix)]
pub use client::{Client, reach, silent};
pub use place::Place;
#[cfg(unix)]
pub use serve::{Claim, claim, serve};
pub use wire::Opening;

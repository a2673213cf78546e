//! The running app: the core behind it, its windows, and what they may ask.

mod allowed;
mod core;
mod feed;
mod files;
mod life;
mod rpc;

pub use self::core::Core;
pub use allowed::Page;
pub use feed::Feeds;
pub use life::{Launch, Tour, no_window, quit, run};

//! The workspace's own tests: tidiness, scenarios over real sockets, the real window end to end. The bench stands on the
//! same ground.
//!
//! [`rig`] is the app's core without a window, against a real exchange, [`bare`] the command line without a display.
//! [`desktop`] is a private desktop, [`running`] the program `ringside` on it, [`window`] its pages through WebDriver,
//! [`screen`] its pixels, [`process`] its cost, [`memory`] what it holds. [`exchange_program`] is the exchange as somebody
//! starts it from a terminal.

pub mod bare;
pub mod clicks;
pub mod desktop;
pub mod exchange_program;
pub mod memory;
pub mod process;
pub mod program;
pub mod rig;
pub mod running;
pub mod screen;
pub mod services;
pub mod socket;
pub mod tray;
pub mod tree;
pub mod wait;
pub mod window;

//! `ringside`: the desktop host and the command line, one binary.

#![cfg_attr(all(not(debug_assertions), windows), windows_subsystem = "windows")]

mod autostart;
mod cli;
mod clipboard;
mod demo;
mod desktop;
mod host;
mod hotkeys;
mod instance;
mod keystore;
mod links;
mod logging;
mod notifications;
mod paths;
mod ready;
mod saving;
mod tour;
mod tray;
mod windows;
mod words;

use std::alloc::System;
use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

/// Whatever is freed is overwritten first. A secret passes through buffers of the HTTP client, of JSON and of the
/// sockets, which copy it and let go of it as it is; here alone all of them can be reached.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}

//! `ringside`: the desktop host and the command line, one binary.

#![cfg_attr(all(not(debug_assertions), windows), windows_subsystem = "windows")]

mod cli;
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
mod tour;
mod tray;
mod windows;
mod words;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}

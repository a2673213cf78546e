//! `demo`: the app on the demo exchange, on a screen or without one.

use std::process::ExitCode;
use std::sync::Arc;

use ringside_api::ApiError;
use ringside_domain::Problem;
use ringside_exchange::Options;

use super::options::{Cli, Demo};
use crate::demo::DemoExchange;
use crate::host::Launch;
use crate::instance::Opening;
use crate::ready::Configured;
use crate::{logging, paths, tour};

pub fn run(cli: &Cli, options: &Demo) -> Result<ExitCode, ApiError> {
    let manner = tour::Manner::of(options.theme, options.lang.as_deref());
    if let Some(folder) = &options.headless {
        logging::to_stderr();
        return tour::without_a_screen(folder, &manner).map_err(|error| failed(&error));
    }
    let places = paths::demo_paths(cli.data.clone());
    paths::check_data(&places)?;
    let configured = Configured::read(places);
    let opening = Opening { links: cli.links.clone(), in_tray: cli.in_tray };
    let launch = Launch { configured, opening, demo: office(Options::demo()), in_demo: true, tour: None };
    match &options.tour {
        None => super::open(launch),
        Some(folder) => {
            let outcome = tour::Outcome::default();
            let tour = tour::guide(folder, manner, outcome.clone());
            let launch = Launch { demo: office(tour::office()), in_demo: false, tour: Some(tour), ..launch };
            let code = super::open(launch)?;
            outcome.take().map_or(Ok(code), |error| Err(failed(&error)))
        }
    }
}

fn office(options: Options) -> Arc<DemoExchange> {
    Arc::new(DemoExchange::new(options))
}

fn failed(error: &anyhow::Error) -> ApiError {
    Problem::new("tour_failed", format!("{error:#}"), "The transcript says how far the tour came.").into()
}

//! `contacts` and `lookup`: who is known, and who a number belongs to. Need no network.

use std::process::ExitCode;

use ringside_api::{ApiError, Reply, Request};

use super::core::{Core, unexpected};
use super::options::{Contacts, Lookup};
use super::out::Out;
use super::{exit, rows};

pub async fn list(core: &mut Core, options: &Contacts, out: &Out) -> Result<ExitCode, ApiError> {
    let request = Request::Contacts { text: options.text.clone(), limit: options.limit };
    let Reply::Contacts { contacts, .. } = core.call(request).await? else { return Err(unexpected()) };
    out.rows(&contacts.iter().flat_map(rows::Contact::all_of).collect::<Vec<_>>())?;
    Ok(ExitCode::SUCCESS)
}

/// A number that belongs to nobody is an answer too, with an exit code of its own.
pub async fn lookup(core: &mut Core, options: &Lookup, out: &Out) -> Result<ExitCode, ApiError> {
    let request = Request::Lookup { number: options.number.clone() };
    let Reply::Lookup { lookup } = core.call(request).await? else { return Err(unexpected()) };
    out.rows(&[rows::Contact::of_lookup(&lookup)])?;
    Ok(if lookup.best.is_some() { ExitCode::SUCCESS } else { ExitCode::from(exit::NOT_FOUND) })
}

//! `history`: past calls from the local record, after what the services keep of them was read.

use std::process::ExitCode;

use jiff::Timestamp;
use ringside_api::view::HistoryFilter;
use ringside_api::{ApiError, Reply, Request};
use ringside_domain::{Outcome, Problem};

use super::core::{Core, unexpected};
use super::options::History;
use super::out::Out;
use super::settle::ended;
use super::{journals, rows};

/// Rows asked for at a time.
const PAGE: u32 = 200;

pub async fn run(core: &mut Core, options: &History, out: &Out) -> Result<ExitCode, ApiError> {
    let filter = HistoryFilter {
        text: options.text.clone(),
        account: options.only.account.clone(),
        direction: None,
        outcomes: if options.missed { vec![Outcome::Missed] } else { Vec::new() },
        callbacks: false,
        mine: false,
        since: options.since.as_deref().map(time).transpose()?,
        until: options.until.as_deref().map(time).transpose()?,
    };
    let troubles = journals::read(core, options.only.account.as_deref(), filter.since).await?;
    let mut rows = Vec::new();
    let mut before = None;
    let limit = usize::try_from(options.limit).unwrap_or(usize::MAX);
    while rows.len() < limit {
        let request = Request::History { filter: filter.clone(), before, limit: PAGE.min(options.limit) };
        let Reply::History { page } = core.call(request).await? else { return Err(unexpected()) };
        let wanted = page.rows.iter().filter(|row| options.only.holds(&row.account, &row.extension));
        rows.extend(wanted.map(|row| rows::Past::of(row, &out.zone)));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    rows.truncate(limit);
    out.rows(&rows)?;
    Ok(ended(out, &troubles))
}

fn time(text: &str) -> Result<i64, ApiError> {
    text.parse::<Timestamp>().map(Timestamp::as_millisecond).map_err(|_| {
        let hint = "Write it as 2026-03-01T09:00:00+01:00.";
        Problem::new("bad_time", format!("`{text}` is not a time with its zone"), hint).into()
    })
}

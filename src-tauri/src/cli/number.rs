//! `number …`: the accounts' own numbers, and ordering more of them. What costs money is asked about first and sent once.

use std::fs::File;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::path::Path;
use std::process::ExitCode;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ringside_api::view::{AddressDraft, NumberJobView};
use ringside_api::{ApiError, Reply, Request};
use ringside_domain::{Capability, Problem};

use super::core::{Core, unexpected};
use super::options::{Address, Number, NumberAction};
use super::out::Out;
use super::rows;
use super::settle::{Accounts, ended, named, settled};

/// A larger file is not read to its end. Each service has its own, smaller limit.
const LARGEST_DOCUMENT: u64 = 20 << 20;

pub async fn run(core: &mut Core, options: &Number, out: &Out) -> Result<ExitCode, ApiError> {
    match &options.action {
        NumberAction::List { account } => list(core, account.as_deref(), out).await,
        NumberAction::Orders { account } => orders(core, account.as_deref(), out).await,
        NumberAction::Verify(address) => {
            let draft = draft(address)?;
            let account = the_one(core, address.account.as_deref()).await?;
            let request = Request::VerifyAddress { intent: intent(&address.intent), account, address: draft };
            step(core, request, out).await
        }
        NumberAction::Order { job, link_to, yes } => {
            confirmed(*yes, &format!("Order the number of job {job}? It costs money."))?;
            connected(core, None).await?;
            step(core, Request::OrderNumber { job: *job, link_to: link_to.clone() }, out).await
        }
        NumberAction::Cancel { number, account, intent: id, yes } => {
            confirmed(*yes, &format!("Give {number} back? It cannot be undone."))?;
            let account = the_one(core, account.as_deref()).await?;
            let request = Request::CancelNumber { intent: intent(id), account, number: number.clone() };
            step(core, request, out).await
        }
        NumberAction::Settle { job, verdict, reference } => {
            let request = Request::SettleNumberJob { id: *job, taken: verdict.taken, reference: reference.clone() };
            by_hand(core, request, out).await
        }
        NumberAction::Arrived { job, number } => {
            by_hand(core, Request::NumberArrived { id: *job, number: number.clone() }, out).await
        }
        NumberAction::Drop { job } => by_hand(core, Request::DropNumberJob { id: *job }, out).await,
    }
}

async fn list(core: &mut Core, account: Option<&str>, out: &Out) -> Result<ExitCode, ApiError> {
    let accounts = Accounts { named: account, capability: Some(Capability::Numbers) };
    settled(core, accounts, false).await?;
    let request = Request::Numbers { account: account.map(str::to_owned) };
    let Reply::Numbers { accounts } = core.call(request).await? else { return Err(unexpected()) };
    if accounts.is_empty() {
        let hint = "`ringside accounts` lists what each can do.";
        return Err(Problem::new("unsupported", "no account has numbers", hint).into());
    }
    out.rows(&accounts.iter().flat_map(|it| &it.numbers).map(rows::Number::of).collect::<Vec<_>>())?;
    let troubles = accounts.into_iter().filter_map(|it| Some(named(&it.account, it.problem?)));
    Ok(ended(out, &troubles.collect::<Vec<_>>()))
}

async fn orders(core: &mut Core, account: Option<&str>, out: &Out) -> Result<ExitCode, ApiError> {
    let Reply::NumberJobs { jobs } = core.call(Request::NumberJobs {}).await? else { return Err(unexpected()) };
    let jobs = jobs.iter().filter(|job| account.is_none_or(|id| id == job.account));
    out.rows(&jobs.map(|job| rows::Job::of(job, &out.zone)).collect::<Vec<_>>())?;
    Ok(ExitCode::SUCCESS)
}

/// A step that something is sent for: what the job says of it afterwards is the command's own end.
async fn step(core: &mut Core, request: Request, out: &Out) -> Result<ExitCode, ApiError> {
    let job = job(core.call(request).await?)?;
    out.rows(&[rows::Job::of(&job, &out.zone)])?;
    job.problem.map_or(Ok(ExitCode::SUCCESS), Err)
}

async fn by_hand(core: &mut Core, request: Request, out: &Out) -> Result<ExitCode, ApiError> {
    let job = job(core.call(request).await?)?;
    out.rows(&[rows::Job::of(&job, &out.zone)])?;
    Ok(ExitCode::SUCCESS)
}

fn job(reply: Reply) -> Result<NumberJobView, ApiError> {
    if let Reply::NumberJob { job } = reply { Ok(*job) } else { Err(unexpected()) }
}

async fn the_one(core: &mut Core, named: Option<&str>) -> Result<String, ApiError> {
    let accounts = Accounts { named, capability: Some(Capability::NumberOrders) };
    let snapshot = settled(core, accounts, false).await?;
    accounts.the_one(&snapshot)
}

async fn connected(core: &mut Core, named: Option<&str>) -> Result<(), ApiError> {
    let accounts = Accounts { named, capability: Some(Capability::NumberOrders) };
    settled(core, accounts, false).await.map(drop)
}

fn intent(given: &Option<String>) -> String {
    given.clone().unwrap_or_else(|| uuid::Uuid::new_v4().to_string())
}

fn draft(address: &Address) -> Result<AddressDraft, ApiError> {
    Ok(AddressDraft {
        country: address.country.clone(),
        city: address.city.clone(),
        zip: address.zip.clone(),
        street: address.street.clone(),
        house_number: address.house_number.clone(),
        area_code: address.area_code.clone(),
        document_kind: address.kind.clone(),
        document_name: address.document.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        document: BASE64_STANDARD.encode(document(&address.document)?),
    })
}

fn document(path: &Path) -> Result<Vec<u8>, ApiError> {
    let unreadable = |error: io::Error| {
        let message = format!("{} cannot be read: {error}", path.display());
        ApiError::from(Problem::new("document_missing", message, "Name the PDF that shows the address."))
    };
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LARGEST_DOCUMENT + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST_DOCUMENT {
        let message = format!("{} is larger than {} MB", path.display(), LARGEST_DOCUMENT >> 20);
        return Err(Problem::new(
            "document_too_large",
            message,
            "Scan it at a lower resolution, or in black and white.",
        )
        .into());
    }
    Ok(bytes)
}

/// Nobody orders by accident: asked on a terminal, and to be said with `--yes` where nobody can be asked.
fn confirmed(yes: bool, question: &str) -> Result<(), ApiError> {
    if yes {
        return Ok(());
    }
    let stdin = io::stdin();
    let mut line = String::new();
    if stdin.is_terminal() {
        eprint!("{question} [y/N] ");
        let read = stdin.lock().read_line(&mut line);
        if read.is_ok() && matches!(line.trim(), "y" | "Y" | "yes") {
            return Ok(());
        }
    }
    Err(Problem::new("not_confirmed", "nothing was sent: it was not confirmed", "Confirm with `--yes`.").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_read_up_to_a_limit_and_a_missing_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("licence.pdf");
        let missing = document(&path).unwrap_err();
        assert!(missing.code == "document_missing" && missing.message.contains("licence.pdf"), "{missing:?}");
        std::fs::write(&path, b"%PDF-1.4").unwrap();
        assert_eq!(document(&path).unwrap(), b"%PDF-1.4");
        File::options().write(true).open(&path).unwrap().set_len(LARGEST_DOCUMENT + 1).unwrap();
        assert_eq!(document(&path).unwrap_err().code, "document_too_large");
        assert_eq!(document(folder.path()).unwrap_err().code, "document_missing");
    }

    #[test]
    fn what_nobody_confirms_is_not_sent() {
        assert!(confirmed(true, "?").is_ok());
        // Tests have no terminal to be asked on.
        if !io::stdin().is_terminal() {
            assert_eq!(confirmed(false, "?").unwrap_err().code, "not_confirmed");
        }
    }
}

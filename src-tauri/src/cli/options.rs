//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::links;

/// Shows who is calling and who is free, and dials with one click.
///
/// Without a command it opens the app. Commands need no display and no running app; while the app runs on the same
/// configuration they go through it.
///
/// Exit codes: 0 done · 2 usage or configuration · 3 refused by the provider · 4 unreachable · 5 not found · 6 no such
/// capability.
#[derive(Debug, Parser)]
#[command(name = "ringside", version)]
pub struct Cli {
    /// The configuration file, instead of the user's own
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The data folder, instead of the user's own
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Print JSON Lines
    #[arg(long, global = true)]
    pub json: bool,
    /// Open the app without its window
    #[arg(long)]
    pub in_tray: bool,
    /// `tel:`, `callto:` or `sip:` links: dialled after the confirmation the user chose
    #[arg(value_name = "LINK", value_parser = link)]
    pub links: Vec<String>,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The app on the demo exchange
    Demo(Demo),
    /// Accounts and their links; add, test and remove them
    Accounts(Accounts),
    /// Every extension
    Extensions(Only),
    /// The state of every line
    Lines(Lines),
    /// Current calls
    Calls(Only),
    /// Forwarding scenarios
    Scenarios(Only),
    /// Switch a forwarding scenario
    Scenario(Scenario),
    /// Log agents in and out
    Agent(Agent),
    /// The accounts' own numbers, and ordering more of them
    Number(Number),
    /// Past calls, newest first
    History(History),
    /// The contact list
    Contacts(Contacts),
    /// Line, call, scenario, agent, number job and link events until interrupted
    Watch(Only),
    /// Ring your phone, then the number
    Dial(Dial),
    /// End a call
    Hangup(Hangup),
    /// Who is that, and why
    Lookup(Lookup),
}

#[derive(Debug, Args)]
pub struct Demo {
    /// Without a display: a scripted tour that leaves screenshots and a transcript in DIR
    #[arg(long, value_name = "DIR")]
    pub headless: Option<PathBuf>,
    /// The tour's colours; by default light, with one picture in dark
    #[arg(long, value_enum)]
    pub theme: Option<Theme>,
    /// The tour's language, such as `de`; by default English, with one picture in German
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<String>,
    /// The tour inside the display that was made for it
    #[arg(long, hide = true, value_name = "DIR")]
    pub tour: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Theme {
    Light,
    Dark,
    System,
}

#[derive(Debug, Args)]
pub struct Accounts {
    #[command(subcommand)]
    pub action: Option<AccountAction>,
}

#[derive(Debug, Subcommand)]
pub enum AccountAction {
    /// Connect an account; its password is read from stdin
    Add(AccountDraft),
    /// Try an account without keeping it; its password is read from stdin. With the id alone: one that is connected
    Test(AccountTest),
    /// Remove an account and its password
    Remove { id: String },
}

#[derive(Debug, Args)]
pub struct AccountDraft {
    /// Letters, digits and dashes; part of every line's name
    pub id: String,
    /// The service, such as `nfon`
    #[arg(long)]
    pub provider: String,
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    #[arg(long)]
    pub username: Option<String>,
    /// Options of the provider
    #[arg(long = "option", value_name = "NAME=VALUE", value_parser = pair)]
    pub options: Vec<(String, String)>,
    /// How national numbers are read, ISO 3166; without it, as in the country the service is for, else as in your own
    #[arg(long)]
    pub region: Option<String>,
    /// Extensions of this account that are yours
    #[arg(long, value_name = "EXTENSION")]
    pub mine: Vec<String>,
}

#[derive(Debug, Args)]
pub struct AccountTest {
    pub id: String,
    #[arg(long)]
    pub provider: Option<String>,
    #[arg(long, value_name = "URL", requires = "provider")]
    pub base_url: Option<String>,
    #[arg(long, requires = "provider")]
    pub username: Option<String>,
    #[arg(long = "option", value_name = "NAME=VALUE", value_parser = pair, requires = "provider")]
    pub options: Vec<(String, String)>,
}

/// Filters of every list.
#[derive(Clone, Debug, Default, Args)]
pub struct Only {
    /// Of this account alone
    #[arg(long)]
    pub account: Option<String>,
    /// Of this extension alone
    #[arg(long)]
    pub extension: Option<String>,
}

#[derive(Debug, Args)]
pub struct Lines {
    #[command(flatten)]
    pub only: Only,
    /// Only lines in this state: idle, ringing, busy, offline or unknown
    #[arg(long, value_name = "STATE")]
    pub line: Option<String>,
}

#[derive(Debug, Args)]
pub struct History {
    #[command(flatten)]
    pub only: Only,
    /// Name, company, note, or digits of the number
    #[arg(long, default_value = "")]
    pub text: String,
    /// Only missed calls
    #[arg(long)]
    pub missed: bool,
    /// Only from this time on, RFC 3339
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Only before this time, RFC 3339
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// At most this many
    #[arg(long, default_value_t = 100)]
    pub limit: u32,
}

#[derive(Debug, Args)]
pub struct Contacts {
    /// Part of a name, a company or a number
    #[arg(default_value = "")]
    pub text: String,
    #[arg(long, default_value_t = 1_000)]
    pub limit: u32,
}

#[derive(Debug, Args)]
pub struct Lookup {
    pub number: String,
}

#[derive(Debug, Args)]
pub struct Dial {
    /// As it is written, or a link
    pub number: String,
    #[arg(long)]
    pub account: Option<String>,
    /// The extension whose phone rings first
    #[arg(long, value_name = "EXT")]
    pub from: Option<String>,
    /// Until the call is answered or has come to nothing
    #[arg(long)]
    pub wait: bool,
}

#[derive(Debug, Args)]
pub struct Hangup {
    /// The call, as `calls` names it
    pub call: String,
}

#[derive(Debug, Args)]
pub struct Scenario {
    #[command(subcommand)]
    pub action: ScenarioAction,
}

#[derive(Debug, Subcommand)]
pub enum ScenarioAction {
    /// Switch it on, and wait until the service says that it is
    Activate(Which),
    /// Switch it off, and wait until the service says that it is
    Deactivate(Which),
}

#[derive(Debug, Args)]
pub struct Which {
    pub id: String,
    #[arg(long)]
    pub account: Option<String>,
}

#[derive(Debug, Args)]
pub struct Agent {
    #[command(subcommand)]
    pub action: AgentAction,
}

#[derive(Debug, Subcommand)]
pub enum AgentAction {
    /// The states an account's agents can be put into
    States {
        #[arg(long)]
        account: Option<String>,
    },
    /// The state of the agent at a line, refreshed
    Show(AgentAt),
    /// Put the agent at a line into a state, and confirm it
    Set {
        #[command(flatten)]
        at: AgentAt,
        /// As `agent states` names it
        state: String,
    },
}

#[derive(Debug, Args)]
pub struct AgentAt {
    /// ACCOUNT/EXTENSION, or the extension where one account has agents
    pub line: String,
    #[arg(long)]
    pub account: Option<String>,
}

#[derive(Debug, Args)]
pub struct Number {
    #[command(subcommand)]
    pub action: NumberAction,
}

#[derive(Debug, Subcommand)]
pub enum NumberAction {
    /// The accounts' numbers, refreshed
    List {
        #[arg(long)]
        account: Option<String>,
    },
    /// Submit an address with a document that shows it. Order a number once it is approved
    Verify(Address),
    /// Order the number a job's address was approved for; costs money
    Order {
        /// The job, as `number orders` names it
        job: i64,
        /// A number of the account whose routing the new one shares
        #[arg(long, value_name = "NUMBER")]
        link_to: Option<String>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Give a number back
    Cancel {
        number: String,
        #[arg(long)]
        account: Option<String>,
        /// The same intent is never sent twice
        #[arg(long, value_name = "ID")]
        intent: Option<String>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// All orders and cancellations, newest first
    Orders {
        #[arg(long)]
        account: Option<String>,
    },
    /// Record the outcome of a step whose answer was lost, as in the service's portal. Sends nothing
    Settle {
        job: i64,
        #[command(flatten)]
        verdict: Verdict,
        /// The service's id of the address or the order, or the day the number ends
        #[arg(long, value_name = "ID", default_value = "", conflicts_with = "not_taken")]
        reference: String,
    },
    /// Mark an ordered number as active. Sends nothing
    Arrived { job: i64, number: String },
    /// Close an order. Sends nothing
    Drop { job: i64 },
}

#[derive(Clone, Copy, Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Verdict {
    /// The service accepted it
    #[arg(long)]
    pub taken: bool,
    /// The service did not accept it
    #[arg(long)]
    pub not_taken: bool,
}

#[derive(Debug, Args)]
pub struct Address {
    #[arg(long)]
    pub account: Option<String>,
    /// Its English name
    #[arg(long, default_value = "Germany")]
    pub country: String,
    #[arg(long)]
    pub city: String,
    #[arg(long)]
    pub zip: String,
    #[arg(long)]
    pub street: String,
    #[arg(long)]
    pub house_number: String,
    /// Without its leading 0, such as 221
    #[arg(long, value_name = "CODE")]
    pub area_code: String,
    /// What the document is, as the service names it, such as BUSINESS_LICENSE
    #[arg(long)]
    pub kind: String,
    /// The document that shows the address, a PDF
    #[arg(long, value_name = "FILE")]
    pub document: PathBuf,
    /// The same intent is never sent twice
    #[arg(long, value_name = "ID")]
    pub intent: Option<String>,
}

fn link(text: &str) -> Result<String, String> {
    if links::is_link(text) {
        Ok(text.to_owned())
    } else {
        Err("neither a command nor a tel:, callto: or sip: link".to_owned())
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("an option is NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

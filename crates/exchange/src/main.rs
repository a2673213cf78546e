//! The exchange as a program of its own.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Context;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, Parser, ValueEnum, value_parser};
use ringside_exchange::{Exchange, Fault, FonialOptions, Options, Script, ServiceName, Sites};

/// The demo exchange: the telephone services on 127.0.0.1, with an office behind them.
#[derive(Parser)]
#[command(name = "exchange", version)]
struct Arguments {
    #[command(flatten)]
    ports: Ports,
    /// The same seed gives the same day.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many times faster than life.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// How many extensions the main office has.
    #[arg(long, default_value_t = ringside_exchange::office::NAMED_EXTENSIONS)]
    extensions: usize,
    /// Every service serves the whole office, instead of each a site of its own.
    #[arg(long)]
    one_site: bool,
    /// How many records of past calls fonial has of the year before.
    #[arg(long, default_value_t = 0)]
    past_calls: usize,
    /// What happens by itself.
    #[arg(long, value_enum, default_value = "office")]
    script: ScriptName,
    /// A fault, as JSON or as KIND[=VALUE][@SERVICE[/PATH]][+BYTES][*TIMES], for example
    /// reset@nfon/v1/extensions/phone/calls+37*1 or status=503@swisscom; may be given several times.
    #[arg(long, value_parser = ringside_exchange::faults::parse)]
    fault: Vec<Fault>,
}

#[derive(Clone, Copy, ValueEnum)]
enum ScriptName {
    Office,
    Quiet,
}

/// An option for the port of every host there is.
struct Ports(BTreeMap<ServiceName, u16>);

/// Shorter names of two of them.
const ALSO: [(ServiceName, &str); 2] = [(ServiceName::Nfon, "port"), (ServiceName::SwisscomToken, "port-token")];

impl Args for Ports {
    fn augment_args(command: Command) -> Command {
        ServiceName::ALL.into_iter().fold(command, |command, name| {
            let also = ALSO.into_iter().filter(|(it, _)| *it == name).map(|(_, also)| also);
            let port = Arg::new(name.name()).long(name.port_option()).visible_aliases(also.collect::<Vec<_>>());
            let port = port.value_name("PORT").value_parser(value_parser!(u16)).default_value("0");
            command.arg(port.help("0 takes a free one"))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Ports {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let port = |name: ServiceName| Some((name, *matches.get_one::<u16>(name.name())?));
        Ok(Self(ServiceName::ALL.into_iter().filter_map(port).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let exchange = Exchange::start(options(arguments)).await.context("the exchange could not start")?;
    std::io::stdout().write_all(introduction(&exchange).as_bytes())?;
    tokio::signal::ctrl_c().await.context("cannot wait for Ctrl+C")?;
    exchange.shutdown().await;
    Ok(())
}

fn options(arguments: Arguments) -> Options {
    Options {
        ports: arguments.ports.0,
        seed: arguments.seed,
        speed: arguments.speed,
        extensions: arguments.extensions,
        sites: if arguments.one_site { Sites::One } else { Sites::Several },
        script: match arguments.script {
            ScriptName::Office => Script::Office,
            ScriptName::Quiet => Script::Quiet,
        },
        faults: arguments.fault,
        fonial: FonialOptions { past_calls: arguments.past_calls, ..FonialOptions::default() },
        ..Options::default()
    }
}

/// Where everything is and how to get in. The whole is comments and TOML, so that it can be saved as a configuration.
fn introduction(exchange: &Exchange) -> String {
    let mut text = String::new();
    for name in ServiceName::ALL {
        text.push_str(&format!("# {:<14} {}\n", name.name(), exchange.url(name)));
    }
    for account in exchange.accounts() {
        let username = account.username.map_or(String::new(), |name| format!("{name} / "));
        text.push_str(&format!("# {:<14} {username}{}\n", account.provider, account.secret));
    }
    text.push_str(
        "# GET, PUT an array, POST one, DELETE /_control/faults and GET, DELETE /_control/tape on any of them\n#\n",
    );
    for (name, value) in exchange.environment() {
        text.push_str(&format!("# export {name}={value}\n"));
    }
    text.push('\n');
    text.push_str(&exchange.config_toml());
    text
}

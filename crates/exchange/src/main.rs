//! The exchange as a program of its own.

use std::io::Write;

use anyhow::Context;
use clap::{Parser, ValueEnum};
use ringside_exchange::{Exchange, Fault, FonialOptions, Options, Ports, Script};

/// The demo exchange: the telephone services on 127.0.0.1, with an office behind them.
#[derive(Parser)]
#[command(name = "exchange", version)]
struct Arguments {
    /// Port of the NFON API; 0 takes a free one.
    #[arg(long, default_value_t = 0, visible_alias = "port")]
    port_nfon: u16,
    /// Port of the Swisscom API; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port_swisscom: u16,
    /// Port of Swisscom's token host; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port_token: u16,
    /// Port of the fonial API; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port_fonial: u16,
    /// Port of the TENIOS API; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port_tenios: u16,
    /// Port that stands for all of Voicenter's hosts; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port_voicenter: u16,
    /// The same seed gives the same day.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many times faster than life.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// How many extensions the office has.
    #[arg(long, default_value_t = ringside_exchange::office::NAMED_EXTENSIONS)]
    extensions: usize,
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
        ports: Ports {
            nfon: arguments.port_nfon,
            swisscom: arguments.port_swisscom,
            swisscom_token: arguments.port_token,
            fonial: arguments.port_fonial,
            tenios: arguments.port_tenios,
            voicenter: arguments.port_voicenter,
            elsewhere: 0,
        },
        seed: arguments.seed,
        speed: arguments.speed,
        extensions: arguments.extensions,
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
    let (nfon, swisscom, fonial) = (exchange.nfon(), exchange.swisscom(), exchange.fonial());
    let mut text = format!(
        "# nfon      {}\n#           {} / {}\n# swisscom  {}\n# token     {}\n#           {} / {}\n\
         # fonial    {}\n#           {} / {}\n\
         # tenios    {}\n#           {}\n\
         # voicenter {}\n#           {}\n\
         # faults    {}/_control/faults   (GET, PUT an array, POST one, DELETE)\n\
         # requests  {}/_control/tape     (GET, DELETE)\n#\n",
        exchange.nfon_url(),
        nfon.username(),
        nfon.password(),
        exchange.swisscom_url(),
        exchange.swisscom_token_url(),
        swisscom.customer_key(),
        swisscom.customer_secret(),
        exchange.fonial_url(),
        fonial.username(),
        fonial.password(),
        exchange.tenios_url(),
        exchange.tenios().access_key(),
        exchange.voicenter_url(),
        exchange.voicenter().code(),
        exchange.elsewhere_url(),
        exchange.elsewhere_url(),
    );
    for (name, value) in exchange.environment() {
        text.push_str(&format!("# export {name}={value}\n"));
    }
    text.push('\n');
    text.push_str(&exchange.config_toml());
    text
}

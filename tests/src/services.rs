//! The app on five services at once: one office whose sites are each at another one.
#![expect(clippy::expect_used, reason = "a test that cannot be set up stops at once")]

use std::sync::Arc;

use ringside_api::view::{AccountView, Snapshot};
use ringside_exchange::{Exchange, FonialOptions, Options, ServiceName, Sites};

use crate::rig::{self, Rig, phase, word};

/// What a service's account is called in the exchange's configuration, where its site's calls go, and which switches
/// look after it.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    pub account: &'static str,
    pub service: ServiceName,
    /// An extension of the office, where the service has people.
    pub extension: Option<&'static str>,
    /// Whether it tells what lines are doing.
    pub lamps: bool,
    /// Whether it keeps a record of past calls.
    pub journal: bool,
}

pub const OFFICE: Site =
    Site { account: "office", service: ServiceName::Nfon, extension: Some("31"), lamps: true, journal: false };
pub const SWISSCOM: Site =
    Site { account: "forwarding", service: ServiceName::Swisscom, extension: None, lamps: false, journal: false };
pub const FONIAL: Site =
    Site { account: "hamburg", service: ServiceName::Fonial, extension: Some("401"), lamps: false, journal: true };
pub const TENIOS: Site =
    Site { account: "berlin", service: ServiceName::Tenios, extension: Some("301"), lamps: false, journal: true };
pub const VOICENTER: Site =
    Site { account: "haifa", service: ServiceName::Voicenter, extension: Some("201"), lamps: true, journal: true };

pub const ALL: [Site; 5] = [OFFICE, SWISSCOM, FONIAL, TENIOS, VOICENTER];

/// An exchange in which nothing happens by itself, with a site at each service.
pub async fn exchange() -> Exchange {
    with(options()).await
}

pub async fn with(options: Options) -> Exchange {
    Exchange::start(options).await.expect("the exchange starts")
}

pub fn options() -> Options {
    // A call that nobody answers is in the record too.
    let fonial = FonialOptions { lists_unanswered: true, ..FonialOptions::default() };
    Options { sites: Sites::Several, fonial, ..Options::quiet() }
}

/// All five accounts, each asking as often as a service on this computer allows.
pub fn config(exchange: &Exchange) -> String {
    let mut config: toml::Table = rig::config(exchange).parse().expect("a configuration");
    let accounts = config.get_mut("accounts").and_then(toml::Value::as_array_mut).expect("accounts");
    for account in accounts.iter_mut().filter_map(toml::Value::as_table_mut) {
        let hasty = match account.get("provider").and_then(toml::Value::as_str) {
            Some("fonial") => "probe_seconds = 0.2\njournal_seconds = 0.2\nrequest_seconds = 2",
            Some("tenios") => "poll_seconds = 0.2\nrequest_seconds = 2",
            Some("swisscom") => "poll_seconds = 0.2\nrequest_seconds = 2",
            Some("voicenter") => {
                "poll_seconds = 0.2\nsilence_seconds = 1\nrealtime_seconds = 1\nextensions_seconds = 0.5\n\
                request_seconds = 2"
            }
            _ => continue,
        };
        let hasty: toml::Table = hasty.parse().expect("options");
        let options = account.entry("options").or_insert_with(|| toml::Table::new().into());
        options.as_table_mut().expect("a table").extend(hasty);
    }
    config.to_string()
}

/// Starts the app and waits for nothing.
pub async fn start(exchange: &Exchange) -> Rig {
    Rig::on(Arc::new(rig::folder()), Some(exchange), &config(exchange)).await
}

/// Starts the app and waits until all five are there.
pub async fn connected(exchange: &Exchange) -> Rig {
    let rig = start(exchange).await;
    for site in ALL {
        online(&rig, site).await;
    }
    rig
}

pub fn account(snapshot: &Snapshot, site: Site) -> Option<&AccountView> {
    snapshot.accounts.iter().find(|view| view.id == site.account)
}

/// Waits until the account is online and shows its people, with their lamps where the service tells of them, or its
/// scenarios.
pub async fn online(rig: &Rig, site: Site) {
    rig.until(&format!("{} online", site.account), |it| {
        let mut lines = it.lines.iter().filter(|line| line.account == site.account).peekable();
        let people = site.extension.is_none() || lines.peek().is_some();
        let lamps = !site.lamps || lines.all(|line| line.stale_since.is_none() && word(&line.line) != "unknown");
        let scenarios = site.extension.is_some() || it.scenarios.iter().any(|one| one.stale_since.is_none());
        (phase(account(it, site)?) == "online" && people && lamps && scenarios).then_some(())
    })
    .await;
}

/// No lamp and no scenario of the account claims to be of now.
pub fn nothing_is_current(snapshot: &Snapshot, site: Site) -> bool {
    let mut lines = snapshot.lines.iter().filter(|line| line.account == site.account);
    let mut scenarios = snapshot.scenarios.iter().filter(|one| one.account == site.account);
    lines.all(|line| line.stale_since.is_some() || word(&line.line) == "unknown")
        && scenarios.all(|one| one.stale_since.is_some())
}

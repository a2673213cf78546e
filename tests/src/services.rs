//! The app on five services at once: one office whose sites are each at another one.
#![expect(clippy::expect_used, reason = "a test that cannot be set up stops at once")]

use std::sync::Arc;

use ringside_api::view::{AccountView, Snapshot};
use ringside_exchange::{Exchange, Options, Sites};

use crate::rig::{self, Rig, phase, word};

/// What a service's account is called in the exchange's configuration, and what is to be seen of it.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    pub account: &'static str,
    /// Whether it has people; it has forwarding scenarios otherwise.
    pub people: bool,
    /// Whether it tells what lines are doing.
    pub lamps: bool,
}

pub const OFFICE: Site = Site { account: "office", people: true, lamps: true };
pub const SWISSCOM: Site = Site { account: "forwarding", people: false, lamps: false };
pub const FONIAL: Site = Site { account: "hamburg", people: true, lamps: false };
pub const TENIOS: Site = Site { account: "berlin", people: true, lamps: false };
pub const VOICENTER: Site = Site { account: "haifa", people: true, lamps: true };

pub const ALL: [Site; 5] = [OFFICE, SWISSCOM, FONIAL, TENIOS, VOICENTER];

/// An exchange in which nothing happens by itself, with a site at each service.
pub async fn exchange() -> Exchange {
    Exchange::start(Options { sites: Sites::Several, ..Options::quiet() }).await.expect("the exchange starts")
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
        let people = !site.people || lines.peek().is_some();
        let lamps = !site.lamps || lines.all(|line| line.stale_since.is_none() && word(&line.line) != "unknown");
        let scenarios = site.people || it.scenarios.iter().any(|one| one.stale_since.is_none());
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

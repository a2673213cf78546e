//! The scripted day: believable, and the same for the same seed.

mod common;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use common::started;
use reqwest::Method;
use ringside_exchange::{Line, Options, Script, Snapshot, demo_contacts};
use uuid::Uuid;

async fn day(seed: u64, minutes: u64) -> Vec<Snapshot> {
    let starts_at = "2026-03-02T08:00:00Z".parse().ok();
    let exchange = started(Options { seed, starts_at, ..Options::default() }).await;
    let mut seen = Vec::new();
    for _ in 0..minutes * 12 {
        tokio::time::sleep(Duration::from_secs(5)).await;
        seen.push(exchange.office().snapshot());
    }
    seen
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_gives_the_same_day() {
    let first = day(7, 30).await;
    assert_eq!(first, day(7, 30).await);
    assert_ne!(first, day(8, 30).await);
}

#[tokio::test(start_paused = true)]
async fn people_talk_and_phones_ring_but_not_all_the_time() {
    let seen = day(1, 240).await;
    let share = |line: Line| {
        let lit = seen.iter().flat_map(|it| it.lines.values()).filter(|it| it.line == line).count();
        lit as f64 / (seen.len() * seen[0].lines.len()) as f64
    };
    assert!((0.10..0.35).contains(&share(Line::InUse)), "{}", share(Line::InUse));
    assert!((0.005..0.10).contains(&share(Line::Ringing)), "{}", share(Line::Ringing));
    let rung: HashSet<&str> = seen.iter().flat_map(|it| &it.legs).map(|leg| leg.extension.as_str()).collect();
    assert!(rung.len() >= 40 && rung.contains("31"));
    let first = &seen[0];
    assert!(first.lines.values().filter(|it| it.line == Line::InUse).count() >= 5, "the day has begun before us");
}

#[tokio::test(start_paused = true)]
async fn lamps_and_legs_always_agree() {
    for snapshot in day(3, 60).await {
        for (extension, truth) in &snapshot.lines {
            let legs = snapshot.legs.iter().filter(|leg| &leg.extension == extension).count();
            let dark = matches!(truth.line, Line::Idle | Line::Offline | Line::Unknown);
            assert_eq!(legs == 0, dark, "{extension} {truth:?}");
        }
    }
}

#[test]
fn contacts_have_whole_numbers_and_a_name_of_some_kind() {
    for contact in demo_contacts() {
        assert!(!contact.name.is_empty() || !contact.company.is_empty());
        for number in [Some(contact.number), contact.other_number].into_iter().flatten() {
            let digits = number.strip_prefix('+').unwrap();
            assert!((9..=15).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit()), "{number}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_call_goes_on_at_two_services() {
    let mut calls: HashMap<Uuid, HashSet<char>> = HashMap::new();
    for leg in day(5, 120).await.into_iter().flat_map(|it| it.legs) {
        // By the numbering plan: the sites have three digits.
        let site = if leg.extension.len() == 3 { leg.extension.chars().next() } else { Some('0') };
        calls.entry(leg.call).or_default().extend(site);
    }
    assert!(calls.values().all(|sites| sites.len() == 1));
    let sites: HashSet<char> = calls.into_values().flatten().collect();
    assert_eq!(sites, HashSet::from(['0', '2', '3', '4']), "all sites have something to do");
}

#[tokio::test]
async fn several_sites_have_an_account_each_and_nobody_is_at_two() {
    let exchange = started(Options { script: Script::Quiet, ..Options::default() }).await;
    let config = exchange.config_toml();
    let accounts = exchange.accounts();
    assert_eq!(accounts.len(), 5);
    for account in &accounts {
        assert!(config.contains(&format!("id = \"{}\"", account.id)) && config.contains(&account.base_url), "{config}");
        assert!(config.contains(account.variable) && !config.contains(&account.secret), "{config}");
    }
    assert_eq!(exchange.environment().len(), 5);
    let code = exchange.voicenter().code();
    let list = common::client().get(format!("{}/Comet/api/GetExtensions?code={code}", exchange.voicenter_url()));
    let list = common::json_of(list.send().await.unwrap()).await;
    let sips: Vec<&str> = list["EXTENSIONS"].as_array().unwrap().iter().filter_map(|it| it["SIP"].as_str()).collect();
    assert_eq!(sips, ["SIP201", "SIP202", "SIP203", "SIP204", "SIP205", "SIP206"]);
    let (token, _) = common::sign_in(&exchange).await;
    let list = common::nfon(&exchange, Method::GET, common::DATA, &token, "application/json").send().await.unwrap();
    assert_eq!(common::json_of(list).await.as_array().unwrap().len(), 46, "the main office is as large as ever");
    exchange.shutdown().await;
}

#[tokio::test]
async fn the_configuration_it_prints_leads_to_it() {
    let exchange = common::quiet().await;
    let config = exchange.config_toml();
    assert!(config.contains(&exchange.nfon_url()) && config.contains(&exchange.swisscom_token_url()));
    assert!(config.contains("extensions = [\"office/31\"]"));
    for (name, secret) in exchange.environment() {
        assert!(config.contains(name) && !config.contains(&secret));
    }
    exchange.shutdown().await;
}

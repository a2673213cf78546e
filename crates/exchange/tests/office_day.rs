//! The scripted day: believable, and the same for the same seed.

mod common;

use std::collections::HashSet;
use std::time::Duration;

use common::started;
use ringside_exchange::{Line, Options, Snapshot, demo_contacts};

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
        lit as f64 / (seen.len() * 46) as f64
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

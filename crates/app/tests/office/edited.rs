//! The configuration is the user's: what they write while the app runs is taken over, and nothing of it is lost.

use std::sync::Arc;
use std::time::Duration;

use ringside_api::view::{Snapshot, Theme};
use ringside_api::{ApiEvent, Request};
use ringside_domain::{LinkPhase, Problem};
use ringside_exchange::{Exchange, Options};

use crate::rig::Rig;

async fn exchange() -> Arc<Exchange> {
    Arc::new(Exchange::start(Options::quiet()).await.unwrap())
}

/// One account, and a line of mine.
fn office(exchange: &Exchange, mine: &str) -> String {
    let nfon = exchange.accounts().into_iter().find(|account| account.id == "office").unwrap();
    format!(
        "# rolled out\n[me]\nextensions = [\"office/{mine}\"]\n\n[[accounts]]\nid = \"office\"\nprovider = \"nfon\"\nbase_url = \"{}\"\nusername = \"{}\"\n",
        nfon.base_url,
        nfon.username.unwrap_or_default(),
    )
}

fn is_online(snapshot: &Snapshot) -> bool {
    snapshot.accounts.iter().any(|account| account.link.phase == LinkPhase::Online)
}

fn codes(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.notices.iter().map(|notice| notice.problem.code.as_str()).collect()
}

#[tokio::test]
async fn what_was_added_meanwhile_stays_when_a_setting_is_changed_and_is_followed() {
    let exchange = exchange().await;
    let mut rig = Rig::on_files(exchange.clone(), "", "").await;
    let mut shown_before = rig.app.settings().await.unwrap();
    let written = format!("{}\n[history]\ndays = 30\n", office(&exchange, "31"));
    std::fs::write(rig.config_path(), &written).unwrap();
    shown_before.theme = Theme::Dark;
    rig.call(Request::SetSettings { settings: shown_before }).await.unwrap();
    let text = std::fs::read_to_string(rig.config_path()).unwrap();
    assert_eq!(text, format!("{written}\n[ui]\ntheme = \"dark\"\n"));
    let snapshot = rig.eventually("the account that was added is online", is_online).await;
    let settings = snapshot.settings;
    assert_eq!(
        (settings.retention_days, settings.theme, settings.mine),
        (30, Theme::Dark, vec!["office/31".to_owned()])
    );
    let without = "[ui]\ntheme = \"light\"\n";
    std::fs::write(rig.config_path(), without).unwrap();
    rig.eventually("it goes with its line", |it| it.accounts.is_empty() && it.settings.mine.is_empty()).await;
}

#[tokio::test]
async fn a_change_is_noticed_without_anybody_asking() {
    let mut rig = Rig::on_files(exchange().await, "", "").await;
    std::fs::write(rig.config_path(), "[ui]\ncomfortable = true\n").unwrap();
    let seen = rig.event("the settings follow", |event| match event {
        ApiEvent::Settings { settings } => settings.comfortable.then_some(()),
        _ => None,
    });
    tokio::time::timeout(Duration::from_secs(10), seen).await.unwrap();
}

#[tokio::test]
async fn a_mistake_is_told_while_what_held_goes_on_and_goes_when_it_is_mended() {
    let exchange = exchange().await;
    let good = office(&exchange, "31");
    let mut rig = Rig::on_files(exchange.clone(), &good, "").await;
    rig.eventually("online", is_online).await;
    let bad = format!("{good}\n[history]\ndays = \"ninety\"\n");
    std::fs::write(rig.config_path(), &bad).unwrap();
    let snapshot = rig.snapshot().await;
    let notice = snapshot.notices.iter().find(|notice| notice.problem.code == "config_broken").expect("a notice");
    assert!(
        notice.problem.message.contains("line 12") && notice.problem.message.contains("history.days"),
        "{notice:?}"
    );
    assert!(is_online(&snapshot), "the account goes on");
    let mut settings = snapshot.settings;
    settings.comfortable = true;
    let refused = rig.call(Request::SetSettings { settings }).await.unwrap_err();
    assert_eq!(refused.code, "config_left_alone");
    assert!(!rig.app.settings().await.unwrap().comfortable, "the settings say what is so");
    assert_eq!(std::fs::read_to_string(rig.config_path()).unwrap(), bad);
    std::fs::write(rig.config_path(), &good).unwrap();
    assert_eq!(codes(&rig.snapshot().await), Vec::<&str>::new());
}

#[tokio::test]
async fn a_line_of_mine_that_the_account_does_not_list_is_told() {
    let exchange = exchange().await;
    let mut rig = Rig::on_files(exchange.clone(), &office(&exchange, "3131"), "").await;
    let told = rig.eventually("it is told", |it| codes(it).contains(&"own_line_unknown")).await;
    assert!(told.notices[0].problem.message.contains("`office/3131`"), "{:?}", told.notices);
    std::fs::write(rig.config_path(), office(&exchange, "31")).unwrap();
    rig.eventually("it is no more", |it| it.notices.is_empty()).await;
}

#[tokio::test]
async fn settings_that_mean_nothing_are_refused() {
    let exchange = exchange().await;
    let rig = Rig::on_files(exchange.clone(), &office(&exchange, "31"), "").await;
    let before = rig.app.settings().await.unwrap();
    for (code, change) in [
        ("config_line", (|settings| settings.mine = vec!["31".into()]) as fn(&mut ringside_api::view::SettingsView)),
        ("config_line", |settings| settings.mine.push("nope/31".into())),
        ("bad_region", |settings| settings.region = "ZZ".into()),
        ("config_value", |settings| settings.language = "fr".into()),
        ("config_value", |settings| settings.record_url = "javascript:alert(1)".into()),
        ("config_value", |settings| settings.retention_days = 4000),
    ] {
        let mut settings = before.clone();
        change(&mut settings);
        assert_eq!(rig.call(Request::SetSettings { settings }).await.unwrap_err().code, code);
        assert_eq!(rig.app.settings().await.unwrap(), before, "{code}");
    }
}

#[tokio::test]
async fn a_file_that_was_rolled_out_puts_the_app_on_the_sessions_list() {
    let rig = Rig::on_files(exchange().await, "[desktop]\nautostart = true\n", "").await;
    assert!(rig.snapshot().await.settings.autostart);
    assert_eq!(*rig.desktop.autostart.lock().unwrap(), Ok(true));
}

#[tokio::test]
async fn the_switch_shows_what_is_and_why_it_could_not_be() {
    let mut rig = Rig::on_files(exchange().await, "", "").await;
    let mut settings = rig.snapshot().await.settings;
    settings.autostart = true;
    rig.call(Request::SetSettings { settings: settings.clone() }).await.unwrap();
    assert_eq!(*rig.desktop.autostart.lock().unwrap(), Ok(true), "the first switch works");
    assert!(std::fs::read_to_string(rig.config_path()).unwrap().contains("autostart = true"));
    settings.autostart = false;
    rig.call(Request::SetSettings { settings: settings.clone() }).await.unwrap();
    assert_eq!(*rig.desktop.autostart.lock().unwrap(), Ok(false));

    *rig.desktop.autostart.lock().unwrap() = Err(Problem::new("autostart_refused", "the folder is read-only", ""));
    settings.autostart = true;
    let refused = rig.call(Request::SetSettings { settings }).await.unwrap_err();
    assert_eq!(refused.code, "autostart_refused");
    assert!(!rig.snapshot().await.settings.autostart);
    std::fs::write(rig.config_path(), "[desktop]\nautostart = true\n").unwrap();
    let told = rig.eventually("it is told", |it| codes(it).contains(&"autostart_refused")).await;
    assert!(!told.settings.autostart, "what is, not what was wished");
}

#[tokio::test]
async fn a_broken_file_that_is_imported_is_told_with_its_line_and_promises_nothing() {
    let rig = Rig::bare().await;
    let text = "[me]\nregion = [".to_owned();
    let refused = rig.call(Request::ImportConfig { text }).await.unwrap_err();
    let line = refused.params.as_ref().and_then(|params| params.get("line")).map(String::as_str);
    assert_eq!((refused.code.as_str(), line), ("import_broken", Some("2")));
    assert!(!refused.hint.contains("automatically"));
}

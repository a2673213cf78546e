//! Starts under bad conditions: usable at once, nothing lost, one sentence told.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use ringside_app::secrets::MemoryKeyStore;
use ringside_exchange::{Exchange, Options, RingSpec};
use ringside_tests::rig::{self, Rig, word};
use tokio::time::Instant;

#[tokio::test]
async fn without_a_network_the_last_known_board_is_shown_as_old() {
    let (exchange, rig) = rig::quiet().await;
    let call = exchange.ring(RingSpec::to("44").from("4922166966966"));
    call.answer("44");
    rig.line("44", "44 talks", |line| word(&line.line) == "busy").await;
    let config = rig::config(&exchange);
    let scenarios = rig.snapshot().await.scenarios.len();
    let folder = rig.stop().await;
    exchange.go_down();
    let began = Instant::now();
    let again = Rig::on(folder, Some(&exchange), &config).await;
    let snapshot = again.snapshot().await;
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(snapshot.lines.len(), 46, "the extensions are known from before");
    assert!(snapshot.lines.iter().all(|line| line.stale_since.is_some()), "and every one of them is marked as old");
    assert_eq!(
        snapshot.lines.iter().find(|line| line.extension == "44").map(|line| word(&line.line)).as_deref(),
        Some("busy")
    );
    assert_eq!(snapshot.scenarios.len(), scenarios);
    assert!(snapshot.scenarios.iter().all(|scenario| scenario.stale_since.is_some()));
    again.recorded("the history is there", |page| (!page.rows.is_empty()).then_some(())).await;
    exchange.come_up();
    again.online("office").await;
}

#[tokio::test]
async fn a_broken_configuration_names_key_and_line_and_is_left_alone() {
    let folder = Arc::new(rig::folder());
    let text = "[me]\nextensions = [\"office/31\"]\n\n[ui]\nthem = \"dark\"\n# my own words\n";
    let rig = Rig::on(folder, None, text).await;
    let notice = rig.notice("config_broken").await;
    assert!(notice.problem.message.contains("line 5"), "{notice:?}");
    assert!(notice.problem.message.contains("them"), "{notice:?}");
    assert!(notice.problem.message.contains("config.toml"), "{notice:?}");
    let mut settings = rig.snapshot().await.settings;
    settings.comfortable = true;
    // What came of it is the notice's business; the file must not be touched.
    let _ = rig.call(ringside_api::Request::SetSettings { settings }).await;
    let path = rig.config_file();
    let _folder = rig.stop().await;
    assert_eq!(std::fs::read_to_string(path).unwrap(), text, "the user's words are still there");
}

#[tokio::test]
async fn a_secret_written_into_the_configuration_is_refused_without_repeating_it() {
    let text = "[[accounts]]\nid = \"office\"\nprovider = \"nfon\"\nsecret = \"hunter2\"\n";
    let rig = Rig::on(Arc::new(rig::folder()), None, text).await;
    let notice = rig.notice("config_broken").await;
    assert!(!format!("{notice:?}").contains("hunter2"), "{notice:?}");
    assert!(notice.problem.message.contains("keyring"), "the way out is named: {notice:?}");
}

#[tokio::test]
async fn whatever_the_database_is_calls_are_taken_and_nothing_is_deleted() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let seed = Arc::new(rig::folder());
    let first = Rig::on(seed.clone(), Some(&exchange), &rig::config(&exchange)).await;
    first.online("office").await;
    let whole = {
        let data = first.data();
        first.stop().await;
        std::fs::read(data.join("ringside.db")).unwrap()
    };
    let mut flipped = whole.clone();
    for at in (100..whole.len()).step_by(whole.len() / 16) {
        flipped[at] ^= 0xFF;
    }
    let mut headless = whole.clone();
    headless[..100].fill(0);
    let cases: [(&str, Vec<u8>); 5] = [
        ("flipped", flipped),
        ("headless", headless),
        ("truncated", whole[..whole.len() / 2].to_vec()),
        ("empty", Vec::new()),
        ("text", b"Dear diary, this is not a database.".repeat(200)),
    ];
    for (what, bytes) in cases {
        let folder = Arc::new(rig::folder());
        let paths = rig::paths(folder.path());
        std::fs::create_dir_all(&paths.data).unwrap();
        std::fs::write(paths.data.join("ringside.db"), &bytes).unwrap();
        let began = Instant::now();
        let rig = Rig::on(folder, Some(&exchange), &rig::config(&exchange)).await;
        assert!(began.elapsed() < Duration::from_secs(3), "{what}: {:?}", began.elapsed());
        rig.online("office").await;
        let call = exchange.ring(RingSpec::to("31").from("4922166966966"));
        let id = call.id().to_string();
        rig.card(&format!("a card with {what}"), |card| card.leg.call == id).await;
        call.hang_up();
        rig.recorded(&format!("the call with {what}"), |page| (!page.rows.is_empty()).then_some(())).await;
        if !bytes.is_empty() && what != "flipped" {
            let kept = names(&paths.data).iter().any(|name| name.contains("corrupt"));
            assert!(kept, "{what}: the damaged file is kept: {:?}", names(&paths.data));
            assert!(!rig.snapshot().await.notices.is_empty(), "{what}: the user is told");
        }
        rig.stop().await;
    }
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone_and_calls_are_taken() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let folder = Arc::new(rig::folder());
    let first = Rig::on(folder.clone(), Some(&exchange), &rig::config(&exchange)).await;
    first.online("office").await;
    let database = first.data().join("ringside.db");
    first.stop().await;
    let newer = Command::new("sqlite3").arg(&database).arg("PRAGMA user_version = 99").output().unwrap();
    assert!(newer.status.success(), "{newer:?}");
    let before = std::fs::read(&database).unwrap();
    let rig = Rig::on(folder, Some(&exchange), &rig::config(&exchange)).await;
    rig.online("office").await;
    let notice = rig.notice("store_newer").await;
    assert!(!notice.problem.hint.is_empty(), "{notice:?}");
    let call = exchange.ring(RingSpec::to("31").from("4922166966966"));
    let id = call.id().to_string();
    rig.card("a card all the same", |card| card.leg.call == id).await;
    call.hang_up();
    let _folder = rig.stop().await;
    assert_eq!(std::fs::read(&database).unwrap(), before, "the newer version finds everything as it left it");
}

fn names(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder).unwrap().flatten().map(|it| it.file_name().to_string_lossy().into_owned()).collect()
}

/// A file system of a megabyte, taken away at the end.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` where this user may not mount one.
    fn mount() -> Option<Self> {
        let folder = rig::folder();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(folder.path()).output().ok()?;
        mounted.status.success().then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).output();
    }
}

#[tokio::test]
async fn a_full_disk_stops_neither_cards_nor_dials_and_heals_by_itself() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("skipped: only root may mount the small disk that this test fills");
        return;
    };
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    exchange.office().set_dial_behaviour(ringside_exchange::DialBehaviour::at_once());
    let folder = Arc::new(rig::folder());
    let mut paths = rig::paths(folder.path());
    paths.data = disk.0.path().join("data");
    std::fs::create_dir_all(&paths.data).unwrap();
    std::fs::write(&paths.config, rig::config(&exchange)).unwrap();
    let keys = MemoryKeyStore::default();
    use ringside_app::secrets::KeyStore as _;
    keys.set("office", &exchange.nfon().password().into()).unwrap();
    let rig = Rig::at(folder, paths, Arc::new(keys)).await;
    rig.online("office").await;
    let ballast = disk.0.path().join("ballast");
    // Fills what is left, to the last block.
    let _ = std::fs::write(&ballast, vec![0_u8; 2 << 20]);
    for round in 0..40 {
        let call = exchange.ring(RingSpec::to("31").from(format!("49221669{round:05}")));
        let id = call.id().to_string();
        rig.card("a card on a full disk", |card| card.leg.call == id).await;
        call.answer("31");
        call.hang_up();
    }
    rig.dial("full", "+49 30 23125001").await.unwrap();
    rig.dial_state("a dial on a full disk", "full", |dial| word(&dial.state) == "connected").await;
    rig.until("one notice", |it| it.notices.iter().any(|notice| notice.id == "store").then_some(())).await;
    std::fs::remove_file(&ballast).unwrap();
    println!("{:?} {:?}", names(&disk.0.path().join("data")), rig.snapshot().await.notices);
    println!("{:?}", Command::new("ls").arg("-la").arg(disk.0.path().join("data")).output());
    rig.recorded("everything, once there is room again", |page| (page.rows.len() >= 40).then_some(())).await;
    rig.until("the notice goes", |it| it.notices.iter().all(|notice| notice.id != "store").then_some(())).await;
    rig.stop().await;
}

//! Whatever state the file is in: it opens within three seconds, takes calls, tells the user, and deletes nothing.
#![expect(clippy::unwrap_used, reason = "a test stops where its helpers cannot go on")]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::*;
use ringside_store::{Opened, Recording, Store};
use ringside_testkit::holds;
use tempfile::TempDir;
use tokio::time::Instant;

const CALLS: usize = 300;

/// A folder with a database of some calls and caches, properly closed.
async fn filled() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = open_well(dir.path()).await;
    let legs: Vec<_> =
        (0..CALLS).map(|n| named(missed(&n.to_string(), "31", n as i64), "Anna Muster", "Muster AG")).collect();
    store.write_legs(&legs).await.unwrap();
    store.set_fact("journal/office", "17").await.unwrap();
    store.close().await.unwrap();
    dir
}

fn database(dir: &Path) -> PathBuf {
    dir.join("ringside.db")
}

fn kept(dir: &Path) -> Vec<PathBuf> {
    let mut kept: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains(".corrupt-"))
        .filter(|path| !path.to_string_lossy().ends_with("-shm") && !path.to_string_lossy().ends_with("-wal"))
        .collect();
    kept.sort();
    kept
}

/// Opens within the time and takes a call, which is then found.
async fn takes_calls(dir: &Path) -> Opened {
    let start = Instant::now();
    let opened = open(dir).await;
    assert!(start.elapsed() < Duration::from_secs(3), "took {:?}", start.elapsed());
    opened.store.write_leg(&named(ringing("new", "31", 9_000), "Newcomer", "")).await.unwrap();
    assert_eq!(found(&opened.store, "newcomer").await, ["new"]);
    opened
}

/// The damaged bytes are kept as they were, the user is told in one sentence or two, and recording goes on in a file.
async fn is_put_aside(dir: &Path) -> Opened {
    let damaged = fs::read(database(dir)).unwrap();
    let opened = takes_calls(dir).await;
    let kept = kept(dir);
    assert_eq!(kept.len(), 1);
    assert_eq!(fs::read(&kept[0]).unwrap(), damaged);
    let notice = opened.notice.as_ref().unwrap();
    assert_eq!(notice.code, "store_damaged");
    let name = kept[0].file_name().unwrap().to_string_lossy();
    assert!(notice.message.contains(&*name), "{notice}");
    assert_eq!(opened.store.recording().await, Recording::File);
    opened.store.close().await.unwrap();
    assert_eq!(open(dir).await.notice, None, "the next start is an ordinary one");
    opened
}

/// The file stays as it is; calls go to memory and the user is told why.
async fn is_left_alone(dir: &Path, code: &str) -> Store {
    let before = fs::read(database(dir)).unwrap();
    let opened = takes_calls(dir).await;
    let notice = opened.notice.unwrap();
    assert_eq!(notice.code, code);
    assert!(notice.message.contains("not recorded"), "{notice}");
    assert_eq!(opened.store.recording().await, Recording::Memory);
    assert_eq!(fs::read(database(dir)).unwrap(), before);
    assert_eq!(kept(dir), Vec::<PathBuf>::new());
    opened.store
}

#[tokio::test]
async fn a_new_folder_is_for_its_owner_alone() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("data").join("ringside");
    let store = open_well(&dir).await;
    store.write_leg(&missed("a", "31", 0)).await.unwrap();
    assert_eq!(store.schema_version().await.unwrap(), 4);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&dir), 0o700);
        for entry in fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    }
}

#[tokio::test]
async fn what_was_written_is_there_after_a_start_closed_or_not() {
    let dir = filled().await;
    let store = open_well(dir.path()).await;
    assert_eq!(all(&store).await.len(), CALLS);
    assert_eq!(store.fact("journal/office").await.unwrap().as_deref(), Some("17"));
    store.write_leg(&missed("more", "31", 0)).await.unwrap();
    drop(store);
    assert_eq!(all(&open_well(dir.path()).await).await.len(), CALLS + 1);
}

#[tokio::test]
async fn two_handles_of_two_programs_see_each_other() {
    let dir = filled().await;
    let (a, b) = (open_well(dir.path()).await, open_well(dir.path()).await);
    a.write_leg(&missed("a", "31", 0)).await.unwrap();
    b.write_leg(&missed("b", "31", 0)).await.unwrap();
    assert_eq!(all(&a).await.len(), CALLS + 2);
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let store = memory().await;
    store.close().await.unwrap();
    store.close().await.unwrap();
    assert!(store.write_leg(&missed("a", "31", 0)).await.is_err());
    assert!(store.callbacks_open().await.is_err());
}

#[tokio::test]
async fn random_bytes_flipped() {
    // A fixed seed a round: what fails can be repeated.
    for round in 0..24_u64 {
        let dir = filled().await;
        let path = database(dir.path());
        let mut bytes = fs::read(&path).unwrap();
        let mut state = round.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1;
        for _ in 0..16 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let place = (state >> 16) as usize % bytes.len();
            bytes[place] ^= (state >> 56) as u8 | 1;
        }
        fs::write(&path, &bytes).unwrap();
        let opened = takes_calls(dir.path()).await;
        assert_eq!(opened.store.recording().await, Recording::File, "round {round}");
        let left = all(&opened.store).await.len();
        assert!(left > CALLS / 2, "round {round}: {left} of {CALLS} calls are left");
        match opened.notice {
            Some(notice) => {
                assert_eq!(notice.code, "store_damaged");
                assert_eq!(fs::read(&kept(dir.path())[0]).unwrap(), bytes, "round {round}");
            }
            // Bytes within a text are nobody's to find; all of the structure is whole.
            None => assert_eq!(kept(dir.path()).len(), 0),
        }
    }
}

#[tokio::test]
async fn a_page_in_the_middle_overwritten_costs_only_its_rows() {
    let dir = filled().await;
    let path = database(dir.path());
    let mut bytes = fs::read(&path).unwrap();
    // The last page that holds a call's text: a leaf of the table.
    let place = bytes.windows(11).rposition(|window| window == b"Anna Muster").unwrap() / 4096 * 4096;
    bytes[place..place + 4096].fill(0xa5);
    fs::write(&path, &bytes).unwrap();
    let opened = is_put_aside(dir.path()).await;
    assert!(opened.notice.unwrap().message.contains("were saved"));
    let left = all(&open_well(dir.path()).await).await.len();
    assert!(left > CALLS / 2 && left <= CALLS + 1, "{left}");
}

#[tokio::test]
async fn header_zeroed() {
    let dir = filled().await;
    let path = database(dir.path());
    let mut bytes = fs::read(&path).unwrap();
    bytes[..100].fill(0);
    fs::write(&path, bytes).unwrap();
    is_put_aside(dir.path()).await;
    assert_eq!(all(&open_well(dir.path()).await).await.len(), CALLS + 1, "the pages behind the header are whole");
}

#[tokio::test]
async fn first_pages_zeroed() {
    let dir = filled().await;
    let path = database(dir.path());
    let mut bytes = fs::read(&path).unwrap();
    bytes[..4096].fill(0);
    fs::write(&path, bytes).unwrap();
    is_put_aside(dir.path()).await;
    assert_eq!(all(&open_well(dir.path()).await).await.len(), CALLS + 1, "the schema is known");
}

#[tokio::test]
async fn truncated() {
    for keep in [50, 3_000, 40_960, 100_000, 130_001] {
        let dir = filled().await;
        let path = database(dir.path());
        let length = fs::metadata(&path).unwrap().len();
        assert!(keep < length, "{length}");
        fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(keep).unwrap();
        is_put_aside(dir.path()).await;
    }
}

#[tokio::test]
async fn empty() {
    let dir = filled().await;
    fs::write(database(dir.path()), b"").unwrap();
    is_put_aside(dir.path()).await;
}

#[tokio::test]
async fn a_text_file() {
    let dir = filled().await;
    fs::write(database(dir.path()), "Dear diary,\n".repeat(1_000)).unwrap();
    is_put_aside(dir.path()).await;
}

#[tokio::test]
async fn another_programs_database() {
    let dir = tempfile::tempdir().unwrap();
    sqlite(&database(dir.path()), "CREATE TABLE bookmarks (id); INSERT INTO bookmarks VALUES (1)");
    is_put_aside(dir.path()).await;
}

#[tokio::test]
async fn read_only() {
    let dir = filled().await;
    let path = database(dir.path());
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let store = is_left_alone(dir.path(), "store_read_only").await;
    assert_eq!(all(&store).await.len(), CALLS + 1, "what can be read is shown");
}

#[tokio::test]
async fn a_schema_from_the_future() {
    let dir = filled().await;
    sqlite(&database(dir.path()), "ALTER TABLE calls ADD COLUMN mood TEXT; PRAGMA user_version = 9");
    let store = is_left_alone(dir.path(), "store_newer").await;
    assert_eq!(all(&store).await.len(), CALLS + 1);
    assert_eq!(store.fact("journal/office").await.unwrap().as_deref(), Some("17"));
}

#[tokio::test]
async fn a_schema_from_the_future_that_still_stands_in_the_log() {
    let dir = filled().await;
    let mut other = Other::start(dir.path());
    other.say("PRAGMA user_version = 9");
    other.kill();
    assert!(fs::metadata(dir.path().join("ringside.db-wal")).unwrap().len() > 0);
    let opened = takes_calls(dir.path()).await;
    assert_eq!(opened.notice.unwrap().code, "store_newer");
}

#[tokio::test]
async fn locked_by_another_process() {
    for lock in ["BEGIN IMMEDIATE", "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE"] {
        let dir = filled().await;
        let mut other = Other::start(dir.path());
        other.say(lock);
        is_left_alone(dir.path(), "store_busy").await;
        other.kill();
        assert_eq!(all(&open_well(dir.path()).await).await.len(), CALLS, "{lock}");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_made() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "not a folder").unwrap();
    let opened = takes_calls(&file.join("data")).await;
    assert_eq!(opened.notice.unwrap().code, "store_files");
    assert_eq!(fs::read_to_string(file).unwrap(), "not a folder");
}

#[tokio::test]
async fn stopped_while_repairing() {
    let dir = filled().await;
    // Before the damaged file was put aside: a finished new one lies ready, the damaged one is in place.
    fs::copy(database(dir.path()), dir.path().join("ringside.db.ready")).unwrap();
    fs::write(database(dir.path()), b"broken").unwrap();
    is_put_aside(dir.path()).await;
    // After it: the place is free.
    let dir = filled().await;
    fs::rename(database(dir.path()), dir.path().join("ringside.db.ready")).unwrap();
    assert_eq!(all(&open_well(dir.path()).await).await.len(), CALLS);
    // While building: what is not finished counts for nothing.
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("ringside.db.new"), b"half").unwrap();
    assert_eq!(all(&open_well(dir.path()).await).await.len(), 0);
}

#[tokio::test]
async fn damage_found_later_is_healed_without_a_restart() {
    let dir = filled().await;
    let path = database(dir.path());
    let store = open_well(dir.path()).await;
    store.verify().await.unwrap();
    store.write_leg(&missed("after", "31", 0)).await.unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let place = bytes.windows(11).rposition(|window| window == b"Anna Muster").unwrap() / 4096 * 4096;
    bytes[place..place + 4096].fill(0xa5);
    fs::write(&path, &bytes).unwrap();
    let error = open(dir.path()).await.store.verify().await;
    assert!(error.is_ok(), "the start found and repaired it: {error:?}");
    let told = store.heal(at(5)).await.unwrap().unwrap();
    assert_eq!(told.code, "store_damaged");
    store.write_leg(&missed("healed", "31", 1)).await.unwrap();
    assert!(all(&store).await.len() > CALLS / 2);
    assert_eq!(memory().await.heal(at(0)).await.unwrap(), None);
}

#[tokio::test]
async fn erased_numbers_are_in_no_file() {
    let dir = filled().await;
    let canary = number("+4915799887766");
    {
        let store = open_well(dir.path()).await;
        let leg = named(from(missed("canary", "31", 0), canary.clone()), "Zacharias", "");
        let call = store.write_leg(&leg).await.unwrap().call;
        store.set_note(call.id, "Quittenmarmelade").await.unwrap();
        store.close().await.unwrap();
    }
    fs::copy(database(dir.path()), dir.path().join("ringside.db.bak-1")).unwrap();
    let store = open_well(dir.path()).await;
    let ringside_domain::Party::Number(canary) = canary else { unreachable!() };
    let erased = store.delete_number(&canary).await.unwrap();
    assert_eq!((erased.calls, erased.files, erased.log_remains), (1, 1, false));
    for entry in fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for word in ["15799887766", "99887766", "acharias", "uittenmarmelade"] {
            assert!(!holds(&bytes, word), "{word} is in {}", path.display());
        }
    }
    assert_eq!(all(&store).await.len(), CALLS);
    let purged = store.purge_before(at(100)).await.unwrap();
    assert_eq!(purged.calls, 100);
    assert_eq!(store.delete_all().await.unwrap().calls, CALLS as u64 - 100);
    assert_eq!(all(&store).await, []);
}

/// Where a program of [`programs_that_start_together_all_open_a_new_file`] opens.
const TOGETHER: &str = "RINGSIDE_OPENS_TOGETHER";

#[tokio::test]
async fn one_of_those_that_start_together() {
    let Some(dir) = std::env::var_os(TOGETHER) else { return };
    let opened = open(Path::new(&dir)).await;
    assert_eq!((opened.notice, opened.store.recording().await), (None, Recording::File));
}

#[tokio::test]
async fn programs_that_start_together_all_open_a_new_file() {
    let program = std::env::current_exe().unwrap();
    for _ in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        let start = || {
            let mut one = Command::new(&program);
            one.args(["--exact", "one_of_those_that_start_together"]).env(TOGETHER, folder.path().join("data"));
            one.stdout(Stdio::piped()).spawn().unwrap()
        };
        let started: Vec<_> = (0..8).map(|_| start()).collect();
        for one in started {
            let done = one.wait_with_output().unwrap();
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
        }
        open_well(&folder.path().join("data")).await;
    }
}

fn sqlite(database: &Path, sql: &str) {
    let done = Command::new("sqlite3").arg(database).arg(sql).output().unwrap();
    assert!(done.status.success(), "{done:?}");
}

/// SQLite's own shell as the other program.
struct Other(Child, BufReader<std::process::ChildStdout>);

impl Other {
    fn start(dir: &Path) -> Self {
        let mut child =
            Command::new("sqlite3").arg(database(dir)).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self(child, out)
    }

    /// Gives the statements and waits until they are done.
    fn say(&mut self, sql: &str) {
        let input = self.0.stdin.as_mut().unwrap();
        writeln!(input, "{sql};\n.print done").unwrap();
        input.flush().unwrap();
        let mut line = String::new();
        while line.trim() != "done" {
            line.clear();
            assert!(self.1.read_line(&mut line).unwrap() > 0, "the other program ended");
        }
    }

    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

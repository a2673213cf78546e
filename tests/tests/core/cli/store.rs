//! A place where nothing can be written down is told as a broken configuration is: with the path, the way out and 2.

use std::path::Path;
use std::process::{Command, Stdio};

use ringside_exchange::{Exchange, Options};
use ringside_tests::bare::{Bare, Done};

/// They read what is written down, or have to write down what they do.
const COMMANDS: [&[&str]; 5] = [
    &["--json", "history"],
    &["--json", "contacts"],
    &["--json", "number", "orders"],
    &["--json", "lookup", "+4922166966966"],
    &["--json", "hangup", "0191"],
];

async fn used() -> Bare {
    let bare = Bare::new();
    assert_eq!(bare.run(&["history"]).await.code(), Some(0));
    bare
}

fn told(done: &Done, code: &str, path: &Path) {
    assert_eq!(done.code(), Some(2), "{code}: {done:?}");
    let errors = done.errors();
    assert_eq!(errors.first().map(|error| error.0.as_str()), Some(code), "{}", done.words());
    assert!(errors[0].1.contains(&path.display().to_string()), "{}", done.words());
    assert!(!done.words().contains("\"hint\":\"\""), "the way out: {}", done.words());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_tells_why_the_history_cannot_be_used() {
    let newer = used().await;
    let database = newer.data().join("ringside.db");
    let made = Command::new("sqlite3").arg(&database).arg("PRAGMA user_version = 99").status().unwrap();
    assert!(made.success());
    for arguments in COMMANDS {
        told(&newer.run(arguments).await, "store_newer", &database);
    }

    let locked = used().await;
    let database = locked.data().join("ringside.db");
    let mut holder =
        Command::new("sqlite3").arg(&database).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = holder.stdin.take().unwrap();
    let lock = b"PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; SELECT 'held';\n";
    std::io::Write::write_all(&mut stdin, lock).unwrap();
    let mut held = std::io::BufReader::new(holder.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("held") {
        std::io::BufRead::read_line(&mut held, &mut line).unwrap();
    }
    told(&locked.run(COMMANDS[0]).await, "store_busy", &database);
    drop(stdin);
    holder.wait().unwrap();
    assert_eq!(locked.run(COMMANDS[0]).await.code(), Some(0), "once it is let go");

    let file = Bare::new();
    std::fs::write(file.data(), "no folder").unwrap();
    told(&file.run(COMMANDS[0]).await, "data_no_folder", &file.data());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_no_database_is_told_once_with_where_it_is_kept() {
    let bare = used().await;
    std::fs::write(bare.data().join("ringside.db"), b"Dear diary, this is not a database.".repeat(200)).unwrap();
    let first = bare.run(COMMANDS[0]).await;
    told(&first, "store_damaged", &bare.data().join("ringside.db.corrupt-"));
    assert_eq!(bare.run(COMMANDS[0]).await.code(), Some(0), "a new one is in its place");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_needs_nothing_written_down_works_without_and_warns() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let bare = Bare::on(&exchange);
    std::fs::create_dir_all(bare.data().join("ringside.db")).unwrap();
    let ended = bare.run(COMMANDS[0]).await;
    assert_eq!(ended.code(), Some(2), "{ended:?}");
    for arguments in [&["--json", "extensions"][..], &["--json", "accounts"], &["--json", "dial", "+4922166966966"]] {
        let done = bare.run(arguments).await;
        assert_eq!(done.code(), Some(0), "{arguments:?}: {done:?}");
        assert!(!done.rows().is_empty(), "{arguments:?}: {done:?}");
        assert!(done.words().contains("\"warning\""), "{arguments:?}: {}", done.words());
    }
}

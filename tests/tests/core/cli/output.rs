//! Output that cannot be written is an error; a reader that has seen enough is none.

use std::fs::File;
use std::process::Stdio;

use ringside_exchange::{Exchange, Options};
use ringside_tests::bare::{Bare, Done};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_behind_the_output_is_told_and_a_closed_pipe_is_not() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let bare = Bare::on(&exchange);
    for arguments in [
        &["--json", "extensions"][..],
        &["extensions"],
        &["--json", "lookup", "44"],
        &["accounts"],
        &["watch"],
        &["--help"],
        &["--version"],
        &["help", "dial"],
    ] {
        let mut command = bare.command(arguments);
        command.stdout(Stdio::from(File::options().write(true).open("/dev/full").unwrap()));
        let done = Done(tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap());
        assert!(done.code().is_some_and(|code| code != 0), "{arguments:?}: {done:?}");
        assert!(done.words().contains("cannot be written"), "{arguments:?}: {}", done.words());
        let json = arguments.first() == Some(&"--json");
        assert_eq!(done.errors().len(), usize::from(json), "{arguments:?}: {}", done.words());

        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = bare.command(arguments);
        command.stdout(writer);
        let done = Done(tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap());
        assert_eq!((done.code(), done.words().as_str()), (Some(0), ""), "{arguments:?}");
    }
}

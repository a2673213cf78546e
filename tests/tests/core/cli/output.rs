//! Output that cannot be written is an error; a reader that has seen enough is none.

use std::fs::File;
use std::process::{Command, Stdio};

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_output_that_was_closed_is_told_before_anything_is_done() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let bare = Bare::on(&exchange);
    let number = "+4922166966966";
    for arguments in [&["--json", "lookup", "44"][..], &["extensions"], &["--version"], &["--json", "dial", number]] {
        let command = bare.command(arguments);
        let mut shell = Command::new("sh");
        shell.args(["-c", "exec \"$0\" \"$@\" >&-"]).arg(command.get_program()).args(command.get_args());
        shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.stdin(Stdio::null());
        let done = Done(tokio::task::spawn_blocking(move || shell.output()).await.unwrap().unwrap());
        assert_eq!(done.code(), Some(1), "{arguments:?}: {done:?}");
        assert!(done.words().contains("the output cannot be written"), "{arguments:?}: {}", done.words());
    }
    assert!(exchange.office().calls().is_empty(), "nothing rings");
}

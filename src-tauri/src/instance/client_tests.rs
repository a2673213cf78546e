use std::path::Path;

use ringside_app::config::Paths;
use tokio::io::AsyncReadExt as _;
use tokio::net::UnixListener;

use super::*;

fn place(folder: &Path) -> Place {
    let place = Place::of(&Paths {
        config: folder.join("config.toml"),
        policy: Default::default(),
        data: folder.to_owned(),
        demo: folder.join("demo"),
    });
    place.prepare().unwrap();
    place
}

async fn say(stream: &mut BufReader<UnixStream>, said: &Said) {
    let mut line = serde_json::to_vec(said).unwrap();
    line.push(b'\n');
    stream.get_mut().write_all(&line).await.unwrap();
}

async fn hear(stream: &mut BufReader<UnixStream>) -> String {
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    line
}

// Where nothing happens, the paused clock goes on by itself: the seconds below take no time.

#[tokio::test(start_paused = true)]
async fn an_app_that_takes_a_connection_and_says_nothing_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let place = place(folder.path());
    assert!(reach(&place).await.unwrap().is_none(), "nobody is there");
    let listener = UnixListener::bind(place.socket()).unwrap();
    let begun = Instant::now();
    let error = reach(&place).await.err().unwrap();
    assert_eq!(error.code, "not_answering");
    assert!(error.message.contains(&std::process::id().to_string()), "whose it is: {error:?}");
    assert_eq!(begun.elapsed().as_secs(), 5);
    drop(listener);
    std::fs::remove_file(place.socket()).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_long_answer_is_waited_for_as_long_as_the_app_lives_and_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let place = place(folder.path());
    let listener = UnixListener::bind(place.socket()).unwrap();
    let app = tokio::spawn(async move {
        let mut stream = BufReader::new(listener.accept().await.unwrap().0);
        assert!(hear(&mut stream).await.contains("hello"));
        say(&mut stream, &Said::Alive {}).await;
        assert!(hear(&mut stream).await.contains("extensions"));
        for _ in 0..60 {
            sleep(Duration::from_secs(1)).await;
            say(&mut stream, &Said::Alive {}).await;
        }
        say(&mut stream, &Said::Reply(Box::new(Reply::Done {}))).await;
        hear(&mut stream).await;
        // Stopped from here on.
        let _ = stream.read(&mut [0]).await;
    });
    let mut client = reach(&place).await.unwrap().unwrap();
    let begun = Instant::now();
    assert!(matches!(client.call(Request::Extensions {}).await, Ok(Reply::Done {})));
    assert_eq!(begun.elapsed().as_secs(), 60);
    let error = client.call(Request::Extensions {}).await.unwrap_err();
    assert_eq!((error.code.as_str(), begun.elapsed().as_secs()), ("not_answering", 65));
    drop(client);
    app.await.unwrap();
    std::fs::remove_file(place.socket()).unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_older_app_knows_no_greeting_and_is_spoken_to_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let place = place(folder.path());
    let listener = UnixListener::bind(place.socket()).unwrap();
    let app = tokio::spawn(async move {
        let mut stream = BufReader::new(listener.accept().await.unwrap().0);
        hear(&mut stream).await;
        say(&mut stream, &Said::Error(confused())).await;
        hear(&mut stream).await;
        sleep(Duration::from_secs(60)).await;
        say(&mut stream, &Said::Reply(Box::new(Reply::Done {}))).await;
    });
    let mut client = reach(&place).await.unwrap().unwrap();
    assert!(matches!(client.call(Request::Extensions {}).await, Ok(Reply::Done {})));
    app.await.unwrap();
    std::fs::remove_file(place.socket()).unwrap();
}

use ringside_domain::{Presence, Timestamp};
use tokio::sync::mpsc;
use tokio::time::advance;

use super::*;

fn line(extension: &str, status: LineStatus) -> LineUpdate {
    let state = LineState { status, presence: Presence::Unknown, at: Timestamp::default() };
    LineUpdate { extension: ExtensionId::new(extension), state }
}

fn lines(event: Option<Arrived>) -> Vec<(String, LineStatus)> {
    match event.map(|arrived| arrived.event) {
        Some(Event::Lines(lines)) => {
            lines.iter().map(|it| (it.extension.as_str().to_owned(), it.state.status)).collect()
        }
        other => panic!("not a reading: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_does_not_overwrite_what_a_stream_told_after_it_was_asked_for() {
    let (sink, mut events) = mpsc::channel(8);
    let board = Board::default();
    board.told(line("31", LineStatus::Busy), Instant::now(), true, &sink).await;
    advance(Duration::from_millis(10)).await;
    let asked = Instant::now();
    advance(Duration::from_millis(10)).await;
    board.told(line("32", LineStatus::Ringing), Instant::now(), true, &sink).await;
    let snapshot = vec![line("31", LineStatus::Idle), line("32", LineStatus::Idle), line("33", LineStatus::Idle)];
    board.read(snapshot, asked, false, &sink).await;
    drop((events.recv().await, events.recv().await));
    let expected = [("31", LineStatus::Idle), ("32", LineStatus::Ringing), ("33", LineStatus::Idle)]
        .map(|(e, s)| (e.to_owned(), s));
    assert_eq!(lines(events.recv().await), expected);
}

#[tokio::test(start_paused = true)]
async fn a_line_that_begins_to_ring_betrays_a_silent_call_stream() {
    let (sink, _events) = mpsc::channel(64);
    let board = Board::default();
    let opened = Instant::now();
    board.told(line("31", LineStatus::Idle), opened, false, &sink).await;
    advance(Duration::from_secs(10)).await;
    assert!(!board.betrays_call_after(opened).await);
    board.told(line("31", LineStatus::Ringing), Instant::now(), true, &sink).await;
    assert!(board.betrays_call_after(opened).await);
    assert!(!board.betrays_call_after(Instant::now()).await, "the call stream told of it");
}

#[tokio::test(start_paused = true)]
async fn snapshots_betray_it_as_well_but_not_the_first_one() {
    let (sink, _events) = mpsc::channel(64);
    let board = Board::default();
    let heard = Instant::now();
    board.read(vec![line("31", LineStatus::Busy), line("32", LineStatus::Idle)], heard, true, &sink).await;
    assert!(!board.betrays_call_after(heard).await, "31 was busy already");
    advance(Duration::from_secs(30)).await;
    board.read(vec![line("31", LineStatus::Busy), line("32", LineStatus::Idle)], Instant::now(), true, &sink).await;
    advance(Duration::from_secs(30)).await;
    board.examine(&[line("31", LineStatus::Busy), line("32", LineStatus::Ringing)], Instant::now()).await;
    assert!(board.betrays_call_after(heard).await);
}

#[tokio::test(start_paused = true)]
async fn news_are_changes_and_activity() {
    let (sink, _events) = mpsc::channel(64);
    let board = Board::default();
    let now = Instant::now();
    let idle = || vec![line("31", LineStatus::Idle)];
    assert_eq!(board.read(idle(), now, true, &sink).await, News { changed: 1, active: false });
    assert_eq!(board.read(idle(), now, true, &sink).await, News { changed: 0, active: false });
    assert_eq!(board.differences(&idle()).await, 0);
    assert_eq!(board.differences(&[line("31", LineStatus::Busy), line("99", LineStatus::Idle)]).await, 2);
}

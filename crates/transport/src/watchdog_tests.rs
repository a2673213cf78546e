//! What silence means, by the clock of the test.

use super::*;

const PROBE: Duration = Duration::from_secs(40);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn without_a_heartbeat_the_service_is_asked_every_forty_seconds() {
    let start = Instant::now();
    let mut dog = Watchdog::new(None, PROBE, start);
    assert_eq!(dog.next_alarm(), (start + seconds(40), Alarm::Probe));
    dog.found_alive(start + seconds(42));
    assert_eq!(dog.next_alarm(), (start + seconds(82), Alarm::Probe));
    dog.bytes(start + seconds(60));
    assert_eq!(dog.next_alarm(), (start + seconds(100), Alarm::Probe));
}

#[tokio::test]
async fn a_configured_heartbeat_counts_from_the_start() {
    let start = Instant::now();
    for beat in [5, 15, 30, 60] {
        let dog = Watchdog::new(Some(seconds(beat)), PROBE, start);
        assert_eq!(dog.next_alarm(), (start + seconds(2 * beat + 5), Alarm::Silent), "{beat} s");
    }
}

#[tokio::test]
async fn a_heartbeat_is_learnt_from_quiet_comments() {
    let start = Instant::now();
    let mut dog = Watchdog::new(None, PROBE, start);
    for beat in 0..4 {
        assert_eq!(dog.heartbeat(), None, "before comment {beat}");
        dog.bytes(start + seconds(15 * beat));
        dog.comment(start + seconds(15 * beat));
    }
    assert_eq!(dog.heartbeat(), Some(seconds(15)));
    assert_eq!(dog.next_alarm(), (start + seconds(45 + 35), Alarm::Silent));
}

#[tokio::test]
async fn a_busy_morning_teaches_no_heartbeat() {
    let start = Instant::now();
    let mut dog = Watchdog::new(None, PROBE, start);
    for moment in 0..600 {
        let now = start + Duration::from_millis(500 * moment);
        dog.bytes(now);
        dog.event();
        if moment % 60 == 0 {
            dog.comment(now);
        }
    }
    assert_eq!(dog.heartbeat(), None, "events every half second say nothing about the lunch break");
}

#[tokio::test]
async fn chatter_at_the_opening_is_no_heartbeat() {
    let start = Instant::now();
    let mut dog = Watchdog::new(None, PROBE, start);
    for moment in 0..20 {
        dog.comment(start + Duration::from_millis(10 * moment));
    }
    assert_eq!(dog.heartbeat(), None);
}

#[tokio::test]
async fn a_slow_learnt_heartbeat_does_not_delay_the_probe() {
    let start = Instant::now();
    let mut dog = Watchdog::new(None, PROBE, start);
    for beat in 0..5 {
        dog.bytes(start + seconds(30 * beat));
        dog.comment(start + seconds(30 * beat));
    }
    assert_eq!(dog.heartbeat(), Some(seconds(30)));
    let last = start + seconds(120);
    assert_eq!(dog.next_alarm(), (last + seconds(40), Alarm::Probe));
    // The service answers, yet two heartbeats are missing: the stream is dead all the same.
    dog.found_alive(last + seconds(41));
    assert_eq!(dog.next_alarm(), (last + seconds(65), Alarm::Silent));
}

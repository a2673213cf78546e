//! The figures of the back-off, by simulation: no test waits.

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;

const OUTAGE: Duration = Duration::from_secs(600);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn status(status: u16, retry_after: Option<Duration>) -> TransportError {
    TransportError::Status { status, body_excerpt: String::new(), request_id: None, retry_after }
}

/// A client that loses a healthy connection at 0 and tries until the server is back: the times of its tries.
fn tries(seed: u64, start: Instant) -> Vec<Duration> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut backoff = Backoff::new();
    backoff.connected(start - seconds(3600));
    let mut tries = Vec::new();
    let mut at = Duration::ZERO;
    while at < OUTAGE {
        at += backoff.next(start + at, &mut rng);
        tries.push(at);
    }
    tries
}

#[tokio::test]
async fn ten_minutes_down_cost_at_most_forty_tries_and_thirty_seconds() {
    let start = Instant::now();
    for seed in 0..1000 {
        let tries = tries(seed, start);
        let during = tries.iter().filter(|at| **at < OUTAGE).count();
        assert!(during <= 40, "client {seed}: {during} tries");
        assert!(tries[0] <= seconds(1), "client {seed}: first try after {:?}", tries[0]);
        let success = tries.last().unwrap().saturating_sub(OUTAGE);
        assert!(success <= seconds(30), "client {seed}: back {success:?} after the server");
    }
}

#[tokio::test]
async fn a_hundred_clients_do_not_come_back_together() {
    let start = Instant::now();
    let mut worst = Vec::new();
    for crowd in 0..20_u64 {
        let back: Vec<Duration> = (0..100).map(|client| *tries(crowd * 100 + client, start).last().unwrap()).collect();
        let per_second = |second: u64| {
            let from = OUTAGE + seconds(second);
            back.iter().filter(|at| (from..from + seconds(1)).contains(at)).count()
        };
        worst.push((0..31).map(per_second).max().unwrap());
    }
    worst.sort_unstable();
    // One in a hundred crowds may have a second with eleven by pure chance; a correlated one would have fifty.
    assert!(worst[18] <= 10, "most clients in one second, crowd by crowd: {worst:?}");
    assert!(worst[19] <= 12, "most clients in one second, crowd by crowd: {worst:?}");
}

#[tokio::test]
async fn only_a_healthy_minute_resets() {
    let now = Instant::now();
    let mut rng = StdRng::seed_from_u64(1);
    let mut backoff = Backoff::new();
    for _ in 0..10 {
        backoff.connected(now);
        backoff.next(now + seconds(59), &mut rng);
    }
    assert!(backoff.next(now, &mut rng) >= seconds(15), "a server that accepts and drops is at the cap");
    backoff.connected(now);
    assert!(backoff.next(now + seconds(60), &mut rng) <= seconds(1));
    // A connection counts once.
    backoff.next(now + seconds(61), &mut rng);
    backoff.next(now + seconds(62), &mut rng);
    assert!(backoff.step >= 3);
}

#[tokio::test]
async fn the_servers_wish_is_a_floor_and_has_a_ceiling() {
    let now = Instant::now();
    let mut rng = StdRng::seed_from_u64(2);
    let mut backoff = Backoff::new();
    backoff.server_wish(seconds(5));
    for _ in 0..50 {
        assert!(backoff.next(now, &mut rng) >= seconds(5));
    }
    backoff.server_wish(Duration::from_millis(u64::MAX));
    assert!(backoff.next(now, &mut rng) <= seconds(601));
}

#[tokio::test]
async fn every_error_has_its_next_step() {
    let now = Instant::now();
    let mut rng = StdRng::seed_from_u64(3);
    let mut decide = |error: &TransportError| Backoff::new().decide(now, error, &mut rng);
    assert_eq!(decide(&status(401, None)), Next::Renew);
    for code in [400, 403, 404, 406, 410] {
        assert_eq!(decide(&status(code, None)), Next::Stop, "{code}");
    }
    assert_eq!(decide(&TransportError::NoContent), Next::Stop);
    assert_eq!(decide(&TransportError::NeedsSignIn { reason: String::new() }), Next::Stop);
    assert_eq!(decide(&TransportError::Redirected { status: 301, to_origin: String::new() }), Next::Stop);
    for code in [429, 500, 502, 503] {
        let Next::After(pause) = decide(&status(code, Some(seconds(7)))) else { panic!("{code} is worth another try") };
        assert!((seconds(7)..=seconds(8)).contains(&pause), "{code}: {pause:?}");
        let Next::After(pause) = decide(&status(code, None)) else { panic!("{code} is worth another try") };
        assert!(pause <= seconds(1), "{code}: {pause:?}");
    }
    // A pause is waited for and no more, whatever the sign-ins before it ended with.
    for after in [None, Some(status(503, Some(seconds(1)))), Some(status(404, None)), Some(status(401, None))] {
        let paused = TransportError::SignInPaused { retry_after: seconds(40), after: after.map(Box::new) };
        let Next::After(pause) = decide(&paused) else { panic!("{paused} is worth another try") };
        assert!((seconds(40)..=seconds(41)).contains(&pause), "{paused}: {pause:?}");
    }
    let Next::After(pause) = decide(&status(503, Some(seconds(86_400)))) else { panic!() };
    assert!((seconds(600)..=seconds(601)).contains(&pause), "{pause:?}");
}

#[tokio::test]
async fn retry_after_zero_is_no_hot_loop() {
    let now = Instant::now();
    let mut rng = StdRng::seed_from_u64(4);
    let mut backoff = Backoff::new();
    let pauses = (0..20).map(|_| match backoff.decide(now, &status(503, Some(Duration::ZERO)), &mut rng) {
        Next::After(pause) => pause,
        Next::Renew | Next::Stop => panic!("503 is worth another try"),
    });
    assert!(pauses.sum::<Duration>() > seconds(200));
}

#[test]
fn retry_after_in_every_form() {
    let now: Timestamp = "1994-11-06T08:49:30Z".parse().unwrap();
    let table = [
        ("7", Some(7)),
        (" 120 ", Some(120)),
        ("0", Some(0)),
        ("Sun, 06 Nov 1994 08:49:37 GMT", Some(7)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", Some(7)),
        ("Sun Nov  6 08:49:37 1994", Some(7)),
        ("Sun, 06 Nov 1994 08:49:29 GMT", Some(0)),
        ("99999999999999999999999999", Some(u64::MAX)),
        ("", None),
        ("-7", None),
        ("7.5", None),
        ("soon", None),
        ("Sun, 99 Nov 1994 08:49:37 GMT", None),
    ];
    for (value, expected) in table {
        assert_eq!(parse_retry_after(value, now), expected.map(Duration::from_secs), "{value:?}");
    }
}

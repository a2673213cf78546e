//! A thousand events a second in real time, from the socket through the adapter and the app to a client that keeps the
//! lamps: it does not fall behind, and in the end every lamp is right.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ringside_api::ApiEvent;
use ringside_app::{Handle, Topics};
use ringside_domain::{LineStatus, LinkPhase};
use ringside_exchange::{Exchange, Line, Options, Presence};
use ringside_tests::rig::word;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use crate::report::{Good, Row};
use crate::samples::Samples;
use crate::{Extent, core, model};

const ACCOUNT: &str = "support";
const LINES: usize = 500;
const PER_SECOND: u32 = 1_000;
/// The line whose changes are timed; the load leaves it alone.
const PROBE: &str = "31";
const BETWEEN_PROBES: Duration = Duration::from_millis(97);
const PATIENCE: Duration = Duration::from_secs(60);

pub async fn measure(extent: Extent) -> anyhow::Result<Vec<Row>> {
    let seconds = extent.seconds(30);
    let exchange = Exchange::start(Options::quiet().with_extensions(LINES)).await?;
    let folder = core::folder()?;
    let voicenter = exchange.voicenter();
    let config = format!(
        "[[accounts]]\nid = \"{ACCOUNT}\"\nprovider = \"voicenter\"\nbase_url = \"{}\"\nsecret = \"keyring\"\nregion = \"IL\"\n",
        exchange.voicenter_url(),
    );
    let app = core::open(&config, ACCOUNT, voicenter.code(), folder.path()).await?;
    let mut lamps = Lamps::keep(&app).await;
    online(&app, &exchange).await?;
    let load = exchange.office().line_events_except(PER_SECOND, &[PROBE]);
    let (began, whole) = (Instant::now(), Duration::from_secs(seconds));
    let (mut lags, mut early, mut late) = (Samples::default(), Samples::default(), Samples::default());
    let mut lit = false;
    while began.elapsed() < whole {
        lit = !lit;
        let lag = lamps.lag(&exchange, lit).await?;
        lags.add_ms(lag);
        let third = began.elapsed().as_secs_f64() / whole.as_secs_f64() * 3.0;
        if third < 1.0 {
            early.add_ms(lag);
        } else if third > 2.0 {
            late.add_ms(lag);
        }
        sleep(BETWEEN_PROBES).await;
    }
    load.stop();
    let stopped = Instant::now();
    while lamps.wrong(&exchange) > 0 && stopped.elapsed() < PATIENCE {
        sleep(Duration::from_millis(1)).await;
    }
    let (caught_up, wrong) = (stopped.elapsed(), lamps.wrong(&exchange));
    let remark = format!("{} changes of one lamp among {LINES}, over {seconds} s", lags.count());
    let told_anew = lamps.anew();
    app.stop().await;
    Ok(vec![
        Row::of("1,000 real-time events/s, event to lamp, p95", lags.at(0.95), "ms", Good::AtMost, 150.0)
            .remark(remark),
        Row::of("its median's growth, first third to last", late.median() - early.median(), "ms", Good::AtMost, 20.0)
            .remark(format!("first {:.0} ms, last {:.0} ms", early.median(), late.median())),
        Row::of("from the last event to every lamp right", caught_up.as_secs_f64() * 1e3, "ms", Good::AtMost, 250.0)
            .remark(format!("the client was told {told_anew} times to start over")),
        Row::holds("lamps wrong at the end", "0", format!("{wrong} of {LINES}"), wrong == 0),
    ])
}

/// Every line current, and in real time.
async fn online(app: &Handle, exchange: &Exchange) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let snapshot = core::snapshot(app).await?;
        let online = snapshot.accounts.iter().all(|account| account.link.phase == LinkPhase::Online);
        let current = snapshot.lines.len() == LINES && snapshot.lines.iter().all(|line| line.stale_since.is_none());
        if online && current && exchange.voicenter().sockets() > 0 {
            return Ok(());
        }
        anyhow::ensure!(Instant::now() < deadline, "the account did not come online");
        sleep(Duration::from_millis(50)).await;
    }
}

/// The lamps as a client has them that takes every event.
struct Lamps {
    shown: Arc<Mutex<Shown>>,
    probe: watch::Receiver<LineStatus>,
}

#[derive(Default)]
struct Shown {
    lamps: HashMap<String, LineStatus>,
    anew: usize,
}

impl Lamps {
    async fn keep(app: &Handle) -> Self {
        let shown: Arc<Mutex<Shown>> = Arc::default();
        let (seen, probe) = watch::channel(LineStatus::Unknown);
        let mut events = app.subscribe(Topics::All).await;
        let (app, kept) = (app.clone(), shown.clone());
        tokio::spawn(async move {
            while let Some(batch) = events.next().await {
                for envelope in batch {
                    let lines = match envelope.event {
                        ApiEvent::Lines { lines } => lines,
                        ApiEvent::Resync {} => {
                            let Ok(snapshot) = core::snapshot(&app).await else { return };
                            kept.lock().unwrap_or_else(PoisonError::into_inner).anew += 1;
                            snapshot.lines
                        }
                        _ => continue,
                    };
                    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                    for line in lines {
                        if line.extension == sip(PROBE) {
                            seen.send_replace(line.line);
                        }
                        kept.lamps.insert(line.extension, line.line);
                    }
                }
            }
        });
        Self { shown, probe }
    }

    /// Changes the probe's line and waits until its lamp says so.
    async fn lag(&mut self, exchange: &Exchange, lit: bool) -> anyhow::Result<Duration> {
        let (line, wanted) = if lit { (Line::InUse, LineStatus::Busy) } else { (Line::Idle, LineStatus::Idle) };
        let began = Instant::now();
        exchange.office().set_line(PROBE, line, Presence::Available);
        timeout(PATIENCE, self.probe.wait_for(|seen| *seen == wanted)).await??;
        Ok(began.elapsed())
    }

    fn wrong(&self, exchange: &Exchange) -> usize {
        let truth = exchange.office().snapshot();
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let right = |number: &str, line: Line| {
            shown.lamps.get(&sip(number)).is_some_and(|lamp| word(lamp) == model::shown(line))
        };
        truth.lines.iter().filter(|(number, truth)| !right(number, truth.line)).count()
    }

    fn anew(&self) -> usize {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).anew
    }
}

/// The service knows an extension by its SIP code.
fn sip(number: &str) -> String {
    format!("SIP{number}")
}

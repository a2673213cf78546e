//! The run loop: signs in, then reads the scenarios every minute. The service streams nothing.

use ringside_domain::{Event, LinkPhase};
use ringside_telephony::{Arrived, EventSink};
use ringside_transport::{Backoff, Next};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::client::{problem, refusal};
use super::scenarios::{WHAT, unreadable};
use super::{Swisscom, map};
use crate::account::{Link, Standing};

const PART: &str = "scenarios";

/// Runs until `stop`; what is under way then is dropped.
pub async fn run(account: &Swisscom, events: EventSink, stop: CancellationToken) {
    tokio::select! {
        biased;
        () = stop.cancelled() => {}
        () = keep(account, events) => {}
    }
}

async fn keep(account: &Swisscom, events: EventSink) {
    let link = Link::new(events.clone(), account.now, &[PART]);
    link.tell(LinkPhase::Connecting, None).await;
    account.client.tokens.try_again();
    let mut backoff = Backoff::new();
    let mut dice = StdRng::seed_from_u64(account.seed);
    let mut down = true;
    loop {
        let pause = match account.client.list().await {
            Ok(answer) => {
                if std::mem::take(&mut down) {
                    backoff.connected(Instant::now());
                }
                match map::list(&answer, &account.oddities) {
                    Some(scenarios) => {
                        let _ = events.send(Arrived::now(Event::Scenarios(scenarios))).await;
                        link.stands(PART, Standing::Works).await;
                    }
                    None => {
                        let unreadable = unreadable(&account.oddities, WHAT, &answer);
                        link.stands(PART, Standing::Limited(unreadable.problem())).await;
                    }
                }
                account.options.poll
            }
            Err(error) => {
                down = true;
                // Scenarios are all there is: unread, what is shown of them is old, whatever the reason.
                let told = problem(&refusal(&error, WHAT));
                match backoff.decide(Instant::now(), &error, &mut dice) {
                    Next::After(pause) => {
                        link.is_lost_for(PART, pause, told).await;
                        pause
                    }
                    // Only somebody who changes something helps; asking on would strain the plan's quota.
                    Next::Renew | Next::Stop => {
                        link.stands(PART, Standing::Lost(told)).await;
                        return std::future::pending().await;
                    }
                }
            }
        };
        tokio::time::sleep(pause).await;
    }
}

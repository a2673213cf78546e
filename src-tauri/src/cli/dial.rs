//! `dial`: rings a telephone, exactly once.

use std::process::ExitCode;
use std::time::Duration;

use ringside_api::view::{AccountView, DialState, DialView, LegView, Snapshot};
use ringside_api::{ApiError, ApiEvent, Reply, Request};
use ringside_domain::{Capability, Direction, Outcome, Phase, Problem};
use tokio::time::{Instant, timeout_at};

use super::core::{Core, unexpected};
use super::exit;
use super::options::Dial;
use super::out::Out;
use super::rows::Call;
use super::settle::{Accounts, down, limit, named, settled};

/// A service that tells of its calls tells of this one by then, or does not know it.
const SEEN_WITHIN: Duration = Duration::from_secs(180);
/// A record is written when the call is over. One that did not come by then is not waited for any longer.
const RECORDED_WITHIN: Duration = Duration::from_secs(3600);
/// Clocks differ a little.
const SKEW_MS: i64 = 2_000;

pub async fn run(core: &mut Core, options: &Dial, out: &Out) -> Result<ExitCode, ApiError> {
    let accounts = Accounts { named: options.account.as_deref(), capability: Some(Capability::Dial) };
    let snapshot = settled(core, accounts, true).await?;
    let mut events = core.subscribe().await?;
    let not_dialled = not_dialled(core, options).await;
    not_dialled.iter().for_each(|rest| out.progress(&format!("Not dialled: {rest}")));
    let request = Request::Dial {
        intent: uuid::Uuid::new_v4().to_string(),
        text: options.number.clone(),
        line: None,
        account: options.account.clone(),
        from: options.from.clone(),
    };
    let reply = core.call(request).await.map_err(|error| cause(error, options, accounts, &snapshot))?;
    let Reply::Dial { dial } = reply else { return Err(unexpected()) };
    // Anew: what was told of it before the events began is not told again. A call that was placed is told in any case.
    let accounts = core.snapshot().await.unwrap_or(snapshot).accounts;
    let account = accounts.into_iter().find(|account| account.id == dial.account);
    let mut course = Course { dial, account, legs: Vec::new(), given_up: false, not_dialled };
    let mut seen = course.row(out);
    out.row(&seen)?;
    let (mut handed_over_at, mut told) = (None, false);
    while !course.is_enough(options.wait) {
        let deadline = course.patience().map(|patience| *handed_over_at.get_or_insert_with(Instant::now) + patience);
        if deadline.is_some() && !std::mem::replace(&mut told, true) {
            out.progress("Accepted. Waiting for the call's outcome …");
        }
        let next = async {
            match deadline {
                Some(deadline) => timeout_at(deadline, events.next()).await.ok(),
                None => Some(events.next().await),
            }
        };
        match next.await {
            Some(batch) => batch?.into_iter().for_each(|it| course.hear(it.event)),
            None => course.given_up = true,
        }
        let row = course.row(out);
        if row != seen {
            out.row(&row)?;
            seen = row;
        }
    }
    if course.learnt().is_none() && options.wait && course.dial.state == DialState::HandedOver {
        course.dial.state = DialState::Unknown;
        out.row(&course.row(out))?;
        return Err(untold());
    }
    named_end(&course.dial, course.learnt())
}

/// What stands behind the number and is dialled only after an answer. What cannot be read the dial itself refuses.
async fn not_dialled(core: &mut Core, options: &Dial) -> Option<String> {
    let request = Request::ReadNumber {
        text: options.number.clone(),
        line: None,
        account: options.account.clone(),
        from: options.from.clone(),
    };
    match core.call(request).await {
        Ok(Reply::Reading { reading }) => reading.not_dialled,
        _ => None,
    }
}

/// A line that is not known and a service that cannot be asked for its lines are two things.
fn cause(error: ApiError, options: &Dial, accounts: Accounts<'_>, snapshot: &Snapshot) -> ApiError {
    if !matches!(error.code.as_str(), "no_line" | "no_dialling_account" | "offline" | "unsupported") {
        return error;
    }
    let from = options.from.as_deref().and_then(|from| from.split_once('/')).map(|(account, _)| account);
    let mut meant = accounts.of(snapshot).filter(|account| from.is_none_or(|from| from == account.id));
    let trouble = meant.find_map(|it| Some(named(&it.id, down(it).or_else(|| limit(it, "extensions"))?)));
    trouble.unwrap_or(error)
}

/// A dial, and what else is known of the call it is becoming.
struct Course {
    dial: DialView,
    account: Option<AccountView>,
    /// Outgoing calls of the line it was dialled from, since then.
    legs: Vec<LegView>,
    /// Nothing came in time.
    given_up: bool,
    not_dialled: Option<String>,
}

impl Course {
    fn hear(&mut self, event: ApiEvent) {
        match event {
            ApiEvent::Dial { dial } if dial.intent == self.dial.intent => self.dial = dial,
            ApiEvent::Leg { leg } if self.may_be(&leg) => {
                self.legs.retain(|known| known.id != leg.id);
                self.legs.push(leg);
            }
            ApiEvent::Account { account } if account.id == self.dial.account => self.account = Some(account),
            _ => {}
        }
    }

    /// A leg may be told of before the call has a name.
    fn may_be(&self, leg: &LegView) -> bool {
        self.dial.from == format!("{}/{}", leg.account, leg.extension)
            && leg.direction != Some(Direction::Inbound)
            && leg.started_at >= self.dial.started_at - SKEW_MS
    }

    fn leg(&self) -> Option<&LegView> {
        let to_the_same = |leg: &LegView| leg.remote.dial.is_none() || leg.remote.dial == self.dial.to.dial;
        match &self.dial.call {
            Some(call) => self.legs.iter().find(|leg| leg.call == *call),
            None => self.legs.iter().rev().find(|leg| to_the_same(leg)),
        }
    }

    fn row(&self, out: &Out) -> Call {
        let dial = self.learnt().map(|state| DialView { state, ..self.dial.clone() });
        let mut row = Call::of_dial_and_leg(dial.as_ref().unwrap_or(&self.dial), self.leg(), &out.zone);
        row.not_dialled.clone_from(&self.not_dialled);
        row
    }

    /// What the call's own events say where the dial itself says nothing further.
    fn learnt(&self) -> Option<DialState> {
        if self.dial.state != DialState::HandedOver {
            return None;
        }
        let leg = self.leg()?;
        match (leg.phase, leg.outcome?) {
            (Phase::Dialing | Phase::Ringing, _) => None,
            (_, Outcome::Answered) => Some(DialState::Connected),
            (_, Outcome::Missed | Outcome::AnsweredElsewhere) => Some(DialState::NoAnswer),
            (_, Outcome::Busy) => Some(DialState::Busy),
            (_, Outcome::Rejected) => Some(DialState::Rejected),
            (_, Outcome::Cancelled) => Some(DialState::Cancelled),
            (_, Outcome::Failed) => Some(DialState::Failed),
            (_, Outcome::Unknown) => None,
        }
    }

    /// Without `--wait` it is enough that the service has taken it.
    fn is_enough(&self, wait: bool) -> bool {
        match self.dial.state {
            DialState::Sending | DialState::Checking => false,
            DialState::Accepted
            | DialState::CallerRinging
            | DialState::CallerAnswered
            | DialState::CalleeDialing
            | DialState::CalleeRinging => !wait,
            DialState::HandedOver => {
                !wait || self.given_up || self.learnt().is_some() || self.patience().is_none() && !self.is_live()
            }
            DialState::Connected
            | DialState::NoAnswer
            | DialState::Busy
            | DialState::Rejected
            | DialState::Cancelled
            | DialState::Failed
            | DialState::Unknown => true,
        }
    }

    /// It is seen going on.
    fn is_live(&self) -> bool {
        self.leg().is_some_and(|leg| leg.phase != Phase::Ended)
    }

    /// How long to wait for more of a call that was handed over; `None` for as long as it is seen going on, or for a
    /// call of which nothing will be told.
    fn patience(&self) -> Option<Duration> {
        if self.dial.state != DialState::HandedOver || self.is_live() {
            return None;
        }
        let account = self.account.as_ref()?;
        let journal = account.journal.as_ref().is_some_and(|journal| !is_refused(journal.problem.as_ref()));
        let events = account.capabilities.contains(&Capability::LiveCalls)
            && !is_refused(down(account).as_ref())
            && !is_refused(limit(account, "live_calls").as_ref());
        let unseen = self.leg().is_none();
        match (journal, events) {
            (true, _) => Some(RECORDED_WITHIN),
            (false, true) if unseen => Some(SEEN_WITHIN),
            _ => None,
        }
    }
}

/// The service has said no, which waiting does not change.
fn is_refused(trouble: Option<&ApiError>) -> bool {
    trouble.is_some_and(|trouble| exit::of(&trouble.code) == exit::REFUSED)
}

fn untold() -> ApiError {
    let message = "the service accepted the call and reports no outcome";
    Problem::new("unconfirmed", message, "Check your phone before you dial again.").into()
}

fn named_end(dial: &DialView, learnt: Option<DialState>) -> Result<ExitCode, ApiError> {
    let (code, message) = match learnt.unwrap_or(dial.state) {
        DialState::Sending
        | DialState::Accepted
        | DialState::CallerRinging
        | DialState::CallerAnswered
        | DialState::CalleeDialing
        | DialState::CalleeRinging
        | DialState::Checking
        | DialState::HandedOver
        | DialState::Connected => return Ok(ExitCode::SUCCESS),
        DialState::NoAnswer => ("no_answer", "no answer"),
        DialState::Busy => ("busy", "the line is busy"),
        DialState::Rejected => ("rejected", "the call was rejected"),
        DialState::Cancelled => ("cancelled", "the call was cancelled"),
        DialState::Failed => ("failed", "the call was not placed"),
        DialState::Unknown => ("unconfirmed", "the call's outcome is unknown"),
    };
    let unsaid = || Problem::new(code, message, "Check your phone before you dial again.").into();
    Err(dial.problem.clone().unwrap_or_else(unsaid))
}

#[cfg(test)]
#[path = "dial_tests.rs"]
mod tests;

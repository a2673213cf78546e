//! A busy hour of a large company, made up in memory: 5,000 lines whose calls ring, are answered or not, and end,
//! among changes of line states.

use jiff::SignedDuration;
use ringside_domain::{
    AccountId, CallId, CallerClass, Direction, EndCause, Event, Extension, ExtensionId, Label, LegStep, LegUpdate,
    LineId, LineState, LineStatus, LineUpdate, Party, PhoneNumber, Presence, Timestamp,
};
use ringside_engine::{Input, Settings, State, apply};

pub const LINES: usize = 5_000;

/// Two legs of four steps and four line states.
pub const EVENTS_PER_CALL: usize = 12;

/// The time between two events.
pub const PACE: SignedDuration = SignedDuration::from_millis(1);

pub fn start() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

fn account() -> AccountId {
    AccountId::new("office")
}

/// The lines are listed, one of them is mine.
pub fn state() -> State {
    let mine = [LineId::new("office", "1000")].into();
    let mut state = State::new(Settings { mine, ..Settings::default() });
    let extension = |n: usize| Extension {
        id: ExtensionId::new((1000 + n).to_string()),
        name: Label::new("Anna Muster"),
        email: None,
        group: None,
    };
    let event = Event::Extensions((0..LINES).map(extension).collect());
    apply(&mut state, start(), Input::Provider { account: account(), event, class: CallerClass::Unknown });
    state
}

/// The events of `calls` calls, interleaved sixteen at a time.
pub fn inputs(calls: usize) -> Vec<Input> {
    let account = account();
    let extensions: Vec<ExtensionId> = (0..LINES).map(|n| ExtensionId::new((1000 + n).to_string())).collect();
    let number = PhoneNumber::from_e164("+493012345678").map_or(Party::Withheld, Party::Number);
    let mut inputs = Vec::with_capacity(calls * EVENTS_PER_CALL);
    for batch in 0..calls.div_ceil(16) {
        for step in 0..EVENTS_PER_CALL {
            for call in (batch * 16)..((batch + 1) * 16).min(calls) {
                let pair = [&extensions[call * 2 % LINES], &extensions[(call * 2 + 1) % LINES]];
                let at = PACE.checked_mul(inputs.len() as i32).and_then(|d| start().checked_add(d).ok());
                let at = at.unwrap_or(start());
                let event = event(call, step, pair, &number, at);
                inputs.push(Input::Provider { account: account.clone(), event, class: CallerClass::Unknown });
            }
        }
    }
    inputs
}

fn event(call: usize, step: usize, pair: [&ExtensionId; 2], number: &Party, at: Timestamp) -> Event {
    let line = |extension: &ExtensionId, status| {
        let state = LineState { status, presence: Presence::Available, at };
        Event::Line(LineUpdate { extension: extension.clone(), state })
    };
    let leg = |extension: &ExtensionId, step| {
        Event::Leg(LegUpdate {
            call: CallId::new(format!("6f1c2d34-0000-4000-8000-{call:012}")),
            extension: extension.clone(),
            direction: Some(Direction::Inbound),
            step,
            remote: number.clone(),
            our_number: Party::Unstated,
            at,
        })
    };
    match step {
        0 => leg(pair[0], LegStep::Dialing),
        1 => leg(pair[1], LegStep::Dialing),
        2 => leg(pair[0], LegStep::Ringing),
        3 => line(pair[0], LineStatus::Ringing),
        4 => leg(pair[1], LegStep::Ringing),
        5 => line(pair[1], LineStatus::Ringing),
        6 => leg(pair[0], LegStep::Connected),
        7 => line(pair[0], LineStatus::Busy),
        8 => leg(pair[1], LegStep::Ended(EndCause::Cancelled)),
        9 => line(pair[1], LineStatus::Idle),
        10 => leg(pair[0], LegStep::Connected),
        _ => leg(pair[0], LegStep::Ended(EndCause::Normal)),
    }
}

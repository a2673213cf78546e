//! The office the tour walks through: set by hand, so that every tour shows the same.

use std::time::Duration;

use ringside_exchange::{
    CallHandle, CalleeBehaviour, CallerBehaviour, DialBehaviour, DialOrder, Exchange, Options, Presence, RingSpec,
    Script,
};

use crate::demo::DESK;

/// Nothing happens by itself; a call that is dialled takes long enough to be looked at.
pub fn office() -> Options {
    Options {
        dial: DialBehaviour {
            caller: CallerBehaviour::Answers(Duration::from_millis(2_500)),
            callee: CalleeBehaviour::Answers(Duration::from_secs(3)),
            order: DialOrder::AfterCallerAnswer,
            talk: Some(Duration::from_secs(2)),
        },
        script: Script::Quiet,
        ..Options::demo()
    }
}

/// Some talk, some are away, one telephone is unplugged: an office on a usual morning.
pub fn set(exchange: &Exchange) {
    let office = exchange.office();
    for (extension, presence) in [
        ("25", Presence::Dnd),
        ("28", Presence::Away),
        ("44", Presence::Busy),
        ("63", Presence::Away),
        ("71", Presence::Dnd),
        ("203", Presence::Away),
    ] {
        office.set_presence(extension, presence);
    }
    office.set_line("30", ringside_exchange::Line::Offline, Presence::Offline);
    for (extension, caller) in [
        ("23", "493023125001"),
        ("27", "41319900031"),
        ("41", "4319900021"),
        ("46", "33199005705"),
        ("62", "41449900032"),
        ("66", "496990009001"),
        ("202", "972501234567"),
        ("205", "97245550124"),
    ] {
        exchange.ring(RingSpec::to(extension).from(caller)).answer(extension);
    }
    office.call_internally("48", "72");
    exchange.ring(RingSpec::to_group(["61", "64", "68"]).from("498999998001"));
}

/// The caller whom the demo's contacts know.
pub fn ring_the_desk(exchange: &Exchange) -> CallHandle {
    exchange.ring(RingSpec::to(DESK).from("4922166966966"))
}

/// Somebody nobody knows rings and gives up.
pub fn missed(exchange: &Exchange) -> CallHandle {
    exchange.ring(RingSpec::to(DESK).from("4317200123"))
}

//! How legs and calls came out, and no more than is known of it.

use ringside_domain::{Direction, EndCause, Outcome, Phase};

use crate::course::{Course, End};
use crate::tracked::Leg;

/// The outcome of a leg whose end was reported or follows from a sibling's answer, and whether it is provisional:
/// inferred rather than said.
///
/// | direction | connected | cause | outcome |
/// | --- | --- | --- | --- |
/// | any | – | answered elsewhere, or a sibling took it | answered elsewhere |
/// | inbound | yes | any | answered |
/// | outbound | yes | normal, failed | answered |
/// | outbound | yes | busy, rejected, timeout, cancelled | as if not connected: only our own side had answered |
/// | any | no | busy, rejected, failed | the same |
/// | any | no | timeout | missed: nobody answered |
/// | inbound | no | normal, cancelled | missed, if it was seen ringing all the time; else unknown (normal) |
/// | outbound | no | normal, cancelled | cancelled: whoever called gave up |
/// | outbound | picked up here, and nothing was told of the other side | normal | unknown |
/// | not known | no | normal, cancelled | unknown |
pub(crate) fn of_leg(direction: Option<Direction>, course: &Course, blind: bool) -> (Outcome, bool) {
    let cause = match course.end {
        Some(End::Lost | End::LostAndReported) => return (Outcome::AnsweredElsewhere, true),
        Some(End::Reported(cause)) => cause,
        None => return (Outcome::Unknown, true),
    };
    let far_side_answered = match direction {
        Some(Direction::Outbound) => matches!(cause, EndCause::Normal | EndCause::Failed),
        Some(Direction::Inbound) | None => true,
    };
    if course.answered_at.is_some() && far_side_answered {
        return (Outcome::Answered, false);
    }
    match cause {
        EndCause::AnsweredElsewhere => (Outcome::AnsweredElsewhere, false),
        EndCause::Busy => (Outcome::Busy, false),
        EndCause::Rejected => (Outcome::Rejected, false),
        EndCause::Failed => (Outcome::Failed, false),
        EndCause::Timeout => (Outcome::Missed, true),
        EndCause::Cancelled => given_up(direction),
        EndCause::Normal if course.picked_up_at.is_some() && course.ringing_at.is_none() => (Outcome::Unknown, true),
        EndCause::Normal if course.rang && !blind => given_up(direction),
        EndCause::Normal => (Outcome::Unknown, true),
    }
}

fn given_up(direction: Option<Direction>) -> (Outcome, bool) {
    match direction {
        Some(Direction::Inbound) => (Outcome::Missed, true),
        Some(Direction::Outbound) => (Outcome::Cancelled, false),
        None => (Outcome::Unknown, true),
    }
}

/// How the whole call came out: `None` while any leg lives, unless one was answered already.
pub(crate) fn of_call<'a>(legs: impl Iterator<Item = &'a Leg>) -> Option<Outcome> {
    let mut best: Option<Outcome> = None;
    let mut live = false;
    for leg in legs {
        match leg.outcome {
            _ if leg.phase == Phase::Connected => best = Some(Outcome::Answered),
            None => live = true,
            Some(outcome) => best = best.into_iter().chain([outcome]).min_by_key(|o| weight(*o)),
        }
    }
    best.filter(|outcome| !live || *outcome == Outcome::Answered)
}

/// What says most about the call comes first. An unknown end comes before a missed one: it may have been an answer.
fn weight(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Answered => 0,
        Outcome::AnsweredElsewhere => 1,
        Outcome::Unknown => 2,
        Outcome::Missed => 3,
        Outcome::Rejected => 4,
        Outcome::Busy => 5,
        Outcome::Cancelled => 6,
        Outcome::Failed => 7,
    }
}

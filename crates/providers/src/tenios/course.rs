//! The course of a callback through its eight states: a pure value that is told the state and the time.

use std::time::Duration;

use ringside_telephony::{DialOutcome, DialStep};
use tokio::time::Instant;

/// Beyond the ring time, for the way of the call through the network.
const SLACK: Duration = Duration::from_secs(30);
/// How long the far side may ring without another word.
const FAR_SIDE: Duration = Duration::from_secs(180);

/// Where a callback stood when it was last asked for.
#[derive(Debug)]
pub struct Course {
    last: String,
    gives_up_at: Instant,
    caller_answered: bool,
}

/// What a state brings.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Turn {
    pub steps: Vec<DialStep>,
    /// The last word.
    pub outcome: Option<DialOutcome>,
}

impl Course {
    /// `ring`: how long our own side may ring.
    pub fn new(now: Instant, ring: Duration) -> Self {
        Self { last: String::new(), gives_up_at: now + ring + SLACK, caller_answered: false }
    }

    /// When to stop asking: somebody's telephone may still ring.
    pub fn gives_up_at(&self) -> Instant {
        self.gives_up_at
    }

    /// What is new with this state. The same state twice is nothing new; a state that was missed between two questions
    /// is made up for.
    pub fn take(&mut self, word: &str, now: Instant) -> Turn {
        let word = word.trim().to_ascii_uppercase();
        if word == self.last {
            return Turn::default();
        }
        self.last.clone_from(&word);
        let mut turn = Turn::default();
        match word.as_str() {
            "REQUESTED" | "ACCEPTED" => {}
            "CALLING_A" => turn.steps.push(DialStep::CallerRinging),
            // Neither of the two says why.
            "CALL_A_FAILED" | "CALL_B_FAILED" => turn.outcome = Some(DialOutcome::Failed),
            "CALLING_B" => {
                self.caller_answers(&mut turn);
                turn.steps.push(DialStep::CalleeDialing);
                self.gives_up_at = now + FAR_SIDE;
            }
            "CONNECTED" => {
                self.caller_answers(&mut turn);
                turn.steps.push(DialStep::CalleeAnswered);
                turn.outcome = Some(DialOutcome::Connected);
            }
            // It is over, and whether they talked is for the call records to say.
            "DISCONNECTED" => turn.outcome = Some(DialOutcome::Unknown),
            _ => turn.steps.push(DialStep::Other(word)),
        }
        turn
    }

    fn caller_answers(&mut self, turn: &mut Turn) {
        if !std::mem::replace(&mut self.caller_answered, true) {
            turn.steps.push(DialStep::CallerAnswered);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: &[&str]) -> (Vec<DialStep>, Option<DialOutcome>) {
        let now = Instant::now();
        let mut course = Course::new(now, Duration::from_secs(30));
        let mut steps = Vec::new();
        for word in words {
            let turn = course.take(word, now);
            steps.extend(turn.steps);
            if turn.outcome.is_some() {
                return (steps, turn.outcome);
            }
        }
        (steps, None)
    }

    #[test]
    fn each_state_is_told_once_and_missed_ones_are_made_up_for() {
        use DialStep::{CalleeAnswered, CalleeDialing, CallerAnswered, CallerRinging, Other};
        let whole = ["REQUESTED", "ACCEPTED", "CALLING_A", "CALLING_A", "CALLING_B", "CALLING_B", "CONNECTED"];
        let all = vec![CallerRinging, CallerAnswered, CalleeDialing, CalleeAnswered];
        assert_eq!(told(&whole), (all, Some(DialOutcome::Connected)));
        let jump = told(&["accepted", " connected "]);
        assert_eq!(jump, (vec![CallerAnswered, CalleeAnswered], Some(DialOutcome::Connected)));
        assert_eq!(told(&["CALLING_A", "CALL_A_FAILED"]).1, Some(DialOutcome::Failed));
        assert_eq!(told(&["CALLING_B", "CALL_B_FAILED"]).1, Some(DialOutcome::Failed));
        assert_eq!(told(&["CALLING_B", "DISCONNECTED"]).1, Some(DialOutcome::Unknown));
        assert_eq!(told(&["PARKED", "PARKED"]), (vec![Other("PARKED".into())], None));
        assert_eq!(told(&[""]), (vec![], None));
    }

    #[test]
    fn patience_is_the_ring_time_and_then_the_far_sides() {
        let now = Instant::now();
        let mut course = Course::new(now, Duration::from_secs(30));
        course.take("CALLING_A", now);
        assert_eq!(course.gives_up_at(), now + Duration::from_secs(60));
        let later = now + Duration::from_secs(50);
        course.take("CALLING_B", later);
        assert_eq!(course.gives_up_at(), later + FAR_SIDE);
    }
}

//! Chance, from the seed.

use std::ops::Range;
use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;

use crate::office::{LosingLegs, RingSpec, STRANGERS, demo_contacts};

pub(super) struct Draw {
    pub(super) rng: StdRng,
}

/// How ringing ends, and after how long.
pub(super) enum Outcome {
    Answered(Duration),
    Missed(Duration),
    Rejected(Duration),
}

impl Draw {
    pub(super) fn new(rng: StdRng) -> Self {
        Self { rng }
    }

    pub(super) fn seconds(&mut self, range: Range<u64>) -> Duration {
        Duration::from_millis(self.rng.random_range(range.start * 1000..range.end * 1000))
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.rng.random_range(0..from.len())]
    }

    /// A known customer, a stranger, or nobody who wants to be known.
    pub(super) fn caller(&mut self, spec: RingSpec) -> RingSpec {
        let spec = if self.rng.random_bool(0.3) { spec.with_start() } else { spec };
        if self.rng.random_bool(0.1) {
            return spec;
        }
        let number = self.outside_number();
        spec.from(number)
    }

    /// E.164 digits without `+`.
    pub(super) fn outside_number(&mut self) -> String {
        if self.rng.random_bool(0.2) {
            return self.pick(&STRANGERS).to_owned();
        }
        let contact = self.pick(&demo_contacts());
        let number = contact.other_number.filter(|_| self.rng.random_bool(0.4)).unwrap_or(contact.number);
        number.trim_start_matches('+').to_owned()
    }

    pub(super) fn outcome(&mut self) -> Outcome {
        match self.rng.random_range(0..100) {
            0..74 => Outcome::Answered(self.seconds(3..14)),
            74..93 => Outcome::Missed(self.seconds(14..35)),
            _ => Outcome::Rejected(self.seconds(2..6)),
        }
    }

    /// Most talks are short, a few are long.
    pub(super) fn talk(&mut self) -> Duration {
        let long = self.rng.random_bool(0.15);
        self.seconds(if long { 300..1500 } else { 25..240 })
    }

    /// What the field saw: usually a hang-up, sometimes late, sometimes none.
    pub(super) fn losing(&mut self) -> LosingLegs {
        match self.rng.random_range(0..10) {
            0..7 => LosingLegs::HangUp,
            7..9 => LosingLegs::Late(self.seconds(1..5)),
            _ => LosingLegs::Never,
        }
    }
}

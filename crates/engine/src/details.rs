//! Who is on the other side: the best that any report said, whichever came first.

use ringside_domain::{CallerClass, Direction, LegUpdate, Party, Timestamp};

use crate::tracked::Leg;

/// When the details kept in a [`Leg`] were true.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DetailTimes {
    direction: Option<Timestamp>,
    remote: Option<Timestamp>,
    our_number: Option<Timestamp>,
}

impl DetailTimes {
    /// Whether the leg says something else than before.
    pub(crate) fn merge(&mut self, leg: &mut Leg, update: LegUpdate, class: CallerClass) -> bool {
        let mut changed = self.merge_direction(leg, update.direction, update.at);
        if prefer(&mut leg.remote, &mut self.remote, update.remote, update.at, &mut changed) && leg.class != class {
            leg.class = class;
            changed = true;
        }
        prefer(&mut leg.our_number, &mut self.our_number, update.our_number, update.at, &mut changed);
        changed
    }

    /// A leg has one direction; should reports differ, the earliest knew best.
    fn merge_direction(&mut self, leg: &mut Leg, said: Option<Direction>, at: Timestamp) -> bool {
        let Some(direction) = said else { return false };
        let better = self.direction.is_none_or(|known| at < known || at == known && direction == Direction::Inbound);
        if !better {
            return false;
        }
        self.direction = Some(at);
        leg.direction.replace(direction) != Some(direction)
    }
}

/// Keeps the party that says most, among equals the one said of the latest moment: after a transfer it is another one.
/// Returns whether the report speaks of the party that is now kept.
fn prefer(kept: &mut Party, kept_at: &mut Option<Timestamp>, said: Party, at: Timestamp, changed: &mut bool) -> bool {
    if *kept == said {
        *kept_at = (*kept_at).max(Some(at));
        return true;
    }
    if (weight(&said), Some(at), &said) < (weight(kept), *kept_at, &*kept) {
        return false;
    }
    *kept = said;
    *kept_at = Some(at);
    *changed = true;
    true
}

fn weight(party: &Party) -> u8 {
    match party {
        Party::Unstated => 0,
        Party::Withheld => 1,
        Party::Number(_) | Party::Extension(_) | Party::Code(_) => 2,
    }
}

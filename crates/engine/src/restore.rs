//! What the store still knew at the start.

use ringside_domain::{AccountId, Extension, ExtensionId, LineId, LineState, LineUpdate, Scenario, Timestamp};
use rustc_hash::FxHashMap;

use crate::lines::Line;
use crate::scenarios::ScenarioReading;
use crate::state::State;

/// What was last known of an account. All of it is old until somebody looks again. Calls are not among it: nobody knows
/// what became of them meanwhile, and a service may give their ids again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LastKnown {
    pub extensions: Vec<Extension>,
    pub lines: Vec<LineUpdate>,
    pub scenarios: Vec<Scenario>,
}

/// See [`State::restore`].
pub(crate) fn restore(state: &mut State, id: &AccountId, known: LastKnown, as_of: Timestamp) {
    let LastKnown { extensions, lines, scenarios } = known;
    let account = state.account_mut(id);
    let mut states: FxHashMap<ExtensionId, LineState> =
        lines.into_iter().map(|update| (update.extension, update.state)).collect();
    account.listed = !extensions.is_empty();
    for extension in extensions {
        let line = LineId { account: id.clone(), extension: extension.id.clone() };
        let line = Line::restored(line, extension.clone(), states.remove(&extension.id), as_of);
        account.lines.insert(extension.id, line);
    }
    let old = |scenario| ScenarioReading { scenario, read_at: as_of, stale_since: Some(as_of) };
    account.scenarios = scenarios.into_iter().map(old).collect();
}

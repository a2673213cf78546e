//! What can happen to the engine.

use ringside_domain::{AccountId, CallerClass, Event, LegKey};

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    Provider {
        account: AccountId,
        event: Event,
        /// What kind of caller the event's remote party is; of no meaning for events that are not about a leg.
        class: CallerClass,
    },
    /// Time has passed: [`crate::State::next_deadline`] was reached.
    Tick,
    /// The account was taken out of the configuration.
    AccountRemoved(AccountId),
    Hotkey(Hotkey),
    /// The user put the card away, or the host hid it after its time.
    DismissCard(LegKey),
    /// The keyboard has come to the cards, or has left them.
    CardsFocused(bool),
    /// The desktop is presenting or in full screen, or no longer is.
    Quiet(bool),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Hotkey {
    /// Turns the keyboard to the ringing caller's card, or the last one; again opens the record.
    Preview,
}

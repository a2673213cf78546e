//! What should happen: data for whoever hosts the engine.

use ringside_domain::{AccountId, LegKey, LineId, ScenarioId, Timestamp};

/// Effects are to be performed in the order given, before the next input is applied. Keys name things to be read from
/// the [`crate::State`]; what is not found there is gone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    LinkChanged(AccountId),
    /// One line's state or freshness changed.
    LineChanged(LineId),
    /// Many lines of the account changed, came or went: read them all again.
    LinesReplaced(AccountId),
    /// The leg's history row must be written. Comes before the effects that show the change.
    WriteLeg(LegKey),
    /// The leg is new or changed; show it.
    LegChanged(LegKey),
    /// The leg has ended; takes the place of [`Effect::LegChanged`].
    LegClosed(LegKey),
    /// The ended leg is no longer kept here; take it out of views of live calls. Its history row stays.
    LegForgotten(LegKey),
    /// Show a card. There is one card a call; its key is the leg it speaks of.
    PopUp {
        leg: LegKey,
        manner: Manner,
    },
    /// What the shown card says has changed; update it in place.
    CardChanged(LegKey),
    /// The shown card now speaks of another leg of the same call, because that one was answered. It keeps its place,
    /// and `to` is its key from now on.
    CardMoved {
        from: LegKey,
        to: LegKey,
    },
    /// The shown card takes another form in place, as when a strip becomes a card once nobody looks on any more.
    CardManner {
        leg: LegKey,
        manner: Manner,
    },
    /// The user called the shown card by the hotkey: it gets the keyboard.
    CardCalled(LegKey),
    /// The card has no more business on the screen; after [`DownReason::Ended`] hosts leave it up for some seconds.
    PopDown {
        leg: LegKey,
        reason: DownReason,
    },
    /// Open the caller's record.
    OpenRecord {
        leg: LegKey,
    },
    /// A call on one of my lines was not taken, by nobody as far as is known. Once per call, and provisional until
    /// the provider's journal has spoken.
    Missed(LegKey),
    /// What was called missed turned out to have been answered: take the notice back.
    MissedWithdrawn(LegKey),
    /// The scenario came, went or changed, or was read anew by itself.
    ScenarioChanged {
        account: AccountId,
        scenario: ScenarioId,
    },
    /// The account's scenarios were read anew, or became old.
    ScenariosReplaced(AccountId),
    /// Events of this time were lost. One per outage; belongs into the history.
    Gap {
        account: AccountId,
        from: Timestamp,
        until: Timestamp,
    },
    /// The provider used a word that is not known. Said once per account and kind.
    UnknownWord {
        account: AccountId,
        kind: UnknownKind,
    },
}

/// How a card is shown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Manner {
    Card,
    /// A narrow strip without sound: the screen is being shown to others.
    Strip,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DownReason {
    /// The call is over, or left my lines.
    Ended,
    /// The user put it away; hide it at once.
    Dismissed,
    /// The user had brought it back after its call, and has turned to something else.
    Left,
}

/// Where an unknown word stood.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnknownKind {
    /// A step of a call.
    LegStep,
}

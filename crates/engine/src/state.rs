//! Everything the engine knows, and how to read it.

use ringside_domain::{AccountId, CallId, LegKey, LineId, LinkState, Timestamp};
use rustc_hash::FxHashMap;

use crate::account::Account;
use crate::call::Call;
use crate::lines::Line;
use crate::policy::Settings;
use crate::popup::Card;
use crate::restore::{self, LastKnown};
use crate::scenarios::ScenarioReading;
use crate::shared::Shared;
use crate::tracked::Leg;

/// All lines, legs, links and scenarios of all accounts, and the policy. Changed by [`crate::apply`] alone.
#[derive(Clone, Debug, Default)]
pub struct State {
    pub(crate) accounts: FxHashMap<AccountId, Account>,
    pub(crate) shared: Shared,
}

impl State {
    pub fn new(settings: Settings) -> Self {
        Self { accounts: FxHashMap::default(), shared: Shared::new(settings) }
    }

    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// Takes effect with the next report of each call. Cards that are up stay up.
    pub fn set_settings(&mut self, settings: Settings) {
        self.shared.set_settings(settings);
        let Self { accounts, shared } = self;
        for tracked in accounts.values_mut().flat_map(|a| a.calls.values_mut()).flat_map(|call| &mut call.legs) {
            tracked.leg.mine = shared.is_mine(&tracked.leg.key.account, &tracked.leg.key.extension);
            let stale_at = tracked.stale_at(&shared.settings);
            stale_at.into_iter().for_each(|at| shared.arm(at));
        }
    }

    /// Fills an account with what the store last knew, as of `as_of`: everything comes in as old.
    pub fn restore(&mut self, account: &AccountId, known: LastKnown, as_of: Timestamp) {
        restore::restore(self, account, known, as_of);
    }

    /// When to come back with [`crate::Input::Tick`] if nothing else happens before. `None`: nothing is waiting.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.shared.deadline
    }

    pub fn accounts(&self) -> impl Iterator<Item = &AccountId> {
        self.present().map(|account| &account.id)
    }

    /// `None` until the provider said anything of it.
    pub fn link(&self, account: &AccountId) -> Option<&LinkState> {
        self.accounts.get(account)?.link.as_ref()
    }

    /// All lines that the providers list, in no order.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.present().flat_map(|account| account.lines.values().filter(|line| account.shows(line)))
    }

    pub fn lines_of(&self, account: &AccountId) -> impl Iterator<Item = &Line> {
        let account = self.accounts.get(account);
        account.into_iter().flat_map(|account| account.lines.values().filter(|line| account.shows(line)))
    }

    pub fn line(&self, id: &LineId) -> Option<&Line> {
        let account = self.accounts.get(&id.account)?;
        account.lines.get(&id.extension).filter(|line| account.shows(line))
    }

    /// Live calls, and those that ended some minutes ago at most, in no order.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.accounts.values().flat_map(|account| account.calls.values())
    }

    pub fn call(&self, account: &AccountId, call: &CallId) -> Option<&Call> {
        self.accounts.get(account)?.calls.get(call)
    }

    /// The legs of [`State::calls`].
    pub fn legs(&self) -> impl Iterator<Item = &Leg> {
        self.calls().flat_map(Call::legs)
    }

    pub fn live_legs(&self) -> impl Iterator<Item = &Leg> {
        self.legs().filter(|leg| leg.is_live())
    }

    pub fn leg(&self, key: &LegKey) -> Option<&Leg> {
        self.call(&key.account, &key.call)?.leg(&key.extension)
    }

    /// Cards that are up.
    pub fn cards(&self) -> impl Iterator<Item = &Card> {
        self.calls().filter_map(|call| call.card.as_ref()).filter(|card| card.shown)
    }

    /// The card that is up and has this key.
    pub fn card(&self, leg: &LegKey) -> Option<&Card> {
        let card = self.call(&leg.account, &leg.call)?.card.as_ref()?;
        Some(card).filter(|card| card.shown && card.leg == *leg)
    }

    /// In the provider's order.
    pub fn scenarios(&self, account: &AccountId) -> &[ScenarioReading] {
        self.accounts.get(account).map_or(&[], |account| &account.scenarios)
    }

    /// How often the account's provider reported a step of a call that is not known.
    pub fn unknown_steps(&self, account: &AccountId) -> u64 {
        self.accounts.get(account).map_or(0, |account| account.unknown_steps)
    }

    fn present(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values().filter(|account| !account.removed)
    }

    pub(crate) fn account_mut(&mut self, id: &AccountId) -> &mut Account {
        self.accounts.entry(id.clone()).or_insert_with(|| Account::new(id.clone()))
    }
}

//! Reading what is to be dialled, and choosing the line it is dialled from.

use ringside_api::view::{FoundNumber, PaletteHit, PaletteKind, PartyView, Reading};
use ringside_api::{ApiError, Reply};
use ringside_domain::number::{self, find_numbers};
use ringside_domain::{AccountId, Capability, LineId, NumberPlan, Party};

use super::{Actor, refuse};
use crate::view::party::{Named, party};

impl Actor {
    /// The line a dial would go out from and the number as that line's account reads it.
    ///
    /// # Errors
    /// When the number cannot be read, or no account can dial it.
    pub(super) fn place(
        &self,
        text: &str,
        account: Option<&str>,
        from: Option<&str>,
    ) -> Result<(LineId, number::Reading), ApiError> {
        let line = self.dial_line(text, account, from)?;
        let plan = self.plan(&line.account);
        let reading =
            number::read(text, &plan, &|digits| self.is_extension(&line.account, digits)).map_err(|error| {
                ApiError { code: error.code().to_owned(), message: error.message(), hint: error.hint().to_owned() }
            })?;
        Ok((line, reading))
    }

    /// An explicit line, else one of mine that can dial; of the account that has the extension where one is dialled.
    fn dial_line(&self, text: &str, account: Option<&str>, from: Option<&str>) -> Result<LineId, ApiError> {
        let explicit = from.map(|from| match (from.parse::<LineId>(), account) {
            (Ok(line), _) => Ok(line),
            (Err(_), Some(account)) => Ok(LineId::new(account, from)),
            (Err(_), None) => self
                .engine
                .lines()
                .find(|line| line.id.extension.as_str() == from && self.can_dial(&line.id.account))
                .map(|line| line.id.clone())
                .ok_or_else(|| refuse("no_line", format!("there is no line {from}"), "Give it as account/extension.")),
        });
        if let Some(line) = explicit {
            let line = line?;
            return match self.accounts.contains_key(&line.account) {
                false => Err(super::accounts::no_account(line.account.as_str())),
                true if !self.can_dial(&line.account) => Err(cannot_dial(&line.account)),
                true => Ok(line),
            };
        }
        if let Some(account) = account
            && !self.accounts.contains_key(&AccountId::new(account))
        {
            return Err(super::accounts::no_account(account));
        }
        let mut mine: Vec<_> = self
            .config
            .me
            .extensions
            .iter()
            .chain(&self.demo.mine)
            .filter_map(|line| line.parse::<LineId>().ok())
            .filter(|line| account.is_none_or(|a| a == line.account.as_str()) && self.can_dial(&line.account))
            .collect();
        let has_extension = |line: &LineId| self.is_extension(&line.account, text.trim());
        mine.sort_by_key(|line| !has_extension(line));
        mine.into_iter().next().ok_or_else(|| match account {
            Some(account) if !self.can_dial(&AccountId::new(account)) => cannot_dial(&AccountId::new(account)),
            _ if !self.accounts.keys().any(|account| self.can_dial(account)) => {
                refuse("no_dialling_account", "no connected account can dial", "Connect one under Accounts.")
            }
            _ => refuse("no_own_line", "none of the lines is marked as yours", "Choose your line under Settings."),
        })
    }

    fn can_dial(&self, account: &AccountId) -> bool {
        let provider = self.accounts.get(account).and_then(|account| account.provider.as_ref());
        provider.is_some_and(|provider| provider.capabilities().has(Capability::Dial))
    }

    pub(super) fn plan(&self, account: &AccountId) -> NumberPlan {
        match self.accounts.get(account) {
            Some(account) => account.entry.plan(&self.config.me),
            None => NumberPlan { region: self.config.me.region.clone(), ..NumberPlan::default() },
        }
    }

    /// How numbers are read where no account is meant.
    pub(super) fn own_plan(&self) -> NumberPlan {
        NumberPlan { region: self.config.me.region.clone(), ..NumberPlan::default() }
    }

    pub(super) fn read_number(&self, text: &str, account: Option<&str>, from: Option<&str>) -> Reply {
        let reading = match self.place(text, account, from) {
            Ok((line, reading)) => Reading {
                text: text.to_owned(),
                party: Some(self.party_named(&line.account, &reading.party)),
                rule: Some(reading.rule.code().to_owned()),
                account: Some(line.account.to_string()),
                from: Some(line.to_string()),
                problem: None,
            },
            Err(problem) => Reading {
                text: text.to_owned(),
                party: None,
                rule: None,
                account: None,
                from: None,
                problem: Some(problem),
            },
        };
        Reply::Reading { reading }
    }

    pub(super) fn find_numbers(&self, text: &str) -> Reply {
        let (account, plan) = match self.dial_line("", None, None) {
            Ok(line) => (line.account.clone(), self.plan(&line.account)),
            Err(_) => (AccountId::new(""), self.own_plan()),
        };
        let numbers = find_numbers(text, &plan, &|digits| self.is_extension(&account, digits))
            .into_iter()
            .map(|found| {
                let text = ringside_domain::Label::new(&found.text).as_str().to_owned();
                match found.result {
                    Ok(reading) => FoundNumber {
                        text,
                        party: Some(self.party_named(&account, &reading.party)),
                        rule: Some(reading.rule.code().to_owned()),
                        refused: None,
                    },
                    Err(refusal) => {
                        FoundNumber { text, party: None, rule: None, refused: Some(refusal.code().to_owned()) }
                    }
                }
            })
            .collect();
        Reply::Found { numbers }
    }

    /// The typed text as a number where it is one, then people.
    pub(super) fn palette(&self, text: &str, limit: usize) -> Reply {
        let mut hits = Vec::new();
        if let Ok((line, reading)) = self.place(text, None, None) {
            let shown = self.party_named(&line.account, &reading.party);
            hits.push(number_hit(&shown));
        }
        for hit in self.who.search(text, limit) {
            if hits.len() >= limit {
                break;
            }
            let line = hit.line.as_ref().map(ToString::to_string);
            let shown = party(&hit.party, Named { name: hit.name.clone(), company: hit.company.clone() });
            let Some(dial) = shown.dial.clone() else { continue };
            if hits.iter().any(|known| known.dial == dial && known.line == line) {
                hits.retain(|known| known.dial != dial || known.kind != PaletteKind::Number);
            }
            let title = if hit.name.is_empty() { &hit.company } else { &hit.name };
            hits.push(PaletteHit {
                kind: if line.is_some() { PaletteKind::Extension } else { PaletteKind::Contact },
                title: title.as_str().to_owned(),
                detail: if hit.name.is_empty() { String::new() } else { hit.company.as_str().to_owned() },
                dial,
                number: shown.number,
                line,
                vip: hit.vip,
            });
        }
        Reply::Palette { hits }
    }
}

fn number_hit(shown: &PartyView) -> PaletteHit {
    PaletteHit {
        kind: PaletteKind::Number,
        title: shown.name.clone().unwrap_or_else(|| shown.number.clone()),
        detail: shown.company.clone().unwrap_or_default(),
        dial: shown.dial.clone().unwrap_or_default(),
        number: shown.number.clone(),
        line: None,
        vip: false,
    }
}

fn cannot_dial(account: &AccountId) -> ApiError {
    refuse("unsupported", format!("the account `{account}` cannot dial"), "Choose an account that can.")
}

/// What a text says of a party where no account is meant: for look-ups.
pub(super) fn look_up_party(text: &str, plan: &NumberPlan, is_extension: &dyn Fn(&str) -> bool) -> Party {
    number::read(text, plan, is_extension)
        .map_or_else(|_| Party::from_caller_text(text, plan, is_extension), |r| r.party)
}

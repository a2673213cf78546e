//! Reading what is to be dialled, and choosing the line it is dialled from.

use ringside_api::view::{FoundNumber, PaletteHit, PaletteKind, PartyView, Reading};
use ringside_api::{ApiError, Reply};
use ringside_domain::number::{self, Entry, NumberError, find_numbers, read_entry};
use ringside_domain::{AccountId, Capability, LineId, NumberPlan, Party, PhoneNumber};
use ringside_engine::Line;

use super::{Actor, refuse};
use crate::view::party::{Named, party};

/// What a host asks to dial.
#[derive(Default)]
pub(super) struct Wanted {
    pub text: String,
    /// A colleague, `account/extension`; the text is not read then.
    pub line: Option<String>,
    pub account: Option<String>,
    pub from: Option<String>,
}

/// What would be dialled, and from where.
pub(super) struct Placed {
    pub from: LineId,
    pub party: Party,
    /// By which rule it was read.
    pub rule: &'static str,
}

/// How a colleague is called.
enum Way {
    /// By the extension, from a line of mine at the same account.
    Inside(LineId),
    /// By a number of the public network, from any line of mine.
    Outside(PhoneNumber),
}

impl Actor {
    /// # Errors
    /// When the number cannot be read, or no account can dial it.
    pub(super) fn place(&self, wanted: &Wanted) -> Result<Placed, ApiError> {
        let (account, from) = (wanted.account.as_deref(), wanted.from.as_deref());
        if let Some(line) = &wanted.line {
            let line: LineId = line.parse().map_err(|_| {
                refuse("bad_request", format!("`{line}` is not a line"), "Write it as account/extension.")
            })?;
            return self.place_colleague(&line, account, from);
        }
        let (from, reading) = self.read_text(&wanted.text, account, from)?;
        Ok(Placed { from, party: reading.party, rule: reading.rule.code() })
    }

    /// What a service lists by an id is dialled by that id, whatever the id looks like.
    fn place_colleague(&self, line: &LineId, account: Option<&str>, from: Option<&str>) -> Result<Placed, ApiError> {
        let chosen = match from {
            Some(_) => Some(self.dial_line("", account, from)?),
            None => None,
        };
        match self.way_to(line, chosen.as_ref()) {
            Ok(Way::Inside(from)) => {
                Ok(Placed { from, party: Party::Extension(line.extension.clone()), rule: "extension" })
            }
            Ok(Way::Outside(number)) => {
                let from = chosen.map_or_else(|| self.dial_line("", None, None), Ok)?;
                Ok(Placed { from, party: Party::Number(number), rule: "outside_number" })
            }
            // None of the lines of mine dials at all: that is said as for any number.
            Err("no_own_line") => self.dial_line("", None, None).and(Err(no_way("no_line_there", line))),
            Err(code) => Err(no_way(code, line)),
        }
    }

    /// Why the line cannot be called from here. Unknown while its account is not connected: the dial says it then.
    pub(super) fn why_no_dial(&self, line: &LineId) -> Option<&'static str> {
        self.accounts.get(&line.account).and_then(|account| account.provider.as_ref())?;
        self.way_to(line, None).err()
    }

    /// `chosen`: the line of mine to call from, where one was.
    fn way_to(&self, line: &LineId, chosen: Option<&LineId>) -> Result<Way, &'static str> {
        let mut mine: Vec<&LineId> = match chosen {
            Some(chosen) => vec![chosen],
            None => self.engine.settings().mine.iter().filter(|mine| self.can_dial(&mine.account)).collect(),
        };
        mine.sort_unstable_by_key(|mine| self.rank_of_mine(mine));
        let there = mine.iter().find(|mine| mine.account == line.account && **mine != line);
        if let Some(from) = there
            && self.dials_extensions(&line.account)
        {
            return Ok(Way::Inside((*from).clone()));
        }
        if chosen.map_or_else(|| mine.contains(&line) && there.is_none(), |chosen| chosen == line) {
            return Err("own_line");
        }
        match (self.direct_numbers.number_of(line), there) {
            _ if mine.is_empty() => Err("no_own_line"),
            (Some(number), _) => Ok(Way::Outside(number.clone())),
            (None, Some(_)) => Err("numbers_only"),
            (None, None) => Err("no_line_there"),
        }
    }

    /// Mine in the order in which they are configured.
    fn rank_of_mine(&self, line: &LineId) -> usize {
        let line = line.to_string();
        let mut mine = self.config.me.extensions.iter().chain(&self.demo.mine);
        mine.position(|mine| *mine == line).unwrap_or(usize::MAX)
    }

    fn dials_extensions(&self, account: &AccountId) -> bool {
        let provider = self.accounts.get(account).and_then(|account| account.provider.as_ref());
        provider.and_then(|provider| provider.dialing()).is_some_and(|dialing| dialing.dials_extensions())
    }

    /// The line a dial would go out from and the number as that line's account reads it.
    fn read_text(
        &self,
        text: &str,
        account: Option<&str>,
        from: Option<&str>,
    ) -> Result<(LineId, number::Reading), ApiError> {
        let line = self.dial_line(text, account, from)?;
        let plan = self.plan(&line.account);
        let reading =
            number::read(text, &plan, &|digits| self.is_extension(&line.account, digits)).map_err(|error| {
                ApiError {
                    code: error.code().to_owned(),
                    message: error.message(),
                    hint: error.hint().to_owned(),
                    ..ApiError::default()
                }
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
                .ok_or_else(|| refuse("no_line", format!("there is no line {from}"), "Write it as account/extension.")),
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
                refuse("no_dialling_account", "no connected account can dial", "Connect an account that can dial.")
            }
            Some(account) if self.engine.settings().mine.iter().any(|line| self.can_dial(&line.account)) => refuse(
                "no_line_there",
                format!("you have no line at {account}"),
                "Call from another line, or add one there under Settings.",
            ),
            _ => refuse("no_own_line", "none of your lines can dial", "Choose your line under Settings."),
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

    /// The plan that a dial without more ado would be read by. Where none can be made yet, for a provider starts or has no
    /// secret, the configuration says which account it would be: one of mine, or the only one.
    pub(super) fn dialling_plan(&self) -> NumberPlan {
        if let Ok(line) = self.dial_line("", None, None) {
            return self.plan(&line.account);
        }
        let mine = self.config.me.extensions.iter().filter_map(|line| line.parse::<LineId>().ok());
        let mine = mine.map(|line| line.account).find(|account| self.accounts.contains_key(account));
        let only = || self.accounts.keys().next().filter(|_| self.accounts.len() == 1).cloned();
        match mine.or_else(only) {
            Some(account) => self.plan(&account),
            None => self.own_plan(),
        }
    }

    pub(super) fn read_number(&self, wanted: &Wanted) -> Reply {
        let text = wanted.text.clone();
        let reading = match self.place(wanted) {
            Ok(Placed { from, party, rule }) => Reading {
                not_dialled: match wanted.line {
                    Some(_) => None,
                    None => self.entry(&text, &from.account).ok().and_then(|entry| entry.not_dialled),
                },
                text,
                party: Some(self.party_named(&from.account, &party)),
                rule: Some(rule.to_owned()),
                account: Some(from.account.to_string()),
                from: Some(from.to_string()),
                problem: None,
            },
            Err(problem) => Reading {
                text,
                party: None,
                rule: None,
                account: None,
                from: None,
                problem: Some(problem),
                not_dialled: None,
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

    fn entry(&self, text: &str, account: &AccountId) -> Result<Entry, NumberError> {
        read_entry(text, &self.plan(account), &|digits| self.is_extension(account, digits))
    }

    /// The numbers that the typed text is, each ending of a line apart, then people.
    pub(super) fn palette(&self, text: &str, limit: usize) -> Reply {
        let mut hits = Vec::new();
        if let Ok(line) = self.dial_line(text, None, None)
            && let Ok(entry) = self.entry(text, &line.account)
        {
            for choice in entry.choices.iter().take(limit) {
                let shown = self.party_named(&line.account, &choice.reading.party);
                hits.push(PaletteHit {
                    rule: Some(choice.reading.rule.code().to_owned()),
                    not_dialled: entry.not_dialled.clone(),
                    ..number_hit(&shown)
                });
            }
        }
        for hit in self.who.search(text, limit) {
            if hits.len() >= limit {
                break;
            }
            let line = hit.line.as_ref().map(ToString::to_string);
            let shown = party(&hit.party, Named { name: hit.name.clone(), company: hit.company.clone() });
            // A colleague is dialled by the line, whatever its service names it by.
            let Some(dial) = shown.dial.clone().or_else(|| line.is_some().then(|| shown.number.clone())) else {
                continue;
            };
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
                rule: None,
                not_dialled: None,
                vip: hit.vip,
                similar: hit.similar,
            });
        }
        self.lines_without_names(text, limit, &mut hits);
        Reply::Palette { hits }
    }

    /// The board shows lines too that no directory knows: those are found by what they are called there.
    fn lines_without_names(&self, text: &str, limit: usize, hits: &mut Vec<PaletteHit>) {
        let text = text.trim().to_lowercase();
        if text.is_empty() || hits.len() >= limit {
            return;
        }
        let called_so = |line: &&Line| {
            let name = line.extension.name.as_str();
            line.id.extension.as_str().to_lowercase().contains(&text) || name.to_lowercase().contains(&text)
        };
        let mut lines: Vec<&Line> = self.engine.lines().filter(called_so).collect();
        lines.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        for line in lines {
            let id = line.id.to_string();
            if hits.len() >= limit || hits.iter().any(|hit| hit.line.as_ref() == Some(&id)) {
                continue;
            }
            let (extension, name) = (line.id.extension.as_str().to_owned(), line.extension.name.as_str());
            hits.push(PaletteHit {
                kind: PaletteKind::Extension,
                title: if name.is_empty() { extension.clone() } else { name.to_owned() },
                detail: String::new(),
                dial: extension.clone(),
                number: extension,
                line: Some(id),
                rule: None,
                not_dialled: None,
                vip: false,
                similar: false,
            });
        }
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
        rule: None,
        not_dialled: None,
        vip: false,
        similar: false,
    }
}

fn no_way(code: &'static str, line: &LineId) -> ApiError {
    let LineId { account, extension } = line;
    match code {
        "own_line" => refuse(code, "you would call your own line", "Choose another number."),
        "numbers_only" => refuse(
            code,
            format!("{account} only dials public numbers, and {extension} has none"),
            "Dial the extension on your phone.",
        ),
        _ => refuse(
            code,
            format!("you have no line at {account}, and {extension} has no outside number"),
            "Type the number to call from your own line.",
        ),
    }
}

fn cannot_dial(account: &AccountId) -> ApiError {
    refuse("unsupported", format!("the account `{account}` cannot dial"), "Choose an account that can do it.")
}

/// What a text says of a party where no account is meant, for look-ups: a number as it would be dialled, or a word for a
/// caller who hides it.
pub(super) fn look_up_party(
    text: &str,
    plan: &NumberPlan,
    is_extension: &dyn Fn(&str) -> bool,
) -> Result<Party, NumberError> {
    match number::read(text, plan, is_extension) {
        Ok(reading) => Ok(reading.party),
        Err(error) => match Party::from_caller_text(text, plan, is_extension) {
            Party::Withheld => Ok(Party::Withheld),
            Party::Number(_) | Party::Extension(_) | Party::Code(_) | Party::Unstated => Err(error),
        },
    }
}

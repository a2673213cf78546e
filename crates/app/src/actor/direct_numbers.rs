//! Which number of the public network is whose extension. Services that name callers by number say so of a colleague too,
//! and few list the numbers with the extensions: it is learnt from the account's own calls.

use std::collections::{HashMap, HashSet};

use ringside_domain::{AccountId, ExtensionId, LegUpdate, LineId, Party, PhoneNumber};

/// Numbers learnt of one account at most; beyond it nothing new is.
const MAX: usize = 20_000;

/// An extension of one digit ends one number in ten.
const SHORTEST: usize = 2;

#[derive(Default)]
pub(super) struct DirectNumbers {
    accounts: HashMap<AccountId, Learnt>,
}

#[derive(Default)]
struct Learnt {
    /// `None`: seen with several extensions, and so nobody's own.
    of: HashMap<PhoneNumber, Option<ExtensionId>>,
    numbers: HashMap<ExtensionId, PhoneNumber>,
    /// What stands before the extension in a direct number, with the extensions it was seen before.
    stems: HashMap<String, HashSet<ExtensionId>>,
}

impl DirectNumbers {
    /// A call of this extension was to, or shows, a number that ends with it.
    pub fn learn(&mut self, account: &AccountId, update: &LegUpdate) {
        let Party::Number(number) = &update.our_number else { return };
        let extension = &update.extension;
        if let Some(known) = self.accounts.get(account).and_then(|learnt| learnt.of.get(number))
            && known.as_ref().is_none_or(|known| known == extension)
        {
            return;
        }
        let learnt = self.accounts.entry(account.clone()).or_default();
        if let Some(known) = learnt.of.get_mut(number) {
            if let Some(known) = known.take() {
                learnt.numbers.remove(&known);
            }
        } else if learnt.of.len() < MAX {
            let own = stem(number, extension);
            learnt.of.insert(number.clone(), own.map(|_| extension.clone()));
            if let Some(stem) = own {
                learnt.numbers.insert(extension.clone(), number.clone());
                learnt.stems.entry(stem.to_owned()).or_default().insert(extension.clone());
            }
        }
    }

    /// Whose number it is: as was seen, or by the way in which two others of the account's numbers are made of their
    /// extensions. `is_extension`: of the account.
    pub fn extension_of(
        &self,
        account: &AccountId,
        number: &PhoneNumber,
        is_extension: impl Fn(&ExtensionId) -> bool,
    ) -> Option<ExtensionId> {
        let learnt = self.accounts.get(account)?;
        if let Some(known) = learnt.of.get(number) {
            return known.clone();
        }
        let stems = learnt.stems.iter().filter(|(_, seen)| seen.len() > 1);
        let rests = stems.filter_map(|(stem, _)| number.digits().strip_prefix(stem.as_str()));
        rests.filter(|rest| rest.len() >= SHORTEST).map(ExtensionId::new).find(is_extension)
    }

    /// Whichever account's it is.
    pub fn line_of(&self, number: &PhoneNumber) -> Option<LineId> {
        self.accounts.iter().find_map(|(account, learnt)| {
            let extension = learnt.of.get(number)?.clone()?;
            Some(LineId { account: account.clone(), extension })
        })
    }

    /// Only what was seen is ever dialled.
    pub fn number_of(&self, line: &LineId) -> Option<&PhoneNumber> {
        self.accounts.get(&line.account)?.numbers.get(&line.extension)
    }

    pub fn forget(&mut self, account: &AccountId) {
        self.accounts.remove(account);
    }
}

fn stem<'n>(number: &'n PhoneNumber, extension: &ExtensionId) -> Option<&'n str> {
    let extension = extension.as_str();
    let is_tail = extension.len() >= SHORTEST && extension.bytes().all(|byte| byte.is_ascii_digit());
    number.digits().strip_suffix(extension).filter(|stem| is_tail && stem.len() > SHORTEST)
}

#[cfg(test)]
mod tests {
    use ringside_domain::{Direction, LegStep};

    use super::*;

    fn number(e164: &str) -> PhoneNumber {
        PhoneNumber::from_e164(e164).unwrap()
    }

    fn seen(numbers: &mut DirectNumbers, extension: &str, e164: &str) {
        let update = LegUpdate {
            call: "c".into(),
            extension: extension.into(),
            direction: Some(Direction::Inbound),
            step: LegStep::Ringing,
            remote: Party::Withheld,
            our_number: Party::Number(number(e164)),
            at: ringside_domain::Timestamp::UNIX_EPOCH,
        };
        numbers.learn(&"office".into(), &update);
    }

    fn whose(numbers: &DirectNumbers, e164: &str) -> Option<String> {
        let found =
            numbers.extension_of(&"office".into(), &number(e164), |id| ["22", "31", "48"].contains(&id.as_str()));
        found.map(|id| id.to_string())
    }

    #[test]
    fn a_number_is_whose_calls_it_stands_on() {
        let mut numbers = DirectNumbers::default();
        seen(&mut numbers, "31", "+49221471031");
        assert_eq!(whose(&numbers, "+49221471031").as_deref(), Some("31"));
        assert_eq!(numbers.number_of(&LineId::new("office", "31")), Some(&number("+49221471031")));
        assert_eq!(numbers.line_of(&number("+49221471031")), Some(LineId::new("office", "31")));
        assert_eq!(whose(&numbers, "+49221471048"), None, "one number shows no way in which they are made");
        seen(&mut numbers, "22", "+49221471022");
        assert_eq!(whose(&numbers, "+49221471048").as_deref(), Some("48"));
        assert_eq!(numbers.number_of(&LineId::new("office", "48")), None, "and is dialled only where it was seen");
        assert_eq!(whose(&numbers, "+49221471099"), None, "nobody has that extension");
    }

    #[test]
    fn a_number_of_several_is_nobodys() {
        let mut numbers = DirectNumbers::default();
        for extension in ["31", "22", "31"] {
            seen(&mut numbers, extension, "+49221471031");
        }
        assert_eq!(whose(&numbers, "+49221471031"), None);
        assert_eq!(numbers.number_of(&LineId::new("office", "31")), None);
        seen(&mut numbers, "31", "+49221471000");
        assert_eq!(whose(&numbers, "+49221471000"), None, "it does not end with the extension");
    }
}

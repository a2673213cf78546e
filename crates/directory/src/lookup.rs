//! Finds who a party of a call is.

use ringside_domain::{AccountId, ExtensionId, Party, PhoneNumber};

use crate::book::integer;
use crate::fold::fold;
use crate::hit::{Hit, Match, MatchRule};
use crate::index::Index;

/// No main line is guessed for numbers shorter than this without their direct-dial digits.
const SHORTEST_BASE: u64 = 1_000_000;

impl Index {
    /// Who has this number or extension. Extensions are those of the account the call is on; of all accounts if none
    /// is given. Hidden and missing numbers match nobody.
    pub fn lookup(&self, party: &Party, account: Option<&AccountId>) -> Match {
        match party {
            Party::Number(number) => self.by_number(number),
            Party::Extension(extension) => self.by_extension(extension, account),
            Party::Code(_) | Party::Unstated => Match::nobody(MatchRule::NoNumber),
            Party::Withheld => Match::nobody(MatchRule::Withheld),
        }
    }

    fn by_number(&self, number: &PhoneNumber) -> Match {
        let digits = integer(number);
        let exact: Vec<Hit> = self.books.iter().flat_map(|book| book.by_number(digits)).collect();
        if !exact.is_empty() {
            return self.ranked(exact, MatchRule::ExactNumber);
        }
        for main_line in main_lines(digits) {
            let found: Vec<Hit> = self.books.iter().flat_map(|book| book.companies_by_main_line(main_line)).collect();
            if !found.is_empty() {
                return self.ranked(found, MatchRule::CompanyMainLine);
            }
        }
        Match::nobody(MatchRule::NoMatch)
    }

    fn by_extension(&self, extension: &ExtensionId, account: Option<&AccountId>) -> Match {
        let books = self.books.iter().filter(|book| account.is_none() || book.account() == account);
        let found: Vec<Hit> = books.filter_map(|book| book.by_extension(extension)).collect();
        if found.is_empty() { Match::nobody(MatchRule::NoMatch) } else { self.ranked(found, MatchRule::Extension) }
    }

    /// Pinned first, then by source, then by name; the same person listed twice by a source counts once.
    fn ranked(&self, mut hits: Vec<Hit>, rule: MatchRule) -> Match {
        if hits.len() > 1 {
            hits.sort_by_cached_key(|hit| {
                let rank = self.books.iter().position(|book| book.source == hit.source);
                (!hit.pinned, rank, fold(hit.name.as_str()), hit.name.clone(), hit.company.clone(), hit.key.clone())
            });
            hits.dedup_by(|second, first| {
                (&first.source, &first.name, &first.company) == (&second.source, &second.name, &second.company)
                    && first.line == second.line
            });
        }
        let mut hits = hits.into_iter();
        Match { best: hits.next(), others: hits.collect(), rule }
    }
}

/// The main lines a number may be a direct-dial number of, the nearest first: the last one to four digits give way to
/// a `0` (`669669-66` to `669669-0`), or the last two to `00`, as blocks of a hundred are written.
fn main_lines(digits: u64) -> impl Iterator<Item = u64> {
    let shortened = (1..=4).map(move |cut| digits / 10_u64.pow(cut)).take_while(|base| *base >= SHORTEST_BASE);
    let block = Some(digits / 100 * 100).filter(|_| digits >= SHORTEST_BASE * 100);
    shortened.map(|base| base * 10).chain(block).filter(move |main| *main != digits)
}

#[cfg(test)]
#[path = "lookup_tests.rs"]
mod tests;

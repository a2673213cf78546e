//! The other side of a call.

use ringside_api::view::{PartyKind, PartyView};
use ringside_domain::{Label, Party};

/// Who a party is, where somebody knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    pub name: Label,
    pub company: Label,
}

/// `named` is empty where nobody knows.
pub(crate) fn party(party: &Party, named: Named) -> PartyView {
    let (kind, number, region) = match party {
        Party::Number(number) => (PartyKind::Number, number.international(), number.country_region()),
        Party::Extension(extension) => (PartyKind::Extension, extension.as_str().to_owned(), None),
        Party::Code(code) => (PartyKind::Code, code.to_string(), None),
        Party::Withheld => (PartyKind::Withheld, String::new(), None),
        Party::Unstated => (PartyKind::Unstated, String::new(), None),
    };
    let text = |label: Label| (!label.is_empty()).then(|| label.as_str().to_owned());
    PartyView {
        kind,
        dial: party.dial_text().map(str::to_owned),
        number,
        region: region.map(str::to_owned),
        name: text(named.name),
        company: text(named.company),
    }
}

/// The party, unless the event did not say.
pub(crate) fn stated(of: &Party, named: Named) -> Option<PartyView> {
    (*of != Party::Unstated).then(|| party(of, named))
}

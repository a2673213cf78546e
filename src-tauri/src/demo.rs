//! The demo office: the exchange, and the accounts that lead to it.

use async_trait::async_trait;
use ringside_app::config::{AccountEntry, BoardGroup, SecretSource};
use ringside_app::demo::{DemoOffice, DemoSetup};
use ringside_domain::{Contact, ContactNumber, Label, PhoneNumber};
use ringside_exchange::{Account, DemoContact, Exchange, Options, demo_contacts};
use secrecy::SecretString;
use tokio::sync::OnceCell;

/// The extension the demo looks over the shoulder of.
pub const DESK: &str = "31";

/// Starts the exchange when somebody first looks in.
pub struct DemoExchange {
    options: Options,
    exchange: OnceCell<Exchange>,
}

impl DemoExchange {
    pub fn new(options: Options) -> Self {
        Self { options, exchange: OnceCell::new() }
    }

    /// The running exchange, for the tour to make telephones ring.
    ///
    /// # Errors
    /// When no port on loopback is to be had.
    pub async fn exchange(&self) -> anyhow::Result<&Exchange> {
        Ok(self.exchange.get_or_try_init(|| Exchange::start(self.options.clone())).await?)
    }
}

#[async_trait]
impl DemoOffice for DemoExchange {
    async fn open(&self) -> anyhow::Result<DemoSetup> {
        let exchange = self.exchange().await?;
        let accounts = exchange.accounts().into_iter().map(account).collect();
        let contacts = demo_contacts().iter().filter_map(contact).collect();
        Ok(DemoSetup { accounts, mine: vec![format!("office/{DESK}")], contacts, groups: groups() })
    }
}

/// The services group nobody; the office's own numbering plan does, and its sites.
fn groups() -> Vec<BoardGroup> {
    [
        ("Support", "office/22-35"),
        ("Sales", "office/41-52"),
        ("Branch", "office/61-80"),
        ("Support Haifa", "haifa/*"),
        ("Service line Berlin", "berlin/*"),
        ("Showroom Hamburg", "hamburg/*"),
    ]
    .map(|(name, lines)| BoardGroup { name: name.to_owned(), lines: vec![lines.to_owned()] })
    .into()
}

fn account(from: Account) -> (AccountEntry, SecretString) {
    let options = from.options.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let entry = AccountEntry {
        id: from.id.to_owned(),
        provider: from.provider.to_owned(),
        base_url: Some(from.base_url),
        username: from.username,
        secret: SecretSource::Session,
        region: Some(from.region.to_owned()),
        country_code: None,
        area_code: None,
        outside_line: None,
        options,
    };
    (entry, from.secret.into())
}

/// A number the office writes wrongly leaves its contact out.
fn contact(from: &DemoContact) -> Option<Contact> {
    let numbers = std::iter::once(from.number).chain(from.other_number);
    let numbers =
        numbers.map(|number| PhoneNumber::from_e164(number).ok().map(|number| ContactNumber { number, kind: None }));
    Some(Contact {
        name: Label::new(from.name),
        company: Label::new(from.company),
        numbers: numbers.collect::<Option<_>>()?,
        vip: from.company == "Orthopädie Lenz",
        note: Label::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contact_of_the_demo_can_be_looked_up() {
        assert_eq!(demo_contacts().iter().filter_map(contact).count(), demo_contacts().len());
    }
}

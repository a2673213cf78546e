//! What the parts of one fonial account share.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use ringside_domain::{AccountId, Extension, ExtensionId, NumberPlan, OwnNumber, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::Notify;

use super::client::Client;
use super::envelope::entries;
use super::options::Options;
use super::trouble::Trouble;
use super::{map, wire};
use crate::account::Oddities;

pub struct Shared {
    pub account: AccountId,
    pub plan: NumberPlan,
    pub options: Options,
    pub client: Client,
    pub oddities: Arc<Oddities>,
    pub now: fn() -> Timestamp,
    pub seed: u64,
    /// Somebody else has met trouble: look now whether the service is there.
    pub doubt: Notify,
    /// Devices by name, as last read; `None` for a name that several have.
    pub names: RwLock<Option<Names>>,
}

/// A snapshot, so that a reading of past calls goes by one list from its beginning to its end.
pub type Names = Arc<HashMap<String, Option<ExtensionId>>>;

impl Shared {
    /// All devices; entries that cannot be read are counted as oddities.
    ///
    /// # Errors
    /// All kinds of [`Trouble`].
    pub async fn devices(&self) -> Result<Vec<Extension>, Trouble> {
        let answer = self.client.devices().await?;
        let list = entries(answer.envelope().devices());
        let mut devices: Vec<Extension> = Vec::with_capacity(list.len());
        for device in self.each("devices", &list) {
            match map::extension(&device, &self.oddities) {
                Some(device) if devices.iter().all(|other| other.id != device.id) => devices.push(device),
                Some(_) => self.oddities.payload("devices.id", "an id that occurs twice"),
                None => {}
            }
        }
        *self.names.write().unwrap_or_else(PoisonError::into_inner) = Some(names(&devices));
        Ok(devices)
    }

    /// # Errors
    /// All kinds of [`Trouble`].
    pub async fn numbers(&self) -> Result<Vec<OwnNumber>, Trouble> {
        let answer = self.client.numbers().await?;
        let list = entries(answer.envelope().numbers);
        let numbers = self.each("numbers", &list);
        Ok(numbers.filter_map(|entry| map::own_number(&entry, &self.plan, &self.oddities)).collect())
    }

    /// Devices by name; read now if they never were.
    ///
    /// # Errors
    /// All kinds of [`Trouble`].
    pub async fn names(&self) -> Result<Names, Trouble> {
        let known = || self.names.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(names) = known() {
            return Ok(names);
        }
        self.devices().await?;
        Ok(known().unwrap_or_default())
    }

    /// The entries that can be read; the others are counted among what was not understood.
    pub fn each<'j, T: Deserialize<'j>>(&self, place: &str, entries: &[&'j RawValue]) -> impl Iterator<Item = T> {
        entries.iter().filter_map(move |raw| {
            let read = wire::record(raw.get());
            if read.is_none() {
                self.oddities.payload(place, raw.get());
            }
            read
        })
    }
}

fn names(devices: &[Extension]) -> Names {
    let mut names: HashMap<String, Option<ExtensionId>> = HashMap::new();
    for device in devices.iter().filter(|device| !device.name.is_empty()) {
        let known = names.entry(device.name.as_str().to_owned());
        known.and_modify(|id| *id = None).or_insert_with(|| Some(device.id.clone()));
    }
    Arc::new(names)
}

#[cfg(test)]
mod tests {
    use ringside_domain::Label;

    use super::*;

    #[test]
    fn a_name_that_several_devices_have_names_none() {
        let device = |id: &str, name: &str| Extension {
            id: ExtensionId::new(id),
            name: Label::new(name),
            email: None,
            group: None,
        };
        let names = names(&[device("1", "Empfang"), device("2", "Lager"), device("3", "Empfang"), device("4", "")]);
        assert_eq!(names.get("Lager"), Some(&Some(ExtensionId::new("2"))));
        assert_eq!(names.get("Empfang"), Some(&None));
        assert_eq!(names.get(""), None);
    }
}

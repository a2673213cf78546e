//! Contacts, as imported from their sources.

use std::collections::HashMap;

use ringside_domain::{Contact, ContactNumber, Label, PhoneNumber};
use serde::Serialize;
use sqlx::sqlite::SqliteConnection;

use crate::Store;
use crate::columns::{Row, Text, readable};
use crate::error::StoreError;

/// A contact with where it came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredContact {
    /// The source, such as `csv:customers`.
    pub source: String,
    /// The contact's own key within its source; the same at the next import.
    pub key: String,
    pub contact: Contact,
    /// The user prefers this one where several share a number. Survives imports.
    pub pinned: bool,
}

/// One contact of an import; the list is one JSON parameter.
#[derive(Serialize)]
struct Item<'a> {
    key: &'a str,
    name: &'a str,
    company: &'a str,
    vip: i64,
    note: &'a str,
    folded: String,
    numbers: Vec<NumberItem<'a>>,
}

#[derive(Serialize)]
struct NumberItem<'a> {
    number: &'a str,
    kind: Option<&'a str>,
}

struct ContactRow {
    id: i64,
    source: Text,
    source_key: Text,
    name: Text,
    company: Text,
    vip: bool,
    note: Text,
    pinned: bool,
}

struct NumberRow {
    id: i64,
    contact_id: i64,
    number: Text,
    kind: Option<Text>,
}

impl Store {
    /// Replaces all contacts of a source in one transaction: an import that failed half-way is not to be given here.
    /// Contacts whose key stays keep their pin. Of two with the same key the later counts.
    pub async fn replace_source(&self, source: &str, contacts: &[(String, Contact)]) -> Result<(), StoreError> {
        let items: Vec<Item<'_>> = contacts.iter().map(|(key, contact)| item(key, contact)).collect();
        let items = crate::meta::json(&items)?;
        let mut writer = self.write().await?;
        let mut transaction = writer.begin().await?;
        remove_missing(&mut transaction, source, &items).await?;
        sqlx::query!(
            "INSERT INTO contacts (source, source_key, name, company, vip, note, folded)
            SELECT ?1, value ->> 'key', value ->> 'name', value ->> 'company', value ->> 'vip', value ->> 'note',
                value ->> 'folded'
            FROM json_each(?2) WHERE true
            ON CONFLICT (source, source_key) DO UPDATE SET name = excluded.name, company = excluded.company,
                vip = excluded.vip, note = excluded.note, folded = excluded.folded",
            source,
            items
        )
        .execute(&mut *transaction)
        .await?;
        sqlx::query!(
            "INSERT OR REPLACE INTO contact_numbers (contact_id, position, number, kind)
            SELECT c.id, n.key, n.value ->> 'number', n.value ->> 'kind'
            FROM json_each(?2) AS i
            JOIN contacts AS c ON c.source = ?1 AND c.source_key = i.value ->> 'key'
            JOIN json_each(i.value, '$.numbers') AS n",
            source,
            items
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await
    }

    /// Removes a source with all its contacts.
    pub async fn remove_source(&self, source: &str) -> Result<u64, StoreError> {
        let mut writer = self.write().await?;
        let removed =
            sqlx::query!("DELETE FROM contacts WHERE source = ?1", source).execute(writer.connection()?).await?;
        Ok(removed.rows_affected())
    }

    /// Marks a contact as the one to show first where several share a number.
    pub async fn pin_contact(&self, source: &str, key: &str, pinned: bool) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let done =
            sqlx::query!("UPDATE contacts SET pinned = ?3 WHERE source = ?1 AND source_key = ?2", source, key, pinned)
                .execute(writer.connection()?)
                .await?;
        if done.rows_affected() == 0 { Err(StoreError::NotFound("contact")) } else { Ok(()) }
    }

    /// All contacts, in a stable order, for the number index in memory.
    pub async fn load_contacts(&self) -> Result<Vec<StoredContact>, StoreError> {
        let mut reader = self.read().await?;
        let connection = reader.connection()?;
        let rows = sqlx::query_as!(
            ContactRow,
            r#"SELECT id AS "id!", source AS "source!: _", source_key AS "source_key!: _", name AS "name!: _",
                company AS "company!: _", vip AS "vip!: bool", note AS "note!: _", pinned AS "pinned!: bool"
            FROM contacts ORDER BY source, id"#
        )
        .fetch_all(&mut *connection)
        .await?;
        let numbers = sqlx::query_as!(
            NumberRow,
            r#"SELECT id AS "id!", contact_id, number AS "number!: _", kind AS "kind: _" FROM contact_numbers
            ORDER BY contact_id, position"#
        )
        .fetch_all(connection)
        .await?;
        Ok(join(rows, numbers))
    }

    /// Contacts whose name, company or numbers hold each of the words, in a stable order.
    pub async fn search_contacts(&self, text: &str, limit: u32) -> Result<Vec<StoredContact>, StoreError> {
        let words: Vec<String> = fold(text).split_whitespace().take(8).map(str::to_owned).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let words = crate::meta::json(&words)?;
        let mut reader = self.read().await?;
        let connection = reader.connection()?;
        let rows = sqlx::query_as!(
            ContactRow,
            r#"SELECT id AS "id!", source AS "source!: _", source_key AS "source_key!: _", name AS "name!: _",
                company AS "company!: _", vip AS "vip!: bool", note AS "note!: _", pinned AS "pinned!: bool"
            FROM contacts
            WHERE NOT EXISTS (SELECT 1 FROM json_each(?1) AS word WHERE instr(folded, word.value) = 0)
            ORDER BY name, company, id LIMIT ?2"#,
            words,
            limit
        )
        .fetch_all(&mut *connection)
        .await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let ids = crate::meta::json(&ids)?;
        let numbers = sqlx::query_as!(
            NumberRow,
            r#"SELECT id AS "id!", contact_id, number AS "number!: _", kind AS "kind: _" FROM contact_numbers
            WHERE contact_id IN (SELECT value FROM json_each(?1)) ORDER BY contact_id, position"#,
            ids
        )
        .fetch_all(connection)
        .await?;
        Ok(join(rows, numbers))
    }
}

async fn remove_missing(connection: &mut SqliteConnection, source: &str, items: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM contacts WHERE source = ?1
            AND source_key NOT IN (SELECT value ->> 'key' FROM json_each(?2))",
        source,
        items
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("DELETE FROM contact_numbers WHERE contact_id IN (SELECT id FROM contacts WHERE source = ?1)", source)
        .execute(connection)
        .await?;
    Ok(())
}

fn item<'a>(key: &'a str, contact: &'a Contact) -> Item<'a> {
    let mut folded = fold(contact.name.as_str());
    folded.push(' ');
    folded.push_str(&fold(contact.company.as_str()));
    for number in &contact.numbers {
        folded.push(' ');
        folded.push_str(number.number.digits());
    }
    Item {
        key,
        name: contact.name.as_str(),
        company: contact.company.as_str(),
        vip: i64::from(contact.vip),
        note: contact.note.as_str(),
        folded,
        numbers: contact
            .numbers
            .iter()
            .map(|number| NumberItem { number: number.number.e164(), kind: number.kind.as_ref().map(Label::as_str) })
            .collect(),
    }
}

/// The form in which text is compared: small letters, nothing but letters, digits and single spaces.
fn fold(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn join(rows: Vec<ContactRow>, numbers: Vec<NumberRow>) -> Vec<StoredContact> {
    let numbers = readable(numbers.into_iter().map(|row| {
        let of = Row { table: "contact_numbers", row: row.id };
        let number = PhoneNumber::from_e164(&row.number.0).map_err(|_| of.bad("number"))?;
        Ok((row.contact_id, ContactNumber { number, kind: row.kind.map(|kind| Label::new(&kind.0)) }))
    }));
    let mut of: HashMap<i64, Vec<ContactNumber>> = HashMap::new();
    for (contact, number) in numbers {
        of.entry(contact).or_default().push(number);
    }
    rows.into_iter()
        .map(|row| StoredContact {
            source: row.source.0,
            key: row.source_key.0,
            contact: Contact {
                name: Label::new(&row.name.0),
                company: Label::new(&row.company.0),
                numbers: of.remove(&row.id).unwrap_or_default(),
                vip: row.vip,
                note: Label::new(&row.note.0),
            },
            pinned: row.pinned,
        })
        .collect()
}

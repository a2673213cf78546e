//! What all parts of one TENIOS account share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use rand::SeedableRng;
use rand::rngs::StdRng;
use ringside_domain::{AccountId, Extension, ExtensionId, NumberPlan, Timestamp};
use serde::Deserialize;

use super::board::Board;
use super::client::{Client, USERS};
use super::options::{Options, digits};
use super::proof::Proof;
use super::users::{User, Users};
use super::{users, wire};
use crate::account::Oddities;
use crate::transport::TransportError;

/// A service that turns pages without end is stopped.
const MOST_PAGES: u64 = 10_000;

pub struct Shared {
    pub account: AccountId,
    pub plan: NumberPlan,
    pub options: Options,
    pub client: Client,
    pub oddities: Oddities,
    pub now: fn() -> Timestamp,
    pub seed: u64,
    pub proof: Proof,
    /// As last read; empty before the first reading.
    users: RwLock<Users>,
    board: Mutex<Board>,
    /// How many items to ask for at once, as far as the service gives as many.
    page_size: AtomicU64,
}

/// What a page may hold at least is not published; a larger one than this may be refused.
const SURE_PAGE: u64 = 100;

/// Where a walk through a list stands.
pub struct Walk {
    pub page: u64,
    pub page_size: u64,
    /// Items so far.
    come: u64,
}

impl Walk {
    pub fn new(page_size: u64) -> Self {
        Self { page: 1, page_size, come: 0 }
    }

    /// Goes on to the next page; `false` if `page` was the last one.
    pub fn goes_on(&mut self, page: &wire::Page) -> bool {
        let items = page.items.as_ref().map_or(0, |items| items.len() as u64);
        self.come += items;
        let total = page.total_items.as_ref().and_then(|text| text.parse::<u64>().ok());
        // A total that is missing or wrong must not hide a full page's successor.
        let given = page.page_size.as_ref().and_then(|text| text.parse::<u64>().ok()).filter(|size| *size > 0);
        let full = items >= given.unwrap_or(self.page_size).min(self.page_size);
        let more = total.map_or(full, |total| self.come < total);
        self.page += 1;
        items > 0 && more && self.page <= MOST_PAGES
    }
}

impl Shared {
    pub fn new(
        (account, plan): (AccountId, NumberPlan),
        options: Options,
        client: Client,
        proof: Proof,
        (now, seed): (fn() -> Timestamp, u64),
    ) -> Self {
        let (users, board, page_size) = (RwLock::default(), Mutex::default(), AtomicU64::new(options.page_size));
        Self {
            account,
            plan,
            options,
            client,
            oddities: Oddities::default(),
            now,
            seed,
            proof,
            users,
            board,
            page_size,
        }
    }

    /// All users of the cloud PBX as extensions; entries that cannot be read are counted as oddities.
    ///
    /// # Errors
    /// What the road ended with.
    pub async fn extensions(&self) -> Result<Vec<Extension>, TransportError> {
        let mut walk = self.walk();
        let mut all = Users::default();
        loop {
            let body = wire::Users { page: walk.page, page_size: walk.page_size };
            let page: wire::Page = match self.client.read(USERS, &body).await {
                Err(error) if self.smaller_pages(&error, &mut walk) => continue,
                page => page?,
            };
            for raw in items(&page)? {
                let user =
                    self.read::<wire::User<'_>>("users", raw.get()).and_then(|it| users::user(&it, &self.oddities));
                user.into_iter().for_each(|user| all.add(user));
            }
            if !walk.goes_on(&page) {
                break;
            }
        }
        all.listed = walk.come;
        let extensions = all.extensions();
        *self.users.write().unwrap_or_else(PoisonError::into_inner) = all;
        Ok(extensions)
    }

    /// Starts at the first page of a list.
    pub fn walk(&self) -> Walk {
        Walk::new(self.page_size.load(Ordering::Relaxed))
    }

    /// Whether the walk has to begin anew with smaller pages, since the service refuses such large ones.
    pub fn smaller_pages(&self, error: &TransportError, walk: &mut Walk) -> bool {
        let refused = matches!(error, TransportError::Status { status: 400, body_excerpt, .. }
            if body_excerpt.contains("page_size"));
        let smaller = refused && walk.page_size > SURE_PAGE;
        if smaller {
            self.page_size.store(SURE_PAGE, Ordering::Relaxed);
            *walk = Walk::new(SURE_PAGE);
        }
        smaller
    }

    /// Whether the list has grown or shrunk since it was read, by one small question. A service that does not say how
    /// many there are may have changed.
    ///
    /// # Errors
    /// What the road ended with.
    pub async fn users_changed(&self) -> Result<bool, TransportError> {
        let page: wire::Page = self.client.read(USERS, &wire::Users { page: 1, page_size: 1 }).await?;
        items(&page)?;
        let total = page.total_items.and_then(|text| text.parse::<u64>().ok());
        Ok(total.is_none_or(|total| self.users(|users| users.listed != total)))
    }

    /// The user at an extension, read anew if it is not among those that are known.
    ///
    /// # Errors
    /// What the road ended with.
    pub async fn user(&self, extension: &ExtensionId) -> Result<Option<User>, TransportError> {
        if let Some(user) = self.users(|users| users.at(extension).cloned()) {
            return Ok(Some(user));
        }
        self.extensions().await?;
        Ok(self.users(|users| users.at(extension).cloned()))
    }

    /// Whose telephone a number of the account, or a user by any of their names, is.
    pub fn extension_of(&self, called: &str) -> Option<ExtensionId> {
        let configured = self.options.numbers.get(&digits(called));
        configured.cloned().or_else(|| self.users(|users| users.named(called)))
    }

    pub fn is_extension(&self, digits: &str) -> bool {
        self.users(|users| users.at(&ExtensionId::new(digits)).is_some())
    }

    pub fn knows_users(&self) -> bool {
        self.users(|users| !users.is_empty())
    }

    /// The calls that posts tell of.
    pub fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads JSON, or counts it among what was not understood.
    pub fn read<'j, T: Deserialize<'j>>(&self, place: &str, json: &'j str) -> Option<T> {
        let read = serde_json::from_str(json);
        if read.is_err() {
            self.oddities.payload(place, json);
        }
        read.ok()
    }

    /// Dice of its own for each part, so that two of them never wait alike.
    pub fn dice(&self, part: u64) -> StdRng {
        StdRng::seed_from_u64(self.seed.wrapping_add(part.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    fn users<T>(&self, look: impl FnOnce(&Users) -> T) -> T {
        look(&self.users.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The items of a page. Without any it is a list only if it says that there is nothing in it.
///
/// # Errors
/// `NotJson` for an answer that is no list.
pub fn items(page: &wire::Page) -> Result<&[Box<serde_json::value::RawValue>], TransportError> {
    match &page.items {
        Some(items) => Ok(items),
        None if page.total_items.as_deref() == Some("0") => Ok(&[]),
        None => Err(TransportError::NotJson { line: 1, column: 1, problem: "it has no items".into() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(json: &str) -> wire::Page {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_walk_ends_with_the_last_item_whatever_the_service_says_of_pages() {
        for (pages, turned) in [
            (vec![r#"{"items":[1,2],"total_items":3}"#, r#"{"items":[3],"total_items":"3"}"#], 2),
            // The service gives fewer at once than it was asked for.
            (
                vec![
                    r#"{"items":[1],"page_size":1,"total_items":2}"#,
                    r#"{"items":[2],"page_size":1,"total_items":2}"#,
                ],
                2,
            ),
            (vec![r#"{"items":[1,2]}"#, r#"{"items":[3]}"#], 2),
            (vec![r#"{"items":[1,2],"total_items":"many"}"#, r#"{"items":[]}"#], 2),
            (vec![r#"{"items":[],"total_items":500}"#], 1),
            (vec![r#"{"total_items":0}"#], 1),
        ] {
            let mut walk = Walk::new(2);
            let count = pages.iter().take_while(|json| walk.goes_on(&page(json))).count() + 1;
            assert_eq!(count, turned, "{pages:?}");
        }
    }

    #[test]
    fn a_list_that_never_ends_is_given_up() {
        let mut walk = Walk::new(1);
        let endless = page(r#"{"items":[1],"total_items":18446744073709551615}"#);
        let turned = (0..MOST_PAGES * 2).take_while(|_| walk.goes_on(&endless)).count();
        assert!(turned < 10_001, "{turned}");
    }

    #[test]
    fn an_answer_without_items_is_no_empty_list() {
        assert_eq!(items(&page(r#"{"total_items":0}"#)).unwrap().len(), 0);
        assert!(items(&page(r#"{"total_items":7}"#)).is_err());
        assert!(items(&page("{}")).is_err());
    }
}

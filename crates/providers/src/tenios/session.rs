//! What all parts of one TENIOS account share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use rand::SeedableRng;
use rand::rngs::StdRng;
use ringside_domain::{AccountId, Extension, ExtensionId, NumberPlan, Party, Timestamp};
use ringside_transport::TransportError;
use serde::Deserialize;

use super::board::Board;
use super::client::{Client, USERS};
use super::options::{Options, digits};
use super::proof::Proof;
use super::users::{User, Users};
use super::walk::{Walk, items};
use super::{users, wire};
use crate::account::Oddities;

/// What a page may hold at least is not published; a larger one than this may be refused.
const SURE_PAGE: u64 = 100;

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
    pub users: RwLock<Users>,
    /// The calls that posts tell of.
    pub board: Mutex<Board>,
    /// How many items to ask for at once, as far as the service gives as many.
    pub page_size: AtomicU64,
}

impl Shared {
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
        all.listed = walk.come();
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
        let numbers = &self.options.numbers;
        let known = numbers.get(&digits(called)).cloned().or_else(|| self.users(|users| users.named(called)));
        if known.is_some() || numbers.is_empty() || called.starts_with('+') {
            return known;
        }
        // A number in its national form.
        match Party::from_caller_text(called, &self.plan, &|_| false) {
            Party::Number(number) => numbers.get(number.digits()).cloned(),
            _ => None,
        }
    }

    pub fn is_extension(&self, digits: &str) -> bool {
        self.users(|users| users.at(&ExtensionId::new(digits)).is_some())
    }

    pub fn knows_users(&self) -> bool {
        self.users(|users| !users.is_empty())
    }

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

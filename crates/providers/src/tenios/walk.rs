//! Lists by the page.

use ringside_transport::TransportError;
use serde_json::value::RawValue;

use super::wire;

/// A service that turns pages without end is stopped.
const MOST_PAGES: u64 = 10_000;

/// Where a walk through a list stands.
pub struct Walk {
    pub page: u64,
    pub page_size: u64,
    come: u64,
}

impl Walk {
    pub fn new(page_size: u64) -> Self {
        Self { page: 1, page_size, come: 0 }
    }

    /// How many items have come so far.
    pub fn come(&self) -> u64 {
        self.come
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

/// The items of a page. Without any it is a list only if it says that there is nothing in it.
///
/// # Errors
/// `NotJson` for an answer that is no list.
pub fn items(page: &wire::Page) -> Result<&[Box<RawValue>], TransportError> {
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

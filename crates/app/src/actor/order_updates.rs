//! What a service says unasked of an order for a number.

use ringside_api::view::NoticeLevel;
use ringside_domain::{AccountId, OrderState, OrderUpdate, Problem};

use super::Actor;

impl Actor {
    pub(super) fn order_updated(&mut self, account: &AccountId, update: &OrderUpdate) {
        let OrderUpdate { order, state, numbers } = update;
        let (code, level, message) = match state {
            OrderState::Completed if numbers.is_empty() => {
                ("order_completed", NoticeLevel::Info, format!("{account}: an order of a number is done ({order})"))
            }
            OrderState::Completed => {
                let numbers: Vec<&str> = numbers.iter().map(|number| number.as_str()).collect();
                ("order_completed", NoticeLevel::Info, format!("{account}: an order is done: {}", numbers.join(", ")))
            }
            OrderState::Failed => {
                ("order_failed", NoticeLevel::Warning, format!("{account}: an order of a number failed ({order})"))
            }
            OrderState::Other(word) => {
                ("order_news", NoticeLevel::Info, format!("{account}: an order of a number is at `{word}` ({order})"))
            }
        };
        let problem = Problem::new(code, message, "The service's portal shows the order.");
        self.notice(&format!("order.{account}.{order}"), level, &problem);
    }
}

//! The accounts' own numbers, and whose the extensions are. Numbers are asked for anew each time and not kept.

use std::sync::Arc;

use ringside_api::view::{AccountNumbers, ExtensionView};
use ringside_api::{ApiError, Reply};
use ringside_domain::{AccountId, Capability};
use ringside_telephony::Provider;
use tokio::task::JoinSet;

use super::accounts::no_account;
use super::inner::ReplyTo;
use super::{Actor, answer, refuse};
use crate::view::own_number;

impl Actor {
    pub(super) fn extensions(&self) -> Reply {
        let mut extensions: Vec<_> = self
            .engine
            .lines()
            .map(|line| {
                let text = |label: &ringside_domain::Label| label.as_str().to_owned();
                let extension = &line.extension;
                ExtensionView {
                    account: line.id.account.to_string(),
                    extension: line.id.extension.to_string(),
                    name: text(&extension.name),
                    email: extension.email.as_ref().map(text),
                    group: extension.group.as_ref().map(text).or_else(|| self.group_of(&line.id)),
                }
            })
            .collect();
        extensions.sort_by(|a, b| (&a.account, &a.extension).cmp(&(&b.account, &b.extension)));
        Reply::Extensions { extensions }
    }

    /// All accounts that have numbers at once: a slow one holds up no answer but the whole, and a failure is told as that
    /// account's own.
    pub(super) fn numbers(&self, account: Option<&str>, reply: ReplyTo) {
        let ids: Vec<AccountId> = match account {
            Some(id) if !self.accounts.contains_key(&AccountId::new(id)) => {
                return answer(reply, Err(no_account(id)));
            }
            Some(id) => vec![AccountId::new(id)],
            None => self.accounts.keys().cloned().collect(),
        };
        let has_numbers = |id: &AccountId| {
            let view = self.account_view(id);
            let has = |of| view.as_ref().is_some_and(|view| view.capabilities.contains(&of));
            has(Capability::Numbers) || has(Capability::NumberOrders)
        };
        let able: Vec<_> = ids.into_iter().filter(has_numbers).collect();
        if let (Some(id), true) = (account, able.is_empty()) {
            let message = format!("the account `{id}` has no numbers to list or to order");
            return answer(reply, Err(refuse("unsupported", message, "Choose an account that has them.")));
        }
        let asked: Vec<_> =
            able.into_iter().map(|id| (self.accounts.get(&id).and_then(|it| it.provider.clone()), id)).collect();
        self.later(reply, async move {
            let mut asking = JoinSet::new();
            for (provider, id) in asked {
                asking.spawn(ask(provider, id));
            }
            let mut accounts = asking.join_all().await;
            accounts.sort_by(|a, b| a.account.cmp(&b.account));
            Ok(Reply::Numbers { accounts })
        });
    }
}

async fn ask(provider: Option<Arc<dyn Provider>>, id: AccountId) -> AccountNumbers {
    let Some(provider) = provider else {
        let offline = refuse("offline", "the account is not connected", "Connect it under Accounts, then try again.");
        return none(&id, Some(offline));
    };
    let orders = provider.number_orders();
    let listed = match provider.numbers() {
        Some(numbers) => numbers.list().await,
        None => Ok(Vec::new()),
    };
    let (numbers, problem) = match &listed {
        Ok(list) => (list.iter().map(|it| own_number::number(&id, it)).collect(), None),
        Err(error) => (Vec::new(), Some(error.problem().into())),
    };
    AccountNumbers {
        numbers,
        orders: orders.is_some(),
        document_kinds: orders
            .map(|it| it.document_kinds().iter().map(|&kind| kind.to_owned()).collect())
            .unwrap_or_default(),
        ..none(&id, problem)
    }
}

fn none(id: &AccountId, problem: Option<ApiError>) -> AccountNumbers {
    AccountNumbers { account: id.to_string(), numbers: Vec::new(), problem, orders: false, document_kinds: Vec::new() }
}

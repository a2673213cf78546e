//! Carrying out one step of a job beside the actor: written, sent once, and what came of it written again.

use std::sync::Arc;
use std::time::Duration;

use ringside_api::ApiError;
use ringside_domain::{AccountId, Label, OrderUpdate, Problem, Timestamp};
use ringside_store::{JobId, JobStage, NumberJob, OrderTold, Store, StoreError};
use ringside_telephony::ProviderError;
use tokio::sync::mpsc;

use super::steps;
use crate::actor::answer;
use crate::actor::inner::{Inner, ReplyTo};
use crate::clock::Clock;

/// How long to wait before something is written again that the disk refused.
const AGAIN: Duration = Duration::from_secs(5);

pub(super) type Answer = Result<Label, ProviderError>;

/// What the tasks need of the actor.
#[derive(Clone)]
pub(in crate::actor) struct Errand {
    pub store: Store,
    pub inner: mpsc::Sender<Inner>,
    pub clock: Arc<dyn Clock>,
}

impl Errand {
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Changes a job and tells it to all, then to the one who asked.
    pub async fn change(
        &self,
        id: JobId,
        reply: ReplyTo,
        change: impl FnOnce(&mut NumberJob, Timestamp) -> Result<(), ApiError> + Send,
    ) {
        let at = self.now();
        match self.store.change_job(id, |job| change(job, at)).await {
            Ok(Ok(job)) => self.tell(job, Some(reply)).await,
            Ok(Err(refused)) => answer(reply, Err(refused)),
            Err(error) => answer(reply, Err(error.problem().into())),
        }
    }

    /// Writes what the service answered. A disk that refuses is tried again for as long as that may help: the answer is
    /// not to be had a second time.
    pub async fn conclude(
        &self,
        id: JobId,
        reply: ReplyTo,
        answered: &Answer,
        step: fn(&mut NumberJob, &Answer, Timestamp),
    ) {
        let at = self.now();
        let mut reply = Some(reply);
        loop {
            let written = self.store.change_job(id, |job| {
                step(job, answered, at);
                Ok::<(), ApiError>(())
            });
            let error = match written.await {
                Ok(Ok(job)) => return self.tell(job, reply).await,
                Ok(Err(refused)) => return reply.into_iter().for_each(|reply| answer(reply, Err(refused.clone()))),
                Err(error) => error,
            };
            let problem = unwritten(answered, &error);
            if let Some(reply) = reply.take() {
                answer(reply, Err((&problem).into()));
                // An actor that is gone tells nobody.
                let _ = self.inner.send(Inner::NumberJobTrouble { id: id.0, problem }).await;
            }
            if !may_pass(&error) {
                return;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Takes the service's word into its order's job, or keeps it for one, and tells the user. A disk that refuses is
    /// tried again for as long as that may help: nobody knows whether the service says it a second time.
    pub async fn tell_order(&self, account: AccountId, update: OrderUpdate) {
        let told = loop {
            let told = self.write_order(&account, &update).await;
            match &told {
                Err(error) if may_pass(error) => tokio::time::sleep(AGAIN).await,
                _ => break told,
            }
        };
        self.order_told(account, update, told).await;
    }

    /// The word is on disk when this returns.
    pub async fn write_order(&self, account: &AccountId, update: &OrderUpdate) -> Result<OrderTold, StoreError> {
        let at = self.now();
        self.store.tell_order(account, update, at, |job| steps::told(job, update, at)).await
    }

    /// Tells what became of the word, unless its own order may just be on its way: then nobody has to be told.
    pub async fn order_told(&self, account: AccountId, update: OrderUpdate, told: Result<OrderTold, StoreError>) {
        let awaited = match &told {
            Ok(OrderTold::Kept) => self
                .store
                .number_jobs()
                .await
                .is_ok_and(|jobs| jobs.iter().any(|job| job.account == account && job.stage == JobStage::Ordering)),
            Ok(OrderTold::Changed(_) | OrderTold::Known) | Err(_) => false,
        };
        if !awaited {
            // An actor that is gone tells nobody.
            let _ = self.inner.send(Inner::OrderTold { account, update, told }).await;
        }
    }

    pub async fn tell(&self, job: NumberJob, reply: Option<ReplyTo>) {
        let ordered = job.clone();
        // An actor that is gone tells nobody.
        let _ = self.inner.send(Inner::NumberJob { job: Box::new(job), reply }).await;
        self.tell_words_of(&ordered).await;
    }

    /// What came before the order's own answer, or came just before the program ended, waits for it.
    pub async fn tell_words_of(&self, job: &NumberJob) {
        if job.stage != JobStage::Ordered || job.order.is_empty() {
            return;
        }
        let words = self.store.order_words(&job.account, &job.order).await.unwrap_or_else(|error| {
            tracing::warn!(code = error.code(), "the words that came before an order were not read");
            Vec::new()
        });
        for update in words {
            // An actor that is gone tells nobody.
            let _ = self.inner.send(Inner::OrderUpdate { account: job.account.clone(), update }).await;
        }
    }
}

fn may_pass(error: &StoreError) -> bool {
    error.is_full() || error.is_transient()
}

fn unwritten(answered: &Answer, error: &StoreError) -> Problem {
    let said = match answered {
        Ok(id) if id.is_empty() => "accepted".to_owned(),
        Ok(id) => format!("accepted as {}", id.as_str()),
        Err(error) => error.to_string(),
    };
    Problem::new(
        "number_job_unwritten",
        format!("Ringside could not save the service's answer ({said}): {error}"),
        "Note it, free some disk space, then record it under Numbers.",
    )
}

#[cfg(test)]
#[path = "errand_tests.rs"]
mod tests;

//! What services say of orders unasked, and what the user is told of it.

use ringside_api::view::NoticeLevel;
use ringside_domain::{AccountId, Label, OrderState, OrderUpdate, Problem};
use ringside_store::{JobStage, NumberJob, OrderTold, StoreError};

use crate::actor::Actor;

/// Errands at once; each waits for the disk at most, or for a service's answer.
const MOST_ERRANDS: usize = 64;

/// The notice about one job.
pub(super) fn topic(job: i64) -> String {
    format!("number_job.{job}")
}

impl Actor {
    /// A service says what became of an order, perhaps before its own answer, perhaps twice. While the disk refuses, it
    /// may say so again and again.
    pub(in crate::actor) fn order_updated(&mut self, account: AccountId, update: OrderUpdate) {
        if self.number_errands.len() >= MOST_ERRANDS {
            return;
        }
        let errand = self.errand();
        self.number_errands.spawn(async move { errand.tell_order(account, update).await });
    }

    pub(in crate::actor) fn order_told(
        &mut self,
        account: &AccountId,
        update: &OrderUpdate,
        told: Result<OrderTold, StoreError>,
    ) {
        let order = update.order.as_str();
        match told {
            Ok(OrderTold::Changed(job)) => {
                self.number_job_changed(&job, None);
                let (level, problem) = news(&job);
                self.notice(&topic(job.id.0), level, &problem);
            }
            Ok(OrderTold::Known) => {}
            Ok(OrderTold::Kept) => {
                let problem = Problem::new(
                    "order_unknown",
                    format!(
                        "The service of `{account}` reported order {order}, which Ringside doesn't know: {}",
                        word(update)
                    ),
                    "If it is yours, record the outcome under Numbers with that ID.",
                );
                self.notice(&format!("order.{account}.{order}"), NoticeLevel::Warning, &problem);
            }
            Err(error) => {
                let problem = Problem::new(
                    "number_job_unwritten",
                    format!(
                        "Ringside could not save what `{account}` reported of order {order} ({}): {error}",
                        word(update)
                    ),
                    "Note it, free some disk space, then record it under Numbers.",
                );
                self.notice(&format!("order.{account}.{order}"), NoticeLevel::Error, &problem);
            }
        }
    }

    /// An answer that could not be written.
    pub(in crate::actor) fn number_job_trouble(&mut self, id: i64, problem: &Problem) {
        self.notice(&topic(id), NoticeLevel::Error, problem);
    }

    /// Jobs that an earlier run left without an answer.
    pub(in crate::actor) fn unconfirmed_jobs(&mut self, jobs: &[NumberJob]) {
        for job in jobs {
            let problem = Problem::new(
                "number_job_unconfirmed",
                format!("The answer to a request about numbers was lost ({})", job.subject.as_str()),
                "Check the service's portal, then record the outcome under Numbers. Ringside repeats nothing.",
            );
            self.notice(&topic(job.id.0), NoticeLevel::Warning, &problem);
        }
    }
}

fn news(job: &NumberJob) -> (NoticeLevel, Problem) {
    let subject = job.subject.as_str();
    match (job.stage, &job.problem) {
        (JobStage::Completed, _) => {
            let numbers = listed(&job.brought);
            let hint = "Set where it rings in the service's portal. Calls may take a day to arrive.";
            (
                NoticeLevel::Info,
                Problem::new("number_came", format!("Your new number is active: {numbers} ({subject})"), hint),
            )
        }
        (_, Some(problem)) => {
            let message = format!("{} ({subject})", problem.message);
            (NoticeLevel::Warning, Problem::new("number_order", message, problem.hint.clone()))
        }
        (_, None) => {
            let message = format!("An order has changed ({subject})");
            (NoticeLevel::Info, Problem::new("number_order", message, "Check it under Numbers."))
        }
    }
}

fn word(update: &OrderUpdate) -> String {
    match &update.state {
        OrderState::Completed => format!("done {}", listed(&update.numbers)).trim_end().to_owned(),
        OrderState::Failed => "failed".to_owned(),
        OrderState::Other(word) => word.as_str().to_owned(),
    }
}

fn listed(numbers: &[Label]) -> String {
    numbers.iter().map(Label::as_str).collect::<Vec<_>>().join(", ")
}

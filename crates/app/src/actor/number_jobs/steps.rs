//! What may follow what in an undertaking with numbers. Pure: the store runs each of these as one transaction.

use ringside_api::ApiError;
use ringside_domain::{Label, OrderState, OrderUpdate, PhoneNumber, Problem, Timestamp};
use ringside_store::{JobProblem, JobStage, NumberJob};
use ringside_telephony::ProviderError;

use crate::actor::refuse;

/// What is to be told of a job whose request left and whose answer is not known.
pub(super) fn unconfirmed(message: &'static str) -> Problem {
    Problem::new(
        "unconfirmed",
        message,
        "Check the service's portal, then record the outcome here. Ringside repeats nothing.",
    )
}

/// The answer to the address. An answer that is certain holds whatever was thought meanwhile.
pub(super) fn verified(job: &mut NumberJob, answer: &Result<Label, ProviderError>, at: Timestamp) {
    let awaited = matches!(job.stage, JobStage::Verifying | JobStage::VerifyUnconfirmed);
    match answer {
        Ok(id) if !id.is_empty() => {
            job.verification = id.clone();
            if awaited {
                to(job, JobStage::Verified, None, at);
            }
        }
        Ok(_) | Err(ProviderError::Unconfirmed) if awaited => {
            let problem = unconfirmed("No answer came: the address may or may not have been submitted");
            to(job, JobStage::VerifyUnconfirmed, Some(&problem), at);
        }
        Err(error) if awaited => to(job, JobStage::Failed, Some(&error.problem()), at),
        Ok(_) | Err(_) => {}
    }
}

/// # Errors
/// When the address of this job is not approved yet, or its order was sent already.
pub(super) fn order(
    job: &mut NumberJob,
    link_to: Option<PhoneNumber>,
    push: bool,
    at: Timestamp,
) -> Result<(), ApiError> {
    if job.stage != JobStage::Verified {
        return Err(out_of_turn("Submit the address first. Each address orders one number."));
    }
    job.link_to = link_to;
    job.push = push;
    to(job, JobStage::Ordering, None, at);
    Ok(())
}

/// The answer to the order. What was refused can be ordered again later: people at the service approve an address first.
pub(super) fn ordered(job: &mut NumberJob, answer: &Result<Label, ProviderError>, at: Timestamp) {
    let awaited = matches!(job.stage, JobStage::Ordering | JobStage::OrderUnconfirmed);
    match answer {
        Ok(id) if !id.is_empty() => {
            job.order = id.clone();
            if awaited {
                to(job, JobStage::Ordered, None, at);
            }
        }
        Ok(_) | Err(ProviderError::Unconfirmed) if awaited => {
            let problem = unconfirmed("No answer came: the number may or may not have been ordered");
            to(job, JobStage::OrderUnconfirmed, Some(&problem), at);
        }
        Err(error) if awaited => to(job, JobStage::Verified, Some(&error.problem()), at),
        Ok(_) | Err(_) => {}
    }
}

/// The answer to the cancellation; the label is the day the number ends, and may be empty.
pub(super) fn cancelled(job: &mut NumberJob, answer: &Result<Label, ProviderError>, at: Timestamp) {
    if !matches!(job.stage, JobStage::Cancelling | JobStage::CancelUnconfirmed) {
        return;
    }
    match answer {
        Ok(day) => {
            job.brought = some(day);
            to(job, JobStage::Cancelled, None, at);
        }
        Err(ProviderError::Unconfirmed) => {
            let problem = unconfirmed("No answer came: the number may or may not have been given back");
            to(job, JobStage::CancelUnconfirmed, Some(&problem), at);
        }
        Err(error) => to(job, JobStage::Failed, Some(&error.problem()), at),
    }
}

/// What somebody saw in the portal of a step whose answer was lost.
///
/// # Errors
/// When no answer was lost, or the service's id of an address that was taken is missing.
pub(super) fn settle(job: &mut NumberJob, taken: bool, reference: &Label, at: Timestamp) -> Result<(), ApiError> {
    let stage = match (job.stage, taken) {
        (JobStage::VerifyUnconfirmed, true) if reference.is_empty() => {
            let hint = "Copy the address's ID from the service's portal.";
            return Err(refuse("bad_request", "the address needs the service's ID", hint));
        }
        (JobStage::VerifyUnconfirmed, true) => {
            job.verification = reference.clone();
            JobStage::Verified
        }
        (JobStage::OrderUnconfirmed, true) => {
            job.order = reference.clone();
            JobStage::Ordered
        }
        (JobStage::CancelUnconfirmed, true) => {
            job.brought = some(reference);
            JobStage::Cancelled
        }
        (JobStage::OrderUnconfirmed, false) => JobStage::Verified,
        (JobStage::VerifyUnconfirmed | JobStage::CancelUnconfirmed, false) => JobStage::Failed,
        _ => return Err(out_of_turn("Only a lost answer can be recorded by hand.")),
    };
    let problem = (stage == JobStage::Failed)
        .then(|| Problem::new("not_taken", "The service rejected it", "Request it again if you still want it."));
    to(job, stage, problem.as_ref(), at);
    Ok(())
}

/// # Errors
/// When nothing is awaited.
pub(super) fn arrived(job: &mut NumberJob, number: &PhoneNumber, at: Timestamp) -> Result<(), ApiError> {
    if !matches!(job.stage, JobStage::Ordered | JobStage::OrderUnconfirmed) {
        return Err(out_of_turn("Order the number first."));
    }
    job.brought = vec![Label::new(number.e164())];
    to(job, JobStage::Completed, None, at);
    Ok(())
}

/// # Errors
/// While a request is under way.
pub(super) fn dropped(job: &mut NumberJob, at: Timestamp) -> Result<(), ApiError> {
    if matches!(job.stage, JobStage::Verifying | JobStage::Ordering | JobStage::Cancelling) {
        return Err(out_of_turn("Wait for the answer, then close it."));
    }
    if job.stage != JobStage::Dropped {
        job.stage = JobStage::Dropped;
        job.at = at;
    }
    Ok(())
}

/// The service's word of an order; `false` where it is nothing new. A number that came is there, whatever was thought of
/// its job; that one failed holds only as long as it is awaited.
pub(super) fn told(job: &mut NumberJob, update: &OrderUpdate, at: Timestamp) -> bool {
    match &update.state {
        OrderState::Completed => {
            let newer: Vec<_> = update.numbers.iter().filter(|it| !job.brought.contains(it)).cloned().collect();
            let done = job.stage == JobStage::Completed;
            if done && newer.is_empty() {
                return false;
            }
            job.brought.extend(newer);
            let since = if done { job.at } else { at };
            to(job, JobStage::Completed, None, since);
            true
        }
        OrderState::Failed if job.stage == JobStage::Ordered => {
            let hint = "Ask the service why. To order again, submit a new address.";
            to(
                job,
                JobStage::Failed,
                Some(&Problem::new("order_failed", "The service says the order failed", hint)),
                at,
            );
            true
        }
        OrderState::Other(word) if job.stage == JobStage::Ordered => {
            let message = format!("Unknown status from the service: {}", word.as_str());
            let hint = "Check the service's portal.";
            let problem = JobProblem::from(&Problem::new("order_word", message, hint));
            let news = job.problem.as_ref() != Some(&problem);
            job.problem = Some(problem);
            news
        }
        OrderState::Failed | OrderState::Other(_) => false,
    }
}

fn to(job: &mut NumberJob, stage: JobStage, problem: Option<&Problem>, at: Timestamp) {
    job.stage = stage;
    job.at = at;
    job.problem = problem.map(Into::into);
}

fn some(label: &Label) -> Vec<Label> {
    Some(label).filter(|label| !label.is_empty()).cloned().into_iter().collect()
}

fn out_of_turn(hint: &'static str) -> ApiError {
    refuse("out_of_turn", "this step isn't possible now", hint)
}

#[cfg(test)]
#[path = "steps_tests.rs"]
mod tests;

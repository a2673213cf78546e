//! Undertakings with numbers: an address is handed in, people approve it, a number is ordered, and one day it comes.
//! Each costs money or binds somebody, takes days, and survives a restart. A step is written before its request leaves;
//! without that nothing is sent, and what was sent is never sent again by itself.

mod errand;
mod steps;
mod told;

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ringside_api::view::{AddressDraft, NumberJobView};
use ringside_api::{ApiError, ApiEvent, Reply};
use ringside_domain::{AccountId, Label, NumberPlan, Party, PhoneNumber, Problem, number};
use ringside_store::{Begun, JobId, JobKind, JobStage, NewJob, NumberJob};
use ringside_telephony::{OrderRequest, Provider, ProviderError, Verification};

use super::inner::ReplyTo;
use super::{Actor, answer, refuse};
use crate::view::own_number;
pub(super) use errand::Errand;

/// A larger document is not even decoded; each service has its own, smaller limit.
const LARGEST_DOCUMENT: usize = 20 << 20;

/// How long closing waits for answers that are still to come.
pub(super) const PATIENCE_AT_END: Duration = Duration::from_secs(3);

const CANNOT: &str = "cannot order numbers or give them back";

/// What is told of a request that was under way when the program ended.
pub(super) fn interrupted() -> Problem {
    steps::unconfirmed("Ringside ended before an answer came: it may or may not have been accepted")
}

impl Actor {
    pub(super) fn number_jobs(&self, reply: ReplyTo) {
        let (store, inner) = (self.store.clone(), self.inner.clone());
        tokio::spawn(async move {
            match store.number_jobs().await {
                Ok(jobs) => {
                    // An actor that is gone answers nobody.
                    let _ = inner.send(super::inner::Inner::NumberJobs { jobs, reply }).await;
                }
                Err(error) => answer(reply, Err(error.problem().into())),
            }
        });
    }

    pub(super) fn number_jobs_read(&self, jobs: &[NumberJob], reply: ReplyTo) {
        let jobs = jobs.iter().map(|job| self.number_job_view(job)).collect();
        answer(reply, Ok(Reply::NumberJobs { jobs }));
    }

    /// The reply comes with the service's answer; that it is under way is told to all before.
    pub(super) fn verify_address(&self, intent: String, account: &str, address: AddressDraft, reply: ReplyTo) {
        let account = AccountId::new(account);
        let provider = match self.orders_of(&account, &intent) {
            Ok(provider) => provider,
            Err(error) => return answer(reply, Err(error)),
        };
        let errand = self.errand();
        let by = Label::new(&self.user);
        self.number_errands.spawn(async move {
            let new = NewJob {
                intent,
                account,
                kind: JobKind::Order,
                subject: Label::new(&format!("{}, {} {}", address.area_code, address.zip, address.city)),
                document_name: Label::new(file_name(&address.document_name)),
                by,
            };
            let verification = match verification(address) {
                Ok(verification) => verification,
                Err(error) => return answer(reply, Err(error)),
            };
            let Some((job, reply)) = begin(&errand, &new, reply).await else { return };
            let answered = match provider.number_orders() {
                Some(orders) => orders.verify(&verification).await,
                None => Err(ProviderError::Stopped),
            };
            // It is needed no more.
            drop(verification);
            errand.conclude(job.id, reply, &answered, steps::verified).await;
        });
    }

    pub(super) fn order_number(&self, id: i64, link_to: Option<&str>, reply: ReplyTo) {
        let link_to = match link_to.filter(|text| !text.trim().is_empty()) {
            Some(text) => match phone_number(text, &self.own_plan()) {
                Ok(number) => Some(number),
                Err(error) => return answer(reply, Err(error)),
            },
            None => None,
        };
        // Whose job it is, only the store knows.
        let mut doors: BTreeMap<AccountId, _> = BTreeMap::new();
        for (id, account) in &self.accounts {
            let orders = account.provider.clone().filter(|provider| provider.number_orders().is_some());
            if let Some(provider) = orders {
                doors.insert(id.clone(), (provider, self.push_address(id)));
            }
        }
        let errand = self.errand();
        self.number_errands.spawn(async move {
            let job = match errand.store.number_job(JobId(id)).await {
                Ok(job) => job,
                Err(error) => return answer(reply, Err(error.problem().into())),
            };
            let Some((provider, push)) = doors.remove(&job.account) else {
                let message = format!("the account `{}` is not connected", job.account);
                return answer(reply, Err(refuse("offline", message, "Connect it under Accounts, then try again.")));
            };
            let at = errand.now();
            let pushes = push.is_some();
            let change = errand.store.change_job(job.id, |job| steps::order(job, link_to, pushes, at));
            let job = match change.await {
                Ok(Ok(job)) => job,
                Ok(Err(refused)) => return answer(reply, Err(refused)),
                Err(error) => return answer(reply, Err(error.problem().into())),
            };
            errand.tell(job.clone(), None).await;
            let request = OrderRequest { verification: job.verification.clone(), link_to: job.link_to.clone(), push };
            let answered = match provider.number_orders() {
                Some(orders) => orders.order(&request).await,
                None => Err(ProviderError::Stopped),
            };
            errand.conclude(job.id, reply, &answered, steps::ordered).await;
        });
    }

    pub(super) fn cancel_number(&self, intent: String, account: &str, number: &str, reply: ReplyTo) {
        let account = AccountId::new(account);
        let ready = self.orders_of(&account, &intent).and_then(|provider| {
            let number = phone_number(number, &self.plan(&account))?;
            Ok((provider, number))
        });
        let (provider, number) = match ready {
            Ok(ready) => ready,
            Err(error) => return answer(reply, Err(error)),
        };
        let new = NewJob {
            intent,
            account,
            kind: JobKind::Cancel,
            subject: Label::new(&number.international()),
            document_name: Label::default(),
            by: Label::new(&self.user),
        };
        let errand = self.errand();
        self.number_errands.spawn(async move {
            let Some((job, reply)) = begin(&errand, &new, reply).await else { return };
            let answered = match provider.number_orders() {
                Some(orders) => orders.cancel(&number).await,
                None => Err(ProviderError::Stopped),
            };
            errand.conclude(job.id, reply, &answered, steps::cancelled).await;
        });
    }

    pub(super) fn settle_number_job(&mut self, id: i64, taken: bool, reference: &str, reply: ReplyTo) {
        let (errand, reference) = (self.errand(), Label::new(reference));
        tokio::spawn(async move {
            errand.change(JobId(id), reply, |job, at| steps::settle(job, taken, &reference, at)).await;
        });
    }

    pub(super) fn number_arrived(&self, id: i64, number: &str, reply: ReplyTo) {
        let number = match phone_number(number, &self.own_plan()) {
            Ok(number) => number,
            Err(error) => return answer(reply, Err(error)),
        };
        let errand = self.errand();
        tokio::spawn(async move {
            errand.change(JobId(id), reply, |job, at| steps::arrived(job, &number, at)).await;
        });
    }

    pub(super) fn drop_number_job(&self, id: i64, reply: ReplyTo) {
        let errand = self.errand();
        tokio::spawn(async move { errand.change(JobId(id), reply, steps::dropped).await });
    }

    pub(super) fn number_job_changed(&mut self, job: &NumberJob, reply: Option<ReplyTo>) {
        if !job.stage.is_unconfirmed() {
            self.unnotice(&told::topic(job.id.0));
        }
        let job = self.number_job_view(job);
        self.publish(ApiEvent::NumberJob { job: job.clone() });
        if let Some(reply) = reply {
            answer(reply, Ok(Reply::NumberJob { job: Box::new(job) }));
        }
    }

    fn number_job_view(&self, job: &NumberJob) -> NumberJobView {
        let to_be_ordered = matches!(job.stage, JobStage::Verifying | JobStage::VerifyUnconfirmed | JobStage::Verified);
        let push = if to_be_ordered { self.push_address(&job.account).is_some() } else { job.push };
        own_number::job(job, push)
    }

    pub(super) fn errand(&self) -> Errand {
        Errand { store: self.store.clone(), inner: self.inner.clone(), clock: self.clock.clone() }
    }

    fn orders_of(&self, account: &AccountId, intent: &str) -> Result<std::sync::Arc<dyn Provider>, ApiError> {
        if intent.is_empty() || intent.len() > 64 {
            return Err(refuse(
                "bad_request",
                "the request has no usable intent",
                "Give each request its own id, such as a UUID.",
            ));
        }
        self.provider_that(account, CANNOT, |provider| provider.number_orders().is_some())
    }
}

/// Writes the job and tells that it is under way; `None` where the one who asked has the answer already.
async fn begin(errand: &Errand, new: &NewJob, reply: ReplyTo) -> Option<(NumberJob, ReplyTo)> {
    match errand.store.begin_job(new, errand.now()).await {
        Ok(Begun::New(job)) => {
            errand.tell(job.clone(), None).await;
            Some((job, reply))
        }
        Ok(Begun::Already(job)) => {
            errand.tell(job, Some(reply)).await;
            None
        }
        Err(error) => {
            answer(reply, Err(error.problem().into()));
            None
        }
    }
}

/// # Errors
/// For a document that is too large or is none.
fn verification(address: AddressDraft) -> Result<Verification, ApiError> {
    if address.document.len() / 4 * 3 > LARGEST_DOCUMENT {
        let message = format!("the document is larger than {} MB", LARGEST_DOCUMENT >> 20);
        return Err(refuse("document_too_large", message, "Scan it at a lower resolution, or in black and white."));
    }
    let document = BASE64_STANDARD
        .decode(&address.document)
        .map_err(|_| refuse("document_unreadable", "the document did not arrive complete", "Choose the file again."))?;
    Ok(Verification {
        country: address.country,
        city: address.city,
        zip: address.zip,
        street: address.street,
        house_number: address.house_number,
        area_code: address.area_code,
        document_kind: address.document_kind,
        document,
    })
}

/// Of a path the last part: where the file lies on somebody's disk is nobody's business.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

fn phone_number(text: &str, plan: &NumberPlan) -> Result<PhoneNumber, ApiError> {
    let reading = number::read(text, plan, &|_| false).map_err(|error| ApiError {
        code: error.code().to_owned(),
        message: error.message(),
        hint: error.hint().to_owned(),
        ..ApiError::default()
    })?;
    match reading.party {
        Party::Number(number) => Ok(number),
        Party::Extension(_) | Party::Code(_) | Party::Withheld | Party::Unstated => {
            Err(refuse("bad_number", "this is not a public phone number", "Write it as +49 …"))
        }
    }
}

use ringside_domain::AccountId;
use ringside_store::{JobId, JobKind};

use super::*;

const STAGES: [JobStage; 12] = [
    JobStage::Verifying,
    JobStage::Verified,
    JobStage::Ordering,
    JobStage::Ordered,
    JobStage::Completed,
    JobStage::Cancelling,
    JobStage::Cancelled,
    JobStage::VerifyUnconfirmed,
    JobStage::OrderUnconfirmed,
    JobStage::CancelUnconfirmed,
    JobStage::Failed,
    JobStage::Dropped,
];

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_772_352_000 + second).unwrap()
}

fn job(stage: JobStage) -> NumberJob {
    NumberJob {
        id: JobId(1),
        account: AccountId::new("voice"),
        kind: JobKind::Order,
        stage,
        subject: Label::new("221, 50667 Köln"),
        document_name: Label::default(),
        by: Label::new("anna"),
        asked_at: at(0),
        at: at(0),
        verification: Label::default(),
        order: Label::default(),
        link_to: None,
        brought: Vec::new(),
        push: false,
        problem: None,
    }
}

fn word(state: OrderState, numbers: &[&str]) -> OrderUpdate {
    OrderUpdate { order: Label::new("4711"), state, numbers: numbers.iter().map(|it| Label::new(it)).collect() }
}

/// The stages from which `step` goes anywhere, and where.
fn ways(step: impl Fn(&mut NumberJob)) -> Vec<(JobStage, JobStage)> {
    let moved = |stage| {
        let mut job = job(stage);
        step(&mut job);
        (stage, job.stage)
    };
    STAGES.into_iter().map(moved).filter(|(from, to)| from != to).collect()
}

#[test]
fn only_what_was_approved_is_ordered_and_only_once() {
    let way = ways(|job| drop(order(job, None, false, at(1))));
    assert_eq!(way, [(JobStage::Verified, JobStage::Ordering)]);
}

#[test]
fn an_answer_moves_the_step_it_belongs_to_and_a_certain_one_ends_the_doubt() {
    use JobStage::*;
    let id = Ok(Label::new("v-1"));
    assert_eq!(ways(|job| verified(job, &id, at(1))), [(Verifying, Verified), (VerifyUnconfirmed, Verified)]);
    assert_eq!(ways(|job| ordered(job, &id, at(1))), [(Ordering, Ordered), (OrderUnconfirmed, Ordered)]);
    assert_eq!(ways(|job| cancelled(job, &id, at(1))), [(Cancelling, Cancelled), (CancelUnconfirmed, Cancelled)]);
    for lost in [Err(ProviderError::Unconfirmed), Ok(Label::default())] {
        assert_eq!(ways(|job| verified(job, &lost, at(1))), [(Verifying, VerifyUnconfirmed)]);
        assert_eq!(ways(|job| ordered(job, &lost, at(1))), [(Ordering, OrderUnconfirmed)]);
    }
    let refused = Err(ProviderError::Refused { detail: "no".into() });
    assert_eq!(ways(|job| verified(job, &refused, at(1))), [(Verifying, Failed), (VerifyUnconfirmed, Failed)]);
    assert_eq!(ways(|job| ordered(job, &refused, at(1))), [(Ordering, Verified), (OrderUnconfirmed, Verified)]);
    assert_eq!(ways(|job| cancelled(job, &refused, at(1))), [(Cancelling, Failed), (CancelUnconfirmed, Failed)]);
}

#[test]
fn the_id_of_an_order_is_kept_even_if_its_number_came_first() {
    let mut job = job(JobStage::Completed);
    ordered(&mut job, &Ok(Label::new("4711")), at(1));
    assert_eq!((job.stage, job.order.as_str(), job.at), (JobStage::Completed, "4711", at(0)));
}

#[test]
fn only_a_lost_answer_is_settled_by_hand() {
    use JobStage::*;
    let settled = |taken| ways(|job| drop(settle(job, taken, &Label::new("id"), at(1))));
    assert_eq!(
        settled(true),
        [(VerifyUnconfirmed, Verified), (OrderUnconfirmed, Ordered), (CancelUnconfirmed, Cancelled)]
    );
    assert_eq!(
        settled(false),
        [(VerifyUnconfirmed, Failed), (OrderUnconfirmed, Verified), (CancelUnconfirmed, Failed)]
    );
}

#[test]
fn nothing_is_closed_while_a_request_is_under_way() {
    let way = ways(|job| drop(dropped(job, at(1))));
    let kept: Vec<_> = STAGES.into_iter().filter(|stage| way.iter().all(|(from, _)| from != stage)).collect();
    assert_eq!(kept, [JobStage::Verifying, JobStage::Ordering, JobStage::Cancelling, JobStage::Dropped]);
}

#[test]
fn a_number_arrives_where_one_was_ordered() {
    let number = PhoneNumber::from_e164("+492214710000").unwrap();
    let way = ways(|job| drop(arrived(job, &number, at(1))));
    assert_eq!(way, [(JobStage::Ordered, JobStage::Completed), (JobStage::OrderUnconfirmed, JobStage::Completed)]);
}

#[test]
fn the_same_word_twice_is_news_once() {
    let completed = word(OrderState::Completed, &["+492214710000"]);
    let mut ordered = job(JobStage::Ordered);
    assert!(told(&mut ordered, &completed, at(1)));
    assert_eq!((ordered.stage, ordered.at, ordered.brought.len()), (JobStage::Completed, at(1), 1));
    let before = ordered.clone();
    assert!(!told(&mut ordered, &completed, at(2)));
    assert!(!told(&mut ordered, &word(OrderState::Failed, &[]), at(3)));
    assert!(!told(&mut ordered, &word(OrderState::Other(Label::new("IN_PORTING")), &[]), at(3)));
    assert_eq!(ordered, before);
    assert!(told(&mut ordered, &word(OrderState::Completed, &["+492214710001"]), at(4)));
    assert_eq!((ordered.brought.len(), ordered.at), (2, at(1)));
}

#[test]
fn a_word_nobody_knows_changes_no_stage_and_is_told_once() {
    let mut ordered = job(JobStage::Ordered);
    let porting = word(OrderState::Other(Label::new("IN_PORTING")), &[]);
    assert!(told(&mut ordered, &porting, at(1)));
    assert_eq!((ordered.stage, ordered.at), (JobStage::Ordered, at(0)));
    assert!(ordered.problem.as_ref().is_some_and(|problem| problem.message.contains("IN_PORTING")));
    assert!(!told(&mut ordered, &porting, at(2)));
    assert!(told(&mut ordered, &word(OrderState::Failed, &[]), at(3)));
    assert_eq!(ordered.stage, JobStage::Failed);
}

#[test]
fn a_number_that_came_is_there_even_if_its_job_was_closed() {
    for stage in [JobStage::Dropped, JobStage::Failed] {
        let mut job = job(stage);
        assert!(told(&mut job, &word(OrderState::Completed, &["+492214710000"]), at(1)));
        assert_eq!(job.stage, JobStage::Completed);
    }
}

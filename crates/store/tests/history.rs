//! Writing legs and what the history makes of them.
#![expect(clippy::unwrap_used, reason = "a test stops where its helpers cannot go on")]

mod common;

use common::*;
use proptest::prelude::*;
use ringside_domain::{Label, Outcome, Party, Phase};
use ringside_store::{Backlog, CallRecord, Callback, Claim, Earlier, LegRecord, Store, StoreError, TodayCounts};

async fn one(store: &Store, legs: &[LegRecord]) -> CallRecord {
    for leg in legs {
        store.write_leg(leg).await.unwrap();
    }
    let calls = all(store).await;
    assert_eq!(calls.len(), 1, "one row a call");
    calls.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_call_is_one_row_from_ringing_to_its_end() {
    let store = memory().await;
    let ring = named(mine(ringing("a", "31", 0)), "Anna Muster", "Muster AG");
    let first = store.write_leg(&ring).await.unwrap();
    assert!(first.created && first.changed);
    assert_eq!(first.call.outcome, None);
    assert_eq!((first.call.rang_for(), first.call.talked_for()), (None, None));

    let talk = answered(ring.clone(), 7);
    let second = store.write_leg(&talk).await.unwrap();
    assert!(!second.created && second.changed);
    assert_eq!(second.call.answered_at, Some(at(7)));

    let last = store.write_leg(&ended(talk, 67, Outcome::Answered)).await.unwrap().call;
    assert_eq!(last.id, first.call.id);
    assert_eq!(last.outcome, Some(Outcome::Answered));
    assert_eq!(last.rang_for().unwrap().as_secs(), 7);
    assert_eq!(last.talked_for().unwrap().as_secs(), 60);
    assert_eq!((last.name.as_str(), last.company.as_str()), ("Anna Muster", "Muster AG"));
    assert_eq!(all(&store).await, [last]);
}

#[tokio::test]
async fn writing_again_changes_nothing() {
    let store = memory().await;
    let leg = missed("a", "31", 0);
    let first = store.write_leg(&leg).await.unwrap();
    let again = store.write_leg(&leg).await.unwrap();
    assert!(!again.changed && !again.created);
    assert_eq!(again.call, first.call);
    let finer = LegRecord { started_at: at(0) + jiff::SignedDuration::from_nanos(1_234), ..leg };
    assert!(!store.write_leg(&finer).await.unwrap().changed, "the file keeps milliseconds");
}

#[tokio::test]
async fn a_late_report_takes_nothing_back_but_adds_what_it_knows() {
    let store = memory().await;
    let over = LegRecord { remote: Party::Unstated, ..ended(ringing("a", "31", 9), 20, Outcome::Missed) };
    store.write_leg(&over).await.unwrap();
    let call = one(&store, &[named(ringing("a", "31", 0), "Anna", "")]).await;
    assert_eq!(call.outcome, Some(Outcome::Missed));
    assert_eq!(call.remote, number("+4922166966966"));
    assert_eq!(call.name.as_str(), "Anna");
    assert_eq!(call.started_at, at(0));
}

#[tokio::test]
async fn a_group_call_answered_by_another_is_answered_elsewhere() {
    let store = memory().await;
    let theirs = answered(ringing("a", "32", 0), 5);
    let call = one(
        &store,
        &[
            mine(ringing("a", "31", 0)),
            theirs.clone(),
            ended(mine(ringing("a", "31", 0)), 5, Outcome::AnsweredElsewhere),
            ended(theirs, 90, Outcome::Answered),
        ],
    )
    .await;
    assert_eq!(call.outcome, Some(Outcome::AnsweredElsewhere));
    assert_eq!(call.extension.as_str(), "32", "who took it");
    assert_eq!(call.callback, None);
    assert!(call.mine);
    assert_eq!(store.legs_of(call.id).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_call_that_rang_at_nobody_of_mine_is_answered() {
    let store = memory().await;
    let call = one(&store, &[ended(answered(ringing("a", "32", 0), 5), 9, Outcome::Answered)]).await;
    assert_eq!(call.outcome, Some(Outcome::Answered));
}

#[tokio::test]
async fn missed_is_not_claimed_while_one_leg_ended_unseen() {
    let store = memory().await;
    let call = one(&store, &[missed("a", "31", 0), ended(ringing("a", "32", 0), 30, Outcome::Unknown)]).await;
    assert_eq!(call.outcome, Some(Outcome::Unknown));
    assert_eq!(call.callback, None);
}

#[tokio::test]
async fn a_second_attempt_takes_the_place_of_the_first() {
    let store = memory().await;
    let first = ended(ringing("a", "31", 0), 10, Outcome::Cancelled);
    let second = LegRecord { attempt: 2, ..ringing("a", "31", 12) };
    let call = one(&store, &[first, second.clone()]).await;
    assert_eq!(call.outcome, None, "it rings again");
    let call = one(&store, &[ended(answered(second, 15), 60, Outcome::Answered)]).await;
    assert_eq!(call.outcome, Some(Outcome::Answered));
    assert_eq!(call.started_at, at(0));
    assert_eq!(store.legs_of(call.id).await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_journal_corrects_a_provisional_miss_and_no_guess_corrects_the_journal() {
    let store = memory().await;
    let guess = LegRecord { provisional: true, ..missed("a", "31", 0) };
    let call = store.write_leg(&guess).await.unwrap().call;
    assert!(call.provisional);
    assert_eq!(call.callback, Some(Callback::Open));
    let told = ended(answered(ringing("a", "31", 0), 4), 30, Outcome::Answered);
    let call = store.write_leg(&told).await.unwrap().call;
    assert_eq!((call.outcome, call.provisional, call.callback.clone()), (Some(Outcome::Answered), false, None));
    assert_eq!(store.write_leg(&guess).await.unwrap().call, call);
}

#[tokio::test]
async fn durations_are_never_negative() {
    let store = memory().await;
    let call = one(&store, &[ended(answered(ringing("a", "31", 100), 40), 20, Outcome::Answered)]).await;
    assert_eq!(call.talked_for().unwrap().as_secs(), 0);
    assert!(call.rang_for().unwrap() >= jiff::SignedDuration::ZERO);
}

#[tokio::test]
async fn a_missed_call_is_done_when_somebody_spoke_with_the_number() {
    let store = memory().await;
    let waiting = store.write_leg(&missed("a", "31", 0)).await.unwrap().call;
    store.write_leg(&missed("b", "31", 100)).await.unwrap();
    store.write_leg(&from(missed("c", "31", 100), number("+41441234567"))).await.unwrap();
    assert_eq!(store.callbacks_open().await.unwrap(), 3);

    let in_vain = ended(outbound(ringing("d", "40", 200)), 230, Outcome::Cancelled);
    assert_eq!(store.write_leg(&in_vain).await.unwrap().returned, []);

    let talk = answered(outbound(ringing("e", "40", 300)), 310);
    let returned = store.write_leg(&talk).await.unwrap().returned;
    assert_eq!(returned.len(), 2, "any line may return it");
    assert_eq!(returned[0].id, waiting.id);
    assert_eq!(returned[0].callback, Some(Callback::Done { by: None, at: at(310) }));
    assert_eq!(store.callbacks_open().await.unwrap(), 1);
}

#[tokio::test]
async fn a_missed_call_that_the_journal_brings_late_is_done_already() {
    let store = memory().await;
    store.write_leg(&answered(ringing("later", "31", 500), 505)).await.unwrap();
    let call = store.write_leg(&missed("earlier", "31", 0)).await.unwrap().call;
    assert_eq!(call.callback, Some(Callback::Done { by: None, at: at(505) }));
    let call = store.write_leg(&missed("after", "31", 900)).await.unwrap().call;
    assert_eq!(call.callback, Some(Callback::Open));
}

#[tokio::test]
async fn who_hides_the_number_cannot_be_called_back() {
    let store = memory().await;
    let call = store.write_leg(&from(missed("a", "31", 0), Party::Withheld)).await.unwrap().call;
    assert_eq!((call.remote, call.callback), (Party::Withheld, None));
    let other = call_key(&ringing("b", "31", 0));
    assert_eq!(store.earlier(&Party::Withheld, &other).await.unwrap(), Earlier::default(), "whoever hides is nobody");
}

#[tokio::test]
async fn what_is_known_of_a_caller_leaves_out_calls_that_go_on() {
    let store = memory().await;
    let now = call_key(&ringing("now", "31", 900));
    let earlier = async || store.earlier(&ringing("now", "31", 0).remote, &now).await.unwrap();
    let Party::Number(number) = ringing("now", "31", 0).remote else { panic!("a number") };
    let counts = async || store.counts(&number, at(0), &now).await.unwrap();

    // The call itself, ringing, talked on and over, says nothing of what was before it.
    let ring = mine(ringing("now", "31", 900));
    let talk = answered(ring.clone(), 905);
    for leg in [ring, talk.clone(), ended(talk, 990, Outcome::Answered)] {
        store.write_leg(&leg).await.unwrap();
        store.set_note(store.call_of(&now).await.unwrap().unwrap().id, "of now").await.unwrap();
        assert_eq!(earlier().await, Earlier::default());
        assert_eq!(counts().await, TodayCounts::default());
    }

    // Nor does another one that is still going on.
    store.write_leg(&answered(ringing("beside", "32", 850), 855)).await.unwrap();
    assert_eq!((earlier().await, counts().await), (Earlier::default(), TodayCounts::default()));

    let lost = store.write_leg(&missed("lost", "31", 300)).await.unwrap().call;
    store.set_note(lost.id, "wants an offer").await.unwrap();
    let known = earlier().await;
    assert!(known.spoken.is_none());
    assert_eq!(known.last_at, Some(at(300)));
    assert_eq!(known.note, Some(("wants an offer".to_owned(), at(300))), "a missed call may have a note too");
    assert_eq!(counts().await, TodayCounts { calls: 1, unanswered: 1 });

    store.write_leg(&ended(answered(ringing("first", "31", 100), 105), 133, Outcome::Answered)).await.unwrap();
    let spoken = earlier().await.spoken.unwrap();
    assert_eq!((spoken.call.as_str(), spoken.talked_for().unwrap().as_secs()), ("first", 28));
    assert_eq!(counts().await, TodayCounts { calls: 2, unanswered: 1 });
}

#[tokio::test]
async fn one_claims_and_the_other_is_told_who() {
    let store = memory().await;
    let id = store.write_leg(&missed("a", "31", 0)).await.unwrap().call.id;
    let (anna, ben) = (Label::new("Anna"), Label::new("Ben"));
    let claimed = Callback::Claimed { by: anna.clone(), at: at(60) };
    let Claim::Taken(call) = store.claim(id, &anna, at(60)).await.unwrap() else { panic!("it was open") };
    assert_eq!(call.callback, Some(claimed.clone()));
    let Claim::Refused(call) = store.claim(id, &ben, at(61)).await.unwrap() else { panic!("Anna has it") };
    assert_eq!(call.callback, Some(claimed));
    assert!(matches!(store.claim(id, &anna, at(62)).await.unwrap(), Claim::Taken(_)));

    let call = store.mark_done(id, &ben, at(70)).await.unwrap();
    assert_eq!(call.callback, Some(Callback::Done { by: Some(ben), at: at(70) }));
    assert!(matches!(store.claim(id, &anna, at(71)).await.unwrap(), Claim::Refused(_)));
    assert_eq!(store.reopen(id).await.unwrap().callback, Some(Callback::Open));
    assert!(!store.write_leg(&missed("a", "31", 0)).await.unwrap().changed, "a repeated report leaves it");
}

#[tokio::test]
async fn what_is_not_there_cannot_be_changed() {
    let store = memory().await;
    let id = store.write_leg(&missed("a", "31", 0)).await.unwrap().call.id;
    store.delete_all().await.unwrap();
    let error = store.set_note(id, "x").await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound("call")));
    assert_eq!(error.code(), "not_found");
    assert!(matches!(store.claim(id, &"Anna".into(), at(0)).await, Err(StoreError::NotFound(_))));
    assert_eq!(store.call(id).await.unwrap(), None);
    assert_eq!(store.legs_of(id).await.unwrap(), []);
}

#[tokio::test]
async fn a_card_learns_when_they_last_spoke_and_how_often_they_called() {
    let store = memory().await;
    let caller = number("+4922166966966");
    let talk = ended(answered(ringing("a", "31", 0), 5), 245, Outcome::Answered);
    let spoke = store.write_leg(&talk).await.unwrap().call;
    store.set_note(spoke.id, "wants an offer\nby Friday\u{7}").await.unwrap();
    store.write_leg(&missed("b", "31", 1_000)).await.unwrap();
    let now = answered(ringing("c", "31", 2_000), 2_003);
    store.write_leg(&now).await.unwrap();
    let now = call_key(&now);

    let last = store.earlier(&caller, &now).await.unwrap();
    let spoken = last.spoken.unwrap();
    assert_eq!(spoken.call.as_str(), "a");
    assert_eq!(spoken.talked_for().unwrap().as_mins(), 4);
    assert_eq!(last.note.unwrap().0, "wants an offer\nby Friday");
    let Party::Number(caller) = caller else { unreachable!() };
    let counts = store.counts(&caller, at(0), &now).await.unwrap();
    assert_eq!((counts.calls, counts.unanswered), (2, 1), "the one that goes on does not count");
    assert_eq!(store.counts(&caller, at(1_500), &now).await.unwrap().calls, 0);
}

#[tokio::test]
async fn what_others_write_during_a_call_is_not_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let (here, there) = (open_well(dir.path()).await, open_well(dir.path()).await);
    let ring = ringing("a", "31", 0);
    let id = here.write_leg(&ring).await.unwrap().call.id;
    here.set_note(id, "asked for Ben").await.unwrap();
    there.write_leg(&named(ringing("a", "32", 0), "Anna", "")).await.unwrap();
    let talk = answered(ring, 5);
    let change = here.write_leg(&talk).await.unwrap();
    assert!(!change.created);
    assert_eq!((change.call.id, change.call.note.as_str(), change.call.name.as_str()), (id, "asked for Ben", "Anna"));
    assert_eq!(here.legs_of(id).await.unwrap().len(), 2);
    there.delete_all().await.unwrap();
    assert!(here.write_leg(&ended(talk, 9, Outcome::Answered)).await.unwrap().created, "an erased call that goes on");
    assert_eq!(all(&there).await.len(), 1);
}

#[tokio::test]
async fn a_batch_gives_one_change_a_call_and_nothing_on_nothing() {
    let store = memory().await;
    assert_eq!(store.write_legs(&[]).await.unwrap(), []);
    let ring = ringing("a", "31", 0);
    let batch = [ring.clone(), missed("b", "31", 1), ended(ring, 20, Outcome::Missed)];
    let changes = store.write_legs(&batch).await.unwrap();
    let seen: Vec<_> = changes.iter().map(|c| (c.call.call.as_str(), c.created, c.call.outcome)).collect();
    assert_eq!(seen, [("a", true, Some(Outcome::Missed)), ("b", true, Some(Outcome::Missed))]);
}

#[tokio::test]
async fn hostile_text_is_kept_as_text() {
    let store = memory().await;
    let name = "Robert'); DROP TABLE calls;--\" <script>\u{202e}";
    let call = store.write_leg(&named(ringing("a'\"\u{0}", "31", 0), name, "{{7*7}}")).await.unwrap().call;
    assert_eq!(call.name.as_str(), "Robert'); DROP TABLE calls;--\" <script>");
    assert_eq!(found(&store, "robert drop script").await.len(), 1);
    for text in ["\"", "'", "*", "a\" OR \"b", "NEAR(", "name:x", "^", "-", "( )", "\u{0}"] {
        found(&store, text).await;
    }
}

#[test]
fn the_backlog_is_bounded_and_keeps_the_latest_of_a_leg() {
    let mut backlog = Backlog::default();
    backlog.keep(ringing("a", "31", 0));
    backlog.keep(missed("a", "31", 0));
    assert_eq!((backlog.len(), backlog.legs()[0].phase), (1, Phase::Ended));
    for n in 0..1_500 {
        backlog.keep(missed(&n.to_string(), "31", n));
    }
    assert_eq!((backlog.len(), backlog.dropped()), (Backlog::MAX, 501));
    backlog.clear();
    assert!(backlog.is_empty());
}

/// Reports of one call: two extensions, each with a ring, an answer or not, and an end.
fn reports() -> impl Strategy<Value = Vec<LegRecord>> {
    let leg = |extension: &'static str| {
        (any::<bool>(), any::<bool>(), 0..5_i64).prop_map(move |(answer, is_mine, start)| {
            let ring = LegRecord { mine: is_mine, ..ringing("a", extension, start) };
            if answer {
                let talk = answered(ring.clone(), start + 3);
                vec![ring, talk.clone(), ended(talk, start + 9, Outcome::Answered)]
            } else {
                vec![ring.clone(), ended(ring, start + 9, Outcome::Missed)]
            }
        })
    };
    (leg("31"), leg("32"))
        .prop_map(|(mut a, b)| {
            a.extend(b);
            a
        })
        .prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_and_number_of_reports_do_not_matter(shuffled in reports(), repeat in 0..5_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut in_order = shuffled.clone();
            in_order.sort_by_key(|leg| (leg.key.extension.clone(), leg.phase));
            let (a, b) = (memory().await, memory().await);
            let expected = one(&a, &in_order).await;
            let mut repeated = shuffled.clone();
            repeated.push(shuffled[repeat % shuffled.len()].clone());
            let call = one(&b, &repeated).await;
            prop_assert_eq!(call, expected);
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn what_an_earlier_run_left_open_is_closed_as_not_known() {
    let store = memory().await;
    store.write_leg(&mine(ringing("rang", "31", 0))).await.unwrap();
    store.write_leg(&mine(answered(ringing("talked", "31", 0), 5))).await.unwrap();
    store.write_leg(&mine(missed("over", "31", 0))).await.unwrap();
    assert_eq!(store.close_unfinished().await.unwrap(), 2);
    assert_eq!(store.close_unfinished().await.unwrap(), 0);
    let of = async |name: &str| store.call_named(&account("office"), &name.into()).await.unwrap().unwrap();
    let rang = of("rang").await;
    assert_eq!(
        (rang.outcome, rang.provisional, rang.ended_at, &rang.callback),
        (Some(Outcome::Unknown), true, None, &None)
    );
    assert_eq!((rang.rang_for(), rang.talked_for()), (None, None));
    // That somebody answered stays known; for how long they talked does not.
    let talked = of("talked").await;
    assert_eq!((talked.outcome, talked.provisional, talked.ended_at), (Some(Outcome::Answered), true, None));
    assert_eq!(talked.talked_for(), None);
    assert_eq!(of("over").await.outcome, Some(Outcome::Missed));
}

#[tokio::test]
async fn an_id_that_is_given_again_makes_a_row_and_a_callback_of_its_own() {
    let store = memory().await;
    let first = store.write_leg(&mine(ringing("a", "31", 0))).await.unwrap().call;
    store.close_unfinished().await.unwrap();
    let again = LegRecord { began: at(900), ..mine(missed("a", "31", 900)) };
    let change = store.write_leg(&again).await.unwrap();
    assert!(change.created && change.call.id != first.id);
    assert_eq!((change.call.call.as_str(), &change.call.callback), ("a", &Some(Callback::Open)));
    assert_eq!(change.call.rang_for(), Some(jiff::SignedDuration::from_secs(20)));
    let calls = all(&store).await;
    let outcomes: Vec<_> = calls.iter().map(|call| (call.outcome, call.started_at)).collect();
    assert_eq!(outcomes, [(Some(Outcome::Missed), at(900)), (Some(Outcome::Unknown), at(0))]);
    assert_eq!(store.call_named(&account("office"), &"a".into()).await.unwrap().unwrap().id, change.call.id);
    // What was noted on the one before is known of its caller, and is not the note of this one.
    store.set_note(first.id, "of before").await.unwrap();
    let now = call_key(&again);
    assert_eq!(store.call_of(&now).await.unwrap().unwrap().note, "");
    assert_eq!(store.earlier(&again.remote, &now).await.unwrap().note.unwrap().0, "of before");
    assert_eq!(store.legs_of(change.call.id).await.unwrap(), [again]);
}

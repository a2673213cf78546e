use std::sync::mpsc;

use tauri::ipc::InvokeResponseBody;

use super::*;

fn page(feeds: &Feeds, page: Page) -> mpsc::Receiver<serde_json::Value> {
    let (sender, received) = mpsc::channel();
    let to = Channel::new(move |body| {
        if let InvokeResponseBody::Json(json) = body {
            let _ = sender.send(serde_json::from_str(&json)?);
        }
        Ok(())
    });
    feeds.lock().feeds.insert(page.label(), Feed { seq: 0, to, task: None });
    received
}

fn gone(id: &str) -> ApiEvent {
    ApiEvent::CardGone { id: id.to_owned() }
}

#[test]
fn a_page_sees_no_gap_whatever_the_core_left_out_or_the_host_put_in() {
    let feeds = Feeds::default();
    let received = page(&feeds, Page::Main);
    feeds.ready();
    feeds.lock().send(Page::Main, [gone("a"), gone("b")].into_iter());
    feeds.show(ViewName::Palette, Some("31".to_owned()));
    feeds.lock().send(Page::Main, std::iter::once(gone("c")));
    let events: Vec<_> = received.try_iter().flat_map(|batch| batch.as_array().cloned().unwrap_or_default()).collect();
    let order: Vec<_> = events.iter().map(|event| event["seq"].as_u64()).collect();
    assert_eq!(order, [Some(1), Some(2), Some(3), Some(4)]);
    assert_eq!((events[2]["type"].as_str(), events[2]["text"].as_str()), (Some("show"), Some("31")));
}

#[test]
fn a_view_asked_for_before_the_page_is_there_is_shown_once_it_is() {
    let feeds = Feeds::default();
    feeds.show(ViewName::History, None);
    let received = page(&feeds, Page::Main);
    assert!(received.try_recv().is_err());
    feeds.ready();
    assert_eq!(received.try_recv().map(|batch| batch[0]["view"].clone()), Ok("history".into()));
    feeds.end(Page::Main);
    feeds.show(ViewName::Board, None);
    assert!(received.try_recv().is_err());
}

#[test]
fn a_page_that_is_gone_ends_its_feed() {
    let feeds = Feeds::default();
    assert!(!feeds.lock().send(Page::Card, std::iter::once(gone("a"))));
}

#[test]
fn what_the_core_wants_shown_is_shown_whole_and_only_if_the_page_was_away() {
    let feeds = Feeds::default();
    feeds.show_later(ViewName::Palette, Some("+41446681800"));
    let received = page(&feeds, Page::Main);
    feeds.ready();
    assert_eq!(received.try_recv().map(|batch| batch[0]["text"].clone()), Ok("+41446681800".into()));
    feeds.show_later(ViewName::History, None);
    assert!(received.try_recv().is_err(), "a page that is there hears of it from the core");
}

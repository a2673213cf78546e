//! What goes back to whoever sent something.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, HeaderMap,
    HeaderValue, ORIGIN, RETRY_AFTER, VARY,
};
use hyper::{Response, StatusCode};
use ringside_telephony::PushReply;

pub(crate) type Answer = Response<Full<Bytes>>;

pub(crate) fn empty(status: StatusCode) -> Answer {
    let mut answer = Answer::default();
    *answer.status_mut() = status;
    answer
}

/// To be sent again after so many seconds.
pub(crate) fn later(status: StatusCode, seconds: u32) -> Answer {
    let mut answer = empty(status);
    answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    answer
}

/// What the adapter says; a status that is none is our own failure.
pub(crate) fn of(reply: PushReply) -> Answer {
    let mut answer = empty(StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    if let Ok(kind) = HeaderValue::from_str(reply.content_type) {
        answer.headers_mut().insert(CONTENT_TYPE, kind);
    }
    *answer.body_mut() = Full::new(reply.body.into());
    answer
}

/// Lets a page of the service's own read the answer, and no other; cookies and the like are not taken from anybody.
pub(crate) fn shared_with(mut answer: Answer, request: &HeaderMap, origin: Option<&'static str>) -> Answer {
    let Some(origin) = origin else { return answer };
    let headers = answer.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("origin"));
    if request.get(ORIGIN).is_some_and(|asked| asked.as_bytes() == origin.as_bytes()) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static(origin));
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "chrome-extension://page";

    fn asked_by(origin: &'static str) -> HeaderMap {
        [(ORIGIN, HeaderValue::from_static(origin))].into_iter().collect()
    }

    #[test]
    fn an_answer_is_shared_with_the_services_own_page_alone() {
        let shared = |asked, origin| {
            let answer = shared_with(empty(StatusCode::OK), &asked_by(asked), origin);
            answer.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN).cloned()
        };
        assert_eq!(shared(PAGE, Some(PAGE)).unwrap(), PAGE);
        assert_eq!(shared("https://evil.example", Some(PAGE)), None);
        assert_eq!(shared(PAGE, None), None);
    }

    #[test]
    fn a_reply_that_http_cannot_carry_is_a_failure_and_no_panic() {
        let answer = of(PushReply { status: 7, content_type: "text/\nplain", body: Vec::new() });
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(answer.headers().is_empty());
    }
}

//! One address: takes a request, notes it, asks the service, and lets the faults at the answer.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Incoming};
use hyper::http::response;
use hyper::{Response, StatusCode};
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::sync::mpsc;

use super::answer::Content;
use super::body::{AnswerBody, Chunk};
use super::conditions::Conditions;
use super::socket::{Session, Upgrade};
use super::{Answer, Request, stream};
use crate::clock::Clock;
use crate::control::Control;
use crate::faults::{FaultKind, Faults, RedirectTo, RetryAfter, Stage, Target, broken_json, changed_json};
use crate::services::Door;
use crate::tape::Tape;

/// Longer bodies of requests are refused; a document as base64 is the longest.
const LONGEST_BODY: usize = 32 << 20;

pub(crate) struct Host {
    pub(crate) door: Door,
    pub(crate) faults: Arc<Faults>,
    pub(crate) tape: Arc<Tape>,
    pub(crate) clock: Clock,
    pub(crate) control: Option<Control>,
    /// Scheme and authority of [`crate::ServiceName::Elsewhere`].
    pub(crate) elsewhere: String,
}

impl Host {
    pub(super) fn note_connection(&self) {
        self.tape.connected(self.clock.now(), self.door.name);
    }

    pub(super) async fn handle(
        &self,
        mut incoming: hyper::Request<Incoming>,
        conditions: Conditions,
        handoff: mpsc::Sender<Session>,
    ) -> io::Result<Response<AnswerBody>> {
        let upgrade = Upgrade { on: hyper::upgrade::on(&mut incoming), handoff };
        let request = received(incoming).await?;
        if let Some(control) = &self.control
            && request.path.starts_with("/_control/")
        {
            return Ok(plain(control.answer(&request), &conditions));
        }
        let seq = self.tape.record(self.clock.now(), self.door.name, &request);
        let target = self.target(&request);
        if let Some(fault) = self.faults.hit(Stage::Instead, &target).into_iter().next() {
            let Some(answer) = self.instead(&fault, &request) else {
                conditions.half_open();
                return std::future::pending().await;
            };
            self.tape.answered(seq, answer.status.as_u16());
            return Ok(plain(answer, &conditions));
        }
        self.served(request, seq, target, conditions, upgrade).await
    }

    /// The service's answer, after what the faults do to it.
    async fn served(
        &self,
        mut request: Request,
        seq: u64,
        target: Target,
        conditions: Conditions,
        upgrade: Upgrade,
    ) -> io::Result<Response<AnswerBody>> {
        request.twists = self.faults.hit(Stage::Twist, &target);
        let mut answer = self.door.service.answer(&request);
        let faults = self.faults.hit(Stage::Answer, &target);
        for fault in &faults {
            match fault {
                FaultKind::Delay { ms } => tokio::time::sleep(Duration::from_millis(*ms)).await,
                FaultKind::LostAnswer => {
                    conditions.reset();
                    return Err(io::ErrorKind::ConnectionReset.into());
                }
                FaultKind::AnotherBody { body } if body.starts_with('<') => {
                    answer = Answer::html(StatusCode::OK, body);
                }
                FaultKind::AnotherBody { body } => {
                    let empty = Answer::empty(StatusCode::OK).with("content-type", "application/json");
                    answer = empty.holding(body.clone().into_bytes());
                }
                _ => {}
            }
        }
        self.tape.answered(seq, answer.status.as_u16());
        match answer.content {
            Content::Socket(talk) => {
                upgrade.begin(talk, conditions.clone(), self.faults.clone(), Target { stream: true, ..target });
                Ok(plain(Answer { content: Content::Nothing, ..answer }, &conditions))
            }
            Content::Stream(_) => Ok(self.streaming(answer, Target { stream: true, ..target }, conditions)),
            Content::Nothing | Content::Whole(_) => Ok(self.finished(answer, &target, &faults, conditions)),
        }
    }

    fn target(&self, request: &Request) -> Target {
        Target {
            service: self.door.name,
            method: request.method.to_string(),
            path: request.path.clone(),
            stream: request.accepts("text/event-stream") || request.wants_socket(),
        }
    }

    /// What a fault answers in the service's place; `None` is no answer at all.
    fn instead(&self, fault: &FaultKind, request: &Request) -> Option<Answer> {
        match fault {
            FaultKind::Status { code, retry_after } => {
                let status = StatusCode::from_u16(*code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let answer = if status.is_success() { Answer::empty(status) } else { (self.door.error_form)(status) };
                Some(match retry_after {
                    None => answer,
                    Some(RetryAfter::Seconds(seconds)) => answer.with("retry-after", seconds.to_string()),
                    Some(RetryAfter::DateIn(seconds)) => answer.with("retry-after", self.http_date(*seconds)),
                })
            }
            FaultKind::Redirect { code, to } => {
                let status = StatusCode::from_u16(*code).unwrap_or(StatusCode::FOUND);
                let location = match to {
                    RedirectTo::SameHost => format!("{}?moved=1", request.path),
                    RedirectTo::Elsewhere => format!("{}{}", self.elsewhere, request.path),
                };
                Some(Answer::empty(status).with("location", location))
            }
            FaultKind::HtmlPage { code } => {
                let status = StatusCode::from_u16(*code).unwrap_or(StatusCode::BAD_GATEWAY);
                Some(Answer::html(status, ERROR_PAGE))
            }
            _ => None,
        }
    }

    fn http_date(&self, seconds: u64) -> String {
        let at = self.clock.now().checked_add(Duration::from_secs(seconds)).unwrap_or(self.clock.now());
        DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap_or_default()
    }

    fn streaming(&self, answer: Answer, target: Target, conditions: Conditions) -> Response<AnswerBody> {
        let (chunks, body) = mpsc::channel(64);
        let response = head(&answer);
        if let Content::Stream(source) = answer.content {
            tokio::spawn(stream::pump(self.faults.clone(), target, source, chunks));
        }
        finish(response, AnswerBody::chunks(body, conditions))
    }

    fn finished(
        &self,
        answer: Answer,
        target: &Target,
        faults: &[FaultKind],
        conditions: Conditions,
    ) -> Response<AnswerBody> {
        let Content::Whole(bytes) = &answer.content else { return self.cut(answer, target, Vec::new(), &conditions) };
        let mut bytes = bytes.to_vec();
        for fault in self.faults.hit(Stage::Values, target) {
            bytes = changed_json(&fault, &bytes).unwrap_or(bytes);
        }
        let mut promised = None;
        for fault in faults {
            match fault {
                FaultKind::MalformedJson => bytes = broken_json(&bytes),
                FaultKind::HtmlInsteadOfJson => bytes = SIGN_IN_PAGE.as_bytes().to_vec(),
                FaultKind::TruncatedBody { bytes: kept } => {
                    promised = Some(bytes.len());
                    bytes.truncate(*kept);
                }
                _ => {}
            }
        }
        let Some(promised) = promised else { return self.cut(answer, target, bytes, &conditions) };
        broken_off(&answer, promised, vec![Chunk::Data(bytes.into()), Chunk::Cut], conditions)
    }

    /// Lets the connection faults at a plain answer.
    fn cut(&self, answer: Answer, target: &Target, bytes: Vec<u8>, conditions: &Conditions) -> Response<AnswerBody> {
        let now = self.faults.breaks_now(target).map(|fault| (fault, 0));
        let Some((fault, at)) = now.or_else(|| self.faults.breaks_within(target, bytes.len())) else {
            return plain(Answer { content: Content::Whole(bytes.into()), ..answer }, conditions);
        };
        let end = match fault {
            FaultKind::HalfOpen => Chunk::HalfOpen,
            FaultKind::Cut | FaultKind::End => Chunk::Cut,
            _ => Chunk::Reset,
        };
        let promised = bytes.len();
        let kept = Bytes::from(bytes).slice(..at);
        broken_off(&answer, promised, vec![Chunk::Data(kept), end], conditions.clone())
    }
}

/// An answer that promises more than it sends.
fn broken_off(answer: &Answer, promised: usize, chunks: Vec<Chunk>, conditions: Conditions) -> Response<AnswerBody> {
    let (sender, body) = mpsc::channel(chunks.len().max(1));
    for chunk in chunks {
        if !matches!(&chunk, Chunk::Data(bytes) if bytes.is_empty()) {
            // The channel is as long as the list.
            let _ = sender.try_send(chunk);
        }
    }
    let response = head(answer).header("content-length", promised.max(1));
    finish(response, AnswerBody::chunks(body, conditions))
}

fn plain(answer: Answer, conditions: &Conditions) -> Response<AnswerBody> {
    let response = head(&answer);
    let bytes = match answer.content {
        Content::Whole(bytes) => bytes,
        Content::Nothing | Content::Stream(_) | Content::Socket(_) => Bytes::new(),
    };
    finish(response, AnswerBody::whole(bytes, conditions.clone()))
}

fn head(answer: &Answer) -> response::Builder {
    let start = Response::builder().status(answer.status);
    answer.headers.iter().fold(start, |builder, (name, value)| builder.header(*name, value))
}

/// A header that a test made up may be none that HTTP can carry: that is a 500.
fn finish(builder: response::Builder, body: AnswerBody) -> Response<AnswerBody> {
    builder.body(body).unwrap_or_else(|_| {
        let mut response = Response::new(AnswerBody::whole(Bytes::new(), Conditions::default()));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

async fn received(incoming: hyper::Request<Incoming>) -> io::Result<Request> {
    let (head, body) = incoming.into_parts();
    Ok(Request {
        method: head.method,
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body: whole(body).await?,
        twists: Vec::new(),
    })
}

async fn whole(mut body: Incoming) -> io::Result<Bytes> {
    let mut collected = BytesMut::new();
    loop {
        let frame = std::future::poll_fn(|cx| std::pin::Pin::new(&mut body).poll_frame(cx)).await;
        match frame {
            None => return Ok(collected.freeze()),
            Some(Err(error)) => return Err(io::Error::other(error)),
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    collected.extend_from_slice(&data);
                }
            }
        }
        if collected.len() > LONGEST_BODY {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
}

const ERROR_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Bad Gateway</title></head>\
<body><h1>Bad Gateway</h1><p>The proxy could not reach the application.</p></body></html>\n";

const SIGN_IN_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Guest Wi-Fi</title></head>\
<body><h1>Welcome</h1><form action=\"/accept\"><button>Accept the terms</button></form></body></html>\n";

//! The faults there are.

use serde::{Deserialize, Serialize};

use super::Target;
use crate::services::ServiceName;

/// One fault switch.
///
/// As JSON: `{"on":{"service":"nfon","path":"/v1/extensions/phone/calls","kind":"stream"},"what":{"kind":"reset"},
/// "times":1,"after":{"bytes":37}}`; everything but `what` may be absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    #[serde(default)]
    pub on: Matcher,
    pub what: FaultKind,
    /// How often it strikes; `None` until cleared.
    #[serde(default)]
    pub times: Option<u32>,
    #[serde(default)]
    pub after: After,
}

/// What a fault strikes; what is `None` strikes all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Matcher {
    #[serde(default)]
    pub service: Option<ServiceName>,
    #[serde(default)]
    pub method: Option<String>,
    /// The beginning of the path, as in `/v1/extensions`.
    #[serde(default)]
    pub path: Option<String>,
    #[serde(default)]
    pub kind: On,
}

/// Streams or plain requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum On {
    #[default]
    Any,
    Stream,
    Plain,
}

/// When a fault strikes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum After {
    /// At once: an open stream breaks now, a request the next time.
    #[default]
    Now,
    /// After so many bytes of body, counted over all that match since the switch was set.
    Bytes(u64),
    /// After so many events of a stream, or so many requests.
    Events(u64),
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FaultKind {
    // Instead of an answer; the service never sees the request.
    /// An error in the service's own form, or none at all for a 204.
    Status {
        code: u16,
        #[serde(default)]
        retry_after: Option<RetryAfter>,
    },
    Redirect {
        code: u16,
        to: RedirectTo,
    },
    /// A proxy's error page in HTML.
    HtmlPage {
        code: u16,
    },
    /// The request is taken and never answered; the connection stays open.
    NoAnswer,

    // The answer comes, but not as it should.
    /// The answer waits; the service has acted before.
    Delay {
        ms: u64,
    },
    /// The service acts, then the connection is reset instead of an answer.
    LostAnswer,
    MalformedJson,
    /// `Content-Length` promises all, so many bytes come, then FIN.
    TruncatedBody {
        bytes: usize,
    },
    /// The media type says one thing, the body another: a 200 with a sign-in page.
    HtmlInsteadOfJson,
    /// The service acts, and 200 comes with this body instead of its answer, whatever that was.
    AnotherBody {
        body: String,
    },

    // The connection, in streams and in answers.
    /// TCP reset.
    Reset,
    /// Silence; the socket stays open.
    HalfOpen,
    /// FIN in the middle of whatever is being sent.
    Cut,
    /// The stream ends as if it were over.
    End,

    // The events of a stream.
    Duplicate,
    /// Each pair of events changes places.
    Reorder,
    Lose,
    DelayEvents {
        ms: u64,
    },
    /// `state`, `line`, `presence`, `direction` say something new. Strikes plain JSON answers too.
    UnknownValues,
    /// Fields nobody has heard of. Strikes plain JSON answers too.
    UnknownFields,
    /// Everything optional is gone. Strikes plain JSON answers too.
    MissingFields,
    /// Numbers come as text and text as numbers where that can be. Strikes plain JSON answers too.
    WrongTypes,
    /// `updated` with one group too many, as in the vendor's own examples.
    BadTimes,
    /// The events are lines of JSON cut in the middle.
    BrokenEvents,

    // How the events are written.
    CrLf,
    Cr,
    OneByteAtATime,
    /// Each event is spread over several `data:` lines.
    MultiLine,
    /// `event:`, `id:` and `retry:` lines before each event.
    Named,

    // What is thrown in before an event.
    GarbageLines,
    /// One `data:` line of so many bytes, then its end.
    HugeLine {
        bytes: usize,
    },
    /// One comment of so many bytes that never ends its line.
    EndlessComment {
        bytes: usize,
    },
    InvalidUtf8,
    /// NUL bytes, byte order marks, lone CRs.
    ControlBytes,
    DeepNesting {
        depth: usize,
    },
    Raw {
        bytes: Vec<u8>,
    },

    // Forwarding scenarios.
    /// The PUT answers 200 and nothing changes.
    Unchanged,
    /// The PUT does as it is told, and then somebody else turns it back.
    ChangedBySomeoneElse,
}

/// Both forms of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetryAfter {
    Seconds(u64),
    /// An HTTP date so many seconds ahead.
    DateIn(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RedirectTo {
    /// The same path on the same host with a query added, so that it does not lead in a circle.
    SameHost,
    /// The same path on [`ServiceName::Elsewhere`].
    Elsewhere,
}

/// Where in the life of an answer a fault acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Instead,
    Answer,
    Connection,
    /// One event of a stream.
    Event,
    /// The values of JSON, in an event or in a plain answer.
    Values,
    Twist,
}

impl Fault {
    /// A fault that strikes everything, always, at once.
    pub fn new(what: FaultKind) -> Self {
        Self { on: Matcher::default(), what, times: None, after: After::Now }
    }

    #[must_use]
    pub fn on(mut self, service: ServiceName) -> Self {
        self.on.service = Some(service);
        self
    }

    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.on.method = Some(method.into());
        self
    }

    /// The beginning of the path.
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        self.on.path = Some(path.into());
        self
    }

    #[must_use]
    pub fn streams(mut self) -> Self {
        self.on.kind = On::Stream;
        self
    }

    #[must_use]
    pub fn plain(mut self) -> Self {
        self.on.kind = On::Plain;
        self
    }

    #[must_use]
    pub fn once(self) -> Self {
        self.times(1)
    }

    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    #[must_use]
    pub fn after_bytes(mut self, bytes: u64) -> Self {
        self.after = After::Bytes(bytes);
        self
    }

    #[must_use]
    pub fn after_events(mut self, events: u64) -> Self {
        self.after = After::Events(events);
        self
    }
}

impl Matcher {
    pub(crate) fn matches(&self, target: &Target) -> bool {
        self.service.is_none_or(|it| it == target.service)
            && self.method.as_deref().is_none_or(|it| it.eq_ignore_ascii_case(&target.method))
            && self.path.as_deref().is_none_or(|it| target.path.starts_with(it))
            && match self.kind {
                On::Any => true,
                On::Stream => target.stream,
                On::Plain => !target.stream,
            }
    }
}

impl FaultKind {
    pub(crate) fn stage(&self) -> Stage {
        match self {
            Self::Status { .. } | Self::Redirect { .. } | Self::HtmlPage { .. } | Self::NoAnswer => Stage::Instead,
            Self::Delay { .. }
            | Self::LostAnswer
            | Self::MalformedJson
            | Self::TruncatedBody { .. }
            | Self::HtmlInsteadOfJson
            | Self::AnotherBody { .. } => Stage::Answer,
            Self::Reset | Self::HalfOpen | Self::Cut | Self::End => Stage::Connection,
            Self::Duplicate
            | Self::Reorder
            | Self::Lose
            | Self::DelayEvents { .. }
            | Self::BrokenEvents
            | Self::CrLf
            | Self::Cr
            | Self::OneByteAtATime
            | Self::MultiLine
            | Self::Named
            | Self::GarbageLines
            | Self::HugeLine { .. }
            | Self::EndlessComment { .. }
            | Self::InvalidUtf8
            | Self::ControlBytes
            | Self::DeepNesting { .. }
            | Self::Raw { .. } => Stage::Event,
            Self::UnknownValues | Self::UnknownFields | Self::MissingFields | Self::WrongTypes | Self::BadTimes => {
                Stage::Values
            }
            Self::Unchanged | Self::ChangedBySomeoneElse => Stage::Twist,
        }
    }
}

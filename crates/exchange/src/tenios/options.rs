//! How TENIOS's side is set up. Where the vendor's answer is not known, an option says which of the plausible ones is
//! given.

use std::time::Duration;

/// The TENIOS account of the office.
#[derive(Clone, Debug)]
pub struct TeniosOptions {
    /// The `access_key` of every request.
    pub access_key: String,
    /// The `accessKey` of every post about a call, as the portal shows it.
    pub post_key: String,
    pub customer_number: u64,
    /// The portal's callback configurations: id, and the extension that is called first.
    pub callback_configs: Vec<(String, String)>,
    /// The vendor's pages say both.
    pub bad_key: BadKey,
    pub agent_reason: AgentReason,
    pub stamps: StampForm,
    /// How a completed order's push carries its secret. The vendor's page is not public.
    pub push_secret: PushSecret,
    pub push_form: PushForm,
    pub forward_target: ForwardTarget,
    /// How long people take to approve an address; ordering before fails.
    pub approval: Duration,
    /// How long an order takes.
    pub completion: Duration,
    /// A larger `page_size` is refused. The vendor's limit is not known.
    pub largest_page: u64,
    /// Requests within one second; more answer 429. The vendor's limit is not known.
    pub rate_limit: Option<u32>,
    /// Where posts about calls go, `http://` on this machine; `None` sends none.
    pub post_calls_to: Option<String>,
}

/// The status of an answer to a wrong key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadKey {
    /// 400, as on the pages of the methods.
    BadRequest,
    /// 403, as on the general page.
    Forbidden,
}

/// Under which name the reason of a break is taken; another name is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentReason {
    /// `not_ready_reason`
    Long,
    /// `nrr`, as older pages have it.
    Short,
}

/// How a call record writes its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StampForm {
    /// `2026-03-02T09:15:00.000Z`
    Zulu,
    /// `2026-03-02T10:15:00+01:00`
    Offset,
    /// `2026-03-02T09:15:00`, UTC.
    Bare,
    /// `2026-03-02 09:15:00.000`, UTC.
    Blank,
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushSecret {
    /// `push_secret` in the body.
    Body,
    /// `accessKey` in the body, as in the posts about calls.
    AccessKey,
    /// `X-Push-Secret`
    Header,
    /// `Authorization`, bare.
    Authorization,
    /// `X-Tenios-Signature`: HMAC-SHA256 of the body in hex.
    HmacHex,
    /// The same in base64.
    HmacBase64,
    /// HMAC-SHA1 in hex.
    HmacSha1,
    /// Nothing proves where it comes from.
    Absent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushForm {
    Json,
    Form,
}

/// Where the post about a forward names the user who is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForwardTarget {
    /// In `destination_number`.
    Destination,
    /// In a variable of its own.
    Extra,
    Unsaid,
}

impl Default for TeniosOptions {
    fn default() -> Self {
        Self {
            access_key: "3f6a0c52-demo-4b1e-9d3c-office000001".into(),
            post_key: "demo-portal-key".into(),
            customer_number: 200_000,
            callback_configs: vec![("4711".into(), "31".into()), ("4712".into(), "301".into())],
            bad_key: BadKey::BadRequest,
            agent_reason: AgentReason::Long,
            stamps: StampForm::Zulu,
            push_secret: PushSecret::AccessKey,
            push_form: PushForm::Json,
            forward_target: ForwardTarget::Extra,
            approval: Duration::from_secs(20),
            completion: Duration::from_secs(15),
            largest_page: 1000,
            rate_limit: None,
            post_calls_to: None,
        }
    }
}

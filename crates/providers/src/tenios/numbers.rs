//! Ordering numbers: an address with its proof, then the number, and one day its end. Everything that can be seen here
//! is seen before anything leaves, since people at the service look at what arrives.

use async_trait::async_trait;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ringside_domain::{Detail, Label, PhoneNumber};
use ringside_telephony::{NumberOrders, OrderRequest, ProviderError, Verification};
use secrecy::ExposeSecret;

use super::{Tenios, pdf, wire};

const DOCUMENTS: &[&str] = &[
    "ALLOCATION_NOTICE",
    "IDENTITY_CARD",
    "BUSINESS_LICENSE",
    "IDENTITY_CARD_AND_BUSINESS_LICENSE",
    "CERTIFICATE_OF_REGISTRATION",
    "CONTRACT",
];
const LONGEST_SECRET: usize = 64;
/// German area codes have two to five digits without their 0; others are not longer.
const LONGEST_AREA_CODE: usize = 8;

#[async_trait]
impl NumberOrders for Tenios {
    fn document_kinds(&self) -> &'static [&'static str] {
        DOCUMENTS
    }

    async fn verify(&self, request: &Verification) -> Result<Label, ProviderError> {
        self.admit(request)?;
        let body = wire::Verification {
            country: request.country.trim(),
            city: request.city.trim(),
            zip: request.zip.trim(),
            street: request.street.trim(),
            house_number: request.house_number.trim(),
            document_type: &request.document_kind,
            document_data: BASE64_STANDARD.encode(&request.document),
            area_code: request.area_code.trim(),
        };
        let answer: wire::Verified = self.shared.client.upload("verification/create", &body, "the address").await?;
        self.answered(answer.verification_id, "verification")
    }

    async fn order(&self, request: &OrderRequest) -> Result<Label, ProviderError> {
        let push = request.push.as_ref();
        if push.is_some_and(|push| !(1..=LONGEST_SECRET).contains(&push.secret.expose_secret().len())) {
            return Err(refused("the secret of the push has to have 1 to 64 characters"));
        }
        let body = wire::Order {
            verification_id: request.verification.as_str(),
            number_type: "GEOGRAPHICAL",
            link_to_number: request.link_to.as_ref().map(PhoneNumber::e164),
            push_url: push.map(|push| push.url.as_str()),
            push_secret: push.map(|push| push.secret.expose_secret()),
        };
        // Before the answer: the push may overtake it.
        push.into_iter().for_each(|push| self.shared.proof.trust(push.secret.clone()));
        let answer = self.shared.client.change("number/order", &body, "the order").await;
        let answer: wire::Ordered = answer.map_err(perhaps_too_early)?;
        self.answered(answer.order_id, "order")
    }

    async fn cancel(&self, number: &PhoneNumber) -> Result<Label, ProviderError> {
        let body = wire::Cancel { phone_number: number.e164() };
        let answer: wire::Cancelled = self.shared.client.change("number/cancel", &body, "the number").await?;
        Ok(Label::new(&answer.cancellation_date.unwrap_or_default()))
    }
}

impl Tenios {
    /// # Errors
    /// [`ProviderError::NotSent`] with what is wrong and the way out.
    fn admit(&self, request: &Verification) -> Result<(), ProviderError> {
        let parts = [
            (&request.country, "the country"),
            (&request.city, "the city"),
            (&request.zip, "the post code"),
            (&request.street, "the street"),
            (&request.house_number, "the house number"),
        ];
        if let Some((_, missing)) = parts.iter().find(|(text, _)| text.trim().is_empty()) {
            return Err(refused(&format!("{missing} is missing")));
        }
        if !DOCUMENTS.contains(&request.document_kind.as_str()) {
            return Err(refused(&format!("the kind of document is one of {}", DOCUMENTS.join(", "))));
        }
        area_code(request.area_code.trim())?;
        pdf::examine(&request.document, self.shared.options.document_most)
            .map_err(|unfit| ProviderError::NotSent { code: unfit.code(), detail: unfit.to_string().into() })
    }

    /// The id of what was taken. Without one it was taken all the same, and must not be asked for again.
    fn answered(&self, id: Option<String>, what: &str) -> Result<Label, ProviderError> {
        id.map(|id| Label::new(&id)).ok_or_else(|| {
            self.shared.oddities.payload(what, "an answer without id");
            ProviderError::Unconfirmed
        })
    }
}

fn area_code(code: &str) -> Result<(), ProviderError> {
    if let Some(rest) = code.strip_prefix('0') {
        let rest = rest.trim_start_matches('0');
        return Err(refused(&format!("the area code is written without its leading 0: {rest}")));
    }
    let digits = !code.is_empty() && code.len() <= LONGEST_AREA_CODE && code.bytes().all(|byte| byte.is_ascii_digit());
    if digits { Ok(()) } else { Err(refused("the area code is digits alone, without +49 and leading 0, such as 221")) }
}

/// The service has no question for the approval; an order that comes before it is refused with a code nobody knows.
fn perhaps_too_early(error: ProviderError) -> ProviderError {
    match error {
        ProviderError::Refused { detail } | ProviderError::Forbidden { detail } => ProviderError::Refused {
            detail: Detail { text: "TENIOS approves an address first; order again later".into(), ..detail },
        },
        error => error,
    }
}

fn refused(detail: &str) -> ProviderError {
    ProviderError::NotSent { code: "bad_request", detail: detail.into() }
}

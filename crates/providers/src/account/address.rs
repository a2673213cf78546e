//! The address of a service.

use ringside_telephony::ProviderError;
use ringside_transport::{TransportError, origin};
use url::Url;

/// Where a service's paths begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// The account's own address, or the vendor's. A slash at its end makes no difference.
    ///
    /// # Errors
    /// [`ProviderError::Configuration`] where credentials would travel in plain text or the address is none.
    pub fn new(configured: Option<&Url>, vendor: &str) -> Result<Self, ProviderError> {
        let mut url = match configured {
            Some(url) => url.clone(),
            None => Url::parse(vendor).map_err(|error| unusable(&error.to_string()))?,
        };
        admit(&url)?;
        url.set_query(None);
        url.set_fragment(None);
        let path = format!("{}/", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Ok(Self(url))
    }

    /// `path` below the address, its segments encoded already; no slash in front.
    pub fn at(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}{path}", self.0.path()));
        url
    }

    /// Whether the service runs on this computer, as a demonstration or a test does: nobody's limits are strained there.
    pub fn is_here(&self) -> bool {
        origin::is_loopback(&self.0)
    }
}

/// Whether an account's credentials may be sent to an address.
///
/// # Errors
/// [`ProviderError::Configuration`] with a sentence for the user.
pub fn admit(url: &Url) -> Result<(), ProviderError> {
    origin::admit(url).map_err(|error| match error {
        TransportError::BadRequest { problem } => unusable(problem),
        other => unusable(&other.to_string()),
    })
}

fn unusable(problem: &str) -> ProviderError {
    ProviderError::Configuration { detail: problem.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_follow_the_address_with_or_without_a_slash() {
        for base in ["https://pbx.example/v1", "https://pbx.example/v1/", "https://pbx.example/v1//"] {
            let url = Url::parse(base).unwrap();
            let address = Address::new(Some(&url), "https://vendor.example").unwrap();
            assert_eq!(address.at("Scenarios/17%2Fb").as_str(), "https://pbx.example/v1/Scenarios/17%2Fb");
            assert_eq!(address.at("HealthCheck/").as_str(), "https://pbx.example/v1/HealthCheck/");
        }
    }

    #[test]
    fn plain_http_is_for_this_computer_alone() {
        let away = Url::parse("http://pbx.example/v1").unwrap();
        assert_eq!(Address::new(Some(&away), "https://v.example").unwrap_err().code(), "configuration");
        let here = Url::parse("http://127.0.0.1:8080/v1").unwrap();
        assert!(Address::new(Some(&here), "https://v.example").unwrap().is_here());
        assert!(!Address::new(None, "https://v.example").unwrap().is_here());
    }
}

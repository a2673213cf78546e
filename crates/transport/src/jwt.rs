//! What a JSON web token says about itself. No signature is checked: the token is ours to carry, not to trust.

use std::time::Duration;

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A lifetime beyond this is a mistake of units.
const LONGEST: i64 = 400 * 24 * 3600;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

#[derive(Deserialize)]
struct Times {
    exp: Option<f64>,
    iat: Option<f64>,
}

/// The claims of a token; `None` if it is opaque or the claims have another shape.
pub fn claims<T: DeserializeOwned>(token: &SecretString) -> Option<T> {
    let payload = token.expose_secret().split('.').nth(1)?;
    serde_json::from_slice(&BASE64.decode(payload).ok()?).ok()
}

/// How long a token that was issued just now lives: `exp - iat`, which holds whatever this computer's clock says, or
/// `exp - now` if the token does not tell when it was issued. `None` if neither makes sense.
pub fn lifetime(token: &SecretString, now: Timestamp) -> Option<Duration> {
    let times: Times = claims(token)?;
    let exp = whole(times.exp?)?;
    let issued = times.iat.and_then(whole).filter(|iat| *iat < exp);
    let seconds = exp - issued.unwrap_or(now.as_second());
    let seconds = u64::try_from(seconds).ok().filter(|seconds| *seconds > 0)?;
    (seconds <= LONGEST.unsigned_abs()).then(|| Duration::from_secs(seconds))
}

/// Some issuers write fractions.
fn whole(seconds: f64) -> Option<i64> {
    (0.0..=1e12).contains(&seconds).then_some(seconds as i64)
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};

    use super::*;

    fn token(claims: &str) -> SecretString {
        format!("e30.{}.sig", BASE64_URL_SAFE_NO_PAD.encode(claims)).into()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn lifetime_is_exp_minus_iat_even_if_this_clock_is_an_hour_ahead() {
        let token = token(r#"{"iat":1000,"exp":1300,"customer":"K7001"}"#);
        assert_eq!(lifetime(&token, at(4600)), Some(Duration::from_secs(300)));
    }

    #[test]
    fn lifetime_without_iat_counts_from_now() {
        assert_eq!(lifetime(&token(r#"{"exp":1300.9}"#), at(1100)), Some(Duration::from_secs(200)));
        assert_eq!(lifetime(&token(r#"{"exp":1300}"#), at(1300)), None);
        assert_eq!(lifetime(&token(r#"{"exp":1e300}"#), at(1300)), None);
        assert_eq!(lifetime(&token(r#"{"exp":1893456000000}"#), at(1300)), None);
    }

    #[test]
    fn an_opaque_or_broken_token_tells_nothing() {
        for text in ["", "opaque", "a.b.c", "a.%%%.c", "e30.bnVsbA.x"] {
            assert_eq!(lifetime(&text.into(), at(0)), None, "{text}");
        }
    }

    #[test]
    fn claims_are_read_with_and_without_padding() {
        #[derive(Deserialize)]
        struct Rights {
            extended_presence: bool,
        }
        // 28 bytes: two characters of padding.
        let padded = BASE64_URL_SAFE.encode(r#"{"extended_presence": false}"#);
        assert!(padded.ends_with("=="));
        let claims: Rights = claims(&format!("e30.{padded}.s").into()).unwrap();
        assert!(!claims.extended_presence);
        let claims: Rights = super::claims(&token(r#"{"extended_presence":true}"#)).unwrap();
        assert!(claims.extended_presence);
    }
}

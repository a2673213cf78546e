use super::*;

fn path(secret: &str, account: &str) -> AccountPath {
    AccountPath::of(&secret.into(), &account.into()).unwrap()
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

#[test]
fn a_path_is_drawn_from_secret_and_name_and_shows_neither() {
    let base = url("http://127.0.0.1:8465");
    let of = |secret, account| path(secret, account).below(&base, "").path().to_owned();
    let drawn = of("canary-key", "clinic");
    assert_eq!(drawn, of("canary-key", "clinic"), "the same after a restart");
    assert_ne!(drawn, of("canary-key", "office"));
    assert_ne!(drawn, of("canary-kez", "clinic"));
    let digits = drawn.strip_prefix('/').unwrap();
    assert_eq!(digits.len(), 40);
    assert!(digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)), "{digits}");
}

#[test]
fn nothing_is_drawn_from_nothing() {
    assert!(AccountPath::of(&SecretString::from(""), &"clinic".into()).is_none());
}

#[test]
fn only_the_whole_path_is_the_path() {
    let clinic = path("key", "clinic");
    let whole = clinic.below(&url("http://h"), "").path().trim_start_matches('/').to_owned();
    assert!(bool::from(clinic.is(&whole)));
    for other in ["", &whole[..39], &format!("{whole}0"), &whole.to_uppercase(), "%30"] {
        assert!(!bool::from(clinic.is(other)) || *other == whole, "{other}");
    }
}

#[test]
fn a_base_with_a_path_of_its_own_keeps_it() {
    let clinic = path("key", "clinic");
    for base in ["https://example.com/ringside", "https://example.com/ringside/"] {
        let url = clinic.below(&url(base), "/orders");
        assert!(url.as_str().starts_with("https://example.com/ringside/") && url.path().ends_with("/orders"), "{url}");
        assert_eq!(url.path().split('/').count(), 4, "{url}");
    }
}

#[test]
fn an_address_is_numbers_or_localhost() {
    for (text, read) in [
        ("127.0.0.1:8465", "127.0.0.1:8465"),
        (" localhost:80 ", "127.0.0.1:80"),
        ("[::1]:8465", "[::1]:8465"),
        ("0.0.0.0:0", "0.0.0.0:0"),
    ] {
        assert_eq!(read_listen(text).unwrap(), read.parse().unwrap(), "{text}");
    }
    for text in ["", "8465", "127.0.0.1", "example.com:80", "127.0.0.1:99999", "127.0.0.1:80/x", "::1:80:"] {
        let problem = read_listen(text).unwrap_err();
        assert_eq!(problem.code, "receiver_bad_address", "{text}");
        assert!(problem.hint.contains("127.0.0.1:8465"));
    }
}

#[test]
fn a_public_address_is_a_plain_web_address() {
    assert_eq!(public_url("  ").unwrap(), None);
    assert_eq!(public_url("https://example.com/x").unwrap(), Some(url("https://example.com/x")));
    for text in [
        "example.com",
        "ftp://example.com",
        "https://",
        "mailto:a@b",
        "https://a:b@example.com",
        "https://h/?q",
        "https://h/#f",
    ] {
        let problem = public_url(text).unwrap_err();
        assert_eq!(problem.code, "receiver_bad_public_url", "{text}");
        assert!(!problem.message.contains("a:b"), "a password stays out of the message");
    }
}

#[test]
fn what_others_can_reach_or_read_is_said() {
    assert!(warn_of_listen("127.0.0.1:1".parse().unwrap()).is_none());
    assert!(warn_of_listen("[::1]:1".parse().unwrap()).is_none());
    assert_eq!(warn_of_listen("0.0.0.0:1".parse().unwrap()).unwrap().code, "receiver_open_to_network");
    assert!(warn_of_public(&url("https://example.com")).is_none());
    assert!(warn_of_public(&url("http://localhost:1")).is_none());
    assert_eq!(warn_of_public(&url("http://example.com")).unwrap().code, "receiver_public_unencrypted");
}

#[test]
fn every_address_has_a_name_on_this_computer() {
    for (at, local) in [
        ("0.0.0.0:81", "http://127.0.0.1:81/"),
        ("[::]:81", "http://[::1]:81/"),
        ("192.0.2.7:81", "http://192.0.2.7:81/"),
    ] {
        assert_eq!(local_url(at.parse().unwrap()).unwrap().as_str(), local);
    }
}

//! What must not be seen, and what must stay readable.

use super::*;

#[test]
fn numbers_lose_their_last_three_digits() {
    let table = [
        ("+49 30 1234567", "+49 30 1234•••"),
        ("0041-44-123 45 67", "0041-44-123 4• ••"),
        ("call 493012345678 now", "call 493012345••• now"),
        ("(030) 123 456 78", "(030) 123 45• ••"),
        ("\\n493012345678", "\\n493012345•••"),
        ("extension 100, status 404, port 8443", "extension 100, status 404, port 8443"),
        ("on 2026-03-02 at 08:15", "on 2026-03-02 at 08:15"),
        ("call 6f1d2c3b-1234-4678-9012-345678901234 ended", "call 6f1d2c3b-1234-4678-9012-345678901234 ended"),
        ("", ""),
        ("äöü 1", "äöü 1"),
    ];
    for (text, masked) in table {
        assert_eq!(mask_numbers(text), masked);
    }
}

#[test]
fn a_secret_that_somebody_repeats_is_masked_wherever_it_stands() {
    let secrets = ["hunter2-CANARY", "hunter2-CANARY!", "short"].map(SecretString::from);
    let (all, first) = (hide(&secrets), hide(&secrets[..1]));
    let said = "bad key hunter2-CANARY! of a short caller (hunter2-CANARY)";
    assert_eq!(excerpt(said, 200), "bad key [secret] of a short caller ([secret])");
    drop(all);
    assert_eq!(excerpt(said, 200), "bad key [secret]! of a short caller ([secret])", "another account's stays");
    drop(first);
    assert_eq!(excerpt(said, 200), said, "nothing is kept of an account that is gone");
}

#[test]
fn secrets_never_come_through() {
    let texts = [
        r#"{"access-token":"CANARY","refresh_token": "CANARY"}"#,
        r#"{"error":"bad","password" : "CANARY"}"#,
        r#"{\"client_secret\":\"CANARY\"}"#,
        "Authorization: Bearer CANARY",
        "authorization=Basic CANARY==",
        "bearer CANARY",
        "grant_type=x&client_secret=CANARY&a=b",
        "https://host/path?access_key=CANARY",
        "token eyJCANARYhbGciOiJSUzUxMiJ9.eyJjdXN0b21lciI6Iks3MDAxIn0.c2ln was refused",
        "key CANARYx8sd7f6g5h4j3k2l1m0n9b8v7c6 unknown",
    ];
    for text in texts {
        let shown = excerpt(text, 500);
        assert!(!shown.contains("CANARY"), "{text} → {shown}");
    }
}

#[test]
fn words_of_a_sentence_are_no_secrets() {
    for text in [
        "tunnel error: proxy authorization required",
        "401 Authorization Required",
        "the token has expired",
        "wrong password or user name",
        "session sid unknown.",
        "Basic authentication is off",
        "the \"token\" was refused",
    ] {
        assert_eq!(excerpt(text, 200), text);
    }
    for (text, told) in [
        ("password: required", "password: [secret]"),
        ("token=expired", "token=[secret]"),
        ("password \"hunter\"", "password \"[secret]\""),
        ("password Hunter2", "password [secret]"),
        ("token abc-def", "token [secret]"),
    ] {
        assert_eq!(excerpt(text, 200), told);
    }
}

#[test]
fn what_helps_stays() {
    let body =
        r#"{"status":"403","code":"FORBIDDEN_RESOURCE","message":"licence missing for K7001","token_type":"bearer"}"#;
    assert_eq!(excerpt(body, 500), body);
    assert_eq!(
        excerpt("request 6f1d2c3b-1234-4678-9012-345678901234", 100),
        "request 6f1d2c3b-1234-4678-9012-345678901234"
    );
}

#[test]
fn control_and_bidi_characters_become_blanks_and_length_is_kept() {
    assert_eq!(excerpt("a\r\nb\u{1b}[31mc\u{202e}d\0", 100), "a  b [31mc d");
    assert_eq!(excerpt(&"ä".repeat(1000), 10).chars().count(), 10);
    assert_eq!(excerpt(&"1".repeat(100_000), 50).chars().count(), 50);
    assert_eq!(excerpt("abc", 0), "…");
}

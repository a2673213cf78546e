use proptest::prelude::*;

use super::*;
use crate::NumberPlan;
use crate::number::{read, read_entry};

#[test]
fn links_are_read_whole() {
    for (uri, expected) in [
        ("tel:+49-221-669-66966", "+4922166966966"),
        ("tel:%2B4922166966", "+4922166966"),
        ("callto:0221/66966966", "022166966966"),
        ("tel:0049 221 66966966", "004922166966966"),
        ("tel:0049%20221%2066966966", "004922166966966"),
        ("tel:+49 (0) 221 66966966", "+4922166966966"),
        ("tel:+49%20(0)%20221%2066966966", "+4922166966966"),
        ("tel:+49%20%280%29%20221%2066966966", "+4922166966966"),
        ("tel:+39(0)669812345", "+390669812345"),
        ("TEL:+4922166966966", "+4922166966966"),
        ("tel://+4922166966966", "+4922166966966"),
        ("callto://+4922166966966/", "+4922166966966"),
        ("callto:+49.221.66966966", "+4922166966966"),
        ("  tel:+4922166966966\n", "+4922166966966"),
        ("tel:+49-221-669669;ext=66", "+49221669669"),
        ("tel:7042;phone-context=example.com", "7042"),
        ("tel:0221-66966966;phone-context=+49", "+49022166966966"),
        ("tel:66966966;isub=1;Phone-Context=+49-221", "+4922166966966"),
        ("tel:+4922166966966;phone-context=+1", "+4922166966966"),
        ("tel:*43%2312", "*43#12"),
        ("tel:*43#12", "*43#12"),
        ("tel:+4922166966966?call", "+4922166966966"),
        ("sip:+4922166966966@sip.example.com;user=phone", "+4922166966966"),
        ("sips:+49-221-66966966;phone-context=x@sip.example.com:5061;transport=tcp?subject=hi", "+4922166966966"),
        ("sip:31:secret@pbx.example", "31"),
        ("sip:+4922166966966", "+4922166966966"),
        ("tel:112", "112"),
        ("tel:%E2%80%AD+49%20221%2066966966%E2%80%AC", "+4922166966966"),
        ("tel:%E2%81%A6+49%20221%2066966966%E2%81%A9", "+4922166966966"),
        ("tel:%E2%80%8E0221%E2%80%8E66966966%E2%80%8F", "022166966966"),
        ("tel:%2B49+221+66966966", "+4922166966966"),
        ("tel:+49+221+66966966+", "+4922166966966"),
        ("tel:0221+66966966", "022166966966"),
        ("tel:+49%20221%20669669%20DW%2066", "+4922166966966"),
        ("tel:+49%20171%205555555%20DW%2066", "+491715555555"),
        ("tel:٠٢٢١٦٦٩٦٦٩٦٦", "022166966966"),
    ] {
        assert_eq!(parse_link(uri).as_deref(), Ok(expected), "{uri}");
    }
}

#[test]
fn other_links_are_refused_with_the_reason() {
    for (uri, code) in [
        ("javascript:alert(1)", "link_scheme"),
        ("http://example.com/0221", "link_scheme"),
        ("file:///etc/passwd", "link_scheme"),
        ("+4922166966966", "link_scheme"),
        ("--config=/tmp/x", "link_scheme"),
        ("", "link_scheme"),
        ("tel:", "number_empty"),
        ("tel:;ext=12", "number_empty"),
        ("tel:javascript:alert(1)", "number_has_letters"),
        ("tel:0800-FLOWERS", "number_has_letters"),
        ("tel:+49221$(reboot)", "not_a_number"),
        ("tel:1`id`", "not_a_number"),
        ("tel:%00%0a1", "not_a_number"),
        ("tel:%FF%FE", "not_a_number"),
        ("tel:123456789012345678901234567890123", "number_too_long"),
        ("sip:anna@example.com", "link_has_name"),
        ("sip:example.com", "link_has_name"),
        ("tel:+49 221 1,+49 221 2", "not_a_number"),
        ("tel:%E2%80%AE66966966%20221%2094+", "number_turned"),
        ("tel:%E2%80%AE66966966", "number_turned"),
        ("sip:0221%E2%80%AE66966966@example.com", "number_turned"),
        ("tel:+49%20%E2%81%A7221%2066966966%E2%81%A9", "number_turned"),
        ("callto:0221%E2%81%A666966966%E2%81%A9", "number_turned"),
        ("tel:66966966%20221%2094+", "not_a_number"),
        ("tel:66966966%2B", "not_a_number"),
        ("tel:66966966+%20", "not_a_number"),
    ] {
        assert_eq!(parse_link(uri).map_err(LinkError::code), Err(code), "{uri}");
    }
    assert_eq!(parse_link(&format!("tel:{}", "1".repeat(10_000))), Err(LinkError::TooLong));
}

#[test]
fn a_link_s_number_is_read_like_a_typed_one() {
    let read_link = |uri| {
        let text = parse_link(uri).unwrap();
        read(&text, &NumberPlan::default(), &|_| false).unwrap().party.dial_text().unwrap().to_owned()
    };
    assert_eq!(read_link("tel:0221-66966966;phone-context=+49"), "+4922166966966");
    assert_eq!(read_link("callto:0221/66966966"), "+4922166966966");
    assert_eq!(read_link("tel:0049%20(0)221%2066966966"), "+4922166966966");
}

#[test]
fn what_a_link_does_not_dial_is_not_read_as_more_of_its_number() {
    let plan = NumberPlan::default();
    for rest in [";postd=12", ";postd=pp22", ";postd=w9", ";22", ",,12", ",,12%23", ";ext=12", ";postd=*9", ""] {
        let link = read_link(&format!("tel:+4922166966966{rest}")).unwrap();
        let shown = link.shown();
        let entry = read_entry(&shown, &plan, &|_| false).unwrap();
        let number = read(&shown, &plan, &|_| false).unwrap().party;
        assert_eq!(number.dial_text(), Some("+4922166966966"), "{rest}: {shown}");
        assert_eq!(entry.not_dialled.is_some(), !rest.is_empty(), "{rest}: {shown}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_link_yields_a_dialable_number_or_an_error(
        uri in "((tel|callto|sip|sips|TEL)(:|%3A|://))?[-+0-9()%*#;=@:?/. a-fA-F]{0,50}|\\PC{0,60}"
    ) {
        match parse_link(&uri) {
            Ok(number) => prop_assert!(is_dialable(&number)),
            Err(error) => prop_assert!(error.message().ends_with('.') && !error.hint().is_empty()),
        }
    }
}

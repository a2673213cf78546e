use proptest::prelude::*;

use super::super::PhoneNumber;
use super::*;

fn plan(region: &str) -> NumberPlan {
    NumberPlan { region: region.to_owned(), ..NumberPlan::default() }
}

fn cologne() -> NumberPlan {
    NumberPlan { area_code: Some("221".to_owned()), ..plan("DE") }
}

fn behind(outside_line: &str, plan: NumberPlan) -> NumberPlan {
    NumberPlan { outside_line: Some(outside_line.to_owned()), ..plan }
}

fn known(digits: &str) -> bool {
    ["31", "100", "4711", "123456"].contains(&digits)
}

fn shown(result: Result<Reading, NumberError>) -> String {
    match result {
        Ok(Reading { party, rule }) => {
            let kind = match &party {
                Party::Number(_) => "",
                Party::Extension(_) => "ext ",
                Party::Code(_) => "code ",
                Party::Withheld | Party::Unstated => "nobody",
            };
            format!("{kind}{} {}", party.dial_text().unwrap_or("undialable"), rule.code())
        }
        Err(error) => error.code().to_owned(),
    }
}

fn check(plan: &NumberPlan, rows: &[(&str, &str)]) {
    let read: Vec<_> = rows.iter().map(|(text, _)| (*text, shown(read(text, plan, &known)))).collect();
    let wrong: Vec<_> = read.iter().zip(rows).filter(|(read, row)| read.1 != row.1).collect();
    assert!(wrong.is_empty(), "read and expected: {wrong:#?}");
}

#[test]
fn international_forms() {
    check(
        &plan("DE"),
        &[
            ("+4922166966966", "+4922166966966 international"),
            ("+49 221 66966966", "+4922166966966 international"),
            ("+49-221-669-66966", "+4922166966966 international"),
            ("+49 (0) 221 66966966", "+4922166966966 trunk_zero_in_brackets_dropped"),
            ("+49(0)221/66966966", "+4922166966966 trunk_zero_in_brackets_dropped"),
            ("+49 ( 0 ) 221 66966966", "+4922166966966 trunk_zero_in_brackets_dropped"),
            ("+49 [0] 221 66966966", "+4922166966966 trunk_zero_in_brackets_dropped"),
            ("0049 (0) 221 66966966", "+4922166966966 trunk_zero_in_brackets_dropped"),
            ("49 (0) 221 66966966", "+4922166966966 trunk_zero_in_brackets_dropped"),
            ("+49 0221 66966966", "+4922166966966 trunk_prefix_dropped"),
            ("+49 (0221) 66966966", "+4922166966966 trunk_prefix_dropped"),
            ("(+49) 221 66966", "+4922166966 international"),
            ("+ 49 221 66966", "+4922166966 international"),
            ("004922166966966", "+4922166966966 international_00"),
            ("00 49 221 66966966", "+4922166966966 international_00"),
            ("0041 44 668 18 00", "+41446681800 international_00"),
            ("4922166966966", "+4922166966966 international_without_plus"),
            ("49 221 66966966", "+4922166966966 international_without_plus"),
            ("+41 (0)44 668 18 00", "+41446681800 trunk_zero_in_brackets_dropped"),
            ("+39 06 698 12345", "+390669812345 international"),
            ("+39 (0)6 698 12345", "+390669812345 international"),
            ("+44 (0)20 7946 0018", "+442079460018 trunk_zero_in_brackets_dropped"),
            ("+1 (0) 212 555 2368", "+12125552368 trunk_zero_in_brackets_dropped"),
            ("+43 660 3512345", "+436603512345 international"),
            ("+972-50-123-4567", "+972501234567 international"),
            ("+800 1234 5678", "+80012345678 international"),
        ],
    );
}

#[test]
fn national_forms() {
    check(
        &plan("DE"),
        &[
            ("0221 66966966", "+4922166966966 national"),
            ("0221/66966966", "+4922166966966 national"),
            ("(0221) 66966966", "+4922166966966 national"),
            ("(0)221 66966966", "+4922166966966 national"),
            ("0221.669.669-66", "+4922166966966 national"),
            ("0171 5555555", "+491715555555 national"),
            ("0800 330 1000", "+498003301000 national"),
            ("221 66966966", "+4922166966966 national_without_trunk"),
            ("66966966", "number_without_area_code"),
        ],
    );
    check(&plan("AT"), &[("0660 3512345", "+436603512345 national")]);
    check(&NumberPlan { country_code: Some(43), ..plan("DE") }, &[("0660 3512345", "+436603512345 national")]);
    check(
        &plan("CH"),
        &[
            ("044 668 18 00", "+41446681800 national"),
            ("41 44 668 18 00", "+41446681800 international_without_plus"),
            ("079 123 45 67", "+41791234567 national"),
            ("0041446681800", "+41446681800 international_00"),
        ],
    );
    check(&plan("IL"), &[("050-1234567", "+972501234567 national"), ("03-6957361", "+97236957361 national")]);
    check(&plan("IT"), &[("06 698 12345", "+390669812345 national"), ("347 1234567", "+393471234567 national")]);
    check(&plan("FR"), &[("01 42 68 53 00", "+33142685300 national")]);
    check(
        &plan("US"),
        &[
            ("(212) 555-2368", "+12125552368 national"),
            ("1-212-555-2368", "+12125552368 national"),
            ("011 49 221 66966966", "+4922166966966 international_00"),
        ],
    );
    check(&plan("AU"), &[("0011 49 221 66966966", "+4922166966966 international_00")]);
    check(
        &plan("?"),
        &[
            ("+49 221 66966966", "+4922166966966 international"),
            ("0049 221 66966966", "+4922166966966 international_00"),
            ("0221 66966966", "no_region"),
        ],
    );
}

#[test]
fn local_numbers_are_read_in_the_account_s_area() {
    check(
        &cologne(),
        &[
            ("66966966", "+4922166966966 local_in_area"),
            ("669 669", "+49221669669 local_in_area"),
            ("0221 66966966", "+4922166966966 national"),
            ("030 23125 000", "+493023125000 national"),
        ],
    );
    check(
        &NumberPlan { area_code: Some("0221".to_owned()), ..plan("DE") },
        &[("66966966", "+4922166966966 local_in_area")],
    );
}

#[test]
fn the_outside_line_is_not_the_trunk_prefix() {
    check(
        &behind("0", cologne()),
        &[
            ("0 0221 66966966", "+4922166966966 outside_line_then_national"),
            ("0022166966966", "+4922166966966 outside_line_then_national"),
            ("0221 66966966", "+4922166966966 national"),
            ("00 49 221 66966966", "+4922166966966 international_00"),
            ("004922166966966", "+4922166966966 international_00"),
            ("0 00 49 221 66966966", "+4922166966966 outside_line_then_international"),
            ("0004922166966966", "+4922166966966 outside_line_then_international"),
            ("0+49 221 66966966", "+4922166966966 outside_line_then_international"),
            ("0 +49 (0) 221 66966966", "+4922166966966 outside_line_then_international"),
            ("0 112", "code 112 emergency"),
            ("0112", "code 112 emergency"),
            ("0 116117", "code 116117 outside_line_then_short_number"),
            ("0 0171 5555555", "+491715555555 outside_line_then_national"),
            ("31", "ext 31 extension"),
        ],
    );
    check(
        &behind("9", plan("US")),
        &[
            ("9 1 212 555 2368", "+12125552368 outside_line_then_national"),
            ("9 011 49 221 66966966", "+4922166966966 outside_line_then_international"),
            ("9 911", "code 911 emergency"),
        ],
    );
    check(
        &behind("9", cologne()),
        &[
            ("9 0221 66966966", "+4922166966966 outside_line_then_national"),
            ("96696696", "+4922196696696 local_in_area"),
        ],
    );
}

#[test]
fn extensions_codes_and_short_numbers() {
    check(
        &plan("DE"),
        &[
            ("31", "ext 31 extension"),
            ("(31)", "ext 31 extension"),
            ("77", "ext 77 extension_by_length"),
            ("12345", "ext 12345 extension_by_length"),
            ("123456", "ext 123456 extension"),
            ("*43#12", "code *43#12 service_code"),
            ("*87", "code *87 service_code"),
            ("#31#", "code #31# service_code"),
            ("＊４３＃１２", "code *43#12 service_code"),
            ("*21*+4922166966966#", "code *21*+4922166966966# service_code"),
            ("+49221#1", "not_a_number"),
            ("#", "not_a_number"),
            ("116117", "code 116117 short_number"),
            ("115", "code 115 short_number"),
        ],
    );
    let strict = NumberPlan { extension_digits: 0, ..plan("DE") };
    check(&strict, &[("31", "ext 31 extension"), ("77", "number_too_short"), ("777", "number_without_area_code")]);
    check(
        &plan("CH"),
        &[("144", "code 144 emergency"), ("1414", "code 1414 emergency"), ("1818", "code 1818 short_number")],
    );
}

#[test]
fn help_is_never_read_as_anything_else() {
    for region in ["DE", "CH", "AT", "IL", "FR", "US", "??", ""] {
        for plan in
            [plan(region), behind("0", plan(region)), NumberPlan { area_code: Some("30".into()), ..plan(region) }]
        {
            assert_eq!(shown(read("112", &plan, &|_| true)), "code 112 emergency", "{plan:?}");
        }
    }
    check(
        &cologne(),
        &[
            ("110", "code 110 emergency"),
            ("1 1 2", "code 112 emergency"),
            ("+49 112", "emergency_number_with_prefix"),
            ("0112", "emergency_number_with_prefix"),
            ("0049 110", "emergency_number_with_prefix"),
        ],
    );
}

#[test]
fn every_script_s_digits_dashes_and_spaces() {
    check(
        &plan("DE"),
        &[
            ("+４９ ２２１ ６６９６６９６６", "+4922166966966 international"),
            ("＋49（0）221／66966966", "+4922166966966 trunk_zero_in_brackets_dropped"),
            ("٠٢٢١ ٦٦٩٦٦٩٦٦", "+4922166966966 national"),
            ("۰۲۲۱ ۶۶۹۶۶۹۶۶", "+4922166966966 national"),
            ("0221\u{a0}669\u{202f}669\u{2009}66", "+4922166966966 national"),
            ("0221–669—669‑66", "+4922166966966 national"),
            ("0221−66966966", "+4922166966966 national"),
            ("\u{202a}+49 221 66966966\u{202c}", "+4922166966966 international"),
            ("\u{200e}0221\u{200b}66966966\u{feff}", "+4922166966966 national"),
            ("0221·669·66966", "+4922166966966 national"),
            (" 0221 66966966, ", "+4922166966966 national"),
            ("\t0221\n66966966", "not_a_number"),
        ],
    );
}

#[test]
fn a_link_waits_for_the_outside_line_as_a_typed_number_does() {
    let new_york = behind("9", NumberPlan { area_code: Some("212".to_owned()), ..plan("US") });
    check(
        &new_york,
        &[
            ("tel:9,12125552368", "+12125552368 outside_line_then_national"),
            ("tel:9,1,2125552368", "+12125552368 outside_line_then_national"),
            ("tel:9w12125552368", "+12125552368 outside_line_then_national"),
            ("tel:9,5552368", "+12125552368 outside_line_then_local"),
            ("tel:9,911", "code 911 emergency"),
            ("tel:+12125552368,,1234%23", "+12125552368 international"),
        ],
    );
    check(
        &behind("0", cologne()),
        &[
            ("tel:0,022166966966", "+4922166966966 outside_line_then_national"),
            ("tel:0,66966966", "+4922166966966 outside_line_then_local"),
        ],
    );
    check(&plan("US"), &[("tel:9,12125552368", "not_a_number")]);
}

#[test]
fn a_letter_in_front_is_a_word_only_before_a_whole_number() {
    check(
        &cologne(),
        &[
            ("M 0171 5555555", "+491715555555 national"),
            ("M 31", "number_has_letters"),
            ("Büro 4711", "number_has_letters"),
            ("O 22166966966", "number_has_letters"),
            ("O22166966966", "number_has_letters"),
            ("T0221 66966966", "number_has_letters"),
            ("0221 66966966 (privat)", "+4922166966966 national"),
            ("Zimmer 0221 66966966", "number_has_letters"),
        ],
    );
}

#[test]
fn what_is_refused() {
    check(
        &cologne(),
        &[
            ("", "number_empty"),
            (" \u{200b} ", "number_empty"),
            ("-", "not_a_number"),
            ("+", "not_a_number"),
            ("Anna", "number_has_letters"),
            ("0800 FLOWERS", "number_has_letters"),
            ("+49 221 1 +49 221 2", "several_numbers"),
            ("0221 66966966 0171 5555555", "several_numbers"),
            ("+999 221 66966966", "unknown_country_code"),
            ("+49", "number_too_short"),
            ("0", "number_too_short"),
            ("0221", "number_too_short"),
            ("0221;66966966", "not_a_number"),
            ("$(reboot)", "not_a_number"),
            ("+49 221 66966966 66966966", "number_too_long"),
            ("1234567890123456789012345678901234", "number_too_long"),
        ],
    );
    assert_eq!(shown(read(&"1 ".repeat(100_000), &cologne(), &known)), "number_too_long");
    assert_eq!(shown(read(&format!("*{}", "1".repeat(32)), &cologne(), &known)), "number_too_long");
}

#[test]
fn every_error_says_what_and_how_on() {
    for error in NumberError::ALL {
        assert!(error.message().ends_with('.') && error.hint().ends_with('.'), "{error:?}");
        assert!(error.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        assert_eq!(crate::Problem::from(error).code, error.code());
    }
}

fn any_plan() -> impl Strategy<Value = NumberPlan> {
    let region =
        prop::sample::select(vec!["DE", "CH", "AT", "IL", "IT", "US", "FR", "AR", "MX", "BR", "RU", "HU", "ZZ", ""]);
    let area = prop::option::of(prop::sample::select(vec!["30", "221", "44", "0221", ""]));
    let outside = prop::option::of(prop::sample::select(vec!["0", "9", "00", ""]));
    let code = prop::option::of(prop::sample::select(vec![1_u16, 41, 43, 49, 999]));
    (region, area, outside, code, 0_u8..12).prop_map(|(region, area, outside, code, extension_digits)| NumberPlan {
        region: region.to_owned(),
        country_code: code,
        area_code: area.map(str::to_owned),
        outside_line: outside.map(str::to_owned),
        extension_digits,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_read_can_be_dialled(text in "\\PC{0,40}", plan in any_plan()) {
        if let Ok(reading) = read(&text, &plan, &known) {
            prop_assert!(reading.party.dial_text().is_some());
        }
    }

    #[test]
    fn a_number_read_again_is_itself(text in "(\\+|00|0|)( ?\\(0\\) ?)?[0-9 ()/*#-]{1,20}", plan in any_plan()) {
        if let Ok(Reading { party: Party::Number(number), .. }) = read(&text, &plan, &known) {
            let again = read(number.e164(), &plan, &known).map(|reading| reading.party);
            prop_assert_eq!(again, Ok(Party::Number(number.clone())));
            let shown = read(&number.international(), &plan, &known).map(|reading| reading.party);
            prop_assert_eq!(shown, Ok(Party::Number(number)));
        }
    }

    #[test]
    fn a_german_number_is_the_same_in_every_form(subscriber in 10_000_u32..999_999_999) {
        let number = PhoneNumber::from_e164(&format!("+4930{subscriber}")).unwrap();
        for text in [
            format!("+49 (0) 30 {subscriber}"),
            format!("0049 30 {subscriber}"),
            format!("(+49) 30/{subscriber}"),
            format!("030-{subscriber}"),
        ] {
            prop_assert_eq!(read(&text, &plan("DE"), &|_| false).map(|r| r.party), Ok(Party::Number(number.clone())));
        }
    }
}

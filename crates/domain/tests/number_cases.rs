//! Numbers and links as people report them, read straight from the tables beside this file. Each way to a number
//! (typed, in a text, in a cell, in a link) must come to the same.

use std::fs;

use proptest::prelude::*;
use ringside_domain::number::{find_numbers, read, read_cell, read_entry, read_link};
use ringside_domain::{NumberPlan, Party};

struct Row {
    plan: NumberPlan,
    input: String,
    expected: String,
    /// It means this only where a number is put in by itself.
    typed_only: bool,
}

impl Row {
    /// The numbers and codes that the expectation names.
    fn parties(&self) -> Vec<String> {
        let words = self.expected.split([' ', ',']);
        words
            .filter(|word| word.starts_with("code:") || word.starts_with("ext:") || is_number(word))
            .map(str::to_owned)
            .collect()
    }

    fn refused(&self) -> Option<&str> {
        self.expected.strip_prefix("refused ")
    }
}

fn is_number(word: &str) -> bool {
    word.strip_prefix('+').is_some_and(|digits| digits.len() > 4 && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn rows(file: &str) -> Vec<Row> {
    let path = format!("{}/tests/cases/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let rows: Vec<Row> = text
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [region, area_code, outside_line, input, expected, why] = fields[..] else { panic!("{file}: {line}") };
            let plan = NumberPlan {
                region: region.to_owned(),
                area_code: optional(area_code),
                outside_line: optional(outside_line),
                ..NumberPlan::default()
            };
            Row {
                plan,
                input: input.to_owned(),
                expected: expected.to_owned(),
                typed_only: why.ends_with("(as typed)"),
            }
        })
        .collect();
    assert!(rows.len() > 20, "{path} has {} rows", rows.len());
    rows
}

fn shown(party: &Party) -> String {
    match party {
        Party::Number(number) => number.e164().to_owned(),
        Party::Code(code) => format!("code:{code}"),
        Party::Extension(extension) => format!("ext:{extension}"),
        Party::Withheld | Party::Unstated => "nobody".to_owned(),
    }
}

/// As typed: every choice offered, in its order.
fn typed(row: &Row) -> Vec<String> {
    match read_entry(&row.input, &row.plan, &|_| false) {
        Ok(entry) => entry.choices.iter().map(|choice| shown(&choice.reading.party)).collect(),
        Err(error) => vec![format!("refused {}", error.code())],
    }
}

/// Numbers alone, as an import keeps them.
fn in_cell(row: &Row) -> Vec<String> {
    let plan = NumberPlan { extension_digits: 0, ..row.plan.clone() };
    read_cell(&row.input, &plan).numbers.iter().map(|number| number.e164().to_owned()).collect()
}

fn in_text(row: &Row) -> Vec<String> {
    find_numbers(&row.input, &row.plan, &|_| false)
        .into_iter()
        .filter_map(|found| found.result.ok())
        .map(|reading| shown(&reading.party))
        .collect()
}

fn check(rows: &[Row]) {
    let mut wrong = Vec::new();
    for row in rows {
        let expected = row.parties();
        let whole = |found: &[String]| match row.refused() {
            Some(code) => found == [format!("refused {code}")],
            // "+…66, or three offered apart" names the first alone.
            None if row.expected.contains("offered apart") => found.starts_with(&expected) && !expected.is_empty(),
            None => *found == expected[..] && !expected.is_empty(),
        };
        let found = typed(row);
        if !whole(&found) {
            wrong.push(format!("typed {:?}: {found:?}, not {}", row.input, row.expected));
        }
        if let Ok(entry) = read_entry(&row.input, &row.plan, &|_| false)
            && !entry.several
        {
            let first = read(&row.input, &row.plan, &|_| false).map(|reading| shown(&reading.party));
            if first.as_ref().ok() != expected.first() {
                wrong.push(format!("read {:?}: {first:?}, not {}", row.input, row.expected));
            }
        }
        let numbers: Vec<String> = expected.iter().filter(|party| party.starts_with('+')).cloned().collect();
        let kept = in_cell(row);
        if if row.refused().is_some() { !kept.is_empty() } else { !kept.starts_with(&numbers) } {
            wrong.push(format!("cell {:?}: {kept:?}, not {}", row.input, row.expected));
        }
        if row.typed_only {
            continue;
        }
        let found = in_text(row);
        if if row.refused().is_some() { !found.is_empty() } else { !whole(&found) } {
            wrong.push(format!("text {:?}: {found:?}, not {}", row.input, row.expected));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn reported_numbers() {
    check(&rows("numbers.tsv"));
}

#[test]
fn numbers_of_the_same_kinds() {
    check(&rows("more_numbers.tsv"));
}

#[test]
fn reported_links() {
    let path = format!("{}/tests/cases/links.tsv", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).unwrap();
    let plan = NumberPlan::default();
    let mut rows = 0;
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [link, expected, why] = fields[..] else { panic!("{line}") };
        rows += 1;
        // A link by itself, and the link's number as it is put into the palette, come to the same.
        let from_link = read_entry(link, &plan, &|_| false);
        if expected.starts_with("refused") {
            assert!(from_link.is_err() && read_link(link).is_err(), "{link}");
            continue;
        }
        let entry = from_link.unwrap_or_else(|error| panic!("{link}: {error}"));
        assert_eq!(entry.choices.iter().map(|it| shown(&it.reading.party)).collect::<Vec<_>>(), [expected], "{link}");
        assert_eq!(
            entry.not_dialled.is_some(),
            why.contains("pause") || link.contains("postd") || why.contains("tones"),
            "{link}"
        );
        let number = read(&read_link(link).unwrap().number, &plan, &|_| false);
        assert_eq!(number.map(|reading| shown(&reading.party)).as_deref(), Ok(expected), "{link}");
    }
    assert!(rows > 5, "{rows}");
}

#[test]
fn the_rule_is_that_of_the_entered_text() {
    let cologne = NumberPlan { area_code: Some("221".into()), outside_line: Some("0".into()), ..NumberPlan::default() };
    for (text, rule) in [
        ("0221 66966966", "national"),
        ("tel:0221-66966966", "national"),
        ("+49 221 66966966", "international"),
        ("+49 (0) 221 66966966", "trunk_zero_in_brackets_dropped"),
        ("tel:+49%20(0)%20221%2066966966", "trunk_zero_in_brackets_dropped"),
        ("49 0221 66966966", "trunk_prefix_dropped"),
        ("0 66966966", "outside_line_then_local"),
        ("66966966", "local_in_area"),
    ] {
        assert_eq!(read(text, &cologne, &|_| false).map(|reading| reading.rule.code()), Ok(rule), "{text}");
    }
}

#[test]
fn what_is_left_out_of_a_cell_is_named() {
    let plan = NumberPlan { extension_digits: 0, ..NumberPlan::default() };
    for (text, expected) in [
        ("0221 66966966 DW 12", vec![("DW 12", "not_dialled")]),
        ("+4922166966966,,123#", vec![(",,123#", "not_dialled")]),
        ("4,91716E+12", vec![("4,91716E+12", "number_rounded")]),
        ("01.02.2026", vec![("01.02.2026", "number_is_date")]),
        ("116117", vec![("116117", "not_public")]),
        ("66966966", vec![("66966966", "number_without_area_code")]),
        ("nan", vec![("nan", "number_has_letters")]),
        ("Tel. 0221 66966966, Rechnung 4711", vec![("4711", "reference")]),
        ("0221 66966966", vec![]),
        (" ", vec![]),
    ] {
        let cell = read_cell(text, &plan);
        let left: Vec<_> = cell.left_out.iter().map(|it| (it.text.as_str(), it.why.code())).collect();
        assert_eq!(left, expected, "{text}");
        assert!(cell.left_out.iter().all(|it| it.why.message().ends_with('.')), "{text}");
    }
}

/// Every country's example number, in every form that this program writes, is read as itself.
#[test]
fn what_is_written_is_read_as_the_same_number() {
    let mut wrong = Vec::new();
    for first in b'A'..=b'Z' {
        for second in b'A'..=b'Z' {
            let region = String::from_utf8(vec![first, second]).unwrap();
            let plan = NumberPlan { region: region.clone(), extension_digits: 0, ..NumberPlan::default() };
            for e164 in examples(&region) {
                let number = ringside_domain::PhoneNumber::from_e164(&e164).unwrap();
                for text in [number.e164().to_owned(), number.international(), number.national()] {
                    // Countries share codes, and New Caledonia's 20.12.34 is a date to everybody else.
                    if text == number.national() && (number.country_region() != Some(&region) || region == "NC") {
                        continue;
                    }
                    let read = read(&text, &plan, &|_| false).map(|reading| shown(&reading.party));
                    if read.as_ref() != Ok(&e164) {
                        wrong.push(format!("{region} {text}: {read:?}, not {e164}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn examples(region: &str) -> Vec<String> {
    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region};
    let Ok(region) = Region::from_code(region) else { return Vec::new() };
    [PhoneNumberType::FixedLine, PhoneNumberType::Mobile]
        .into_iter()
        .filter_map(|kind| PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind).ok())
        .map(|number| number.format_as(PhoneNumberFormat::E164).into_owned())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_put_in_gives_numbers_that_exist_and_never_panics(
        text in "(\\PC|[-+0-9()*#./,;: xpwE\n]|oder|ext|tel:|%2B|0221 66966966|/67|-66){0,30}",
        region in prop::sample::select(vec!["DE", "AT", "CH", "IL", "US", "IT", "PL", "ZZ"]),
        outside in prop::option::of(prop::sample::select(vec!["0", "9"])),
    ) {
        let plan = NumberPlan {
            region: region.to_owned(),
            area_code: Some("30".into()),
            outside_line: outside.map(str::to_owned),
            ..NumberPlan::default()
        };
        if let Ok(entry) = read_entry(&text, &plan, &|_| false) {
            prop_assert!(!entry.choices.is_empty());
            for choice in entry.choices {
                if let Party::Number(number) = choice.reading.party {
                    prop_assert!((4..=15).contains(&number.digits().len()));
                }
            }
        }
        for number in read_cell(&text, &plan).numbers {
            prop_assert!((4..=15).contains(&number.digits().len()));
        }
    }
}

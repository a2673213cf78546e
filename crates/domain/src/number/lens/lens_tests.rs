use proptest::prelude::*;

use super::*;

fn plan(region: &str) -> NumberPlan {
    NumberPlan { region: region.to_owned(), ..NumberPlan::default() }
}

fn known(digits: &str) -> bool {
    ["31", "4712", "815"].contains(&digits)
}

/// "text → what it was read as", one for each finding.
fn shown(text: &str, plan: &NumberPlan) -> Vec<String> {
    find_numbers(text, plan, &known)
        .into_iter()
        .map(|found| {
            assert_eq!(found.text, text[found.span.clone()], "{text:?}");
            match found.result {
                Ok(reading) => reading.party.dial_text().unwrap_or("?").to_owned(),
                Err(refusal) => format!("{}: {}", found.text, refusal.code()),
            }
        })
        .collect()
}

fn check(region: &str, rows: &[(&str, &[&str])]) {
    let found: Vec<_> = rows.iter().map(|(text, _)| (*text, shown(text, &plan(region)))).collect();
    let wrong: Vec<_> = found.iter().zip(rows).filter(|(found, row)| found.1 != row.1).collect();
    assert!(wrong.is_empty(), "found and expected: {wrong:#?}");
}

#[test]
fn numbers_in_running_text() {
    check(
        "DE",
        &[
            ("Bitte rufen Sie 0221 66966966 an.", &["+4922166966966"]),
            ("Tel. +49 (0) 221 66966966", &["+4922166966966"]),
            ("(+49) 221 66966", &["+4922166966"]),
            ("Tel.:0221/66966966", &["+4922166966966"]),
            ("Fon (0221) 669 669-66, Fax -67", &["+4922166966966"]),
            ("Mobil: 0171-5555555.", &["+491715555555"]),
            ("Ruf 0049 221 66966966!", &["+4922166966966"]),
            ("(0221 66966966)", &["+4922166966966"]),
            ("unter der Nummer 0221 66966966", &["+4922166966966"]),
            ("Fragen zur Rechnung? 0221 66966966", &["+4922166966966"]),
            ("Rückfragen zur Rechnung 0221 66966966", &["+4922166966966"]),
            ("phone no. 0221 66966966", &["+4922166966966"]),
            ("Tel‑Nr.: ٠٢٢١ ٦٦٩٦٦٩٦٦", &["+4922166966966"]),
            ("0221–66966966", &["+4922166966966"]),
            ("Wählen Sie *43#12 und warten", &["*43#12"]),
            ("Durchwahl 31", &["31"]),
            ("Zimmer 31", &[]),
            ("Kollege 4712 hilft", &["4712"]),
            ("Notruf 112", &["112"]),
            ("112 Seiten", &["112: too_short"]),
            ("31", &["31"]),
            ("4711", &["4711"]),
            ("„0221 66966966“", &["+4922166966966"]),
            ("<tel:+49-221-669-66966>", &["+4922166966966"]),
            ("", &[]),
            ("Anna", &[]),
        ],
    );
    check("CH", &[("Büro 044 668 18 00 oder +41 79 123 45 67", &["+41446681800", "+41791234567"])]);
    check("FR", &[("Appelez le 01.42.68.53.00 !", &["+33142685300"])]);
    check("US", &[("call us: (212) 555-2368", &["+12125552368"]), ("or 212.555.2368 today", &["+12125552368"])]);
    check("IL", &[("חייגו 03-6957361 עכשיו", &["+97236957361"])]);
}

#[test]
fn several_numbers_are_several_findings() {
    check(
        "DE",
        &[
            ("0221 66966966 / 0171 5555555", &["+4922166966966", "+491715555555"]),
            ("0221/66966966 0171/5555555", &["+4922166966966", "+491715555555"]),
            ("0221 66966966 0171 5555555 030 23125000", &["+4922166966966", "+491715555555", "+493023125000"]),
            ("0221 66966966, 0171 5555555", &["+4922166966966", "+491715555555"]),
            ("0221 66966966\n0171 5555555", &["+4922166966966", "+491715555555"]),
            ("+49 221 66966966 +49 171 5555555", &["+4922166966966", "+491715555555"]),
            ("+49 221 66966966+49 171 5555555", &["+4922166966966", "+491715555555"]),
            ("0221 66966966 (0171) 5555555", &["+4922166966966", "+491715555555"]),
            ("0221 66966966\t0171 5555555", &["+4922166966966", "+491715555555"]),
            ("0221 66966966  0171 5555555", &["+4922166966966", "+491715555555"]),
            ("0221 66966966 oder 0171 5555555", &["+4922166966966", "+491715555555"]),
            ("0800 330 1000", &["+498003301000"]),
        ],
    );
}

#[test]
fn dates_times_and_years() {
    check(
        "DE",
        &[
            ("Rechnung 4711 vom 01.02.2026", &["4711: reference", "01.02.2026: date"]),
            ("01.02.2026", &["01.02.2026: date"]),
            ("1.2.26", &["1.2.26: date"]),
            ("2026-02-01", &["2026-02-01: date"]),
            ("2026-02-01T14:30:00Z", &["2026-02-01: date", "14:30:00: time"]),
            ("01/02/2026", &["01/02/2026: date"]),
            ("12/2026", &["12/2026: date"]),
            ("vom 01.02.-03.02.2026 da", &["01.02.-03.02.2026: date"]),
            ("am 01.02. um 14:30", &["01.02: date", "14:30: time"]),
            ("08:00-17:00", &["08:00-17:00: time"]),
            ("14.30 Uhr", &["14.30: time"]),
            ("im Jahr 2026", &["2026: year"]),
            ("2024-2026", &["2024-2026: year"]),
            ("0221 66966966 01.02.2026", &["+4922166966966", "01.02.2026: date"]),
            ("Tel. 0221 66966966 14:30", &["+4922166966966", "14:30: time"]),
        ],
    );
}

#[test]
fn money() {
    check(
        "DE",
        &[
            ("1.234,56 EUR", &["1.234,56: amount"]),
            ("CHF 1'234.50", &["1'234.50: amount"]),
            ("CHF 1’234.50", &["1’234.50: amount"]),
            ("€ 1234567", &["1234567: amount"]),
            ("1 234 567,50", &["1 234 567,50: amount"]),
            ("EUR 0221", &["0221: amount"]),
            ("1234,- Euro", &["1234,-: amount"]),
            ("$1,234.50", &["1,234.50: amount"]),
            ("19,00 %", &["19,00: amount"]),
            ("1'234'567", &["1'234'567: amount"]),
            ("Summe 12345678,90", &["12345678,90: amount"]),
            ("120.50 EUR, Tel. 0221 66966966", &["120.50: amount", "+4922166966966"]),
        ],
    );
}

#[test]
fn ibans() {
    check(
        "DE",
        &[
            ("DE89 3704 0044 0532 0130 00", &["DE89 3704 0044 0532 0130 00: iban"]),
            ("DE89370400440532013000", &["DE89370400440532013000: iban"]),
            (
                "IBAN: CH93 0076 2011 6238 5295 7, Tel 0221 66966966",
                &["CH93 0076 2011 6238 5295 7: iban", "+4922166966966"],
            ),
            ("GB29 NWBK 6016 1331 9268 19", &["GB29 NWBK 6016 1331 9268 19: iban"]),
            ("DE89 3704 0044 0532 0130 00 0221 66966966", &["DE89 3704 0044 0532 0130 00: iban", "+4922166966966"]),
            ("DE00 1234 5678 9012 3456 78", &["DE00 1234 5678 9012 3456 78: iban"]),
            ("3704 0044 0532 0130 00", &["3704 0044 0532 0130 00: number_too_long"]),
            ("4111 1111 1111 1111", &["4111 1111 1111 1111: number_too_long"]),
        ],
    );
}

#[test]
fn reference_numbers() {
    check(
        "DE",
        &[
            ("invoice #4711", &["#4711: reference"]),
            ("Rechnung Nr. 0221 66966966", &["0221 66966966: reference"]),
            ("Rechnungsnummer: 0221 66966966", &["0221 66966966: reference"]),
            ("Kd-Nr. 0221 66966966", &["0221 66966966: reference"]),
            ("Kd.-Nr.: 12345678", &["12345678: reference"]),
            ("Kundennummer 022166966966", &["022166966966: reference"]),
            ("order 022166966966", &["022166966966: reference"]),
            ("Order No. 100200300", &["100200300: reference"]),
            ("Ticket 4712", &["4712: reference"]),
            ("Bestellung 4711, Tel. 0221 66966966", &["4711: reference", "+4922166966966"]),
            ("Kunde +49 221 66966966", &["+4922166966966"]),
            ("Telefonnummer des Kunden: 0221 66966966", &["+4922166966966"]),
            ("RE-2026-0815", &["2026-0815: part_of_word"]),
            ("A4711", &["4711: part_of_word"]),
            ("0221abc", &["0221: part_of_word"]),
            ("anna0221@example.com", &["0221: part_of_word"]),
            ("https://example.com/022166966966", &["022166966966: part_of_word"]),
        ],
    );
}

#[test]
fn other_runs_of_digits() {
    check(
        "DE",
        &[
            ("192.168.1.10", &["192.168.1.10: ip_address"]),
            ("Version 2.12.4", &["2.12.4: version"]),
            ("v1.2.3", &["1.2.3: version"]),
            ("50667 Köln", &["50667: postcode"]),
            ("01067 Dresden", &["01067: postcode"]),
            ("D-50667 Köln", &["50667: postcode"]),
            ("Hausnummer 815 b", &["815: reference"]),
            ("über 12345 mal", &["12345: too_short"]),
            ("das sind 221 66966966 Dinge", &["221 66966966: no_prefix"]),
        ],
    );
    check("CH", &[("8001 Zürich", &["8001: postcode"])]);
}

#[test]
fn long_texts_are_cut_and_take_linear_time() {
    let number = "0221 66966966, ";
    let text = number.repeat(100_000);
    let found = find_numbers(&text, &plan("DE"), &known);
    assert!(found.len() >= MAX_BYTES / number.len() - 1 && found.iter().all(|f| f.span.end <= MAX_BYTES));
    for unit in ["1", "0 ", "0/0", "(", "+", "*", "1.", "1,", "DE89", "a1", "ä", "0221 66966966 ", "Tel"] {
        let text = unit.repeat(MAX_BYTES);
        assert!(find_numbers(&text, &plan("DE"), &known).len() <= MAX_BYTES, "{unit}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn findings_are_in_order_and_dialable(
        text in "(\\PC|[-+0-9()*#./,:' \n€]|Tel|DE89|Nr\\.|0221|CHF){0,60}",
        region in prop::sample::select(vec!["DE", "CH", "US", "IT", ""]),
    ) {
        let mut last = 0;
        for found in find_numbers(&text, &plan(region), &known) {
            prop_assert!(last <= found.span.start && found.span.start < found.span.end);
            prop_assert_eq!(&found.text, &text[found.span.clone()]);
            last = found.span.end;
            if let Ok(reading) = found.result {
                prop_assert!(reading.party.dial_text().is_some());
            }
        }
    }
}

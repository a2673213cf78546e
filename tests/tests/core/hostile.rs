//! Names, numbers and notes are somebody else's input.

use base64::Engine as _;
use ringside_api::view::HistoryFilter;
use ringside_api::{Reply, Request};
use ringside_app::desktop::Asked;
use ringside_exchange::RingSpec;
use ringside_tests::rig;

/// What people put into address books, and worse.
fn payloads() -> Vec<String> {
    let mut payloads: Vec<String> = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)>",
        "javascript:alert(1)",
        "{{constructor.constructor('alert(1)')()}}",
        "${7*7}",
        "</title><style>*{display:none}</style>",
        "=cmd|' /C calc'!A0",
        "@SUM(1+1)",
        "-2+3+cmd|' /C calc'!A0",
        "\u{202E}gpj.exe",
        "A\u{2066}B\u{2069}C",
        "line\nbreak\r\nand\ttab",
        "nul\0byte",
        "bell\u{7}",
        "\u{FEFF}bom",
        "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        "&lt;b&gt;",
        "%s%s%s%n",
        "'; DROP TABLE calls; --",
        "../../etc/passwd",
        "https://evil.example/",
    ]
    .map(str::to_owned)
    .into();
    payloads.push("Ä".repeat(10_000));
    payloads
}

/// What no text that is shown may hold.
fn is_safe(text: &str) -> bool {
    let overrides = [
        '\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
        '\u{FEFF}',
    ];
    text.chars().count() <= 300 && !text.chars().any(|c| c.is_control() || overrides.contains(&c))
}

#[tokio::test]
async fn hostile_names_of_colleagues_reach_card_board_and_history_tame() {
    let (exchange, rig) = rig::quiet().await;
    for (index, payload) in payloads().iter().enumerate() {
        exchange.office().add_extension(&format!("9{index:02}"), payload);
    }
    rig.call(Request::Reconnect { id: Some("office".into()) }).await.unwrap();
    rig.until("the new colleagues", |it| it.lines.iter().any(|line| line.extension == "900").then_some(())).await;
    rig.online("office").await;
    for line in rig.snapshot().await.lines {
        assert!(is_safe(&line.name), "{}: {:?}", line.extension, line.name);
    }
    for index in 0..payloads().len() {
        let call = exchange.office().call_internally(&format!("9{index:02}"), "31");
        let id = call.id().to_string();
        let card = rig.card("a card", |card| card.leg.call == id).await;
        let name = card.leg.remote.name.unwrap_or_default();
        assert!(is_safe(&name), "{name:?}");
        call.hang_up();
    }
    let page = rig.recorded("all of them", |page| (page.rows.len() >= payloads().len()).then(|| page.clone())).await;
    for row in &page.rows {
        assert!(is_safe(row.remote.name.as_deref().unwrap_or_default()), "{row:?}");
    }
    for asked in rig.desktop.asked() {
        match asked {
            Asked::PopUp(card) => assert!(is_safe(card.leg.remote.name.as_deref().unwrap_or_default())),
            Asked::OpenUrl(url) => panic!("{url} was opened"),
            _ => {}
        }
    }
    let export = rig.call(Request::ExportHistory { filter: HistoryFilter::default() }).await.unwrap();
    let Reply::Text { text } = export else { panic!("{export:?}") };
    for cell in text.lines().flat_map(|line| line.split(',')) {
        let cell = cell.trim_matches('"');
        let formula = cell.starts_with(['=', '@']) || (cell.starts_with(['+', '-']) && cell.contains(['|', '(']));
        assert!(!formula, "a spreadsheet would run {cell:?}");
    }
}

#[tokio::test]
async fn a_hostile_address_book_is_taken_in_tame() {
    let (exchange, rig) = rig::quiet().await;
    let mut csv = "Name,Company,Phone,Note\n".to_owned();
    for (index, payload) in payloads().iter().enumerate() {
        let cell = payload.replace('"', "\"\"");
        csv.push_str(&format!("\"{cell}\",\"{cell}\",+49221669{index:05},\"{cell}\"\n"));
    }
    let data = base64::engine::general_purpose::STANDARD.encode(&csv);
    let name = "<b>../../book</b>.csv".to_owned();
    rig.call(Request::ImportContacts { name, data, replace: false }).await.unwrap();
    for index in 0..payloads().len() {
        let call = exchange.ring(RingSpec::to("31").from(format!("49221669{index:05}")));
        let id = call.id().to_string();
        let card = rig.card("a card", |card| card.leg.call == id).await;
        if let Some(hit) = card.best {
            for text in [&hit.name, &hit.company, &hit.source] {
                assert!(is_safe(text), "{text:?}");
            }
            assert!(!hit.note.chars().any(|c| c == '\0' || c == '\u{202E}'), "{:?}", hit.note);
        }
        call.hang_up();
    }
}

#[tokio::test]
async fn hostile_numbers_are_shown_and_never_dialled() {
    let (exchange, rig) = rig::quiet().await;
    for number in ["4922166966966;ext=1", "<b>1</b>", "+++", "0", "9".repeat(200).as_str(), "٠١٢٣", "sip:31@evil", ""]
    {
        let call = exchange.ring(RingSpec::to("31").from(number));
        let id = call.id().to_string();
        let card = rig.card(&format!("a card for {number:?}"), |card| card.leg.call == id).await;
        if let Some(dial) = card.leg.remote.dial {
            let fit = dial.len() <= 33 && dial.chars().all(|c| c.is_ascii_digit() || "+*#".contains(c));
            assert!(fit, "{number:?} would be dialled as {dial:?}");
        }
        assert!(is_safe(&card.leg.remote.number), "{:?}", card.leg.remote.number);
        call.hang_up();
    }
}

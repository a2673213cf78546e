//! Emergency and other short numbers. They have no international form: `+49112` reaches nobody.

use std::sync::LazyLock;

/// Whether the digits call for help in this region. `112` does so nearly everywhere.
pub(super) fn is_emergency(digits: &str, region: Option<&str>) -> bool {
    if digits == "112" {
        return true;
    }
    // Police, rescue, poison and crisis lines that the metadata does not count among those for help.
    let own: &[&str] = match region {
        Some("CH" | "LI") => &["117", "118", "144", "1414"],
        Some("AT") => &["122", "128", "133", "140", "141", "144"],
        Some("FR" | "MC") => &["15", "17", "18", "114", "115", "119", "196"],
        Some("IT" | "SM" | "VA") => &["113", "114", "115", "117", "118"],
        Some("IE" | "MT") => &["999"],
        Some("BE") => &["100", "101"],
        Some("LU") => &["113"],
        Some("AU") => &["000"],
        _ => &[],
    };
    own.contains(&digits) || row(region).is_some_and(|row| row.emergency.iter().any(|mask| fits(mask, digits)))
}

/// Whether the digits are a service of the public network that is dialled as it is, such as `116117` or `1818`.
pub(super) fn is_service(digits: &str, region: Option<&str>) -> bool {
    // The harmonised services of Europe (Commission Decision 2007/116/EC), and directory enquiries.
    let harmonised = digits.len() == 6 && digits.starts_with("116");
    let own = match region {
        Some("DE") => harmonised || (digits.starts_with("118") && matches!(digits.len(), 5 | 6)),
        Some("CH" | "LI") => harmonised || (digits.len() == 4 && digits.starts_with("18")),
        Some("AT") => harmonised || (digits.len() == 6 && digits.starts_with("118")),
        Some("IL") => digits.len() == 3 && digits.starts_with('1'),
        Some("IT") => digits.len() == 4 && digits.starts_with("12"),
        _ => false,
    };
    let listed = |row: &Row| {
        row.services.iter().any(|mask| fits(mask, digits)) && !row.messages.iter().any(|mask| fits(mask, digits))
    };
    own || row(region).is_some_and(listed)
}

struct Row {
    region: &'static str,
    emergency: Vec<&'static str>,
    services: Vec<&'static str>,
    messages: Vec<&'static str>,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let lines = include_str!("short_numbers.tsv").lines().filter(|line| !line.starts_with('#'));
    let mut rows: Vec<Row> = lines
        .map(|line| {
            let mut fields = line.split('\t');
            let mut masks = || fields.next().unwrap_or_default();
            let region = masks();
            let mut list = || masks().split_ascii_whitespace().collect();
            Row { region, emergency: list(), services: list(), messages: list() }
        })
        .collect();
    rows.sort_by_key(|row| row.region);
    rows
});

fn row(region: Option<&str>) -> Option<&'static Row> {
    let at = ROWS.binary_search_by_key(&region?, |row| row.region).ok()?;
    ROWS.get(at)
}

/// Whether the digits are of a form such as `11[28]x`.
fn fits(mask: &str, digits: &str) -> bool {
    let (mut mask, mut digits) = (mask.chars(), digits.chars());
    loop {
        let fits = match (mask.next(), digits.next()) {
            (None, None) => return true,
            (Some('x'), Some(_)) => true,
            (Some('['), Some(digit)) => mask.by_ref().take_while(|c| *c != ']').fold(false, |is, c| is | (c == digit)),
            (Some(c), Some(digit)) => c == digit,
            _ => false,
        };
        if !fits {
            return false;
        }
    }
}

#[cfg(test)]
#[path = "short_tests.rs"]
mod tests;

//! Emergency and other short numbers. They have no international form: `+49112` reaches nobody.

/// Whether the digits call for help in this region. `112` does so nearly everywhere.
pub(super) fn is_emergency(digits: &str, region: Option<&str>) -> bool {
    if digits == "112" {
        return true;
    }
    let own: &[&str] = match region {
        Some("DE") => &["110"],
        Some("CH" | "LI") => &["117", "118", "144", "1414"],
        Some("AT") => &["122", "128", "133", "140", "141", "144"],
        Some("IL") => &["100", "101", "102"],
        Some("FR" | "MC") => &["15", "17", "18", "114", "115", "119", "196"],
        Some("IT" | "SM" | "VA") => &["113", "114", "115", "117", "118"],
        Some("GB" | "IE" | "MT") => &["999"],
        Some("US" | "CA") => &["911"],
        Some("BE") => &["100", "101"],
        Some("LU") => &["113"],
        Some("CZ" | "SK") => &["150", "155", "158"],
        Some("PL") => &["997", "998", "999"],
        Some("AU") => &["000"],
        Some("NZ") => &["111"],
        Some("JP") => &["110", "119"],
        _ => &[],
    };
    own.contains(&digits)
}

/// Whether the digits are a service of the public network that is dialled as it is, such as `116117` or `1818`.
pub(super) fn is_service(digits: &str, region: Option<&str>) -> bool {
    let harmonised = digits.len() == 6 && digits.starts_with("116");
    match region {
        Some("DE") => harmonised || digits == "115" || (digits.starts_with("118") && matches!(digits.len(), 5 | 6)),
        Some("CH" | "LI") => {
            harmonised
                || matches!(digits, "143" | "145" | "147" | "1415" | "140" | "142" | "161" | "162" | "163" | "164")
                || (digits.len() == 4 && digits.starts_with("18"))
        }
        Some("AT") => {
            harmonised || matches!(digits, "130" | "142" | "147") || (digits.len() == 6 && digits.starts_with("118"))
        }
        Some("IL") => digits.len() == 3 && digits.starts_with('1'),
        Some("IT") => digits.len() == 4 && digits.starts_with("12"),
        _ => false,
    }
}

//! The text the user has selected anywhere, and what of it is dialled.

use ringside_api::view::FoundNumber;

/// Longer selections are not looked at: a number is never that far away.
const LONGEST: usize = 2_000;

/// Hands over the PRIMARY selection, which selecting fills by itself, so the clipboard stays as it is. On the windows'
/// thread. Where there is none (Wayland without focus, other systems), `None`.
#[cfg(target_os = "linux")]
pub fn read_selection(then: impl FnOnce(Option<String>) + 'static) {
    let clipboard = gtk::Clipboard::get(&gtk::gdk::SELECTION_PRIMARY);
    clipboard.request_text(move |_, text| then(text.map(cut)));
}

#[cfg(not(target_os = "linux"))]
pub fn read_selection(then: impl FnOnce(Option<String>) + 'static) {
    then(None);
}

/// What the palette is opened with: the number if there is exactly one, else the text itself, in which the palette
/// shows each number and why anything else is none. Nothing is dialled.
pub fn for_palette(text: &str, found: &[FoundNumber]) -> String {
    let mut clean = found.iter().filter(|number| number.refused.is_none());
    match (clean.next(), clean.next()) {
        (Some(only), None) => only.text.clone(),
        _ => text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, refused: Option<&str>) -> FoundNumber {
        FoundNumber { text: text.into(), party: None, rule: None, refused: refused.map(str::to_owned) }
    }

    #[test]
    fn one_clean_number_is_taken_out_of_its_text() {
        let numbers = [found("01.02.2026", Some("date")), found("+49 (0) 221 66966966", None)];
        assert_eq!(for_palette("Am 01.02.2026: +49 (0) 221 66966966", &numbers), "+49 (0) 221 66966966");
    }

    #[test]
    fn several_numbers_are_left_to_the_user() {
        let numbers = [found("0221 1", None), found("0221 2", None)];
        assert_eq!(for_palette("0221 1\n oder  0221 2", &numbers), "0221 1 oder 0221 2");
    }

    #[test]
    fn what_is_no_number_is_shown_and_not_dialled() {
        let numbers = [found("Rechnung 4711", Some("reference"))];
        assert_eq!(for_palette("Rechnung 4711", &numbers), "Rechnung 4711");
        assert_eq!(for_palette("", &[]), "");
    }

    #[test]
    fn a_book_is_not_read_to_its_end() {
        assert_eq!(cut(&"1".repeat(10_000)).len(), LONGEST);
    }
}

//! Links that other programs hand over as arguments. Hostile text: it reaches the palette, never a shell or a dial.

use ringside_domain::number::{LinkError, read_link};

/// Longer links are cut; they are refused by their length all the same.
const MAX_CHARS: usize = 2_100;

/// Whether an argument wants to be a link at all; the rest of the command line is the command line's.
pub fn is_link(argument: &str) -> bool {
    let Some((scheme, _)) = argument.split_once(':') else { return false };
    ["tel", "callto", "sip", "sips"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

/// What the palette begins with: the number the link asks for, to be read and confirmed like a typed one.
///
/// # Errors
/// Why it asks for none.
pub fn number_of(link: &str) -> Result<String, LinkError> {
    read_link(link).map(|link| link.shown())
}

/// What the palette begins with after these links: the number of the first that has one, else the first link itself, so
/// that the palette says what is wrong with it and no older number stands there. `None` where there is no link.
pub fn for_palette(links: &[String]) -> Option<String> {
    let number = links.iter().find_map(|link| number_of(link).ok());
    number.or_else(|| links.first().map(|link| link.chars().take(MAX_CHARS).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_schemes_of_telephones_are_links() {
        assert!(
            is_link("tel:+4922166966966") && is_link("TEL:112") && is_link("callto:0221/1") && is_link("sip:31@office")
        );
        for other in ["http://tel:1", "--config", "dial", "C:\\x", "", "telephone"] {
            assert!(!is_link(other), "{other}");
        }
    }

    #[test]
    fn shell_characters_never_become_part_of_a_number() {
        let hostile = [
            "tel:`reboot`",
            "tel:$(id)",
            "tel:1;rm -rf /",
            "tel:|nc",
            "tel:../../etc/passwd",
            "tel:--exec=sh",
            "tel:1\n2",
        ];
        for link in hostile {
            if let Ok(number) = number_of(link) {
                assert!(number.chars().all(|c| c.is_ascii_digit() || "+*# ".contains(c)), "{link} became {number}");
            }
        }
        assert_eq!(number_of("tel:%2B4922166966966").ok().as_deref(), Some("+49 221 669 669 66"));
    }

    #[test]
    fn a_link_that_cannot_be_read_is_shown_itself() {
        let palette = |links: &[&str]| for_palette(&links.iter().map(|link| (*link).to_owned()).collect::<Vec<_>>());
        assert_eq!(palette(&["tel:O22166966966"]).as_deref(), Some("tel:O22166966966"));
        assert_eq!(palette(&["tel:O22166966966", "tel:112"]).as_deref(), Some("112"));
        assert_eq!(palette(&["tel:+4922166966966,,123#"]).as_deref(), Some("+49 221 669 669 66,,123#"));
        let long = palette(&[&format!("tel:{}", "1".repeat(10_000))]);
        assert!(long.is_some_and(|text| text.len() < 3_000 && number_of(&text).is_err()));
        assert_eq!(palette(&[]), None);
    }
}

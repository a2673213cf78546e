//! Links that other programs hand over as arguments. Hostile text: it reaches the palette, never a shell or a dial.

use ringside_domain::number::{LinkError, parse_link};

/// Whether an argument wants to be a link at all; the rest of the command line is the command line's.
pub fn is_link(argument: &str) -> bool {
    let Some((scheme, _)) = argument.split_once(':') else { return false };
    ["tel", "callto", "sip", "sips"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

/// The number the link asks for, to be read and confirmed like a typed one.
///
/// # Errors
/// Why it asks for none.
pub fn number_of(link: &str) -> Result<String, LinkError> {
    parse_link(link)
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
                assert!(number.chars().all(|c| c.is_ascii_digit() || "+*#".contains(c)), "{link} became {number}");
            }
        }
        assert_eq!(number_of("tel:%2B49-221-669-66966").ok().as_deref(), Some("+4922166966966"));
    }
}

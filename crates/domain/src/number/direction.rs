//! Marks for the direction of writing, with which digits are shown in another order than they are dialled in.

use super::fold::{fold, is_separator};

/// Shows everything behind it from the right to the left, digits too.
const RIGHT_TO_LEFT_OVERRIDE: char = '\u{202e}';
/// Ends an override or an embedding.
const POP: char = '\u{202c}';

/// Whether marks turn a number round: an override to the right-to-left anywhere, or another override, an isolate or a
/// right-to-left embedding within it. Around a whole number they come along from pages and address books and say nothing.
pub(super) fn is_turned(text: &str) -> bool {
    let is_digit = |c: char| fold(c).is_some_and(|c| c.is_ascii_digit());
    if !text.contains(is_digit) {
        return false;
    }
    text.char_indices().any(|(at, c)| match c {
        RIGHT_TO_LEFT_OVERRIDE => true,
        '\u{202b}' | '\u{202d}' | '\u{2066}'..='\u{2069}' => {
            let (before, behind) = (text[..at].trim_end_matches(is_hidden), text[at..].trim_start_matches(is_hidden));
            // One ends and another begins there: a number of its own.
            let gap = &text[before.len()..text.len() - behind.len()];
            let wrapped = gap.find(is_end).is_some_and(|end| gap[end..].contains(is_begin));
            let joined = |c: char| is_hidden(c) || fold(c).is_some_and(is_separator);
            !wrapped
                && before.trim_end_matches(joined).ends_with(is_digit)
                && behind.trim_start_matches(joined).starts_with(is_digit)
        }
        _ => false,
    })
}

/// Whether what stands behind a text is shown from the right to the left.
pub(super) fn is_overridden_behind(text: &str) -> bool {
    let ends = |c: char| c == POP || fold(c) == Some('\n');
    text.rfind(RIGHT_TO_LEFT_OVERRIDE).is_some_and(|at| !text[at..].contains(ends))
}

fn is_begin(c: char) -> bool {
    matches!(c, '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{2066}'..='\u{2068}')
}

fn is_end(c: char) -> bool {
    matches!(c, POP | '\u{2069}')
}

fn is_hidden(c: char) -> bool {
    matches!(fold(c), None | Some(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_around_a_number_turn_nothing() {
        for text in [
            "\u{202a}+49 221 66966966\u{202c}",
            "\u{202d}+49 221 66966966\u{202c}",
            "\u{2066}0221 66966966\u{2069}",
            "\u{2068}0221 66966966\u{2069} \u{2068}0171 5555555\u{2069}",
            "\u{202b}03-6957361\u{202c}",
            "\u{200e}0221\u{200e} 66966966\u{200f}",
            "Tel. \u{2066}0221 66966966\u{2069}",
            "0221 66966966, \u{2067}0171 5555555\u{2069}",
            "\u{202d}",
            "",
        ] {
            assert!(!is_turned(text), "{text:?}");
        }
    }

    #[test]
    fn marks_within_a_number_do() {
        for text in [
            "\u{202e}66966966 221 94+",
            "0221 \u{202e}66966966\u{202c}",
            "+49 \u{2067}221 66966966\u{2069}",
            "0221\u{2066}66966966\u{2069}",
            "0221 669\u{2069}66966",
            "\u{2066}0221\u{2069}-66966966",
            "0221-\u{202d}66966966\u{202c}",
            "0221 \u{202b}669 66966\u{202c}",
            "٠٢٢١\u{2068}٦٦٩٦٦٩٦٦",
        ] {
            assert!(is_turned(text), "{text:?}");
        }
    }
}

//! One spelling for the many characters that mean the same digit, dash or space.

/// The plain form of a character; `None` for marks that cannot be seen and mean nothing in a number.
pub(super) fn fold(c: char) -> Option<char> {
    if c.is_ascii() {
        return match c {
            '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' => Some('\n'),
            _ => Some(c),
        };
    }
    if let Some(digit) = digit(c) {
        return Some(digit);
    }
    match c {
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => None,
        // Unicode's dashes (category Pd), and the minus and hyphen signs of other categories.
        '\u{2d7}'
        | '\u{58a}'
        | '\u{5be}'
        | '\u{1400}'
        | '\u{1806}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{207b}'
        | '\u{208b}'
        | '\u{2212}'
        | '\u{2796}'
        | '\u{2e17}'
        | '\u{2e1a}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{2e40}'
        | '\u{2e5d}'
        | '\u{301c}'
        | '\u{3030}'
        | '\u{30a0}'
        | '\u{30fc}'
        | '\u{fe31}'
        | '\u{fe32}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{ff0d}'
        | '\u{ff70}'
        | '\u{10ead}' => Some('-'),
        '\u{223c}' | '\u{2053}' | '\u{ff5e}' => Some('~'),
        '＋' | '﹢' | '⁺' => Some('+'),
        '（' | '［' => Some('('),
        '）' | '］' => Some(')'),
        '×' => Some('x'),
        '＊' | '∗' | '⁎' => Some('*'),
        '＃' | '﹟' | '♯' => Some('#'),
        '／' | '\u{2044}' | '\u{2215}' => Some('/'),
        '．' | '·' | '•' | '\u{2024}' => Some('.'),
        '，' | '،' | '\u{66b}' => Some(','),
        '；' | '\u{61b}' => Some(';'),
        '：' => Some(':'),
        '＿' => Some('_'),
        '’' | '‘' | 'ʼ' => Some('\''),
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        _ if c.is_whitespace() => Some(' '),
        _ => Some(c),
    }
}

/// The decimal digits of every script (Unicode's category Nd), each of which has ten in a row.
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 65] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
        0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
        0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0,
        0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0,
        0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
    ];
    let at = ZEROS.partition_point(|zero| *zero <= c as u32).checked_sub(1)?;
    char::from_digit((c as u32) - ZEROS.get(at)?, 10)
}

/// What people put between the digits of one number.
pub(super) fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '[' | ']' | '~' | '_')
}

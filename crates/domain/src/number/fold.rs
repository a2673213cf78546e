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
        | '\u{feff}' => None,
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => Some('-'),
        '＋' | '﹢' | '⁺' => Some('+'),
        '（' | '［' => Some('('),
        '）' | '］' => Some(')'),
        '＊' | '∗' | '⁎' => Some('*'),
        '＃' | '﹟' | '♯' => Some('#'),
        '／' | '\u{2044}' | '\u{2215}' => Some('/'),
        '．' | '·' | '•' | '\u{2024}' => Some('.'),
        '，' | '،' => Some(','),
        '：' => Some(':'),
        '’' | '‘' | 'ʼ' => Some('\''),
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        _ if c.is_whitespace() => Some(' '),
        _ => Some(c),
    }
}

/// The decimal digits of the scripts our users write, and the full-width ones.
fn digit(c: char) -> Option<char> {
    const ZEROS: [char; 6] = ['\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{ff10}'];
    let value = ZEROS.iter().find_map(|zero| (c as u32).checked_sub(*zero as u32).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

/// What people put between the digits of one number.
pub(super) fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '[' | ']' | '~' | '_')
}

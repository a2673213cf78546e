//! Text as it is searched: small letters without marks, words apart by one space.

use icu_normalizer::DecomposingNormalizerBorrowed;

/// `Zürcher & Söhne` to `zurcher sohne`; `Yıldız` to `yildiz`. Apostrophes vanish, other punctuation parts words.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        text.chars().for_each(|c| push(&mut out, c.to_ascii_lowercase()));
    } else {
        let lower = text.to_lowercase();
        let plain = DecomposingNormalizerBorrowed::new_nfkd().normalize(&lower);
        for c in plain.chars().filter(|c| !is_mark(*c)) {
            match letters(c) {
                Some(letters) => out.push_str(letters),
                None => push(&mut out, c),
            }
        }
    }
    while out.ends_with(' ') {
        out.pop();
    }
    out
}

/// The folded text as German writes it without umlauts: `zuercher`. `None` where there are no umlauts.
pub fn fold_umlauts(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let lower = text.to_lowercase().replace("a\u{308}", "ä").replace("o\u{308}", "ö").replace("u\u{308}", "ü");
    let spelt = lower.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
    (spelt != lower).then(|| fold(&spelt))
}

/// A folded text without the titles in front of a name, by which nobody is filed: `dr miriam lenz` to `miriam lenz`.
pub fn behind_titles(text: &str) -> &str {
    const TITLES: [&str; 24] = [
        "dr",
        "prof",
        "professor",
        "doktor",
        "doctor",
        "dipl",
        "mag",
        "mr",
        "mrs",
        "ms",
        "miss",
        "herr",
        "frau",
        "hr",
        "mme",
        "madame",
        "monsieur",
        "dott",
        "dottore",
        "signor",
        "signora",
        "גב",
        "מר",
        "פרופ",
    ];
    // "Dipl.-Ing.", "Dr. h. c.", "Dr. med.": a title only behind another one.
    const BEHIND: [&str; 20] = [
        "ing", "kfm", "inform", "med", "dent", "vet", "jur", "iur", "rer", "nat", "pol", "phil", "oec", "phys", "chem",
        "h", "c", "hc", "mult", "habil",
    ];
    let (mut rest, mut titled) = (text, false);
    loop {
        // The Hebrew "doctor" is two letters with a mark between them, which parts words.
        let behind = rest.strip_prefix("ד ר ").or_else(|| {
            let (word, behind) = rest.split_once(' ')?;
            (TITLES.contains(&word) || (titled && BEHIND.contains(&word))).then_some(behind)
        });
        match behind {
            Some(behind) => (rest, titled) = (behind, true),
            None => return rest,
        }
    }
}

fn push(out: &mut String, c: char) {
    if c.is_alphanumeric() {
        out.push(c);
    } else if !matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`') && !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Letters that have no decomposition but another spelling.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ı' => "i",
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ŧ' => "t",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ə' => "e",
        _ => return None,
    })
}

/// Combining marks: Latin and Greek accents, Cyrillic titles, Hebrew points, Arabic vowels.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}'
        | '\u{5c4}'..='\u{5c5}' | '\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

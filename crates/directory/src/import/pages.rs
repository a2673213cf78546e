//! Which code page a text is written with: among those for Latin letters the one in which most words are spelt as
//! people spell, else what browsers would take it for.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, ISO_8859_2, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254, WINDOWS_1257,
};

/// How much of a file is looked at to tell its encoding.
pub(super) const LOOKED_AT: usize = 1024 * 1024;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Page {
    Known(&'static Encoding),
    /// What spreadsheets call MS-DOS, in the west of Europe and in its middle.
    Dos850,
    Dos852,
    /// The same for Hebrew.
    Dos862,
}

/// The letters beyond ASCII of the languages that are written with a code page.
const LATIN: [(Page, &[&str]); 8] = [
    (
        Page::Known(WINDOWS_1252),
        &["äöüß", "àâæçéèêëîïôœùûüÿ", "àèéìíòóùú", "áéíñóúüºª", "ãõáàâéêíóôúç", "æøåéö", "åäöé", "áéëïóúüö"],
    ),
    (Page::Known(MACINTOSH), &["äöüß", "àâæçéèêëîïôœùûüÿ", "àèéìíòóùú", "áéíñóúü"]),
    (Page::Known(WINDOWS_1250), MIDDLE),
    (Page::Known(ISO_8859_2), MIDDLE),
    (Page::Known(WINDOWS_1254), &["çğıöşüâîû", "äöüß"]),
    (Page::Dos850, &["äöüß", "àâçéèêëîïôùûü", "àèéìíòóùú", "áéíñóúü"]),
    (Page::Known(WINDOWS_1257), &["ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"]),
    (Page::Dos852, MIDDLE),
];
const MIDDLE: &[&str] = &["ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ", "äöüß"];

const GERMAN: &str = "äöüß";

/// How many words are spelt well in a page, and how many of them in each of its languages.
#[derive(Default)]
struct Votes {
    words: usize,
    of_language: Vec<usize>,
}

impl Votes {
    fn add(&mut self, word: &Word, languages: &[&str]) {
        self.of_language.resize(languages.len(), 0);
        let mut is_spelt = false;
        for (votes, language) in self.of_language.iter_mut().zip(languages) {
            let fits = word.is_spelt(language);
            *votes += usize::from(fits);
            is_spelt |= fits;
        }
        self.words += usize::from(is_spelt);
    }
}

/// The upper halves of the code pages that no browser knows.
const DOS_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀\
    ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";
const DOS_852: &str = "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀\
    ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}";

impl Page {
    pub fn of(bytes: &[u8]) -> Self {
        let looked_at = &bytes[..bytes.len().min(LOOKED_AT)];
        let mut votes = [(); LATIN.len()].map(|()| Votes::default());
        // Words beyond ASCII, those of them with no letter of ASCII, and those of these that are letters of Hebrew.
        let (mut words, mut foreign, mut hebrew) = (0, 0, 0);
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        for field in fields(looked_at).filter(|field| std::str::from_utf8(field).is_err()) {
            detector.feed(field, false);
            detector.feed(b"\n", false);
            let is_quoted = is_quoted(field);
            let parts = field.split(|byte| byte.is_ascii() && !byte.is_ascii_alphabetic());
            for word in parts.filter(|word| word.len() > 1 && std::str::from_utf8(word).is_err()) {
                words += 1;
                if !word.iter().any(u8::is_ascii) {
                    foreign += 1;
                    hebrew += usize::from(word.iter().all(|byte| (0x80..=0x9a).contains(byte)));
                }
                let western = Word::of(word, Self::Known(WINDOWS_1252), is_quoted);
                for (votes, (page, languages)) in votes.iter_mut().zip(LATIN) {
                    let is_windows = matches!(page, Self::Known(encoding) if encoding != MACINTOSH);
                    // Marks of Windows are letters elsewhere: `O’Brien` and `Anna’s` are no words of a Macintosh.
                    let is_only_marked = !western.has_letters && western.marks != Marks::Within;
                    let word = Word::of(word, page, is_quoted);
                    let is_told = is_windows || !(is_only_marked || word.has_umlaut_beside_vowel());
                    if is_told {
                        votes.add(&word, languages);
                    }
                }
            }
        }
        let told = detector.guess(None, Utf8Detection::Deny);
        // Of pages that spell as many words the one that spells them in one language, then the western one, then one that is German's.
        let rank = |at: &usize| {
            let (Votes { words, of_language }, page) = (&votes[*at], LATIN[*at].0);
            let german = LATIN[*at].1.iter().position(|language| *language == GERMAN);
            let german = german.and_then(|at| of_language.get(at)).copied();
            let one = of_language.iter().copied().max();
            (*words, one, *at == 0, german, page == Self::Known(told), std::cmp::Reverse(*at))
        };
        let latin = (0..LATIN.len()).max_by_key(rank).unwrap_or_default();
        let (latin, spelt) = (LATIN[latin].0, votes[latin].words);
        // Hardly a word of Latin letters has none of ASCII, and the most words of a list are spelt well.
        if foreign * 2 <= words && spelt * 5 >= words * 3 {
            return latin;
        }
        match told {
            _ if foreign > 0 && hebrew == foreign => Self::Dos862,
            // It knows no Иван.
            told if told == WINDOWS_1252 && foreign > spelt => Self::Known(WINDOWS_1251),
            told if told == WINDOWS_1252 => latin,
            told => Self::Known(told),
        }
    }

    /// Fields may be decoded apart from one another: no letter has a byte of ASCII in it.
    pub fn is_single_byte(self) -> bool {
        !matches!(self, Self::Known(encoding) if !encoding.is_single_byte())
    }

    pub fn decode(self, bytes: &[u8]) -> String {
        let upper = |table: &str, byte: u8| {
            let at = usize::from(byte & 0x7f);
            if byte.is_ascii() {
                char::from(byte)
            } else {
                table.chars().nth(at).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
        };
        match self {
            Self::Known(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            Self::Dos850 => bytes.iter().map(|byte| upper(DOS_850, *byte)).collect(),
            Self::Dos852 => bytes.iter().map(|byte| upper(DOS_852, *byte)).collect(),
            Self::Dos862 => bytes
                .iter()
                .map(|byte| match byte {
                    0x80..=0x9a => {
                        char::from_u32(0x5d0 + u32::from(byte - 0x80)).unwrap_or(char::REPLACEMENT_CHARACTER)
                    }
                    _ => upper(DOS_850, *byte),
                })
                .collect(),
        }
    }
}

/// A bar parts no fields here: it is half a letter in Japanese and Chinese.
fn fields(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| matches!(byte, b',' | b';' | b'\t' | b'\n' | b'\r'))
}

/// Whether a field of Windows has quotation marks in their places: `Hotel „Zum Hirsch“`.
fn is_quoted(field: &[u8]) -> bool {
    let is_letter =
        |at: Option<usize>| at.and_then(|at| field.get(at)).is_some_and(|byte| byte.is_ascii_alphanumeric());
    [(0x84, 0x93), (0x84, 0x94), (0x93, 0x94), (0x91, 0x92), (0x82, 0x91), (0x82, 0x92), (0x8b, 0x9b)].iter().any(
        |(opening, closing)| {
            let opens = |at: &usize| field[*at] == *opening && !is_letter(at.checked_sub(1));
            let closes = |at: &usize| field[*at] == *closing && !is_letter(at.checked_add(1));
            let opened = (0..field.len()).find(opens);
            opened.is_some_and(|opened| (opened + 1..field.len()).any(|at| closes(&at)))
        },
    )
}

/// How the punctuation beyond ASCII of a word stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Marks {
    /// There is none, or none that could be anything else: `O’Brien`.
    InPlace,
    /// Where marks stand as well as letters: `D’az`, `Hirsch“`.
    Perhaps,
    /// Where no mark stands: `Garc’a`.
    Within,
}

/// A word as a code page has it.
struct Word {
    text: Vec<char>,
    /// Of its letters some are beyond ASCII.
    has_letters: bool,
    has_marks: bool,
    marks: Marks,
}

impl Word {
    fn of(bytes: &[u8], page: Page, is_quoted: bool) -> Self {
        let text: Vec<char> = page.decode(bytes).chars().collect();
        let high = |is: fn(char) -> bool| text.iter().any(|c| !c.is_ascii() && is(*c));
        let (has_letters, has_marks) = (high(char::is_alphabetic), high(|c| !c.is_alphabetic()));
        let places = (0..text.len()).filter(|at| !text[*at].is_ascii() && !text[*at].is_alphabetic());
        let marks = places.map(|at| place(&text, at, is_quoted)).max().unwrap_or(Marks::InPlace);
        Self { text, has_letters, has_marks, marks }
    }

    /// Whether the letters beyond ASCII are all of the language and none is large among small ones; marks alone have to
    /// stand where nothing but a mark can.
    fn is_spelt(&self, language: &str) -> bool {
        let marked = match self.marks {
            Marks::InPlace => true,
            Marks::Perhaps => self.has_letters,
            Marks::Within => false,
        };
        let is_in = |c: &char| language.contains(*c) || c.to_lowercase().all(|small| language.contains(small));
        marked
            && (self.has_letters || self.has_marks)
            && self.text.split(|c| !c.is_alphabetic()).all(is_cased)
            && self.text.iter().filter(|c| !c.is_ascii() && c.is_alphabetic()).all(is_in)
    }

    /// `Aleö` of a Macintosh is the `Aleš` of Windows; `Jörg` is none.
    fn has_umlaut_beside_vowel(&self) -> bool {
        let is_vowel = |c: &char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
        let is_umlaut = |c: &char| matches!(c, 'ö' | 'ü');
        self.text
            .windows(2)
            .any(|pair| (is_vowel(&pair[0]) && is_umlaut(&pair[1])) || (is_umlaut(&pair[0]) && is_vowel(&pair[1])))
    }
}

/// A large letter beyond ASCII begins a word or is among large ones, and none follows a small one.
fn is_cased(letters: &[char]) -> bool {
    let has_small = letters.iter().any(|c| c.is_lowercase());
    let large_within = letters.iter().skip(1).any(|c| !c.is_ascii() && c.is_uppercase());
    let is_behind_small = |pair: &[char]| !pair[0].is_ascii() && pair[0].is_lowercase() && pair[1].is_uppercase();
    !(letters.windows(2).any(is_behind_small) || (has_small && large_within))
}

fn place(word: &[char], at: usize, is_quoted: bool) -> Marks {
    let (before, after) = (&word[..at], &word[at + 1..]);
    let letters = |part: &[char]| part.iter().filter(|c| c.is_alphabetic()).count();
    let is_edge = letters(before) == 0 || letters(after) == 0;
    let is_large_behind = after.first().is_some_and(|c| c.is_uppercase()) && !before.is_empty();
    let quote = if is_quoted { Marks::InPlace } else { Marks::Perhaps };
    match word[at] {
        '’' | '‘' | '´' if is_large_behind => Marks::InPlace,
        '’' | '‘' | '´' if is_edge => quote,
        '’' | '‘' | '´' if matches!(after, ['s' | 'S' | 't' | 'd' | 'm'] | ['r' | 'v', 'e'] | ['l', 'l']) => {
            Marks::InPlace
        }
        // `d’Arc`, `l’Oréal` and, of a Macintosh, `Díaz`.
        '’' | '‘' | '´' if letters(before) <= 1 || before.ends_with(&['l', 'l']) => Marks::Perhaps,
        '„' | '“' | '”' | '‚' | '‹' | '›' | '«' | '»' if is_edge => quote,
        '–' | '—' | '\u{a0}' if is_large_behind => Marks::InPlace,
        '–' | '—' | '\u{a0}' | '…' | '™' | '®' | '©' | '€' | '•' | '·' | '°' if is_edge => {
            Marks::Perhaps
        }
        _ => Marks::Within,
    }
}

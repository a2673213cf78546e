//! Combinations as people write them: `Ctrl+Alt+P`.

/// Modifiers and one key. There is always a modifier other than Shift, or typing would dial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    pub ctrl: bool,
    pub alt: bool,
    pub shift: bool,
    pub logo: bool,
    pub key: Key,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// `A`–`Z`, upper case.
    Letter(char),
    Digit(char),
    /// `F1`–`F24`.
    Function(u8),
    Named(&'static str),
}

/// Name as people write it, name as others write it.
const NAMED: &[(&str, &str)] = &[
    ("Space", " "),
    ("Enter", "Return"),
    ("Tab", "Tab"),
    ("Escape", "Esc"),
    ("Backspace", "Backspace"),
    ("Delete", "Del"),
    ("Insert", "Ins"),
    ("Home", "Home"),
    ("End", "End"),
    ("PageUp", "PgUp"),
    ("PageDown", "PgDown"),
    ("Up", "ArrowUp"),
    ("Down", "ArrowDown"),
    ("Left", "ArrowLeft"),
    ("Right", "ArrowRight"),
    ("Pause", "Break"),
];

impl Combination {
    /// `None` when it is no combination, or one without a modifier that keeps it apart from typing.
    pub fn read(text: &str) -> Option<Self> {
        let mut combination = Self { ctrl: false, alt: false, shift: false, logo: false, key: Key::Named("") };
        let mut parts: Vec<&str> = text.split('+').map(str::trim).collect();
        combination.key = Key::read(parts.pop()?)?;
        for part in parts {
            let modifier = match part.to_ascii_lowercase().as_str() {
                "ctrl" | "control" | "strg" | "cmdorctrl" => &mut combination.ctrl,
                "alt" | "option" => &mut combination.alt,
                "shift" => &mut combination.shift,
                "super" | "meta" | "win" | "cmd" | "command" => &mut combination.logo,
                _ => return None,
            };
            if std::mem::replace(modifier, true) {
                return None;
            }
        }
        (combination.ctrl || combination.alt || combination.logo).then_some(combination)
    }

    /// As the plugin of other systems reads it.
    #[cfg(any(test, not(target_os = "linux")))]
    pub fn accelerator(&self) -> String {
        let modifiers = [(self.ctrl, "Control"), (self.alt, "Alt"), (self.shift, "Shift"), (self.logo, "Super")];
        let mut parts: Vec<String> =
            modifiers.into_iter().filter(|(held, _)| *held).map(|(_, name)| name.to_owned()).collect();
        parts.push(match self.key {
            Key::Letter(letter) => letter.to_string(),
            Key::Digit(digit) => digit.to_string(),
            Key::Function(number) => format!("F{number}"),
            Key::Named(name) => name.to_owned(),
        });
        parts.join("+")
    }
}

impl Key {
    fn read(text: &str) -> Option<Self> {
        let mut chars = text.chars();
        if let (Some(only), None) = (chars.next(), chars.next()) {
            return match only.to_ascii_uppercase() {
                letter @ 'A'..='Z' => Some(Self::Letter(letter)),
                digit @ '0'..='9' => Some(Self::Digit(digit)),
                _ => None,
            };
        }
        if let Some(number) = text.strip_prefix(['F', 'f']).and_then(|number| number.parse().ok()) {
            return (1..=24).contains(&number).then_some(Self::Function(number));
        }
        let known = NAMED.iter().find(|(name, other)| [name, other].iter().any(|n| n.eq_ignore_ascii_case(text)));
        known.map(|(name, _)| Self::Named(name))
    }

    /// The X11 key symbol (X11/keysymdef.h).
    #[cfg(target_os = "linux")]
    pub fn keysym(self) -> Option<u32> {
        Some(match self {
            Self::Letter(letter) => u32::from(letter.to_ascii_lowercase()),
            Self::Digit(digit) => u32::from(digit),
            Self::Function(number) => 0xffbd + u32::from(number),
            Self::Named(name) => match name {
                "Space" => 0x20,
                "Enter" => 0xff0d,
                "Tab" => 0xff09,
                "Escape" => 0xff1b,
                "Backspace" => 0xff08,
                "Delete" => 0xffff,
                "Insert" => 0xff63,
                "Home" => 0xff50,
                "End" => 0xff57,
                "PageUp" => 0xff55,
                "PageDown" => 0xff56,
                "Up" => 0xff52,
                "Down" => 0xff54,
                "Left" => 0xff51,
                "Right" => 0xff53,
                "Pause" => 0xff13,
                _ => return None,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinations_are_read_in_any_order_and_case() {
        let wanted = Combination { ctrl: true, alt: true, shift: false, logo: false, key: Key::Letter('P') };
        for text in ["Ctrl+Alt+P", "alt+ctrl+p", "Strg + Alt + P", "Control+Option+P"] {
            assert_eq!(Combination::read(text).as_ref(), Some(&wanted), "{text}");
        }
        assert_eq!(Combination::read("Super+F12").map(|c| c.key), Some(Key::Function(12)));
        assert_eq!(Combination::read("Ctrl+Alt+Space").map(|c| c.key), Some(Key::Named("Space")));
    }

    #[test]
    fn keys_that_people_type_with_are_refused() {
        for text in ["P", "Shift+P", "F5", "Space", "Shift+F5"] {
            assert_eq!(Combination::read(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_combination_is_refused() {
        for text in [
            "",
            "Ctrl",
            "Ctrl+",
            "Ctrl+Alt",
            "Ctrl+Ctrl+P",
            "Hyper+P",
            "Ctrl+P+Q",
            "Ctrl+F25",
            "Ctrl+ß",
            "Ctrl+Alt+\u{202e}P",
        ] {
            assert_eq!(Combination::read(text), None, "{text}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn every_named_key_has_a_symbol() {
        for (name, _) in NAMED {
            assert!(Key::Named(name).keysym().is_some(), "{name}");
        }
        assert_eq!(Key::Function(1).keysym(), Some(0xffbe));
    }

    #[test]
    fn other_systems_get_words_they_know() {
        assert_eq!(Combination::read("strg+alt+p").map(|c| c.accelerator()).as_deref(), Some("Control+Alt+P"));
    }
}

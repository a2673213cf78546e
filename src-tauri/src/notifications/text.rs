//! What a notice says.

use ringside_api::ApiError;
use ringside_app::desktop::Notification;

use crate::words::{Language, Words, reason, refusal};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub title: String,
    /// Escaped: the notification service reads markup in it.
    pub body: String,
    pub buttons: Vec<(Button, &'static str)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    /// The notice itself.
    Show,
    CallBack,
}

impl Button {
    pub const fn id(self) -> &'static str {
        match self {
            Self::Show => "default",
            Self::CallBack => "call_back",
        }
    }

    pub fn of(id: &str) -> Option<Self> {
        [Self::Show, Self::CallBack].into_iter().find(|button| button.id() == id)
    }
}

impl Notice {
    pub fn of(notification: &Notification, language: Language) -> Self {
        let words = language.words();
        match notification {
            Notification::Missed { who, number, line, .. } => missed(words, who, number, line),
            Notification::FailedDial { who, code, message, certain } => {
                let why = reason(code, language).map_or_else(|| sentence(message), str::to_owned);
                let rows: Vec<_> =
                    [who, &why].into_iter().filter(|row| !row.is_empty()).map(|row| escape(row)).collect();
                let title = if *certain { words.dial_failed } else { words.dial_unknown };
                Self { title: title.to_owned(), body: rows.join("\n"), buttons: vec![(Button::Show, words.show)] }
            }
        }
    }

    /// Something the user did by a hotkey came to nothing.
    pub fn not_done(error: &ApiError, language: Language) -> Self {
        let words = language.words();
        let body = match refusal(&error.code, language) {
            Some(text) => escape(text),
            None => format!("{}\n{}", escape(&sentence(&error.message)), escape(&error.hint)),
        };
        Self { title: words.not_done.to_owned(), body, buttons: Vec::new() }
    }

    /// The app ends, for it has no window.
    pub fn no_window(why: &str, language: Language) -> Self {
        Self { title: language.words().no_window.to_owned(), body: escape(why), buttons: Vec::new() }
    }

    /// A card was called where nobody has called.
    pub fn no_call(language: Language) -> Self {
        let words = language.words();
        Self { title: words.no_call.to_owned(), body: escape(words.no_call_hint), buttons: Vec::new() }
    }

    /// The window was minimised where there is no tray to close it to.
    pub fn no_tray(language: Language) -> Self {
        let words = language.words();
        Self { title: words.no_tray.to_owned(), body: escape(words.no_tray_hint), buttons: Vec::new() }
    }
}

fn missed(words: &Words, who: &str, number: &str, line: &str) -> Notice {
    let mut rows = Vec::new();
    let named = !who.is_empty() && who != number;
    if named {
        rows.push(escape(who));
    }
    if !number.is_empty() {
        rows.push(escape(number));
    } else if !named {
        rows.push(words.withheld.to_owned());
    }
    if !line.is_empty() {
        rows.push(format!("{} {}", words.your_line, escape(line)));
    }
    let mut buttons = vec![(Button::Show, words.show)];
    if !number.is_empty() {
        buttons.push((Button::CallBack, words.call_back));
    }
    Notice { title: words.missed_call.to_owned(), body: rows.join("\n"), buttons }
}

/// A message as a sentence of its own.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let Some(first) = letters.next() else { return String::new() };
    let end = if message.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

/// Names are somebody else's input, and the service would draw `<b>` in bold and load `<img>`.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(who: &str, number: &str) -> Notification {
        Notification::Missed { leg: "office/1/31".into(), who: who.into(), number: number.into(), line: "31".into() }
    }

    #[test]
    fn a_callers_name_is_text_and_nothing_else() {
        let notice = Notice::of(&call("<img src=http://x/><b>Eve</b> & \"Co\"\n", "+49 221 1"), Language::English);
        assert_eq!(
            notice.body,
            "&lt;img src=http://x/&gt;&lt;b&gt;Eve&lt;/b&gt; &amp; &quot;Co&quot; \n+49 221 1\nOn your line 31"
        );
    }

    #[test]
    fn a_failed_dial_is_told_in_the_users_language() {
        let failed = |code: &str, message: &str, certain, language| {
            let (who, code, message) = ("Amira".into(), code.into(), message.into());
            let notice = Notice::of(&Notification::FailedDial { who, code, message, certain }, language);
            format!("{}: {}", notice.title, notice.body)
        };
        let (english, german) = (Language::English, Language::German);
        for (code, message, certain, language, expected) in [
            (
                "unreachable",
                "no answer from 127.0.0.1:9",
                true,
                english,
                "The call failed: Amira\nNo answer from 127.0.0.1:9.",
            ),
            ("unreachable", "x", true, german, "Der Anruf kam nicht zustande: Amira\nDer Dienst antwortet nicht."),
            ("not_found", "x y", true, english, "The call failed: Amira\nX y."),
            ("not_found", "x y", true, german, "Der Anruf kam nicht zustande: Amira\nDer Dienst kennt das nicht."),
            ("failed", "", true, english, "The call failed: Amira"),
            (
                "unconfirmed",
                "x",
                false,
                german,
                "Der Anruf kam vielleicht nicht zustande: Amira\nEs kam keine Antwort. Bitte am Telefon nachsehen.",
            ),
        ] {
            assert_eq!(failed(code, message, certain, language), expected);
        }
    }

    #[test]
    fn a_withheld_caller_cannot_be_called_back() {
        let notice = Notice::of(&call("Withheld", ""), Language::English);
        assert_eq!(notice.buttons, [(Button::Show, "Show")]);
    }

    #[test]
    fn a_caller_without_a_name_is_not_said_twice() {
        let notice = Notice::of(&call("+49 221 1", "+49 221 1"), Language::German);
        assert_eq!(notice.body, "+49 221 1\nAuf Ihrer Leitung 31");
        assert_eq!(notice.title, "Verpasster Anruf");
        assert_eq!(notice.buttons, [(Button::Show, "Anzeigen"), (Button::CallBack, "Zurückrufen")]);
    }

    #[test]
    fn buttons_are_known_by_their_ids() {
        assert_eq!(Button::of("default"), Some(Button::Show));
        assert_eq!(Button::of("__closed"), None);
    }
}

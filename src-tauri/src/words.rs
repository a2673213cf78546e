//! The few texts the host shows itself: the tray's menu and notifications. Everything else is the interface's.

use std::env;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    German,
}

impl Language {
    /// The setting's: a catalogue's name, or `auto` for the desktop's.
    pub fn of(setting: &str) -> Self {
        match setting {
            "auto" => ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
                .map_or(Self::English, |locale| Self::named(&locale)),
            named => Self::named(named),
        }
    }

    fn named(name: &str) -> Self {
        if name.to_lowercase().starts_with("de") { Self::German } else { Self::English }
    }

    pub fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        }
    }
}

/// What a key or the tray was refused, by its code; what is not here is told in the app's own English.
pub fn refusal(code: &str, language: Language) -> Option<&'static str> {
    let of_a_hang_up = match language {
        Language::English => hang_up_english(code),
        Language::German => hang_up_german(code),
    };
    of_a_hang_up.or_else(|| reason(code, language))
}

/// Why something came to nothing, by its code, whatever it was.
pub fn reason(code: &str, language: Language) -> Option<&'static str> {
    match language {
        // The app's own words say it.
        Language::English => None,
        Language::German => german(code),
    }
}

/// The app's own words say what is so; a notice says first what was wanted.
fn hang_up_english(code: &str) -> Option<&'static str> {
    Some(match code {
        "no_call" | "not_found" => "There is no call to hang up.",
        "too_late" => "It is too late for that. Hang up on your phone.",
        "no_hang_up" => "Can’t hang up. This service doesn’t end calls. Use your phone.",
        "hang_up_own_only" => "Can’t hang up. This service only ends calls dialled from Ringside. Use your phone.",
        "hang_up_set_up_only" => "Can’t hang up. This service cancels calls only before you pick up. Use your phone.",
        _ => return None,
    })
}

fn hang_up_german(code: &str) -> Option<&'static str> {
    Some(match code {
        "no_call" | "not_found" => "Es gibt keinen Anruf zum Auflegen.",
        "too_late" => "Dafür ist es zu spät. Bitte am Telefon auflegen.",
        "no_hang_up" => "Auflegen nicht möglich. Dieser Dienst beendet keine Anrufe. Bitte am Telefon auflegen.",
        "hang_up_own_only" => {
            "Auflegen nicht möglich. Dieser Dienst beendet nur Anrufe, die Ringside gewählt hat. Bitte am Telefon auflegen."
        }
        "hang_up_set_up_only" => {
            "Auflegen nicht möglich. Dieser Dienst bricht Anrufe nur ab, bevor Sie abheben. Bitte am Telefon auflegen."
        }
        _ => return None,
    })
}

fn german(code: &str) -> Option<&'static str> {
    Some(match code {
        "unconfirmed" => "Es kam keine Antwort. Bitte am Telefon nachsehen.",
        "unreachable" | "timed_out" | "host_unknown" | "interrupted" => "Der Dienst antwortet nicht.",
        "redirected" => "Der Dienst verweist auf eine andere Adresse.",
        "no_such_address" => "Der Dienst bietet das unter dieser Adresse nicht an.",
        "not_found" => "Der Dienst kennt das nicht.",
        "proxy_sign_in" | "proxy_refused" | "proxy_unreachable" => "Der Proxy lässt die Verbindung nicht durch.",
        "tls" | "tls_issuer" | "tls_date" | "tls_name" => "Die Verbindung ließ sich nicht sichern.",
        "server_trouble" | "bad_answer" => "Der Dienst hat eine Störung.",
        "rate_limited" => "Der Dienst bittet zu warten.",
        "sign_in_refused" | "forbidden" => "Der Dienst erlaubt das nicht.",
        "refused" => "Der Dienst lehnte das ab.",
        "in_use" => "Jemand anders nutzt das schon.",
        "offline" | "no_account" => "Das Konto ist nicht verbunden.",
        "no_own_line" | "no_dialling_account" => "Keine Ihrer Leitungen kann wählen.",
        "no_card" => "Es ist kein Anruf da.",
        _ => return None,
    })
}

/// One text a field.
#[derive(Debug)]
pub struct Words {
    pub open: &'static str,
    pub dial: &'static str,
    pub presenting: &'static str,
    pub missed_calls: &'static str,
    pub quit: &'static str,
    pub idle: &'static str,
    pub ringing: &'static str,
    pub on_call: &'static str,
    pub trouble: &'static str,
    pub scenario_on: &'static str,
    pub missed_call: &'static str,
    pub withheld: &'static str,
    /// Before the extension that was called.
    pub your_line: &'static str,
    pub call_back: &'static str,
    pub show: &'static str,
    pub dial_failed: &'static str,
    /// Nobody knows whether it was placed.
    pub dial_unknown: &'static str,
    pub no_tray: &'static str,
    pub no_tray_hint: &'static str,
    pub not_done: &'static str,
    /// Of the dialog that asks where the history goes.
    pub export: &'static str,
    pub save: &'static str,
    pub cancel: &'static str,
    pub no_window: &'static str,
    pub no_call: &'static str,
    pub no_call_hint: &'static str,
}

const ENGLISH: Words = Words {
    open: "Open Ringside",
    dial: "Dial …",
    presenting: "Presenting (strips, no sound)",
    missed_calls: "Callbacks",
    quit: "Quit",
    idle: "Ringside",
    ringing: "Ringside: a call is ringing",
    on_call: "Ringside: on a call",
    trouble: "Ringside: an account is not connected",
    scenario_on: "Ringside: a forwarding scenario is on",
    missed_call: "Missed call",
    withheld: "Number withheld",
    your_line: "On your line",
    call_back: "Call back",
    show: "Show",
    dial_failed: "The call failed",
    dial_unknown: "The call may not have been placed",
    no_tray: "Ringside stays in the task bar",
    no_tray_hint: "This desktop has no tray, so the window is minimised instead of closed.",
    not_done: "That didn’t work",
    export: "Export the history",
    save: "Save",
    cancel: "Cancel",
    no_window: "Ringside could not open its window",
    no_call: "No call to show",
    no_call_hint: "The call card appears when you get a call.",
};

const GERMAN: Words = Words {
    open: "Ringside öffnen",
    dial: "Wählen …",
    presenting: "Präsentieren (Streifen, kein Ton)",
    missed_calls: "Rückrufe",
    quit: "Beenden",
    idle: "Ringside",
    ringing: "Ringside: Es klingelt",
    on_call: "Ringside: im Gespräch",
    trouble: "Ringside: Ein Konto ist nicht verbunden",
    scenario_on: "Ringside: Eine Umleitung ist an",
    missed_call: "Verpasster Anruf",
    withheld: "Nummer unterdrückt",
    your_line: "Auf Ihrer Leitung",
    call_back: "Zurückrufen",
    show: "Anzeigen",
    dial_failed: "Der Anruf kam nicht zustande",
    dial_unknown: "Der Anruf kam vielleicht nicht zustande",
    no_tray: "Ringside bleibt in der Fensterleiste",
    no_tray_hint: "Dieser Desktop hat keinen Infobereich; das Fenster wird deshalb verkleinert statt geschlossen.",
    not_done: "Das ging nicht",
    export: "Verlauf exportieren",
    save: "Speichern",
    cancel: "Abbrechen",
    no_window: "Ringside konnte sein Fenster nicht öffnen",
    no_call: "Kein Anruf da",
    no_call_hint: "Die Anrufkarte erscheint bei einem Anruf.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_in_the_users_language() {
        assert_eq!(refusal("disk_full", Language::English), None);
        assert!(refusal("no_hang_up", Language::English).is_some_and(|text| text.starts_with("Can’t hang up")));
        assert!(refusal("too_late", Language::German).is_some_and(|text| text.contains("zu spät")));
        assert_eq!(refusal("something_new", Language::German), None);
    }

    #[test]
    fn a_catalogue_is_found_by_its_name_and_by_the_locale() {
        assert_eq!(Language::of("de"), Language::German);
        assert_eq!(Language::named("de_CH.UTF-8"), Language::German);
        assert_eq!(Language::of("en"), Language::English);
        assert_eq!(Language::named("C.UTF-8"), Language::English);
        assert_eq!(Language::of("fr"), Language::English);
    }
}

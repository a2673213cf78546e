//! Logging users in and out, and their breaks.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::Voicenter;
use super::book::{News, presence_of};
use super::sign_in::Known;
use crate::lock::hold;
use crate::wire::Answer;

/// Codes and names, as the vendor's document has them but for the one that this account has renamed.
const TABLE: [(u8, &str, &str); 9] = [
    (1, "Login", "#00aa00"),
    (2, "Logout", "#aa0000"),
    (3, "Lunch", "#ddaa00"),
    (5, "Administrative", "#ddaa00"),
    (7, "Private", "#ddaa00"),
    (9, "Other", "#ddaa00"),
    (11, "Training", "#ddaa00"),
    (12, "Stand-up", "#ddaa00"),
    (13, "Brief", "#ddaa00"),
];

impl Voicenter {
    pub(super) fn set_status(&self, given: Known, fields: &Map<String, Value>) -> Answer {
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let (Some(user), Some(extension), Some(status)) =
            (text("UserId"), text("ExtensionUser"), fields.get("Status").and_then(Value::as_u64))
        else {
            return told(0, 6, "Missing parameters");
        };
        if given != Known::Ours {
            return told(2, 1, "Authorization Failed");
        }
        let Some(number) = hold(&self.book).number_of(extension).map(str::to_owned) else {
            return told(3, 1, "No extension found");
        };
        let Some(&(code, ..)) = TABLE.iter().find(|(code, ..)| u64::from(*code) == status) else {
            return told(4, 1, "Status not support");
        };
        {
            let mut book = hold(&self.book);
            let desk = book.desk(&number);
            if desk.user().to_string() != user {
                return told(2, 1, "Authorization Failed");
            }
            desk.status = code;
        }
        self.office.set_presence(&number, presence_of(code));
        // The office may not see a difference between two breaks.
        self.tell(&number, &News { reason: "userStatusUpdate", cause: None, call: None });
        told(1, 1, "OK")
    }

    pub(super) fn statuses(&self, given: Known) -> Answer {
        let list = TABLE.iter().filter(|_| given == Known::Ours);
        let list: Vec<Value> = list.map(|(id, name, color)| json!({"ID": id, "Name": name, "Color": color})).collect();
        Answer::json(StatusCode::OK, &json!({"Statuses": list}))
    }
}

/// The name of the last field really misses a letter.
fn told(status: u32, error: u32, text: &str) -> Answer {
    Answer::json(StatusCode::OK, &json!({"Status": status, "StatusError": error, "StatusErroMessage": text}))
}

//! The users of the cloud PBX, and by which names each is called.

use std::collections::HashMap;

use ringside_domain::{Extension, ExtensionId, Label};

use super::wire;
use crate::account::Oddities;

/// One user. The extension is the internal one, or the user name where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub extension: ExtensionId,
    pub name: Label,
    pub email: Option<String>,
    user_name: Option<String>,
}

#[derive(Debug, Default)]
pub struct Users {
    /// How many entries the service listed, those that could not be read included.
    pub listed: u64,
    all: Vec<User>,
    /// By extension, user name and e-mail, in lower case.
    by_name: HashMap<String, usize>,
}

/// `None` for an entry without extension and user name, which nothing could be done with.
pub fn user(entry: &wire::User<'_>, oddities: &Oddities) -> Option<User> {
    let Some(extension) = entry.internal_extension.get().or(entry.user_name.get()) else {
        oddities.payload("users", "an entry without user_name");
        return None;
    };
    let names: Vec<&str> = [entry.first_name.get(), entry.last_name.get()].into_iter().flatten().collect();
    let name = if names.is_empty() { entry.user_name.get().unwrap_or(extension).to_owned() } else { names.join(" ") };
    Some(User {
        extension: ExtensionId::new(extension),
        name: Label::new(&name),
        email: entry.email.get().map(str::to_owned),
        user_name: entry.user_name.get().map(str::to_owned),
    })
}

impl Users {
    /// Of two users with one extension the first stays.
    pub fn add(&mut self, user: User) {
        if self.at(&user.extension).is_some() {
            return;
        }
        let at = self.all.len();
        let names = [Some(user.extension.as_str()), user.user_name.as_deref(), user.email.as_deref()];
        for name in names.into_iter().flatten() {
            self.by_name.entry(name.to_lowercase()).or_insert(at);
        }
        self.all.push(user);
    }

    pub fn at(&self, extension: &ExtensionId) -> Option<&User> {
        self.find(extension.as_str()).filter(|user| user.extension == *extension)
    }

    /// By extension, user name or e-mail.
    pub fn named(&self, name: &str) -> Option<ExtensionId> {
        self.find(name.trim()).map(|user| user.extension.clone())
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub fn extensions(&self) -> Vec<Extension> {
        let extension = |user: &User| Extension {
            id: user.extension.clone(),
            name: user.name.clone(),
            email: user.email.as_deref().map(Label::new),
            group: None,
        };
        self.all.iter().map(extension).collect()
    }

    fn find(&self, name: &str) -> Option<&User> {
        self.by_name.get(&name.to_lowercase()).map(|at| &self.all[*at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<User> {
        user(&serde_json::from_str(json).unwrap(), &Oddities::default())
    }

    #[test]
    fn a_user_is_known_by_extension_name_and_mail() {
        let mut users = Users::default();
        for json in [
            r#"{"user_name":"anna.b","first_name":"Anna","last_name":"Berger","email":"Anna@x.example","internal_extension":31}"#,
            r#"{"user_name":"fax","internal_extension":null}"#,
            r#"{"user_name":"second","internal_extension":"31"}"#,
        ] {
            users.add(read(json).unwrap());
        }
        for name in ["31", "ANNA.B", " anna@x.example "] {
            assert_eq!(users.named(name), Some(ExtensionId::new("31")), "{name}");
        }
        assert_eq!(users.named("second"), None, "the extension is taken");
        let shown: Vec<_> = users.extensions().into_iter().map(|it| (it.id.to_string(), it.name.to_string())).collect();
        assert_eq!(shown, [("31".to_owned(), "Anna Berger".to_owned()), ("fax".to_owned(), "fax".to_owned())]);
        assert_eq!(users.at(&ExtensionId::new("anna.b")), None, "a name is no extension");
        assert_eq!(read(r#"{"first_name":"Nobody"}"#), None);
    }

    #[test]
    fn hostile_names_are_one_harmless_line() {
        let hostile = "<img src=x>\\u202e\\u0000\\nnext {{7*7}}".repeat(400);
        let user =
            read(&format!(r#"{{"internal_extension":"31","first_name":"{hostile}","email":"{hostile}"}}"#)).unwrap();
        let name = user.name.as_str();
        assert!(name.starts_with("<img src=x> next {{7*7}}"), "{name}");
        assert!(name.chars().count() <= Label::MAX_CHARS && !name.contains(['\u{202e}', '\0', '\n']));
    }
}

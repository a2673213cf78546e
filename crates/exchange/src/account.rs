//! Accounts at the services, as a client's configuration names them.

use std::fmt::Write;

/// How a client gets into one service.
#[derive(Clone)]
pub struct Account {
    pub id: &'static str,
    pub provider: &'static str,
    pub base_url: String,
    pub username: Option<String>,
    pub secret: String,
    /// The environment variable that [`crate::Exchange::config_toml`] names for the secret.
    pub variable: &'static str,
    /// Where its people are, for numbers without a country.
    pub region: &'static str,
    /// What only this service needs.
    pub options: Vec<(&'static str, String)>,
    /// Whether it lists people.
    pub people: bool,
}

impl Account {
    pub(crate) fn toml(&self) -> String {
        let Self { id, provider, base_url, variable, region, .. } = self;
        let mut text = format!("[[accounts]]\nid = \"{id}\"\nprovider = \"{provider}\"\nbase_url = \"{base_url}\"\n");
        // Writing to a text cannot fail.
        if let Some(username) = &self.username {
            let _ = writeln!(text, "username = \"{username}\"");
        }
        let _ = writeln!(text, "secret = {{ env = \"{variable}\" }}\nregion = \"{region}\"");
        if !self.options.is_empty() {
            text.push_str("\n[accounts.options]\n");
        }
        for (name, value) in &self.options {
            let _ = writeln!(text, "{name} = \"{value}\"");
        }
        text
    }
}

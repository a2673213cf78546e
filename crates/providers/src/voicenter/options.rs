//! `[accounts.options]` of a Voicenter account. All are optional.
//!
//! | key | meaning | default |
//! | --- | --- | --- |
//! | `login` | the way into real time: `token`, `user`, `account`, or `none` for polling alone | `token` |
//! | `login_name` | the e-mail of a `user` login, the user name of an `account` login | the account's `username` |
//! | `show_all` | `false` lists the extensions of the code's own sub-account alone | the service's own default, all |
//! | `poll_seconds` | pause between two readings of the active calls where real time is not to be had; never below 3 | 10 |
//! | `realtime_seconds` | pause before real time that was refused is asked for again | 600 |
//! | `extensions_seconds` | pause between two readings of the extension list, and of all lines anew in real time | 600 |
//! | `silence_seconds` | silence after which a socket is asked whether it lives; given up after twice as long | 60 |
//! | `message_mib` | longest message taken from a socket: more for a company of thousands | 1 |
//! | `status_names` | reads the account's own names of break reasons; the service takes the code in the address for it | `false` |
//! | `request_seconds` | time a request may take | 15 |
//!
//! The secret is the code. A login that needs another one stands after it in the same secret, behind a blank: the
//! token of a `token` login (the code itself where there is none), the PIN of `user`, the password of `account`.

use std::time::Duration;

use ringside_telephony::{AccountConfig, ProviderError};
use secrecy::{ExposeSecret, SecretString};

use crate::account::{Address, OptionReader, options::wrong};

const MONITOR: &str = "https://monitor.voicenter.co.il";
const CALLS: &str = "https://monapisec.voicenter.co.il";
const API: &str = "https://api.voicenter.com";
const LOGIN: &str = "https://loginapi.voicenter.co.il";
/// Where sockets are tried if the login names no host, in the order of the vendor's own client.
const SOCKETS: [&str; 5] = [
    "https://monitor1.voicenter.co",
    "https://monitor3.voicenter.co.il",
    "https://monitor4.voicenter.co.il",
    "https://monitor5.voicenter.co.il",
    "https://monitor11.voicenter.co",
];
/// The service names no limit; faster than this nobody reads a board of lamps.
const LEAST_PAUSE: Duration = Duration::from_secs(3);
const MIB: f64 = 1024.0 * 1024.0;

#[derive(Clone, Debug)]
pub struct Options {
    pub monitor: Address,
    pub calls: Address,
    pub api: Address,
    pub login_host: Address,
    /// Replaces whatever host a login names.
    pub socket_host: Option<Address>,
    pub fallback_hosts: Vec<Address>,
    pub code: SecretString,
    pub login: Login,
    pub show_all: Option<bool>,
    pub poll: Duration,
    pub realtime_every: Duration,
    pub extensions_every: Duration,
    pub silence: Duration,
    pub max_message: usize,
    pub status_names: bool,
    /// How long the call log asks to wait when it is asked too often.
    pub log_pause: Duration,
    pub request_timeout: Duration,
}

/// The way into real time.
#[derive(Clone, Debug)]
pub enum Login {
    Token {
        token: SecretString,
    },
    User {
        email: String,
        pin: SecretString,
    },
    Account {
        username: String,
        password: SecretString,
    },
    /// Real time is not wanted.
    Nothing,
}

impl Options {
    /// # Errors
    /// [`ProviderError::Configuration`] with the key that is not usable.
    pub fn read(config: &AccountConfig) -> Result<Self, ProviderError> {
        let host = |vendor: &str| Address::new(config.base_url.as_ref(), vendor);
        let monitor = host(MONITOR)?;
        let (code, second) = secrets(&config.secret)?;
        let mut reader = OptionReader::new(&config.options);
        let name = reader.text("login_name")?.or(config.username.as_deref()).map(str::trim).unwrap_or_default();
        let login = login(reader.text("login")?.unwrap_or("token"), name, &code, second)?;
        let show_all = match reader.value("show_all") {
            None => None,
            Some(_) => Some(reader.flag("show_all", true)?),
        };
        let here = monitor.is_here();
        let least = if here { Duration::from_millis(20) } else { LEAST_PAUSE };
        let seconds = |value: Option<Duration>, usual: u64| value.unwrap_or(Duration::from_secs(usual)).max(least);
        let poll = seconds(reader.seconds("poll_seconds")?, 10);
        let realtime_every = seconds(reader.seconds("realtime_seconds")?, 600);
        let extensions_every = seconds(reader.seconds("extensions_seconds")?, 600);
        let silence = seconds(reader.seconds("silence_seconds")?, 60);
        let max_message = message_limit(reader.value("message_mib"))?;
        let status_names = reader.flag("status_names", false)?;
        let request_timeout = reader.seconds("request_seconds")?.unwrap_or(Duration::from_secs(15));
        reader.finish()?;
        Ok(Self {
            calls: host(CALLS)?,
            api: host(API)?,
            login_host: host(LOGIN)?,
            socket_host: config.base_url.is_some().then(|| monitor.clone()),
            fallback_hosts: SOCKETS.iter().map(|vendor| Address::new(None, vendor)).collect::<Result<_, _>>()?,
            monitor,
            code,
            login,
            show_all,
            poll,
            realtime_every,
            extensions_every,
            silence,
            max_message,
            status_names,
            log_pause: if here { Duration::from_millis(50) } else { Duration::from_secs(5) },
            request_timeout,
        })
    }
}

/// The code, and what stands behind it.
fn secrets(secret: &SecretString) -> Result<(SecretString, Option<SecretString>), ProviderError> {
    let text = secret.expose_secret().trim();
    let (code, second) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if code.is_empty() {
        return Err(ProviderError::Configuration {
            detail: "a Voicenter account needs its code as the password".into(),
        });
    }
    let second = Some(second.trim()).filter(|it| !it.is_empty()).map(SecretString::from);
    Ok((SecretString::from(code), second))
}

fn login(kind: &str, name: &str, code: &SecretString, second: Option<SecretString>) -> Result<Login, ProviderError> {
    let incomplete = |wanted: &str| ProviderError::Configuration {
        detail: format!(
            "the login `{kind}` needs a `login_name` and, behind the code and a blank in the secret, {wanted}"
        )
        .into(),
    };
    match (kind, second) {
        ("token", second) => Ok(Login::Token { token: second.unwrap_or_else(|| code.clone()) }),
        ("user", Some(pin)) if !name.is_empty() => Ok(Login::User { email: name.to_owned(), pin }),
        ("account", Some(password)) if !name.is_empty() => Ok(Login::Account { username: name.to_owned(), password }),
        ("user", _) => Err(incomplete("the PIN")),
        ("account", _) => Err(incomplete("the password")),
        ("none", _) => Ok(Login::Nothing),
        _ => Err(wrong("login", "`token`, `user`, `account` or `none`")),
    }
}

fn message_limit(value: Option<&serde_json::Value>) -> Result<usize, ProviderError> {
    let Some(value) = value else { return Ok(MIB as usize) };
    let mib = value.as_f64().filter(|mib| (0.01..=64.0).contains(mib));
    mib.map(|mib| (mib * MIB) as usize).ok_or_else(|| wrong("message_mib", "a number of MiB up to 64"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(secret: &str, options: serde_json::Value) -> Result<Options, ProviderError> {
        let serde_json::Value::Object(options) = options else { panic!("options are an object") };
        Options::read(&AccountConfig {
            id: "office".into(),
            provider: "voicenter".into(),
            base_url: None,
            username: None,
            secret: secret.into(),
            options,
            plan: Default::default(),
        })
    }

    #[test]
    fn the_code_is_the_token_unless_another_secret_stands_behind_it() {
        let token = |secret| match read(secret, json!({})).unwrap().login {
            Login::Token { token } => token.expose_secret().to_owned(),
            other => panic!("{other:?}"),
        };
        assert_eq!(token(" CODE "), "CODE");
        assert_eq!(token("CODE  TOKEN"), "TOKEN");
        let user = read("CODE pass word", json!({"login": "user", "login_name": "a@b.example"})).unwrap();
        let Login::User { email, pin } = user.login else { panic!("a user login") };
        assert_eq!(
            (email.as_str(), pin.expose_secret(), user.code.expose_secret()),
            ("a@b.example", "pass word", "CODE")
        );
    }

    #[test]
    fn what_is_missing_or_wrong_is_named_and_no_secret_is() {
        for (secret, options, named) in [
            ("", json!({}), "code"),
            ("canary-91", json!({"login": "user", "login_name": "a@b.example"}), "PIN"),
            ("canary-91 x", json!({"login": "account"}), "login_name"),
            ("canary-91", json!({"login": "oauth"}), "`login`"),
            ("canary-91", json!({"message_mib": 1000}), "`message_mib`"),
            ("canary-91", json!({"show_all": "yes"}), "`show_all`"),
            ("canary-91", json!({"poll": 3}), "`poll`"),
        ] {
            let error = read(secret, options).unwrap_err();
            assert!(error.code() == "configuration" && error.to_string().contains(named), "{error}");
            assert!(!error.to_string().contains("canary"), "{error}");
        }
    }

    #[test]
    fn the_vendors_hosts_stand_where_no_address_is_given() {
        let options = read("CODE", json!({})).unwrap();
        assert_eq!(options.api.at("hub/cdr/").as_str(), "https://api.voicenter.com/hub/cdr/");
        assert!(options.socket_host.is_none() && options.fallback_hosts.len() == 5);
        assert_eq!(options.poll, Duration::from_secs(10));
    }
}

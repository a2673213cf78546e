//! What a configuration may not say although it is well-formed: each mistake with its place and a sentence.

use std::collections::BTreeSet;

use ringside_domain::{AccountId, LineId, number};
use ringside_receiver::{public_url, read_listen};
use ringside_telephony::{AccountConfig, Kind, ProviderError};
use secrecy::SecretString;
use url::Url;

use super::locate::Step;
use super::{AccountEntry, Config, PopUps, SecretSource};
use crate::view::settings::DEFAULT_HOTKEYS;

/// A value that means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub code: &'static str,
    pub path: Vec<Step>,
    pub message: String,
}

/// Longest name of an account, characters.
const MAX_ID: usize = 64;

/// Digits, with the zero before it.
const LONGEST_AREA_CODE: usize = 6;
const LONGEST_OUTSIDE_LINE: usize = 4;

const VALUE: &str = "config_value";
const REGION: &str = "bad_region";
const LINE: &str = "config_line";

macro_rules! path {
    ($($step:expr),+ $(,)?) => { vec![$(Step::from($step)),+] };
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

#[derive(Default)]
struct Found(Vec<Mistake>);

impl Found {
    fn add(&mut self, code: &'static str, path: Vec<Step>, message: impl Into<String>) {
        self.0.push(Mistake { code, path, message: message.into() });
    }
}

/// Everything that means nothing, in the order of the tables.
pub(super) fn check(config: &Config, kinds: &[Kind]) -> Vec<Mistake> {
    let mut found = Found::default();
    check_region(&config.me.region, path!["me", "region"], &mut found);
    let ids: BTreeSet<&str> = config.accounts.iter().map(|account| account.id.as_str()).collect();
    for (index, line) in config.me.extensions.iter().enumerate() {
        check_line(line, Some(&ids), path!["me", "extensions", index], &mut found);
    }
    check_accounts(config, kinds, &mut found);
    for (index, line) in config.board.favourites.iter().enumerate() {
        check_line(line, None, path!["board", "favourites", index], &mut found);
    }
    let mut names = BTreeSet::new();
    for (index, group) in config.board.groups.iter().enumerate() {
        if group.name.trim().is_empty() {
            found.add(VALUE, path!["board", "groups", index, "name"], "the group has no name");
        } else if !names.insert(group.name.trim().to_lowercase()) {
            let message = format!("there are two groups `{}`; put their lines into one", group.name);
            found.add(VALUE, path!["board", "groups", index, "name"], message);
        }
        for (place, line) in group.lines.iter().enumerate() {
            let at = path!["board", "groups", index, "lines", place];
            match empty_block(line) {
                Some(message) => found.add(LINE, at, message),
                None => check_line(line, Some(&ids), at, &mut found),
            }
        }
    }
    if !(5..=120).contains(&config.dial.ring_s) {
        let message = format!("{} is not between 5 and 120 seconds", config.dial.ring_s);
        found.add(VALUE, path!["dial", "ring_s"], message);
    }
    check_record_url(&config.pop_up.record_url, &mut found);
    if config.history.days > 180 {
        let message = format!("{} is not between 0 and 180 days", config.history.days);
        found.add(VALUE, path!["history", "days"], message);
    }
    let receiver = &config.receiver;
    for (key, value, problem) in [
        ("listen", &receiver.listen, read_listen(&receiver.listen).err()),
        ("public_url", &receiver.public_url, public_url(&receiver.public_url).err()),
    ] {
        if let Some(problem) = problem {
            found.add(
                problem.code,
                path!["receiver", key],
                format!("`{}`: {}. {}", without_user(value), problem.message, problem.hint),
            );
        }
    }
    for action in config.hotkeys.keys() {
        if !DEFAULT_HOTKEYS.iter().any(|(_, known, _)| known == action) {
            let known: Vec<_> = DEFAULT_HOTKEYS.iter().map(|(_, known, _)| *known).collect();
            let message = format!("there is no hotkey `{action}`; there are {}", known.join(", "));
            found.add(VALUE, path!["hotkeys", action.as_str()], message);
        }
    }
    found.0
}

/// What means nothing and keeps nothing else from being used.
pub(super) fn doubts(config: &Config) -> Vec<Mistake> {
    let mut found = Found::default();
    let ids: BTreeSet<&str> = config.accounts.iter().map(|account| account.id.as_str()).collect();
    for (index, line) in config.board.favourites.iter().enumerate() {
        check_line(line, Some(&ids), path!["board", "favourites", index], &mut found);
    }
    for (index, group) in config.board.groups.iter().enumerate().filter(|(_, group)| group.lines.is_empty()) {
        found.add(VALUE, path!["board", "groups", index, "lines"], format!("the group `{}` has no lines", group.name));
    }
    found.0
}

fn check_region(region: &str, path: Vec<Step>, found: &mut Found) {
    if !number::is_region(region) {
        found.add(REGION, path, format!("`{region}` is no country; write its two letters, such as DE or CH"));
    }
}

/// Why a block can hold no extension, if it cannot.
fn empty_block(line: &str) -> Option<String> {
    let (account, block) = line.split_once('/')?;
    let (first, last) = block.split_once('-')?;
    let is_number = |end: &str| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(first) || !is_number(last) || first.len() != last.len() {
        return Some(format!(
            "`{line}` holds no extension; a block is two numbers of one length, such as {account}/22-35"
        ));
    }
    (first > last).then(|| format!("`{line}` holds no extension; write {account}/{last}-{first}"))
}

/// `accounts`: those there are, where a line of another one would mean nothing.
fn check_line(line: &str, accounts: Option<&BTreeSet<&str>>, path: Vec<Step>, found: &mut Found) {
    let Some(id) = line.parse::<LineId>().ok().filter(|id| id.to_string().split('/').all(|part| part.trim() == part))
    else {
        let example = accounts.and_then(|ids| ids.first()).unwrap_or(&"office");
        let (account, extension) = line.split_once('/').unwrap_or(("", line));
        let or = |part: &str, other: &str| match part.trim() {
            "" => other.to_owned(),
            part => part.to_owned(),
        };
        let is_whole = |part: &str| !part.trim().is_empty();
        let missing = if is_whole(account) && !is_whole(extension) { "extension" } else { "account" };
        let (account, extension) = (or(account, example), or(extension, "31"));
        let message = format!("`{line}` names no {missing}; write account/extension, such as {account}/{extension}");
        return found.add(LINE, path, message);
    };
    let Some(accounts) = accounts else { return };
    if !accounts.contains(id.account.as_str()) {
        let known: Vec<_> = accounts.iter().copied().collect();
        let known = if known.is_empty() { "no account at all".to_owned() } else { known.join(", ") };
        let message = format!("`{line}`: there is no account `{}`; there is {known}", id.account);
        found.add(LINE, path, message);
    }
}

fn check_accounts(config: &Config, kinds: &[Kind], found: &mut Found) {
    let mut seen = BTreeSet::new();
    for (index, account) in config.accounts.iter().enumerate() {
        let id = account.id.as_str();
        let at = |key: &str| path!["accounts", index, key];
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if !id.chars().all(is_name) || !(1..=MAX_ID).contains(&id.chars().count()) {
            let shown: String = id.chars().filter(|c| is_name(*c) || c.is_ascii_graphic()).take(MAX_ID).collect();
            let message = format!(
                "`{shown}` is no name of an account; use up to {MAX_ID} letters, digits, -, _ and . only, such as office"
            );
            found.add(VALUE, at("id"), message);
        } else if !seen.insert(id.to_lowercase()) {
            found.add(VALUE, at("id"), format!("there are two accounts `{id}`"));
        }
        check_account(index, account, config, kinds, found);
    }
}

fn check_account(index: usize, account: &AccountEntry, config: &Config, kinds: &[Kind], found: &mut Found) {
    let at = |key: &str| path!["accounts", index, key];
    if let Some(region) = &account.region {
        check_region(region, at("region"), found);
    }
    if let Some(code) = account.country_code.filter(|code| !number::is_country_code(*code)) {
        found.add(VALUE, at("country_code"), format!("{code} is no country code; write one such as 49"));
    }
    let codes = account.region.as_deref().and_then(|region| Some((region, number::country_code_of(region)?)));
    if let (Some(code), Some((region, own))) = (account.country_code, codes)
        && number::is_country_code(code)
        && code != own
    {
        let message = format!("{code} is not the country code of {region}, which is {own}; leave one of the two out");
        found.add(VALUE, at("country_code"), message);
    }
    let digits = |text: &String| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    for (key, value, longest, example) in [
        ("area_code", &account.area_code, LONGEST_AREA_CODE, "221"),
        ("outside_line", &account.outside_line, LONGEST_OUTSIDE_LINE, "0"),
    ] {
        if let Some(value) = value.as_ref().filter(|value| !digits(value) || value.len() > longest) {
            found.add(VALUE, at(key), format!("`{value}` has to be up to {longest} digits, such as {example}"));
        }
    }
    if let Some(code) = account.area_code.as_ref().filter(|code| digits(code) && code.len() <= LONGEST_AREA_CODE) {
        if code.bytes().all(|byte| byte == b'0') {
            found.add(VALUE, at("area_code"), format!("`{code}` is no area code; write one such as 221"));
        } else if let Some(area) = number::area_behind_country_code(&account.plan(&config.me).region, code) {
            let message = format!("`{code}` begins with the country code; write {area}");
            found.add(VALUE, at("area_code"), message);
        }
    }
    match &account.secret {
        SecretSource::Env(name) if name.trim().is_empty() || name.contains(['=', '\0']) => {
            found.add(VALUE, at("secret"), "`env` names no variable");
        }
        SecretSource::File(path) if path.as_os_str().is_empty() => {
            found.add(VALUE, at("secret"), "`file` names no file");
        }
        _ => {}
    }
    let Some(kind) = kinds.iter().find(|kind| kind.name == account.provider) else {
        let known: Vec<_> = kinds.iter().map(|kind| kind.name).collect();
        let message = format!("there is no provider `{}`; there are {}", account.provider, known.join(", "));
        return found.add(VALUE, at("provider"), message);
    };
    let nameless = account.username.as_deref().is_none_or(|name| name.trim().is_empty());
    if let Some(field) = kind.fields.iter().find(|field| field.name == "username" && field.required && nameless) {
        let message = format!("an account of {} needs a user name, such as {}", kind.title, field.example);
        return found.add(VALUE, at("username"), message);
    }
    let base_url =
        match account.base_url.as_deref().filter(|url| !url.is_empty()).map(|url| web_address(url, kind)).transpose() {
            Ok(url) => url,
            Err(message) => return found.add(VALUE, at("base_url"), message),
        };
    let settings = AccountConfig {
        id: AccountId::new(&account.id),
        provider: account.provider.clone(),
        base_url,
        username: account.username.clone(),
        // Not fetched yet; two words, since some services have two secrets.
        secret: SecretString::from("not fetched"),
        options: account.option_values(),
        plan: account.plan(&config.me),
    };
    if let Err(ProviderError::Configuration { detail }) = (kind.validate)(&settings) {
        let key = detail.text.split('`').nth(1).filter(|key| account.options.contains_key(*key));
        let path = match key {
            Some(key) => path!["accounts", index, "options", key],
            None => path!["accounts", index, "options"],
        };
        found.add(VALUE, path, detail.text);
    }
}

/// An address that the account's credentials may be sent to.
fn web_address(text: &str, kind: &Kind) -> Result<Url, String> {
    let shown = without_user(text);
    let url: Url = text
        .trim()
        .parse()
        .map_err(|_| format!("`{shown}` is not a web address; write one such as https://example.com"))?;
    match (kind.admits)(&url) {
        Ok(()) => Ok(url),
        Err(ProviderError::Configuration { detail }) => Err(format!("`{shown}`: {}", detail.text)),
        Err(other) => Err(format!("`{shown}`: {other}")),
    }
}

/// What was written for an address without what stands before its @, which may be a password.
fn without_user(text: &str) -> String {
    let Some((before, after)) = text.rsplit_once('@') else { return text.to_owned() };
    let scheme = ["https://", "http://"].into_iter().find(|scheme| before.trim_start().starts_with(scheme));
    format!("{}{after}", scheme.unwrap_or_default())
}

fn check_record_url(template: &str, found: &mut Found) {
    let template = template.trim();
    if template.is_empty() {
        return;
    }
    let at = || path!["pop_up", "record_url"];
    let (mut filled, mut rest) = (String::new(), template);
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        if !PopUps::PLACES.contains(&name) {
            let known = PopUps::PLACES.map(|place| format!("{{{place}}}")).join(", ");
            return found.add(VALUE, at(), format!("there is no place `{{{name}}}`; there are {known}"));
        }
        filled.push_str(before);
        filled.push('x');
        rest = after;
    }
    filled.push_str(rest);
    let web = Url::parse(&filled).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !web {
        let shown = without_user(template);
        let message = format!("`{shown}` is not a web address; write one such as https://crm.example/{{number}}");
        found.add(VALUE, at(), message);
    }
}

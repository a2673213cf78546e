//! An account that is being connected: what its draft would write, and a test that keeps nothing of it.

use std::time::Duration;

use ringside_api::view::{self, AccountDraft, ExtensionView};
use ringside_api::{ApiError, Reply};
use ringside_domain::{Extension, Label};
use ringside_telephony::{Finding, Kind, Provider, ProviderError, Verdict};
use secrecy::SecretString;
use tokio::sync::mpsc;

use super::inner::Inner;
use super::{Actor, refuse};
use crate::config::{AccountEntry, SecretSource};

/// Longest test of a draft.
const PATIENCE: Duration = Duration::from_secs(60);

/// The last finding of every test: whether the account would be of use.
pub(super) fn done(useful: bool) -> view::Finding {
    let verdict = if useful { view::Verdict::Works } else { view::Verdict::Fails };
    view::Finding { step: "done".to_owned(), verdict, text: String::new(), note: None, count: None, problem: None }
}

/// What the findings of a test come to: without an address or a sign-in nothing goes on, and after them something has
/// to work unless there was nothing to try.
#[derive(Clone, Copy, Default)]
struct Sum {
    no_entry: bool,
    failed: bool,
    worked: bool,
}

impl Sum {
    fn add(&mut self, finding: &Finding) {
        let entry = matches!(finding.step, "reach" | "sign_in");
        match &finding.verdict {
            Verdict::Fails(_) if entry => self.no_entry = true,
            Verdict::Fails(_) => self.failed = true,
            Verdict::Works(_) | Verdict::Warning(_) if !entry => self.worked = true,
            Verdict::Works(_) | Verdict::Warning(_) | Verdict::NotTried(_) => {}
        }
    }

    fn is_useful(self) -> bool {
        !self.no_entry && (self.worked || !self.failed)
    }
}

impl Actor {
    /// Tries a draft without keeping anything of it; findings arrive as events.
    pub(super) fn test(&mut self, test: String, draft: &AccountDraft) -> Result<Reply, ApiError> {
        let entry = entry(draft, self.file.kind(&draft.provider))?;
        let provider = self.provider_for(&entry, SecretString::from(draft.secret.clone()));
        let provider = provider.map_err(|error| ApiError::from(error.problem()))?;
        let inner = self.inner.clone();
        tokio::spawn(async move {
            let (sender, mut findings) = mpsc::channel(16);
            let check = tokio::time::timeout(PATIENCE, provider.check(sender));
            let forward = async {
                let mut sum = Sum::default();
                while let Some(finding) = findings.recv().await {
                    sum.add(&finding);
                    // An actor that is gone needs no findings.
                    let _ = inner.send(Inner::Finding { test: test.clone(), finding }).await;
                }
                sum
            };
            let (checked, mut sum) = tokio::join!(check, forward);
            if checked.is_err() {
                let finding = Finding { step: "reach", verdict: Verdict::Fails(ProviderError::TimedOut.problem()) };
                sum.add(&finding);
                let _ = inner.send(Inner::Finding { test: test.clone(), finding }).await;
            }
            let useful = sum.is_useful();
            let extensions = if useful { listed(provider.as_ref(), &entry.id).await } else { Vec::new() };
            let _ = inner.send(Inner::TestDone { test, useful, extensions }).await;
        });
        Ok(Reply::Done {})
    }
}

/// Whom the account lists. Nobody where it cannot say now: the test has told why, and names can be typed.
async fn listed(provider: &dyn Provider, account: &str) -> Vec<ExtensionView> {
    let Some(extensions) = provider.extensions() else {
        return Vec::new();
    };
    let list = tokio::time::timeout(PATIENCE, extensions.list()).await;
    let text = |label: &Label| label.as_str().to_owned();
    let view = |Extension { id, name, email, group }: Extension| ExtensionView {
        account: account.to_owned(),
        extension: id.to_string(),
        name: text(&name),
        email: email.as_ref().map(text),
        group: group.as_ref().map(text),
    };
    list.into_iter().flatten().flatten().map(view).collect()
}

/// A draft as the configuration would write it.
pub(super) fn entry(draft: &AccountDraft, kind: Option<&Kind>) -> Result<AccountEntry, ApiError> {
    let id = draft.id.trim();
    let valid = (1..=40).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    if !valid {
        return Err(refuse(
            "bad_account_name",
            "this name can't be used for an account",
            "Use up to 40 letters, digits, dashes and dots.",
        ));
    }
    let text = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let options = draft
        .options
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(key, value)| (key.clone(), toml::Value::String(value.trim().to_owned())))
        .collect();
    Ok(AccountEntry {
        id: id.to_owned(),
        provider: draft.provider.clone(),
        base_url: text(&draft.base_url),
        username: text(&draft.username),
        secret: SecretSource::Keyring,
        region: Some(draft.region.trim().to_uppercase())
            .filter(|region| !region.is_empty())
            .or_else(|| kind?.region.map(str::to_owned)),
        country_code: None,
        area_code: None,
        outside_line: None,
        options,
    })
}

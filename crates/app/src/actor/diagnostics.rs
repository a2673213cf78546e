//! How well it runs, without names, numbers or secrets.

use std::fmt::Write as _;

use ringside_api::Reply;
use ringside_api::view::{Diagnostics, LinkDiagnostics, OddityView};
use ringside_domain::LinkPhase;

use super::Actor;
use super::inner::ReplyTo;
use crate::view::ms;

impl Actor {
    /// The key store is asked for it: that its system has one does not say that it is there.
    pub(super) fn diagnostics_asked(&self, reply: ReplyTo) {
        let (mut diagnostics, secrets) = (self.diagnostics(), self.secrets.clone());
        self.later(reply, async move {
            if diagnostics.key_store_problem.is_none() {
                diagnostics.key_store_problem = secrets.check().await.err().map(|error| error.problem().into());
            }
            Ok(Reply::Diagnostics { diagnostics: Box::new(diagnostics) })
        });
    }

    pub(super) fn support_bundle_asked(&self, reply: ReplyTo) {
        let (text, secrets) = (self.support_bundle(), self.secrets.clone());
        self.later(reply, async move {
            let key_store = secrets.check().await.err().map_or("answers", |error| error.code());
            Ok(Reply::Text { text: format!("{text}key store: {}, {key_store}\n", secrets.store_name()) })
        });
    }

    fn diagnostics(&self) -> Diagnostics {
        let (recording, _) = self.history_recording();
        Diagnostics {
            version: self.version.to_owned(),
            started_at: ms(self.started_at),
            latencies: self.latencies.view(),
            links: self
                .accounts
                .iter()
                .map(|(id, account)| LinkDiagnostics {
                    account: id.to_string(),
                    events: account.events,
                    last_event_at: account.last_event_at,
                    reconnects: account.reconnects,
                })
                .collect(),
            oddities: self.oddities(),
            store: recording.to_owned(),
            store_problem: self.store_problem.as_ref().map(Into::into),
            key_store: self.secrets.store_name().to_owned(),
            key_store_problem: self.key_store_problem(),
            memory_mb: memory_mb(),
            log: self.desktop.log(),
        }
    }

    fn oddities(&self) -> Vec<OddityView> {
        self.accounts
            .iter()
            .filter_map(|(id, account)| account.provider.as_ref().map(|provider| (id, provider)))
            .flat_map(|(id, provider)| {
                provider.oddities().into_iter().map(|oddity| OddityView {
                    account: id.to_string(),
                    place: oddity.place,
                    excerpt: oddity.excerpt,
                    count: oddity.count,
                })
            })
            .collect()
    }

    /// Why some account's secret could not be had from the key store.
    fn key_store_problem(&self) -> Option<ringside_api::ApiError> {
        self.accounts.keys().find_map(|id| {
            let link = self.engine.link(id).filter(|link| link.phase == LinkPhase::Offline)?;
            let reason = link.reason.as_ref()?;
            (reason.code.starts_with("key_store") || reason.code == "secret_missing").then(|| reason.into())
        })
    }

    /// A text for the administrator: no names, no numbers, no addresses of people.
    fn support_bundle(&self) -> String {
        let diagnostics = self.diagnostics();
        let mut text = format!(
            "Ringside {} on {} {}\nhistory: {}\n",
            diagnostics.version,
            std::env::consts::OS,
            std::env::consts::ARCH,
            diagnostics.store
        );
        let mut line = |words: std::fmt::Arguments<'_>| {
            // Writing to a string cannot fail.
            let _ = text.write_fmt(words);
            text.push('\n');
        };
        for id in self.accounts.keys() {
            if let Some(account) = self.account_view(id) {
                let reason = account.link.reason.map_or_else(|| "-".to_owned(), |reason| reason.code);
                line(format_args!("account {id} ({}): {:?}, reason {reason}", account.provider, account.link.phase));
            }
        }
        for link in &diagnostics.links {
            line(format_args!("link {}: {} events, {} reconnects", link.account, link.events, link.reconnects));
        }
        for l in &diagnostics.latencies {
            let account = l.account.as_deref().unwrap_or("-");
            line(format_args!(
                "latency {} {account}: n={} p50={:.2} p95={:.2} p99={:.2} max={:.2} ms",
                l.name, l.count, l.p50, l.p95, l.p99, l.max
            ));
        }
        let receiver = self.receiver_view();
        let problem = receiver.problem.map_or_else(|| "-".to_owned(), |problem| problem.code);
        line(format_args!("receiver: {}, problem {problem}", receiver.listening.as_deref().unwrap_or("off")));
        for it in &receiver.accounts {
            let last = it.last_refused.as_ref().map_or("-", |problem| problem.code.as_str());
            line(format_args!("pushes {}: {} taken, {} refused, last {last}", it.account, it.taken, it.refused));
        }
        for oddity in &diagnostics.oddities {
            line(format_args!("odd {} {}: {} × {}", oddity.account, oddity.place, oddity.count, oddity.excerpt));
        }
        for notice in self.notices.all() {
            line(format_args!("notice {}: {}", notice.id, notice.problem.code));
        }
        text
    }
}

/// Resident memory of this process, where the system says it.
fn memory_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kb: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kb / 1024.0)
}

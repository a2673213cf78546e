//! The receiver for what services send unasked: it follows the settings, and its doors the accounts.

mod inbox;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use ringside_api::view::{NoticeLevel, ReceiverAccount, ReceiverView};
use ringside_api::{ApiEvent, Reply};
use ringside_domain::{AccountId, Problem};
use ringside_receiver::{
    AccountPath, Door, Hall, House, Listening, Tried, local_url, public_url, read_listen, test, warn_of_listen,
    warn_of_public,
};
use ringside_store::Store;
use ringside_telephony::{Arrived, Provider, PushAddress};
use tokio::sync::mpsc;
use tokio::time::Instant;
use url::Url;

use super::Actor;
use super::accounts::Account;
use super::inner::{Inner, ReplyTo};
use crate::clock::{Clock, wall_clock};
use crate::config::Receiver;
use crate::view::{account::finding, ms};
use inbox::Inbox;

/// Counts that change are told this often at most.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// The receiver, as the actor knows it.
pub(super) struct Receiving {
    /// The settings it follows now.
    follows: Receiver,
    house: Arc<House>,
    /// The one that listens, or that is ending.
    listening: Option<Listening>,
    /// Tells late words of an earlier address from those of this one.
    turn: u64,
    /// `None` while it is off or has not said yet.
    at: Option<Result<SocketAddr, Problem>>,
    public: Result<Option<Url>, Problem>,
    news: Arc<AtomicBool>,
    due: Option<Instant>,
    told_at: Option<Instant>,
    /// Accounts whose first refusal was told.
    refusals_told: BTreeSet<AccountId>,
}

impl Receiving {
    /// Off, with no doors.
    pub fn new(
        clock: Arc<dyn Clock>,
        store: Store,
        days: Arc<AtomicU32>,
        arrivals: mpsc::Sender<(AccountId, u64, Arrived)>,
        inner: mpsc::Sender<Inner>,
    ) -> Self {
        let news = Arc::new(AtomicBool::new(false));
        let recipient = Arc::new(Inbox { clock, store, days, arrivals, inner, news: news.clone() });
        Self {
            follows: Receiver { on: false, ..Receiver::default() },
            house: Arc::new(House::new(Hall { doors: Vec::new(), prefix: String::new(), awaited: false, recipient })),
            listening: None,
            turn: 0,
            at: None,
            public: Ok(None),
            news,
            due: None,
            told_at: None,
            refusals_told: BTreeSet::new(),
        }
    }

    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Returns once its address is free.
    pub async fn end(self) {
        if let Some(listening) = self.listening {
            listening.end().await;
        }
    }

    /// Why it does not work as it should; while it listens, a warning.
    fn problem(&self) -> Option<Problem> {
        match &self.at {
            None => None,
            Some(Err(problem)) => Some(problem.clone()),
            Some(Ok(at)) => match &self.public {
                Err(problem) => Some(problem.clone()),
                Ok(public) => warn_of_listen(*at).or_else(|| public.as_ref().and_then(warn_of_public)),
            },
        }
    }

    fn public(&self) -> Option<&Url> {
        self.public.as_ref().ok()?.as_ref()
    }
}

impl Actor {
    /// Follows the settings where they changed.
    pub(super) fn tend_receiver(&mut self) {
        let wanted = self.config.receiver.clone();
        if wanted == self.receiver.follows {
            return;
        }
        let before = std::mem::replace(&mut self.receiver.follows, wanted);
        self.receiver.public = public_url(&self.receiver.follows.public_url);
        self.doors_changed();
        if (before.on, &before.listen) != (self.receiver.follows.on, &self.receiver.follows.listen) {
            self.listen_anew();
        }
        self.receiver_changed();
    }

    fn listen_anew(&mut self) {
        let recipient = self.inbox();
        let receiver = &mut self.receiver;
        receiver.turn += 1;
        receiver.at = None;
        if let Some(listening) = &receiver.listening {
            listening.stop();
        }
        if !receiver.follows.on {
            return;
        }
        match read_listen(&receiver.follows.listen) {
            Err(problem) => receiver.at = Some(Err(problem)),
            Ok(at) => {
                let (before, house) = (receiver.listening.take(), receiver.house.clone());
                receiver.listening = Some(Listening::begin(at, before, house, recipient, receiver.turn));
            }
        }
    }

    pub(super) fn receiver_listens(&mut self, turn: u64, at: Result<SocketAddr, Problem>) {
        if turn == self.receiver.turn {
            self.receiver.at = Some(at);
            self.receiver_changed();
        }
    }

    /// A new connection of an account.
    pub(super) fn open_door(&mut self, id: &AccountId, provider: Arc<dyn Provider>, path: Option<AccountPath>) {
        let Some(account) = self.accounts.get_mut(id).filter(|account| account.pushes()) else { return };
        let (generation, tally) = (account.generation, account.tally.clone());
        let door = path.and_then(|path| Door::new(provider, generation, path, tally, Instant::now()));
        account.door = door.map(Arc::new);
        self.doors_changed();
    }

    /// The receiver's connections see the accounts there are now, and the store that is written to now.
    pub(super) fn doors_changed(&mut self) {
        let doors = self.accounts.values().filter_map(|account| account.door.clone()).collect();
        let prefix = self.receiver.public().map_or_else(String::new, |url| url.path().to_owned());
        let awaited = self.accounts.values().any(|account| account.pushes() && account.provider.is_none());
        self.receiver.house.furnish(Hall { doors, prefix, awaited, recipient: self.inbox() });
        if self.receiver.follows.on {
            self.receiver_soon();
        }
    }

    fn inbox(&self) -> Arc<Inbox> {
        Arc::new(Inbox {
            clock: self.clock.clone(),
            store: self.store.clone(),
            days: self.days.clone(),
            arrivals: self.arrivals.clone(),
            inner: self.inner.clone(),
            news: self.receiver.news.clone(),
        })
    }

    fn receiver_changed(&mut self) {
        let trouble = match (&self.receiver.at, &self.receiver.public) {
            (Some(Err(problem)), _) | (Some(Ok(_)), Err(problem)) => Some(problem.clone()),
            (None, _) | (Some(Ok(_)), Ok(_)) => None,
        };
        match trouble {
            Some(problem) => self.notice("receiver", NoticeLevel::Warning, &problem),
            None => self.unnotice("receiver"),
        }
        let receiver = self.receiver_view();
        self.publish(ApiEvent::Receiver { receiver });
    }

    /// Counts changed: the hosts are told when it is time.
    pub(super) fn receiver_soon(&mut self) {
        let now = Instant::now();
        let at = self.receiver.told_at.map_or(now, |told| (told + TELL_EVERY).max(now));
        self.receiver.due.get_or_insert(at);
    }

    pub(super) fn tell_receiver(&mut self, now: Instant) {
        self.receiver.due = None;
        self.receiver.told_at = Some(now);
        // Before they are read, so that what is counted meanwhile is told again.
        self.receiver.news.store(false, Ordering::Release);
        let refusals: Vec<(AccountId, Problem)> = self
            .accounts
            .iter()
            .filter(|(id, _)| !self.receiver.refusals_told.contains(*id))
            .filter_map(|(id, account)| Some((id.clone(), account.tally.counts().last_refused?)))
            .collect();
        for (id, why) in refusals {
            let problem = Problem::new(why.code, format!("{id}: {}", why.message), why.hint);
            self.notice(&format!("receiver.{id}"), NoticeLevel::Warning, &problem);
            self.receiver.refusals_told.insert(id);
        }
        let receiver = self.receiver_view();
        self.publish(ApiEvent::Receiver { receiver });
    }

    pub(super) fn receiver_view(&self) -> ReceiverView {
        let listening = self.receiver.at.as_ref().and_then(|at| at.as_ref().ok()).copied();
        let local = listening.or_else(|| read_listen(&self.receiver.follows.listen).ok()).and_then(local_url);
        ReceiverView {
            listening: listening.map(|at| at.to_string()),
            problem: self.receiver.problem().map(Into::into),
            accounts: self
                .accounts
                .iter()
                .filter_map(|(id, account)| receiver_account(id, account, local.as_ref(), self.receiver.public()))
                .collect(),
        }
    }

    /// Where the account's service is to say what became of an order; `None` while the receiver is off or no service
    /// can reach it.
    pub(super) fn push_address(&self, account: &AccountId) -> Option<PushAddress> {
        let base = self.receiver.public().filter(|_| self.receiver.follows.on)?;
        let door = self.accounts.get(account)?.door.as_ref()?;
        Some(PushAddress { url: door.path.below(base, "/orders"), secret: door.pushes()?.secret()? })
    }

    /// Tries the receiver's addresses from here.
    pub(super) fn test_receiver(&self, reply: ReplyTo) {
        let off = || Problem::new("receiver_off", "the receiver is not running", "Switch it on under Settings.");
        let local = match &self.receiver.at {
            None => Err(off()),
            Some(at) => at.clone().and_then(|at| local_url(at).ok_or_else(off)),
        };
        let tried = Tried {
            local,
            public: self.receiver.public.clone(),
            user_agent: format!("Ringside/{}", self.version),
            now: wall_clock,
        };
        let house = self.receiver.house.clone();
        self.later(reply, async move {
            let findings = test(house, tried).await;
            Ok(Reply::Findings { findings: findings.iter().map(finding).collect() })
        });
    }
}

fn receiver_account(
    id: &AccountId,
    account: &Account,
    local: Option<&Url>,
    public: Option<&Url>,
) -> Option<ReceiverAccount> {
    let door = account.door.as_ref()?;
    let counts = account.tally.counts();
    Some(ReceiverAccount {
        account: id.to_string(),
        local_url: local.map_or_else(String::new, |base| door.path.below(base, "").into()),
        public_url: public.map(|base| door.path.below(base, "").into()),
        taken: counts.taken,
        last_at: counts.last_at.map(ms),
        refused: counts.refused,
        last_refused: counts.last_refused.map(Into::into),
    })
}

//! What every row about the window begins with: an office, a private desktop, and the built program on it.

use std::time::Duration;

use base64::Engine as _;
use ringside_api::view::{Card, Snapshot};
use ringside_api::{Reply, Request};
use ringside_exchange::{Exchange, Options, demo_contacts};
use ringside_tests::desktop::{Desktop, Parts};
use ringside_tests::rig;
use ringside_tests::running::Running;
use ringside_tests::screen::Screen;
use ringside_tests::socket::Socket;
use ringside_tests::tray;
use tokio::task::block_in_place;
use tokio::time::{Instant, sleep};

pub const MAIN_TITLE: &str = "Ringside";
pub const CARD_TITLE: &str = "Ringside call";

/// A desk with thousands of lines takes a while to be read for the first time.
const PATIENCE: Duration = Duration::from_secs(60);

/// Fields end in this order: the app before the desktop it runs on.
pub struct Stage {
    pub app: Running,
    pub socket: Socket,
    pub screen: Screen,
    _tray: tray::Tray,
    pub desktop: Desktop,
    pub exchange: Exchange,
}

/// An office and a desktop, for rows that start the app themselves. `more` goes before the accounts.
pub async fn set(options: Options, more: &str) -> anyhow::Result<(Exchange, Desktop, Screen)> {
    let exchange = Exchange::start(options).await?;
    let desktop = Desktop::start(Parts::default())?;
    desktop.configure(&format!("{more}\n{}", exchange.config_toml()))?;
    let screen = Screen::open(desktop.display())?;
    Ok((exchange, desktop, screen))
}

/// Waits until the office is online and every line is current.
pub async fn await_current(socket: &mut Socket) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !is_current(&snapshot(socket).await?) {
        anyhow::ensure!(Instant::now() < deadline, "the app did not come online");
        sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

impl Stage {
    /// The app without its window, connected to the office, every line current.
    pub async fn in_tray(options: Options) -> anyhow::Result<Self> {
        let (exchange, desktop, screen) = set(options, "").await?;
        let tray = block_in_place(|| tray::put_up(&desktop))?;
        let app = Running::start(&desktop, Some(&exchange), &["--in-tray"])?;
        let mut socket = Socket::open(&desktop, PATIENCE).await?;
        await_current(&mut socket).await?;
        Ok(Self { app, socket, screen, _tray: tray, desktop, exchange })
    }

    /// Puts away every card that is up.
    pub async fn clear_cards(&mut self) -> anyhow::Result<()> {
        for card in self.snapshot().await?.cards {
            // It may have gone by itself.
            let _ = self.socket.call(Request::Card { action: Card::Dismiss, id: card.id }).await;
        }
        Ok(())
    }

    async fn snapshot(&mut self) -> anyhow::Result<Snapshot> {
        snapshot(&mut self.socket).await
    }

    /// Gives the app the contacts of the demo, as a user imports them.
    pub async fn import_contacts(&mut self) -> anyhow::Result<()> {
        let mut csv = "Name,Company,Phone,Mobile\n".to_owned();
        for contact in demo_contacts() {
            let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let fields = [contact.name, contact.company, contact.number, contact.other_number.unwrap_or_default()];
            csv.push_str(&fields.map(quoted).join(","));
            csv.push('\n');
        }
        let data = base64::engine::general_purpose::STANDARD.encode(csv);
        self.socket.call(Request::ImportContacts { name: "office.csv".to_owned(), data, replace: false }).await?;
        Ok(())
    }
}

async fn snapshot(socket: &mut Socket) -> anyhow::Result<Snapshot> {
    match socket.call(Request::Snapshot {}).await? {
        Reply::Snapshot { snapshot } => Ok(*snapshot),
        other => anyhow::bail!("no snapshot but {other:?}"),
    }
}

fn is_current(snapshot: &Snapshot) -> bool {
    let office = snapshot.accounts.iter().any(|it| it.id == "office" && rig::phase(it) == "online");
    let lines = &snapshot.lines;
    office && !lines.is_empty() && lines.iter().all(|line| line.stale_since.is_none())
}

//! The tour itself, one step after the other.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use ringside_api::view::{SettingsView, Theme, ViewName};
use ringside_api::{ApiError, Request};
use ringside_app::Handle;
use tauri::AppHandle;
use tokio::time::{Instant, sleep};

use super::hands::{self, Hands};
use super::screen::Picture;
use super::transcript::Transcript;
use super::{Manner, Outcome, page, screen, stage};
use crate::demo::{DESK, DemoExchange};
use crate::desktop;
use crate::host::{self, Page, Tour};
use ringside_exchange::Exchange;

/// The whole tour takes half of this.
const AT_MOST: Duration = Duration::from_secs(90);
/// A picture is taken once the display has been still this long.
const STILL: Duration = Duration::from_millis(250);
const STILL_AT_MOST: Duration = Duration::from_millis(600);

/// What is to be done with the app once it runs; it is closed afterwards.
pub fn guide(folder: &Path, manner: Manner, outcome: Outcome) -> Tour {
    let folder = folder.to_owned();
    Box::new(move |app, core, office| {
        tauri::async_runtime::spawn(async move {
            let walked = async {
                let mut guide = Guide::new(&app, core, &folder, manner)?;
                let done = guide.walk(office).await;
                if let Err(error) = &done {
                    guide.transcript.say(&format!("FAILED: {error:#}"))?;
                    // What the display showed then is the best there is to find out why.
                    guide.picture("failed").await?;
                }
                done
            };
            let walked = tokio::time::timeout(AT_MOST, walked).await;
            if let Err(error) = walked.context("the tour stood still").flatten() {
                outcome.failed(error);
            }
            host::quit(&app);
        });
    })
}

struct Guide {
    app: AppHandle,
    core: Handle,
    hands: Hands,
    folder: PathBuf,
    manner: Manner,
    transcript: Transcript,
    pictures: u32,
}

impl Guide {
    fn new(app: &AppHandle, core: Handle, folder: &Path, manner: Manner) -> anyhow::Result<Self> {
        Ok(Self {
            app: app.clone(),
            core,
            hands: Hands::new()?,
            folder: folder.to_owned(),
            manner,
            transcript: Transcript::begin(folder)?,
            pictures: 0,
        })
    }

    async fn walk(&mut self, office: Arc<DemoExchange>) -> anyhow::Result<()> {
        let (connection, number) = self.hands.display();
        screen::lay_ground(connection, number)?;
        let exchange = office.exchange().await?;
        self.transcript
            .say("The demo exchange answers on loopback: an office of 46 people with its forwarding scenarios, and three small sites, each at another service.")?;
        let theme = self.manner.theme.unwrap_or("light");
        let language = self.manner.language.clone().unwrap_or_else(|| "en".to_owned());
        self.dress(theme, &language).await?;
        self.ask(Request::StartDemo {}).await?;
        self.board(exchange).await?;
        self.ring(exchange).await?;
        self.dial().await?;
        self.scenario().await?;
        self.history(exchange).await?;
        self.other_clothes().await?;
        self.dress(theme, &language).await?;
        self.accounts().await?;
        self.transcript.say("Done.")
    }

    async fn board(&mut self, exchange: &Exchange) -> anyhow::Result<()> {
        self.see(Page::Main, "[data-testid=main][data-ready=true]").await?;
        self.see(Page::Main, "[data-line]").await?;
        // Only now, for a stream that is just being opened tells nothing of calls that began before.
        stage::set(exchange);
        self.see(Page::Main, "[data-line][data-status=ringing]").await?;
        self.transcript.say("The board: every extension a lamp.")?;
        self.picture("board").await
    }

    async fn ring(&mut self, exchange: &Exchange) -> anyhow::Result<()> {
        let began = Instant::now();
        let call = stage::ring_the_desk(exchange);
        self.see(Page::Card, "[data-testid=card][data-phase=ringing]").await?;
        let ms = began.elapsed().as_millis();
        self.transcript.say(&format!(
            "A customer calls extension {DESK}: the card is there after {ms} ms, looked for every 40."
        ))?;
        self.picture("ringing").await?;
        call.answer(DESK);
        self.see(Page::Card, "[data-testid=card][data-phase=connected]").await?;
        self.transcript.say("The phone is picked up: the same card goes on.")?;
        self.picture("answered").await?;
        call.hang_up();
        page::gone(&self.app, Page::Card, "[data-testid=card]").await?;
        self.transcript.say("The call is over, and the card has gone.")
    }

    async fn dial(&mut self) -> anyhow::Result<()> {
        self.hands.ctrl_alt(hands::SPACE).await?;
        self.see(Page::Main, "[data-testid=palette-field]").await?;
        self.transcript.say("Ctrl+Alt+Space: the palette.")?;
        self.hands.type_text("0221 669 669 70").await?;
        self.see(Page::Main, "[data-testid=palette-dial]").await?;
        self.transcript
            .say("Typed: what would be dialled, from which line, and the rule that read it. Nothing rings yet.")?;
        self.picture("palette").await?;
        self.hands.key(hands::ENTER).await?;
        self.see(Page::Main, "[data-testid=dial]").await?;
        self.transcript.say("Enter: your phone rings.")?;
        self.picture("dialling").await?;
        self.see(Page::Card, "[data-testid=card][data-phase=connected]").await?;
        self.transcript.say("It is picked up, the number is called and answers.")?;
        self.picture("connected").await?;
        page::gone(&self.app, Page::Card, "[data-testid=card]").await
    }

    async fn scenario(&mut self) -> anyhow::Result<()> {
        self.go(ViewName::Scenarios, "[data-testid=scenario]").await?;
        self.transcript.say("Forwarding scenarios: what goes where, before anything is thrown.")?;
        self.picture("scenarios").await?;
        self.click("[data-testid=scenario][data-state=inactive] [data-testid=scenario-throw]").await?;
        self.click("[data-testid=throw-confirm]").await?;
        self.see(Page::Main, "[data-testid=scenario][data-result]").await?;
        self.transcript.say("Thrown: requested.")?;
        self.snap("scenario-requested")?;
        self.see(Page::Main, "[data-testid=scenario][data-result=confirmed]").await?;
        self.transcript.say("Read back from the service: confirmed.")?;
        self.picture("scenario-confirmed").await
    }

    async fn history(&mut self, exchange: &Exchange) -> anyhow::Result<()> {
        let call = stage::missed(exchange);
        self.see(Page::Card, "[data-testid=card][data-phase=ringing]").await?;
        call.hang_up();
        // A missed call's card stays until somebody says what is to become of it.
        let later = page::find(&self.app, Page::Card, "[data-settling=false] [data-testid=card-later]").await?;
        self.hands.click(later.x, later.y).await?;
        self.hands.point(4, 796)?;
        page::gone(&self.app, Page::Card, "[data-testid=card]").await?;
        self.go(ViewName::History, "[data-testid=history-row]").await?;
        self.transcript.say("The history: every call with its outcome; the missed one waits to be returned.")?;
        self.picture("history").await
    }

    async fn other_clothes(&mut self) -> anyhow::Result<()> {
        self.go(ViewName::Board, "[data-line]").await?;
        let language = self.manner.language.clone().unwrap_or_else(|| "en".to_owned());
        if self.manner.theme.is_none() {
            self.dress("dark", &language).await?;
            self.see(Page::Main, "html[data-theme=dark]").await?;
            self.transcript.say("The same board in dark.")?;
            self.picture("board-dark").await?;
        }
        if self.manner.language.is_none() {
            self.dress(self.manner.theme.unwrap_or("light"), "de").await?;
            self.see(Page::Main, "html[lang=de]").await?;
            self.transcript.say("And in German.")?;
            self.picture("board-german").await?;
        }
        Ok(())
    }

    async fn accounts(&mut self) -> anyhow::Result<()> {
        self.go(ViewName::Accounts, "[data-testid=account]").await?;
        self.transcript.say("The accounts: five services, and what each can do.")?;
        self.picture("accounts").await
    }

    async fn dress(&mut self, theme: &str, language: &str) -> anyhow::Result<()> {
        let mut settings: SettingsView = self.core.settings().await.context("the app has gone")?;
        settings.theme = match theme {
            "dark" => Theme::Dark,
            "light" => Theme::Light,
            _ => Theme::System,
        };
        language.clone_into(&mut settings.language);
        self.ask(Request::SetSettings { settings }).await
    }

    async fn ask(&self, request: Request) -> anyhow::Result<()> {
        let refused = |error: ApiError| anyhow::anyhow!("{}: {} {}", error.code, error.message, error.hint);
        self.core.call(request).await.map(|_| ()).map_err(refused)
    }

    async fn go(&self, view: ViewName, selector: &str) -> anyhow::Result<()> {
        desktop::show(&self.app, view, None);
        self.see(Page::Main, selector).await
    }

    async fn see(&self, page: Page, selector: &str) -> anyhow::Result<()> {
        page::find(&self.app, page, selector).await.map(|_| ())
    }

    async fn click(&self, selector: &str) -> anyhow::Result<()> {
        let spot = page::find(&self.app, Page::Main, selector).await?;
        self.hands.click(spot.x, spot.y).await?;
        // Out of the picture.
        self.hands.point(4, 796)
    }

    /// Takes a picture once nothing moves; lamps that pulse never stop, so not later than that.
    async fn picture(&mut self, name: &str) -> anyhow::Result<()> {
        let (connection, number) = self.hands.display();
        let until = Instant::now() + STILL_AT_MOST;
        sleep(STILL).await;
        let mut newest = screen::take(connection, number)?;
        loop {
            sleep(STILL).await;
            let before = std::mem::replace(&mut newest, screen::take(connection, number)?);
            if newest == before || Instant::now() > until {
                break;
            }
        }
        self.keep(&newest, name)
    }

    /// Takes a picture of this moment.
    fn snap(&mut self, name: &str) -> anyhow::Result<()> {
        let (connection, number) = self.hands.display();
        let picture = screen::take(connection, number)?;
        self.keep(&picture, name)
    }

    fn keep(&mut self, picture: &Picture, name: &str) -> anyhow::Result<()> {
        self.pictures += 1;
        let file = format!("{:02}-{name}.png", self.pictures);
        picture.save(&self.folder.join(&file))?;
        self.transcript.say(&format!("        → {file}"))
    }
}

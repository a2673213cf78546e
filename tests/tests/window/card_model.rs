//! The card through whatever may happen to it, in random order: after every step the screen shows what the model says.
//!
//! `RINGSIDE_CARD_STEPS` and `RINGSIDE_CARD_SEED` choose how long and which way.

use std::collections::BTreeMap;
use std::time::Duration;

use ringside_api::view::{CardView, HistoryFilter};
use ringside_api::{Reply, Request};
use ringside_domain::Phase;
use ringside_exchange::{CallHandle, RingSpec};
use ringside_tests::clicks::Clicks;
use ringside_tests::desktop::Parts;
use ringside_tests::process;
use ringside_tests::running::Running;
use ringside_tests::screen::Window;
use ringside_tests::socket::Socket;
use ringside_tests::wait::{PATIENCE, until};
use tokio::time::{Instant, sleep};

use crate::scene::{self, Alone, CARD_TITLE};

const CALLERS: [Option<&str>; 4] = [Some("4922166966966"), Some("493023125001"), Some("41319900031"), None];
/// What a look takes, and what a machine that is busy adds to it.
const SLACK: Duration = Duration::from_secs(3);

/// The same numbers for the same seed, which a failure names.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % count
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        (!all.is_empty()).then(|| all[self.below(all.len() as u64) as usize])
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Rings,
    Talks,
    /// Over since then, and so long its card stays at least.
    Over(Instant, Duration),
}

struct Call {
    handle: CallHandle,
    stage: Stage,
    put_away: bool,
}

/// What the model says of a card.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    Up,
    Down,
    /// It may have gone a moment ago.
    Either,
}

struct Model {
    calls: BTreeMap<String, Call>,
    notes: BTreeMap<String, String>,
    pointer: bool,
    keyboard: bool,
    released: Instant,
    /// Since when pointer or keyboard hold them without a break.
    held_since: Option<Instant>,
    presenting: bool,
}

impl Model {
    fn held(&self) -> bool {
        self.pointer || self.keyboard
    }

    fn verdict(&self, call: &Call) -> Verdict {
        let now = Instant::now();
        match call.stage {
            _ if call.put_away => Verdict::Down,
            Stage::Rings | Stage::Talks => Verdict::Up,
            Stage::Over(since, stays) => {
                let due = (since + stays).max(self.released);
                let held = self.held_since.is_some_and(|at| stays.is_zero() || at + Duration::from_millis(300) < due);
                if now + Duration::from_millis(700) < since + stays || held {
                    Verdict::Up
                } else if !self.held() && now > due + SLACK {
                    Verdict::Down
                } else {
                    Verdict::Either
                }
            }
        }
    }

    fn hold(&mut self) {
        if self.held() {
            self.held_since.get_or_insert_with(Instant::now);
        }
    }

    fn release(&mut self) {
        if !self.held() {
            self.held_since = None;
            self.released = Instant::now();
        }
    }
}

#[derive(Debug, Default)]
struct Figures {
    steps: u64,
    stuck: u64,
    blank: u64,
    misfits: u64,
    wrong: u64,
    lost_notes: u64,
    fell_through: u64,
}

struct Play {
    scene: Alone,
    app: Running,
    socket: Socket,
    below: Clicks,
    model: Model,
    dice: Dice,
    figures: Figures,
    last: String,
    /// Since when the process that draws the page may be taken to run.
    page_since: Instant,
}

impl Play {
    async fn open(seed: u64) -> Self {
        let scene = scene::alone(Parts::default()).await;
        let below = Clicks::open(&scene.desktop, "below", 0x0020_4060).unwrap();
        scene.screen.await_window("below", PATIENCE).unwrap();
        let app = Running::start(&scene.desktop, Some(&scene.exchange), &["--in-tray"]).unwrap();
        let mut socket = Socket::open(&scene.desktop, PATIENCE).await.unwrap();
        scene.await_online(&mut socket).await;
        let model = Model {
            calls: BTreeMap::new(),
            notes: BTreeMap::new(),
            pointer: false,
            keyboard: false,
            released: Instant::now(),
            held_since: None,
            presenting: false,
        };
        scene.screen.point(20, 780).unwrap();
        Self {
            scene,
            app,
            socket,
            below,
            model,
            dice: Dice(seed),
            figures: Figures::default(),
            last: String::new(),
            page_since: Instant::now(),
        }
    }

    async fn cards(&mut self) -> Vec<CardView> {
        match self.socket.call(Request::Snapshot {}).await {
            Ok(Reply::Snapshot { snapshot }) => snapshot.cards,
            other => {
                let said = std::fs::read_to_string(self.scene.desktop.home().join("stderr.log")).unwrap_or_default();
                panic!("after `{}` no snapshot but {other:?}; the app said:\n{said}", self.last)
            }
        }
    }

    fn window(&self) -> Option<Window> {
        self.scene.screen.window(CARD_TITLE).unwrap()
    }

    fn keys(&self, keys: &[&str]) {
        let mut all = vec!["key", "--clearmodifiers"];
        all.extend(keys);
        self.scene.desktop.output("xdotool", &all).unwrap();
    }

    fn in_stage(&self, wanted: impl Fn(&Call) -> bool) -> Vec<usize> {
        self.model.calls.values().enumerate().filter(|(_, call)| wanted(call)).map(|(at, _)| at).collect()
    }

    fn pick(&mut self, wanted: impl Fn(&Call) -> bool) -> Option<&mut Call> {
        let all = self.in_stage(wanted);
        let at = self.dice.of(&all)?;
        self.model.calls.values_mut().nth(at)
    }

    async fn step(&mut self) {
        let choice = self.dice.below(100);
        self.last = match choice {
            0..22 => self.ring(),
            22..32 => self.answer(),
            32..44 => self.end(true),
            44..54 => self.end(false),
            54..66 => self.hotkey().await,
            66..72 => self.escape().await,
            72..80 => self.hover(),
            80..88 => self.note().await,
            88..93 => self.click_away().await,
            93..95 => self.present().await,
            95..98 => self.kill_page().await,
            98 => self.restart().await,
            _ => self.pause().await,
        };
    }

    fn ring(&mut self) -> String {
        let live = self.in_stage(|call| matches!(call.stage, Stage::Rings | Stage::Talks)).len();
        if live >= 4 {
            return "nothing".into();
        }
        let mut spec = RingSpec::to("31");
        if let Some(from) = self.dice.of(&CALLERS).flatten() {
            spec = spec.from(from);
        }
        let handle = self.scene.exchange.ring(spec);
        let id = format!("office/{}", handle.id());
        self.model.calls.insert(id.clone(), Call { handle, stage: Stage::Rings, put_away: false });
        format!("{id} rings")
    }

    fn answer(&mut self) -> String {
        let Some(call) = self.pick(|call| call.stage == Stage::Rings) else { return "nothing".into() };
        call.handle.answer("31");
        call.stage = Stage::Talks;
        format!("{} is answered", call.handle.id())
    }

    fn end(&mut self, missed: bool) -> String {
        let stage = if missed { Stage::Rings } else { Stage::Talks };
        let Some(call) = self.pick(|call| call.stage == stage) else { return "nothing".into() };
        call.handle.hang_up();
        call.stage = Stage::Over(Instant::now(), Duration::from_secs(if missed { 15 } else { 4 }));
        format!("{} ends", call.handle.id())
    }

    /// Turns the keyboard to the cards, and brings the last one back where there is none.
    async fn hotkey(&mut self) -> String {
        let had = self.window().is_some();
        self.keys(&["ctrl+alt+p"]);
        let comes = until("the card to have the keyboard", Duration::from_secs(2), async || {
            (self.scene.screen.focused().ok()??.as_str() == CARD_TITLE).then_some(())
        });
        let came = comes.await.is_ok();
        let up: Vec<_> = self.cards().await.into_iter().map(|card| card.id).collect();
        for (id, call) in &mut self.model.calls {
            if call.put_away && up.contains(id) {
                call.put_away = false;
                if let Stage::Over(..) = call.stage {
                    call.stage = Stage::Over(Instant::now(), Duration::ZERO);
                }
            }
        }
        if !came && !up.is_empty() {
            self.figures.wrong += 1;
            eprintln!("the hotkey did not reach the card (there was one: {had})");
        }
        self.model.keyboard |= came;
        self.model.hold();
        "the hotkey".into()
    }

    /// Puts the first card away, or turns the keyboard elsewhere.
    async fn escape(&mut self) -> String {
        if !self.model.keyboard {
            return "nothing".into();
        }
        let before: Vec<_> = self.cards().await.into_iter().map(|card| card.id).collect();
        self.keys(&["Escape"]);
        self.one_less(&before, "escape").await;
        "escape".into()
    }

    /// Waits until one of the cards has gone, which the model then knows of.
    async fn one_less(&mut self, before: &[String], what: &str) {
        let deadline = Instant::now() + SLACK;
        loop {
            let now: Vec<_> = self.cards().await.into_iter().map(|card| card.id).collect();
            let gone: Vec<_> = before.iter().filter(|id| !now.contains(id)).cloned().collect();
            if !gone.is_empty() {
                for id in gone {
                    if let Some(call) = self.model.calls.get_mut(&id) {
                        call.put_away = true;
                    }
                }
                if now.is_empty() {
                    self.model.keyboard = false;
                    self.model.release();
                }
                return;
            }
            if Instant::now() > deadline {
                self.figures.wrong += 1;
                eprintln!("nothing went by {what}");
                return;
            }
            sleep(Duration::from_millis(30)).await;
        }
    }

    fn hover(&mut self) -> String {
        let window = self.window().filter(|_| !self.model.pointer);
        let Some(window) = window else {
            self.scene.screen.point(20, 780).unwrap();
            self.model.pointer = false;
            self.model.release();
            return "the pointer leaves".into();
        };
        self.scene.screen.point(window.area.x + 90, window.area.y + 20).unwrap();
        self.scene.screen.point(window.area.x + 92, window.area.y + 22).unwrap();
        self.model.pointer = true;
        self.model.hold();
        "the pointer is on it".into()
    }

    /// Types on the first card. Whose it was the app says, and all that was there before must be in it.
    async fn note(&mut self) -> String {
        if !self.model.keyboard || self.model.presenting {
            return "nothing".into();
        }
        let word = format!("n{} ", self.dice.below(1000));
        self.keys(&["n"]);
        self.scene.desktop.output("xdotool", &["type", "--delay", "6", &word]).unwrap();
        // Sometimes it is left half written.
        let left = self.dice.below(2) == 0;
        if left {
            self.keys(&["Return"]);
        }
        let deadline = Instant::now() + SLACK;
        loop {
            for card in self.cards().await {
                let note = card.note.unwrap_or_default();
                let known = self.model.notes.get(&card.id).cloned().unwrap_or_default();
                if note != known && note.contains(word.trim()) {
                    if !note.starts_with(known.trim_end()) {
                        self.figures.lost_notes += 1;
                        eprintln!("`{known}` became `{note}`");
                    }
                    self.model.notes.insert(card.id, note);
                    // Half a note keeps its field, where Escape only leaves it. Once more would be the card's own Enter.
                    if !left {
                        self.keys(&["Return"]);
                    }
                    return format!("typed {word}");
                }
            }
            if Instant::now() > deadline {
                self.figures.lost_notes += 1;
                eprintln!("`{word}` was typed and is nowhere");
                return "typed in vain".into();
            }
            sleep(Duration::from_millis(30)).await;
        }
    }

    /// Clicks on the first card's way out, and once more where it was: a hand that did not see it go.
    async fn click_away(&mut self) -> String {
        let Some(window) = self.window() else { return "nothing".into() };
        // What has only just come takes no click, and says nothing of it.
        sleep(Duration::from_millis(800)).await;
        let Some(window) = self.window().or(Some(window)) else { return "nothing".into() };
        let before: Vec<_> = self.cards().await.into_iter().map(|card| card.id).collect();
        if before.is_empty() {
            return "nothing".into();
        }
        self.below.count().unwrap();
        let (x, y) = (window.area.x + 378, window.area.y + 23);
        self.scene.screen.click(x, y).unwrap();
        self.one_less(&before, "a click").await;
        let left = self.cards().await.len();
        sleep(Duration::from_millis(self.dice.below(200))).await;
        self.scene.screen.click(x, y).unwrap();
        sleep(Duration::from_millis(60)).await;
        self.figures.fell_through += self.below.count().unwrap() as u64;
        let now = self.cards().await.len();
        if left > 0 && now == 0 {
            self.figures.wrong += 1;
            eprintln!("a second click took another card");
        }
        self.scene.screen.point(20, 780).unwrap();
        // A click gives the window the keyboard.
        self.model.keyboard = self.scene.screen.focused().unwrap().as_deref() == Some(CARD_TITLE) && now > 0;
        self.model.pointer = false;
        self.model.hold();
        self.model.release();
        "clicked away".into()
    }

    async fn present(&mut self) -> String {
        let Ok(Reply::Snapshot { snapshot }) = self.socket.call(Request::Snapshot {}).await else {
            panic!("no snapshot")
        };
        let mut settings = snapshot.settings;
        settings.quiet = !settings.quiet;
        self.model.presenting = settings.quiet;
        self.socket.call(Request::SetSettings { settings }).await.unwrap();
        format!("presenting: {}", self.model.presenting)
    }

    async fn kill_page(&mut self) -> String {
        let tree = process::tree(self.app.pid());
        let Some(page) = tree.iter().find(|it| it.name.starts_with("WebKitWebProc")).map(|it| it.pid) else {
            return "nothing".into();
        };
        // WebKit gives up the whole program when a process of its own dies before it has introduced itself.
        if self.page_since.elapsed() < Duration::from_secs(20) {
            return "nothing".into();
        }
        self.page_since = Instant::now();
        self.scene.desktop.output("kill", &["-9", &page.to_string()]).unwrap();
        // More often than some times a minute it would stay away.
        sleep(Duration::from_secs(3)).await;
        self.leave().await;
        "the page was killed".into()
    }

    /// Pointer and keyboard are elsewhere for certain.
    async fn leave(&mut self) {
        self.scene.screen.point(20, 780).unwrap();
        self.scene.screen.click(20, 780).unwrap();
        sleep(Duration::from_millis(300)).await;
        self.below.count().unwrap();
        (self.model.pointer, self.model.keyboard) = (false, false);
        self.model.release();
    }

    async fn restart(&mut self) -> String {
        for call in self.model.calls.values_mut() {
            call.handle.hang_up();
            call.put_away = true;
        }
        sleep(Duration::from_millis(500)).await;
        self.app.kill();
        self.leave().await;
        self.app = Running::start(&self.scene.desktop, Some(&self.scene.exchange), &["--in-tray"]).unwrap();
        sleep(Duration::from_millis(500)).await;
        self.page_since = Instant::now();
        self.socket = Socket::open(&self.scene.desktop, PATIENCE).await.unwrap();
        self.scene.await_online(&mut self.socket).await;
        self.model.calls.retain(|_, call| call.handle.is_live());
        "restarted".into()
    }

    async fn pause(&mut self) -> String {
        sleep(Duration::from_secs(2)).await;
        "a pause".into()
    }

    /// What is wrong on the screen now.
    async fn trouble(&mut self) -> Option<(&'static str, String)> {
        let cards = self.cards().await;
        let mut gone = Vec::new();
        for (id, call) in &self.model.calls {
            let up = cards.iter().any(|card| card.id == *id);
            match self.model.verdict(call) {
                Verdict::Up if !up => return Some(("wrong", format!("{id} is not up: {:?}", call.stage))),
                Verdict::Down if up => return Some(("wrong", format!("{id} is still up: {:?}", call.stage))),
                Verdict::Either if !up => gone.push(id.clone()),
                Verdict::Up | Verdict::Down | Verdict::Either => {}
            }
        }
        // It went a moment ago, and comes back by the hotkey alone.
        for (id, call) in &mut self.model.calls {
            call.put_away |= gone.contains(id);
        }
        let Some(window) = self.window() else {
            return (!cards.is_empty()).then(|| ("wrong", "the cards cannot be seen".to_owned()));
        };
        if cards.is_empty() {
            return Some(("stuck", "the window is there without a card".to_owned()));
        }
        let seen = self.scene.screen.seen_of(&window).ok()?;
        if seen != window.area {
            return Some(("misfits", format!("{seen:?} of {:?} is seen", window.area)));
        }
        let picture = self.scene.screen.picture(window.area).ok()?;
        let (width, height) = (window.area.width, window.area.height);
        let line = picture.rgb(0, 0)?;
        let around = (0..width).step_by(7).all(|x| [0, height - 1].iter().all(|y| picture.rgb(x, *y) == Some(line)));
        let ink = picture.pixels().filter(|it| it.iter().all(|part| *part < 100)).count();
        if ink < 150 {
            return Some(("blank", format!("{ink} dark pixels in {:?}", window.area)));
        }
        if !around {
            return Some(("misfits", format!("no line around {:?}", window.area)));
        }
        let rings = cards.iter().any(|card| card.leg.phase == Phase::Ringing);
        // The middle of the first lamp: amber, whatever else goes on.
        let lamp = picture.rgb(25, if height < 60 || self.model.presenting { 23 } else { 24 })?;
        let amber = lamp[0] > 190 && (100..190).contains(&lamp[1]) && lamp[2] < 80;
        (rings && !amber).then(|| ("wrong", format!("who rings is not first: {lamp:?}")))
    }

    async fn compare(&mut self) {
        let deadline = Instant::now() + SLACK;
        let mut last = None;
        while Instant::now() < deadline {
            last = self.trouble().await;
            if last.is_none() {
                return;
            }
            sleep(Duration::from_millis(40)).await;
        }
        let Some((kind, what)) = last else { return };
        eprintln!("step {}, after `{}`: {kind}: {what}", self.figures.steps, self.last);
        let name = format!("card-model-{}.png", self.figures.steps);
        let path = ringside_tests::tree::root().join("target/window-tests").join(name);
        // For whoever looks.
        let _ = self.scene.screen.save(&path);
        match kind {
            "stuck" => self.figures.stuck += 1,
            "blank" => self.figures.blank += 1,
            "misfits" => self.figures.misfits += 1,
            _ => self.figures.wrong += 1,
        }
    }

    async fn check_notes(&mut self) {
        let ask = Request::History { filter: HistoryFilter::default(), before: None, limit: 500 };
        let deadline = Instant::now() + Duration::from_secs(5);
        loop {
            let Ok(Reply::History { page }) = self.socket.call(ask.clone()).await else { panic!("no history") };
            let written = |id: &str| page.rows.iter().find(|row| format!("office/{}", row.call) == id);
            let lost: Vec<_> = self
                .model
                .notes
                .iter()
                .filter(|(id, note)| written(id).is_some_and(|row| row.note.trim() != note.trim()))
                .map(|(id, note)| format!("{id}: `{note}`"))
                .collect();
            if lost.is_empty() {
                return;
            }
            if Instant::now() > deadline {
                eprintln!("lost: {lost:?}");
                self.figures.lost_notes += lost.len() as u64;
                return;
            }
            sleep(Duration::from_millis(100)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_the_screen_shows_what_the_model_says() {
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse::<u64>().ok());
    let steps = number("RINGSIDE_CARD_STEPS").unwrap_or(80);
    let seed = number("RINGSIDE_CARD_SEED").unwrap_or(1);
    let mut play = Play::open(seed).await;
    for step in 0..steps {
        play.figures.steps = step + 1;
        play.step().await;
        play.compare().await;
    }
    play.leave().await;
    for call in play.model.calls.values() {
        call.handle.hang_up();
    }
    play.check_notes().await;
    let gone = until("the last card to go", Duration::from_secs(25), async || play.window().is_none().then_some(()));
    if let Err(error) = gone.await {
        let left: Vec<_> =
            play.cards().await.into_iter().map(|card| (card.id, card.leg.phase, card.leg.outcome)).collect();
        panic!("{error}; left are {left:?}, {:?}, keyboard: {:?}", play.window(), play.scene.screen.focused());
    }
    eprintln!("seed {seed}: {:?}", play.figures);
    let Figures { stuck, blank, misfits, wrong, lost_notes, fell_through, .. } = play.figures;
    let figures = [stuck, blank, misfits, wrong, lost_notes, fell_through];
    assert_eq!(figures, [0; 6], "stuck, blank, misfits, wrong, lost notes, clicks that fell through; seed {seed}");
}

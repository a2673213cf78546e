//! From the first line of the app to its last.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use ringside_api::{ApiError, Reply, Request};
use ringside_app::Handle;
use ringside_domain::Problem;
use tauri::{AppHandle, Manager as _, RunEvent, Window, WindowEvent};

use super::{Core, Feeds, Page, files, rpc};
use crate::autostart::Autostart;
use crate::demo::DemoExchange;
use crate::desktop::{self, TauriDesktop};
use crate::instance::{self, Opening, Place};
use crate::logging;
use crate::notifications::{self, Notice};
use crate::ready::Configured;
use crate::windows::{self, Closing};
use crate::words::Language;

/// Writing what is still to be written takes milliseconds; a dead disk must not keep the app from ending.
const FAREWELL: Duration = Duration::from_secs(3);
/// Pop-up window and tray icon are there by then, whether the main page has come or not.
const REST_AT_THE_LATEST: Duration = Duration::from_secs(3);
/// How long a second start waits for a first one that is just starting or just ending.
const HAND_OVER: Duration = Duration::from_secs(3);

/// The exit code of an app whose window cannot be made.
const NO_WINDOW: i32 = 1;

static ENDING: AtomicBool = AtomicBool::new(false);

/// What follows the start by itself: the headless tour.
pub type Tour = Box<dyn FnOnce(AppHandle, Handle, Arc<DemoExchange>) + Send>;

pub struct Launch {
    pub configured: Configured,
    pub opening: Opening,
    pub demo: Arc<DemoExchange>,
    /// Connect the demo's accounts at once.
    pub in_demo: bool,
    pub tour: Option<Tour>,
}

/// Opens the app, or brings the one that runs on the same configuration to the front.
///
/// # Errors
/// When there is no display, the system refuses what an app needs, or the app that runs does not answer.
pub fn run(launch: Launch) -> Result<ExitCode, ApiError> {
    #[cfg(target_os = "linux")]
    windows::prepare_graphics();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("app")
        .enable_all()
        .build()
        .context("the system gives no threads")
        .map_err(|error| no_desktop(&error))?;
    let _inside = runtime.enter();
    tauri::async_runtime::set(runtime.handle().clone());
    let place = Place::of(&launch.configured.paths);
    let Some(claim) = take(&place).map_err(|error| no_desktop(&error))? else {
        return runtime.block_on(hand_over(&place, launch.opening));
    };
    let language = Language::of(launch.configured.file.effective().ui.language.word());
    let opened = windows::require_display().and_then(|()| {
        let _log = logging::to_folder(&launch.configured.paths.data);
        tracing::info!(version = crate::ready::VERSION, "started");
        open(launch, claim)
    });
    match opened {
        Ok(code) => Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)),
        Err(error) => {
            let error = no_desktop(&error);
            // Started by a click, nobody sees what stands on stderr.
            notifications::last(Notice::no_window(&error.message, language));
            Err(error)
        }
    }
}

fn no_desktop(error: &anyhow::Error) -> ApiError {
    Problem::new("no_desktop", format!("{error:#}"), "Without a display, use the commands: `ringside --help`.").into()
}

/// A window that cannot be made leaves an app that nobody sees: that is said, and the app ends with a code.
pub fn no_window(app: &AppHandle, why: &str) {
    tracing::error!(code = "no_window", "a window cannot be made: {why}");
    // Both windows share a process: one word for both is enough.
    if ENDING.swap(true, Ordering::SeqCst) {
        return;
    }
    let message = format!("the window cannot be made: {why}");
    crate::cli::to_stderr(&Problem::new("no_desktop", message, "").into());
    let language = app.state::<TauriDesktop>().language();
    let notice = Notice::no_window(why, language);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let told = tokio::task::spawn_blocking(|| notifications::last(notice));
        // Shown or not, the app ends.
        let _ = told.await;
        end(&app, NO_WINDOW).await;
    });
}

/// Whether the whole app is the demo.
pub struct InDemo(pub bool);

/// From the demo to the user's own Ringside: that is another start, on other files.
///
/// # Errors
/// When it cannot be started; the demo goes on then.
pub fn leave_demo(app: &AppHandle) -> Result<(), Problem> {
    #[cfg(target_os = "linux")]
    let program = Autostart::program();
    #[cfg(not(target_os = "linux"))]
    let program = std::env::current_exe();
    let started = program.and_then(|program| std::process::Command::new(program).spawn());
    started.map_err(|error| {
        Problem::new("not_started", format!("Ringside could not be started: {error}"), "Start it yourself.")
    })?;
    quit(app);
    Ok(())
}

/// Ends the app: the core first, so that everything is written.
pub fn quit(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move { end(&app, 0).await });
}

async fn end(app: &AppHandle, code: i32) {
    if let Some(handle) = app.state::<Core>().now()
        && tokio::time::timeout(FAREWELL, handle.stop()).await.is_err()
    {
        tracing::warn!(code = "slow_farewell", "the app core did not end in time");
    }
    app.exit(code);
}

#[cfg(unix)]
fn take(place: &Place) -> anyhow::Result<Option<instance::Claim>> {
    instance::claim(place).with_context(|| format!("{} cannot be used", place.socket().display()))
}

#[cfg(not(unix))]
fn take(_place: &Place) -> anyhow::Result<Option<()>> {
    Ok(Some(()))
}

#[cfg(unix)]
async fn hand_over(place: &Place, opening: Opening) -> Result<ExitCode, ApiError> {
    let until = tokio::time::Instant::now() + HAND_OVER;
    loop {
        if let Some(mut first) = instance::reach(place).await? {
            return first.open(opening).await.map(|()| ExitCode::SUCCESS);
        }
        if tokio::time::Instant::now() >= until {
            return Err(instance::silent(None));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[cfg(not(unix))]
async fn hand_over(_place: &Place, _opening: Opening) -> Result<ExitCode, ApiError> {
    Ok(ExitCode::SUCCESS)
}

#[cfg(unix)]
type Claimed = instance::Claim;
#[cfg(not(unix))]
type Claimed = ();

fn open(launch: Launch, claim: Claimed) -> anyhow::Result<i32> {
    #[cfg(not(target_os = "linux"))]
    let arguments = autostart_arguments(&launch.configured);
    let places = launch.configured.paths.data.join("windows.json").display().to_string();
    let builder = tauri::Builder::default()
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_filename(places)
                .with_state_flags(windows::remembered())
                .with_denylist(&[Page::Card.label()])
                .build(),
        )
        .manage(Core::new())
        .manage(Feeds::default())
        .manage(files::Saved::default())
        .invoke_handler(tauri::generate_handler![
            rpc::rpc,
            rpc::subscribe,
            files::export_history,
            files::show_saved,
            files::copy,
            files::rest_hotkeys
        ])
        .on_window_event(happened);
    #[cfg(not(target_os = "linux"))]
    let builder = builder
        .plugin(tauri_plugin_autostart::Builder::new().args(arguments).app_name("ringside").build())
        .plugin(tauri_plugin_global_shortcut::Builder::new().build());
    #[cfg(target_os = "macos")]
    let builder = builder.plugin(tauri_plugin_deep_link::init());
    let app = builder
        .setup(move |app| Ok(set_up(app.handle(), launch, claim)?))
        .build(tauri::generate_context!())
        .context("the desktop does not answer: is there a display?")?;
    Ok(app.run_return(|_, event| {
        // Without a window the app lives on in the tray; `quit` says when it is over.
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            api.prevent_exit();
        }
    }))
}

fn set_up(app: &AppHandle, launch: Launch, claim: Claimed) -> tauri::Result<()> {
    let Launch { configured, opening, demo, in_demo, tour } = launch;
    let ui = configured.file.effective().ui;
    #[cfg(target_os = "linux")]
    let autostart =
        Autostart::new(&crate::paths::config_home(), Autostart::program(), autostart_arguments(&configured));
    #[cfg(not(target_os = "linux"))]
    let autostart = Autostart::new(app);
    let data = configured.paths.data.clone();
    let desktop = TauriDesktop::new(app, Language::of(ui.language.word()), ui.theme, data, autostart);
    app.manage(desktop.clone());
    app.manage(InDemo(in_demo));
    let start = configured.with(Arc::new(desktop.clone()), Some(demo.clone()));
    let inside = app.clone();
    tauri::async_runtime::spawn(async move {
        let core = ringside_app::start(start).await;
        tell_store_trouble(&core).await;
        inside.state::<Core>().set(core.clone());
        listen(&inside, claim, core.clone());
        if in_demo && let Err(error) = core.call(Request::StartDemo {}).await {
            tracing::error!(code = error.code, "the demo did not start: {}", error.message);
        }
        if let Some(tour) = tour {
            tour(inside, core, demo);
        }
    });
    desktop::open(app, &opening);
    put_up_the_rest(&desktop, &opening);
    end_on_signal(app);
    #[cfg(target_os = "macos")]
    take_links(app);
    Ok(())
}

/// The window shows it as a notice; whoever started the app from a terminal, or reads the session's log, sees it there.
async fn tell_store_trouble(core: &Handle) {
    let Ok(Reply::Snapshot { snapshot }) = core.call(Request::Snapshot {}).await else { return };
    for notice in snapshot.notices.iter().filter(|notice| notice.id == "store") {
        crate::cli::to_stderr(&notice.problem);
    }
}

/// The main page says when it has what it shows; one that never comes must not keep cards from coming.
fn put_up_the_rest(desktop: &TauriDesktop, opening: &Opening) {
    if opening.in_tray {
        return desktop.put_up_the_rest();
    }
    let desktop = desktop.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(REST_AT_THE_LATEST).await;
        desktop.put_up_the_rest();
    });
}

/// Commands and second starts, for as long as the app runs.
#[cfg(unix)]
fn listen(app: &AppHandle, claim: Claimed, core: Handle) {
    let app = app.clone();
    tauri::async_runtime::spawn(instance::serve(claim, core, move |opening| desktop::open(&app, &opening)));
}

#[cfg(not(unix))]
fn listen(_app: &AppHandle, _claim: Claimed, _core: Handle) {}

/// macOS brings links as events, not as arguments.
#[cfg(target_os = "macos")]
fn take_links(app: &AppHandle) {
    use tauri_plugin_deep_link::DeepLinkExt as _;
    let inside = app.clone();
    app.deep_link().on_open_url(move |event| {
        let links = event.urls().iter().map(ToString::to_string).collect();
        desktop::open(&inside, &Opening { links, in_tray: false });
    });
}

/// A session that ends says so with a signal; nothing unwritten is lost then.
fn end_on_signal(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let Ok(mut end) = signal(SignalKind::terminate()) else { return };
            tokio::select! {
                _ = end.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
        quit(&app);
    });
}

fn happened(window: &Window, event: &WindowEvent) {
    if window.label() != Page::Main.label() {
        return;
    }
    let app = window.app_handle();
    match event {
        WindowEvent::CloseRequested { api, .. } => {
            let desktop = app.state::<TauriDesktop>();
            match windows::close_or_keep(app, desktop.closes_to_tray(), desktop.has_tray(), api) {
                Closing::ToTray => {}
                Closing::Minimised => notifications::show(Notice::no_tray(desktop.language()), |_| {}),
                Closing::Quit => quit(app),
            }
        }
        WindowEvent::Destroyed => {
            app.state::<Feeds>().end(Page::Main);
            app.state::<TauriDesktop>().rest_hotkeys(false);
            app.state::<TauriDesktop>().renew_pages();
        }
        _ => {}
    }
}

/// Started with the session, the app stays in the tray and on the same configuration.
fn autostart_arguments(configured: &Configured) -> Vec<String> {
    let usual = crate::paths::paths(None, None);
    let mut arguments = vec!["--in-tray".to_owned()];
    for (name, path, usual) in
        [("--config", &configured.paths.config, usual.config), ("--data", &configured.paths.data, usual.data)]
    {
        if *path != usual {
            arguments.extend([name.to_owned(), path.display().to_string()]);
        }
    }
    arguments
}

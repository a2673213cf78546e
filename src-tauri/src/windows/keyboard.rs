//! Who has the keyboard on X11, so that the cards can give it back. GTK knows of its own windows only.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use gtk::glib;
use x11rb::connection::Connection as _;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, InputFocus, Window};
use x11rb::rust_connection::RustConnection;

/// A window manager that has not turned the keyboard by then is not there, or will not.
const PATIENCE: Duration = Duration::from_millis(60);
/// Asked for by the user, not by a program.
const BY_THE_USER: u32 = 2;

/// Used on the windows' thread alone.
pub struct Keyboard {
    server: Option<Rc<Server>>,
    before: Cell<Option<Window>>,
    /// How often it was turned to or from the cards.
    turns: Rc<Cell<u32>>,
}

struct Server {
    connection: RustConnection,
    root: Window,
    active: u32,
}

impl Keyboard {
    pub fn connect() -> Self {
        let server = super::gtk::on_x11().then(Server::connect).flatten();
        Self { server: server.map(Rc::new), before: Cell::new(None), turns: Rc::default() }
    }

    /// Keeps who has the keyboard now, unless it is the window of the cards.
    pub fn remember(&self, cards: Window) {
        self.turns.set(self.turns.get().wrapping_add(1));
        let holder = self.server.as_ref().and_then(|server| server.holder().ok().flatten());
        if holder != Some(cards) {
            self.before.set(holder);
        }
    }

    /// Turns the keyboard back to who had it before.
    pub fn give_back(&self) {
        let (Some(server), Some(window)) = (self.server.clone(), self.before.take()) else { return };
        if let Err(error) = server.ask_for(window) {
            tracing::debug!(%error, "the keyboard was not given back");
        }
        let (turns, turn) = (self.turns.clone(), self.turns.get());
        glib::timeout_add_local_once(PATIENCE, move || {
            if turns.get() != turn {
                return;
            }
            // A window that has gone meanwhile needs no keyboard.
            let _ = server.insist(window);
        });
    }
}

impl Server {
    fn connect() -> Option<Self> {
        let (connection, screen) = x11rb::connect(None).ok()?;
        let root = connection.setup().roots.get(screen)?.root;
        let active = connection.intern_atom(false, b"_NET_ACTIVE_WINDOW").ok()?.reply().ok()?.atom;
        Some(Self { connection, root, active })
    }

    /// The window that the window manager calls active, else the one the X server sends keys to.
    fn holder(&self) -> Result<Option<Window>, ReplyError> {
        let named = self.connection.get_property(false, self.root, self.active, AtomEnum::WINDOW, 0, 1)?.reply()?;
        let active = named.value32().and_then(|mut windows| windows.next()).filter(|window| *window > 1);
        if active.is_some() {
            return Ok(active);
        }
        let focus = self.connection.get_input_focus()?.reply()?.focus;
        Ok(Some(focus).filter(|window| *window > 1 && *window != self.root))
    }

    fn ask_for(&self, window: Window) -> Result<(), ReplyError> {
        let data = [BY_THE_USER, 0, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window, self.active, data);
        let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.connection.send_event(false, self.root, mask, message)?;
        self.connection.flush()?;
        Ok(())
    }

    fn insist(&self, window: Window) -> Result<(), ReplyError> {
        let mut focus = self.connection.get_input_focus()?.reply()?.focus;
        // The keys often go to a nameless child.
        while focus > 1 && focus != self.root && focus != window {
            focus = self.connection.query_tree(focus)?.reply()?.parent;
        }
        if focus != window && self.holder()? != Some(window) {
            self.connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?.check()?;
        }
        Ok(())
    }
}

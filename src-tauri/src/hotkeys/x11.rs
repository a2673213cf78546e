//! Hotkeys on X11: passive grabs on the root window, and a thread that waits for them.
//!
//! Tauri's plugin looks every 50 ms, which delays each key by 25 ms on average and wakes an idle computer 20 times a
//! second; waiting costs nothing.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use ringside_api::view::HotkeyAction;
use ringside_app::desktop::HotkeyRefused;
use x11rb::connection::Connection as _;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{ConnectionExt as _, GrabMode, KeyPressEvent, Keycode, Mapping, ModMask, Window};
use x11rb::protocol::{ErrorKind, Event};
use x11rb::rust_connection::RustConnection;

use super::Pressed;
use super::keys::Combination;

/// The locks a user may have on; a grab holds only for the exact modifiers.
const LOCKS: [ModMask; 4] = [ModMask::LOCK, ModMask::M2, ModMask::M5, ModMask::M3];
/// The modifiers that tell combinations apart.
const TOLD_APART: u16 = 0b100_1101;

/// When a hotkey was pressed last, by the X server's clock.
static PRESSED_AT: AtomicU32 = AtomicU32::new(0);

/// When a hotkey was pressed last: what makes a window manager turn the keyboard. 0 before the first.
pub fn pressed_at() -> u32 {
    PRESSED_AT.load(Ordering::SeqCst)
}

#[derive(Clone, Debug)]
struct Grab {
    action: HotkeyAction,
    combination: Combination,
    key: Keycode,
    modifiers: u16,
}

pub struct Grabs {
    display: Arc<Display>,
}

struct Display {
    connection: RustConnection,
    root: Window,
    held: Mutex<Vec<Grab>>,
}

impl Grabs {
    /// `None` without a display.
    pub fn connect(pressed: Pressed) -> Option<Self> {
        let (connection, screen) = x11rb::connect(None).ok()?;
        let root = connection.setup().roots.get(screen)?.root;
        let display = Arc::new(Display { connection, root, held: Mutex::default() });
        let waiting = display.clone();
        let thread = thread::Builder::new().name("hotkeys".to_owned()).spawn(move || waiting.wait(&pressed));
        thread.ok().map(|_| Self { display })
    }

    pub fn set(&mut self, action: HotkeyAction, combination: Option<Combination>) -> Result<(), HotkeyRefused> {
        let mut held = self.display.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = held.iter().position(|grab| grab.action == action) {
            if Some(&held[at].combination) == combination.as_ref() {
                return Ok(());
            }
            let grab = held.swap_remove(at);
            self.display.release(&grab);
        }
        let Some(combination) = combination else { return Ok(()) };
        let key = self.display.key_of(&combination).ok_or(HotkeyRefused::NotACombination)?;
        let grab = Grab { action, modifiers: modifiers(&combination), combination, key };
        // The server lets one program grab a key twice, and would then call both actions the first.
        if held.iter().any(|other| (other.key, other.modifiers) == (grab.key, grab.modifiers)) {
            return Err(HotkeyRefused::Taken);
        }
        self.display.take(&grab)?;
        held.push(grab);
        Ok(())
    }
}

impl Display {
    fn take(&self, grab: &Grab) -> Result<(), HotkeyRefused> {
        for modifiers in with_locks(grab.modifiers) {
            let asked = self.connection.grab_key(
                false,
                self.root,
                ModMask::from(modifiers),
                grab.key,
                GrabMode::ASYNC,
                GrabMode::ASYNC,
            );
            let answer = asked.map_err(ReplyError::from).and_then(|cookie| cookie.check());
            if let Err(error) = answer {
                self.release(grab);
                return Err(match error {
                    ReplyError::X11Error(error) if error.error_kind == ErrorKind::Access => HotkeyRefused::Taken,
                    _ => HotkeyRefused::NotHere,
                });
            }
        }
        Ok(())
    }

    fn release(&self, grab: &Grab) {
        for modifiers in with_locks(grab.modifiers) {
            // What is not held cannot be given back, and need not be.
            let _ = self.connection.ungrab_key(grab.key, self.root, ModMask::from(modifiers));
        }
        let _ = self.connection.flush();
    }

    /// The key that bears the symbol on this keyboard.
    fn key_of(&self, combination: &Combination) -> Option<Keycode> {
        let wanted = combination.key.keysym()?;
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let mapping = self.connection.get_keyboard_mapping(first, last - first + 1).ok()?.reply().ok()?;
        let per_key = usize::from(mapping.keysyms_per_keycode).max(1);
        // The unshifted symbol first: on some keyboards a digit also stands above another key.
        (0..per_key.min(2)).find_map(|level| {
            let index = mapping.keysyms.chunks(per_key).position(|symbols| symbols.get(level) == Some(&wanted))?;
            first.checked_add(index.try_into().ok()?)
        })
    }

    fn wait(&self, pressed: &Pressed) {
        while let Ok(event) = self.connection.wait_for_event() {
            match event {
                Event::KeyPress(event) => {
                    if let Some(action) = self.action_of(&event) {
                        PRESSED_AT.store(event.time, Ordering::SeqCst);
                        pressed(action);
                    }
                }
                Event::MappingNotify(event) if event.request == Mapping::KEYBOARD => self.take_again(),
                _ => {}
            }
        }
        tracing::debug!("the display is gone");
    }

    fn action_of(&self, event: &KeyPressEvent) -> Option<HotkeyAction> {
        let modifiers = u16::from(event.state) & TOLD_APART;
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let grab = held.iter().find(|grab| grab.key == event.detail && grab.modifiers == modifiers)?;
        Some(grab.action)
    }

    /// The user chose another keyboard: the same letters are other keys now.
    fn take_again(&self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        for grab in held.iter_mut() {
            let Some(key) = self.key_of(&grab.combination) else { continue };
            if key != grab.key {
                self.release(grab);
                grab.key = key;
                if let Err(error) = self.take(grab) {
                    tracing::warn!(code = "hotkey_lost", action = ?grab.action, %error, "a hotkey was lost");
                }
            }
        }
    }
}

fn modifiers(combination: &Combination) -> u16 {
    let mut mask = 0;
    for (held, bit) in [
        (combination.ctrl, ModMask::CONTROL),
        (combination.alt, ModMask::M1),
        (combination.shift, ModMask::SHIFT),
        (combination.logo, ModMask::M4),
    ] {
        if held {
            mask |= u16::from(bit);
        }
    }
    mask
}

/// The modifiers alone and with every set of locks.
fn with_locks(modifiers: u16) -> impl Iterator<Item = u16> {
    (0..1u16 << LOCKS.len()).map(move |set| {
        let locks = LOCKS.iter().enumerate().filter(|(bit, _)| set & 1 << bit != 0);
        locks.fold(modifiers, |mask, (_, lock)| mask | u16::from(*lock))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_combination_holds_with_any_lock_on() {
        let Some(combination) = Combination::read("Ctrl+Alt+P") else { panic!("a combination") };
        let masks: Vec<u16> = with_locks(modifiers(&combination)).collect();
        assert_eq!(masks.len(), 16);
        assert!(masks.iter().all(|mask| mask & TOLD_APART == modifiers(&combination)));
        assert!(masks.contains(&modifiers(&combination)));
    }
}

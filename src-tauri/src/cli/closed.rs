//! Whether the program was started without an output. The runtime puts the null device in the place of a closed one
//! before `main`, and every line goes nowhere then: so it is looked at before that.

use std::sync::atomic::{AtomicBool, Ordering};

static CLOSED: AtomicBool = AtomicBool::new(false);

pub fn stdout_was() -> bool {
    CLOSED.load(Ordering::Relaxed)
}

#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "what runs before the runtime has to be placed by the linker")]
#[used]
// SAFETY: the loader calls every function in this section once, before there is a second thread, and this one neither
// panics nor needs anything of the runtime.
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = look;

#[cfg(target_os = "linux")]
extern "C" fn look() {
    let open = std::path::Path::new("/proc/self/fd");
    let closed = open.is_dir() && std::fs::symlink_metadata(open.join("1")).is_err();
    CLOSED.store(closed, Ordering::Relaxed);
}

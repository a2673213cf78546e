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
// SAFETY: the loader calls every function in this section once, and this one does not panic. Before `main` it asks the
// system about a file and touches nothing else, which needs neither arguments nor standard streams.
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = look;

#[cfg(target_os = "linux")]
extern "C" fn look() {
    let open = std::path::Path::new("/proc/self/fd");
    let is_absent = |error: std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
    let closed = open.is_dir() && std::fs::symlink_metadata(open.join("1")).is_err_and(is_absent);
    CLOSED.store(closed, Ordering::Relaxed);
}

//! What the libraries behind the windows are told before the first of them: how to draw where only software does.

use std::ffi::{c_char, c_void};
use std::{env, fs, ptr};

use gtk::glib;
use libloading::{Library, Symbol};

/// Without a graphics processor the web view's compositor only costs: 50 MB and 16 ms a paint. So does a GL context of
/// the windows', whose only use would be that compositor.
const WITHOUT_GRAPHICS: [(&str, &str); 3] =
    [("WEBKIT_DISABLE_COMPOSITING_MODE", "1"), ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"), ("GDK_GL", "disable")];

/// Of the web view, a thread that wakes every few seconds to read how much memory the whole system has left.
const WATCH_ON_MEMORY: (&str, &str) = ("WEBKIT_DISABLE_MEMORY_PRESSURE_MONITOR", "1");

/// Names the files that say which EGL drivers there are, instead of the system's folder of them (libglvnd).
const DRIVERS: &str = "__EGL_VENDOR_LIBRARY_FILENAMES";

/// Called before any other thread is started; whoever set one of these variables knows better.
pub fn prepare() {
    let software = !has_graphics_processor();
    let graphics: &[_] = if software { &WITHOUT_GRAPHICS } else { &[] };
    for (name, value) in graphics.iter().copied().chain([WATCH_ON_MEMORY]) {
        // Does not overwrite. The only failure is a name with a `=` in it.
        let _ = glib::setenv(name, value, false);
    }
    if software && env::var_os(DRIVERS).is_none() {
        look_for_no_driver();
    }
}

/// The web view asks for a display of EGL in this process too, where it draws nothing: its only answer here would be the
/// software rasteriser with a compiler in it, of 18 MB. The drivers are looked for once in a process, so that they are
/// found in the page's process, which is started later and cannot do without.
fn look_for_no_driver() {
    let _ = glib::setenv(DRIVERS, "/dev/null", true);
    ask_for_extensions();
    glib::unsetenv(DRIVERS);
}

#[expect(unsafe_code, reason = "EGL is a C library; this is its one function that needs no display")]
fn ask_for_extensions() {
    const EXTENSIONS: i32 = 0x3055;
    // SAFETY: libEGL has no initialiser with a condition, and the signature is that of `eglQueryString` in EGL 1.5,
    // which permits a null display for this name. No other thread reads the environment yet.
    let asked = unsafe {
        Library::new("libEGL.so.1").and_then(|egl| {
            let query: Symbol<unsafe extern "C" fn(*mut c_void, i32) -> *const c_char> =
                egl.get(b"eglQueryString\0")?;
            query(ptr::null_mut(), EXTENSIONS);
            // What it has found out is kept for as long as it is loaded.
            std::mem::forget(egl);
            Ok(())
        })
    };
    if let Err(error) = asked {
        tracing::debug!(%error, "EGL is not to be had");
    }
}

fn has_graphics_processor() -> bool {
    let software = env::var_os("LIBGL_ALWAYS_SOFTWARE").is_some_and(|value| value != "0");
    let render_node = fs::read_dir("/dev/dri").is_ok_and(|mut entries| {
        entries.any(|entry| entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("renderD")))
    });
    render_node && !software
}

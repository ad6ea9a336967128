//! Whether there is something to open the window on, and what it takes to draw there.

use std::env;

use super::super::{Check, Status};

/// Libraries that the window loads when it opens, and the Debian packages that bring them. In each group one is enough.
#[cfg(target_os = "linux")]
const LIBRARIES: &[(&[&str], &str)] = &[
    (&["libGL.so.1", "libEGL.so.1"], "libgl1 libglx-mesa0 libgl1-mesa-dri"),
    (&["libxkbcommon.so.0"], "libxkbcommon0"),
];
/// Those of X11 alone.
#[cfg(target_os = "linux")]
const X11: &[(&[&str], &str)] = &[
    (&["libX11.so.6"], "libx11-6"),
    (&["libX11-xcb.so.1"], "libx11-xcb1"),
    (&["libXcursor.so.1"], "libxcursor1"),
    (&["libXi.so.6"], "libxi6"),
    (&["libxkbcommon-x11.so.0"], "libxkbcommon-x11-0"),
];

/// A display that answers.
pub(super) fn display() -> Check {
    let name = "display";
    let found = ["WAYLAND_DISPLAY", "DISPLAY"].into_iter().find_map(|variable| {
        let value = env::var_os(variable).filter(|value| !value.is_empty())?;
        Some((variable, value.to_string_lossy().into_owned()))
    });
    let Some((variable, value)) = found else {
        if cfg!(any(windows, target_os = "macos")) {
            return Check { name, status: Status::Ok, detail: "the system's own".to_owned(), mend: None };
        }
        return Check {
            name,
            status: Status::Warn,
            detail: "none (neither DISPLAY nor WAYLAND_DISPLAY is set); the command line works without"
                .to_owned(),
            mend: Some("for a window, start the program from a desktop session".to_owned()),
        };
    };
    match answers(variable, &value) {
        Err(error) => Check {
            name,
            status: Status::Warn,
            detail: format!("{variable} is {value}, but nobody answers there ({error})"),
            mend: Some(format!("log in to a desktop session, or correct {variable}")),
        },
        Ok(()) => Check { name, status: Status::Ok, detail: format!("{variable} is {value}"), mend: None },
    }
}

/// Whether somebody listens there, as far as it is on this machine.
#[cfg(unix)]
fn answers(variable: &str, value: &str) -> std::io::Result<()> {
    use std::os::unix::net::UnixStream;
    let socket = if variable == "WAYLAND_DISPLAY" {
        // An absolute name stands for itself.
        std::path::PathBuf::from(env::var_os("XDG_RUNTIME_DIR").unwrap_or_default()).join(value)
    } else {
        let Some(number) = value.strip_prefix(':') else { return Ok(()) };
        format!("/tmp/.X11-unix/X{}", number.split('.').next().unwrap_or_default()).into()
    };
    UnixStream::connect(socket).map(drop)
}

#[cfg(not(unix))]
fn answers(_: &str, _: &str) -> std::io::Result<()> {
    Ok(())
}

/// What the window draws with.
#[cfg(target_os = "linux")]
pub(super) fn libraries() -> Check {
    let name = "window libraries";
    // The linker's list of what is installed.
    let Ok(list) = std::fs::read("/etc/ld.so.cache") else {
        let detail = "this system does not say which libraries it has".to_owned();
        return Check { name, status: Status::Ok, detail, mend: None };
    };
    let there = |library: &&str| list.windows(library.len()).any(|piece| piece == library.as_bytes());
    let x11 = if env::var_os("WAYLAND_DISPLAY").is_some() { &[] } else { X11 };
    let missing: Vec<_> =
        LIBRARIES.iter().chain(x11).filter(|(libraries, _)| !libraries.iter().any(&there)).collect();
    if missing.is_empty() {
        let detail = "OpenGL and what a window needs are installed".to_owned();
        return Check { name, status: Status::Ok, detail, mend: None };
    }
    let join = |words: Vec<&str>| words.join(" ");
    let names = join(missing.iter().filter_map(|(libraries, _)| libraries.first().copied()).collect());
    let packages = join(missing.iter().map(|(_, package)| *package).collect());
    Check {
        name,
        status: Status::Warn,
        detail: format!("missing: {names}; the window cannot be opened, the command line works without"),
        mend: Some(format!("sudo apt-get install {packages} (names as in Debian and Ubuntu)")),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn libraries() -> Check {
    let detail = "the system's own".to_owned();
    Check { name: "window libraries", status: Status::Ok, detail, mend: None }
}

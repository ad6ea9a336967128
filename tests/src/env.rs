//! This process's own environment, where libjack looks up the name of its server.

use std::ffi::OsStr;

/// Sets a variable of this process, for libjack's `getenv`.
///
/// There is no other way to tell it the server: the `jack` crate does not pass `JackServerName` on.
#[allow(unsafe_code, reason = "set_var is unsafe since edition 2024")]
pub(crate) fn set(name: &str, value: impl AsRef<OsStr>) {
    // SAFETY: set_var races only with C code that reads the environment from another thread meanwhile. It
    // is called by the one holder of the machine-wide `Turn`, before it opens its first client, so no
    // libjack thread exists; nextest moreover gives each test a process of its own.
    unsafe { std::env::set_var(name, value) };
}

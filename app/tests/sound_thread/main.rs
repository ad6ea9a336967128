//! The sound thread as a window uses it: what is shown is what is heard, nothing waits, nothing is lost.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![allow(clippy::disallowed_methods, reason = "a slow device is slept, and a window draws every 16 ms")]

mod devices;
mod hearing;
mod recording;
mod window;

//! The bar on top, shortcuts, palette, tour and windows of their own: by accessible name, in the whole window.
#![allow(clippy::unwrap_used, reason = "tests")]

mod bar;
mod keys;
mod pictures;
mod waking;
mod window;
mod windows;

//! Dialogs, browser and lyrics pad, by accessible name, in a window without a display.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "tests")]

mod cards;
mod desk;
mod files;
mod lyrics;

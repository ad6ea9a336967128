//! The arrange view in a window without a display: what the pointer does to clips, loop, view and playhead.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "tests")]

mod clips;
mod desk;
mod pictures;
mod view;

//! Track headers, channel strip and mixer, by accessible name: each control does one Edit, and undo takes it back.
#![allow(clippy::unwrap_used, reason = "tests")]

mod desk;
mod pictures;
mod strip;
mod tracks;

//! What the benches share: songs of a given size, and how times are told.
//!
//! For the benches in `benches/` (criterion) and the programs in `examples/`, which `script/bench` runs beside
//! others. Start at [`song::Builder`]; what is large is made once and kept in [`data::folder`]. The figures are in
//! `README.md`.
#![allow(
    clippy::unwrap_used,
    reason = "benches, like tests, end at the first thing that is not as it should be"
)]

pub mod data;
pub mod song;
pub mod timing;
pub mod tracks;

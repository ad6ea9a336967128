//! Time in integers: samples at the song's rate, and ticks (1,920 a quarter) for what follows the tempo.
//!
//! Start at [`Position`]; [`TempoMap`] converts between the two.

mod parse;
mod position;
mod tempo;

pub(crate) use tempo::divide_round;

pub use parse::{ParseTimeError, parse_range, parse_time};
pub use position::{POSITION_LIMIT, Position, Samples, Ticks};
pub use tempo::{BarBeatTick, Meter, MeterChange, TICKS_PER_QUARTER, Tempo, TempoChange, TempoMap};

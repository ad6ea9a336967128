//! What outlives an owner: events, the switch, and which restarts count.
//!
//! Start at [`Store`]. The machine's is [`SqliteStore`] in `events.db`; tests and the simulation have [`MemoryStore`]. Who only
//! asks has a [`Reader`], beside the owner or without one.

mod aside;
mod calendar;
mod check;
mod error;
mod lived;
mod memory;
mod reader;
mod retention;
mod row;
mod schema;
mod sqlite;
#[cfg(test)]
mod tests;
mod waiting;
mod write;

use std::path::Path;
use std::time::Duration;

pub use error::StoreError;
pub use memory::MemoryStore;
pub use reader::{GaugeMinute, Reader};
pub use sqlite::SqliteStore;

use crate::alert::Alert;
use crate::clock::Wall;
use crate::event::Event;
use crate::gauge::Gauge;
use crate::latency::Sample;
use crate::usage::Usage;

/// The setting that holds the aim of the answers, in microseconds.
const AIM: &str = "aim of p95";

/// The setting that holds since when the calendar is doubted, in milliseconds since 1970.
const DOUBTED: &str = "calendar doubted since";

/// Keeps what must not be forgotten. Never fails its caller: a store that cannot write says so in the log and goes on,
/// for a full disk must not end the supervision.
pub trait Store {
    /// Something happened.
    fn record(&mut self, event: &Event);

    /// `service` says that it is of that version: told whenever it says so.
    fn version(&mut self, _at: Wall, _service: &str, _version: &str) {}

    /// True while what an earlier owner kept cannot be read: [`switch`](Self::switch) says no then, and the others know of
    /// nothing.
    fn is_unread(&self) -> bool {
        false
    }

    /// Whether one may act without being asked; none if nobody ever said.
    fn switch(&self) -> Option<bool>;

    /// Somebody said whether one may.
    fn set_switch(&mut self, on: bool);

    /// Why what was said last is not kept yet; none once it is.
    fn unwritten(&self) -> Option<String> {
        None
    }

    /// When `sidecar` was restarted, as far as it counts.
    fn restarts(&self, sidecar: &str) -> Vec<Wall>;

    /// From now on these count.
    fn set_restarts(&mut self, sidecar: &str, restarts: &[Wall]);

    /// Whether a human wants `sidecar` to run; none: nobody said so since the program began.
    fn wanted(&self, sidecar: &str) -> Option<bool>;

    /// A human wants it, or does not; none: what is declared holds.
    fn set_wanted(&mut self, sidecar: &str, wanted: Option<bool>);

    /// 95 of 100 answers are to come within this time.
    fn aim(&mut self, _p95: Duration) {}

    /// A service was asked.
    fn sample(&mut self, at: Wall, service: &str, sample: Sample);

    /// The newest value of each gauge.
    fn gauges(&mut self, at: Wall, gauges: &[Gauge]);

    /// Something was used. What is told twice counts once.
    fn usage(&mut self, used: &[Usage]) -> Kept;

    /// An alert opened, was acknowledged, or closed: the newest of its id counts.
    fn alert(&mut self, alert: &Alert);

    /// The alerts that are open, and the largest id that was ever given.
    fn alerts(&self) -> (Vec<Alert>, u64);

    /// The end of a turn: what was recorded may be made durable now, and what is old thrown away, a little at a time.
    fn flush(&mut self, now: Wall);

    /// Whether it works: what is wrong, if something is. Asked every 30 s.
    fn check(&mut self) -> Result<(), String>;
}

/// What became of usage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// The ids that are kept, now or already: nobody needs to tell them again.
    pub ids: Vec<String>,
    /// What was not known before.
    pub new: Vec<Usage>,
}

/// The store at `path`. A damaged one, or one from a newer program, is put aside under another name, with `now` in it, and a
/// new one begun. One that cannot be opened now (locked, or no room) is tried again and again, and until then what happens is
/// remembered; autonomy counts as off then, for nobody knows the switch. All of that is told in the log.
#[must_use]
pub fn open(path: &Path, now: Wall) -> Box<dyn Store> {
    let error = match SqliteStore::open(path) {
        Ok(store) => return Box::new(store),
        Err(error) => error,
    };
    Box::new(SqliteStore::mended(path, &error, now))
}

//! Time, of which there are three kinds: awake time, which deadlines count; the calendar, which people read; and the
//! time the machine slept.
//!
//! Start at [`Clock`]. The machine's is [`SystemClock`], the only place that may ask the system for the time; the
//! simulation brings its own.

mod bell;
mod system;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use bell::Bell;
pub use system::SystemClock;

/// A point of awake time, in nanoseconds from an origin of the clock's own; negative before it.
///
/// Stands still while the machine sleeps, and no jump of the calendar moves it. Means nothing in another process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// The clock's origin.
    pub const ORIGIN: Self = Self(0);
    /// Later than all others.
    pub const NEVER: Self = Self(i64::MAX);

    /// This long after it; [`NEVER`](Self::NEVER) beyond what can be counted (292 years).
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        Self(self.0.saturating_add(nanos(span)))
    }

    /// This long before it.
    #[must_use]
    pub fn before(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(nanos(span)))
    }

    /// The time since `earlier`; zero if that is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// A point of the calendar: milliseconds since 1970, UTC. It may jump, forwards and back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Wall(pub i64);

impl Wall {
    /// The time since `earlier`; zero if that is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// This long before it.
    #[must_use]
    pub fn before(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// Tells the time, and lets it pass.
pub trait Clock {
    /// Awake time.
    fn now(&self) -> Moment;

    /// The calendar.
    fn wall(&self) -> Wall;

    /// How long the machine has slept since the clock began; zero where the system does not tell.
    fn slept(&self) -> Duration;

    /// Waits until `until`, or until `bell` rings, or a little less: whoever waits asks again what is due.
    fn wait(&self, until: Moment, bell: &Bell);
}

fn nanos(span: Duration) -> i64 {
    i64::try_from(span.as_nanos()).unwrap_or(i64::MAX)
}

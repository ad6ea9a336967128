//! Time, of which there are three kinds: awake time, which deadlines count; the calendar, which people read; and the
//! time the machine slept.
//!
//! Start at [`Clock`]. The machine's is [`SystemClock`], the only place that may ask the system for the time; the
//! simulation brings its own.

mod bell;
mod system;

use std::fmt::{self, Display, Formatter};
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
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
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

/// `2026-11-21 13:45:07.250 UTC`.
impl Display for Wall {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (days, millis) = (self.0.div_euclid(86_400_000), self.0.rem_euclid(86_400_000));
        // Civil from days (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"): years begin in March.
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let (hour, minute) = (millis / 3_600_000, millis / 60_000 % 60);
        let (second, milli) = (millis / 1000 % 60, millis % 1000);
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{milli:03} UTC")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_reads_as_people_write_it() {
        // Seen red: with every hundredth year taken for a leap year.
        let days = [
            (0, "1970-01-01 00:00:00.000 UTC"),
            (951_782_400_000, "2000-02-29 00:00:00.000 UTC"),
            (1_795_268_707_250, "2026-11-21 13:45:07.250 UTC"),
            (4_107_542_400_000, "2100-03-01 00:00:00.000 UTC"),
            (-1, "1969-12-31 23:59:59.999 UTC"),
        ];
        for (millis, text) in days {
            assert_eq!(Wall(millis).to_string(), text);
        }
    }
}

//! Numbers as people read them.

use std::fmt::{self, Display, Formatter};
use std::path::Path;

use serde::Serializer;

/// A length or place of a song: `1:02.500`.
pub(super) struct Time {
    pub(super) samples: i64,
    pub(super) rate: u32,
}

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let rate = i128::from(self.rate.max(1));
        let milliseconds = (i128::from(self.samples.unsigned_abs()) * 1_000 + rate / 2) / rate;
        let sign = if self.samples < 0 { "-" } else { "" };
        let (minutes, rest) = (milliseconds / 60_000, milliseconds % 60_000);
        write!(f, "{sign}{minutes}:{:02}.{:03}", rest / 1_000, rest % 1_000)
    }
}

/// A level: `-6.0`, or `−∞` for silence.
pub(super) struct Level(pub(super) f64);

impl Display for Level {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_finite() { write!(f, "{:.1}", self.0) } else { f.write_str("−∞") }
    }
}

/// A path for JSON, which has no bytes that are no text.
pub(super) fn path<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

/// A level for JSON, which has no infinity.
pub(super) fn finite(level: f64) -> Option<f64> {
    level.is_finite().then_some(level)
}

/// A moment in milliseconds since 1970 UTC: `2026-03-01T12:30:05.250Z` (RFC 3339).
pub(super) struct Moment(pub(super) i64);

impl Display for Moment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (day, ms) = (self.0.div_euclid(86_400_000), self.0.rem_euclid(86_400_000));
        let (year, month, date) = civil(day);
        let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
        write!(f, "{year:04}-{month:02}-{date:02}T{hours:02}:{minutes:02}:{seconds:02}.{:03}Z", ms % 1_000)
    }
}

/// Year, month and day of this many days since 1970-01-01, after Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>).
fn civil(days: i64) -> (i64, i64, i64) {
    // Years that begin in March, in eras of 400 years, which all have as many days.
    let days = days.saturating_add(719_468);
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let date = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_carry_into_minutes() {
        let time = |samples| Time { samples, rate: 48_000 }.to_string();
        // Seen red: rounding the fraction alone gives 0:60.000.
        assert_eq!(time(60 * 48_000 - 1), "1:00.000");
        assert_eq!(time(-24_000), "-0:00.500");
        assert_eq!(time(i64::MAX), "3202559735019:01.163");
    }

    #[test]
    fn moments_know_the_calendar() {
        assert_eq!(Moment(0).to_string(), "1970-01-01T00:00:00.000Z");
        // Seen red: `month <= 1` puts February into the year before.
        assert_eq!(Moment(951_782_400_000).to_string(), "2000-02-29T00:00:00.000Z");
        assert_eq!(Moment(-1).to_string(), "1969-12-31T23:59:59.999Z");
    }
}

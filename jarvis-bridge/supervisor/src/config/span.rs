//! Seconds as people write them, and where in a file something stands.

/// The line of the byte at `offset`, from 1.
pub(super) fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// A span of time, written as a number of seconds above zero.
pub(crate) mod seconds {
    use std::time::Duration;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer};

    /// Longer than any span that makes sense here, short enough for all arithmetic: ten years.
    pub(super) const LONGEST: f64 = 315_360_000.0;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        let seconds = f64::deserialize(from)?;
        // Not a number is no such span either.
        if !(0.001..=LONGEST).contains(&seconds) {
            return Err(D::Error::custom(format!(
                "{seconds} is no span of time from 0.001 to {LONGEST} seconds"
            )));
        }
        Ok(Duration::from_secs_f64(seconds))
    }
}

/// As [`seconds`], and 0 for at once.
pub(crate) mod seconds_or_none {
    use std::time::Duration;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer};

    use super::seconds::LONGEST;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        let seconds = f64::deserialize(from)?;
        if !(0.0..=LONGEST).contains(&seconds) {
            return Err(D::Error::custom(format!(
                "{seconds} is no span of time from 0 to {LONGEST} seconds"
            )));
        }
        Ok(Duration::from_secs_f64(seconds))
    }
}

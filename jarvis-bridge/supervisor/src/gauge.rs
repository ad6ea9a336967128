//! What somebody measures and reports: a name, a unit, a value, and where it becomes worth a warning.
//!
//! The supervisor knows no more of audio than such names.

use serde::{Deserialize, Serialize};

/// One measured value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Gauge {
    /// What: lower case, words joined by `_`, such as `audio_load`.
    pub name: String,
    /// In what: `share`, `ms`, `bytes`, `count`, …
    pub unit: String,
    /// How much. Finite.
    pub value: f64,
    /// From here on it is worth a warning; none: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn: Option<f64>,
    /// From here on it fails; none: never. Below `warn`: less is worse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fail: Option<f64>,
}

/// How bad a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Fine,
    /// Worth a warning.
    Warn,
    /// It fails.
    Fail,
}

impl Gauge {
    /// How bad it is.
    #[must_use]
    pub fn level(&self) -> Level {
        let downwards = matches!((self.warn, self.fail), (Some(warn), Some(fail)) if fail < warn);
        let reached = |limit: Option<f64>| {
            limit.is_some_and(|limit| if downwards { self.value <= limit } else { self.value >= limit })
        };
        match () {
            () if reached(self.fail) => Level::Fail,
            () if reached(self.warn) => Level::Warn,
            () => Level::Fine,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_hold_in_both_directions() {
        // Seen red: with more always taken for worse.
        let level = |value, warn, fail| {
            Gauge { name: String::new(), unit: String::new(), value, warn: Some(warn), fail: Some(fail) }
                .level()
        };
        assert_eq!(
            [0.5, 0.8, 1.0].map(|load| level(load, 0.8, 1.0)),
            [Level::Fine, Level::Warn, Level::Fail]
        );
        assert_eq!(
            [9.0, 5.0, 1.0].map(|free| level(free, 5.0, 1.0)),
            [Level::Fine, Level::Warn, Level::Fail]
        );
    }
}

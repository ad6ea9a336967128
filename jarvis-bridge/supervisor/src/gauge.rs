//! What somebody measures and reports: a name, a unit, a value, and where it becomes worth a warning.
//!
//! The supervisor knows no more of audio than such names.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::clock::Wall;

/// The longest name, and the longest unit, in bytes.
pub const LONGEST: usize = 64;

/// One measured value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Gauge {
    /// What: lower case, digits, words joined by `_`, such as `audio_load`. At most [`LONGEST`].
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
    /// Who measured it, such as the process; at most [`LONGEST`] bytes. Of several the one that began last counts, as long as
    /// it reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// When it was reported last. The supervisor says so: whoever reports leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Wall>,
    /// Nobody has reported it for so long that the value says nothing of now. As `at`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stale: bool,
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

/// Why a gauge is refused; the others of its report are kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unfit {
    /// Its name or unit.
    #[error(
        "“{0}” cannot name a gauge: use 1 to {LONGEST} lower-case letters, digits and _, and a unit as short"
    )]
    Name(String),
    /// Who measured it.
    #[error("who measured “{0}” has a name of more than {LONGEST} bytes")]
    Source(String),
    /// Its value or a limit.
    #[error("the value or a limit of “{0}” is not a finite number")]
    Value(String),
    /// There are too many others.
    #[error("“{0}” is one gauge too many: there can be {1}")]
    TooMany(String, usize),
}

impl Gauge {
    /// A value without limits.
    #[must_use]
    pub fn new(name: &str, unit: &str, value: f64) -> Self {
        Self { name: name.to_owned(), unit: unit.to_owned(), value, ..Self::default() }
    }

    /// With limits; see [`Gauge::warn`] and [`Gauge::fail`].
    #[must_use]
    pub fn limits(self, warn: impl Into<Option<f64>>, fail: impl Into<Option<f64>>) -> Self {
        Self { warn: warn.into(), fail: fail.into(), ..self }
    }

    /// Whether it can be kept.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn check(&self) -> Result<(), Unfit> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let short = |text: &str| (1..=LONGEST).contains(&text.len());
        if !short(&self.name) || !self.name.chars().all(fits) || self.unit.len() > LONGEST {
            return Err(Unfit::Name(self.name.chars().take(LONGEST).collect()));
        }
        if self.source.as_ref().is_some_and(|source| source.len() > LONGEST) {
            return Err(Unfit::Source(self.name.clone()));
        }
        let numbers = [Some(self.value), self.warn, self.fail];
        if numbers.into_iter().flatten().all(f64::is_finite) {
            Ok(())
        } else {
            Err(Unfit::Value(self.name.clone()))
        }
    }

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
        let level = |value, warn, fail| Gauge::new("load", "share", value).limits(warn, fail).level();
        assert_eq!(
            [0.5, 0.8, 1.0].map(|load| level(load, 0.8, 1.0)),
            [Level::Fine, Level::Warn, Level::Fail]
        );
        assert_eq!(
            [9.0, 5.0, 1.0].map(|free| level(free, 5.0, 1.0)),
            [Level::Fine, Level::Warn, Level::Fail]
        );
    }

    #[test]
    fn wild_names_and_numbers_are_refused() {
        // Seen red: with any number taken, and with any name.
        let named = |name: &str| Gauge::new(name, "share", 1.0).check();
        assert_eq!(named("audio_load_2"), Ok(()));
        for wild in ["", "Audio", "a b", "<script>", "ä", "a;drop", &"x".repeat(65)] {
            assert!(matches!(named(wild), Err(Unfit::Name(_))), "{wild}");
        }
        let wild = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        for value in wild {
            assert!(Gauge::new("load", "share", value).check().is_err(), "{value}");
            assert!(Gauge::new("load", "share", 0.0).limits(value, None).check().is_err(), "{value}");
        }
    }
}

//! Moments and lengths, with their unit in the type.

use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! count {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl $name {
            /// None at all.
            pub const ZERO: Self = Self(0);
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(self.0.saturating_neg())
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                *self = *self - other;
            }
        }
    };
}

count!(
    /// Frames at the song's rate: a moment of the song, or a length. Sums saturate, they never wrap.
    Samples
);
impl Samples {
    /// So many milliseconds at `rate` frames a second, for people to read.
    #[must_use]
    pub fn milliseconds(self, rate: u32) -> f64 {
        self.0 as f64 * 1_000.0 / f64::from(rate.max(1))
    }
}

count!(
    /// Ticks of musical time, 1,920 a quarter note.
    Ticks
);

/// No position or length of a song is further from 0 than this: 2^53, so that each is exact as an `f64` too,
/// and sums and conversions stay far inside an `i64`.
pub const POSITION_LIMIT: i64 = 1 << 53;

/// Where something stands in the song: fixed in seconds, or fixed in bars so that it follows the tempo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Frames from the song's start.
    Samples(i64),
    /// Ticks from the song's start.
    Ticks(i64),
}

impl Position {
    /// The song's start.
    pub const START: Self = Self::Samples(0);

    /// Whether it is within [`POSITION_LIMIT`].
    #[must_use]
    pub const fn in_reach(self) -> bool {
        let (Self::Samples(count) | Self::Ticks(count)) = self;
        count >= -POSITION_LIMIT && count <= POSITION_LIMIT
    }
}

impl From<Samples> for Position {
    fn from(samples: Samples) -> Self {
        Self::Samples(samples.0)
    }
}

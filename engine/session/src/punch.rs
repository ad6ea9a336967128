//! Auto-punch: a range in which takes are made, and what is heard around it. Start at [`PunchRange`].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::{Position, Samples, TempoMap};

/// Auto-punch: where takes begin and end by themselves, and how much is heard around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PunchRange {
    /// Whether Record makes takes of this range alone.
    pub on: bool,
    /// First position that becomes a take.
    pub start: Position,
    /// First position that does not. After `start` when `on`.
    pub end: Position,
    /// How much is heard before.
    pub pre_roll: RollTime,
    /// How much is heard after.
    pub post_roll: RollTime,
}

/// How long is rolled before or after a punch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RollTime {
    /// Bars, 0 to [`RollTime::MOST_BARS`].
    Bars(u8),
    /// Milliseconds, 0 to [`RollTime::MOST_MILLISECONDS`].
    Milliseconds(u32),
}

impl RollTime {
    /// Most bars.
    pub const MOST_BARS: u8 = 16;
    /// Most milliseconds: a minute.
    pub const MOST_MILLISECONDS: u32 = 60_000;

    /// Whether it is in range.
    #[must_use]
    pub const fn in_range(self) -> bool {
        match self {
            Self::Bars(bars) => bars <= Self::MOST_BARS,
            Self::Milliseconds(ms) => ms <= Self::MOST_MILLISECONDS,
        }
    }

    /// The song sample that lies so much before `at`; never before the song's start unless `at` does.
    #[must_use]
    pub fn before(self, at: Samples, tempo: &TempoMap, rate: u32) -> Samples {
        (at - self.length_before(at, tempo, rate)).max(at.min(Samples::ZERO))
    }

    /// The song sample that lies so much after `at`.
    #[must_use]
    pub fn after(self, at: Samples, tempo: &TempoMap, rate: u32) -> Samples {
        at + self.samples(at, 1, tempo, rate)
    }

    /// How long it is before `at`, also where the song does not reach back so far: a count-in does.
    #[must_use]
    pub fn length_before(self, at: Samples, tempo: &TempoMap, rate: u32) -> Samples {
        self.samples(at, -1, tempo, rate)
    }

    fn samples(self, at: Samples, way: i64, tempo: &TempoMap, rate: u32) -> Samples {
        match self {
            Self::Milliseconds(ms) => Samples(i64::from(ms) * i64::from(rate) / 1_000),
            Self::Bars(bars) => {
                let tick = tempo.samples_to_ticks(at.0, rate);
                let bar = tempo.meter_at(tempo.bar_beat_tick(tick).bar).bar_ticks();
                let there = tempo.ticks_to_samples(tick + way * bar * i64::from(bars), rate);
                let here = tempo.ticks_to_samples(tick, rate);
                Samples((there.0 - here.0).abs())
            }
        }
    }
}

impl Default for PunchRange {
    /// Off, with one bar before and after.
    fn default() -> Self {
        Self {
            on: false,
            start: Position::START,
            end: Position::START,
            pre_roll: RollTime::Bars(1),
            post_roll: RollTime::Bars(1),
        }
    }
}

impl PunchRange {
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

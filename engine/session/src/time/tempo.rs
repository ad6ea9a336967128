//! Tempo and meter, and the conversion between samples, ticks and bars.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Position, Samples};

#[cfg(test)]
mod tests;

/// Ticks of a quarter note.
pub const TICKS_PER_QUARTER: i64 = 1_920;

/// Quarter notes a minute, in millionths (µBPM), so that arithmetic stays in integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Tempo(pub i64);

impl Tempo {
    /// 120 beats a minute.
    pub const DEFAULT: Self = Self(120_000_000);
    /// 10 beats a minute.
    pub const MIN: Self = Self(10_000_000);
    /// 999 beats a minute.
    pub const MAX: Self = Self(999_000_000);

    /// The tempo nearest to this many beats a minute, or none when it is not from 10 to 999.
    #[must_use]
    pub fn from_bpm(bpm: f64) -> Option<Self> {
        let tempo = Self((bpm * 1e6).round() as i64); // NaN becomes 0, infinities the ends: both out of range
        tempo.in_range().then_some(tempo)
    }

    /// Beats a minute.
    #[must_use]
    pub fn bpm(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// Whether it is from [`Tempo::MIN`] to [`Tempo::MAX`].
    #[must_use]
    pub const fn in_range(self) -> bool {
        self.0 >= Self::MIN.0 && self.0 <= Self::MAX.0
    }
}

/// Beats a bar and what a beat is: 4/4, 6/8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Meter {
    /// Beats a bar, 1 to 64.
    pub beats: u8,
    /// The note that is a beat: 1, 2, 4, 8, 16 or 32.
    pub unit: u8,
}

impl Meter {
    /// 4/4.
    pub const DEFAULT: Self = Self { beats: 4, unit: 4 };

    /// Whether its beats and unit are ones that a song may have.
    #[must_use]
    pub const fn is_valid(self) -> bool {
        self.beats >= 1 && self.beats <= 64 && self.unit <= 32 && self.unit.is_power_of_two()
    }

    /// Ticks of one beat. At least one, whatever the unit, so that nobody divides by it being 0.
    #[must_use]
    pub const fn beat_ticks(self) -> i64 {
        if self.unit == 0 { TICKS_PER_QUARTER } else { TICKS_PER_QUARTER * 4 / self.unit as i64 }
    }

    /// Ticks of one bar.
    #[must_use]
    pub const fn bar_ticks(self) -> i64 {
        if self.beats == 0 { self.beat_ticks() } else { self.beat_ticks() * self.beats as i64 }
    }
}

/// Bar and beat counted from 1, and ticks within the beat from 0. Bars before the song's start count 0, −1, …
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BarBeatTick {
    /// Bar, the first is 1.
    pub bar: i64,
    /// Beat, the first is 1.
    pub beat: i64,
    /// Ticks after the beat.
    pub tick: i64,
}

impl std::fmt::Display for BarBeatTick {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}|{}|{}", self.bar, self.beat, self.tick)
    }
}

/// Tempo and meter over the song. One of each now; the type is ready for changes: every reader asks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TempoMap {
    /// Tempo changes in order; the first stands at tick 0.
    pub tempos: Vec<TempoChange>,
    /// Meter changes in order; the first stands at bar 1.
    pub meters: Vec<MeterChange>,
    /// Song frame of tick 0, the downbeat of bar 1: where the first downbeat of an imported beat is.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub downbeat: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(frame: &i64) -> bool {
    *frame == 0
}

/// From here on, this tempo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TempoChange {
    /// Where, in ticks.
    pub at: i64,
    /// How fast.
    pub tempo: Tempo,
}

/// From here on, this meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeterChange {
    /// At which bar, the first is 1.
    pub bar: i64,
    /// Which meter.
    pub meter: Meter,
}

/// `numerator / denominator` to the nearest integer, halves up (towards +∞). The denominator is positive.
pub(crate) fn divide_round(numerator: i128, denominator: i128) -> i64 {
    let rounded = (2 * numerator + denominator).div_euclid(2 * denominator);
    i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
}

impl TempoMap {
    /// One tempo and one meter for the whole song.
    #[must_use]
    pub fn fixed(tempo: Tempo, meter: Meter) -> Self {
        Self {
            tempos: vec![TempoChange { at: 0, tempo }],
            meters: vec![MeterChange { bar: 1, meter }],
            downbeat: 0,
        }
    }

    /// A position as samples of the song.
    #[must_use]
    pub fn to_samples(&self, position: Position, rate: u32) -> Samples {
        match position {
            Position::Samples(samples) => Samples(samples),
            Position::Ticks(ticks) => self.ticks_to_samples(ticks, rate),
        }
    }

    /// The sample of this tick. Exact integer arithmetic, rounded once: to the nearest sample, halves up,
    /// counted from the tempo change in force, which itself stands on a whole sample. Ticks before the song's
    /// start run at its first tempo.
    #[must_use]
    pub fn ticks_to_samples(&self, ticks: i64, rate: u32) -> Samples {
        let segment = self.segments(rate).take_while(|s| s.is_first || s.tick <= ticks).last();
        let Some(segment) = segment else { return Samples::ZERO };
        Samples(
            segment.samples_after(ticks.saturating_sub(segment.tick), rate).saturating_add(segment.sample),
        )
    }

    /// The tick nearest to this sample, halves up. A tick that lasts a sample or more comes back as itself
    /// from [`TempoMap::ticks_to_samples`].
    #[must_use]
    pub fn samples_to_ticks(&self, samples: i64, rate: u32) -> i64 {
        let mut segments = self.segments(rate).peekable();
        while let Some(segment) = segments.next() {
            let next = segments.peek();
            if next.is_some_and(|next| next.sample <= samples) {
                continue;
            }
            let ticks = segment
                .tick
                .saturating_add(segment.ticks_after(samples.saturating_sub(segment.sample), rate));
            return next.map_or(ticks, |next| ticks.min(next.tick));
        }
        0
    }

    /// The tempo at this tick.
    #[must_use]
    pub fn tempo_at(&self, ticks: i64) -> Tempo {
        let past = self.tempos.iter().skip(1).take_while(|change| change.at <= ticks).last();
        past.or(self.tempos.first()).map_or(Tempo::DEFAULT, |change| change.tempo)
    }

    /// The meter of this bar, the first is 1.
    #[must_use]
    pub fn meter_at(&self, bar: i64) -> Meter {
        let past = self.meters.iter().skip(1).take_while(|change| change.bar <= bar).last();
        past.or(self.meters.first()).map_or(Meter::DEFAULT, |change| change.meter)
    }

    /// Bar, beat and tick of this tick.
    #[must_use]
    pub fn bar_beat_tick(&self, ticks: i64) -> BarBeatTick {
        let (start, change) = self
            .meter_starts()
            .take_while(|(start, c)| c.bar == 1 || *start <= ticks)
            .last()
            .unwrap_or((0, MeterChange { bar: 1, meter: Meter::DEFAULT }));
        let since = ticks.saturating_sub(start);
        let within = since.rem_euclid(change.meter.bar_ticks());
        BarBeatTick {
            bar: change.bar.saturating_add(since.div_euclid(change.meter.bar_ticks())),
            beat: 1 + within / change.meter.beat_ticks(),
            tick: within % change.meter.beat_ticks(),
        }
    }

    /// The tick of this bar, beat and tick; saturates far out of reach.
    #[must_use]
    pub fn ticks_at(&self, place: BarBeatTick) -> i64 {
        let (start, change) = self
            .meter_starts()
            .take_while(|(_, c)| c.bar == 1 || c.bar <= place.bar)
            .last()
            .unwrap_or((0, MeterChange { bar: 1, meter: Meter::DEFAULT }));
        let bars = place.bar.saturating_sub(change.bar).saturating_mul(change.meter.bar_ticks());
        let beats = place.beat.saturating_sub(1).saturating_mul(change.meter.beat_ticks());
        start.saturating_add(bars).saturating_add(beats).saturating_add(place.tick)
    }

    /// Each tempo change with the sample at which it stands.
    fn segments(&self, rate: u32) -> impl Iterator<Item = Segment> {
        let mut before: Option<Segment> = None;
        self.tempos.iter().map(move |change| {
            let sample = before.map_or(self.downbeat, |b| {
                b.sample.saturating_add(b.samples_after(change.at.saturating_sub(b.tick), rate))
            });
            let segment =
                Segment { tick: change.at, sample, tempo: change.tempo, is_first: before.is_none() };
            before = Some(segment);
            segment
        })
    }

    /// Each meter change with the tick at which it stands.
    fn meter_starts(&self) -> impl Iterator<Item = (i64, MeterChange)> {
        let mut before: Option<(i64, MeterChange)> = None;
        self.meters.iter().map(move |change| {
            let start = before.map_or(0, |(start, b)| {
                start.saturating_add(change.bar.saturating_sub(b.bar).saturating_mul(b.meter.bar_ticks()))
            });
            before = Some((start, *change));
            (start, *change)
        })
    }
}

/// A stretch of one tempo, and the sample at which it starts.
#[derive(Clone, Copy)]
struct Segment {
    tick: i64,
    sample: i64,
    tempo: Tempo,
    is_first: bool,
}

impl Segment {
    /// µBPM × ticks a quarter: ticks a minute, in millionths.
    fn ticks_a_minute(self) -> i128 {
        i128::from(self.tempo.0.max(1)) * i128::from(TICKS_PER_QUARTER)
    }

    fn samples_after(self, ticks: i64, rate: u32) -> i64 {
        divide_round(i128::from(ticks) * samples_a_minute(rate), self.ticks_a_minute())
    }

    fn ticks_after(self, samples: i64, rate: u32) -> i64 {
        divide_round(i128::from(samples) * self.ticks_a_minute(), samples_a_minute(rate))
    }
}

/// Samples a minute, in millionths, as tempo is.
fn samples_a_minute(rate: u32) -> i128 {
    i128::from(rate.max(1)) * 60 * 1_000_000
}

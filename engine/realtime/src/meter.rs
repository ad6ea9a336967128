//! Meters: the newest level of a strip, from the audio thread to whoever looks.
//!
//! Start at [`MeterCell`]. Wait-free on both sides.

use std::sync::atomic::{AtomicU32, Ordering};

use dawg_dsp::level::Level;

/// Level of the two sides of a strip.
#[derive(Debug, Default)]
pub struct MeterCell {
    sides: [Side; 2],
}

#[derive(Debug, Default)]
struct Side {
    // All are bits of non-negative f32, whose order is that of the numbers.
    peak: AtomicU32,
    mean_square: AtomicU32,
    clips: AtomicU32,
}

/// What a meter shows of one side, linear.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct MeterReading {
    /// Highest absolute sample since the last reading.
    pub peak: f32,
    /// RMS over about the last 300 ms.
    pub rms: f32,
    /// Blocks with a sample beyond full scale, since the start.
    pub clips: u32,
}

impl MeterCell {
    /// Adds a block of one side. Real-time safe; called by one thread only.
    pub fn add(&self, side: usize, level: Level, rate: u32) {
        let Some(side) = self.sides.get(side) else { return };
        side.peak.fetch_max(level.peak.to_bits(), Ordering::Relaxed);
        if level.peak > 1.0 {
            side.clips.fetch_add(1, Ordering::Relaxed);
        }
        let old = f32::from_bits(side.mean_square.load(Ordering::Relaxed));
        let weight = (level.frames as f32 / (0.3 * rate as f32)).min(1.0);
        let new = old + (level.rms().powi(2) - old) * weight;
        side.mean_square.store(new.max(0.0).to_bits(), Ordering::Relaxed);
    }

    /// Reads both sides and starts a new peak.
    #[must_use]
    pub fn read(&self) -> [MeterReading; 2] {
        [0, 1].map(|side: usize| {
            let side = &self.sides[side];
            MeterReading {
                peak: f32::from_bits(side.peak.swap(0, Ordering::Relaxed)),
                rms: f32::from_bits(side.mean_square.load(Ordering::Relaxed)).sqrt(),
                clips: side.clips.load(Ordering::Relaxed),
            }
        })
    }
}

/// Most hardware inputs that have a meter.
pub const METERED_INPUTS: usize = 8;

/// Levels of the first hardware inputs.
#[derive(Debug, Default)]
pub struct InputMeters {
    pairs: [MeterCell; METERED_INPUTS / 2],
}

impl InputMeters {
    /// Adds frames `from..from + frames` of each input (planar). Real-time safe; called by one thread only.
    pub fn add(&self, inputs: &[&[f32]], from: usize, frames: usize, rate: u32) {
        for (channel, input) in inputs.iter().take(METERED_INPUTS).enumerate() {
            self.pairs[channel / 2].add(channel % 2, Level::of(&input[from..from + frames]), rate);
        }
    }

    /// Reads the first `channels` inputs and starts new peaks.
    #[must_use]
    pub fn read(&self, channels: u16) -> Vec<MeterReading> {
        let readings = self.pairs.iter().flat_map(MeterCell::read);
        readings.take(usize::from(channels)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen red: with `store` in place of `fetch_max` the quiet block hides the loud one before it.
    #[test]
    fn the_peak_holds_until_it_is_read() {
        let meter = MeterCell::default();
        meter.add(0, Level::of(&[0.25, -1.5]), 48_000);
        meter.add(0, Level::of(&[0.125]), 48_000);
        assert_eq!((meter.read()[0].peak, meter.read()[0].peak, meter.read()[0].clips), (1.5, 0.0, 1));
    }
}

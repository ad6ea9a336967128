//! Loudness and peaks of a whole piece: integrated LUFS (ITU-R BS.1770-5, EBU R 128 gating) and true peak.
//!
//! A thin room around the `ebur128` crate. Not real-time safe: its history grows, 8 bytes for every 100 ms.

use ebur128::{EbuR128, Mode};

/// Why a meter cannot be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoudnessError {
    /// No channels, more than 64, or a rate out of range.
    #[error(
        "loudness cannot be measured with {channels} channels at {rate} Hz: use 1 to 64 channels at 1000 Hz or more"
    )]
    Unsupported {
        /// Channels asked for.
        channels: u32,
        /// Rate asked for, in frames a second.
        rate: u32,
    },
}

/// Measures planar blocks, one after the other.
pub struct LoudnessMeter {
    meter: EbuR128,
    channels: usize,
}

impl std::fmt::Debug for LoudnessMeter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoudnessMeter").field("channels", &self.channels).finish_non_exhaustive()
    }
}

impl LoudnessMeter {
    /// A meter for `channels` at `rate` frames a second.
    ///
    /// # Errors
    /// [`LoudnessError::Unsupported`].
    pub fn new(rate: u32, channels: u32) -> Result<Self, LoudnessError> {
        let unsupported = LoudnessError::Unsupported { channels, rate };
        if !(1..=64).contains(&channels) || rate < 1_000 {
            return Err(unsupported);
        }
        let mode = Mode::I | Mode::TRUE_PEAK | Mode::SAMPLE_PEAK;
        let meter = EbuR128::new(channels, rate, mode).map_err(|_| unsupported)?;
        Ok(Self { meter, channels: channels as usize })
    }

    /// Adds a block: one plane a channel, all equally long. A block of another shape is ignored.
    pub fn push(&mut self, planes: &[&[f32]]) {
        let frames = planes.first().map_or(0, |plane| plane.len());
        if planes.len() != self.channels || frames == 0 || planes.iter().any(|plane| plane.len() != frames) {
            return;
        }
        // The only error left is a wrong number of channels, which was just checked.
        let _ = self.meter.add_frames_planar_f32(planes);
    }

    /// Integrated loudness in LUFS; −∞ for silence and for less than 400 ms.
    pub fn integrated(&self) -> f64 {
        self.meter.loudness_global().unwrap_or(f64::NEG_INFINITY)
    }

    /// The highest peak between samples over all channels, in dB below full scale (dBTP); −∞ for silence.
    pub fn true_peak_db(&self) -> f64 {
        self.highest(EbuR128::true_peak)
    }

    /// The highest sample over all channels, in dB below full scale; −∞ for silence.
    pub fn sample_peak_db(&self) -> f64 {
        self.highest(EbuR128::sample_peak)
    }

    fn highest(&self, peak: impl Fn(&EbuR128, u32) -> Result<f64, ebur128::Error>) -> f64 {
        let peaks = (0..self.channels as u32).map(|channel| peak(&self.meter, channel).unwrap_or(0.0));
        20.0 * peaks.fold(0.0, f64::max).log10()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(rate: u32, hertz: f64, gain: f64, seconds: u32) -> Vec<f32> {
        let step = std::f64::consts::TAU * hertz / f64::from(rate);
        (0..rate * seconds).map(|n| (gain * (f64::from(n) * step).sin()) as f32).collect()
    }

    /// EBU Tech 3341, case 1: 1 kHz in stereo at −23 dBFS is −23 LUFS ± 0.1. Seen red: the meter built for half
    /// the rate.
    #[test]
    fn a_sine_at_minus_23_measures_minus_23() {
        for rate in [44_100, 48_000, 96_000] {
            let plane = sine(rate, 1_000.0, 10f64.powf(-23.0 / 20.0), 5);
            let mut meter = LoudnessMeter::new(rate, 2).unwrap();
            plane.chunks(441).for_each(|block| meter.push(&[block, block]));
            assert!((meter.integrated() + 23.0).abs() < 0.1, "{}", meter.integrated());
            assert!((meter.sample_peak_db() + 23.0).abs() < 0.1);
        }
    }

    /// A sine at a quarter of the rate, shifted by 45°, peaks 3 dB above its samples. Seen red: the mode
    /// without true peak.
    #[test]
    fn true_peak_sees_between_samples() {
        let plane: Vec<f32> =
            (0..48_000).map(|n| (std::f32::consts::FRAC_PI_2 * (n as f32 + 0.5)).sin() * 0.5).collect();
        let mut meter = LoudnessMeter::new(48_000, 1).unwrap();
        meter.push(&[&plane]);
        assert!((meter.true_peak_db() + 6.02).abs() < 0.3, "{}", meter.true_peak_db());
        assert!((meter.sample_peak_db() + 9.03).abs() < 0.1, "{}", meter.sample_peak_db());
    }

    #[test]
    fn silence_is_minus_infinity() {
        let mut meter = LoudnessMeter::new(48_000, 2).unwrap();
        assert_eq!(meter.integrated(), f64::NEG_INFINITY);
        meter.push(&[&[0.0; 48_000], &[0.0; 48_000]]);
        assert_eq!(meter.integrated(), f64::NEG_INFINITY);
        assert_eq!(meter.true_peak_db(), f64::NEG_INFINITY);
        meter.push(&[&[0.0; 3]]);
        assert!(LoudnessMeter::new(48_000, 0).is_err());
        assert!(LoudnessMeter::new(0, 2).is_err());
    }
}

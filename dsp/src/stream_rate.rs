//! Resampling while it sounds: fixed small chunks, short filter, no allocation after the start.
//!
//! For a device that does not run at the song's rate. (Whole files are converted by [`crate::resample`], which
//! takes its time.) Windowed sinc of 128 taps, interpolated cubically (rubato's `Async`). Start at [`RateStream`].

use rubato::audioadapter_buffers::direct::SequentialSliceOfVecs;
use rubato::{
    Async, FixedAsync, Resampler as _, SincInterpolationParameters, SincInterpolationType, WindowFunction,
};

use crate::resample::ResampleError;

/// Frames taken at a time.
pub const CHUNK: usize = 64;
const TAPS: usize = 128;

/// A stream from one rate to another. Real-time safe but for [`RateStream::new`].
pub struct RateStream {
    inner: Async<f32>,
    input: Vec<Vec<f32>>,
    output: Vec<Vec<f32>>,
    delay: f64,
}

impl std::fmt::Debug for RateStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RateStream").field("channels", &self.input.len()).finish_non_exhaustive()
    }
}

impl RateStream {
    /// From `from` to `to` frames a second, `channels` channels. Not real-time safe.
    ///
    /// # Errors
    /// [`ResampleError`] for rates outside 1,000 to 768,000 Hz or no channels.
    pub fn new(from: u32, to: u32, channels: usize) -> Result<Self, ResampleError> {
        ResampleError::check(from, to, channels)?;
        let parameters = SincInterpolationParameters {
            sinc_len: TAPS,
            f_cutoff: None,
            oversampling_factor: 256,
            interpolation: SincInterpolationType::Cubic,
            window: WindowFunction::BlackmanHarris2,
        };
        let ratio = f64::from(to) / f64::from(from);
        let inner = Async::new_sinc(ratio, 1.0, &parameters, CHUNK, channels, FixedAsync::Input)
            .map_err(|_| ResampleError::Inside)?;
        let most = inner.output_frames_max();
        let (input, output) = (vec![vec![0.0; CHUNK]; channels], vec![vec![0.0; most]; channels]);
        let mut stream = Self { inner, input, output, delay: 0.0 };
        stream.delay = stream.measure(ratio);
        Ok(stream)
    }

    /// The delay as an impulse shows it: the filter's own figure is rounded, and a take must land in its place.
    fn measure(&mut self, ratio: f64) -> f64 {
        const AT: usize = 5 * CHUNK;
        let (mut weight, mut moment, mut frame) = (0.0, 0.0, 0.0);
        for chunk in 0..20 {
            self.input[0].fill(0.0);
            if chunk * CHUNK == AT {
                self.input[0][0] = 1.0;
            }
            let made = self.convert();
            for sample in &self.output[0][..made] {
                let energy = f64::from(*sample).powi(2);
                weight += energy;
                moment += energy * frame;
                frame += 1.0;
            }
        }
        self.inner.reset();
        self.input[0].fill(0.0);
        if weight > 0.0 { moment / weight - AT as f64 * ratio } else { 0.0 }
    }

    /// Where the next [`CHUNK`] frames of a channel go, before [`convert`](Self::convert).
    pub fn input(&mut self, channel: usize) -> &mut [f32] {
        self.input.get_mut(channel).map_or(&mut [], Vec::as_mut_slice)
    }

    /// Converts the input; returns how many frames came out.
    pub fn convert(&mut self) -> usize {
        let channels = self.input.len();
        let room = self.output[0].len();
        let input = SequentialSliceOfVecs::new(&self.input, channels, CHUNK);
        let output = SequentialSliceOfVecs::new_mut(&mut self.output, channels, room);
        match (input, output) {
            (Ok(input), Ok(mut output)) => {
                self.inner.process_into_buffer(&input, &mut output, None).map_or(0, |(_, made)| made)
            }
            _ => 0,
        }
    }

    /// What came out last: a channel's buffer, of which the first frames count.
    #[must_use]
    pub fn output(&self, channel: usize) -> &[f32] {
        self.output.get(channel).map_or(&[], Vec::as_slice)
    }

    /// Frames, at the output's rate, by which what comes out is late; measured.
    #[must_use]
    pub fn delay(&self) -> f64 {
        self.delay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen red: with the ratio the wrong way round (from / to) the tone comes out at 40.5 kHz / 44.1 kHz of its pitch.
    #[test]
    fn a_tone_keeps_its_pitch_and_level_and_is_late_by_what_is_said() {
        let (from, to) = (44_100_u32, 48_000_u32);
        let mut stream = RateStream::new(from, to, 1).unwrap();
        let tone = |at: f64, rate: u32| (std::f64::consts::TAU * 997.0 * at / f64::from(rate)).sin() * 0.5;
        let mut out = Vec::new();
        for chunk in 0..400 {
            for (frame, sample) in stream.input(0).iter_mut().enumerate() {
                *sample = tone((chunk * CHUNK + frame) as f64, from) as f32;
            }
            let made = stream.convert();
            out.extend_from_slice(&stream.output(0)[..made]);
        }
        let expected = 400.0 * CHUNK as f64 * f64::from(to) / f64::from(from);
        assert!((out.len() as f64 - expected).abs() < 2.0 * CHUNK as f64);
        let delay = stream.delay();
        let errors = (1_000..20_000).map(|at| (f64::from(out[at]) - tone(at as f64 - delay, to)).abs());
        let worst = errors.fold(0.0, f64::max);
        assert!(worst < 0.001, "error {worst}, delay {delay}");
    }
}

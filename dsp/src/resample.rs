//! Resampling of whole pieces from one rate to another: best quality, streamed, not for the audio thread.
//!
//! Start at [`Resampler`]. FFT convolution in `f64` (rubato's `Fft`: overlap-add, a Blackman-Harris² windowed
//! sinc as the filter), delay compensated, so that frame n of the input lies at n × to / from of the output.

use rubato::audioadapter_buffers::direct::SequentialSliceOfVecs;
use rubato::{Fft, FixedSync, Resampler as _};

/// The shortest filter, in frames of the lower of the two rates: the longer, the closer the pass band comes
/// to half the lower rate.
const FILTER_FRAMES: u64 = 2_048;

/// Why two rates cannot be converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResampleError {
    /// A rate that is zero or absurd.
    #[error("cannot resample from {from} Hz to {to} Hz: rates from 1000 to 768000 Hz are supported")]
    Rate {
        /// The input's rate.
        from: u32,
        /// The output's rate.
        to: u32,
    },
    /// No channels, or planes of another number or of unequal length.
    #[error(
        "cannot resample {channels} channels in planes of unequal number or length: give one plane for each channel, all equally long"
    )]
    Shape {
        /// Channels, or planes, that were given.
        channels: usize,
    },
    /// The resampler refused; never seen.
    #[error("the resampler failed inside; report this with the two sample rates")]
    Inside,
}

impl ResampleError {
    /// Whether these rates and channels can be converted at all.
    pub(crate) fn check(from: u32, to: u32, channels: usize) -> Result<(), Self> {
        let rates = 1_000..=768_000;
        if !rates.contains(&from) || !rates.contains(&to) {
            return Err(Self::Rate { from, to });
        }
        if channels == 0 { Err(Self::Shape { channels }) } else { Ok(()) }
    }
}

/// Frames that `frames` at rate `from` become at rate `to`: frames × to / from, rounded to the nearest, half up.
pub fn resampled_frames(frames: u64, from: u32, to: u32) -> u64 {
    let (frames, from, to) = (u128::from(frames), u128::from(from.max(1)), u128::from(to));
    u64::try_from((frames * to * 2 + from) / (from * 2)).unwrap_or(u64::MAX)
}

/// Converts planar chunks of any size; see the module.
pub struct Resampler {
    from: u32,
    to: u32,
    inner: Option<Fft<f64>>,
    /// What waits for a whole chunk, and a chunk of output. One plane a channel.
    input: Vec<Vec<f64>>,
    output: Vec<Vec<f64>>,
    waiting: usize,
    frames_in: u64,
    frames_out: u64,
    delay_left: usize,
}

impl std::fmt::Debug for Resampler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resampler").field("from", &self.from).field("to", &self.to).finish_non_exhaustive()
    }
}

impl Resampler {
    /// From `from` to `to` frames a second; equal rates pass the samples through unchanged.
    ///
    /// # Errors
    /// [`ResampleError::Rate`] outside 1,000 to 768,000 Hz, [`ResampleError::Shape`] without channels.
    pub fn new(from: u32, to: u32, channels: usize) -> Result<Self, ResampleError> {
        ResampleError::check(from, to, channels)?;
        let inner = if from == to { None } else { Some(fft(from, to, channels)?) };
        let (chunk_in, chunk_out, delay) = inner
            .as_ref()
            .map_or((0, 0, 0), |r| (r.input_frames_next(), r.output_frames_max(), r.output_delay()));
        Ok(Self {
            from,
            to,
            inner,
            input: vec![vec![0.0; chunk_in]; channels],
            output: vec![vec![0.0; chunk_out]; channels],
            waiting: 0,
            frames_in: 0,
            frames_out: 0,
            delay_left: delay,
        })
    }

    /// Takes a chunk (one plane a channel, all equally long, any length) and appends what comes out of it to
    /// `out`, one `Vec` a channel.
    ///
    /// # Errors
    /// [`ResampleError::Shape`].
    pub fn process(&mut self, planes: &[&[f32]], out: &mut [Vec<f32>]) -> Result<(), ResampleError> {
        let channels = self.input.len();
        let frames = planes.first().map_or(0, |plane| plane.len());
        if planes.len() != channels || out.len() != channels || planes.iter().any(|p| p.len() != frames) {
            return Err(ResampleError::Shape { channels: planes.len() });
        }
        self.frames_in += frames as u64;
        if self.inner.is_none() {
            out.iter_mut().zip(planes).for_each(|(out, plane)| out.extend_from_slice(plane));
            self.frames_out += frames as u64;
            return Ok(());
        }
        let mut taken = 0;
        while taken < frames {
            let chunk = self.input[0].len();
            let now = (chunk - self.waiting).min(frames - taken);
            for (input, plane) in self.input.iter_mut().zip(planes) {
                let room = &mut input[self.waiting..self.waiting + now];
                room.iter_mut().zip(&plane[taken..]).for_each(|(to, from)| *to = f64::from(*from));
            }
            self.waiting += now;
            taken += now;
            if self.waiting == chunk {
                self.chunk(out, u64::MAX)?;
            }
        }
        Ok(())
    }

    /// Appends what is still inside, so that all output together has exactly [`resampled_frames`] frames.
    ///
    /// # Errors
    /// [`ResampleError::Shape`] if `out` has not one `Vec` a channel.
    pub fn finish(mut self, out: &mut [Vec<f32>]) -> Result<(), ResampleError> {
        if out.len() != self.input.len() {
            return Err(ResampleError::Shape { channels: out.len() });
        }
        let end = resampled_frames(self.frames_in, self.from, self.to);
        while self.inner.is_some() && self.frames_out < end {
            self.chunk(out, end)?;
        }
        Ok(())
    }

    /// Converts the waiting frames, padded with silence to a whole chunk, up to output frame `end`.
    fn chunk(&mut self, out: &mut [Vec<f32>], end: u64) -> Result<(), ResampleError> {
        let Some(inner) = &mut self.inner else { return Ok(()) };
        let (channels, chunk_in) = (self.input.len(), self.input[0].len());
        for input in &mut self.input {
            input[self.waiting..].fill(0.0);
        }
        self.waiting = 0;
        let chunk_out = self.output[0].len();
        let input =
            SequentialSliceOfVecs::new(&self.input, channels, chunk_in).map_err(|_| ResampleError::Inside)?;
        let mut output = SequentialSliceOfVecs::new_mut(&mut self.output, channels, chunk_out)
            .map_err(|_| ResampleError::Inside)?;
        let (_, made) =
            inner.process_into_buffer(&input, &mut output, None).map_err(|_| ResampleError::Inside)?;
        let skip = self.delay_left.min(made);
        self.delay_left -= skip;
        let take =
            (made - skip).min(usize::try_from(end.saturating_sub(self.frames_out)).unwrap_or(usize::MAX));
        for (out, made) in out.iter_mut().zip(&self.output) {
            out.extend(made[skip..skip + take].iter().map(|sample| *sample as f32));
        }
        self.frames_out += take as u64;
        Ok(())
    }
}

/// The convolver. Both FFT lengths are even multiples of the reduced rates: the filter's middle, which is the
/// delay, then falls on a whole frame on both sides.
fn fft(from: u32, to: u32, channels: usize) -> Result<Fft<f64>, ResampleError> {
    let common = gcd(from, to);
    let (step_in, step_out) = (u64::from(from / common), u64::from(to / common));
    let steps = FILTER_FRAMES.div_ceil(step_in.min(step_out)).next_multiple_of(2);
    let chunk = (steps * step_in) as usize;
    Fft::new(from as usize, to as usize, chunk, channels, FixedSync::Both).map_err(|_| ResampleError::Inside)
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests;

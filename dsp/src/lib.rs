//! Signal processing on slices of `f32`, for the engine, the effects, the file layer and the sidecars.
//!
//! Lives here: arithmetic on samples. No I/O, no threads, nothing of ours below it. What may run on the audio
//! thread says so ("Real-time safe"). Start at [`pan`], the smallest room, to see how one reads.

pub mod between;
pub mod click;
pub mod correlate;
pub mod correlation;
pub mod denormals;
pub mod dither;
pub mod fade;
pub mod level;
pub mod loudness;
pub mod mix;
pub mod onset;
pub mod pan;
pub mod pcm;
pub mod pitch;
pub mod ramp;
pub mod resample;
pub mod reverb;
pub mod stream_rate;
pub mod units;

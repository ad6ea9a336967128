//! What is heard beside the song: a file from the browser, and the test tone.
//!
//! Each has a worker that fills a feed of the engine and ends when the feed is taken away. Start at [`Beside`].

use std::path::{Path, PathBuf};
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};
use dawg_dsp::resample::Resampler;
use dawg_engine::Engine;
use dawg_engine::processor::beside::Feed;
use dawg_media::decode::Decoder;
use rtrb::Producer;

use super::device::sentence;

/// How long a worker rests when the feed is full.
const REST: Duration = Duration::from_millis(20);
/// −18 dBFS.
const TONE_PEAK: f64 = 0.125_892_541_179_416_73;
const TONE_HERTZ: f64 = 440.0;

/// What sounds beside the song.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Beside {
    /// A file.
    File(PathBuf),
    /// The test tone.
    Tone,
}

/// Something that sounds beside the song.
#[derive(Debug)]
pub(super) struct Sounding {
    pub(super) what: Beside,
    refused: Receiver<String>,
}

impl Sounding {
    /// Lets it be heard in place of what was.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn begin(engine: &mut Engine, what: Beside) -> std::io::Result<Self> {
        let rate = engine.session().sample_rate;
        let (feed, mut filler) = Feed::new(match what {
            Beside::File(_) => rate as usize / 2,
            Beside::Tone => rate as usize / 5,
        });
        let (refusal, refused) = bounded(1);
        let worker = what.clone();
        std::thread::Builder::new().name("audition".to_owned()).spawn(move || match worker {
            Beside::Tone => tone(&mut filler, rate),
            Beside::File(path) => {
                if let Err(why) = file(&path, &mut filler, rate) {
                    // Nobody listens when something else sounds by now.
                    _ = refusal.send(why);
                }
            }
        })?;
        engine.beside(Some(feed));
        Ok(Self { what, refused })
    }

    /// Why it cannot be heard, if that turned out.
    pub(super) fn refused(&self) -> Option<String> {
        self.refused.try_recv().ok()
    }
}

/// Decodes a file into the feed, as it would sound in the song.
fn file(path: &Path, filler: &mut Producer<f32>, rate: u32) -> Result<(), String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let told = |error: &dyn std::error::Error| format!("“{name}”: {}", sentence(&error.to_string()));
    let mut decoder = Decoder::open(path).map_err(|error| told(&error))?;
    let mut resampler = Resampler::new(decoder.sample_rate(), rate, 2).map_err(|error| told(&error))?;
    let mut out = [Vec::new(), Vec::new()];
    let (mut left, mut right) = (Vec::new(), Vec::new());
    while let Some(planes) = decoder.next_chunk().map_err(|error| told(&error))? {
        fold(planes, &mut left, &mut right);
        resampler.process(&[&left, &right], &mut out).map_err(|error| told(&error))?;
        if !pour(filler, &mut out) {
            return Ok(());
        }
    }
    resampler.finish(&mut out).map_err(|error| told(&error))?;
    pour(filler, &mut out);
    Ok(())
}

/// Two sides of whatever the file has: one channel as a mono track at the centre, two as they are, more as their mean.
/// What is no number is silent.
fn fold(planes: &[Vec<f32>], left: &mut Vec<f32>, right: &mut Vec<f32>) {
    let (first, second, gain) = match planes {
        [mono] => (std::slice::from_ref(mono), std::slice::from_ref(mono), std::f32::consts::FRAC_1_SQRT_2),
        [one, other] => (std::slice::from_ref(one), std::slice::from_ref(other), 1.0),
        all => (all, all, 1.0 / all.len().max(1) as f32),
    };
    for (side, channels) in [(left, first), (right, second)] {
        side.clear();
        side.resize(planes.first().map_or(0, Vec::len), 0.0);
        for channel in channels {
            for (out, sample) in side.iter_mut().zip(channel) {
                *out += if sample.is_finite() { sample * gain } else { 0.0 };
            }
        }
    }
}

fn tone(filler: &mut Producer<f32>, rate: u32) {
    let step = std::f64::consts::TAU * TONE_HERTZ / f64::from(rate.max(1));
    // Begins within 10 ms, not with a step.
    let rise = f64::from(rate) / 100.0;
    let mut frame = 0_u64;
    loop {
        let block = frame..frame + 1_024;
        let sine: Vec<f32> = block
            .map(|at| ((step * at as f64).sin() * TONE_PEAK * (at as f64 / rise).min(1.0)) as f32)
            .collect();
        frame += 1_024;
        if !pour(filler, &mut [sine.clone(), sine]) {
            return;
        }
    }
}

/// Pushes and empties both sides; false when nobody listens any more.
fn pour(filler: &mut Producer<f32>, [left, right]: &mut [Vec<f32>; 2]) -> bool {
    let mut done = 0;
    while done < left.len() {
        if filler.is_abandoned() {
            return false;
        }
        let now = (filler.slots() / 2).min(left.len() - done);
        if now == 0 {
            std::thread::park_timeout(REST);
            continue;
        }
        for (left, right) in left[done..done + now].iter().zip(&right[done..done + now]) {
            // There is room: it was asked for above.
            _ = filler.push(*left);
            _ = filler.push(*right);
        }
        done += now;
    }
    left.clear();
    right.clear();
    !filler.is_abandoned()
}

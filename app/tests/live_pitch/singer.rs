//! A singer made of figures: estimates as the tracker gives them, 200 a second.

use std::time::{Duration, Instant};

use dawg_dsp::pitch::Estimate;
use dawg_engine::pitch::Heard;
use dawg_session::TrackId;

use super::desk::{Desk, RATE};

const RUNS_AHEAD: Duration = Duration::from_secs(3_600);

/// Who sings into a track.
pub(crate) struct Singer {
    track: TrackId,
    number: u64,
    position: Option<i64>,
    pub(crate) at: Instant,
}

impl Singer {
    /// While the song stands. What is sung is always just now.
    pub(crate) fn new(track: TrackId) -> Self {
        Self { track, number: 0, position: None, at: Instant::now() + RUNS_AHEAD }
    }

    /// From now on to a song that rolls from a frame.
    pub(crate) fn roll(&mut self, from: i64) {
        self.position = Some(from);
    }

    /// Sings for so many seconds: keys of the piano by seconds since it began; NaN is silence.
    pub(crate) fn sing(&mut self, desk: &mut Desk, seconds: f64, keys: impl Fn(f64) -> f64) {
        self.sing_surely(desk, seconds, keys, |_| 0.97);
    }

    /// The same, with a confidence.
    pub(crate) fn sing_surely(
        &mut self,
        desk: &mut Desk,
        seconds: f64,
        keys: impl Fn(f64) -> f64,
        sure: impl Fn(f64) -> f64,
    ) {
        for n in 0..(seconds * 200.0).round() as u64 {
            let t = n as f64 / 200.0;
            let keys = keys(t);
            let voiced = !keys.is_nan();
            let frequency = if voiced { (440.0 * ((keys - 69.0) / 12.0).exp2()) as f32 } else { 0.0 };
            let confidence = if voiced { sure(t) as f32 } else { 0.1 };
            let estimate = Estimate { number: self.number, frequency, confidence, voiced };
            let heard = Heard {
                estimate,
                level: if voiced { 0.3 } else { 0.001 },
                position: self.position.unwrap_or_default(),
                rolling: self.position.is_some(),
                at: self.at,
            };
            desk.window.state_mut().studio_mut().sing(self.track, heard);
            self.number += 1;
            self.position = self.position.map(|position| position + i64::from(RATE / 200));
        }
        desk.window.step();
    }

    /// Nobody sings.
    pub(crate) fn rest(&mut self, desk: &mut Desk, seconds: f64) {
        self.sing(desk, seconds, |_| f64::NAN);
    }

    /// A note with a scoop up to it, a vibrato that sets in, and a word's end.
    pub(crate) fn note(&mut self, desk: &mut Desk, key: f64, seconds: f64, vibrato: f64) {
        let keys = move |t: f64| {
            let scoop = -0.9 * (-t / 0.045).exp();
            let wave = vibrato
                * ((t - 0.25) * 4.0).clamp(0.0, 1.0)
                * ((t - 0.25) * 5.6 * std::f64::consts::TAU).sin();
            key + scoop + wave
        };
        let sure = move |t: f64| 0.97 - 0.6 * (-t / 0.03).exp() - 0.5 * (-(seconds - t) / 0.03).exp();
        self.sing_surely(desk, seconds, keys, sure);
    }
}

/// The phrase of the sketch.
pub(crate) fn melody(singer: &mut Singer, desk: &mut Desk) {
    for (key, seconds, vibrato, rest) in [
        (57.05, 0.95, 0.0, 0.06),
        (58.96, 0.62, 0.0, 0.05),
        (61.0, 1.42, 0.28, 0.05),
        (64.27, 0.5, 0.0, 0.07),
        (61.05, 0.83, 0.0, 0.06),
        (58.92, 0.74, 0.0, 0.06),
        (57.02, 1.2, 0.3, 0.06),
        (53.74, 1.05, 0.0, 0.06),
        (57.06, 0.5, 0.0, 0.06),
    ] {
        singer.note(desk, key, seconds, vibrato);
        singer.rest(desk, rest);
    }
    singer.note(desk, 60.94, 1.25, 0.26);
}

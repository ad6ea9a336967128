//! A piece under construction: sound after sound, with the truth of each sample beside it.
//!
//! Start at [`Line::new`].

use super::{Piece, TRUTHS_A_SECOND};

/// Samples and what is sung in each.
#[derive(Debug, Clone)]
pub struct Line {
    /// Frames a second.
    pub rate: u32,
    /// Linear samples.
    pub samples: Vec<f32>,
    /// Hz; 0 where nobody sings, NaN where nothing is asked for.
    pub pitch: Vec<f32>,
}

impl Line {
    /// Nothing yet.
    #[must_use]
    pub fn new(rate: u32) -> Self {
        Self { rate, samples: Vec::new(), pitch: Vec::new() }
    }

    /// Frames in these seconds.
    #[must_use]
    pub fn frames(&self, seconds: f64) -> usize {
        (seconds * f64::from(self.rate)) as usize
    }

    /// Adds what is sung, with its pitch in each sample.
    pub fn sung(&mut self, samples: &[f32], pitch: &[f64]) {
        assert_eq!(samples.len(), pitch.len(), "a pitch for each sample");
        self.samples.extend_from_slice(samples);
        self.pitch.extend(pitch.iter().map(|hertz| *hertz as f32));
    }

    /// Adds what has no pitch that should be told.
    pub fn unpitched(&mut self, samples: &[f32]) {
        self.samples.extend_from_slice(samples);
        self.pitch.resize(self.samples.len(), 0.0);
    }

    /// Adds what nothing is asked about.
    pub fn unasked(&mut self, samples: &[f32]) {
        self.samples.extend_from_slice(samples);
        self.pitch.resize(self.samples.len(), f32::NAN);
    }

    /// Adds silence.
    pub fn rest(&mut self, seconds: f64) {
        let frames = self.samples.len() + self.frames(seconds);
        self.samples.resize(frames, 0.0);
        self.pitch.resize(frames, 0.0);
    }

    /// Adds noise or another sound over all of it.
    pub fn under(&mut self, other: &[f32], gain: f32) {
        self.samples.iter_mut().zip(other).for_each(|(sample, other)| *sample += gain * other);
    }

    /// Root mean square of what is sung.
    #[must_use]
    pub fn sung_level(&self) -> f32 {
        let sung = self.samples.iter().zip(&self.pitch).filter(|(_, pitch)| **pitch > 0.0);
        let (sum, count) = sung.fold((0.0_f64, 0_u32), |(sum, count), (sample, _)| {
            (sum + f64::from(*sample).powi(2), count + 1)
        });
        (sum / f64::from(count.max(1))).sqrt() as f32
    }

    /// The piece; what is beyond full scale is clipped.
    #[must_use]
    pub fn piece(&self, name: impl Into<String>) -> Piece {
        let every = |row: usize| (row * self.rate as usize + TRUTHS_A_SECOND / 2) / TRUTHS_A_SECOND;
        let truth = (0..).map(every).map_while(|at| self.pitch.get(at).copied()).collect();
        let samples = self.samples.iter().map(|sample| sample.clamp(-0.99, 0.99)).collect();
        Piece { name: name.into(), rate: self.rate, samples, truth }
    }
}

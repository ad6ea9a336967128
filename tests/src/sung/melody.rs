//! A song without words: notes by a singer as people sing them, with scoops, vibrato, vowels and consonants.
//!
//! Start at [`Singer::melody`].

use std::f64::consts::TAU;

use super::chance::Chance;
use super::line::Line;
use super::noise::sibilant;
use super::plain::smooth;
use super::singer::{Singer, Vowel};
use super::{Piece, hertz};

/// A note, or a rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sung {
    /// Which key, as MIDI counts, with cents as a fraction; None is a rest.
    pub key: Option<f64>,
    /// How long.
    pub seconds: f64,
}

impl Sung {
    /// A note.
    #[must_use]
    pub fn note(key: f64, seconds: f64) -> Self {
        Self { key: Some(key), seconds }
    }

    /// A rest.
    #[must_use]
    pub fn rest(seconds: f64) -> Self {
        Self { key: None, seconds }
    }
}

impl Singer {
    /// Sings notes exactly as they are written: steady from edge to edge, one vowel, notes that follow each other
    /// bound by a glide of 30 ms. What a test needs to know where which note is.
    #[must_use]
    pub fn melody(&self, notes: &[Sung]) -> Piece {
        let mut chance = Chance::named(notes.len() as u64, "melody");
        let mut line = Line::new(self.rate);
        for phrase in phrases(notes) {
            let Some(keys) = self.keys(phrase) else {
                line.rest(phrase.iter().map(|note| note.seconds).sum());
                continue;
            };
            let pitch: Vec<f64> = smooth(&keys, line.frames(0.03)).into_iter().map(hertz).collect();
            line.sung(&self.sing(&pitch, Vowel::A, 0.5, &mut chance), &pitch);
        }
        line.piece("melody")
    }

    /// Sings notes as people do: scoops into phrases from below, glides of 50 to 90 ms, vibrato on what is held, a pitch
    /// that wanders, another vowel on each phrase, and before some a sibilant.
    pub fn perform(&self, notes: &[Sung], level: f64, chance: &mut Chance) -> Line {
        let mut line = Line::new(self.rate);
        for phrase in phrases(notes) {
            let Some(mut keys) = self.keys(phrase) else {
                line.rest(phrase.iter().map(|note| note.seconds).sum());
                continue;
            };
            if chance.between(0.0, 1.0) < 0.5 {
                let frames = line.frames(chance.between(0.06, 0.12));
                line.unpitched(&sibilant(frames, self.rate, level * 0.15, chance));
            }
            let vibrato: Vec<f64> = self.vibrato(phrase);
            let scoop = chance.between(0.0, 1.5);
            let over = line.frames(chance.between(0.05, 0.09));
            keys = smooth(&smooth(&keys, over / 2), over / 2);
            let wander = self.wandering(keys.len(), chance);
            let rate = f64::from(self.rate);
            let rise = |n: usize| scoop * (-(n as f64) / rate / 0.04).exp();
            let pitch = keys.iter().enumerate().map(|(n, key)| hertz(key - rise(n) + vibrato[n] + wander[n]));
            let pitch: Vec<f64> = pitch.collect();
            let vowel = chance.one_of(&Vowel::ALL);
            line.sung(&self.sing(&pitch, vowel, level, chance), &pitch);
        }
        line
    }

    /// The key at each frame of a phrase; None if it is a rest.
    fn keys(&self, phrase: &[Sung]) -> Option<Vec<f64>> {
        phrase[0].key?;
        let frames = |note: &Sung| (note.seconds * f64::from(self.rate)) as usize;
        Some(phrase.iter().flat_map(|note| vec![note.key.unwrap_or_default(); frames(note)]).collect())
    }

    /// Vibrato in keys at each frame: it swells from a quarter of a second into each note on.
    fn vibrato(&self, phrase: &[Sung]) -> Vec<f64> {
        let (rate, (waves, cents)) = (f64::from(self.rate), self.vibrato);
        let wave = |n: usize| {
            let seconds = n as f64 / rate;
            let swell = ((seconds - 0.25) / 0.3).clamp(0.0, 1.0);
            cents / 100.0 * swell * (TAU * waves * (seconds - 0.25)).sin()
        };
        phrase.iter().flat_map(|note| (0..(note.seconds * rate) as usize).map(wave)).collect()
    }

    /// How the pitch wanders, in keys: slow noise, some 8 Hz wide.
    fn wandering(&self, frames: usize, chance: &mut Chance) -> Vec<f64> {
        let every = (self.rate / 20) as usize;
        let points: Vec<f64> =
            (0..frames / every + 3).map(|_| chance.normal() * self.wander / 100.0).collect();
        let at = |n: usize| {
            let (point, part) = (n / every, (n % every) as f64 / every as f64);
            let bend = 0.5 - 0.5 * (std::f64::consts::PI * part).cos();
            points[point] + (points[point + 1] - points[point]) * bend
        };
        (0..frames).map(at).collect()
    }
}

/// Stretches of notes, and rests between them.
fn phrases(notes: &[Sung]) -> impl Iterator<Item = &[Sung]> {
    notes.chunk_by(|one, other| one.key.is_some() == other.key.is_some())
}

//! Singing whose pitch is known exactly, made from numbers: for measuring a tracker of pitch.
//!
//! Start at [`Set::make`]; [`score`] tells how good estimates of it are. A [`Singer`] sings a [`melody`](Singer::melody)
//! into a test. Everything depends on a seed alone. The plain kinds are those of a set that other trackers were
//! measured on; the others are what microphones hear besides.

mod chance;
mod files;
mod hard;
mod line;
mod melody;
pub mod noise;
mod plain;
pub mod score;
mod singer;
#[cfg(test)]
mod tests;

pub use chance::Chance;
pub use line::Line;
pub use melody::Sung;
pub use singer::{Singer, Vowel};

/// Frames a second of a [`Set`].
pub const RATE: u32 = 48_000;
/// Rows of truth a second.
pub const TRUTHS_A_SECOND: usize = 100;

/// A sound and what is sung in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// For tables and files.
    pub name: String,
    /// Frames a second.
    pub rate: u32,
    /// Mono.
    pub samples: Vec<f32>,
    /// Hz at each hundredth of a second; 0 where nobody sings, NaN where nothing is asked for.
    pub truth: Vec<f32>,
}

impl Piece {
    /// Seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.samples.len() as f64 / f64::from(self.rate)
    }
}

/// Kinds of sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Notes from E2 to C6.
    Steady,
    /// Notes a few cents beside the key.
    Detuned,
    /// Vibrato of 5 to 7 Hz, up to a semitone to either side.
    Vibrato,
    /// Scales up to 8 notes a second, glides over an octave.
    ScalesGlides,
    /// From loud to a whisper at −54 dBFS, hiss between the notes.
    QuietAndUnvoiced,
    /// Sines.
    TonesSine,
    /// Saws.
    TonesSaw,
    /// Different people singing phrases as people do.
    Phrases,
    /// Voices with much breath in them, and breathing between the notes.
    Breath,
    /// s, sh and f between notes.
    Sibilants,
    /// Claps and snaps; nobody sings.
    Claps,
    /// A quiet room with a humming computer; nobody sings.
    Room,
    /// From a whisper to hard clipping, in a quiet room.
    Clipped,
    /// Phrases in a live room.
    Reverb,
    /// Phrases while headphones leak a beat, and the beat alone.
    Bleed,
    /// A voice without its lowest harmonics, as through a telephone.
    Thin,
    /// Hoarse: each cycle a little longer or shorter, louder or softer than the last.
    Rough,
    /// A bass below and whistling above what is looked for; nobody sings.
    OutOfRange,
    /// Steps in pitch from one sample to the next.
    Steps,
}

impl Kind {
    /// Those of the set that other trackers were measured on.
    pub const PLAIN: [Self; 7] = [
        Self::Steady,
        Self::Detuned,
        Self::Vibrato,
        Self::ScalesGlides,
        Self::QuietAndUnvoiced,
        Self::TonesSine,
        Self::TonesSaw,
    ];
    /// What microphones hear besides.
    pub const HARD: [Self; 11] = [
        Self::Phrases,
        Self::Breath,
        Self::Sibilants,
        Self::Claps,
        Self::Room,
        Self::Clipped,
        Self::Reverb,
        Self::Bleed,
        Self::Thin,
        Self::Rough,
        Self::OutOfRange,
    ];

    /// The name of its piece.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Detuned => "detuned",
            Self::Vibrato => "vibrato",
            Self::ScalesGlides => "scales_glides",
            Self::QuietAndUnvoiced => "quiet_and_unvoiced",
            Self::TonesSine => "tones_sine",
            Self::TonesSaw => "tones_saw",
            Self::Phrases => "phrases",
            Self::Breath => "breath",
            Self::Sibilants => "sibilants",
            Self::Claps => "claps",
            Self::Room => "room",
            Self::Clipped => "clipped",
            Self::Reverb => "reverb",
            Self::Bleed => "bleed",
            Self::Thin => "thin",
            Self::Rough => "rough",
            Self::OutOfRange => "out_of_range",
            Self::Steps => "steps",
        }
    }

    /// Whether a set has it with pink noise at 20 and 10 dB as well.
    #[must_use]
    pub fn noisy_too(self) -> bool {
        matches!(self, Self::Steady | Self::Detuned | Self::Vibrato | Self::ScalesGlides)
    }
}

/// Pieces of many kinds.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// In the order of their kinds.
    pub pieces: Vec<Piece>,
}

impl Set {
    /// The set of a seed: another one has other vowels, notes, rates and noises of the same kinds. The piece of a kind does
    /// not depend on which others are made.
    #[must_use]
    pub fn make(seed: u64, kinds: &[Kind]) -> Self {
        Self { pieces: kinds.iter().flat_map(|kind| kind.pieces(seed)).collect() }
    }

    /// All pieces' seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.pieces.iter().map(Piece::seconds).sum()
    }
}

impl Kind {
    fn pieces(self, seed: u64) -> Vec<Piece> {
        let line = plain::piece(self, seed).unwrap_or_else(|| hard::piece(self, seed));
        let mut pieces = vec![line.piece(self.name())];
        if self.noisy_too() {
            let noise = noise::pink(line.samples.len(), &mut Chance::named(seed, "pink"));
            for decibels in [20_u8, 10] {
                let mut noisy = line.clone();
                noisy.under(&noise, line.sung_level() * 10.0_f32.powf(-f32::from(decibels) / 20.0));
                pieces.push(noisy.piece(format!("{}_pink{decibels}", self.name())));
            }
        }
        pieces
    }
}

/// The frequency of a key, as MIDI counts, where A4 is 440 Hz.
#[must_use]
pub fn hertz(key: f64) -> f64 {
    440.0 * ((key - 69.0) / 12.0).exp2()
}

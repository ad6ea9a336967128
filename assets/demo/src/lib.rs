//! The demo song of AI DAWG: *One More Line*, a voice over a beat, made from its score by synthesis alone.
//!
//! Start at [`render`], which returns a [`Demo`]: stems to be laid on tracks. The `score` module has the notes
//! and words, and each of `drums`, `bass`, `keys`, `pad` and `voice` plays its part of them; `space` is their
//! room. Nothing is read from disk and nothing is random: one rate gives the same bits on every run.
//!
//! The tempo is one at which bars are whole samples at the usual rates, so that clips begin on bar lines
//! exactly. The reverb of the voices is a stem of its own, so that the lead is as dry as a take.

mod bass;
mod drums;
mod filter;
mod keys;
#[cfg(test)]
mod measure;
mod noise;
mod oscillator;
mod pad;
mod score;
mod space;
mod stems;
#[cfg(test)]
mod tests;
mod units;
mod voice;

/// The song, ready to be laid on tracks.
#[derive(Clone, Debug)]
pub struct Demo {
    /// What the song is called.
    pub title: &'static str,
    /// Samples per second of the stems: the rate asked for, held to 8,000–384,000.
    pub rate: u32,
    /// Quarter notes a minute; a whole number.
    pub tempo_bpm: f64,
    /// Beats in a bar, and the note that is a beat.
    pub meter: (u8, u8),
    /// The key's tonic as a pitch class: 0 is C, 6 is F♯.
    pub tonic: u8,
    /// The key's mode.
    pub mode: Mode,
    /// Length of the song, its last tail included.
    pub bars: usize,
    /// Its tracks, in the order of a mixer.
    pub stems: Vec<Stem>,
}

/// The mode of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Major.
    Major,
    /// Natural minor.
    Minor,
}

/// One track's sound and its place in the mix.
#[derive(Clone, Debug)]
pub struct Stem {
    /// What the track is called.
    pub name: &'static str,
    /// One channel if true, two (left and right) if not.
    pub mono: bool,
    /// Planar samples, all channels of one length, which is a whole number of bars; silent at both ends.
    pub channels: Vec<Vec<f32>>,
    /// Fader, as a linear gain.
    pub gain: f32,
    /// −1 (left) to 1 (right). A mono stem is panned at constant power, −3 dB a side at the centre; a stereo
    /// stem's is always 0.
    pub pan: f32,
    /// Which colour of a palette the track has: stems of one family are neighbours.
    pub colour_index: usize,
    /// The bar at which the stem begins; the song's first is 0.
    pub start_bar: i64,
}

/// Plays the song: at 48 kHz in under two seconds and some 200 MB, on two threads that end with it. Never fails.
///
/// Mixed as [`Stem::gain`] and [`Stem::pan`] say, the song peaks at −2 dBFS.
pub fn render(rate: u32) -> Demo {
    let rate = rate.clamp(8_000, 384_000);
    let grid = score::Grid { rate: units::Hertz(rate as f32) };
    Demo {
        title: "One More Line",
        rate,
        tempo_bpm: score::TEMPO_BPM,
        meter: (4, 4),
        tonic: 6,
        mode: Mode::Minor,
        bars: score::BARS,
        stems: stems::record(grid),
    }
}

//! The voice: a glottis, a mouth, and somebody who sings with them. Start at [`sing`].
//!
//! Source and filter after Klatt ("Software for a cascade/parallel formant synthesizer", JASA 67, 1980): the
//! [`glottis`] makes pulses and breath, the [`tract`] gives them vowels, and hiss is added beside it.
//! [`diction`] turns the lyrics into movements of the mouth, [`intonation`] into a pitch curve.

mod diction;
mod dynamics;
mod glottis;
mod intonation;
pub(crate) mod phone;
#[cfg(test)]
mod tests;
mod tract;

use crate::filter::{Chase, StateVariable};
use crate::noise::Noise;
use crate::score::Grid;
use crate::score::lyrics::Sung;
use crate::units::{Hertz, Seconds};
use diction::{Diction, Mouth};
use dynamics::Compressor;
use glottis::Glottis;
use intonation::Intonation;
use tract::Tract;

/// Who sings, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Singer {
    pub(crate) seed: u32,
    /// Length of the throat: above 1 the formants lie higher.
    pub(crate) formants: f32,
    /// Breath among the tone, 0…1.
    pub(crate) breath: f32,
    /// Comes in late by this much.
    pub(crate) late: Seconds,
    /// Sings this far off, in semitones: what makes a double sound like two.
    pub(crate) detune: f32,
}

/// The mouth and the pitch move once a millisecond or so; what they set is interpolated between.
const TICK: Seconds = Seconds(0.001);

/// Sings the notes into the song's length, from bar 0; mono, dry, and levelled like a vocal in a mix.
pub(crate) fn sing(part: &[Sung], singer: &Singer, length: usize, grid: Grid) -> Vec<f32> {
    let mut sound = voiced(part, singer, length, grid);
    let sounds = |sample: &f32| *sample != 0.0;
    let from = sound.iter().position(sounds).unwrap_or(length);
    let to = sound.iter().rposition(sounds).map_or(from, |last| last + 1);
    polish(&mut sound[from..to], grid.rate);
    if let Some(last) = part.last() {
        die_away(&mut sound, last, grid);
    }
    sound
}

/// Over the second half of the last note the voice fades to a fifth, and the room takes over.
fn die_away(sound: &mut [f32], last: &Sung, grid: Grid) {
    let from = grid.sample(last.at() + 0.5 * last.length as f32);
    let span = grid.sample(0.5 * last.length as f32) as f32;
    for (n, sample) in sound.iter_mut().skip(from).enumerate() {
        *sample *= 1.0 - 0.8 * (n as f32 / span).min(1.0);
    }
}

fn voiced(part: &[Sung], singer: &Singer, length: usize, grid: Grid) -> Vec<f32> {
    let rate = grid.rate;
    let mut diction = Diction::new(part, singer.late, grid);
    let mut intonation = Intonation::new(part, singer, grid);
    let mut glottis = Glottis::new(singer.seed, rate);
    let mut tract = Tract::new(singer.formants, rate);
    let mut hiss = Hiss::new(singer.seed + 1, rate);
    let mut mouth = Mouth::closed();
    let mut pitch = Hertz(200.0);
    let mut sound = vec![0.0; length];
    let tick = TICK.samples(rate).max(1);
    for (count, block) in sound.chunks_mut(tick).enumerate() {
        let now = Seconds(count as f32 * tick as f32 / rate.0);
        let span = Seconds(tick as f32 / rate.0);
        let (last, last_pitch) = (mouth, pitch);
        mouth = diction.step(now, span);
        pitch = intonation.step(now, span);
        if last.is_silent() && mouth.is_silent() {
            continue;
        }
        tract.shape(&mouth, pitch);
        glottis.press(mouth.voicing * effort(pitch));
        for (n, sample) in block.iter_mut().enumerate() {
            let way = n as f32 / tick as f32;
            let between = |from: f32, to: f32| from + way * (to - from);
            let voicing = between(last.voicing, mouth.voicing);
            let breath = between(last.breath, mouth.breath) + singer.breath * voicing;
            let frequency = Hertz(between(last_pitch.0, pitch.0));
            let throat = tract.resonate(glottis.next(frequency, voicing, breath));
            *sample = throat + hiss.next(between(last.hiss, mouth.hiss));
        }
    }
    sound
}

/// How hard a voice is pressed for a pitch: relaxed an octave below the tenor's A, full there.
fn effort(pitch: Hertz) -> f32 {
    (1.0 + 0.45 * (pitch.0 / 440.0).log2()).clamp(0.4, 1.1)
}

/// The sound of a narrow gap behind the teeth: s, z, and the release of t and d.
struct Hiss {
    noise: Noise,
    peak: StateVariable,
    air: StateVariable,
}

impl Hiss {
    fn new(seed: u32, rate: Hertz) -> Self {
        Self {
            noise: Noise::new(seed),
            peak: StateVariable::new(Hertz(6_300.0), 2.2, rate),
            air: StateVariable::new(Hertz(7_000.0), 0.8, rate),
        }
    }

    fn next(&mut self, level: f32) -> f32 {
        let white = self.noise.next();
        level * (0.6 * self.peak.split(white).band + 0.22 * self.air.split(white).high)
    }
}

/// What an engineer does first: rumble out, level held by compression, a little presence and air.
fn polish(sound: &mut [f32], rate: Hertz) {
    let mut rumble = StateVariable::new(Hertz(95.0), 0.707, rate);
    let mut presence = StateVariable::new(Hertz(3_000.0), 0.8, rate);
    let mut air = StateVariable::new(Hertz(4_800.0), 0.6, rate);
    let mut fast = Compressor::new(0.18, 3.0, Seconds(0.004), Seconds(0.09), rate);
    let mut slow = Compressor::new(0.16, 2.0, Seconds(0.03), Seconds(0.35), rate);
    for sample in sound {
        let clean = rumble.split(*sample).high;
        let bright = clean + 0.3 * presence.split(clean).band + 0.6 * air.split(clean).high;
        // A tape's ceiling: pulses are spikes, and spikes are headroom without loudness.
        *sample = 0.5 * (slow.process(fast.process(bright)) / 0.34).tanh();
    }
}

/// Chases the parts of a [`Mouth`] together.
#[derive(Clone, Copy, Debug)]
struct Chases<const N: usize>([Chase; N]);

impl<const N: usize> Chases<N> {
    fn at(values: [f32; N]) -> Self {
        Self(values.map(Chase::at))
    }

    fn step(&mut self, targets: [f32; N], pace: Seconds, tick: Seconds) -> [f32; N] {
        let mut now = targets;
        for ((chase, target), now) in self.0.iter_mut().zip(targets).zip(&mut now) {
            *now = chase.step(target, pace, tick);
        }
        now
    }
}

//! The score: 24 bars of 4/4 at 90 BPM in F♯ minor. Start at [`Grid`]; the sung part is in [`lyrics`].
//!
//! | bars (from 0) | section | what happens |
//! | --- | --- | --- |
//! | 0–3 | intro | pad and keys; a hum of the hook and thin hats from bar 2 |
//! | 4–11 | verse | drums and 808 enter; the lead sings low |
//! | 12–19 | hook | denser drums, bells, harmony and double under the lead |
//! | 20–23 | ending | one walk up, the last note, the room |

pub(crate) mod lyrics;
pub(crate) mod pattern;

use crate::units::{Hertz, Pitch, Seconds};

/// At 90 BPM a bar is 8/3 s: a whole number of samples at 44.1, 48 and 96 kHz, so clips meet bar lines exactly.
pub(crate) const TEMPO_BPM: f64 = 90.0;
pub(crate) const BARS: usize = 24;
/// Steps of the grid in a bar: sixteenth notes.
pub(crate) const STEPS: usize = 16;

pub(crate) const INTRO: usize = 0;
pub(crate) const VERSE: usize = 4;
pub(crate) const HOOK: usize = 12;
pub(crate) const ENDING: usize = 20;
/// The bar of the last chord, which rings to the end.
pub(crate) const LAST_CHORD: usize = 21;

/// Where the notes fall in samples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grid {
    pub(crate) rate: Hertz,
}

impl Grid {
    /// The moment of a step, counted in sixteenths from the start of the song. Fractions are between steps.
    pub(crate) fn moment(self, sixteenths: f32) -> Seconds {
        Seconds(sixteenths * (60.0 / TEMPO_BPM / 4.0) as f32)
    }

    /// The first sample of a bar.
    pub(crate) fn bar(self, bar: usize) -> usize {
        (bar as f64 * 240.0 / TEMPO_BPM * f64::from(self.rate.0)).round() as usize
    }

    /// The sample of a step. In `f64`: an `f32` cannot count the samples of a minute.
    pub(crate) fn sample(self, sixteenths: f32) -> usize {
        (f64::from(sixteenths) * 15.0 / TEMPO_BPM * f64::from(self.rate.0)).round() as usize
    }
}

/// A chord: what the 808 plays, and what the hands hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chord {
    pub(crate) root: Pitch,
    pub(crate) voicing: [Pitch; 4],
}

const fn chord(root: u8, voicing: [u8; 4]) -> Chord {
    let [a, b, c, d] = voicing;
    Chord {
        root: Pitch(root as f32),
        voicing: [Pitch(a as f32), Pitch(b as f32), Pitch(c as f32), Pitch(d as f32)],
    }
}

// Close voicings around middle C in which no voice moves by more than a third from chord to chord.
const F_SHARP_MINOR_9: Chord = chord(30, [57, 61, 64, 68]);
const D_MAJOR_9: Chord = chord(26, [57, 61, 64, 66]);
const A_ADD_9: Chord = chord(33, [57, 59, 61, 64]);
const E_OVER_G_SHARP: Chord = chord(32, [56, 59, 64, 66]);
const E_ADD_9: Chord = chord(28, [56, 59, 64, 66]);
const A_OVER_C_SHARP: Chord = chord(37, [57, 59, 64, 69]);
const F_SHARP_MINOR_ADD_9: Chord = chord(30, [57, 61, 66, 68]);

/// The verse descends from home; the hook climbs back to it.
const VERSE_LOOP: [Chord; 4] = [F_SHARP_MINOR_9, D_MAJOR_9, A_ADD_9, E_OVER_G_SHARP];
const HOOK_LOOP: [Chord; 4] = [D_MAJOR_9, E_ADD_9, F_SHARP_MINOR_9, A_OVER_C_SHARP];

/// The chord at a step of a bar.
pub(crate) fn chord_at(bar: usize, step: usize) -> Chord {
    match bar {
        ..HOOK => VERSE_LOOP[bar % 4],
        HOOK..ENDING => HOOK_LOOP[bar % 4],
        ENDING if step < 8 => D_MAJOR_9,
        ENDING => E_ADD_9,
        _ => F_SHARP_MINOR_ADD_9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red with the tempo at 92, at which a bar ends between samples.
    #[test]
    fn bars_are_whole_samples() {
        for (rate, bar) in [(44_100.0, 117_600), (48_000.0, 128_000), (96_000.0, 256_000)] {
            let grid = Grid { rate: Hertz(rate) };
            assert!((0..=BARS).all(|n| grid.bar(n) == n * bar), "at {rate}");
            assert!((0..=BARS).all(|n| grid.sample((n * STEPS) as f32) == n * bar), "at {rate}");
        }
    }

    /// Red with 58 (a B flat) in the voicing of D.
    #[test]
    fn every_chord_is_in_f_sharp_minor() {
        let scale = [6, 8, 9, 11, 1, 2, 4];
        for step in 0..BARS * STEPS {
            let chord = chord_at(step / STEPS, step % STEPS);
            for pitch in chord.voicing.iter().chain([&chord.root]) {
                assert!(scale.contains(&(pitch.0 as i32 % 12)), "{pitch:?} at step {step}");
            }
        }
    }
}

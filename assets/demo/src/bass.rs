//! The 808: a sine with a long decay, bent by saturation, that slides from note to note.

use crate::drums;
use crate::filter::Chase;
use crate::oscillator::{Phase, sine};
use crate::score::pattern::{self, Stroke, strokes};
use crate::score::{BARS, Grid, LAST_CHORD, chord_at};
use crate::units::{Pitch, Seconds};

/// Samples between two moves of the pitch: inaudibly short.
const TICK: usize = 16;

/// Where a stroke takes the pitch.
pub(crate) fn pitch(stroke: &Stroke) -> Pitch {
    let root = chord_at(stroke.bar, stroke.step).root;
    match stroke.symbol {
        b'O' => root.up(12.0),
        b'F' => root.up(7.0),
        _ => root,
    }
}

/// The bass of the whole song, from bar 0, mono.
pub(crate) fn play(grid: Grid) -> Vec<f32> {
    let mut sound = vec![0.0; grid.bar(BARS)];
    let mut phase = Phase::default();
    let mut glide = Chase::at(30.0);
    for stroke in strokes(pattern::bass) {
        let start = grid.sample(stroke.at());
        let end = grid.sample(stroke.at() + stroke.length as f32);
        let slides = stroke.symbol != b'R';
        if !slides {
            phase = Phase::default();
        }
        hold(&mut sound[start..end], &stroke, slides, &mut phase, &mut glide, grid);
    }
    let duck = drums::duck(grid, 0.75, Seconds(0.055));
    for (sample, gain) in sound.iter_mut().zip(duck) {
        *sample *= gain;
    }
    sound
}

/// One note. A root is struck: from its pitch, at full level. A slide takes 90 ms and starts a little lower.
fn hold(sound: &mut [f32], stroke: &Stroke, slides: bool, phase: &mut Phase, glide: &mut Chase, grid: Grid) {
    let target = pitch(stroke);
    if !slides {
        *glide = Chase::at(target.0);
    }
    let tick = Seconds(TICK as f32 / grid.rate.0);
    let fall = Seconds(1.5).decay(grid.rate);
    // The last note dies away; the others make room for the next.
    let release = if stroke.bar == LAST_CHORD { 1.6 } else { 0.012 } * grid.rate.0;
    let attack = 0.003 * grid.rate.0;
    let length = sound.len();
    let mut level = if slides { 0.85 } else { 1.0 };
    let mut step = target.hertz().turns(grid.rate);
    for (n, sample) in sound.iter_mut().enumerate() {
        if n % TICK == 0 {
            step = Pitch(glide.step(target.0, Seconds(0.02), tick)).hertz().turns(grid.rate);
        }
        level *= fall;
        let edge = (n as f32 / attack).min((length - n) as f32 / release).min(1.0);
        *sample = edge * level * saturated(sine(phase.advance(step)));
    }
}

/// Odd harmonics by `tanh`, even ones by its offset, so that the note is heard where its root is not.
fn saturated(sample: f32) -> f32 {
    (2.1 * sample + 0.25).tanh() - 0.2449
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure;
    use crate::units::Hertz;

    /// Red when `pitch` took the chord of the bar before, and when a root slid from the note before, in 0.5 s.
    #[test]
    fn bass_is_in_tune() {
        let grid = Grid { rate: Hertz(48_000.0) };
        let sound = play(grid);
        for stroke in
            strokes(pattern::bass).iter().filter(|stroke| stroke.symbol == b'R' && stroke.length >= 5)
        {
            let start = grid.sample(stroke.at() + 1.0);
            let end = grid.sample(stroke.at() + stroke.length as f32 - 0.5);
            let root = chord_at(stroke.bar, stroke.step).root;
            let cents = measure::cents_off(&sound[start..end], root, grid.rate);
            assert!(cents.abs() < 4.0, "{stroke:?} is off by {cents} cents");
        }
    }
}

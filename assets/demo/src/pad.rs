//! The pad: two detuned saws a note and side, behind a slowly opening filter, breathing with the kick.

use crate::drums;
use crate::filter::{Bands, StateVariable};
use crate::noise::Noise;
use crate::oscillator::{Phase, saw, sine};
use crate::score::{BARS, Chord, ENDING, Grid, HOOK, INTRO, LAST_CHORD, STEPS, VERSE, chord_at};
use crate::space::{Room, Stereo, add, reverberate};
use crate::units::{Hertz, Seconds};

const ROOM: Room = Room { decay: Seconds(2.8), predelay: Seconds(0.03), damping: Hertz(3_800.0), size: 1.0 };
const ATTACK: Seconds = Seconds(0.28);
const RELEASE: Seconds = Seconds(0.5);

/// The pad of the whole song, from bar 0.
pub(crate) fn play(grid: Grid) -> Stereo {
    let length = grid.bar(BARS);
    let mut pad = [vec![0.0; length], vec![0.0; length]];
    let mut seeds = Noise::new(6);
    for (start, steps, chord) in chords() {
        hold(&mut pad, &chord, grid.sample(start as f32), grid.sample(steps as f32), &mut seeds, grid.rate);
    }
    shade(&mut pad, grid);
    let wet = reverberate(&pad, &ROOM, grid.rate);
    add(&mut pad, &wet, 0.55);
    let duck = drums::duck(grid, 0.45, Seconds(0.12));
    for channel in &mut pad {
        for (sample, gain) in channel.iter_mut().zip(&duck) {
            *sample *= gain;
        }
    }
    pad
}

/// Start and length in sixteenths of every chord; the last holds longest.
fn chords() -> Vec<(usize, usize, Chord)> {
    let mut chords: Vec<_> = (INTRO..ENDING).map(|bar| (bar * STEPS, STEPS, chord_at(bar, 0))).collect();
    chords.extend([0, 8].map(|step| (ENDING * STEPS + step, 8, chord_at(ENDING, step))));
    chords.push((LAST_CHORD * STEPS, 28, chord_at(LAST_CHORD, 0)));
    chords
}

fn hold(pad: &mut Stereo, chord: &Chord, start: usize, held: usize, seeds: &mut Noise, rate: Hertz) {
    let released = RELEASE.samples(rate);
    for pitch in chord.voicing {
        for (side, channel) in pad.iter_mut().enumerate() {
            for cents in [-7.0, 6.0] {
                let cents = if side == 0 { cents } else { -cents - 1.5 };
                let step = pitch.up(cents / 100.0).hertz().turns(rate);
                let mut phase = Phase::new(0.5 + 0.49 * seeds.next());
                let out = channel.iter_mut().skip(start).take(held + released).enumerate();
                for (n, sample) in out {
                    let rise = (n as f32 / (ATTACK.0 * rate.0)).min(1.0);
                    let fall = ((held + released - n) as f32 / released as f32).min(1.0);
                    let level = rise.min(fall);
                    *sample += 0.07 * level * level * (3.0 - 2.0 * level) * saw(&mut phase, step);
                }
            }
        }
    }
}

/// Cut-off in sections: dim at first, opening into the verse, widest in the hook, closing at the end.
fn brightness(bar: f32) -> f32 {
    const POINTS: [(f32, f32); 7] = [
        (INTRO as f32, 450.0),
        (VERSE as f32, 1_500.0),
        (VERSE as f32 + 0.5, 800.0),
        (HOOK as f32 - 1.0, 1_000.0),
        (HOOK as f32, 2_300.0),
        (ENDING as f32 + 1.0, 2_000.0),
        (BARS as f32, 350.0),
    ];
    for pair in POINTS.windows(2) {
        let [(from, low), (to, high)] = [pair[0], pair[1]];
        if bar <= to {
            return low * (high / low).powf((bar - from) / (to - from));
        }
    }
    POINTS[POINTS.len() - 1].1
}

/// The filter, swaying a little out of step on both sides; nothing below 150 Hz, where the 808 lives.
fn shade(pad: &mut Stereo, grid: Grid) {
    let bar = grid.bar(1) as f32;
    for (side, channel) in pad.iter_mut().enumerate() {
        let mut low = StateVariable::new(Hertz(450.0), 0.8, grid.rate);
        let mut thin = StateVariable::new(Hertz(150.0), 0.707, grid.rate);
        for (n, sample) in channel.iter_mut().enumerate() {
            if n % 64 == 0 {
                let at = n as f32 / bar;
                let sway = 1.0 + 0.18 * sine(at / 3.0 + 0.25 * side as f32);
                low.tune(Hertz(brightness(at) * sway), grid.rate);
            }
            let Bands { low, .. } = low.split(*sample);
            *sample = thin.split(low).high;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when `brightness` compared with `from`.
    #[test]
    fn the_pad_opens_for_the_hook() {
        assert!(brightness(VERSE as f32 + 4.0) < 1_100.0);
        assert!((1_100.0..2_200.0).contains(&brightness(HOOK as f32 - 0.5)));
        assert!((brightness(HOOK as f32) - 2_300.0).abs() < 1.0);
        assert!((brightness(BARS as f32 + 1.0) - 350.0).abs() < 1.0);
    }
}

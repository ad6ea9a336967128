//! The drums, each stroke synthesised; nothing sampled.

mod kit;

use crate::noise::Noise;
use crate::score::pattern::{self, Stroke, strokes};
use crate::score::{BARS, Grid, HOOK, LAST_CHORD, VERSE};
use crate::space::{Room, Stereo, add, reverberate};
use crate::units::{Hertz, Pitch, Seconds};
use kit::Kit;

const ROOM: Room = Room { decay: Seconds(0.7), predelay: Seconds(0.008), damping: Hertz(6_500.0), size: 0.4 };
/// Late off-beat sixteenths, as a share of a sixteenth: a slight swing.
const SWING: f32 = 0.09;

/// The drums of the whole song, from bar 0.
pub(crate) fn play(grid: Grid) -> Stereo {
    let kit = Kit::new(grid.rate);
    let length = grid.bar(BARS);
    let mut dry = [vec![0.0; length], vec![0.0; length]];
    let mut roomy = dry.clone();
    for kick in strokes(pattern::kick) {
        place(&mut dry, &kit.kick, grid.sample(kick.at()), 0.95 * velocity(kick.symbol), 0.0);
    }
    for snare in strokes(pattern::snare) {
        strike_snare(&mut roomy, &kit, &snare, grid);
    }
    play_hats(&mut dry, &kit, grid);
    for bar in [VERSE, HOOK, LAST_CHORD] {
        add_at(&mut roomy, &kit.crash, grid.bar(bar), 0.30);
    }
    for bar in [VERSE, HOOK] {
        add_at(&mut roomy, &kit.riser, grid.bar(bar) - kit.riser[0].len(), 0.22);
    }
    add(&mut dry, &roomy, 1.0);
    add(&mut dry, &reverberate(&roomy, &ROOM, grid.rate), 0.33);
    for sample in dry.iter_mut().flatten() {
        *sample = rounded(1.4 * *sample);
    }
    dry
}

/// Straight up to −6 dBFS, then bent towards full scale: a kick and a snare together stay below it.
fn rounded(sample: f32) -> f32 {
    let over = sample.abs() - 0.5;
    if over <= 0.0 { sample } else { sample.signum() * (0.5 + 0.45 * (over / 0.45).tanh()) }
}

fn velocity(symbol: u8) -> f32 {
    match symbol {
        b'X' => 1.0,
        b'o' => 0.42,
        _ => 0.8,
    }
}

fn strike_snare(bus: &mut Stereo, kit: &Kit, stroke: &Stroke, grid: Grid) {
    let (at, gain) = (grid.sample(stroke.at()), velocity(stroke.symbol));
    place(bus, &kit.snare, at, 0.62 * gain, 0.0);
    if stroke.symbol != b'o' {
        add_at(bus, &kit.clap, at, 0.5 * gain);
    }
}

fn play_hats(bus: &mut Stereo, kit: &Kit, grid: Grid) {
    let mut hand = Noise::new(11);
    for hat in strokes(pattern::hat) {
        let swing = if hat.step % 2 == 1 { SWING } else { 0.0 };
        let (sound, count) = match hat.symbol {
            b'O' => (&kit.open_hat, 1),
            roll @ b'2'..=b'4' => (&kit.closed_hat[1], usize::from(roll - b'0')),
            b'o' => (&kit.closed_hat[0], 1),
            _ => (&kit.closed_hat[1], 1),
        };
        for stroke in 0..count {
            // A roll swells; a hand is never twice the same.
            let swell = if count == 1 { 1.0 } else { 0.6 + 0.4 * stroke as f32 / count as f32 };
            let gain = 0.36 * velocity(hat.symbol) * swell * (1.0 + 0.12 * hand.next());
            let late = swing + 0.012 * hand.next().abs() + stroke as f32 / count as f32;
            place(bus, sound, grid.sample(hat.at() + late), gain, 0.24);
        }
    }
}

/// Adds a mono sound at a sample, `pan` −1…1 at constant power; what would ring past the end is left out.
fn place(bus: &mut Stereo, sound: &[f32], at: usize, gain: f32, pan: f32) {
    let angle = (pan + 1.0) * std::f32::consts::FRAC_PI_4;
    for (channel, side) in bus.iter_mut().zip([angle.cos(), angle.sin()]) {
        for (sum, sample) in channel.iter_mut().skip(at).zip(sound) {
            *sum += gain * side * std::f32::consts::SQRT_2 * sample;
        }
    }
}

fn add_at(bus: &mut Stereo, sound: &Stereo, at: usize, gain: f32) {
    for (channel, sound) in bus.iter_mut().zip(sound) {
        for (sum, sample) in channel.iter_mut().skip(at).zip(sound) {
            *sum += gain * sample;
        }
    }
}

/// A gain curve that ducks at every kick, so that what sustains makes room for it.
pub(crate) fn duck(grid: Grid, depth: f32, recovery: Seconds) -> Vec<f32> {
    let mut curve = vec![1.0; grid.bar(BARS)];
    let (attack, fall) = (Seconds(0.002).decay(grid.rate), recovery.decay(grid.rate));
    for kick in strokes(pattern::kick) {
        let (mut onset, mut depth) = (1.0, depth);
        for gain in curve.iter_mut().skip(grid.sample(kick.at())) {
            onset *= attack;
            depth *= fall;
            *gain = f32::min(*gain, 1.0 - depth * (1.0 - onset));
            if depth < 1e-4 {
                break;
            }
        }
    }
    curve
}

/// The kick's fundamental sits on the key: F♯1.
const KICK_PITCH: Pitch = Pitch(30.0);

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when `duck` took `max` in place of `min`.
    #[test]
    fn duck_dips_at_a_kick_and_recovers() {
        let grid = Grid { rate: Hertz(48_000.0) };
        let curve = duck(grid, 0.8, Seconds(0.08));
        let kick = grid.bar(VERSE);
        assert_eq!(curve[kick - 1], 1.0);
        assert!(curve[kick + 400] < 0.4);
        assert!(curve[kick + 24_000] > 0.99);
    }

    /// Red when `rounded` left out the `tanh`.
    #[test]
    fn rounding_leaves_the_quiet_alone_and_never_clips() {
        assert_eq!(rounded(-0.45), -0.45);
        assert!(rounded(40.0) < 1.0 && rounded(-40.0) > -1.0);
    }
}

//! The keys: an electric piano by frequency modulation, and bells from the same hand.

use crate::noise::Noise;
use crate::oscillator::{Phase, sine};
use crate::score::pattern::{self, strokes};
use crate::score::{BARS, Grid, chord_at};
use crate::space::{Room, Stereo, add, ping_pong, reverberate};
use crate::units::{Hertz, Pitch, Seconds};

const ROOM: Room = Room { decay: Seconds(1.6), predelay: Seconds(0.015), damping: Hertz(5_000.0), size: 0.9 };

/// A note about to be struck.
struct Struck {
    pitch: Pitch,
    start: usize,
    /// Samples until the key is let go.
    held: usize,
    velocity: f32,
    /// −1…1.
    pan: f32,
}

/// The keys of the whole song, from bar 0.
pub(crate) fn play(grid: Grid) -> Stereo {
    let length = grid.bar(BARS);
    let mut piano = [vec![0.0; length], vec![0.0; length]];
    play_chords(&mut piano, grid);
    tremolo(&mut piano, grid.rate);
    let mut bells = vec![0.0; length];
    play_bells(&mut bells, grid);
    // Three sixteenths: the echo falls between the beats.
    let echoes = ping_pong(&bells, grid.moment(3.0), 0.45, grid.rate);
    for (channel, gain) in piano.iter_mut().zip([0.8, 1.0]) {
        for (sum, bell) in channel.iter_mut().zip(&bells) {
            *sum += gain * bell;
        }
    }
    add(&mut piano, &echoes, 0.5);
    let wet = reverberate(&piano, &ROOM, grid.rate);
    add(&mut piano, &wet, 0.4);
    piano
}

fn play_chords(piano: &mut Stereo, grid: Grid) {
    let mut hand = Noise::new(5);
    for stroke in strokes(pattern::keys) {
        let chord = chord_at(stroke.bar, stroke.step);
        let held = grid.sample(stroke.length as f32 - 0.3);
        let loud = if stroke.symbol == b'C' { 0.8 } else { 0.5 };
        for (finger, &pitch) in chord.voicing.iter().enumerate() {
            // Fingers fall one after the other, from the thumb up.
            let late = Seconds(0.009 * finger as f32 + 0.003 * (1.0 + hand.next()));
            let start = grid.sample(stroke.at()) + late.samples(grid.rate);
            let velocity = loud * (1.0 + 0.1 * hand.next());
            let pan = 0.3 * (finger as f32 - 1.5);
            strike(piano, &Struck { pitch, start, held, velocity, pan }, grid.rate);
        }
    }
}

/// A tine and its tone bar: carrier and modulator at one pitch, brighter the harder it is struck and mellowing
/// as it rings, with a short modulator far above for the hammer (Chowning's pair, as the DX7's pianos use it).
fn strike(piano: &mut Stereo, note: &Struck, rate: Hertz) {
    let step = note.pitch.hertz().turns(rate);
    let tine_step = (step * 14.0).fract();
    let mut phases = [Phase::default(), Phase::default(), Phase::default()];
    let detune = 1.0 + 0.0009 * f64::from(note.pan.signum());
    let angle = (note.pan + 1.0) * std::f32::consts::FRAC_PI_4;
    let (left, right) = (angle.cos(), angle.sin());
    let [ring, mellow, tine] = [1.9, 0.45, 0.045].map(|time| Seconds(time).decay(rate));
    let released = Seconds(0.08).decay(rate);
    let (mut level, mut index, mut hammer) =
        (0.3 * note.velocity, 0.26 * note.velocity, 0.05 * note.velocity);
    let attack = 0.002 * rate.0;
    let [one, two] = piano;
    let out = one.iter_mut().zip(two.iter_mut()).skip(note.start).enumerate();
    for (n, (out_left, out_right)) in out {
        let body = index * sine(phases[0].advance(step * detune));
        let bright = hammer * sine(phases[1].advance(tine_step));
        let tone = sine(phases[2].advance(step) + body + bright);
        let sample = (n as f32 / attack).min(1.0) * level * tone;
        *out_left += left * sample;
        *out_right += right * sample;
        level *= if n < note.held { ring } else { released };
        index = 0.045 + (index - 0.045) * mellow;
        hammer *= tine;
        if level < 1e-4 {
            break;
        }
    }
}

/// The suitcase's tremolo: level sways from side to side.
fn tremolo(piano: &mut Stereo, rate: Hertz) {
    let mut phase = Phase::default();
    let [left, right] = piano;
    for (left, right) in left.iter_mut().zip(right) {
        let sway = 0.16 * sine(phase.next(Hertz(4.5), rate));
        *left *= 1.0 + sway;
        *right *= 1.0 - sway;
    }
}

fn play_bells(bells: &mut [f32], grid: Grid) {
    for stroke in strokes(pattern::bells) {
        let chord = chord_at(stroke.bar, stroke.step);
        let pitch = match stroke.symbol {
            finger @ b'0'..=b'3' => chord.voicing[usize::from(finger - b'0')].up(12.0),
            _ => chord.voicing[0].up(24.0),
        };
        ring_bell(&mut bells[grid.sample(stroke.at())..], pitch, grid.rate);
    }
}

/// Carrier and an inharmonic modulator whose decay turns the strike into a pure tone.
fn ring_bell(out: &mut [f32], pitch: Pitch, rate: Hertz) {
    let step = pitch.hertz().turns(rate);
    let modulator_step = (step * 3.51).fract();
    let (mut carrier, mut modulator) = (Phase::default(), Phase::default());
    let [ring, mellow] = [0.42, 0.12].map(|time| Seconds(time).decay(rate));
    let (mut level, mut index) = (0.085, 0.16);
    let attack = 0.0015 * rate.0;
    for (n, sample) in out.iter_mut().enumerate() {
        let bend = index * sine(modulator.advance(modulator_step));
        *sample += (n as f32 / attack).min(1.0) * level * sine(carrier.advance(step) + bend);
        level *= ring;
        index *= mellow;
        if level < 1e-5 {
            break;
        }
    }
}

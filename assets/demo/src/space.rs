//! Space: a reverb, and echoes that go from side to side.

use crate::filter::StateVariable;
use crate::units::{Hertz, Seconds};

/// Left and right, of one length.
pub(crate) type Stereo = [Vec<f32>; 2];

/// A ring of samples read just before it is written: delays by its whole length.
#[derive(Clone, Debug)]
struct Ring {
    samples: Vec<f32>,
    at: usize,
}

impl Ring {
    fn new(length: Seconds, rate: Hertz) -> Self {
        Self { samples: vec![0.0; length.samples(rate).max(1)], at: 0 }
    }

    fn read(&self) -> f32 {
        self.samples[self.at]
    }

    fn write(&mut self, sample: f32) {
        self.samples[self.at] = sample;
        self.at += 1;
        if self.at == self.samples.len() {
            self.at = 0;
        }
    }

    /// Schroeder's all-pass: smears a click into a cloud without colouring it.
    fn diffuse(&mut self, input: f32) -> f32 {
        let delayed = self.read();
        let fed = input + 0.6 * delayed;
        self.write(fed);
        delayed - 0.6 * fed
    }
}

/// What a room is like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// Time in which the sound falls by 60 dB.
    pub(crate) decay: Seconds,
    /// Silence before the first reflection: keeps the dry sound in front.
    pub(crate) predelay: Seconds,
    /// Above this the walls swallow the sound.
    pub(crate) damping: Hertz,
    /// 1 is a hall; smaller rooms scale their walls.
    pub(crate) size: f32,
}

const LINES: usize = 8;
/// Mutually prime enough that no echo pattern repeats: a spread from 31 to 83 ms.
const WALLS: [f32; LINES] = [0.0311, 0.0372, 0.0419, 0.0487, 0.0543, 0.0617, 0.0709, 0.0831];

/// Feedback delay network of eight lines mixed by a Hadamard matrix (Jot and Chaigne, "Digital delay networks
/// for designing artificial reverberators", AES 90, 1991).
struct Reverb {
    predelay: [Ring; 2],
    diffusers: [[Ring; 2]; 2],
    lines: [Ring; LINES],
    gains: [f32; LINES],
    damped: [f32; LINES],
    damping: f32,
}

impl Reverb {
    fn new(room: &Room, rate: Hertz) -> Self {
        let ring = |length: f32| Ring::new(Seconds(length), rate);
        let wall = |line: usize| WALLS[line] * room.size;
        let share = |line: usize| 10f32.powf(-3.0 * wall(line) / room.decay.0);
        Self {
            predelay: [ring(room.predelay.0), ring(room.predelay.0 + 0.0007)],
            diffusers: [[ring(0.0047), ring(0.0113)], [ring(0.0053), ring(0.0127)]],
            lines: std::array::from_fn(|line| ring(wall(line))),
            gains: std::array::from_fn(share),
            damped: [0.0; LINES],
            damping: 1.0 - (-std::f32::consts::TAU * room.damping.below_nyquist(rate).0 / rate.0).exp(),
        }
    }

    fn wet(&mut self, input: [f32; 2]) -> [f32; 2] {
        let mut entering = [0.0; 2];
        for side in 0..2 {
            let late = self.predelay[side].read();
            self.predelay[side].write(input[side]);
            let [first, second] = &mut self.diffusers[side];
            entering[side] = second.diffuse(first.diffuse(late));
        }
        let mut loops = [0.0; LINES];
        for (line, looped) in loops.iter_mut().enumerate() {
            self.damped[line] += self.damping * (self.lines[line].read() - self.damped[line]);
            *looped = self.gains[line] * self.damped[line];
        }
        let wet = [loops[0] - loops[2] + loops[4] - loops[6], loops[1] - loops[3] + loops[5] - loops[7]];
        hadamard(&mut loops);
        for (line, looped) in loops.iter().enumerate() {
            self.lines[line].write(looped + entering[line % 2]);
        }
        wet.map(|side| 0.35 * side)
    }
}

/// In place, orthonormal: what goes round keeps its energy, and each line feeds all others.
fn hadamard(values: &mut [f32; LINES]) {
    let mut half = 1;
    while half < LINES {
        for start in (0..LINES).step_by(2 * half) {
            for at in start..start + half {
                let (a, b) = (values[at], values[at + half]);
                (values[at], values[at + half]) = (a + b, a - b);
            }
        }
        half *= 2;
    }
    for value in values {
        *value *= std::f32::consts::FRAC_1_SQRT_2 / 2.0;
    }
}

/// The room's answer alone, to a stereo sound; nothing below 200 Hz, where a tail is only mud.
pub(crate) fn reverberate(dry: &Stereo, room: &Room, rate: Hertz) -> Stereo {
    let mut reverb = Reverb::new(room, rate);
    let mut thin = [0; 2].map(|_| StateVariable::new(Hertz(200.0), 0.707, rate));
    let mut wet = [Vec::with_capacity(dry[0].len()), Vec::with_capacity(dry[0].len())];
    for (&left, &right) in dry[0].iter().zip(&dry[1]) {
        let [left, right] = reverb.wet([thin[0].split(left).high, thin[1].split(right).high]);
        wet[0].push(left);
        wet[1].push(right);
    }
    wet
}

/// Echoes alone of a mono sound, first left, then right, each darker and lower by `feedback`.
pub(crate) fn ping_pong(dry: &[f32], time: Seconds, feedback: f32, rate: Hertz) -> Stereo {
    let mut rings = [Ring::new(time, rate), Ring::new(time, rate)];
    let mut tone = [0; 2].map(|_| StateVariable::new(Hertz(1_400.0), 0.4, rate));
    let mut wet = [Vec::with_capacity(dry.len()), Vec::with_capacity(dry.len())];
    for &input in dry {
        let [left, right] = [rings[0].read(), rings[1].read()];
        rings[0].write(input + feedback * tone[1].split(right).band);
        rings[1].write(feedback * tone[0].split(left).band);
        wet[0].push(left);
        wet[1].push(right);
    }
    wet
}

/// Adds `gain` × `other`.
pub(crate) fn add(sum: &mut Stereo, other: &Stereo, gain: f32) {
    for (sum, other) in sum.iter_mut().zip(other) {
        for (sum, other) in sum.iter_mut().zip(other) {
            *sum += gain * other;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Hertz = Hertz(48_000.0);

    fn energy(samples: &[f32]) -> f64 {
        samples.iter().map(|s| f64::from(*s).powi(2)).sum()
    }

    /// Red when `gains` used −2 in place of −3 (a tail half as long again).
    #[test]
    fn tail_falls_by_60_db_in_its_decay_time() {
        let room = Room { decay: Seconds(2.0), predelay: Seconds(0.02), damping: Hertz(20_000.0), size: 1.0 };
        let mut dry = vec![0.0; 3 * 48_000];
        dry[0] = 1.0;
        let wet = reverberate(&[dry.clone(), dry], &room, RATE);
        let early = energy(&wet[0][9_600..19_200]);
        let late = energy(&wet[0][57_600..67_200]);
        let fall = 10.0 * (late / early).log10();
        assert!((-37.0..-26.0).contains(&fall), "{fall} dB in one of two seconds");
    }

    /// Red when both rings took the input.
    #[test]
    fn echoes_alternate() {
        let mut dry = vec![0.0; 48_000];
        dry[0] = 1.0;
        let wet = ping_pong(&dry, Seconds(0.25), 0.5, RATE);
        assert_eq!(wet[0][12_000], 1.0);
        assert_eq!(energy(&wet[1][..24_000]), 0.0);
        assert!(energy(&wet[1][24_000..36_000]) > 0.0);
    }
}

//! The eight lines with their losses, and the all-passes before them. Real-time safe but for the constructors.

use super::Settings;
use crate::ramp::RAMP_FRAMES;

const LINES: usize = 8;
/// Seconds of the lines in a hall of size 1, in no simple ratio to each other (so that echoes do not fall together).
const SECONDS: [f32; LINES] = [0.0353, 0.0441, 0.0489, 0.0520, 0.0631, 0.0713, 0.0801, 0.0877];
/// The smallest room's share of that.
const SMALLEST: f32 = 0.3;
/// Share of the decay that is left to the treble at full damping.
const DULLEST: f32 = 0.05;
/// Lengths and gains of the all-passes: Dattorro 1997, table 1 (his rate was 29,761 Hz).
const DIFFUSION: [(f32, f32); 4] = [
    (142.0 / 29_761.0, 0.75),
    (107.0 / 29_761.0, 0.75),
    (379.0 / 29_761.0, 0.625),
    (277.0 / 29_761.0, 0.625),
];
/// What is smaller is nothing: it must not fade into denormal numbers, which cost a hundred times others.
const NOTHING: f32 = 1e-18;

/// What each line loses on one way through it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Losses {
    gain: [f32; LINES],
    // Of the one-pole filter `y = (1 − pole) x + pole y₋₁`.
    pole: [f32; LINES],
    // Of what is heard: keeps the loudness of the room the same whatever the decay.
    out: f32,
}

impl Losses {
    /// Jot 1991: a line of `length` frames loses 60 dB × length / decay. The pole is the one with which the filter's
    /// gain at half the sample rate is what a decay of `treble` asks for.
    pub(super) fn of(lengths: [usize; LINES], rate: f32, settings: Settings) -> Self {
        let treble = 1.0 - (1.0 - DULLEST) * settings.damping;
        let gain = lengths.map(|length| 10.0_f32.powf(-3.0 * length as f32 / (rate * settings.decay)));
        let pole = gain.map(|gain| {
            let ratio = gain.powf(1.0 / treble - 1.0);
            (1.0 - ratio) / (1.0 + ratio)
        });
        let power = gain.iter().map(|gain| gain * gain).sum::<f32>() / LINES as f32;
        Self { gain, pole, out: ((1.0 - power) / 2.0).sqrt() }
    }
}

/// Eight delay lines that feed each other.
#[derive(Debug)]
pub(super) struct Network {
    // One row a frame, one column a line; as many rows as a power of two.
    rows: Box<[[f32; LINES]]>,
    at: usize,
    lengths: [usize; LINES],
    filters: [f32; LINES],
    losses: Losses,
    // Where the losses go, and the frames that are left.
    target: Losses,
    gliding: u32,
}

impl Network {
    pub(super) fn new(rate: f32, size: f32, settings: Settings) -> Self {
        let scale = SMALLEST + (1.0 - SMALLEST) * size;
        let lengths = SECONDS.map(|seconds| next_prime((seconds * scale * rate) as usize));
        let losses = Losses::of(lengths, rate, settings);
        let longest = lengths[LINES - 1];
        Self {
            rows: vec![[0.0; LINES]; (longest + 1).next_power_of_two()].into_boxed_slice(),
            at: 0,
            lengths,
            filters: [0.0; LINES],
            losses,
            target: losses,
            gliding: 0,
        }
    }

    pub(super) fn lengths(&self) -> [usize; LINES] {
        self.lengths
    }

    /// Frames of the longest line.
    pub(super) fn longest(&self) -> usize {
        self.lengths[LINES - 1]
    }

    /// Goes over to other losses: a step of the gains would be heard in the tail.
    pub(super) fn glide(&mut self, losses: Losses) {
        self.target = losses;
        self.gliding = RAMP_FRAMES;
    }

    /// One frame in (left, right), one out, and the largest value that went into a line.
    pub(super) fn pass(&mut self, [left, right]: [f32; 2]) -> ([f32; 2], f32) {
        self.follow_glide();
        let mask = self.rows.len() - 1;
        let mut lines = [0.0; LINES];
        for (index, line) in lines.iter_mut().enumerate() {
            *line = self.rows[self.at.wrapping_sub(self.lengths[index]) & mask][index];
        }
        let wet = [
            sum(lines, [1.0, -1.0, 1.0, 1.0, -1.0, 1.0, 1.0, -1.0]),
            sum(lines, [1.0, 1.0, -1.0, 1.0, 1.0, -1.0, 1.0, -1.0]),
        ];
        for (index, line) in lines.iter_mut().enumerate() {
            let pole = self.losses.pole[index];
            let filtered = *line * (1.0 - pole) + self.filters[index] * pole;
            self.filters[index] = tidy(filtered);
            *line = filtered * self.losses.gain[index];
        }
        let mixed = hadamard(lines);
        let (left, right) = (left * 0.5, right * 0.5);
        let fed = [left, right, -left, right, left, -right, left, right];
        let mut peak = 0.0_f32;
        let row = &mut self.rows[self.at & mask];
        for (index, place) in row.iter_mut().enumerate() {
            *place = tidy(mixed[index] + fed[index]);
            peak = peak.max(place.abs());
        }
        self.at = self.at.wrapping_add(1);
        (wet.map(|side| side * self.losses.out), peak)
    }

    fn follow_glide(&mut self) {
        if self.gliding == 0 {
            return;
        }
        let step = 1.0 / self.gliding as f32;
        let towards = |now: &mut f32, target: f32| *now += (target - *now) * step;
        for index in 0..LINES {
            towards(&mut self.losses.gain[index], self.target.gain[index]);
            towards(&mut self.losses.pole[index], self.target.pole[index]);
        }
        towards(&mut self.losses.out, self.target.out);
        self.gliding -= 1;
        if self.gliding == 0 {
            self.losses = self.target;
        }
    }

    /// Silence, exactly.
    pub(super) fn clear(&mut self) {
        self.rows.fill([0.0; LINES]);
        self.filters = [0.0; LINES];
    }
}

/// All-passes in a row: they keep every frequency's level and smear its moment.
#[derive(Debug)]
pub(super) struct Diffuser {
    stages: [(Box<[f32]>, usize, f32); 4],
}

impl Diffuser {
    /// Stages `stretch` times as long as Dattorro's.
    pub(super) fn new(rate: f32, stretch: f32) -> Self {
        let stage = |(seconds, gain): (f32, f32)| {
            let length = next_prime((seconds * stretch * rate) as usize);
            (vec![0.0; length].into_boxed_slice(), 0, gain)
        };
        Self { stages: DIFFUSION.map(stage) }
    }

    /// One frame.
    pub(super) fn pass(&mut self, sample: f32) -> f32 {
        self.stages.iter_mut().fold(sample, |sample, (line, at, gain)| {
            let late = line[*at];
            let fed = tidy(sample - *gain * late);
            line[*at] = fed;
            *at = if *at + 1 == line.len() { 0 } else { *at + 1 };
            late + *gain * fed
        })
    }

    /// Frames of all stages.
    pub(super) fn length(&self) -> usize {
        self.stages.iter().map(|(line, ..)| line.len()).sum()
    }

    /// Silence, exactly.
    pub(super) fn clear(&mut self) {
        self.stages.iter_mut().for_each(|(line, ..)| line.fill(0.0));
    }
}

/// The lossless matrix: a fast Walsh–Hadamard transform over √8. Energy out is energy in.
fn hadamard(mut lines: [f32; LINES]) -> [f32; LINES] {
    let mut half = LINES / 2;
    while half > 0 {
        for start in (0..LINES).step_by(half * 2) {
            for index in start..start + half {
                let (a, b) = (lines[index], lines[index + half]);
                lines[index] = a + b;
                lines[index + half] = a - b;
            }
        }
        half /= 2;
    }
    lines.map(|line| line * 0.353_553_39)
}

fn sum(lines: [f32; LINES], signs: [f32; LINES]) -> f32 {
    lines.iter().zip(signs).map(|(line, sign)| line * sign).sum()
}

/// Neither denormal nor NaN (which is larger than nothing at all).
fn tidy(sample: f32) -> f32 {
    if sample.abs() > NOTHING { sample } else { 0.0 }
}

fn next_prime(from: usize) -> usize {
    let is_prime = |n: &usize| (2..).take_while(|d| d * d <= *n).all(|d| !n.is_multiple_of(d));
    (from.max(2)..).find(is_prime).unwrap_or(from)
}

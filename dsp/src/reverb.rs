//! Reverb: a room around a voice, cheap enough to sing through and stable whatever comes in.
//!
//! Start at [`Reverb::new`]. A feedback delay network of eight lines after J.-M. Jot and A. Chaigne, “Digital delay
//! networks for designing artificial reverberators” (90th AES Convention, 1991): the lines are mixed by a lossless
//! matrix (Hadamard), each loses as much as its own length has to lose at the decay asked for, and a one-pole filter
//! in each makes treble die sooner. Before them stand four all-passes a side as in J. Dattorro, “Effect Design, Part
//! 1” (J. Audio Eng. Soc. 45, 1997), which turn a consonant into a cloud instead of a row of echoes.
//!
//! Real-time safe but for [`Reverb::new`].

mod network;
#[cfg(test)]
mod tests;

use crate::ramp::Ramp;
use network::{Diffuser, Losses, Network};

/// Below this (−120 dBFS) everything in the room counts as nothing.
const INAUDIBLE: f32 = 1e-6;
/// What comes in is held within ±24 dBFS; nothing that a converter gives is beyond.
const LOUDEST: f32 = 16.0;
/// Frames that are diffused before they go into the network.
const PIECE: usize = 64;

/// How a room sounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Seconds in which the low and middle frequencies fall by 60 dB: 0.1 to 20.
    pub decay: f32,
    /// How much sooner the treble is gone: 0 not at all, 1 in a twentieth of the time (at half the sample rate).
    pub damping: f32,
    /// Linear gain of the room. At 1 a steady noise on both sides is about as loud as without it, whatever the decay.
    pub mix: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { decay: 1.4, damping: 0.75, mix: 0.25 }
    }
}

impl Settings {
    /// Within what is possible, whatever was asked for.
    #[must_use]
    fn bounded(self) -> Self {
        let within = |value: f32, low: f32, high: f32, default: f32| {
            if value.is_finite() { value.clamp(low, high) } else { default }
        };
        let usual = Self::default();
        Self {
            decay: within(self.decay, 0.1, 20.0, usual.decay),
            damping: within(self.damping, 0.0, 1.0, usual.damping),
            mix: within(self.mix, 0.0, 4.0, 0.0),
        }
    }
}

/// A room. Two sides in (the same one twice for mono), two out.
#[derive(Debug)]
pub struct Reverb {
    rate: f32,
    settings: Settings,
    mix: Ramp,
    sides: [Diffuser; 2],
    network: Network,
    // Frames since anything in the room was last louder than INAUDIBLE.
    quiet: usize,
    asleep: bool,
}

impl Reverb {
    /// An empty room at `rate` frames a second. `size` is 0 (a vocal booth) to 1 (a hall) and stays: the walls of a
    /// room that sounds cannot be moved without bending its tail. Not real-time safe.
    #[must_use]
    pub fn new(rate: u32, size: f32, settings: Settings) -> Self {
        let settings = settings.bounded();
        let rate = rate.clamp(8_000, 768_000) as f32;
        let size = if size.is_finite() { size.clamp(0.0, 1.0) } else { 0.5 };
        Self {
            rate,
            settings,
            mix: Ramp::at(settings.mix),
            // The sides differ a little, so that one voice in the middle comes back from everywhere.
            sides: [Diffuser::new(rate, 1.0), Diffuser::new(rate, 1.13)],
            network: Network::new(rate, size, settings),
            quiet: 0,
            asleep: true,
        }
    }

    /// Changes how it sounds; what is changed glides over 256 frames.
    pub fn set(&mut self, settings: Settings) {
        let settings = settings.bounded();
        if settings.mix != self.settings.mix {
            self.mix.glide(settings.mix);
        }
        if (settings.decay, settings.damping) != (self.settings.decay, self.settings.damping) {
            let losses = Losses::of(self.network.lengths(), self.rate, settings);
            self.network.glide(losses);
        }
        self.settings = settings;
    }

    /// How it sounds.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// Whether nothing sounds in it: it stands in an exact fixed point, and silence in costs nothing.
    #[must_use]
    pub fn asleep(&self) -> bool {
        self.asleep
    }

    /// Adds what the room answers to `input` (left, right) to `output` (left, right); all equally long (the shortest
    /// decides). What is no number counts as silence.
    pub fn add(&mut self, input: [&[f32]; 2], output: [&mut [f32]; 2]) {
        let [left_out, right_out] = output;
        let frames = input[0].len().min(input[1].len()).min(left_out.len()).min(right_out.len());
        let mut done = 0;
        while done < frames {
            let piece = done..(done + PIECE).min(frames);
            let length = piece.len();
            let input = input.map(|side| &side[piece.clone()]);
            self.add_piece(input, [&mut left_out[piece.clone()], &mut right_out[piece]]);
            done += length;
        }
    }

    fn add_piece(&mut self, input: [&[f32]; 2], output: [&mut [f32]; 2]) {
        let frames = input[0].len();
        let unheard = self.mix.target() == 0.0 && !self.mix.moving();
        let silent = input.iter().all(|side| side.iter().all(|sample| *sample == 0.0));
        if unheard || self.asleep && silent {
            self.fall_asleep();
            self.mix.advance(frames as u32);
            return;
        }
        self.asleep = false;
        let mut loudest = 0.0_f32;
        let [left_out, right_out] = output;
        let outputs = left_out.iter_mut().zip(right_out);
        for (frame, ((left, right), (left_out, right_out))) in
            input[0].iter().zip(input[1]).zip(outputs).enumerate()
        {
            let sides = [self.sides[0].pass(bounded(*left)), self.sides[1].pass(bounded(*right))];
            let (wet, peak) = self.network.pass(sides);
            loudest = loudest.max(peak).max(sides[0].abs()).max(sides[1].abs());
            let mix = self.mix.value_after(frame as u32);
            *left_out += wet[0] * mix;
            *right_out += wet[1] * mix;
        }
        self.mix.advance(frames as u32);
        self.quiet = if loudest > INAUDIBLE { 0 } else { self.quiet + frames };
        // By then nothing that was louder is left in any line.
        if self.quiet > self.network.longest() + self.sides[1].length() {
            self.fall_asleep();
        }
    }

    fn fall_asleep(&mut self) {
        if !self.asleep {
            self.network.clear();
            self.sides.iter_mut().for_each(Diffuser::clear);
            self.quiet = 0;
            self.asleep = true;
        }
    }
}

/// A sample that cannot harm: no NaN, no infinity, nothing that would ring for minutes.
fn bounded(sample: f32) -> f32 {
    if sample.is_finite() { sample.clamp(-LOUDEST, LOUDEST) } else { 0.0 }
}

//! Whether somebody sings: no single number says so, and what was just heard counts.
//!
//! Start at [`Voicing::decide`]. All is relative: to the signal's own likeness, and to how loud the voice was a moment
//! ago, so that a whisper is heard as a cry is, but not the room's answer to it.

use super::super::ESTIMATES_A_SECOND;

/// The evidence that begins a tone,
const BEGIN: f32 = 0.55;
/// and the evidence that keeps it.
const KEEP: f32 = 0.45;
/// So much below the voice of a moment ago (decibels) more evidence is asked for,
const FAINT: f32 = 12.0;
/// down to here, where only a perfectly periodic sound is still sung.
const FAINTEST: f32 = 24.0;
/// How fast the voice of a moment ago is forgotten, in decibels a second.
const FORGET: f32 = 40.0;

/// Remembers how the moment before was.
#[derive(Debug)]
pub(super) struct Voicing {
    singing: bool,
    /// Decibels.
    voice: f32,
}

/// What there is to judge a moment by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence {
    /// The likeness that the path saw, over a short time.
    pub(super) short: f32,
    /// The likeness over a longer time and several periods: noise that seems periodic for a moment has none.
    pub(super) long: f32,
    /// The mean square about the moment.
    pub(super) power: f64,
}

impl Default for Voicing {
    fn default() -> Self {
        Self { singing: false, voice: f32::MIN }
    }
}

impl Voicing {
    /// Whether somebody sings, and how sure the pitch is, 0 to 1.
    pub(super) fn decide(&mut self, evidence: Option<Evidence>) -> (bool, f32) {
        self.voice = (self.voice - FORGET / ESTIMATES_A_SECOND as f32).max(-200.0);
        let Some(Evidence { short, long, power }) = evidence else {
            self.singing = false;
            return (false, 0.0);
        };
        let level = 10.0 * power.max(1e-12).log10() as f32;
        let faint = ((self.voice - level - FAINT) / (FAINTEST - FAINT)).clamp(0.0, 1.0);
        let asked = if self.singing { KEEP } else { BEGIN };
        let sure = 0.5 * (short + long.max(0.0));
        self.singing = sure > asked + (1.0 - asked) * faint;
        if self.singing {
            self.voice = self.voice.max(level);
        }
        (self.singing, sure.clamp(0.0, 1.0))
    }

    /// As if just made.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }
}

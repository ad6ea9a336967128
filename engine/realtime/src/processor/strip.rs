//! A strip: fader, pan or balance, and mute, from a track's channels to left and right.
//!
//! Start at [`Strip`]. Real-time safe. Gestures glide over 256 frames; what is set is exact at once.

use dawg_dsp::mix;
use dawg_dsp::pan::{balance_gains, pan_gains};
use dawg_dsp::ramp::Ramp;
use dawg_dsp::units::Pan;
use dawg_plugins::{Audio, EventKind, Events, Node, ParamId, ParamInfo, Ports, Process, Unit};

/// Fader, linear.
pub const GAIN: ParamId = ParamId(0);
/// Pan or balance.
pub const PAN: ParamId = ParamId(1);
/// 1 when it is heard, 0 when mute or another track's solo silences it.
pub const AUDIBLE: ParamId = ParamId(2);

const PARAMS: [ParamInfo; 3] = [
    ParamInfo { id: GAIN, name: "Gain", unit: Unit::LinearGain, min: 0.0, max: 15.848_932, default: 1.0 },
    ParamInfo { id: PAN, name: "Pan", unit: Unit::Pan, min: -1.0, max: 1.0, default: 0.0 },
    ParamInfo { id: AUDIBLE, name: "Audible", unit: Unit::Switch, min: 0.0, max: 1.0, default: 1.0 },
];

/// What a strip is set to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StripSettings {
    /// Fader, linear.
    pub gain: f32,
    /// −1 to 1.
    pub pan: f32,
    /// Whether it is heard.
    pub audible: bool,
}

/// The node of a track's or the master's strip.
#[derive(Debug)]
pub struct Strip {
    channels: u16,
    settings: StripSettings,
    sides: [Ramp; 2],
}

impl Strip {
    /// A strip from `channels` channels to two, standing at `settings`.
    #[must_use]
    pub fn new(channels: u16, settings: StripSettings) -> Self {
        let (left, right) = side_gains(channels, settings);
        Self { channels, settings, sides: [Ramp::at(left), Ramp::at(right)] }
    }

    fn change(&mut self, param: ParamId, value: f64) -> bool {
        let value = value as f32;
        match param {
            GAIN if value.is_finite() => self.settings.gain = value,
            PAN => self.settings.pan = value,
            AUDIBLE => self.settings.audible = value >= 0.5,
            _ => return false,
        }
        true
    }

    fn handle(&mut self, kind: EventKind) {
        let (EventKind::Glide { param, value } | EventKind::Set { param, value }) = kind;
        if !self.change(param, value) {
            return;
        }
        let (left, right) = side_gains(self.channels, self.settings);
        for (side, gain) in self.sides.iter_mut().zip([left, right]) {
            match kind {
                EventKind::Glide { .. } => side.glide(gain),
                EventKind::Set { .. } => side.set(gain),
            }
        }
    }

    fn pass(&mut self, inputs: &[&[f32]], outputs: &mut [&mut [f32]], from: usize, to: usize) {
        for (channel, (output, side)) in outputs.iter_mut().zip(&mut self.sides).enumerate() {
            let Some(input) = inputs.get(channel).or(inputs.first()) else { continue };
            let (input, output) = (&input[from..to], &mut output[from..to]);
            if side.moving() {
                for (frame, (out, sample)) in output.iter_mut().zip(input).enumerate() {
                    *out = sample * side.value_after(frame as u32);
                }
                side.advance((to - from) as u32);
            } else {
                mix::scale_into(output, input, side.target());
            }
        }
    }
}

/// Gain of each side: exactly (1, 1) for a stereo strip at its defaults, so that samples pass unchanged.
fn side_gains(channels: u16, settings: StripSettings) -> (f32, f32) {
    if !settings.audible {
        return (0.0, 0.0);
    }
    let pan = Pan::new(settings.pan);
    let (left, right) = if channels == 1 { pan_gains(pan) } else { balance_gains(pan) };
    (settings.gain * left, settings.gain * right)
}

impl Node for Strip {
    fn ports(&self) -> Ports {
        Ports { inputs: self.channels, outputs: 2 }
    }

    fn params(&self) -> &'static [ParamInfo] {
        &PARAMS
    }

    fn param(&self, id: ParamId) -> Option<f64> {
        match id {
            GAIN => Some(f64::from(self.settings.gain)),
            PAN => Some(f64::from(self.settings.pan)),
            AUDIBLE => Some(f64::from(u8::from(self.settings.audible))),
            _ => None,
        }
    }

    fn process(&mut self, process: &Process<'_>, audio: &mut Audio<'_, '_>, _out: &mut Events) {
        let mut at = 0;
        for event in process.events {
            let offset = (event.offset as usize).min(process.frames);
            self.pass(audio.inputs, audio.outputs, at, offset);
            self.handle(event.kind);
            at = offset;
        }
        self.pass(audio.inputs, audio.outputs, at, process.frames);
    }

    fn reset(&mut self) {
        let (left, right) = side_gains(self.channels, self.settings);
        self.sides = [Ramp::at(left), Ramp::at(right)];
    }
}

#[cfg(test)]
#[path = "strip_tests.rs"]
mod tests;

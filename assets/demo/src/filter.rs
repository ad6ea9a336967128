//! Filters: a state-variable filter for colour, one-pole smoothing, and a blocker of DC.

use crate::units::{Hertz, Seconds};

/// The three outputs of a [`StateVariable`] filter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bands {
    pub(crate) low: f32,
    pub(crate) band: f32,
    pub(crate) high: f32,
}

/// Second-order filter that may be swept without clicks (Zavalishin, "The Art of VA Filter Design", 2018, §4).
#[derive(Clone, Debug)]
pub(crate) struct StateVariable {
    g: f32,
    damping: f32,
    first: f32,
    second: f32,
}

impl StateVariable {
    /// `q` = 0.707 is flat; higher rings.
    pub(crate) fn new(cutoff: Hertz, q: f32, rate: Hertz) -> Self {
        let mut filter = Self { g: 0.0, damping: 1.0 / q, first: 0.0, second: 0.0 };
        filter.tune(cutoff, rate);
        filter
    }

    /// Moves the cut-off.
    pub(crate) fn tune(&mut self, cutoff: Hertz, rate: Hertz) {
        self.g = (std::f32::consts::PI * cutoff.below_nyquist(rate).0 / rate.0).tan();
    }

    /// One sample in, all bands out. The band-pass has unit gain at the centre.
    pub(crate) fn split(&mut self, input: f32) -> Bands {
        let scale = 1.0 / (1.0 + self.g * (self.g + self.damping));
        let high = (input - (self.g + self.damping) * self.first - self.second) * scale;
        let band = self.g * high + self.first;
        let low = self.g * band + self.second;
        self.first = self.g * high + band;
        self.second = self.g * band + low;
        Bands { low, band: band * self.damping, high }
    }
}

/// Follows a target like two resistors and capacitors in a row: smooth at the start as at the end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chase {
    first: f32,
    now: f32,
}

impl Chase {
    /// At rest at `value`.
    pub(crate) fn at(value: f32) -> Self {
        Self { first: value, now: value }
    }

    /// One step of length `tick` toward `target`, with time constant `pace` per stage.
    pub(crate) fn step(&mut self, target: f32, pace: Seconds, tick: Seconds) -> f32 {
        let share = 1.0 - (-tick.0 / pace.0).exp();
        self.first += share * (target - self.first);
        self.now += share * (self.first - self.now);
        self.now
    }
}

/// Takes out everything below about 15 Hz, in place: what no loudspeaker plays but costs headroom.
pub(crate) fn block_dc(channel: &mut [f32], rate: Hertz) {
    let keep = 1.0 - std::f64::consts::TAU * 15.0 / f64::from(rate.0);
    let (mut last_in, mut last_out) = (0.0f64, 0.0f64);
    for sample in channel {
        let input = f64::from(*sample);
        last_out = input - last_in + keep * last_out;
        last_in = input;
        *sample = last_out as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Hertz = Hertz(48_000.0);

    /// Red when `block_dc` kept `last_in` at zero.
    #[test]
    fn dc_is_blocked_and_sound_passes() {
        let mut channel: Vec<f32> =
            (0..48_000).map(|n| 0.5 + 0.25 * crate::oscillator::sine(n as f32 / 480.0)).collect();
        block_dc(&mut channel, RATE);
        let late = &channel[24_000..];
        assert!((late.iter().sum::<f32>() / late.len() as f32).abs() < 1e-3);
        assert!((late.iter().fold(0.0f32, |peak, s| peak.max(s.abs())) - 0.25).abs() < 0.01);
    }

    /// Red when `band` was given without `damping`, which lifts the centre by `q`.
    #[test]
    fn bands_sum_to_the_input_and_band_is_unity_at_the_centre() {
        let mut filter = StateVariable::new(Hertz(1_000.0), 4.0, RATE);
        let mut peak = 0.0f32;
        for n in 0..48_000 {
            let input = crate::oscillator::sine((n % 48) as f32 / 48.0);
            let bands = filter.split(input);
            assert!((bands.low + bands.band + bands.high - input).abs() < 1e-4);
            peak = if n > 24_000 { peak.max(bands.band.abs()) } else { 0.0 };
        }
        assert!((peak - 1.0).abs() < 0.02, "{peak}");
    }
}

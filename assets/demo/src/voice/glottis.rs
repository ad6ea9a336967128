//! The glottis: pulses of air, and the breath between them.
//!
//! The derivative of the glottal flow by Fant, Liljencrants and Lin ("A four-parameter model of glottal flow",
//! STL-QPSR 4/1985), its shape from the one parameter Rd (Fant, "The LF-model revisited", STL-QPSR 2–3/1995):
//! 0.7 is pressed and bright, 2 is soft and breathy.

use crate::noise::Noise;
use crate::units::Hertz;

/// One period's shape; times are shares of the period.
#[derive(Clone, Copy, Debug)]
struct Pulse {
    /// When the folds shut.
    closure: f64,
    /// Growth and angular frequency of the opening flow.
    growth: f64,
    omega: f64,
    scale: f64,
    /// The return after closure.
    epsilon: f64,
    shift: f64,
}

impl Pulse {
    /// The closed form in which the opening's area equals the return's, so that no air is lost.
    fn new(rd: f64) -> Self {
        let rd = rd.clamp(0.5, 2.7);
        let ra = -0.01 + 0.048 * rd;
        let rk = 0.224 + 0.118 * rd;
        let rg = (rk / 4.0) * (0.5 + 1.2 * rk) / (0.11 * rd - ra * (0.5 + 1.2 * rk));
        let peak = 1.0 / (2.0 * rg);
        let closure = peak * (1.0 + rk);
        let epsilon = 1.0 / ra;
        let shift = (-epsilon * (1.0 - closure)).exp();
        let returned = ((shift - 1.0) / epsilon + (1.0 - closure) * shift) / (1.0 - shift);
        let upper = (closure - peak) / 2.0 - returned;
        let omega = std::f64::consts::PI / peak;
        let sine = (omega * closure).sin();
        let ratio = (-std::f64::consts::PI * sine * upper / (peak * 2.0)).max(1e-9);
        let growth = ratio.ln() / (peak / 2.0 - closure);
        let scale = -1.0 / (sine * (growth * closure).exp());
        Self { closure, growth, omega, scale, epsilon, shift }
    }

    /// Peaks at −1, at closure.
    fn at(&self, phase: f64) -> f64 {
        if phase < self.closure {
            self.scale * (self.growth * phase).exp() * (self.omega * phase).sin()
        } else {
            (self.shift - (-self.epsilon * (phase - self.closure)).exp()) / (1.0 - self.shift)
        }
    }
}

/// The vocal folds of one singer.
#[derive(Debug)]
pub(crate) struct Glottis {
    pulse: Pulse,
    phase: f64,
    /// This period's deviation in length and level: no two are alike.
    jitter: f64,
    shimmer: f64,
    pressure: f32,
    noise: Noise,
    /// Breath is noise that falls off above some kilohertz.
    breath: f32,
    soften: f32,
    rate: Hertz,
}

impl Glottis {
    pub(crate) fn new(seed: u32, rate: Hertz) -> Self {
        let noise = Noise::new(seed);
        let soften = 1.0 - (-std::f32::consts::TAU * 3_500.0 / rate.0).exp();
        let pulse = Pulse::new(1.2);
        let (phase, pressure, breath) = (0.0, 0.0, 0.0);
        Self { pulse, phase, jitter: 1.0, shimmer: 1.0, pressure, noise, breath, soften, rate }
    }

    /// Sets how hard the folds are pressed, 0…1: soft notes are breathy, loud ones bright.
    pub(crate) fn press(&mut self, pressure: f32) {
        self.pressure = pressure;
    }

    /// One sample of flow: pulses at level `voicing`, breath at level `breath`.
    pub(crate) fn next(&mut self, frequency: Hertz, voicing: f32, breath: f32) -> f32 {
        self.phase += frequency.turns(self.rate) * self.jitter;
        if self.phase >= 1.0 {
            self.phase -= 1.0;
            self.jitter = 1.0 + 0.0035 * f64::from(self.noise.next());
            self.shimmer = 1.0 + 0.025 * f64::from(self.noise.next());
            self.pulse = Pulse::new(1.9 - 1.3 * f64::from(self.pressure));
        }
        let flow = if voicing > 1e-5 { (self.shimmer * self.pulse.at(self.phase)) as f32 } else { 0.0 };
        // Breath is heard most while the folds are open.
        let open = if self.phase < self.pulse.closure || voicing < 1e-3 { 1.0 } else { 0.35 };
        self.breath += self.soften * (self.noise.next() - self.breath);
        voicing * flow + breath * open * self.breath
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What goes out must come in: else the voice has DC. Red when `upper` lost its `− returned`.
    #[test]
    fn a_period_sums_to_nothing() {
        for rd in [0.7, 1.0, 1.5, 2.1] {
            let pulse = Pulse::new(rd);
            let sum: f64 = (0..100_000).map(|n| pulse.at(f64::from(n) / 1e5)).sum::<f64>() / 1e5;
            assert!(sum.abs() < 0.02, "Rd {rd}: {sum}");
            assert!((pulse.at(pulse.closure) + 1.0).abs() < 1e-6);
        }
    }
}

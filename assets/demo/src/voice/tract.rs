//! The vocal tract: a tube from the folds to the lips, bent into vowels, and the nose beside it.

use super::diction::Mouth;
use crate::units::{Hertz, Seconds};

/// A pair of poles with unit gain at DC (Klatt 1980, figure 3).
#[derive(Clone, Copy, Debug, Default)]
struct Resonance {
    a: f64,
    b: f64,
    c: f64,
    last: [f64; 2],
}

impl Resonance {
    fn tune(&mut self, centre: f32, width: f32, rate: Hertz) {
        let centre = f64::from(Hertz(centre).below_nyquist(rate).0 / rate.0);
        let radius = (-std::f64::consts::PI * f64::from(width / rate.0)).exp();
        self.c = -radius * radius;
        self.b = 2.0 * radius * (std::f64::consts::TAU * centre).cos();
        self.a = 1.0 - self.b - self.c;
    }

    fn pole(&mut self, input: f64) -> f64 {
        let out = self.a * input + self.b * self.last[0] + self.c * self.last[1];
        self.last = [out, self.last[0]];
        out
    }

    /// The same pair as zeros: undoes `pole` exactly.
    fn zero(&mut self, input: f64) -> f64 {
        let out = (input - self.b * self.last[0] - self.c * self.last[1]) / self.a;
        self.last = [input, self.last[0]];
        out
    }
}

/// Fourth and fifth resonance: they hardly move, and lie close. That is the singer's formant, which lets a voice
/// be heard over a band (Sundberg, "Articulatory interpretation of the singing formant", JASA 1974).
const SINGER: [f32; 2] = [3_250.0, 4_150.0];
const WIDTHS: [f32; MOVED] = [75.0, 95.0, 140.0, 200.0, 280.0];
const NOSE: f32 = 270.0;
/// How many of the tube's resonances are moved to where the mouth has them.
const MOVED: usize = 5;
/// Width of the tube's own resonances, in hertz.
const TUBE_WIDTH: f32 = 140.0;
/// From the lips to the folds and back: what puts a man's resonances at 500, 1500, 2500 Hz and so on.
const ROUND_TRIP: Seconds = Seconds(0.001);

/// A throat of one width all along: a delay fed back upside down. It has all resonances up to the Nyquist
/// frequency at one height, where a cascade of a few would fall off above its last by 100 dB and sound dull.
#[derive(Debug)]
struct Tube {
    ring: Vec<f64>,
    at: usize,
    loss: f64,
    /// The round trip in samples, and the samples between the taps of the wall's filter.
    length: usize,
    spread: usize,
}

impl Tube {
    fn new(round_trip: Seconds, rate: Hertz) -> Self {
        let length = round_trip.samples(rate).max(4);
        let loss = (-std::f32::consts::PI * TUBE_WIDTH * length as f32 / rate.0).exp();
        let spread = Seconds(1.0 / 48_000.0).samples(rate).max(1);
        Self { ring: vec![0.0; length + spread], at: 0, loss: f64::from(loss), length, spread }
    }

    /// Centre of a resonance, counted from 0.
    fn resonance(&self, number: usize, rate: Hertz) -> f32 {
        (number as f32 + 0.5) * rate.0 / self.length as f32
    }

    /// The walls swallow what is high: a filter of three taps, symmetric so that it detunes nothing.
    fn pass(&mut self, input: f64) -> f64 {
        let held = self.ring.len();
        let tap = |newer: usize| self.ring[(self.at + newer) % held];
        let late = 0.2 * tap(0) + 0.6 * tap(self.spread) + 0.2 * tap(2 * self.spread);
        let out = (1.0 + self.loss) * input - self.loss * late;
        self.ring[self.at] = out;
        self.at = (self.at + 1) % held;
        out
    }
}

/// A throat, a mouth and a nose.
#[derive(Debug)]
pub(crate) struct Tract {
    tube: Tube,
    /// Takes the tube's resonance away...
    unmoved: [Resonance; MOVED],
    /// ...and puts the mouth's in its place.
    moved: [Resonance; MOVED],
    nose: Resonance,
    nose_zero: Resonance,
    scale: f32,
    rate: Hertz,
}

impl Tract {
    /// `scale` above 1 shortens the throat.
    pub(crate) fn new(scale: f32, rate: Hertz) -> Self {
        let tube = Tube::new(Seconds(ROUND_TRIP.0 / scale), rate);
        let mut unmoved = [Resonance::default(); MOVED];
        for (number, resonance) in unmoved.iter_mut().enumerate() {
            resonance.tune(tube.resonance(number, rate), TUBE_WIDTH, rate);
        }
        let mut nose = Resonance::default();
        nose.tune(NOSE, 100.0, rate);
        Self { tube, unmoved, moved: unmoved, nose, nose_zero: nose, scale, rate }
    }

    /// Moves the resonances. A singer opens the first one ahead of a high note, which would be lost above it.
    pub(crate) fn shape(&mut self, mouth: &Mouth, pitch: Hertz) {
        let [f1, f2, f3] = mouth.formants.map(|formant| formant * self.scale);
        let f1 = f1.max(1.06 * pitch.0);
        let f2 = f2.max(f1 + 220.0);
        let [f4, f5] = SINGER.map(|formant| formant * self.scale);
        let closed = 1.0 + 1.6 * mouth.nasal;
        let centres = [f1, f2, f3, f4.max(f3 + 350.0), f5];
        for ((resonance, centre), width) in self.moved.iter_mut().zip(centres).zip(WIDTHS) {
            resonance.tune(centre, width * closed, self.rate);
        }
        self.nose_zero.tune(NOSE + 260.0 * mouth.nasal, 100.0, self.rate);
    }

    pub(crate) fn resonate(&mut self, flow: f32) -> f32 {
        let mut sample = self.nose.pole(self.nose_zero.zero(f64::from(flow)));
        for (unmoved, moved) in self.unmoved.iter_mut().zip(&mut self.moved) {
            sample = moved.pole(unmoved.zero(sample));
        }
        self.tube.pass(sample) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(tract: &mut Tract, frequency: f64) -> f64 {
        let mut peak = 0.0f64;
        for n in 0..24_000 {
            let flow = (std::f64::consts::TAU * frequency * f64::from(n) / 48_000.0).sin();
            let sample = f64::from(tract.resonate(flow as f32));
            peak = if n > 12_000 { peak.max(sample.abs()) } else { 0.0 };
        }
        20.0 * peak.log10()
    }

    /// Red when `resonate` was a plain cascade of five, without the tube.
    #[test]
    fn the_tube_carries_the_air() {
        let mut tract = Tract::new(1.0, Hertz(48_000.0));
        let mouth = Mouth { formants: [500.0, 1_500.0, 2_500.0], ..Mouth::closed() };
        tract.shape(&mouth, Hertz(110.0));
        let (low, high) = (level(&mut tract, 1_500.0), level(&mut tract, 9_500.0));
        assert!(high > low - 25.0, "1.5 kHz: {low} dB, 9.5 kHz: {high} dB");
    }

    /// Red when `tune` left the factor 2 out of `b`.
    #[test]
    fn formants_are_where_they_were_put() {
        let mut tract = Tract::new(1.0, Hertz(48_000.0));
        let mouth = Mouth { formants: [700.0, 1_200.0, 2_400.0], ..Mouth::closed() };
        tract.shape(&mouth, Hertz(110.0));
        for (peak, valley) in [(700.0, 950.0), (1_200.0, 1_700.0)] {
            let (high, low) = (level(&mut tract, peak), level(&mut tract, valley));
            assert!(high > low + 6.0, "{peak} Hz: {high} dB, {valley} Hz: {low} dB");
        }
    }
}

//! Units. A bare `f32` is a sample or a linear gain; everything else says what it is.

/// A frequency, or a sample rate.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) struct Hertz(pub(crate) f32);

/// A duration or a moment.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) struct Seconds(pub(crate) f32);

/// A pitch in semitones by MIDI's count: A4 = 69 = 440 Hz. Fractions are welcome.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) struct Pitch(pub(crate) f32);

impl Hertz {
    /// Phase increment per sample, in turns.
    pub(crate) fn turns(self, rate: Hertz) -> f64 {
        f64::from(self.0) / f64::from(rate.0)
    }

    /// Held below the Nyquist frequency by a margin in which filters stay well-behaved.
    pub(crate) fn below_nyquist(self, rate: Hertz) -> Hertz {
        Hertz(self.0.min(0.45 * rate.0))
    }
}

impl Seconds {
    /// As a whole number of samples, nearest.
    pub(crate) fn samples(self, rate: Hertz) -> usize {
        (self.0 * rate.0).round() as usize
    }

    /// Factor per sample by which a decay falls to 1/e in this time.
    pub(crate) fn decay(self, rate: Hertz) -> f32 {
        (-1.0 / (self.0 * rate.0).max(1e-3)).exp()
    }
}

impl Pitch {
    /// Equal temperament, A4 = 440 Hz.
    pub(crate) fn hertz(self) -> Hertz {
        Hertz(440.0 * ((self.0 - 69.0) / 12.0).exp2())
    }

    /// Transposed by a number of semitones.
    pub(crate) const fn up(self, semitones: f32) -> Pitch {
        Pitch(self.0 + semitones)
    }
}

/// Linear gain of a level in decibels.
pub(crate) fn decibels(level: f32) -> f32 {
    10f32.powf(level / 20.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when the octave was 11 semitones.
    #[test]
    fn an_octave_doubles() {
        assert!((Pitch(57.0).hertz().0 - 220.0).abs() < 1e-3);
        assert!((Pitch(42.0).hertz().0 / Pitch(30.0).hertz().0 - 2.0).abs() < 1e-6);
    }

    /// Red when `decibels` divided by 10 (power, not amplitude).
    #[test]
    fn six_decibels_double() {
        assert!((decibels(6.0206) - 2.0).abs() < 1e-4);
    }
}

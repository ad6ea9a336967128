//! Numbers with their unit in the type. A bare `f32` is a sample or a linear gain.

/// A place between the speakers, −1 (left) to 1 (right).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Pan(f32);

impl Pan {
    /// Hard left.
    pub const LEFT: Self = Self(-1.0);
    /// The middle.
    pub const CENTRE: Self = Self(0.0);
    /// Hard right.
    pub const RIGHT: Self = Self(1.0);

    /// Clamps to −1…1 and takes NaN as the centre, so that no caller has to.
    #[must_use]
    pub fn new(pan: f32) -> Self {
        if pan.is_nan() { Self::CENTRE } else { Self(pan.clamp(-1.0, 1.0) + 0.0) }
    }

    /// −1…1.
    #[must_use]
    pub const fn get(self) -> f32 {
        self.0
    }
}

/// A level or gain in dB; −∞ is silence.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Decibels(pub f32);

impl Decibels {
    /// Silence.
    pub const SILENCE: Self = Self(f32::NEG_INFINITY);

    /// The dB of a linear amplitude; 0 and less are silence.
    #[must_use]
    pub fn from_linear(amplitude: f32) -> Self {
        if amplitude > 0.0 { Self(20.0 * amplitude.log10()) } else { Self::SILENCE }
    }

    /// The linear factor.
    #[must_use]
    pub fn to_linear(self) -> f32 {
        10.0_f32.powf(self.0 / 20.0)
    }
}

impl std::fmt::Display for Decibels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 == f32::NEG_INFINITY { f.write_str("−∞ dB") } else { write!(f, "{:.1} dB", self.0) }
    }
}

/// A frequency in Hz.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Hertz(pub f32);

/// Hundredths of an equal-tempered semitone.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Cents(pub f32);

#[cfg(test)]
mod tests {
    use super::*;

    // Seen red: without the NaN branch, clamp keeps NaN and every sample of the track becomes NaN.
    #[test]
    fn pan_takes_anything() {
        assert_eq!(Pan::new(f32::NAN), Pan::CENTRE);
        assert_eq!(Pan::new(7.0), Pan::RIGHT);
        assert_eq!(Pan::new(-0.0).get().to_bits(), 0);
    }

    #[test]
    fn decibels_go_both_ways() {
        assert!((Decibels(-6.0).to_linear() - 0.501_187).abs() < 1e-6);
        assert_eq!(Decibels::from_linear(0.0), Decibels::SILENCE);
        assert_eq!(Decibels::SILENCE.to_linear(), 0.0);
    }
}

//! Pan places a mono signal between two speakers; balance turns down one side of a stereo one.
//!
//! Start at [`pan_gains`] and [`balance_gains`]. Real-time safe: arithmetic only, no state.

use crate::units::Pan;

/// Gain of both sides at the centre: −3 dB, so that power stays constant over the stage.
pub const CENTRE_GAIN: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// Linear gains `(left, right)` of a mono signal at `pan`, constant power.
///
/// Exact where it matters: [`CENTRE_GAIN`] on both sides at the centre, and silence, not almost silence, on
/// the far side at either end (`cos(π/2)` in `f32` is −4.4e-8, which would leak).
#[must_use]
pub fn pan_gains(pan: Pan) -> (f32, f32) {
    if pan == Pan::LEFT {
        return (1.0, 0.0);
    }
    if pan == Pan::RIGHT {
        return (0.0, 1.0);
    }
    if pan == Pan::CENTRE {
        return (CENTRE_GAIN, CENTRE_GAIN);
    }
    let angle = (pan.get() + 1.0) * std::f32::consts::FRAC_PI_4;
    (angle.cos(), angle.sin())
}

/// Linear gains `(left, right)` of a stereo signal at `pan`: exactly (1, 1) at the centre, one side turned
/// down in a straight line, exactly 0 on the far side.
#[must_use]
pub fn balance_gains(pan: Pan) -> (f32, f32) {
    let pan = pan.get();
    if pan > 0.0 { (1.0 - pan, 1.0) } else { (1.0, 1.0 + pan) }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen red: a linear law (1−p, 1+p) fails at every step but the ends.
    #[test]
    fn power_is_constant_over_the_stage() {
        for step in -100_i16..=100 {
            let (left, right) = pan_gains(Pan::new(f32::from(step) / 100.0));
            assert!((left * left + right * right - 1.0).abs() < 1e-6, "at {step} %");
        }
    }

    // Seen red: without the three early returns the far side leaks 4e-8.
    #[test]
    fn ends_and_centre_are_exact() {
        assert_eq!(pan_gains(Pan::LEFT), (1.0, 0.0));
        assert_eq!(pan_gains(Pan::CENTRE), (CENTRE_GAIN, CENTRE_GAIN));
        assert_eq!(pan_gains(Pan::RIGHT), (0.0, 1.0));
        assert_eq!(balance_gains(Pan::LEFT), (1.0, 0.0));
        assert_eq!(balance_gains(Pan::CENTRE), (1.0, 1.0));
        assert_eq!(balance_gains(Pan::RIGHT), (0.0, 1.0));
    }
}

//! How alike two signals are, and which crossfade they want.
//!
//! Start at [`correlation`].

/// From this correlation on, equal gain keeps the power of a crossfade closer to constant than equal power does: √2 − 1.
///
/// In the middle of a crossfade of two signals of the same power and correlation ρ, the power is 1 + ρ times that of
/// either with equal power (both gains √½), and (1 + ρ)/2 with equal gain (both ½). Both are as far from 1, in dB, where
/// (1 + ρ)²/2 = 1. (The powers: Fink, Holters, Zölzer, "Signal-matched power-complementary cross-fading and dry-wet
/// mixing", DAFx-16, section 2.)
pub const EQUAL_GAIN_FROM: f64 = std::f64::consts::SQRT_2 - 1.0;

/// The normalised correlation of two equally long signals (of the longer one, the rest is left out): `Σ ab / √(Σ a² Σ b²)`,
/// from −1 to 1; 1 for the same signal at whatever level, 0 if either is silent. The mean is not taken off, for power
/// knows no mean. Real-time safe.
#[must_use]
pub fn correlation(a: &[f32], b: &[f32]) -> f64 {
    let (mut ab, mut aa, mut bb) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (f64::from(*a), f64::from(*b));
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    let power = (aa * bb).sqrt();
    if power > 0.0 && power.is_finite() { (ab / power).clamp(-1.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fade::{Shape, fade_in, fade_out};

    const FRAMES: usize = 48_000;

    /// Noise of even power, −1 to 1.
    fn noise(seed: u32) -> Vec<f32> {
        let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
        let next = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (f64::from(state) / f64::from(u32::MAX) * 2.0 - 1.0) as f32
        };
        std::iter::repeat_with(next).take(FRAMES).collect()
    }

    fn crossed(a: &[f32], b: &[f32], shape: Shape) -> Vec<f32> {
        let (mut a, mut b) = (a.to_vec(), b.to_vec());
        fade_out(&mut a, shape, FRAMES as i64, FRAMES as i64);
        fade_in(&mut b, shape, 0, FRAMES as i64);
        a.iter().zip(&b).map(|(a, b)| a + b).collect()
    }

    fn power_db(crossed: &[f32], alone: &[f32]) -> f64 {
        let power = |samples: &[f32]| samples.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>();
        10.0 * (power(crossed) / power(alone)).log10()
    }

    #[test]
    fn the_same_is_one_the_opposite_minus_one_the_unrelated_nothing() {
        let (a, b) = (noise(1), noise(2));
        let quiet: Vec<f32> = a.iter().map(|sample| sample * -0.01).collect();
        assert!((correlation(&a, &a) - 1.0).abs() < 1e-12);
        assert!((correlation(&a, &quiet) + 1.0).abs() < 1e-6);
        assert!(correlation(&a, &b).abs() < 0.02);
        assert_eq!(correlation(&a, &vec![0.0; FRAMES]), 0.0);
        assert_eq!(correlation(&[f32::NAN], &[1.0]), 0.0);
    }

    #[test]
    fn the_threshold_tells_the_shape_whose_power_is_nearer() {
        let (a, other) = (noise(1), noise(2));
        for step in -10..=10 {
            let wanted = f64::from(step) / 10.0;
            let rest = (1.0 - wanted * wanted).sqrt();
            let mixed = |(a, b): (&f32, &f32)| (f64::from(*a) * wanted + f64::from(*b) * rest) as f32;
            let b: Vec<f32> = a.iter().zip(&other).map(mixed).collect();
            // The middle of the crossfade, where it is furthest off.
            let middle = FRAMES / 2 - 2_000..FRAMES / 2 + 2_000;
            let off = |shape| power_db(&crossed(&a, &b, shape)[middle.clone()], &a[middle.clone()]).abs();
            let (gain, power) = (off(Shape::Linear), off(Shape::EqualPower));
            let equal_gain = correlation(&a, &b) >= EQUAL_GAIN_FROM;
            assert_eq!(gain < power, equal_gain, "correlation {wanted}: {gain} dB, {power} dB");
        }
    }

    #[test]
    fn equal_gain_of_the_same_is_the_same_and_equal_power_of_the_unrelated_as_loud() {
        let (a, b) = (noise(1), noise(2));
        let same = crossed(&a, &a, Shape::Linear);
        let furthest = a.iter().zip(&same).map(|(a, same)| (a - same).abs()).fold(0.0, f32::max);
        assert!(furthest <= f32::EPSILON, "{furthest:e}");
        let off = power_db(&crossed(&a, &b, Shape::EqualPower), &a);
        assert!(off.abs() < 0.1, "{off} dB");
    }
}

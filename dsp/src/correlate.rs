//! Cross-correlation: how well one signal is found in another, by how much later it lies there.
//!
//! Start at [`correlate`]. By FFT (the correlation theorem), so not real-time safe.

use realfft::RealFftPlanner;

/// `result[lag] = Σ signal[n] · heard[n + lag]` for each lag below `lags`; what `heard` does not have is silence.
/// Empty if `signal` or `lags` is.
#[must_use]
pub fn correlate(signal: &[f32], heard: &[f32], lags: usize) -> Vec<f32> {
    if signal.is_empty() || lags == 0 {
        return Vec::new();
    }
    // Long enough that what wraps around is not looked at.
    let size = (signal.len() + lags).next_power_of_two();
    let mut planner = RealFftPlanner::<f32>::new();
    let (forward, inverse) = (planner.plan_fft_forward(size), planner.plan_fft_inverse(size));
    let spectrum = |samples: &[f32]| {
        let mut padded = vec![0.0; size];
        let length = samples.len().min(signal.len() + lags);
        padded[..length].copy_from_slice(&samples[..length]);
        let mut bins = forward.make_output_vec();
        // Both buffers have the lengths that the plan asks for, its only condition.
        forward.process(&mut padded, &mut bins).ok().map(|()| bins)
    };
    let (Some(of_signal), Some(mut bins)) = (spectrum(signal), spectrum(heard)) else {
        return vec![0.0; lags];
    };
    for (bin, signal) in bins.iter_mut().zip(&of_signal) {
        *bin *= signal.conj();
    }
    // Of a real signal these two are real; rounding may have left something.
    for edge in [0, bins.len() - 1] {
        bins[edge].im = 0.0;
    }
    let mut result = inverse.make_output_vec();
    if inverse.process(&mut bins, &mut result).is_err() {
        return vec![0.0; lags];
    }
    result.truncate(lags);
    let scale = 1.0 / size as f32;
    result.iter_mut().for_each(|value| *value *= scale);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(length: usize, mut seed: u32) -> Vec<f32> {
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn is_what_the_sum_says() {
        let (signal, heard) = (noise(97, 1), noise(300, 2));
        for (lag, value) in correlate(&signal, &heard, 250).into_iter().enumerate() {
            let pairs = signal.iter().zip(heard.iter().skip(lag));
            let sum: f32 = pairs.map(|(a, b)| a * b).sum();
            assert!((value - sum).abs() < 1e-3, "lag {lag}: {value}, not {sum}");
        }
    }

    #[test]
    fn nothing_in_nothing_is_nothing() {
        assert!(correlate(&[], &[1.0], 3).is_empty());
        assert!(correlate(&[1.0], &[1.0], 0).is_empty());
        assert_eq!(correlate(&[1.0], &[], 2), [0.0, 0.0]);
    }
}

//! Sums, gains and copies over slices: the inner loops of a mixer.
//!
//! Real-time safe. Slices of one call are equally long (the shorter one decides). Written so that the compiler
//! makes vectors of them; no fused multiply-add, so that every machine of a kind gives the same bits.

/// `out = input × gain`. At a gain of exactly 1 the samples pass unchanged.
pub fn scale_into(out: &mut [f32], input: &[f32], gain: f32) {
    if gain == 1.0 {
        let n = out.len().min(input.len());
        out[..n].copy_from_slice(&input[..n]);
        return;
    }
    for (out, sample) in out.iter_mut().zip(input) {
        *out = sample * gain;
    }
}

/// `samples × gain`, in place.
pub fn scale(samples: &mut [f32], gain: f32) {
    if gain != 1.0 {
        for sample in samples {
            *sample *= gain;
        }
    }
}

/// `out + input`.
pub fn add(out: &mut [f32], input: &[f32]) {
    for (out, sample) in out.iter_mut().zip(input) {
        *out += sample;
    }
}

/// `sum + input`, in double precision: sums at a bus round once, at the end.
pub fn accumulate(sum: &mut [f64], input: &[f32]) {
    for (sum, sample) in sum.iter_mut().zip(input) {
        *sum += f64::from(*sample);
    }
}

/// The one rounding at the end of a sum.
pub fn round_into(out: &mut [f32], sum: &[f64]) {
    for (out, sum) in out.iter_mut().zip(sum) {
        *out = *sum as f32;
    }
}

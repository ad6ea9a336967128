//! The sound of the metronome: a short decaying sine, higher on the first beat of a bar.
//!
//! Start at [`click_sample`]. Real-time safe: each sample is a function of its place alone, so that a click
//! comes out the same whatever the block size.

/// How long a click lasts, in seconds.
pub const CLICK_SECONDS: f64 = 0.03;

/// Frames of a click at `rate` frames a second.
#[must_use]
pub fn click_frames(rate: u32) -> i64 {
    (f64::from(rate) * CLICK_SECONDS) as i64
}

/// Sample `at` of a click at `rate` frames a second; 0 outside of it. Peak below 1.
#[must_use]
pub fn click_sample(at: i64, rate: u32, accent: bool) -> f32 {
    let length = click_frames(rate);
    if at < 0 || at >= length {
        return 0.0;
    }
    let time = at as f64 / f64::from(rate);
    let pitch = if accent { 1_760.0 } else { 1_174.66 };
    let decay = (-time * 160.0).exp() * (1.0 - at as f64 / length as f64);
    let attack = (time / 0.0005).min(1.0);
    ((std::f64::consts::TAU * pitch * time).sin() * decay * attack) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen red: without the `attack` and the linear term of `decay` the click starts and ends with a step.
    #[test]
    fn starts_and_ends_quietly() {
        for rate in [8_000, 48_000, 192_000] {
            let end = click_frames(rate) - 1;
            for accent in [false, true] {
                assert!(click_sample(0, rate, accent).abs() < 0.01);
                assert!(click_sample(end, rate, accent).abs() < 0.01);
                assert!((0..=end).all(|at| click_sample(at, rate, accent).abs() < 1.0));
                assert!((0..=end).any(|at| click_sample(at, rate, accent).abs() > 0.4));
            }
        }
    }
}

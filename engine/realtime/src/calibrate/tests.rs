//! The correlator against loops of every kind.

use super::*;

const RATE: u32 = 48_000;

/// What comes back of the signal through `path`, which is given the sample of each frame.
fn through(signal: &TestSignal, delay: usize, mut path: impl FnMut(f32) -> f32) -> Vec<f32> {
    let played = |frame: usize| frame.checked_sub(delay).map_or(0.0, |frame| signal.at(frame));
    (0..signal.length()).map(|frame| path(played(frame))).collect()
}

/// White noise of this deviation.
fn noise(deviation: f32, mut seed: u32) -> impl FnMut() -> f32 {
    let mut uniform = move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f32 / (1 << 24) as f32 - 0.5
    };
    move || (0..12).map(|_| uniform()).sum::<f32>() * deviation
}

fn measured(delay: usize, path: impl FnMut(f32) -> f32) -> Result<Measured, CalibrationError> {
    let signal = TestSignal::new(RATE);
    measure(&signal, &through(&signal, delay, path), 1)
}

#[test]
fn a_cable_is_found_to_the_frame() {
    for delay in [0, 1, 64, 777, 1_033, 9_600, 38_000] {
        let found = measured(delay, |sample| sample).unwrap();
        assert_eq!((found.round_trip, found.inverted), (delay as i64, false));
        assert!(found.level_db.abs() < 0.1 && found.confidence > 0.9, "{found:?}");
    }
}

// Seen red: with the peak sought in the correlation instead of its size, an inverted loop is off by thousands.
#[test]
fn a_loop_at_minus_40_db_is_found_in_noise_and_upside_down() {
    for (seed, sign) in [(1, 1.0), (2, -1.0), (3, -1.0)] {
        let mut hiss = noise(0.003, seed); // −50 dBFS, as loud as what comes back
        let found = measured(1_234, |sample| sample * sign * 0.01 + hiss()).unwrap();
        assert_eq!((found.round_trip, found.inverted), (1_234, sign < 0.0), "{found:?}");
        assert!((found.level_db + 40.0).abs() < 1.0, "{found:?}");
    }
}

/// A loudspeaker and a microphone: nothing below 150 Hz, little above 6 kHz, and a reflection.
#[test]
fn through_the_air_it_is_found_within_a_frame_of_the_first_sound() {
    let mut hiss = noise(0.001, 7);
    let (mut low, mut high, mut room) = (0.0, 0.0, vec![0.0; 400]);
    let mut at = 0;
    let found = measured(2_000, |sample| {
        low += (sample - low) * 0.54;
        high += (low - high) * 0.02;
        let direct = (low - high) * 0.1;
        let echo = std::mem::replace(&mut room[at], direct);
        at = (at + 1) % room.len();
        direct + echo * 0.5 + hiss()
    })
    .unwrap();
    assert!((found.round_trip - 2_000).abs() <= 1, "{found:?}");
}

// Seen red: with a threshold of 3 pure noise is “unsteady”, as if something had come back.
#[test]
fn with_nothing_connected_nothing_is_found() {
    assert!(matches!(measured(0, |_| 0.0), Err(CalibrationError::Nothing { .. })));
    for seed in 0..5 {
        let mut hiss = noise(0.05, seed);
        assert!(matches!(measured(0, |_| hiss()), Err(CalibrationError::Nothing { .. })));
    }
    assert!(matches!(measured(0, |_| f32::NAN), Err(CalibrationError::Nothing { .. })));
}

#[test]
fn what_clips_is_told() {
    let clipping = |sample: f32| (sample * 8.0).clamp(-1.0, 1.0);
    assert_eq!(measured(100, clipping), Err(CalibrationError::TooLoud { input: 1 }));
}

// Seen red: without the comparison of the bursts the mean of two places is given out as measured.
#[test]
fn bursts_that_disagree_are_no_measurement() {
    let signal = TestSignal::new(RATE);
    let mut heard = through(&signal, 500, |sample| sample * 0.5);
    // A drop-out of three frames in the middle of it.
    heard.drain(100_000..100_003);
    assert!(measure(&signal, &heard, 1).unwrap_err().to_string().contains("3 frames apart"));
}

//! Onsets at known times.

use std::f64::consts::TAU;

use super::*;

const RATE: u32 = 48_000;

/// Seconds of silence, to be filled.
fn silence(seconds: f64, rate: u32) -> Vec<f32> {
    vec![0.0; (seconds * f64::from(rate)) as usize]
}

/// White noise that depends on nothing.
fn noise(samples: &mut [f32], level: f32) {
    let mut state = 0x1234_5678_u32;
    for sample in samples {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *sample += level * (state as f32 / u32::MAX as f32 * 2.0 - 1.0);
    }
}

/// A voice-like tone from `at` on for `seconds`, which takes `attack` seconds to be there; cents as told of each moment.
fn tone(samples: &mut [f32], rate: u32, at: f64, seconds: f64, attack: f64, cents: impl Fn(f64) -> f64) {
    let mut phase = 0.0;
    let first = (at * f64::from(rate)) as usize;
    for n in 0..(seconds * f64::from(rate)) as usize {
        let time = n as f64 / f64::from(rate);
        phase += 220.0 * (cents(time) / 1_200.0).exp2() / f64::from(rate);
        let level = (time / attack).min(1.0) * ((seconds - time) / 0.02).min(1.0);
        let wave: f64 = (1..12).map(|k| (TAU * phase * f64::from(k)).sin() / f64::from(k)).sum();
        if let Some(sample) = samples.get_mut(first + n) {
            *sample += (0.2 * level * wave) as f32;
        }
    }
}

#[track_caller]
fn check(found: &[Onset], expected: &[f64], within: f64) {
    assert_eq!(found.len(), expected.len(), "{found:?} for {expected:?}");
    for (onset, expected) in found.iter().zip(expected) {
        let beside = (onset.seconds - expected) * 1_000.0;
        assert!(beside.abs() <= within * 1_000.0, "{expected} s: {beside:.1} ms beside; {found:?}");
    }
}

#[test]
fn claps_are_told_within_5_ms_at_any_rate() {
    for rate in [8_000, 44_100, 48_000, 96_000, 192_000] {
        let times = [0.3, 0.75, 1.0, 1.11, 1.9173];
        let mut samples = silence(2.5, rate);
        for time in times {
            let first = (time * f64::from(rate)) as usize;
            let mut clap = silence(0.08, rate);
            noise(&mut clap, 0.5);
            for (n, (sample, clap)) in samples[first..].iter_mut().zip(&clap).enumerate() {
                *sample += clap * (-(n as f32) / rate as f32 / 0.02).exp();
            }
        }
        check(&find(&samples, rate), &times, 0.005);
    }
}

#[test]
fn notes_that_swell_in_20_ms_are_told_where_a_third_is_there() {
    // Seen red: with silence beginning at −80 dB, which left the quiet ones out.
    for level in [1.0, 0.03] {
        let times = [0.25, 0.8, 1.4, 1.9];
        let mut samples = silence(2.6, RATE);
        times.iter().for_each(|time| tone(&mut samples, RATE, *time, 0.4, 0.02, |_| 0.0));
        samples.iter_mut().for_each(|sample| *sample *= level);
        noise(&mut samples, 1e-4 * level);
        let begun: Vec<f64> = times.iter().map(|time| time + 0.02 / 3.0).collect();
        check(&find(&samples, RATE), &begun, 0.005);
    }
}

#[test]
fn a_note_bound_to_the_one_before_is_told_within_25_ms() {
    let mut samples = silence(2.5, RATE);
    let step = |time: f64| {
        if time < 0.5 {
            0.0
        } else if time < 1.0 {
            300.0
        } else {
            -200.0
        }
    };
    tone(&mut samples, RATE, 0.5, 1.5, 0.01, step);
    check(&find(&samples, RATE), &[0.503, 1.0, 1.5], 0.025);
}

#[test]
fn vibrato_a_steady_noise_silence_and_what_is_no_number_begin_nothing() {
    let mut samples = silence(3.0, RATE);
    tone(&mut samples, RATE, 0.4, 2.4, 0.01, |time| 80.0 * (TAU * 6.0 * time).sin());
    check(&find(&samples, RATE), &[0.403], 0.005);
    let mut hiss = silence(3.0, RATE);
    noise(&mut hiss, 0.1);
    // It begins with the first sample, if at all.
    assert!(find(&hiss, RATE).iter().all(|onset| onset.seconds < 0.03), "{:?}", find(&hiss, RATE));
    for nothing in [silence(2.0, RATE), vec![f32::NAN; 96_000], Vec::new(), vec![0.5; 3]] {
        check(&find(&nothing, RATE), &[], 0.0);
    }
    let mut broken = silence(1.0, RATE);
    broken[1_000] = f32::INFINITY;
    tone(&mut broken, RATE, 0.5, 0.4, 0.01, |_| 0.0);
    check(&find(&broken, RATE), &[0.503], 0.005);
}

#[test]
fn the_end_of_a_note_is_no_onset() {
    let mut samples = silence(2.0, RATE);
    tone(&mut samples, RATE, 0.5, 0.5, 0.01, |_| 0.0);
    samples[RATE as usize * 99 / 100..].fill(0.0);
    check(&find(&samples, RATE), &[0.503], 0.005);
}

#[test]
fn the_size_of_what_is_pushed_changes_nothing() {
    let mut samples = silence(1.5, RATE);
    tone(&mut samples, RATE, 0.5, 0.5, 0.01, |_| 0.0);
    let whole = find(&samples, RATE);
    let mut finder = OnsetFinder::new(RATE);
    samples.chunks(777).for_each(|chunk| finder.push(chunk));
    assert_eq!(finder.finish(), whole);
    assert_eq!(whole.len(), 1);
}

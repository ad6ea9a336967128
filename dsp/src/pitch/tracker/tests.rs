//! What the tracker promises: the moment, the causality, the octave, silence where nobody sings.

mod sounds;

use super::super::{ESTIMATES_A_SECOND, Estimate, LIVE_LATENCY_SECONDS, PitchError, PitchRange};
use super::Tracker;
use crate::units::Hertz;
use sounds::{glide, mixed, noise, partials, voice};

const RATE: u32 = 48_000;

fn both(rate: u32) -> [Tracker; 2] {
    let range = PitchRange::default();
    [Tracker::live(rate, range).unwrap(), Tracker::whole(rate, range).unwrap()]
}

fn track(tracker: &mut Tracker, samples: &[f32], size: usize) -> Vec<Estimate> {
    let mut told = Vec::new();
    for part in samples.chunks(size) {
        tracker.push(part, &mut |estimate| told.push(estimate));
    }
    tracker.finish(&mut |estimate| told.push(estimate));
    told
}

/// Cents above the frequency.
fn cents(estimate: &Estimate, frequency: f64) -> f64 {
    1200.0 * (f64::from(estimate.frequency) / frequency).log2()
}

/// The share of moments at which somebody is said to sing.
fn voiced(told: &[Estimate]) -> f64 {
    told.iter().filter(|estimate| estimate.voiced).count() as f64 / told.len() as f64
}

/// All moments but those within 50 ms of either end are voiced and within `most` cents.
fn told_right(told: &[Estimate], frequency: f64, most: f64, what: &str) {
    for estimate in &told[10..told.len() - 10] {
        let off = cents(estimate, frequency);
        assert!(
            estimate.voiced && off.abs() < most,
            "{what}: {estimate:?} is {off:.1} cents off {frequency}"
        );
    }
}

// Seen red: with the filter begun anew at each push.
#[test]
fn any_size_of_push_gives_the_same_bits() {
    let sung = mixed(&glide(RATE, 150.0, 700.0, 1.0), &noise(RATE as usize, 7, 0.02));
    for mut tracker in both(RATE) {
        let whole = track(&mut tracker, &sung, sung.len());
        for size in [1, 63, 480, 4_801] {
            assert_eq!(track(&mut tracker, &sung, size), whole, "in pushes of {size}");
        }
    }
}

// Seen red: with 10 moments looked ahead.
#[test]
fn live_estimates_depend_on_nothing_later_than_the_latency() {
    let sung = mixed(&glide(RATE, 120.0, 900.0, 1.0), &noise(RATE as usize, 3, 0.02));
    let [mut tracker, _] = both(RATE);
    assert!(tracker.latency() <= LIVE_LATENCY_SECONDS);
    let whole = track(&mut tracker, &sung, 480);
    for cut in [10_000, 20_011, 33_333] {
        let mut other = sung[..cut].to_vec();
        other.extend(noise(10_000, cut as u64, 0.5));
        let told = track(&mut tracker, &other, 480);
        let until = (cut as f64 / f64::from(RATE) - LIVE_LATENCY_SECONDS) * f64::from(ESTIMATES_A_SECOND);
        let until = until.floor() as usize + 1;
        assert_eq!(told[..until], whole[..until], "cut at {cut}");
    }
}

// Seen red: with the centre half a moment late.
#[test]
fn an_estimate_speaks_of_its_moment() {
    for rate in [8_000, 44_100, 48_000, 192_000] {
        let up = glide(rate, 220.0, 440.0, 0.5);
        for mut tracker in both(rate) {
            let told = track(&mut tracker, &up, 512);
            assert_eq!(told.len(), (up.len() * 200).div_ceil(rate as usize));
            for (number, estimate) in told.iter().enumerate() {
                assert_eq!(estimate.number, number as u64);
                let true_pitch = 220.0 * (estimate.seconds() / 0.5).exp2();
                // The pitch rises by 2.4 cents a millisecond.
                let off = cents(estimate, true_pitch);
                let inside = (10..90).contains(&number);
                assert!(!inside || off.abs() < 5.0, "{rate}: {estimate:?} {off}");
            }
        }
    }
}

// Seen red: with a long lag costing nothing (half the pitch).
#[test]
fn every_rate_tells_the_same_pitch() {
    for rate in
        [8_000, 11_025, 16_000, 17_999, 22_050, 32_000, 44_100, 47_999, 48_000, 88_200, 96_000, 192_000]
    {
        for frequency in [82.4, 220.0, 523.25, 1_046.5] {
            for mut tracker in both(rate) {
                let told = track(&mut tracker, &voice(rate, frequency, 0.4), 1_000);
                told_right(&told, frequency, 3.0, &format!("at {rate}"));
            }
        }
    }
}

// Seen red: with likeness counted as it is, not by its logarithm (twice the pitch).
#[test]
fn octaves_are_not_mistaken() {
    let shapes: [(&str, &[f64]); 6] = [
        ("no fundamental", &[0.0, 0.5, 0.5, 0.4, 0.3, 0.3, 0.2]),
        ("a weak fundamental", &[0.05, 0.6, 0.3, 0.3, 0.1]),
        ("a strong second", &[0.2, 1.0, 0.1, 0.1, 0.05]),
        ("a strong third", &[0.2, 0.1, 1.0, 0.1, 0.1]),
        ("odd ones only", &[0.5, 0.0, 0.3, 0.0, 0.2]),
        ("nothing but the fundamental", &[0.5]),
    ];
    for (what, shape) in shapes {
        for frequency in [98.0, 196.0, 392.0, 784.0] {
            for mut tracker in both(RATE) {
                let told = track(&mut tracker, &partials(RATE, frequency, shape, 0.3), 512);
                told_right(&told, frequency, 5.0, what);
            }
        }
    }
}

// Seen red: with a floor of −40 dB.
#[test]
fn a_whisper_and_a_clipped_cry_are_told_as_well() {
    let sung = voice(RATE, 246.9, 0.4);
    for gain in [0.004, 0.1, 1.0, 30.0] {
        let loud: Vec<f32> = sung.iter().map(|x| (x * gain).clamp(-1.0, 1.0)).collect();
        for mut tracker in both(RATE) {
            told_right(&track(&mut tracker, &loud, 512), 246.9, 3.0, &format!("gain {gain}"));
        }
    }
}

// Seen red: with nothing sought above the range, so that a whistle becomes a voice octaves lower.
#[test]
fn nobody_sings() {
    let second = RATE as usize;
    let sounds = [
        ("silence", vec![0.0; second]),
        ("DC", vec![0.7; second]),
        ("hum", partials(RATE, 50.0, &[0.3, 0.1, 0.1, 0.05, 0.05], 1.0)),
        ("a bass", voice(RATE, 55.0, 1.0)),
        ("a whistle", partials(RATE, 2_093.0, &[0.3], 1.0)),
        ("a high whistle", partials(RATE, 2_960.0, &[0.3], 1.0)),
        ("noise", noise(second, 1, 0.2)),
        ("quiet noise", noise(second, 2, 0.001)),
    ];
    for (what, sound) in sounds {
        for mut tracker in both(RATE) {
            let told = track(&mut tracker, &sound, 512);
            // An onset is a click, which has no pitch but may seem to for a moment.
            assert!(voiced(&told[10..told.len() - 10]) <= 0.02, "{what}: {}", voiced(&told));
        }
    }
}

// Seen red: with what is not finite let through; with a path that finishing does not begin anew.
#[test]
fn what_is_no_number_is_silence() {
    let sung = voice(RATE, 330.0, 0.3);
    let broken = |hole: f32| {
        let mut sung = sung.clone();
        sung[5_000..5_300].fill(hole);
        sung
    };
    for mut tracker in both(RATE) {
        let silent = track(&mut tracker, &broken(0.0), 512);
        for hole in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(track(&mut tracker, &broken(hole), 512), silent);
        }
        let huge = track(&mut tracker, &broken(f32::MAX), 512);
        assert!(huge.iter().all(|e| e.frequency.is_finite() && e.confidence.is_finite()));
        told_right(&huge[30..], 330.0, 3.0, "after something huge");
    }
}

#[test]
fn the_shortest_files() {
    for mut tracker in both(RATE) {
        assert_eq!(track(&mut tracker, &[], 1), []);
        assert_eq!(track(&mut tracker, &[0.5], 1), [Estimate::default()]);
        assert_eq!(track(&mut tracker, &[0.5; 241], 100).len(), 2);
    }
}

// Seen red: with a long lag costing nothing, so that a leap of an octave stays below.
#[test]
fn a_step_shows_soon() {
    for (from, to, most) in
        [(220.0, 247.0, 30.0), (440.0, 494.0, 32.0), (440.0, 330.0, 33.0), (330.0, 660.0, 45.0)]
    {
        let mut sung = partials(RATE, from, &[0.4, 0.2, 0.1], 0.3);
        let step = sung.len();
        sung.extend(partials(RATE, to, &[0.4, 0.2, 0.1], 0.3));
        let [mut tracker, _] = both(RATE);
        let mut shown = None;
        for (n, sample) in sung.iter().enumerate() {
            tracker.push(&[*sample], &mut |e| {
                if n > step && e.voiced && cents(&e, to).abs() < 50.0 {
                    shown.get_or_insert((n - step) as f64 / 48.0);
                }
            });
        }
        assert!(shown.is_some_and(|shown| shown < most), "{from} to {to}: {shown:?} ms");
    }
}

#[test]
fn two_singers_are_less_sure_than_one() {
    let mean = |told: &[Estimate]| told.iter().map(|e| e.confidence).sum::<f32>() / told.len() as f32;
    let (one, other) = (voice(RATE, 220.0, 1.0), voice(RATE, 311.0, 1.0));
    for mut tracker in both(RATE) {
        let alone = mean(&track(&mut tracker, &one, 512));
        let together = mean(&track(&mut tracker, &mixed(&one, &other), 512));
        assert!(alone > 0.95 && together < 0.8, "{alone} {together}");
    }
}

#[test]
fn rates_and_ranges_that_are_none() {
    let range = |lowest, highest| PitchRange { lowest: Hertz(lowest), highest: Hertz(highest) };
    for rate in [0, 7_999, 192_001] {
        assert!(matches!(Tracker::live(rate, PitchRange::default()), Err(PitchError::Rate(_))));
    }
    for range in [range(49.0, 500.0), range(100.0, 2_001.0), range(300.0, 500.0), range(f32::NAN, 500.0)] {
        assert_eq!(Tracker::whole(RATE, range).err(), Some(PitchError::Range));
    }
}

//! Notes of what the tracker hears in a voice made for it.

use crate::pitch::notes::find;
use crate::pitch::tuning::Tuning;
use crate::pitch::{Estimate, PitchRange, Tracker};
use crate::units::Hertz;

use super::curves::Curve;

const RATE: u32 = 48_000;

/// A voice that sings a curve: harmonics through two formants, their phases added up from the pitch, so that it is exact.
fn sung(curve: &Curve) -> Vec<f32> {
    let per_estimate = RATE as usize / 200;
    let (mut phase, mut level) = (0.0f64, 0.0f64);
    let mut samples = Vec::with_capacity(curve.0.len() * per_estimate);
    for (n, now) in curve.0.iter().enumerate() {
        let next = curve.0.get(n + 1).copied().flatten();
        for k in 0..per_estimate {
            let Some(cents) = now.or(next) else {
                level *= 0.995;
                samples.push(0.0);
                continue;
            };
            let part = k as f64 / per_estimate as f64;
            let cents = cents + (next.unwrap_or(cents) - cents) * part;
            let hertz = 440.0 * ((cents - 6_900.0) / 1_200.0).exp2();
            phase = (phase + hertz / f64::from(RATE)).fract();
            // 10 ms up and down.
            let goal = if now.is_some() && next.is_some() { 1.0 } else { 0.0 };
            level += (goal - level) * 0.004;
            let formant = |f: f64, at: f64, wide: f64| 1.0 / (1.0 + ((f - at) / wide).powi(2));
            let harmonic = |k: u32| {
                let f = f64::from(k) * hertz;
                (formant(f, 700.0, 130.0) + 0.6 * formant(f, 1_150.0, 150.0) + 0.02) / f64::from(k)
                    * (std::f64::consts::TAU * f64::from(k) * phase).sin()
            };
            samples.push((0.25 * level * (1..14).map(harmonic).sum::<f64>()) as f32);
        }
    }
    samples
}

fn followed(samples: &[f32]) -> Vec<Estimate> {
    let mut tracker = Tracker::whole(RATE, PitchRange::default()).unwrap();
    let mut estimates = Vec::new();
    samples.chunks(10_000).for_each(|block| tracker.push(block, &mut |e| estimates.push(e)));
    tracker.finish(&mut |e| estimates.push(e));
    estimates
}

/// Seen red: the tuning's A4 not used for the notes.
#[test]
fn a_song_is_written_down() {
    let scale = [57.0, 59.0, 61.0, 62.0, 64.0, 66.0, 68.0, 69.0, 68.0, 66.0, 64.0];
    let curve = Curve::default()
        .rest(0.1)
        .held(48.0, 0.7)
        .rest(0.12)
        .held(60.2, 0.5)
        .rest(0.1)
        .waving(55.0, 1.1, 5.3, 100.0)
        .rest(0.1)
        .waving(71.9, 1.1, 6.4, 30.0)
        .rest(0.2)
        .scale(&scale, 0.15)
        .rest(0.2)
        .glide(50.0, 62.0, 0.4)
        .rest(0.2);
    let estimates = followed(&sung(&curve));
    for (a4, up) in [(440.0, 0.0f32), (442.0, -7.85), (415.305, 100.0)] {
        let notes = find(&estimates, Tuning { a4: Hertz(a4) });
        let mut ideal = vec![48.0, 60.2, 55.0, 71.9];
        ideal.extend(scale);
        assert_eq!(notes.len(), ideal.len(), "{notes:#?}");
        for (note, ideal) in notes.iter().zip(&ideal) {
            let cents = f32::from(note.note.0) * 100.0 + note.cents.0;
            assert!((cents - up - *ideal as f32 * 100.0).abs() < 4.0, "{ideal}: {note:?}");
            assert!(note.drift.0.abs() < 8.0, "{note:?}");
        }
        let vibratos: Vec<(f32, f32)> =
            notes.iter().filter_map(|n| n.vibrato).map(|v| (v.rate.0, v.extent.0)).collect();
        assert_eq!(vibratos.len(), 2, "{notes:#?}");
        for (got, ideal) in vibratos.iter().zip([(5.3, 200.0), (6.4, 60.0)]) {
            assert!((got.0 - ideal.0).abs() < 0.2 && (got.1 / ideal.1 - 1.0).abs() < 0.1, "{vibratos:?}");
        }
    }
}

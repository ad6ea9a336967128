//! Curves made of notes, glides and holes, an estimate each 5 ms.

use crate::pitch::notes::{SungNote, find};
use crate::pitch::tuning::Tuning;
use crate::pitch::{ESTIMATES_A_SECOND, Estimate};
use crate::units::Hertz;

/// A curve in the making: cents above C-1 (key 0), or nothing where nobody sings.
#[derive(Default, Clone)]
pub(super) struct Curve(pub(super) Vec<Option<f64>>);

fn estimates(seconds: f64) -> usize {
    (seconds * f64::from(ESTIMATES_A_SECOND)).round() as usize
}

impl Curve {
    /// Goes on with what `cents` says of the seconds since the part began.
    pub(super) fn part(mut self, seconds: f64, cents: impl Fn(f64) -> f64) -> Self {
        let step = 1.0 / f64::from(ESTIMATES_A_SECOND);
        self.0.extend((0..estimates(seconds)).map(|n| Some(cents(n as f64 * step))));
        self
    }

    /// A key, held.
    pub(super) fn held(self, key: f64, seconds: f64) -> Self {
        self.part(seconds, |_| key * 100.0)
    }

    /// From key to key in a straight line.
    pub(super) fn glide(self, from: f64, to: f64, seconds: f64) -> Self {
        self.part(seconds, |t| (from + (to - from) * t / seconds) * 100.0)
    }

    /// A key with vibrato; `swing` is half its extent, in cents.
    pub(super) fn waving(self, key: f64, seconds: f64, rate: f64, swing: f64) -> Self {
        self.part(seconds, |t| key * 100.0 + swing * (std::f64::consts::TAU * rate * t).sin())
    }

    /// Nobody sings.
    pub(super) fn rest(mut self, seconds: f64) -> Self {
        self.0.extend(std::iter::repeat_n(None, estimates(seconds)));
        self
    }

    /// Notes of a scale, legato: the pitch passes from each to the next within 20 ms.
    pub(super) fn scale(self, keys: &[f64], seconds: f64) -> Self {
        let all = seconds * keys.len() as f64;
        let key = |t: f64| keys[((t / seconds) as usize).min(keys.len() - 1)];
        let blurred = |t: f64| (0..8).map(|n| key((t + (f64::from(n) - 3.5) * 0.0025).max(0.0))).sum::<f64>();
        self.part(all, |t| blurred(t) / 8.0 * 100.0)
    }

    /// As a tracker might have told it: each estimate up to `cents` off.
    pub(super) fn shaken(mut self, cents: f64) -> Self {
        let mut state = 7u64;
        for moment in self.0.iter_mut().flatten() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *moment += cents * ((state >> 33) as f64 / f64::from(1u32 << 30) - 1.0);
        }
        self
    }

    pub(super) fn estimates(&self) -> Vec<Estimate> {
        let one = |(number, cents): (u64, &Option<f64>)| Estimate {
            number,
            frequency: cents.map_or(0.0, |cents| 440.0 * ((cents - 6_900.0) / 1_200.0).exp2()) as f32,
            confidence: if cents.is_some() { 0.9 } else { 0.0 },
            voiced: cents.is_some(),
        };
        (0..).zip(&self.0).map(one).collect()
    }

    pub(super) fn found(&self) -> Vec<SungNote> {
        find(&self.estimates(), tuning())
    }
}

pub(super) fn tuning() -> Tuning {
    Tuning { a4: Hertz(440.0) }
}

/// The keys of notes, with their cents.
pub(super) fn keys(notes: &[SungNote]) -> Vec<u8> {
    notes.iter().map(|note| note.note.0).collect()
}

/// What must be true of whatever is found in whatever curve.
pub(super) fn check(notes: &[SungNote]) {
    for pair in notes.windows(2) {
        assert!(pair[0].end <= pair[1].start + 1e-9, "notes in order, none over another: {pair:?}");
    }
    for note in notes {
        assert!(note.end > note.start && note.start >= 0.0, "{note:?}");
        assert!(note.cents.0.abs() <= 50.01 && note.drift.0.is_finite(), "{note:?}");
        let (key, cents) = tuning().nearest(note.pitch).unwrap();
        assert_eq!(key, note.note);
        assert!((cents.0 - note.cents.0).abs() < 0.01);
        if let Some(vibrato) = note.vibrato {
            assert!((3.85..=8.2).contains(&vibrato.rate.0) && (28.0..=260.0).contains(&vibrato.extent.0));
        }
    }
}

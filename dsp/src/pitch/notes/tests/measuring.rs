//! What is told of a note.

use super::curves::*;
use crate::pitch::notes::{SungNote, share_in_tune};

fn alone(curve: &Curve) -> SungNote {
    let notes = curve.found();
    assert_eq!(notes.len(), 1, "{notes:?}");
    notes[0]
}

/// Seen red: the height of the wave read off the median of neighbours, which flattens it; the rate from the coarse steps
/// alone.
#[test]
fn vibrato_is_measured() {
    for rate in [4.1, 4.7, 5.3, 6.0, 6.6, 7.2, 7.9] {
        for swing in [16.0, 40.0, 75.0, 100.0, 124.0] {
            for (seconds, shaken) in [(0.75, 0.0), (1.1, 0.0), (1.1, 5.0), (3.3, 5.0)] {
                let curve = Curve::default().waving(60.2, seconds, rate, swing).shaken(shaken).rest(0.1);
                let note = alone(&curve);
                let what = format!("{rate} Hz, ±{swing}, {seconds} s, shaken {shaken}: {note:?}");
                let vibrato = note.vibrato.expect(&what);
                assert!((f64::from(vibrato.rate.0) - rate).abs() < 0.08, "{what}");
                assert!((f64::from(vibrato.extent.0) / (2.0 * swing) - 1.0).abs() < 0.06, "{what}");
                assert!((note.cents.0 - 20.0).abs() < 2.5 && note.drift.0.abs() < 8.0, "{what}");
            }
        }
    }
}

/// Seen red: waves of any height taken.
#[test]
fn what_is_no_vibrato_is_not_called_one() {
    for (what, curve) in [
        ("straight", Curve::default().held(60.0, 1.0)),
        ("rough", Curve::default().held(60.0, 2.0).shaken(30.0)),
        ("too slow", Curve::default().waving(60.0, 2.0, 2.5, 30.0)),
        ("too fast", Curve::default().waving(60.0, 2.0, 10.0, 50.0)),
        ("too little", Curve::default().waving(60.0, 2.0, 5.5, 10.0)),
        ("too few waves", Curve::default().held(60.0, 0.5).waving(60.0, 0.33, 6.0, 40.0).held(60.0, 0.5)),
        ("a sag", Curve::default().glide(60.4, 59.9, 1.2)),
    ] {
        let note = alone(&curve);
        assert_eq!(note.vibrato, None, "{what}");
    }
}

/// A vibrato that comes late, grows, and wavers in its rate is one all the same. Seen red: one wave fitted to the whole note.
#[test]
fn vibrato_as_it_is_sung() {
    let tau = std::f64::consts::TAU;
    let late = Curve::default().held(60.0, 0.8).waving(60.0, 1.2, 5.6, 45.0);
    let growing = Curve::default().part(2.0, |t| 6_000.0 + 35.0 * t * (tau * 5.6 * t).sin());
    let wavering =
        Curve::default().part(3.0, |t| 6_000.0 + 50.0 * (tau * (5.6 * t + 0.1 * (2.0 * t).sin())).sin());
    for (what, curve, extent) in
        [("late", late, 90.0), ("growing", growing, 84.0), ("wavering", wavering, 100.0)]
    {
        let note = alone(&curve);
        let vibrato = note.vibrato.unwrap_or_else(|| panic!("{what}: {note:?}"));
        assert!((vibrato.rate.0 - 5.6).abs() < 0.25, "{what}: {vibrato:?}");
        assert!((0.7..1.2).contains(&(vibrato.extent.0 / extent)), "{what}: {vibrato:?}");
        assert!(note.cents.0.abs() < 3.0, "{what}: {note:?}");
    }
}

/// Seen red: the line laid through the curve with its vibrato.
#[test]
fn drift_is_told_apart_from_vibrato() {
    for drift in [-60.0, -25.0, 0.0, 25.0, 60.0] {
        for seconds in [0.5, 1.0, 2.3] {
            for (rate, swing) in [(5.0, 0.0), (4.6, 60.0), (5.5, 100.0), (7.0, 30.0)] {
                let tau = std::f64::consts::TAU;
                let cents = |t: f64| 6_000.0 + drift * (t / seconds - 0.5) + swing * (tau * rate * t).sin();
                let note = alone(&Curve::default().part(seconds, cents).rest(0.1));
                let what = format!("{drift} in {seconds} s with {rate} Hz ±{swing}: {note:?}");
                // Two waves are little to tell a drift from.
                let (enough, beside) = if swing > 0.0 && seconds < 0.7 { (15.0, 6.0) } else { (6.0, 4.0) };
                assert!((f64::from(note.drift.0) - drift).abs() < enough, "{what}");
                assert!(note.cents.0.abs() < beside, "{what}");
            }
        }
    }
    let short = alone(&Curve::default().glide(60.0, 60.1, 0.09));
    assert_eq!(short.drift.0, 0.0, "too short to tell");
}

/// Seen red: the vibrato left in: half of a note sung right is called wrong.
#[test]
fn how_much_of_a_note_is_in_tune() {
    let share = |curve: &Curve| share_in_tune(&curve.estimates(), &alone(curve), tuning());
    assert_eq!(share(&Curve::default().rest(0.2).held(60.1, 1.0)), 1.0);
    assert_eq!(share(&Curve::default().held(60.2, 1.0)), 0.0);
    assert!(share(&Curve::default().waving(60.0, 1.5, 5.5, 80.0)) > 0.97);
    assert!(share(&Curve::default().waving(60.3, 1.5, 5.5, 80.0)) < 0.03);
    let sagging = share(&Curve::default().glide(60.15, 59.6, 1.1));
    assert!((0.5..0.6).contains(&sagging), "{sagging}");
    // A part of a curve, whose first number is not 0.
    let curve = Curve::default().rest(1.0).held(60.1, 1.0).rest(1.0);
    let note = alone(&curve);
    assert_eq!(share_in_tune(&curve.estimates()[150..], &note, tuning()), 1.0);
    assert_eq!(share_in_tune(&curve.estimates()[..100], &note, tuning()), 0.0);
    assert_eq!(share_in_tune(&[], &note, tuning()), 0.0);
}

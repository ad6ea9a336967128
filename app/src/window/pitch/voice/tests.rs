//! Laws of what a singer reads.

use super::*;

/// A voice at these keys of the piano, an estimate each.
fn sing(voice: &mut Voice, keys: impl IntoIterator<Item = f32>) {
    for keys in keys {
        voice.hear(Some((keys, 440.0 * ((keys - 69.0) / 12.0).exp2())));
    }
}

fn steady(keys: f32, estimates: usize) -> impl Iterator<Item = f32> {
    std::iter::repeat_n(keys, estimates)
}

/// A vibrato of 5.6 Hz about a pitch, so many semitones to each side.
fn vibrato(keys: f32, depth: f32, estimates: usize) -> impl Iterator<Item = f32> {
    (0..estimates).map(move |n| keys + depth * (n as f32 / 200.0 * 5.6 * std::f32::consts::TAU).sin())
}

/// What is left of the wave in the cents is less than a twentieth of it.
///
/// Seen red: half a semitone taken for a leap.
#[test]
fn the_name_and_the_cents_stand_still_in_a_vibrato() {
    let mut voice = Voice::default();
    let mut wave = vibrato(60.94, 0.6, 280);
    sing(&mut voice, wave.by_ref().take(80));
    let (mut low, mut high) = (f32::INFINITY, f32::NEG_INFINITY);
    for keys in wave {
        sing(&mut voice, [keys]);
        let reading = voice.reading().unwrap();
        assert_eq!(reading.note, Note(61));
        assert!((reading.cents + 6.0).abs() < 3.0, "{reading:?}");
        (low, high) = (low.min(reading.needle), high.max(reading.needle));
    }
    assert!(high - low > 90.0, "the needle goes with the voice: {low} {high}");
}

/// Seen red: the name taken from the middle of the last 200 ms alone.
#[test]
fn a_leap_of_a_semitone_is_read_within_25_ms() {
    let mut voice = Voice::default();
    sing(&mut voice, steady(60.1, 200));
    sing(&mut voice, steady(61.1, 3));
    let reading = voice.reading().unwrap();
    assert_eq!((reading.note, reading.cents.round()), (Note(61), 10.0));
}

/// A glide up to the next note is followed as well, and one stray estimate is not.
///
/// Seen red: the name taken from each estimate.
#[test]
fn a_glide_is_followed_and_a_stray_is_not() {
    let mut voice = Voice::default();
    sing(&mut voice, steady(60.0, 100));
    sing(&mut voice, [72.0]);
    assert_eq!(voice.reading().unwrap().note, Note(60));
    sing(&mut voice, steady(60.0, 10));
    sing(&mut voice, (0..400).map(|n| 60.0 + n as f32 * 0.005));
    sing(&mut voice, steady(62.0, 60));
    let reading = voice.reading().unwrap();
    assert_eq!((reading.note, reading.cents.round()), (Note(62), 0.0));
}

/// Seen red: held without end.
#[test]
fn the_last_note_is_held_then_gone() {
    let mut voice = Voice::default();
    sing(&mut voice, steady(57.22, 100));
    for silent in 1..=HELD {
        voice.hear(None);
        let reading = voice.reading().unwrap();
        assert_eq!(reading.held, silent > BRIDGED);
        assert_eq!((reading.note, reading.tune()), (Note(57), Tune::Sharp));
    }
    voice.hear(None);
    assert_eq!(voice.reading(), None);
}

/// Seen red: what reads 15 taken for more.
#[test]
fn fifteen_cents_are_in_tune() {
    let all = [-50.0, -15.6, -15.4, 0.0, 15.0, 16.0].map(Tune::of);
    assert_eq!(all, [Tune::Flat, Tune::Flat, Tune::In, Tune::In, Tune::In, Tune::Sharp]);
}

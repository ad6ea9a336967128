//! The lead sings what is written.

use super::*;
use crate::measure;
use crate::score::BARS;
use crate::score::lyrics::LEAD;

const SINGER: Singer = Singer { seed: 100, formants: 1.04, breath: 0.035, late: Seconds(0.006), detune: 0.0 };

fn take(rate: f32) -> (Vec<f32>, Grid) {
    let grid = Grid { rate: Hertz(rate) };
    (sing(LEAD, &SINGER, grid.bar(BARS), grid), grid)
}

/// What is held of a note: after the slide into it, before the consonants that end it.
fn held<'a>(sound: &'a [f32], note: &Sung, grid: Grid) -> &'a [f32] {
    &sound[grid.sample(note.at() + 1.1)..grid.sample(note.at() + note.length as f32 - 1.2)]
}

/// Red when the vibrato swung from 0 up in place of about 0, and when every slide aimed a note ahead.
#[test]
fn long_notes_are_in_tune() {
    for rate in [44_100.0, 48_000.0, 96_000.0] {
        let (sound, grid) = take(rate);
        for note in LEAD.iter().filter(|note| note.length >= 4) {
            let cents = measure::median_cents_off(held(&sound, note, grid), note.pitch, grid.rate);
            assert!(cents.abs() < 10.0, "{rate} Hz: {note:?} is off by {cents} cents");
        }
    }
}

/// Red when `vibrato` returned 0, when it began at once, and at a rate of 4.
#[test]
fn vibrato_fades_in_at_its_rate() {
    let (sound, grid) = take(48_000.0);
    let note = LEAD.iter().find(|note| note.length >= 9 && note.pitch.0 == 69.0).unwrap();
    let curve = measure::pitch_curve(held(&sound, note, grid), note.pitch, grid.rate);
    let swing = |part: &[f32]| {
        part.iter().fold(f32::MIN, |a, b| a.max(*b)) - part.iter().fold(f32::MAX, |a, b| a.min(*b))
    };
    let (early, late) = (&curve[..12], &curve[curve.len() - 60..]);
    assert!(swing(early) < 18.0, "{} cents at first", swing(early));
    assert!((35.0..90.0).contains(&swing(late)), "{} cents at last", swing(late));
    let mean = late.iter().sum::<f32>() / late.len() as f32;
    let crossings = late.windows(2).filter(|pair| (pair[0] < mean) != (pair[1] < mean)).count();
    // 0.6 s at 5.5 Hz are 3.3 swings: 6 or 7 crossings.
    assert!((6..=7).contains(&crossings), "{crossings} crossings");
}

/// The vowel of "line" has its first formants where the mouth puts them, not at its pitch. Red when `resonate`
/// passed its input on.
#[test]
fn a_vowel_has_formants() {
    let (sound, grid) = take(48_000.0);
    // "mine" in the verse: low enough that harmonics sample the formants.
    let note = LEAD.iter().find(|note| note.bar == 5 && note.length == 9).unwrap();
    let part = &held(&sound, note, grid)[..24_000];
    let harmonic = |n: f32| measure::level(part, Hertz(n * note.pitch.hertz().0), grid.rate);
    let (first, second) = (harmonic(3.0), harmonic(5.0)); // 660 and 1100 Hz
    let (gap, third) = (harmonic(8.0), harmonic(12.0)); // 1760 and 2640 Hz
    assert!(first > gap + 15.0 && second > gap + 8.0, "{first} {second} {gap}");
    assert!(third > gap + 2.0, "{third} {gap}");
}

/// Between phrases there is breath, then nothing. Red without the cue that ends a phrase.
#[test]
fn phrases_end() {
    let (sound, grid) = take(48_000.0);
    // After "mine", before the breath for "I lay".
    let rest = measure::peak(&sound[grid.sample(93.0)..grid.sample(93.4)]);
    assert!(rest < -50.0, "{rest} dBFS in the rest");
    let before = measure::peak(&sound[..grid.bar(3)]);
    assert!(before < -80.0, "{before} dBFS before the first word");
    let after = measure::peak(&sound[grid.sample(21.0 * 16.0 + 24.0)..]);
    assert!(after < -60.0, "{after} dBFS after the last");
}

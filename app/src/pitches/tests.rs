//! Curves made ready for drawing, and what is kept of them.

use dawg_dsp::pitch::notes::Vibrato;
use dawg_dsp::pitch::tuning::Note;
use dawg_dsp::pitch::{ESTIMATES_A_SECOND, Estimate};
use dawg_dsp::units::Cents;
use dawg_media::pitch::PitchCurve;

use super::*;

const RATE: u32 = 48_000;

/// A curve of these keys; NaN where nobody sings.
fn curve(keys: impl Iterator<Item = f32>) -> Curve {
    let one = |(number, keys): (usize, f32)| Estimate {
        number: number as u64,
        frequency: if keys.is_nan() { 0.0 } else { 440.0 * ((keys - 69.0) / 12.0).exp2() },
        confidence: 0.9,
        voiced: !keys.is_nan(),
    };
    let estimates: Vec<Estimate> = keys.enumerate().map(one).collect();
    Curve::of(PitchCurve { sample_rate: RATE, estimates: estimates.into() })
}

fn wave(number: usize) -> f32 {
    let second = number as f32 / ESTIMATES_A_SECOND as f32;
    60.0 + 0.5 * (second * 5.5 * std::f32::consts::TAU).sin()
}

/// Half a second of silence between two notes, the second with vibrato.
///
/// Seen red: with what is sung itself for its middle.
#[test]
fn no_wave_moves_a_middle_far_and_in_a_note_not_at_all() {
    let keys = |number: usize| match number {
        0..200 => 57.0,
        200..300 => f32::NAN,
        _ => wave(number - 300),
    };
    let curve = curve((0..700).map(keys));
    let middles = curve.middles();
    assert!(middles[..200].iter().all(|keys| (keys - 57.0).abs() < 1e-3));
    assert!(middles[200..300].iter().all(|keys| keys.is_nan()));
    assert!(middles[340..660].iter().all(|keys| (keys - 60.0).abs() < 0.2), "{:?}", &middles[340..380]);
    let (low, high) = curve.reach().unwrap();
    assert!((low - 57.0).abs() < 0.01 && (60.0..60.6).contains(&high), "{low} to {high}");
    let a440 = tuning(440_000);
    let vibrato = Some(Vibrato { rate: Hertz(5.5), extent: Cents(100.0) });
    let pitch = a440.frequency(Note(60));
    let (start, end, cents, drift) = (1.5, 3.5, Cents(0.0), Cents(0.0));
    let notes = [SungNote { start, end, note: Note(60), pitch, cents, drift, vibrato }];
    let mut centre = Centre::of(&curve, &notes, a440);
    for number in 200..700 {
        let keys = centre.at(number);
        assert!(if number < 300 { keys.is_nan() } else { (keys - 60.0).abs() < 1e-3 }, "{number}: {keys}");
    }
}

/// Seen red: with the shift of the other sign.
#[test]
fn a_lower_a4_raises_all_keys() {
    let shifted = curve::shift(tuning(415_000));
    assert!((shifted - 1.0127).abs() < 1e-3, "{shifted}");
    assert!(curve::shift(tuning(440_000)).abs() < 1e-6);
}

#[test]
fn nothing_at_all_is_a_curve_too() {
    for curve in [curve(std::iter::empty()), curve([f32::NAN; 3].into_iter())] {
        assert_eq!((curve.reach(), curve.at(-500.0), curve.at(1e12)), (None, None, None));
    }
}

#[test]
fn notes_are_summed_up_in_words() {
    let words = |notes, in_tune| Summary { notes, in_tune }.to_string();
    assert_eq!(words(12, 10), "12 notes, 83 % in tune");
    assert_eq!(words(1, 0), "1 note, not in tune");
    assert_eq!(words(0, 0), "no notes");
}

/// Seen red: with what was answered not noted, so that nothing is asked any more.
#[test]
fn however_fast_a4_is_turned_the_notes_come_to_be_of_the_last() {
    let pitches = Pitches::start(Arc::new(|| ())).unwrap();
    let curve = Arc::new(curve((0..200).map(|_| 69.0)));
    let known = Known { curve, notes: Arc::default(), a4: 440_000, asked: 440_000, used: 0 };
    let id = MediaId::fresh();
    pitches.inner.borrow_mut().states.insert(id, State::Known(known));
    let media = Media {
        id,
        file: "take.wav".to_owned(),
        name: dawg_session::Name::new("Take").unwrap(),
        sample_rate: RATE,
        channels: 1,
        frames: dawg_session::Samples(48_000),
        hash: None,
    };
    // A4 is now 29 cents higher, the voice as much lower.
    let wanted = 447_500;
    (441_000..=wanted).step_by(500).for_each(|a4| drop(pitches.of(&media, a4)));
    let told = (0..1_000).find_map(|_| {
        let notes = pitches.of(&media, wanted)?.notes;
        std::thread::park_timeout(std::time::Duration::from_millis(5));
        notes.first().map(|note| note.cents.0).filter(|cents| (cents + 29.3).abs() < 1.0)
    });
    assert!(told.is_some(), "{:?}", pitches.of(&media, wanted).unwrap().notes);
}

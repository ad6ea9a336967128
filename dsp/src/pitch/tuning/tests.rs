//! Names and places of notes.

use super::*;

/// Seen red: the tonic not taken from the note.
#[test]
fn a_key_has_its_seven_notes_and_writes_them_as_the_field_does() {
    let written = |tonic, minor| {
        let scale = Scale::new(tonic, minor);
        let notes = (60..72).map(Note).filter(|note| scale.has(*note));
        notes.map(|note| class_name(note.class(), scale.spelling())).collect::<Vec<_>>().join(" ")
    };
    for (tonic, minor, notes) in [
        (0, false, "C D E F G A B"),
        (2, false, "C♯ D E F♯ G A B"),
        (3, false, "C D E♭ F G A♭ B♭"),
        (10, false, "C D E♭ F G A B♭"),
        (9, true, "C D E F G A B"),
        (6, true, "C♯ D E F♯ G♯ A B"),
        (7, true, "C D E♭ F G A B♭"),
        (15, true, "C♯ D F F♯ G♯ A♯ B"),
    ] {
        let scale = Scale::new(tonic, minor);
        assert!(scale.is_tonic(Note(48 + tonic % 12)) && !scale.is_tonic(Note(49 + tonic % 12)));
        if (tonic, minor) == (15, true) {
            // E♭ minor: the same keys, in flats.
            assert_eq!(scale.spelling(), Spelling::Flats);
            assert_eq!((60..72).filter(|key| scale.has(Note(*key))).count(), notes.split(' ').count());
        } else {
            assert_eq!(written(tonic, minor), notes, "{tonic} {minor}");
        }
    }
    for tonic in 0..12 {
        assert_eq!((0..12).filter(|key| Scale::new(tonic, false).has(Note(*key))).count(), 7);
        let relative = Scale::new(tonic + 9, true);
        assert!((0..=127).all(|key| Scale::new(tonic, false).has(Note(key)) == relative.has(Note(key))));
        let differ = Scale::new(tonic, false).spelling() != relative.spelling();
        assert_eq!(differ, tonic == 6, "relatives share their signs, but for F♯ major and E♭ minor");
    }
}

/// Seen red: cents cut off instead of rounded to the nearest key.
#[test]
fn the_nearest_note_is_never_more_than_half_a_key_away() {
    for a4 in [415.0, 440.0, 442.5, 466.0] {
        let tuning = Tuning { a4: Hertz(a4) };
        assert!(Tuning::REFERENCES.contains(&a4));
        assert_eq!(tuning.nearest(Hertz(a4)), Some((Note(69), Cents(0.0))));
        for key in 0..=127 {
            for cents in [-49.0f32, -15.0, 0.0, 7.5, 49.0] {
                let pitch = tuning.pitch(f32::from(key) + cents / 100.0);
                let (note, above) = tuning.nearest(pitch).unwrap();
                assert_eq!(note, Note(key));
                assert!((above.0 - cents).abs() < 0.01, "{key} {cents}: {above:?}");
            }
            assert!((tuning.frequency(Note(key)).0 / tuning.pitch(f32::from(key)).0 - 1.0).abs() < 1e-6);
        }
        for none in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e-9, 1e9] {
            assert_eq!(tuning.nearest(Hertz(none)), None, "{none}");
        }
    }
    let c4 = Note(60);
    assert_eq!((c4.name(Spelling::Sharps), c4.ascii(), c4.octave()), ("C4".into(), "C4".into(), 4));
    assert_eq!((Note(61).name(Spelling::Flats), Note(61).ascii()), ("D♭4".to_owned(), "C#4".to_owned()));
    assert_eq!(Note(0).ascii(), "C-1");
}

#[test]
fn no_reference_makes_a_panic() {
    for a4 in [0.0, -440.0, f32::NAN, f32::INFINITY] {
        let tuning = Tuning { a4: Hertz(a4) };
        let _ = (tuning.nearest(Hertz(440.0)), tuning.frequency(Note(127)), tuning.keys(Hertz(1.0)));
    }
}

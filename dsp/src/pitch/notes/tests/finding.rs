//! Where notes begin and end.

use proptest::prelude::*;

use super::curves::*;
use crate::pitch::Estimate;
use crate::pitch::notes::{NoteFinder, SungNote};

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 0.0151
}

#[test]
fn held_notes_are_found_where_they_are() {
    let notes = Curve::default().rest(0.5).held(60.0, 0.7).rest(0.12).held(64.3, 0.4).rest(1.0).found();
    assert_eq!(keys(&notes), [60, 64]);
    assert!(near(notes[0].start, 0.5) && near(notes[0].end, 1.2), "{notes:?}");
    assert!(near(notes[1].start, 1.32) && near(notes[1].end, 1.72), "{notes:?}");
    assert!(notes[0].cents.0.abs() < 0.1 && (notes[1].cents.0 - 30.0).abs() < 0.1, "{notes:?}");
    assert!(notes.iter().all(|note| note.vibrato.is_none() && note.drift.0.abs() < 0.1), "{notes:?}");
    assert!(notes[0].in_tune() && !notes[1].in_tune());
}

/// Seen red: any regular way to and fro taken for a vibrato, however long its ends are held.
#[test]
fn a_legato_scale_splits_into_its_notes() {
    let scale = [60.0, 62.0, 64.0, 65.0, 67.0, 69.0, 71.0, 72.0, 71.0, 69.0, 67.0, 65.0, 64.0, 62.0, 60.0];
    for seconds in [0.25, 0.2, 0.16, 0.12] {
        for shaken in [0.0, 8.0] {
            let notes = Curve::default().scale(&scale, seconds).shaken(shaken).found();
            assert_eq!(keys(&notes), scale.map(|key| key as u8), "{seconds} s, {shaken} cents");
            for (n, note) in notes.iter().enumerate() {
                assert!(near(note.start, n as f64 * seconds), "{seconds}: {note:?}");
                assert!(note.cents.0.abs() < 0.5 + shaken as f32, "{note:?}");
            }
        }
    }
    // To and fro between two keys that are held is a melody, not a vibrato.
    let notes = Curve::default().scale(&[60.0, 62.0, 60.0, 62.0, 60.0, 62.0], 0.12).found();
    assert_eq!(keys(&notes), [60, 62, 60, 62, 60, 62]);
    let chromatic: Vec<f64> = (50..70).map(f64::from).collect();
    assert_eq!(Curve::default().scale(&chromatic, 0.15).found().len(), 20);
}

/// Seen red: the waves not flattened before the curve is split.
#[test]
fn vibrato_is_one_note() {
    for rate in [4.2, 5.0, 6.0, 7.0, 7.8] {
        for swing in [15.0, 50.0, 100.0, 125.0] {
            for seconds in [0.8, 1.1, 1.37, 6.0] {
                let waving = Curve::default().waving(62.0, seconds, rate, swing);
                let straight_first = Curve::default().held(62.0, 0.5).waving(62.0, seconds, rate, swing);
                for (curve, length) in [(waving, seconds), (straight_first, seconds + 0.5)] {
                    let notes = curve.rest(0.3).found();
                    assert_eq!(notes.len(), 1, "{rate} Hz, {swing} cents, {seconds} s: {notes:?}");
                    assert!(near(notes[0].start, 0.0) && near(notes[0].end, length), "{notes:?}");
                }
            }
        }
    }
    let two = Curve::default().waving(62.0, 1.0, 5.5, 80.0).waving(64.0, 1.0, 5.5, 80.0).found();
    assert_eq!(keys(&two), [62, 64], "{two:?}");
    assert!(two.iter().all(|note| note.vibrato.is_some()), "{two:?}");
}

/// Seen red: the median of the whole note, way in and way out with it.
#[test]
fn scoops_and_releases_do_not_move_the_median() {
    let curve = Curve::default().glide(57.0, 60.1, 0.12).held(60.1, 0.3).glide(60.1, 56.0, 0.15);
    let notes = curve.rest(0.2).found();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!((notes[0].cents.0 - 10.0).abs() < 1.0 && notes[0].drift.0.abs() < 3.0, "{notes:?}");
    assert!(
        near(notes[0].start, 0.0) && near(notes[0].end, 0.57),
        "its way in and out are its own: {notes:?}"
    );
    // A slow scoop, as in a ballad.
    let slow = Curve::default().glide(59.2, 60.0, 0.25).waving(60.0, 1.0, 5.5, 40.0).found();
    assert_eq!(slow.len(), 1, "{slow:?}");
    assert!(slow[0].cents.0.abs() < 3.0 && slow[0].drift.0.abs() < 6.0, "{slow:?}");
}

/// Seen red: slow slides not looked for: one note, halfway between two.
#[test]
fn a_glide_is_no_note_and_parts_the_notes_that_it_joins() {
    for seconds in [0.4, 1.2] {
        for (from, to) in [(48.0, 60.0), (60.0, 48.0)] {
            let glide = Curve::default().glide(from, to, seconds);
            assert_eq!(glide.clone().found(), [], "{seconds}");
            assert_eq!(glide.shaken(6.0).found(), [], "{seconds}");
            let notes = Curve::default().held(from, 0.4).glide(from, to, seconds).held(to, 0.4).found();
            assert_eq!(keys(&notes), [from as u8, to as u8]);
            assert!((notes[0].end - 0.4).abs() < 0.08, "{notes:?}");
            assert!((notes[1].start - 0.4 - seconds).abs() < 0.08, "{notes:?}");
            assert!(notes.iter().all(|note| note.cents.0.abs() < 1.0), "{notes:?}");
        }
    }
    // A slide of a third within a second, between notes that are held: two notes, not one in the middle.
    let notes = Curve::default().held(60.0, 0.8).glide(60.0, 63.0, 1.0).held(63.0, 0.8).found();
    assert_eq!(keys(&notes), [60, 63], "{notes:?}");
    assert!(notes.iter().all(|note| note.cents.0.abs() < 3.0), "{notes:?}");
    // A siren of minutes keeps no memory and is no note.
    let siren = |t: f64| 6_000.0 + 700.0 * (std::f64::consts::TAU * t / 2.0).sin();
    let notes = Curve::default().part(200.0, siren).found();
    check(&notes);
    // What stands still for a moment are its turns, of which there are two in 2 s.
    assert!(notes.len() <= 200, "{}", notes.len());
}

/// Seen red: holes of 70 ms sung over.
#[test]
fn holes_are_sung_over_and_rests_are_not() {
    let with_hole = |seconds| Curve::default().held(60.0, 0.4).rest(seconds).held(60.05, 0.4).found();
    for (hole, notes) in [(0.005, 1), (0.02, 1), (0.035, 1), (0.06, 2), (0.1, 2)] {
        assert_eq!(with_hole(hole).len(), notes, "{hole}");
    }
    let step = Curve::default().held(60.0, 0.3).rest(0.03).held(62.0, 0.3).found();
    assert_eq!(keys(&step), [60, 62]);
    assert!((step[0].end - 0.315).abs() < 0.03, "{step:?}");
}

/// Seen red: a median of a single estimate, that is none.
#[test]
fn octave_glitches_are_not_heard() {
    let mut curve = Curve::default().waving(62.0, 1.5, 5.5, 60.0);
    let clean = curve.found();
    for at in [20, 21, 60, 61, 62, 120, 200, 250, 251] {
        curve.0[at] = curve.0[at].map(|cents| cents + if at % 2 == 0 { 1_200.0 } else { -1_200.0 });
    }
    let notes = curve.found();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!((notes[0].cents.0 - clean[0].cents.0).abs() < 1.0, "{notes:?} {clean:?}");
    let (a, b) = (notes[0].vibrato.unwrap(), clean[0].vibrato.unwrap());
    assert!((a.rate.0 - b.rate.0).abs() < 0.1 && (a.extent.0 / b.extent.0 - 1.0).abs() < 0.1, "{a:?} {b:?}");
}

/// Seen red: a single estimate that does not move taken for a stand.
#[test]
fn a_voiced_consonant_does_not_part_a_note() {
    let dip = |t: f64, at: f64, deep: f64, long: f64| {
        let within = ((t - at) / long).clamp(0.0, 1.0);
        deep * (0.5 - 0.5 * (std::f64::consts::TAU * within).cos())
    };
    for deep in [-40.0, -120.0, -250.0, 150.0] {
        for long in [0.04, 0.06, 0.08] {
            let cents = |t: f64| 6_010.0 + dip(t, 0.4, deep, long) + dip(t, 0.9, deep, long);
            let notes = Curve::default().part(1.4, cents).found();
            assert_eq!(notes.len(), 1, "{deep} cents, {long} s: {notes:?}");
            assert!((notes[0].cents.0 - 10.0).abs() < 1.0, "{notes:?}");
        }
    }
    let mut octave = Curve::default().held(60.0, 1.0);
    octave.0[90..101].iter_mut().for_each(|moment| *moment = Some(7_200.0));
    assert_eq!(keys(&octave.found()), [60]);
    let tongue =
        Curve::default().held(60.0, 0.4).glide(60.0, 58.5, 0.01).held(58.5, 0.035).glide(58.5, 60.0, 0.01);
    assert_eq!(keys(&tongue.held(60.0, 0.4).found()), [60]);
}

/// Seen red: notes of 10 ms told.
#[test]
fn blips_are_no_notes() {
    let mut curve = Curve::default();
    for _ in 0..20 {
        curve = curve.rest(0.3).held(67.0, 0.045);
    }
    assert_eq!(curve.found(), []);
    assert_eq!(Curve::default().found(), []);
    assert_eq!(Curve::default().rest(3.0).found(), []);
}

/// Whatever is held for hours is told in pieces of a minute, and the rest is forgotten. Seen red: no longest note.
#[test]
fn a_drone_is_told_by_the_minute() {
    let notes = Curve::default().waving(57.0, 610.0, 5.0, 50.0).found();
    assert_eq!(notes.len(), 11, "{notes:?}");
    check(&notes);
    assert!(notes.iter().all(|note| note.note.0 == 57 && note.cents.0.abs() < 2.0));
    assert!(notes.windows(2).all(|pair| (pair[0].end - pair[1].start).abs() < 0.011), "{notes:?}");
}

/// What `running` says while somebody sings, and what comes when. Seen red: what was told not added to the first number.
#[test]
fn notes_are_told_while_they_are_sung() {
    let curve = Curve::default().held(60.0, 1.0).waving(64.0, 2.0, 5.5, 50.0).rest(0.5).estimates();
    let mut finder = NoteFinder::new(tuning());
    let mut told: Vec<(f64, SungNote)> = Vec::new();
    let mut running = Vec::new();
    for estimate in &curve {
        let mut give = |note| told.push((estimate.seconds(), note));
        finder.push(*estimate, &mut give);
        running.push(finder.running());
    }
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].0 <= 1.9, "the first is told less than a second after its end: {told:?}");
    assert!(told[1].0 <= 3.06, "the last as soon as nobody sings: {told:?}");
    let at = |seconds: f64| running[(seconds * 200.0) as usize].unwrap();
    assert_eq!((at(0.3).note.0, at(0.9).note.0, at(2.0).note.0, at(2.9).note.0), (60, 60, 64, 64));
    assert!((at(2.9).start - 1.0).abs() < 0.02 && at(2.9).vibrato.is_some(), "{:?}", at(2.9));
    assert!(running[curve.len() - 1].is_none(), "nobody sings any more");
    finder.finish(&mut |_| panic!("all was told"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Any curve, also one with gaps in its numbers and numbers that are none: notes in order, and no panic.
    ///
    /// Seen red: what was told not added to the first number.
    #[test]
    fn any_curve_has_notes_in_order(
        parts in prop::collection::vec((40.0..84.0f64, 0.0..0.6f64, 0..6u8, 0.0..12.0f64, 0.0..300.0f64), 0..14),
        shaken in prop_oneof![Just(0.0), 0.0..400.0f64],
        odd in prop::collection::vec((any::<prop::sample::Index>(), any::<f32>(), 0..50u64), 0..6),
    ) {
        let mut curve = Curve::default();
        for (key, seconds, kind, rate, swing) in parts {
            curve = match kind {
                0 => curve.rest(seconds / 4.0),
                1 => curve.glide(key, 40.0 + rate * 3.0, seconds),
                2 | 3 => curve.waving(key, seconds, rate, swing),
                _ => curve.held(key.round(), seconds),
            };
        }
        let mut estimates = curve.shaken(shaken).estimates();
        for (index, frequency, skipped) in odd {
            if !estimates.is_empty() {
                let at = index.index(estimates.len());
                estimates[at].frequency = frequency;
                estimates[at..].iter_mut().for_each(|estimate| estimate.number += skipped);
            }
        }
        let end = estimates.last().map_or(0.0, Estimate::seconds);
        let mut notes = Vec::new();
        let mut finder = NoteFinder::new(tuning());
        for estimate in &estimates {
            finder.push(*estimate, &mut |note| notes.push(note));
            _ = finder.running();
        }
        finder.finish(&mut |note| notes.push(note));
        check(&notes);
        prop_assert!(notes.iter().all(|note| note.end <= end + 0.0051));
        prop_assert_eq!(crate::pitch::notes::find(&estimates, tuning()), notes, "at once as one by one");
    }
}

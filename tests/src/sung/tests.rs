//! What a set and its score promise.

use std::path::Path;

use super::score::{Guess, Tally};
use super::*;

/// How alike the samples from `at` on are to those one period later, −1 to 1.
fn alike(piece: &Piece, at: usize, hertz: f64) -> f64 {
    let period = f64::from(piece.rate) / hertz;
    let later = |n: usize| {
        let (whole, part) = ((n as f64 + period) as usize, (n as f64 + period).fract());
        f64::from(piece.samples[whole]) * (1.0 - part) + f64::from(piece.samples[whole + 1]) * part
    };
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for n in at..at + 2 * period as usize {
        let (a, b) = (f64::from(piece.samples[n]), later(n));
        (ab, aa, bb) = (ab + a * b, aa + a * a, bb + b * b);
    }
    ab / (aa * bb).sqrt()
}

// Seen red: with a truth a semitone too high.
#[test]
fn what_is_sung_repeats_with_the_period_that_the_truth_tells() {
    let set = Set::make(3, &[Kind::Steady, Kind::TonesSaw, Kind::TonesSine]);
    for piece in set.pieces.iter().filter(|piece| !piece.name.contains("pink")) {
        let held = |row: usize| piece.truth[row - 5..row + 10].iter().all(|hertz| *hertz == piece.truth[row]);
        let rows = (5..piece.truth.len() - 10).filter(|row| piece.truth[*row] > 0.0 && held(*row)).step_by(7);
        for row in rows {
            let at = row * piece.rate as usize / TRUTHS_A_SECOND;
            let truth = f64::from(piece.truth[row]);
            let (here, beside) = (alike(piece, at, truth), alike(piece, at, truth * 1.06));
            assert!(
                here > 0.98 && here > beside,
                "{} at row {row}: {here} here, {beside} beside",
                piece.name
            );
        }
    }
}

#[test]
fn a_seed_makes_the_same_set_whatever_else_is_made_and_another_one_another() {
    let alone = Set::make(1, &[Kind::Claps]);
    let among = Set::make(1, &[Kind::OutOfRange, Kind::Claps]);
    assert_eq!(alone.pieces[0], among.pieces[1]);
    assert_ne!(alone, Set::make(2, &[Kind::Claps]));
}

#[test]
fn every_kind_is_finite_within_full_scale_and_of_a_length_with_its_truth() {
    let kinds = [&Kind::PLAIN[4..], &Kind::HARD[..], &[Kind::Steps]].concat();
    for piece in Set::make(4, &kinds).pieces {
        assert!(piece.samples.iter().all(|sample| sample.abs() <= 0.99), "{}", piece.name);
        let rows = (piece.seconds() * TRUTHS_A_SECOND as f64).ceil() as usize;
        assert_eq!(piece.truth.len(), rows, "{}", piece.name);
        let sings = piece.truth.iter().any(|hertz| *hertz > 0.0);
        assert_eq!(
            !sings,
            ["claps", "room", "out_of_range"].contains(&piece.name.as_str()),
            "{}",
            piece.name
        );
    }
}

// The figures are those that score.py prints of the same rows.
// Seen red: with rows near a change counted.
#[test]
fn the_score_is_that_of_score_py() {
    let truth: Vec<f32> = (0..60)
        .map(|row| match row {
            0..10 | 40..50 => 0.0,
            _ => 200.0 + row as f32,
        })
        .collect();
    let guesses: Vec<Guess> = (0..110)
        .filter(|n| n % 11 != 3)
        .map(|n| {
            let cents = f64::from(n * 37 % 41 - 20) + if n % 13 == 5 { 1_200.0 } else { 0.0 };
            let frequency = (200.0 + f64::from(n) / 2.0) * (cents / 1_200.0).exp2();
            Guess { time: f64::from(n) * 0.005, frequency, voiced: n % 17 != 2 && (n > 18 || n % 4 == 0) }
        })
        .collect();
    let mut tally = Tally::default();
    tally.add(&truth, &guesses);
    let printed = "within15 0.500  within50 0.735  median  10.50 c  p95  1193.3 c  octave 10.71 %  recall 0.824  false alarm 0.714";
    assert_eq!(tally.score().to_string(), printed);
}

#[test]
fn a_set_comes_back_from_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let set = Set::make(1, &[Kind::Claps, Kind::Reverb]);
    set.write(folder.path());
    let read = Set::read(Path::new(folder.path()));
    assert_eq!(read.pieces.len(), 2);
    for (piece, read) in set.pieces.iter().zip(&read.pieces) {
        assert_eq!((&piece.name, piece.rate, &piece.samples), (&read.name, read.rate, &read.samples));
        let near = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-3 || a.is_nan() && b.is_nan();
        assert!(piece.truth.iter().zip(&read.truth).all(near));
    }
}

#[test]
fn a_melody_is_sung_as_written() {
    let singer = Singer::numbered(44_100, 7);
    let piece = singer.melody(&[
        Sung::note(57.0, 0.5),
        Sung::note(60.0, 0.5),
        Sung::rest(0.3),
        Sung::note(64.0, 0.4),
    ]);
    let about = |row: usize, key: f64| (f64::from(piece.truth[row]) / hertz(key) - 1.0).abs() < 1e-4;
    assert!(about(20, 57.0) && about(70, 60.0) && about(150, 64.0));
    assert_eq!(piece.truth[115], 0.0);
    assert!((piece.seconds() - 1.7).abs() < 0.001);
    assert_ne!(
        singer.melody(&[Sung::note(57.0, 0.5)]),
        Singer::numbered(44_100, 8).melody(&[Sung::note(57.0, 0.5)])
    );
}

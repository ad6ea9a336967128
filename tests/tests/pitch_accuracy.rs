//! How good the pitch tracker is: on singing whose pitch is known, of two seeds, and on what microphones hear besides.
#![allow(clippy::unwrap_used, reason = "tests")]

use dawg_dsp::pitch::{Estimate, PitchRange, Tracker};
use dawg_tests::sung::score::{Guess, Score, Tally};
use dawg_tests::sung::{Kind, Piece, Set};

fn live(rate: u32) -> Tracker {
    Tracker::live(rate, PitchRange::default()).unwrap()
}

fn whole(rate: u32) -> Tracker {
    Tracker::whole(rate, PitchRange::default()).unwrap()
}

fn follow(mut tracker: Tracker, samples: &[f32]) -> Vec<Estimate> {
    let mut estimates = Vec::new();
    tracker.push(samples, &mut |estimate| estimates.push(estimate));
    tracker.finish(&mut |estimate| estimates.push(estimate));
    estimates
}

fn score(tracker: fn(u32) -> Tracker, pieces: &[Piece]) -> Score {
    let mut tally = Tally::default();
    for piece in pieces {
        let guesses: Vec<Guess> =
            follow(tracker(piece.rate), &piece.samples).into_iter().map(Guess::from).collect();
        tally.add(&piece.truth, &guesses);
    }
    tally.score()
}

/// The figures that the plan asks for, on the kinds that other trackers were measured on.
#[track_caller]
fn assert_meets_the_figures(seed: u64) {
    let pieces = Set::make(seed, &Kind::PLAIN).pieces;
    let score_live = score(live, &pieces);
    assert!(score_live.within_15 >= 0.96 && score_live.within_50 >= 0.985, "live: {score_live}");
    assert!(score_live.octave <= 0.001 && score_live.recall >= 0.98, "live: {score_live}");
    assert!(score_live.false_alarm <= 0.02, "live: {score_live}");
    let score_whole = score(whole, &pieces);
    assert!(score_whole.within_15 >= 0.98 && score_whole.within_50 >= 0.99, "whole: {score_whole}");
    assert!(score_whole.octave <= 0.0005 && score_whole.recall >= 0.98, "whole: {score_whole}");
    assert!(score_whole.false_alarm <= 0.02, "whole: {score_whole}");
    assert!(score_whole.within_15 >= score_live.within_15 - 0.001, "{score_whole}, live {score_live}");
}

#[test]
fn the_figures_are_met_with_the_first_seed() {
    assert_meets_the_figures(1);
}

#[test]
fn the_figures_are_met_with_another_seed() {
    assert_meets_the_figures(2);
}

#[test]
fn it_is_silent_while_nobody_sings() {
    let kinds = [Kind::Claps, Kind::Room, Kind::OutOfRange, Kind::Breath, Kind::Sibilants, Kind::Bleed];
    for piece in Set::make(5, &kinds).pieces {
        for tracker in [live, whole] {
            let score = score(tracker, std::slice::from_ref(&piece));
            assert!(score.false_alarm <= 0.02, "{}: {score}", piece.name);
        }
    }
}

// Breathing voices, 9 dB of breath below the tone, are the hardest.
#[test]
fn people_rooms_and_headphones_do_not_lead_it_astray() {
    let kinds =
        [Kind::Phrases, Kind::Breath, Kind::Sibilants, Kind::Clipped, Kind::Bleed, Kind::Thin, Kind::Rough];
    for piece in Set::make(6, &kinds).pieces {
        for tracker in [live, whole] {
            let score = score(tracker, std::slice::from_ref(&piece));
            assert!(score.within_50 >= 0.96 && score.recall >= 0.96, "{}: {score}", piece.name);
            assert!(score.octave <= 0.005, "{}: {score}", piece.name);
        }
    }
}

/// Estimates and the seconds of sound that had come in when they came.
fn as_they_come(piece: &Piece) -> Vec<(f64, Estimate)> {
    let mut tracker = live(piece.rate);
    let (mut said, mut frames) = (Vec::new(), 0);
    for block in piece.samples.chunks(48) {
        frames += block.len();
        let came = frames as f64 / f64::from(piece.rate);
        tracker.push(block, &mut |estimate| said.push((came, estimate)));
    }
    said
}

// Seen red: with a live tracker that decides ten moments later.
#[test]
fn live_it_comes_within_30_ms_and_a_step_shows_within_50() {
    let piece = &Set::make(2, &[Kind::Steps]).pieces[0];
    let said = as_they_come(piece);
    let late = said.iter().map(|(came, estimate)| came - estimate.seconds()).fold(0.0, f64::max);
    assert!(late <= 0.030, "{late} s");
    for row in 1..piece.truth.len() {
        let (from, to) = (piece.truth[row - 1], piece.truth[row]);
        if from <= 0.0 || to <= 0.0 || from == to {
            continue;
        }
        let step = (row as f64 - 1.0) * 0.01;
        let after = said.iter().filter(|(came, _)| (step + 0.05..step + 0.45).contains(came));
        for (came, estimate) in after {
            let cents = 1_200.0 * (estimate.frequency / to).log2();
            assert!(
                estimate.voiced && cents.abs() < 50.0,
                "{came} s: {estimate:?}, not {to} Hz, from {from}"
            );
        }
    }
}

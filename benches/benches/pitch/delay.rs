//! How late the live tracker is: when its estimates come, and when a step in pitch shows.

use std::collections::BTreeMap;

use dawg_tests::sung::{Kind, Piece, Set, TRUTHS_A_SECOND};

/// What was said, and when: seconds of sound that had come in.
#[derive(Clone, Copy)]
struct Said {
    came: f64,
    about: f64,
    hertz: f64,
    voiced: bool,
}

/// Prints what was measured.
pub(crate) fn tell(seed: u64) {
    let moving = Set::make(seed, &[Kind::Vibrato, Kind::ScalesGlides]);
    let moving: Vec<&Piece> = moving.pieces.iter().filter(|piece| !piece.name.contains("pink")).collect();
    let said: Vec<(Vec<Said>, &Piece)> = moving.iter().map(|piece| (follow(piece), *piece)).collect();
    let late = said.iter().flat_map(|(said, _)| said).map(|said| said.came - said.about).fold(0.0, f64::max);
    println!("\nEstimates come at most {:.1} ms after their moment.", late * 1e3);
    println!("Delay that fits best, by their times: {:.1} ms.", best(&said, |said| said.about));
    println!("Delay that fits best, when they came: {:.1} ms.", best(&said, |said| said.came));
    steps(&Set::make(seed, &[Kind::Steps]).pieces[0]);
}

/// Feeds a millisecond at a time.
fn follow(piece: &Piece) -> Vec<Said> {
    let mut tracker = crate::live(piece.rate);
    let (mut said, mut frames) = (Vec::new(), 0);
    for block in piece.samples.chunks(piece.rate as usize / 1_000) {
        frames += block.len();
        let came = frames as f64 / f64::from(piece.rate);
        tracker.push(block, &mut |estimate| {
            let (about, hertz) = (estimate.seconds(), f64::from(estimate.frequency));
            said.push(Said { came, about, hertz, voiced: estimate.voiced });
        });
    }
    said
}

/// The delay in ms between truth and estimates, at the times that `time` tells, that leaves the smallest errors.
fn best(all: &[(Vec<Said>, &Piece)], time: fn(&Said) -> f64) -> f64 {
    let delays = (-100..=500).map(|step| f64::from(step) / 10.0);
    let error = |delay: &f64| -> f64 {
        all.iter()
            .flat_map(|(said, piece)| said.iter().map(|said| beside(said, time(said) - delay / 1e3, piece)))
            .sum()
    };
    let errors = delays.map(|delay| (error(&delay), delay));
    errors.min_by(|one, other| one.0.total_cmp(&other.0)).map_or(f64::NAN, |(_, delay)| delay)
}

/// Cents between what was said and the truth of a moment, at most 50; 0 where nobody sings.
fn beside(said: &Said, moment: f64, piece: &Piece) -> f64 {
    let row = moment * TRUTHS_A_SECOND as f64;
    let at = |row: f64| piece.truth.get(row as usize).map_or(0.0, |hertz| f64::from(*hertz));
    let (before, after) = (at(row.max(0.0)), at(row.max(0.0) + 1.0));
    if before <= 0.0 || after <= 0.0 || !said.voiced || said.hertz <= 0.0 {
        return 0.0;
    }
    let truth = before.log2() + (after.log2() - before.log2()) * row.fract();
    (1_200.0 * (said.hertz.log2() - truth)).abs().min(50.0)
}

/// How long after a step the new pitch is told, and stays.
fn steps(piece: &Piece) {
    let said = follow(piece);
    println!("\n| a step shows after | steps | median, within 50 c | worst | median, within 15 c | worst |");
    println!("| --- | --- | --- | --- | --- | --- |");
    let mut octaves: BTreeMap<u32, [Vec<f64>; 2]> = BTreeMap::new();
    let stepped = |row: &usize| {
        let (before, after) = (piece.truth[row - 1], piece.truth[*row]);
        before > 0.0 && after > 0.0 && before != after
    };
    for row in (1..piece.truth.len()).filter(stepped) {
        let (from, to) = (f64::from(piece.truth[row - 1]), f64::from(piece.truth[row]));
        let times = octaves.entry((from.min(to) / 82.0).log2().max(0.0) as u32).or_default();
        // A step lies somewhere in the 10 ms before the first row that tells it.
        let start = (row as f64 - 0.5) / TRUTHS_A_SECOND as f64;
        for (times, cents) in times.iter_mut().zip([50.0, 15.0]) {
            times.push(shown(&said, start, to, cents) * 1e3);
        }
    }
    for (octave, [in_50, in_15]) in &mut octaves {
        let low = 82.0 * f64::from(1 << *octave);
        println!("| {low:.0} to {:.0} Hz | {} {}{} |", low * 2.0, in_50.len(), cells(in_50), cells(in_15));
    }
}

/// Seconds after `start` at which what was said comes within `cents` of the pitch and stays there; notes are held for 0.5 s.
fn shown(said: &[Said], start: f64, hertz: f64, cents: f64) -> f64 {
    let here: Vec<&Said> = said.iter().filter(|said| (start..start + 0.4).contains(&said.came)).collect();
    let wrong = |said: &&Said| !said.voiced || (1_200.0 * (said.hertz / hertz).log2()).abs() > cents;
    let first = here.iter().rposition(wrong).map_or(0, |last| last + 1);
    here.get(first).map_or(f64::INFINITY, |said| said.came - start)
}

fn cells(times: &mut [f64]) -> String {
    times.sort_unstable_by(f64::total_cmp);
    format!("| {:.0} ms | {:.0} ms ", times[times.len() / 2], times[times.len() - 1])
}

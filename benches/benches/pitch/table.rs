//! Tables of how good each is.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use dawg_tests::sung::Set;
use dawg_tests::sung::score::{Guess, Score, Tally};

use crate::trackers::Contender;

/// What one tracker made of a set.
pub(crate) struct Measured {
    contender: Contender,
    pieces: Vec<(String, Tally)>,
    time: Duration,
    seconds: f64,
}

impl Measured {
    /// Lets it follow every piece. Its estimates are written to a folder of its own below `write`.
    pub(crate) fn of(contender: Contender, set: &Set, write: Option<&Path>) -> Self {
        let mut measured =
            Self { contender, pieces: Vec::new(), time: Duration::ZERO, seconds: set.seconds() };
        for piece in &set.pieces {
            let (guesses, time) = contender.follow(piece);
            let mut tally = Tally::default();
            tally.add(&piece.truth, &guesses);
            measured.pieces.push((piece.name.clone(), tally));
            measured.time += time;
            if let Some(folder) = write {
                write_guesses(&folder.join(format!("{contender:?}").to_lowercase()), &piece.name, &guesses);
            }
        }
        measured
    }

    fn all(&self) -> Score {
        let mut all = Tally::default();
        self.pieces.iter().for_each(|(_, tally)| all.add_all(tally));
        all.score()
    }
}

/// One row each.
pub(crate) fn compare(all: &[Measured]) {
    println!(
        "| tracker | within 15 c | within 50 c | median | octave errors | recall | false alarms | CPU s per s | latency |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for measured in all {
        let each = measured.time.as_secs_f64() / measured.seconds;
        let (name, latency) = (measured.contender.name(), measured.contender.latency());
        println!("| {name} {} {each:.4} | {latency} |", cells(measured.all()));
    }
}

/// One row for each piece.
pub(crate) fn each(measured: &Measured) {
    let name = measured.contender.name();
    println!("\n| {name} | within 15 c | within 50 c | median | octave errors | recall | false alarms |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (piece, tally) in &measured.pieces {
        println!("| {piece} {}", cells(tally.score()));
    }
}

fn cells(score: Score) -> String {
    let part = |share: f64| if share.is_nan() { "–".to_owned() } else { format!("{share:.3}") };
    let cents = if score.median.is_nan() { "–".to_owned() } else { format!("{:.2} c", score.median) };
    let (within_15, within_50) = (part(score.within_15), part(score.within_50));
    let (recall, alarm) = (part(score.recall), part(score.false_alarm));
    let octave = 100.0 * score.octave;
    format!("| {within_15} | {within_50} | {cents} | {octave:.2} % | {recall} | {alarm} |")
}

fn write_guesses(folder: &Path, name: &str, guesses: &[Guess]) {
    std::fs::create_dir_all(folder).unwrap();
    let mut rows = String::from("time,frequency,voiced\n");
    for guess in guesses {
        writeln!(rows, "{},{},{}", guess.time, guess.frequency, u8::from(guess.voiced)).unwrap();
    }
    std::fs::write(folder.join(format!("{name}.csv")), rows).unwrap();
}

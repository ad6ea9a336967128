//! How good the pitch tracker is and what it costs, beside the crate `pitch-detection`.
//!
//! `cargo bench -p dawg-benches --bench pitch [-- --set DIR] [--seed N] [--each] [--write DIR]`: on a set in a folder, as
//! `make_set.py` writes them, or else on our own of a seed, with the kinds that make trackers stumble. `--each` tells every
//! piece, `--write` leaves our estimates as CSV for `score.py`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

mod allocations;
mod cost;
mod delay;
mod table;
mod trackers;

use std::path::{Path, PathBuf};

use dawg_dsp::pitch::Tracker;
use dawg_tests::sung::{Kind, Set};
use table::Measured;
use trackers::Contender;

fn main() {
    let wish = Wish::of(std::env::args().skip(1));
    let plain = if wish.quick { &Kind::PLAIN[4..] } else { &Kind::PLAIN[..] };
    let set = wish.set.as_deref().map_or_else(|| Set::make(wish.seed, plain), Set::read);
    let all: Vec<Measured> = Contender::ALL
        .iter()
        .map(|contender| Measured::of(*contender, &set, wish.write.as_deref()))
        .collect();
    println!("\n{} pieces, {:.0} s:\n", set.pieces.len(), set.seconds());
    table::compare(&all);
    if wish.each {
        all.iter().for_each(table::each);
    }
    if wish.set.is_none() {
        let hard = Set::make(wish.seed, if wish.quick { &Kind::HARD[..1] } else { &Kind::HARD });
        for contender in [Contender::Live, Contender::Whole] {
            table::each(&Measured::of(contender, &hard, wish.write.as_deref()));
        }
    }
    delay::tell(wish.seed);
    cost::tell(wish.seed, wish.quick);
}

/// What was asked for.
struct Wish {
    set: Option<PathBuf>,
    write: Option<PathBuf>,
    seed: u64,
    each: bool,
    quick: bool,
}

impl Wish {
    fn of(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut wish = Self { set: None, write: None, seed: 1, each: false, quick: false };
        while let Some(argument) = arguments.next() {
            let mut path = || arguments.next().map(|path| Path::new(&path).to_owned());
            match argument.as_str() {
                "--set" => wish.set = path(),
                "--write" => wish.write = path(),
                "--seed" => wish.seed = arguments.next().unwrap().parse().unwrap(),
                "--each" => wish.each = true,
                "--quick" | "--test" => wish.quick = true,
                _ => {} // cargo's own
            }
        }
        wish
    }
}

/// The live tracker.
fn live(rate: u32) -> Tracker {
    Tracker::live(rate, dawg_dsp::pitch::PitchRange::default()).unwrap()
}

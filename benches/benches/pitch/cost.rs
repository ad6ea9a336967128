//! What trackers cost: allocations, one voice alone, a hundred in turn as a worker would feed them.

use dawg_dsp::pitch::{PitchRange, Tracker};
use dawg_tests::sung::{Kind, Set};

use crate::allocations;
use crate::trackers::processor_time;

/// Samples that a worker feeds at once.
const BLOCK: usize = 256;

/// Prints what was measured.
pub(crate) fn tell(seed: u64, quick: bool) {
    let piece = &Set::make(seed, &[Kind::Phrases]).pieces[0];
    for (name, mut tracker) in [
        ("live", crate::live(piece.rate)),
        ("whole", Tracker::whole(piece.rate, PitchRange::default()).unwrap()),
    ] {
        let before = allocations::count();
        let mut estimates = 0;
        piece.samples.chunks(BLOCK).for_each(|block| tracker.push(block, &mut |_| estimates += 1));
        tracker.finish(&mut |_| estimates += 1);
        println!(
            "\nAllocations of the {name} tracker over {estimates} estimates: {}.",
            allocations::count() - before
        );
    }
    let voices = 100;
    let seconds = if quick { 1 } else { 10 };
    let mut trackers: Vec<Tracker> = (0..voices).map(|_| crate::live(piece.rate)).collect();
    let start = processor_time();
    for (block, samples) in piece.samples[..seconds * piece.rate as usize].chunks(BLOCK).enumerate() {
        for (voice, tracker) in trackers.iter_mut().enumerate() {
            // Not all the same at once.
            let at = ((block + 37 * voice) * BLOCK) % (piece.samples.len() - BLOCK);
            tracker.push(&piece.samples[at..at + samples.len()], &mut |_| ());
        }
    }
    let each = (processor_time() - start).as_secs_f64() / (seconds * voices) as f64;
    println!(
        "{voices} voices in turn, {BLOCK} frames at once: {each:.4} CPU s per s and voice, {:.0} voices on one core.",
        1.0 / each
    );
}

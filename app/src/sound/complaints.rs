//! What is wrong with the sound, each told once.
//!
//! Start at [`Complaints::new_ones`].

use std::collections::BTreeSet;

use dawg_engine::{Engine, VitalsReading};

use super::device::sentence;

/// Frames that may be missed at a start or a jump before anybody is bothered: a tenth of a second of one track.
const MISSED: u64 = 4_800;

/// What was told of the engine that runs.
#[derive(Debug, Default)]
pub(super) struct Complaints {
    told: BTreeSet<String>,
    missed_told: bool,
}

impl Complaints {
    /// What has not been told yet.
    pub(super) fn new_ones(&mut self, engine: &Engine, vitals: &VitalsReading) -> Vec<String> {
        let mut new: Vec<String> = Vec::new();
        for trouble in engine.trouble() {
            // A count that goes up is not another trouble.
            let kind = trouble.chars().filter(|char| !char.is_ascii_digit()).collect();
            if self.told.insert(kind) {
                new.push(sentence(&trouble));
            }
        }
        // Where files cannot be read, that was said already.
        if self.told.is_empty() && !self.missed_told && vitals.missed_frames > MISSED {
            self.missed_told = true;
            new.push(
                "The disk was too slow while playing: parts of the song were silent. Nothing is lost; close what else \
                 uses the disk, or play it again."
                    .to_owned(),
            );
        }
        new
    }
}

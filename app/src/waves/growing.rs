//! The waveform of what is being recorded: peaks are read on from where they ended.

use std::time::{Duration, Instant};

use dawg_media::peaks::Peak;

use super::tiles::join;
use super::{FIRST_PEAKS, STEPS, Wanted};

/// The points of a file that grows, a list a channel, of the finest level of peak files.
#[derive(Debug, Default)]
pub(super) struct Growing {
    points: Vec<Vec<Peak>>,
    asked: Option<Instant>,
}

impl Growing {
    /// Whether it is time to look again; if so, it counts as looked.
    pub(super) fn due(&mut self, every: Duration) -> bool {
        let due = self.asked.is_none_or(|at| at.elapsed() >= every);
        if due {
            self.asked = Some(Instant::now());
        }
        due
    }

    /// The first point to read: the last one known may have been half full.
    pub(super) fn resume(&self) -> u64 {
        self.points.first().map_or(0, |points| points.len().saturating_sub(1) as u64)
    }

    /// Takes in what was read from point `from` on.
    pub(super) fn take(&mut self, from: u64, points: Vec<Vec<Peak>>) {
        self.points.resize_with(points.len().max(self.points.len()), Vec::new);
        for (known, new) in self.points.iter_mut().zip(points) {
            let from = from as usize;
            // An answer to an older question than the newest is in already.
            if from <= known.len() && known.len() <= from + new.len() {
                known.truncate(from);
                known.extend(new);
            }
        }
    }

    /// The columns, as far as they are known.
    pub(super) fn fill(&self, wanted: &Wanted, out: &mut [Peak]) {
        let Some(points) = self.points.get(usize::from(wanted.channel)) else { return };
        let step = STEPS[FIRST_PEAKS] as f64;
        for (column, out) in out.iter_mut().enumerate() {
            let from = (wanted.from + column as f64 * wanted.frames_per_column) / step;
            let to = (wanted.from + (column + 1) as f64 * wanted.frames_per_column) / step;
            if to <= 0.0 {
                continue;
            }
            let from = from.max(0.0).floor() as usize;
            let to = (to.ceil() as usize).max(from + 1).min(points.len());
            if let Some(peak) = points.get(from..to).and_then(|part| part.iter().copied().reduce(join)) {
                *out = peak;
            }
        }
    }
}

//! Planes of samples in, estimates out: a tracker behind the fold to mono that belongs to it.
//!
//! Start at [`Voice::hear`]. A file is folded as its curve on the disk is, or with `--causal` as an input is.

use anyhow::{Result, anyhow};
use dawg_dsp::pitch::{Estimate, PitchRange, Tracker};
use dawg_engine::pitch::Fold as LiveFold;
use dawg_media::pitch::Fold as WholeFold;

use super::Arguments;
use super::typed::A4;

/// Frames that are folded at a time as if they came from a device.
const BLOCK: usize = 256;

/// One voice that is followed.
#[derive(Debug)]
pub(super) struct Voice {
    tracker: Tracker,
    ears: Ears,
}

/// How several channels become one.
#[derive(Debug)]
enum Ears {
    /// Looks ahead; what waits until a block is full.
    Whole { fold: WholeFold, waiting: Vec<Vec<f32>> },
    /// Knows what was, and nothing more.
    Live { fold: LiveFold, mono: Vec<f32> },
}

impl Voice {
    /// A tracker as it was asked for, of so many channels at `rate` frames a second.
    ///
    /// # Errors
    /// When the rate is not one of voices, or the range with this A4.
    pub(super) fn new(arguments: &Arguments, channels: u16, rate: u32, a4: A4) -> Result<Self> {
        let range = arguments.range.map_or_else(PitchRange::default, |range| range.range(a4.tuning()));
        let (tracker, ears) = match arguments.causal {
            true => {
                let fold = LiveFold::new(channels.into(), rate);
                (Tracker::live(rate, range), Ears::Live { fold, mono: Vec::new() })
            }
            false => {
                let waiting = vec![Vec::new(); channels.into()];
                let fold = WholeFold::new(channels, rate);
                (Tracker::whole(rate, range), Ears::Whole { fold, waiting })
            }
        };
        Ok(Self { tracker: tracker.map_err(|error| anyhow!("{error}"))?, ears })
    }

    /// Follows the next samples, one plane a channel, all equally long.
    pub(super) fn hear<P: AsRef<[f32]>>(&mut self, planes: &[P], give: &mut dyn FnMut(Estimate)) {
        let frames = planes.first().map_or(0, |plane| plane.as_ref().len());
        let tracker = &mut self.tracker;
        match &mut self.ears {
            Ears::Live { fold, mono } => {
                for from in (0..frames).step_by(BLOCK) {
                    let to = frames.min(from + BLOCK);
                    let block: Vec<&[f32]> = planes.iter().map(|plane| &plane.as_ref()[from..to]).collect();
                    fold.fold(&block, mono);
                    tracker.push(mono, give);
                }
            }
            Ears::Whole { fold, waiting } => {
                for (waiting, plane) in waiting.iter_mut().zip(planes) {
                    waiting.extend_from_slice(plane.as_ref());
                }
                let whole = waiting.first().map_or(0, Vec::len) / fold.block() * fold.block();
                for from in (0..whole).step_by(fold.block()) {
                    let to = from + fold.block();
                    let block: Vec<&[f32]> = waiting.iter().map(|plane| &plane[from..to]).collect();
                    fold.push(&block, &mut |mono| tracker.push(mono, give));
                }
                waiting.iter_mut().for_each(|plane| drop(plane.drain(..whole)));
            }
        }
    }

    /// Gives what is left.
    pub(super) fn end(mut self, give: &mut dyn FnMut(Estimate)) {
        let tracker = &mut self.tracker;
        if let Ears::Whole { mut fold, waiting } = self.ears {
            let rest: Vec<&[f32]> = waiting.iter().map(Vec::as_slice).collect();
            fold.push(&rest, &mut |mono| tracker.push(mono, give));
            fold.finish(&mut |mono| tracker.push(mono, give));
        }
        tracker.finish(give);
    }
}

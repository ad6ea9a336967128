//! A dip: everything that is heard fades out, the Plan changes what its paths are late by, everything fades in.
//!
//! When an insert with latency goes or comes, or a delay gets another length, what sounds jumps in time, and no
//! crossfade of single tracks covers that. So the whole song is silent for the moment: 5 ms out, as long as the new
//! paths take to fill, 5 ms in. Start at [`Dip`]. Real-time safe.

use dawg_dsp::fade::{self, Shape};

use super::Processor;
use super::command::Command;
use crate::installation::Slot;
use crate::plan::{Plan, Step};

/// Where it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Dip {
    /// Everything is heard.
    #[default]
    Open,
    /// Fading out: so many frames are left.
    Closing(i64),
    /// Silent, until the Plan is there.
    Shut,
    /// Silent, until the new paths are filled: so many frames are left.
    Filling(i64),
    /// Fading in: so many frames are done.
    Opening(i64),
}

impl Dip {
    /// Begins to close, from wherever it is.
    pub(super) fn close(&mut self, fade: i64) {
        *self = match *self {
            Self::Open => Self::Closing(fade),
            Self::Opening(done) => Self::Closing(done.max(1)),
            Self::Filling(_) => Self::Shut,
            closing => closing,
        };
    }

    /// The Plan is there; its paths are full after `latency` frames.
    pub(super) fn open(&mut self, latency: u32, fade: i64) {
        *self = match *self {
            Self::Shut if latency > 0 => Self::Filling(i64::from(latency)),
            Self::Shut => Self::Opening(0),
            // Nothing sounds any more, so the Plan did not wait.
            Self::Closing(left) => Self::Opening(fade - left),
            as_it_was => as_it_was,
        };
    }

    /// How many of `frames` frames can be rendered before it turns.
    pub(super) fn reach(self, frames: usize, fade: i64) -> usize {
        let left = match self {
            Self::Open | Self::Shut => return frames,
            Self::Closing(left) | Self::Filling(left) => left,
            Self::Opening(done) => fade - done,
        };
        frames.min(left.max(1) as usize)
    }

    /// Fades one channel of the coming block.
    pub(super) fn fade(self, samples: &mut [f32], fade: i64) {
        match self {
            Self::Open => {}
            Self::Closing(left) => fade::fade_out(samples, Shape::Linear, left, fade),
            Self::Shut | Self::Filling(_) => samples.fill(0.0),
            Self::Opening(done) => fade::fade_in(samples, Shape::Linear, done, fade),
        }
    }

    /// Goes on by a block.
    pub(super) fn advance(&mut self, frames: usize, fade: i64) {
        let frames = frames as i64;
        *self = match *self {
            Self::Closing(left) if left <= frames => Self::Shut,
            Self::Closing(left) => Self::Closing(left - frames),
            Self::Filling(left) if left <= frames => Self::Opening(0),
            Self::Filling(left) => Self::Filling(left - frames),
            Self::Opening(done) if done + frames >= fade => Self::Open,
            Self::Opening(done) => Self::Opening(done + frames),
            still => still,
        };
    }
}

impl Processor {
    /// Whether a Plan may go in: one that makes paths later or less late only in silence.
    pub(super) fn may_install(&self, plan: &Plan) -> bool {
        !plan.shifts || self.dip == Dip::Shut || !self.sounds()
    }

    /// Closes the dip for a Plan that waits for it.
    pub(super) fn dip_for_next(&mut self) {
        if let Ok(Command::Install(installation)) = self.commands.peek()
            && installation.plan.shifts
            && self.sounds()
        {
            self.dip.close(self.transport.fade_frames());
        }
    }

    /// Whether anything may be heard of the song: it rolls, or an input is let through.
    fn sounds(&self) -> bool {
        self.transport.rolling()
            || self.current.plan.steps.iter().any(|step| match step {
                Step::Source { slot, .. } => match self.table.get(slot.0 as usize) {
                    Some(Some(slot)) => matches!(&**slot, Slot::Source(source) if source.heard().is_some()),
                    _ => false,
                },
                _ => false,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_closes_waits_fills_and_opens_without_a_step() {
        let (fade, mut dip, mut out) = (240, Dip::default(), Vec::new());
        dip.close(fade);
        while out.len() < 1_500 {
            let mut block = vec![1.0_f32; dip.reach(64, fade)];
            dip.fade(&mut block, fade);
            dip.advance(block.len(), fade);
            out.extend(block);
            if dip == Dip::Shut {
                dip.open(500, fade);
            }
        }
        assert_eq!(dip, Dip::Open);
        assert!(out.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 0.01));
        assert_eq!(out.iter().filter(|sample| **sample == 0.0).count(), 500);
    }
}

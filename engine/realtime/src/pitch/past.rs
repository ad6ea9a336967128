//! What the song did while the last seconds came in.
//!
//! Start at [`Past::sung_to`].

use std::collections::VecDeque;
use std::time::Instant;

use super::feed::Block;
use crate::retrospect::{Motion, Place};

/// For how long it is remembered: longer than any round trip, and the tracker's latency.
const SECONDS: u64 = 4;

/// The blocks that came in lately, oldest first.
#[derive(Debug)]
pub(super) struct Past {
    blocks: VecDeque<Block>,
    frames: u64,
}

impl Past {
    /// Of no block yet, at `rate` frames a second.
    pub(super) fn new(rate: u32) -> Self {
        Self { blocks: VecDeque::new(), frames: u64::from(rate) * SECONDS }
    }

    /// Takes in a block.
    pub(super) fn take(&mut self, block: Block) {
        let oldest = (block.at + block.frames as u64).saturating_sub(self.frames);
        while self.blocks.get(1).is_some_and(|next| next.at <= oldest) {
            self.blocks.pop_front();
        }
        self.blocks.push_back(block);
    }

    /// When the block came in that holds frame `frame`; none while there was no block at all.
    pub(super) fn came(&self, frame: u64) -> Option<Instant> {
        Some(self.block(frame as i64)?.came)
    }

    /// Which song frame a singer heard when she sang what came in as `frame`, and whether the song rolled there.
    /// `round_trip`: the device's, in frames; the Plan's latency is known here.
    pub(super) fn sung_to(&self, frame: u64, round_trip: i64) -> Option<(i64, bool)> {
        let frame = frame as i64;
        let latency = i64::from(self.block(frame)?.place.latency);
        // Back in time, not in the song: it may have gone round a loop's edge, or begun to roll, in between.
        let heard = frame - latency - round_trip.max(0);
        let block = self.block(heard)?;
        let Place { motion, position, .. } = block.place;
        let rolling = motion == Motion::Rolling;
        let since = if rolling { heard - block.at as i64 } else { 0 };
        Some((position + since, rolling))
    }

    /// The block that holds this frame; of frames before all of them the oldest, of those in a gap the one before it.
    fn block(&self, frame: i64) -> Option<&Block> {
        let later = self.blocks.partition_point(|block| block.at as i64 <= frame);
        self.blocks.get(later.saturating_sub(1))
    }
}

//! The audio side: the followed hardware channels go into a ring, each block with a line that says what the song did.
//!
//! Start at [`Follower::hear`]. Real-time safe but for [`feed`] and [`Follower::new`].

use std::time::Instant;

use rtrb::{Consumer, Producer, RingBuffer};

use crate::retrospect::Place;

/// Blocks that can wait for the worker: at least a second of blocks of 64 frames at 192 kHz.
const BLOCKS: usize = 4_096;

/// A block that came in, during which the transport did not turn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Block {
    /// Frames that had come in before, since the Processor was made.
    pub(super) at: u64,
    pub(super) frames: usize,
    /// Where the song was at its first frame.
    pub(super) place: Place,
    /// When it came in.
    pub(super) came: Instant,
}

/// The rings that are written.
#[derive(Debug)]
pub struct Feed {
    // Hardware channels, from 1.
    channels: Box<[u16]>,
    // Block by block, planar within one.
    samples: Producer<f32>,
    blocks: Producer<Block>,
}

/// The worker's ends of a [`Feed`].
#[derive(Debug)]
pub(super) struct Inlet {
    pub(super) channels: Box<[u16]>,
    samples: Consumer<f32>,
    blocks: Consumer<Block>,
}

/// What the audio thread has of live pitch.
#[derive(Debug)]
pub(crate) struct Follower {
    feed: Box<Feed>,
    // Frames that came in.
    at: u64,
}

/// Both ends of a ring of so many frames of these hardware channels (from 1). Not real-time safe.
pub(super) fn feed(channels: &[u16], frames: usize) -> (Box<Feed>, Inlet) {
    let (samples, read_samples) = RingBuffer::new(channels.len() * frames);
    let (blocks, read_blocks) = RingBuffer::new(if channels.is_empty() { 0 } else { BLOCKS });
    let channels: Box<[u16]> = channels.into();
    let inlet = Inlet { channels: channels.clone(), samples: read_samples, blocks: read_blocks };
    (Box::new(Feed { channels, samples, blocks }), inlet)
}

impl Follower {
    /// One that follows nothing.
    pub(crate) fn new() -> Self {
        Self { feed: feed(&[], 0).0, at: 0 }
    }

    /// Writes other rings from here on; gives back the former, to be freed elsewhere.
    pub(crate) fn follow(&mut self, feed: Box<Feed>) -> Box<Feed> {
        std::mem::replace(&mut self.feed, feed)
    }

    /// Takes `input` (planar hardware channels), frames `from..from + frames` of it, during which the song goes on from
    /// `place`. The transport does not turn within.
    pub(crate) fn hear(&mut self, place: Place, input: &[&[f32]], from: usize, frames: usize) {
        self.feed.write(self.at, place, input, from, frames);
        self.at += frames as u64;
    }
}

impl Feed {
    /// What finds no room is left out, whole: the worker sees by the next block's number that something is missing.
    fn write(&mut self, at: u64, place: Place, input: &[&[f32]], from: usize, frames: usize) {
        if self.channels.is_empty() || frames == 0 || self.blocks.is_full() {
            return;
        }
        let Ok(mut chunk) = self.samples.write_chunk(self.channels.len() * frames) else { return };
        let (first, second) = chunk.as_mut_slices();
        let mut cells = first.iter_mut().chain(second);
        for channel in &self.channels {
            // The samples first: the cells must not be asked for one more than is filled.
            match input.get(usize::from(*channel).wrapping_sub(1)) {
                Some(input) => {
                    input[from..from + frames].iter().zip(&mut cells).for_each(|(it, cell)| *cell = *it);
                }
                // A channel that the device does not have is silence.
                None => cells.by_ref().take(frames).for_each(|cell| *cell = 0.0),
            }
        }
        chunk.commit_all();
        // There is room: this end alone fills it.
        _ = self.blocks.push(Block { at, frames, place, came: Instant::now() });
    }
}

impl Inlet {
    /// Whether a block waits.
    pub(super) fn waits(&self) -> bool {
        !self.blocks.is_empty()
    }

    /// The next block; its samples replace what `planes` holds, one channel after the other, equally long.
    pub(super) fn take(&mut self, planes: &mut Vec<f32>) -> Option<Block> {
        let block = self.blocks.pop().ok()?;
        let chunk = self.samples.read_chunk(block.frames * self.channels.len()).ok()?;
        let (first, second) = chunk.as_slices();
        planes.clear();
        planes.extend_from_slice(first);
        planes.extend_from_slice(second);
        chunk.commit_all();
        Some(block)
    }

    /// Where a hardware channel lies in the planes.
    pub(super) fn plane(&self, channel: u16) -> Option<usize> {
        self.channels.iter().position(|one| *one == channel)
    }
}

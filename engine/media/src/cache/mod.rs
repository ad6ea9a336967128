//! The cache that streams: one bounded store of decoded blocks between the disk and the audio thread.
//!
//! A [`Stream`] is one audio file as the audio thread sees it: a table from block to slot. The [`Filler`], owned
//! by one thread, decodes blocks into slots and evicts what is no longer wanted; the audio thread
//! [pins](Stream::pin) a block for as long as it reads it. Neither ever waits for the other. Start at [`Stream`].

mod fill;
mod slots;

pub use fill::Filler;
pub use slots::{Pinned, Slots};

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Frames of one channel in a block: small enough that a freshly decoded block is still in the processor's own
/// cache when it is mixed, large enough that a disk is not asked for crumbs.
pub const BLOCK_FRAMES: usize = 8_192;

/// One audio file as the audio thread sees it. Made without touching the file; shared by every clip of it.
#[derive(Debug)]
pub struct Stream {
    id: u32,
    path: PathBuf,
    channels: u16,
    frames: u64,
    // Slot index + 1 of each (block, channel), 0 when it is not in memory.
    table: Box<[AtomicU32]>,
    broken: AtomicBool,
    slots: Arc<Slots>,
}

impl Stream {
    /// A stream over `frames` frames of `channels` channels at `path`, whose blocks live in `slots`.
    #[must_use]
    pub fn new(slots: &Arc<Slots>, path: &Path, channels: u16, frames: u64) -> Arc<Self> {
        let blocks = frames.div_ceil(BLOCK_FRAMES as u64) as usize;
        let table = (0..blocks * usize::from(channels)).map(|_| AtomicU32::new(0)).collect();
        Arc::new(Self {
            id: slots.next_stream_id(),
            path: path.to_owned(),
            channels,
            frames,
            table,
            broken: AtomicBool::new(false),
            slots: Arc::clone(slots),
        })
    }

    /// Where the file lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Channels of the file.
    #[must_use]
    pub fn channels(&self) -> u16 {
        self.channels
    }

    /// Frames of the file, as the song knows them.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Whether the file could not be read when it was last tried. Silent until it can be.
    #[must_use]
    pub fn broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }

    /// Holds one block of one channel (from 0) for reading, if it is in memory. Real-time safe, wait-free.
    #[must_use]
    pub fn pin(&self, block: u64, channel: u16) -> Option<Pinned<'_>> {
        let entry = self.table.get(self.entry(block, channel)?)?.load(Ordering::Acquire);
        self.slots.pin(entry.checked_sub(1)?, self.key(block, channel))
    }

    /// Whether all channels of a block are in memory. Real-time safe.
    #[must_use]
    pub fn holds(&self, block: u64) -> bool {
        (0..self.channels).all(|channel| {
            self.entry(block, channel)
                .and_then(|entry| self.table.get(entry))
                .is_some_and(|slot| slot.load(Ordering::Relaxed) != 0)
        })
    }

    fn entry(&self, block: u64, channel: u16) -> Option<usize> {
        (channel < self.channels)
            .then_some(block as usize * usize::from(self.channels) + usize::from(channel))
    }

    fn key(&self, block: u64, channel: u16) -> u64 {
        // A stream of 2^32 (block, channel) pairs would last 20 years; 0 is "empty" and no stream has id 0.
        (u64::from(self.id) << 32) | ((block * u64::from(self.channels) + u64::from(channel)) & 0xFFFF_FFFF)
    }
}

#[cfg(test)]
mod tests;

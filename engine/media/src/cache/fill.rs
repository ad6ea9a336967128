//! The side of the cache that reads files. Not for the audio thread.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{BLOCK_FRAMES, Slots, Stream};
use crate::error::MediaError;
use crate::source::{self, Source};

/// Files kept open at a time. Well below the 1,024 descriptors that a process has by default.
const OPEN_FILES: usize = 400;

/// Decodes blocks into slots and evicts. One per [`Slots`]; lives on the disk reader or the render thread.
pub struct Filler {
    slots: Arc<Slots>,
    // What each slot holds: its stream and entry in that stream's table, and when it was last wanted.
    holders: Vec<Option<(Arc<Stream>, usize)>>,
    wanted: Vec<u64>,
    round: u64,
    hand: usize,
    open: HashMap<u32, OpenFile>,
    // For channels of a block that are in memory already, when others are not.
    spare: Vec<Vec<f32>>,
}

struct OpenFile {
    source: Box<dyn Source>,
    used: u64,
}

impl std::fmt::Debug for Filler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Filler").field("slots", &self.slots.len()).field("open", &self.open.len()).finish()
    }
}

impl Filler {
    /// The filler of `slots`. There must be only one for each.
    #[must_use]
    pub fn new(slots: &Arc<Slots>) -> Self {
        let count = slots.len();
        Self {
            slots: Arc::clone(slots),
            holders: vec![None; count],
            wanted: vec![0; count],
            round: 1,
            hand: 0,
            open: HashMap::new(),
            spare: Vec::new(),
        }
    }

    /// The slots it fills.
    #[must_use]
    pub fn slots(&self) -> &Arc<Slots> {
        &self.slots
    }

    /// Starts a new round: what is fetched from now on is wanted, and may push out what only earlier rounds
    /// wanted.
    pub fn begin_round(&mut self) {
        self.round += 1;
    }

    /// Brings one block of all channels of `stream` into memory, or keeps it there.
    ///
    /// Returns `Ok(false)` when every slot is taken by blocks that this round wants: the cache is full.
    ///
    /// # Errors
    /// When the file cannot be opened or read. The stream then counts as [broken](Stream::broken) until a later
    /// fetch succeeds.
    pub fn fetch(&mut self, stream: &Arc<Stream>, block: u64) -> Result<bool, MediaError> {
        if block * BLOCK_FRAMES as u64 >= stream.frames {
            return Ok(true);
        }
        if self.keep(stream, block) {
            return Ok(true);
        }
        let Some(places) = self.places(stream, block) else { return Ok(false) };
        let read = self.decode(stream, block, &places);
        stream.broken.store(read.is_err(), Ordering::Relaxed);
        for (channel, place) in (0..).zip(places) {
            let (Some(slot), Some(entry)) = (place, stream.entry(block, channel)) else { continue };
            if read.is_err() {
                self.slots.publish(slot, 0);
                continue;
            }
            self.slots.publish(slot, stream.key(block, channel));
            self.holders[slot] = Some((Arc::clone(stream), entry));
            self.wanted[slot] = self.round;
            stream.table[entry].store(slot as u32 + 1, Ordering::Release);
        }
        read.map(|()| true)
    }

    /// A claimed slot for each channel of the block that is not in memory; `None` when there are too few.
    fn places(&mut self, stream: &Stream, block: u64) -> Option<Vec<Option<usize>>> {
        let mut places = Vec::with_capacity(usize::from(stream.channels));
        for channel in 0..stream.channels {
            let there =
                stream.entry(block, channel).map_or(0, |entry| stream.table[entry].load(Ordering::Relaxed));
            if there != 0 {
                places.push(None);
                continue;
            }
            let Some(slot) = self.free_slot() else {
                places.iter().flatten().for_each(|slot: &usize| self.slots.publish(*slot, 0));
                return None;
            };
            places.push(Some(slot));
        }
        Some(places)
    }

    /// Forgets the open file of `stream`, so that the next fetch looks for it anew (after a relink).
    pub fn reopen(&mut self, stream: &Stream) {
        self.open.remove(&stream.id);
    }

    fn keep(&mut self, stream: &Stream, block: u64) -> bool {
        let mut whole = true;
        for channel in 0..stream.channels {
            let slot =
                stream.entry(block, channel).map_or(0, |entry| stream.table[entry].load(Ordering::Relaxed));
            match slot.checked_sub(1) {
                Some(slot) => self.wanted[slot as usize] = self.round,
                None => whole = false,
            }
        }
        whole
    }

    fn decode(&mut self, stream: &Stream, block: u64, places: &[Option<usize>]) -> Result<(), MediaError> {
        if !self.open.contains_key(&stream.id) {
            self.make_room_for_a_file();
            let source = source::open(&stream.path)?;
            if source.channels() != stream.channels {
                return Err(MediaError::Damaged {
                    path: stream.path.clone(),
                    reason: format!(
                        "it has {} channels, the song expects {}",
                        source.channels(),
                        stream.channels
                    ),
                });
            }
            self.open.insert(stream.id, OpenFile { source, used: self.round });
        }
        while self.spare.len() < usize::from(stream.channels) {
            self.spare.push(vec![0.0; BLOCK_FRAMES]);
        }
        let Some(file) = self.open.get_mut(&stream.id) else { return Ok(()) };
        file.used = self.round;
        let mut planes = self.slots.lend(places, &mut self.spare);
        let from = block * BLOCK_FRAMES as u64;
        let result = file.source.read(from, &mut planes);
        let expected = (stream.frames - from).min(BLOCK_FRAMES as u64) as usize;
        let readable = file.source.frames();
        if result.as_ref().map_or(true, |read| *read < expected) {
            self.open.remove(&stream.id);
        }
        match result? {
            // Cut short since it came into the song: silence in its place must not pass for the music.
            read if read < expected => {
                let (path, expected) = (stream.path.clone(), Some(stream.frames));
                Err(MediaError::Truncated { path, readable, expected })
            }
            _ => Ok(()),
        }
    }

    fn make_room_for_a_file(&mut self) {
        if self.open.len() >= OPEN_FILES {
            let oldest = self.open.iter().min_by_key(|(_, file)| file.used).map(|(id, _)| *id);
            if let Some(oldest) = oldest {
                self.open.remove(&oldest);
            }
        }
    }

    /// A claimed slot that nothing of this round needs, its former holder told.
    fn free_slot(&mut self) -> Option<usize> {
        for _ in 0..self.slots.len() {
            let slot = self.hand;
            self.hand = (self.hand + 1) % self.slots.len();
            if self.wanted[slot] == self.round && self.holders[slot].is_some() {
                continue;
            }
            if !self.slots.claim(slot) {
                continue; // being read at this moment
            }
            if let Some((stream, entry)) = self.holders[slot].take() {
                stream.table[entry].store(0, Ordering::Release);
            }
            return Some(slot);
        }
        None
    }
}

//! The slots: fixed memory that one thread fills while others read, without locks.
//!
//! Each slot has a state word: the number of readers that hold it, and a bit that says it is being written.
//! A reader adds itself first and looks after; the writer takes a slot only at a count of 0. So neither sees the
//! other's work half done, and neither waits.
#![allow(unsafe_code, reason = "the block is shared by a protocol of atomics that the compiler cannot see")]

use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::BLOCK_FRAMES;

const WRITING: u32 = 1 << 31;

#[derive(Debug)]
struct Slot {
    state: AtomicU32,
    key: AtomicU64,
    // Empty until the filler first uses the slot.
    samples: UnsafeCell<Box<[f32]>>,
}

/// All slots of one cache, shared between the filler and the readers.
#[derive(Debug)]
pub struct Slots {
    slots: Box<[Slot]>,
    next_stream: AtomicU32,
}

// SAFETY: `samples` is written only between a successful `claim` (state 0 → WRITING) and `publish`, by the one
// thread that claimed it, and read only while pinned, which `pin` grants only when WRITING was not set at the
// moment of the atomic add. Acquire on both entries and Release on both exits order the accesses.
unsafe impl Sync for Slots {}

/// A block held for reading. Dropping it lets go; real-time safe.
#[derive(Debug)]
pub struct Pinned<'a> {
    slot: &'a Slot,
}

impl Slots {
    /// Room for `bytes` of samples, at least four blocks. The memory itself is taken as it is first filled.
    #[must_use]
    pub fn with_bytes(bytes: usize) -> std::sync::Arc<Self> {
        let count = (bytes / (BLOCK_FRAMES * size_of::<f32>())).clamp(4, (WRITING - 1) as usize);
        let slots = (0..count)
            .map(|_| Slot {
                state: AtomicU32::new(0),
                key: AtomicU64::new(0),
                samples: UnsafeCell::new(Box::default()),
            })
            .collect();
        std::sync::Arc::new(Self { slots, next_stream: AtomicU32::new(1) })
    }

    /// How many blocks of one channel fit.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Never: there are at least four.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    pub(super) fn next_stream_id(&self) -> u32 {
        self.next_stream.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn pin(&self, index: u32, key: u64) -> Option<Pinned<'_>> {
        let slot = self.slots.get(index as usize)?;
        let before = slot.state.fetch_add(1, Ordering::Acquire);
        let pinned = Pinned { slot }; // from here on, dropping it takes the count back
        (before & WRITING == 0 && slot.key.load(Ordering::Relaxed) == key).then_some(pinned)
    }

    /// Takes slot `index` for writing if nobody reads it; until [`publish`](Self::publish) it is the caller's.
    pub(super) fn claim(&self, index: usize) -> bool {
        self.slots[index].state.compare_exchange(0, WRITING, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Memory to decode into: that of a claimed slot for each channel that has a place, `spare` for the others.
    pub(super) fn lend<'a>(
        &'a self,
        places: &[Option<usize>],
        spare: &'a mut [Vec<f32>],
    ) -> Vec<&'a mut [f32]> {
        let lend = |(place, spare): (&Option<usize>, &'a mut Vec<f32>)| match place {
            None => spare.as_mut_slice(),
            Some(index) => {
                let slot = &self.slots[*index];
                assert!(slot.state.load(Ordering::Relaxed) & WRITING != 0, "lent without a claim");
                // SAFETY: the caller, the one Filler, claimed this slot: state is WRITING, so no reader is inside
                // (the claim saw a count of 0) and none enters (pin gives nothing while the bit is set). A slot
                // cannot be claimed twice, so no two places of a call are the same.
                let memory = unsafe { &mut *slot.samples.get() };
                if memory.is_empty() {
                    *memory = vec![0.0; BLOCK_FRAMES].into_boxed_slice();
                }
                &mut memory[..]
            }
        };
        places.iter().zip(spare).map(lend).collect()
    }

    /// Lets readers of `key` in; a key of 0 lets nobody in and leaves the slot free.
    pub(super) fn publish(&self, index: usize, key: u64) {
        let slot = &self.slots[index];
        slot.key.store(key, Ordering::Relaxed);
        // Not a store: readers that came and went in vain may be counted at this moment.
        slot.state.fetch_and(!WRITING, Ordering::Release);
    }
}

impl Pinned<'_> {
    /// The samples of the block, [`BLOCK_FRAMES`] of them, zeros after the end of the file.
    #[must_use]
    pub fn samples(&self) -> &[f32] {
        // SAFETY: this pin was granted with WRITING unset, and keeps the count above 0, so no claim succeeds
        // while it lives; the reference cannot outlive the pin.
        unsafe { &*self.slot.samples.get() }
    }
}

impl Drop for Pinned<'_> {
    fn drop(&mut self) {
        self.slot.state.fetch_sub(1, Ordering::Release);
    }
}

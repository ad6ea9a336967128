//! Rings that overwrite themselves: one thread writes without ever waiting, another copies out of them meanwhile.
//!
//! Start at [`Bank`]. All channels share one [`Clock`], so that frame `n` of one is frame `n` of all. In safe Rust: a
//! sample is the bits of an `f32` in an `AtomicU32`; relaxed loads and stores of it are plain moves (a [put](Channel::put), by the
//! control thread alone, is not).
//!
//! Why a copy can be trusted. For each block the writer (1) announces in `writing` how far it will get, (2) a release
//! fence, (3) stores the samples, relaxed, (4) publishes in `written` how far it got, by a release store. The reader
//! (a) loads `written` with acquire, (b) loads samples before it, relaxed, (c) an acquire fence, (d) loads `writing`.
//! - Nothing is too young: the stores of (3) happen before (4), which happens before (b) if (a) saw it.
//! - Nothing is too old to be recognised: if (b) read a sample stored by (3) of a later block, the fences (2) and (c)
//!   synchronise through that sample, so (d) sees at least what (1) of that block announced, and every frame that the
//!   block may have overwritten is [dropped](Clock::oldest) by it.
//! - The same holds for who [puts](Channel::put) samples into a ring that is being written: a swap reads what it replaces, so
//!   (c) and (d) after it see the block that it replaced; what the writer stores after the swap stays.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

/// Not yet.
const NEVER: u64 = u64::MAX;

/// How many frames have come in since the engine started, shared by all rings.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    writing: AtomicU64,
    written: AtomicU64,
}

impl Clock {
    /// Writer: frames before `until` are about to be written.
    pub(super) fn begin(&self, until: u64) {
        self.writing.store(until, Ordering::Relaxed);
        fence(Ordering::Release);
    }

    /// Writer: frames before `until` are written.
    pub(super) fn publish(&self, until: u64) {
        self.written.store(until, Ordering::Release);
    }

    /// Reader: frames that are written.
    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::Acquire)
    }

    /// Reader, after copying: the first frame that was surely not overwritten meanwhile in a ring of `capacity`.
    pub(super) fn oldest(&self, capacity: usize) -> u64 {
        fence(Ordering::Acquire);
        self.writing.load(Ordering::Relaxed).saturating_sub(capacity as u64)
    }
}

/// The ring of one hardware channel.
#[derive(Debug)]
pub(super) struct Channel {
    // From 1.
    number: u16,
    samples: Box<[AtomicU32]>,
    // The first frame that the audio thread wrote.
    joined: AtomicU64,
    // The first frame that the control thread moved in here from the ring before, up to that one.
    carried: AtomicU64,
}

impl Channel {
    /// A ring of so many frames, all of it touched, so that the audio thread meets no page that is not there. None
    /// when there is no memory for it.
    pub(super) fn new(number: u16, frames: usize) -> Option<Arc<Self>> {
        let mut samples = Vec::new();
        samples.try_reserve_exact(frames).ok()?;
        samples.resize_with(frames, AtomicU32::default);
        let (joined, carried) = (AtomicU64::new(NEVER), AtomicU64::new(NEVER));
        Some(Arc::new(Self { number, samples: samples.into_boxed_slice(), joined, carried }))
    }

    pub(super) fn number(&self) -> u16 {
        self.number
    }

    pub(super) fn frames(&self) -> usize {
        self.samples.len()
    }

    /// The first frame written by the audio thread, once it has this ring.
    pub(super) fn joined(&self) -> Option<u64> {
        Some(self.joined.load(Ordering::Acquire)).filter(|frame| *frame != NEVER)
    }

    /// The first frame that it ever held; none while it is not written.
    pub(super) fn first(&self) -> Option<u64> {
        self.joined().map(|joined| joined.min(self.carried.load(Ordering::Relaxed)))
    }

    /// Notes that it holds all from `frame` on until it was written itself.
    pub(super) fn carried(&self, frame: u64) {
        self.carried.store(frame, Ordering::Relaxed);
    }

    /// Writes `samples` as frames from `at` on; no more than fit. Real-time safe.
    pub(super) fn write(&self, at: u64, samples: &[f32]) {
        let (first, second) = self.cells(at, samples.len());
        for (cell, sample) in first.iter().chain(second).zip(samples) {
            cell.store(sample.to_bits(), Ordering::Relaxed);
        }
    }

    /// Writes `samples` as frames from `at` on, also while the audio thread writes: [`Clock::oldest`] says afterwards whether
    /// it had come round to one of these cells before. A store would not do: only what is read of the audio thread's says
    /// how far that is.
    pub(super) fn put(&self, at: u64, samples: &[f32]) {
        let (first, second) = self.cells(at, samples.len());
        for (cell, sample) in first.iter().chain(second).zip(samples) {
            cell.swap(sample.to_bits(), Ordering::Relaxed);
        }
    }

    fn silence(&self, at: u64, frames: usize) {
        let (first, second) = self.cells(at, frames);
        first.iter().chain(second).for_each(|cell| cell.store(0, Ordering::Relaxed));
    }

    /// Copies the frames `from..to`, whatever they hold: what may be trusted is [`Clock::oldest`]'s to say.
    pub(super) fn read(&self, from: u64, to: u64) -> Vec<f32> {
        let (first, second) = self.cells(from, to.saturating_sub(from) as usize);
        let cells = first.iter().chain(second);
        cells.map(|cell| f32::from_bits(cell.load(Ordering::Relaxed))).collect()
    }

    /// Where so many frames from `at` on lie: to the end of the memory, and on from its beginning.
    fn cells(&self, at: u64, frames: usize) -> (&[AtomicU32], &[AtomicU32]) {
        let frames = frames.min(self.samples.len());
        let start = (at % self.samples.len().max(1) as u64) as usize;
        let first = frames.min(self.samples.len() - start);
        (&self.samples[start..start + first], &self.samples[..frames - first])
    }
}

/// The rings that the audio thread writes: it swaps one bank for another, so that nothing is allocated or freed there.
#[derive(Debug, Default)]
pub struct Bank {
    channels: Vec<Arc<Channel>>,
}

impl Bank {
    pub(super) fn new(channels: Vec<Arc<Channel>>) -> Box<Self> {
        Box::new(Self { channels })
    }

    /// From frame `at` on these rings are written. Real-time safe.
    pub(super) fn join(&self, at: u64) {
        for channel in &self.channels {
            // A ring that stays has joined before; only the audio thread stores here.
            if channel.joined.load(Ordering::Relaxed) == NEVER {
                channel.joined.store(at, Ordering::Release);
            }
        }
    }

    /// Writes frames `from..from + frames` of `input` (planar hardware channels) as frames from `at` on. A channel that
    /// the device does not have is silence. Real-time safe.
    pub(super) fn write(&self, at: u64, input: &[&[f32]], from: usize, frames: usize) {
        for channel in &self.channels {
            match input.get(usize::from(channel.number).wrapping_sub(1)) {
                Some(input) => channel.write(at, &input[from..from + frames]),
                None => channel.silence(at, frames),
            }
        }
    }
}

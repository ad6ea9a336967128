//! What the worker hears of one track, for somebody else who listens: the samples themselves.
//!
//! Start at [`Overheard`]. They are passed on from the worker, never from the audio thread, and into a channel with bounds:
//! what finds no room there is left out, and nobody waits.

use std::sync::{Mutex, PoisonError};

use crossbeam_channel::Sender;

/// A block of a track's input, folded to one channel as its tracker hears it.
#[derive(Debug, Clone, PartialEq)]
pub struct Overheard {
    /// Frames a second.
    pub rate: u32,
    /// The song frame that the singer heard at the first sample; see [`Heard::position`](super::Heard::position).
    pub position: i64,
    /// Whether the song rolled there.
    pub rolling: bool,
    /// Linear samples, as they came in: also what is no number.
    pub samples: Box<[f32]>,
}

/// Whose voice goes to whom.
#[derive(Debug, Default)]
pub(super) struct Tap(Mutex<Option<(u32, Sender<Overheard>)>>);

impl Tap {
    pub(super) fn set(&self, listener: Option<(u32, Sender<Overheard>)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = listener;
    }

    /// Passes on what `block` makes, if anybody listens to this voice.
    pub(super) fn pass_on(&self, voice: u32, block: impl FnOnce() -> Overheard) {
        let listener = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, out)) = listener.as_ref().filter(|(wanted, _)| *wanted == voice) {
            // Full, or nobody is there any more: it is left out.
            let _ = out.try_send(block());
        }
    }
}

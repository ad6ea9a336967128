//! What the transport did while channels were listened to, as lines that the audio thread writes and the control
//! thread keeps.
//!
//! Start at [`Turns::stretches`].

use std::collections::VecDeque;

use rtrb::Consumer;

/// What the transport does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Motion {
    Still,
    CountingIn,
    Rolling,
}

/// Where the song is, and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) motion: Motion,
    /// Song frame.
    pub(crate) position: i64,
    /// Frames by which the Plan's output is late.
    pub(crate) latency: u32,
}

impl Place {
    /// Where it is after `frames` more if nothing happens.
    pub(super) fn after(self, frames: u64) -> Self {
        let moved = if self.motion == Motion::Rolling { frames as i64 } else { 0 };
        Self { position: self.position + moved, ..self }
    }
}

/// A line of the log: from this frame on the song goes on from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(super) frame: u64,
    pub(super) place: Place,
    /// From here to `frame` lines found no room: what happened is not known.
    pub(super) lost_since: Option<u64>,
}

/// Frames `from..to`, during which the song went on as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) from: u64,
    pub(super) to: u64,
    /// At `from`.
    pub(super) place: Place,
}

/// The lines from the oldest frame that is remembered on.
#[derive(Debug)]
pub(super) struct Turns {
    ring: Consumer<Turn>,
    lines: VecDeque<Turn>,
}

impl Turns {
    pub(super) fn new(ring: Consumer<Turn>) -> Self {
        Self { ring, lines: VecDeque::new() }
    }

    /// Takes in what has come, and forgets what lies before `oldest`.
    pub(super) fn collect(&mut self, oldest: u64) {
        while let Ok(turn) = self.ring.pop() {
            self.lines.push_back(turn);
        }
        // The line before the oldest frame says what happened at it.
        while self.lines.get(1).is_some_and(|next| next.frame <= oldest) {
            self.lines.pop_front();
        }
    }

    /// What happened until frame `until`, oldest first. Each line of a frame before it is in if the frame counter was
    /// read before [`collect`](Self::collect): the audio thread writes the line before it publishes the frame.
    pub(super) fn stretches(&self, until: u64) -> Vec<Stretch> {
        let next = |index: usize| match self.lines.get(index + 1) {
            Some(next) => next.lost_since.unwrap_or(next.frame).min(until),
            None => until,
        };
        let stretch = |(index, turn): (usize, &Turn)| {
            let (from, to) = (turn.frame, next(index));
            (from < to).then_some(Stretch { from, to, place: turn.place })
        };
        self.lines.iter().enumerate().filter_map(stretch).collect()
    }
}

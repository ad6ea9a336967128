//! The transport on the audio thread: where the song is, and how far a block may go before something changes.
//!
//! Start at [`Transport::reach`]. Real-time safe.

use super::source::Edge;
use crate::retrospect::{Motion, Place};

/// Frames of the shortest loop at `rate` frames a second: the two fades around a locate, 10 ms. One that is shorter is
/// passed over.
#[must_use]
pub fn shortest_loop(rate: u32) -> i64 {
    2 * fade_frames(rate)
}

/// Frames of the fade at a stop or locate: 5 ms.
pub(super) fn fade_frames(rate: u32) -> i64 {
    i64::from(rate / 200).max(1)
}

/// What the transport does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Stopped,
    CountIn { left: i64 },
    Rolling,
    FadingOut { left: i64, then: Then },
    FadingIn { done: i64 },
}

/// What follows a fade out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    // Where it is, or at this place.
    Stop(Option<i64>),
    Locate(i64),
}

/// What happened at the end of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing.
    None,
    /// The song moves from `position` on, not from where it was.
    Segment,
    /// It stopped.
    Stopped,
}

/// Position, loop and phase.
#[derive(Debug)]
pub(super) struct Transport {
    pub(super) phase: Phase,
    pub(super) position: i64,
    loop_range: Option<(i64, i64)>,
    fade: i64,
}

impl Transport {
    /// Stopped at the song's start; fades of `fade` frames.
    pub(super) fn new(fade: i64) -> Self {
        Self { phase: Phase::Stopped, position: 0, loop_range: None, fade }
    }

    pub(super) fn fade_frames(&self) -> i64 {
        self.fade
    }

    pub(super) fn rolling(&self) -> bool {
        !matches!(self.phase, Phase::Stopped | Phase::CountIn { .. })
    }

    /// Where the song is, played by a Plan of this latency.
    pub(super) fn place(&self, latency: u32) -> Place {
        let motion = match self.phase {
            Phase::Stopped => Motion::Still,
            Phase::CountIn { .. } => Motion::CountingIn,
            _ => Motion::Rolling,
        };
        Place { motion, position: self.position, latency }
    }

    /// A loop shorter than [`shortest_loop`] is none.
    pub(super) fn set_loop(&mut self, range: Option<(i64, i64)>) {
        self.loop_range = range.filter(|(start, end)| end.saturating_sub(*start) >= 2 * self.fade);
    }

    pub(super) fn loop_range(&self) -> Option<(i64, i64)> {
        self.loop_range
    }

    /// Returns whether the song moves at once.
    pub(super) fn play(&mut self, from: Option<i64>, count_in: i64) -> bool {
        if self.rolling() {
            if let Some(to) = from {
                self.locate(to);
            } else if let Phase::FadingOut { left, then: Then::Stop(at) } = self.phase {
                // Play pressed during the fade of Stop: take the stop back.
                let then = Then::Locate(at.unwrap_or(self.position));
                self.phase = Phase::FadingOut { left, then };
            }
            return true;
        }
        self.position = from.unwrap_or(self.position);
        self.phase = if count_in > 0 { Phase::CountIn { left: count_in } } else { Phase::Rolling };
        count_in <= 0
    }

    pub(super) fn stop(&mut self) {
        self.phase = match self.phase {
            Phase::Stopped | Phase::CountIn { .. } => Phase::Stopped,
            Phase::FadingOut { left, then: Then::Locate(to) } => {
                Phase::FadingOut { left, then: Then::Stop(Some(to)) }
            }
            fading @ Phase::FadingOut { .. } => fading,
            Phase::Rolling | Phase::FadingIn { .. } => {
                Phase::FadingOut { left: self.fade, then: Then::Stop(None) }
            }
        };
    }

    pub(super) fn locate(&mut self, to: i64) {
        match self.phase {
            Phase::Stopped | Phase::CountIn { .. } => self.position = to,
            Phase::FadingOut { left, then: Then::Locate(_) } => {
                self.phase = Phase::FadingOut { left, then: Then::Locate(to) };
            }
            // What fades is still what was played here.
            Phase::FadingOut { left, then: Then::Stop(_) } => {
                self.phase = Phase::FadingOut { left, then: Then::Stop(Some(to)) };
            }
            Phase::Rolling | Phase::FadingIn { .. } => {
                self.phase = Phase::FadingOut { left: self.fade, then: Then::Locate(to) };
            }
        }
    }

    /// How many of `frames` frames can be rendered before the transport turns.
    pub(super) fn reach(&self, frames: usize) -> usize {
        let mut reach = frames as i64;
        match self.phase {
            Phase::CountIn { left } | Phase::FadingOut { left, .. } => reach = reach.min(left),
            Phase::FadingIn { done } => reach = reach.min(self.fade - done),
            Phase::Stopped | Phase::Rolling => {}
        }
        if let (true, Some((_, end))) = (self.rolling(), self.loop_range)
            && self.position < end
        {
            reach = reach.min(end - self.position);
        }
        reach.max(1) as usize
    }

    /// The fade of all playback in the coming block.
    pub(super) fn edge(&self) -> Edge {
        match self.phase {
            Phase::FadingOut { left, .. } => Edge::Out(left, self.fade),
            Phase::FadingIn { done } => Edge::In(done, self.fade),
            _ => Edge::None,
        }
    }

    /// Goes on by a block of `frames`, at most what [`reach`](Self::reach) allowed.
    pub(super) fn advance(&mut self, frames: usize) -> Turn {
        let frames = frames as i64;
        let mut turn = Turn::None;
        if self.rolling() {
            self.position += frames;
            if let Some((start, end)) = self.loop_range
                && self.position == end
            {
                self.position = start;
                turn = Turn::Segment;
            }
        }
        match &mut self.phase {
            Phase::Stopped | Phase::Rolling => {}
            Phase::CountIn { left } => {
                *left -= frames;
                if *left <= 0 {
                    self.phase = Phase::Rolling;
                    turn = Turn::Segment;
                }
            }
            Phase::FadingIn { done } => {
                *done += frames;
                if *done >= self.fade {
                    self.phase = Phase::Rolling;
                }
            }
            Phase::FadingOut { left, then } => {
                *left -= frames;
                if *left <= 0 {
                    match *then {
                        Then::Stop(at) => {
                            self.position = at.unwrap_or(self.position);
                            self.phase = Phase::Stopped;
                            turn = Turn::Stopped;
                        }
                        Then::Locate(to) => {
                            self.position = to;
                            self.phase = Phase::FadingIn { done: 0 };
                            turn = Turn::Segment;
                        }
                    }
                }
            }
        }
        turn
    }
}

//! What is heard beside the song: a file that is auditioned, a test tone. It joins after the master and is never
//! exported.
//!
//! Start at [`Feed::new`]: the feed goes to [`Engine::beside`](crate::Engine::beside), the other end of its ring is
//! filled by a thread of whoever made it. When that end is dropped, the feed ends with what is in the ring.
//! Real-time safe but for [`Feed::new`].

use rtrb::{Consumer, Producer, RingBuffer};

/// A ring of stereo frames, interleaved, at the song's rate.
#[derive(Debug)]
pub struct Feed {
    samples: Consumer<f32>,
    // Nothing sounds before there is something in hand, or the start would stutter.
    begun: bool,
}

/// What sounds now, and what it replaced while that fades.
#[derive(Debug, Default)]
pub(super) struct Beside {
    now: Option<Box<Feed>>,
    leaving: Option<Leaving>,
}

#[derive(Debug)]
struct Leaving {
    feed: Box<Feed>,
    left: i64,
    fade: i64,
}

impl Feed {
    /// A ring of so many frames. Whoever fills it pushes left and right in turn, whole frames only. It sounds once a
    /// quarter of the ring is full.
    #[must_use]
    pub fn new(frames: usize) -> (Box<Self>, Producer<f32>) {
        let (filler, samples) = RingBuffer::new(frames.max(1) * 2);
        (Box::new(Self { samples, begun: false }), filler)
    }

    fn ended(&self) -> bool {
        // In this order: what was pushed before the filler went is still to be heard.
        self.samples.is_abandoned() && self.samples.slots() < 2
    }

    /// Adds the next frames to the outputs (both halves to an only one), each multiplied by the gain of its frame.
    fn add_to(&mut self, output: &mut [&mut [f32]], from: usize, frames: usize, gain: impl Fn(usize) -> f32) {
        let last = self.samples.is_abandoned();
        let ready = self.samples.slots() / 2;
        self.begun |= last || ready * 8 >= self.samples.buffer().capacity();
        if !self.begun {
            return;
        }
        let Ok(chunk) = self.samples.read_chunk(ready.min(frames) * 2) else { return };
        let (first, second) = chunk.as_slices();
        for (index, sample) in first.iter().chain(second).enumerate() {
            let frame = index / 2;
            let sample = sample * gain(frame);
            match &mut *output {
                [only] => only[from + frame] += sample * 0.5,
                [left, ..] if index % 2 == 0 => left[from + frame] += sample,
                [_, right, ..] => right[from + frame] += sample,
                [] => {}
            }
        }
        chunk.commit_all();
    }
}

impl Beside {
    /// Whether [`put`](Self::put) may be called.
    pub(super) fn ready(&self) -> bool {
        self.leaving.is_none()
    }

    /// Lets `feed` sound from now on; what sounded fades within `fade` frames.
    pub(super) fn put(&mut self, feed: Option<Box<Feed>>, fade: i64) {
        let fade = fade.max(1);
        let before = std::mem::replace(&mut self.now, feed);
        self.leaving = before.map(|feed| Leaving { feed, left: fade, fade });
    }

    pub(super) fn add_to(&mut self, output: &mut [&mut [f32]], from: usize, frames: usize) {
        if let Some(feed) = &mut self.now {
            feed.add_to(output, from, frames, |_| 1.0);
        }
        if let Some(Leaving { feed, left, fade }) = &mut self.leaving {
            let gain = |frame: usize| (*left - frame as i64).max(0) as f32 / *fade as f32;
            feed.add_to(output, from, frames, gain);
            *left -= frames as i64;
        }
    }

    /// What is over, to be freed elsewhere; one at a time.
    pub(super) fn take_ended(&mut self) -> Option<Box<Feed>> {
        if self.leaving.as_ref().is_some_and(|leaving| leaving.left <= 0) {
            return self.leaving.take().map(|leaving| leaving.feed);
        }
        if self.now.as_ref().is_some_and(|feed| feed.ended()) { self.now.take() } else { None }
    }
}

//! The vocal coach listens while a track is armed, and what it says is shown beside the live pitch.
//!
//! Start at [`Coaching::attend`]. A thread of its own (`line`) for the first armed track that is followed finds the coach, sends
//! it what comes in, and hears its answers. Samples come from the worker of the live pitch through a channel with bounds: a coach
//! that hangs, dies or was never there costs nothing but its words. No recording passes through here.

mod line;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, bounded};
use dawg_engine::pitch::Overheard;
use dawg_session::TrackId;
use jarvis::control_loop::Address;
use serde::Deserialize;

use crate::sound::Waker;

/// Blocks that wait for the coach's thread: a second of blocks of 64 frames at 48 kHz, more of longer ones.
const WAITING: usize = 750;
/// How long a message is shown.
const SHOWN: Duration = Duration::from_secs(8);

/// Where the coach is now, if it is there. May wait: for threads of their own.
pub type Find = Box<dyn Fn() -> Option<Address> + Send>;

/// A track, and where what comes in of it goes.
pub type Listener = (TrackId, Sender<Overheard>);

/// How grave a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Well done.
    Good,
    /// Worth knowing.
    Info,
    /// Worth changing.
    Warn,
}

/// What the coach said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// For the singer.
    pub text: String,
    /// How grave it is.
    pub severity: Severity,
    /// When it came.
    pub at: Instant,
}

impl Message {
    /// How long it is still shown.
    #[must_use]
    pub fn left(&self) -> Duration {
        SHOWN.saturating_sub(self.at.elapsed())
    }
}

/// Who is coached.
pub struct Coaching {
    track: Option<TrackId>,
    said: Arc<Said>,
    waker: Waker,
}

/// What a coach's thread tells.
#[derive(Debug, Default)]
struct Said(Mutex<Option<Message>>);

impl Said {
    fn set(&self, message: Option<Message>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = message;
    }

    fn get(&self) -> Option<Message> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl std::fmt::Debug for Coaching {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Coaching").field("track", &self.track).finish_non_exhaustive()
    }
}

impl Coaching {
    /// Nobody is coached. `waker` is called when there is something to show.
    #[must_use]
    pub fn new(waker: Waker) -> Self {
        Self { track: None, said: Arc::default(), waker }
    }

    /// This track is to be coached, or nobody. Returns where what comes in is to go from now on, if that changes. `find` makes
    /// what finds the coach. Does not wait; the thread of who was coached ends when nothing comes any more.
    pub fn attend(
        &mut self,
        track: Option<TrackId>,
        find: impl FnOnce() -> Find,
    ) -> Option<Option<Listener>> {
        if track == self.track {
            return None;
        }
        self.track = track;
        // What was said to another singer is not for this one.
        self.said = Arc::default();
        let Some(track) = track else { return Some(None) };
        let (out, overheard) = bounded(WAITING);
        let (find, said, waker) = (find(), Arc::clone(&self.said), Arc::clone(&self.waker));
        let spawned = std::thread::Builder::new()
            .name("coach".to_owned())
            .spawn(move || line::attend(&overheard, &find, &said, &waker, line::RETRY));
        match spawned {
            Ok(_) => Some(Some((track, out))),
            Err(error) => {
                tracing::warn!(%error, "nobody is coached: the system gives no thread");
                Some(None)
            }
        }
    }

    /// What the coach said last, while it is to be shown.
    #[must_use]
    pub fn newest(&self) -> Option<Message> {
        self.said.get().filter(|message| !message.left().is_zero())
    }
}

#[cfg(test)]
mod tests;

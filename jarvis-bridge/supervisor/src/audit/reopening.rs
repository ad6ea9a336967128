//! A trail that is opened beside the control loop: neither a long chain, which is walked, nor a file that another program holds
//! keeps the loop waiting.
//!
//! Start at [`Reopening::begin`].

use std::io;
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use super::chain::Key;
use super::opening::{self, Closed, Opened};
use crate::clock::Wall;
use crate::layout::Layout;

/// An opening that goes on. Dropped, it is waited for: the next owner must not find it at work.
#[derive(Debug)]
pub(super) struct Reopening {
    answer: Receiver<Result<Opened, Closed>>,
    thread: Option<JoinHandle<()>>,
}

impl Reopening {
    /// See [`opening::open`].
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn begin(layout: Layout, now: Wall, fresh: Key) -> io::Result<Self> {
        let (done, answer) = bounded(1);
        let work = move || _ = done.send(opening::open(&layout, now, fresh));
        let thread = std::thread::Builder::new().name("jarvis-audit".to_owned()).spawn(work)?;
        Ok(Self { answer, thread: Some(thread) })
    }

    /// What came of it; none while it goes on. Waits no longer than `patience`.
    pub(super) fn done(&self, patience: Duration) -> Option<Result<Opened, Closed>> {
        match self.answer.recv_timeout(patience) {
            Ok(opened) => Some(opened),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                Some(Err(Closed::Unread("its opening broke off; report this".to_owned())))
            }
        }
    }
}

impl Drop for Reopening {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            // Had it panicked, its answer would not have come, and that is told.
            let _ = thread.join();
        }
    }
}

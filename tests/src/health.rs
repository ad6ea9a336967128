//! What a JACK client of ours is told about the server: xruns, and its end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Counters that the notification thread writes and the test reads.
#[derive(Debug, Default)]
pub(crate) struct Health {
    /// When each was told, by [`crate::monotonic`].
    xruns: Mutex<Vec<u64>>,
    gone: AtomicBool,
}

impl Health {
    /// Xruns of the server since this client was activated.
    pub(crate) fn xruns(&self) -> usize {
        self.xruns.lock().unwrap().len()
    }

    /// When each of them was told, by [`crate::monotonic`].
    pub(crate) fn xrun_times(&self) -> Vec<u64> {
        self.xruns.lock().unwrap().clone()
    }

    /// Whether the server has shut down or vanished.
    pub(crate) fn gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }
}

/// The notification handler of every client here.
#[derive(Debug)]
pub(crate) struct Watch(pub(crate) Arc<Health>);

impl jack::NotificationHandler for Watch {
    // SAFETY: stores to one atomic, which is async-signal-safe.
    #[allow(unsafe_code, reason = "the trait declares it unsafe: it may run like a signal handler")]
    unsafe fn shutdown(&mut self, _status: jack::ClientStatus, _reason: &str) {
        self.0.gone.store(true, Ordering::Release);
    }

    fn xrun(&mut self, _: &jack::Client) -> jack::Control {
        // JACK has a thread for news, which is not the one that sounds.
        self.0.xruns.lock().unwrap().push(crate::monotonic());
        jack::Control::Continue
    }
}

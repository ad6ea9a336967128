//! What a JACK client of ours is told about the server: xruns, and its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Counters that the notification thread writes and the test reads.
#[derive(Debug, Default)]
pub(crate) struct Health {
    xruns: AtomicUsize,
    gone: AtomicBool,
}

impl Health {
    /// Xruns of the server since this client was activated.
    pub(crate) fn xruns(&self) -> usize {
        self.xruns.load(Ordering::Relaxed)
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
        self.0.xruns.fetch_add(1, Ordering::Relaxed);
        jack::Control::Continue
    }
}

//! How far a long job is, and the way to stop it. Shared between the worker and whoever watches.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::MediaError;

/// Progress of an import, export or rebuild: any thread may read it or cancel.
///
/// The unit is the job's own (bytes of the source for an import, frames for an export); only the fraction
/// means something to a person. All operations are lock-free.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
}

impl Progress {
    /// Nothing done, nothing known, not cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says how much there is to do; 0 stands for unknown.
    pub fn set_total(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    /// Says how much is done.
    pub fn set_done(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
    }

    /// Adds to what is done.
    pub fn advance(&self, by: u64) {
        self.done.fetch_add(by, Ordering::Relaxed);
    }

    /// What is done.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// What there is to do; 0 while unknown.
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// 0 to 1, or `None` while the total is unknown.
    pub fn fraction(&self) -> Option<f32> {
        let total = self.total();
        (total > 0).then(|| (self.done() as f64 / total as f64).min(1.0) as f32)
    }

    /// Asks the job to stop; it ends with [`MediaError::Cancelled`] and leaves nothing behind.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether [`Progress::cancel`] was called.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// For the worker, between two steps.
    ///
    /// # Errors
    /// [`MediaError::Cancelled`] once it was cancelled.
    pub fn check(&self) -> Result<(), MediaError> {
        if self.is_cancelled() { Err(MediaError::Cancelled) } else { Ok(()) }
    }
}

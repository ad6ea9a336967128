//! How the engine is: load, drop-outs, late blocks, stream state; readable at any time, from any thread.
//!
//! Start at [`Vitals::read`]. Written by the audio thread and the device's notifications; wait-free.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use serde::Serialize;

/// The newest counts, since the engine was started.
#[derive(Debug, Default)]
pub struct Vitals {
    frames: AtomicU64,
    callbacks: AtomicU64,
    busy_ns: AtomicU64,
    allowed_ns: AtomicU64,
    worst_ns: AtomicU64,
    worst_permille: AtomicU64,
    late: AtomicU64,
    xruns: AtomicU64,
    missed_frames: AtomicU64,
    position: AtomicI64,
    generation: AtomicU64,
    gone: AtomicBool,
    refused: AtomicBool,
}

/// One reading of [`Vitals`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct VitalsReading {
    /// Frames processed.
    pub frames: u64,
    /// Device calls.
    pub callbacks: u64,
    /// Share of the time allowed that calls took, 0 to 1.
    pub load: f64,
    /// Longest call, in microseconds.
    pub worst_callback_us: f64,
    /// The largest share of its own deadline that a call took, 0 to 1 and beyond.
    pub worst_callback_share: f64,
    /// Calls that took longer than they were allowed.
    pub late_callbacks: u64,
    /// Drop-outs that the device reported.
    pub xruns: u64,
    /// Track frames that came out silent because the disk was late.
    pub missed_frames: u64,
    /// Song position.
    pub position: i64,
    /// The device has vanished.
    pub device_gone: bool,
    /// The system refused the audio thread real-time priority: drop-outs are likely under load.
    pub priority_refused: bool,
}

impl Vitals {
    /// All counts.
    #[must_use]
    pub fn read(&self) -> VitalsReading {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let allowed = get(&self.allowed_ns);
        VitalsReading {
            frames: get(&self.frames),
            callbacks: get(&self.callbacks),
            load: if allowed == 0 { 0.0 } else { get(&self.busy_ns) as f64 / allowed as f64 },
            worst_callback_us: get(&self.worst_ns) as f64 / 1_000.0,
            worst_callback_share: get(&self.worst_permille) as f64 / 1_000.0,
            late_callbacks: get(&self.late),
            xruns: get(&self.xruns),
            missed_frames: get(&self.missed_frames),
            position: self.position.load(Ordering::Relaxed),
            device_gone: self.gone.load(Ordering::Relaxed),
            priority_refused: self.refused.load(Ordering::Relaxed),
        }
    }

    /// The generation of the Plan that sounds.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Frames processed.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.frames.load(Ordering::Acquire)
    }

    /// Song position.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.position.load(Ordering::Acquire)
    }

    /// Whether the device has vanished.
    #[must_use]
    pub fn device_gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }

    /// A call took `busy` of `allowed` nanoseconds. Real-time safe.
    pub fn called(&self, busy: u64, allowed: u64) {
        self.callbacks.fetch_add(1, Ordering::Relaxed);
        self.busy_ns.fetch_add(busy, Ordering::Relaxed);
        self.allowed_ns.fetch_add(allowed, Ordering::Relaxed);
        self.worst_ns.fetch_max(busy, Ordering::Relaxed);
        self.worst_permille.fetch_max(busy * 1_000 / allowed.max(1), Ordering::Relaxed);
        if busy > allowed {
            self.late.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The device lost or repeated samples. Real-time safe.
    pub fn xrun(&self) {
        self.xruns.fetch_add(1, Ordering::Relaxed);
    }

    /// The device is gone and will call no more. Real-time safe.
    pub fn lost_device(&self) {
        self.gone.store(true, Ordering::Release);
    }

    /// An audio thread asked for real-time priority and got it or not.
    pub(crate) fn real_time(&self, granted: bool) {
        self.refused.fetch_or(!granted, Ordering::Relaxed);
    }

    pub(crate) fn missed(&self, frames: u64) {
        self.missed_frames.fetch_add(frames, Ordering::Relaxed);
    }

    pub(crate) fn processed(&self, frames: usize, position: i64, generation: u64) {
        self.position.store(position, Ordering::Release);
        self.generation.store(generation, Ordering::Release);
        self.frames.fetch_add(frames as u64, Ordering::Release);
    }
}

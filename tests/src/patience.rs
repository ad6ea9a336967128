//! Waiting for what cannot notify us (processes, ports, sockets), never without a limit.

use std::time::{Duration, Instant};

/// How often [`until`] looks: well below a period of the audio server at 256 frames (5.3 ms).
const EVERY: Duration = Duration::from_millis(1);

/// Asks until there is an answer, every millisecond; `None` once `limit` has passed without one.
pub fn poll<T>(limit: Duration, mut answer: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = answer() {
            return Some(found);
        }
        if start.elapsed() >= limit {
            return None;
        }
        std::thread::sleep(EVERY);
    }
}

/// Waits until `condition` holds; fails the test, naming `what` was waited for, once `limit` has passed.
#[track_caller]
pub fn until(limit: Duration, what: &str, mut condition: impl FnMut() -> bool) {
    if poll(limit, || condition().then_some(())).is_none() {
        panic!("waited {limit:?} in vain: {what}");
    }
}

/// Nanoseconds of the system's monotonic clock, which all processes share.
pub fn monotonic() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

//! Waiting for what may hang: a sound server that stands, a driver that waits for its hardware.
//!
//! Start at [`within`]. Whoever keeps takes never waits for a device longer than it says.

use std::time::Duration;

use crossbeam_channel::bounded;

/// How long a device has to close. One that is well takes some milliseconds; a desktop's sound server some hundred.
pub(super) const CLOSING: Duration = Duration::from_secs(2);

/// How long a host has to open or start a device. Well, it takes milliseconds, and seconds where everything is slow.
pub(super) const OPENING: Duration = Duration::from_secs(10);

/// Does `work` by a thread of its own and waits for it no longer than `patience`. What it comes to later is dropped there; a
/// thread that waits on is left behind.
pub(super) fn within<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (done, wait) = bounded(0);
    let work = move || {
        let came = work();
        // Who does not wait any more needs nothing.
        let _ = done.send(came);
    };
    // Without a thread `work` is dropped, and a device that it holds is closed here.
    std::thread::Builder::new().name("device waits".to_owned()).spawn(work).ok()?;
    wait.recv_timeout(patience).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    /// Seen red: with a patience a thousand times as long.
    #[test]
    fn what_hangs_is_left_behind() {
        let (end, hang) = bounded::<()>(0);
        let began = Instant::now();
        let came = within(Duration::from_millis(20), move || _ = hang.recv());
        assert!(came.is_none() && began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        drop(end);
        assert_eq!(within(Duration::from_secs(20), || 7), Some(7));
    }
}

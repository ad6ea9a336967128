//! Waking the window from other threads, which never wait for it.

use std::io;
use std::sync::Arc;

use crossbeam_channel::bounded;
use egui::Context;

use crate::sound::Waker;

/// What wakes the window of `ctx`. It returns at once, whatever the window is doing: egui's own lock is held while a frame
/// asks for something, and whoever keeps a take must not wait for that. May be called as often as one likes; wakes that come
/// before the window was told are one.
///
/// # Errors
/// When the system refuses a thread.
pub(super) fn of(ctx: Context) -> io::Result<Waker> {
    // A place for one: a wake that is under way when another comes may have been too early for it.
    let (ring, bell) = bounded::<()>(1);
    let waits = move || {
        while bell.recv().is_ok() {
            ctx.request_repaint();
        }
    };
    std::thread::Builder::new().name("waker".to_owned()).spawn(waits)?;
    Ok(Arc::new(move || _ = ring.try_send(())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::time::{Duration, Instant};

    use crossbeam_channel::bounded;
    use egui::Context;

    const LONG: Duration = Duration::from_secs(10);

    // Seen red: with `request_repaint` called by whoever wakes (no answer for as long as the lock is held).
    #[test]
    fn whoever_wakes_a_window_that_stands_still_goes_on() {
        let ctx = Context::default();
        let waker = super::of(ctx.clone()).unwrap();
        let (done, heard) = bounded(1);
        ctx.data(|_| {
            std::thread::spawn(move || {
                (0..1_000).for_each(|_| waker());
                done.send(()).unwrap();
            });
            heard.recv_timeout(Duration::from_secs(3)).unwrap();
        });
        // It is drawn nevertheless.
        let since = Instant::now();
        while !ctx.has_requested_repaint() {
            assert!(since.elapsed() < LONG);
            std::thread::yield_now();
        }
    }
}

//! One stream and its recovery: a desktop's sound server fails now and then, and comes back.
//!
//! A stream that ended or reports nothing but errors is dropped and built anew, with the same side of the joint:
//! [`Held`] sends the side home when the callback that owned it goes. Start at [`Line::tend`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cpal::traits::StreamTrait;
use cpal::{ErrorKind, Stream};
use crossbeam_channel::{Receiver, Sender, bounded};

use crate::device::patience;
use crate::vitals::Vitals;

/// Errors in a row that make a storm.
const STORM: u32 = 20;
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(400);
/// After this the device counts as gone.
const PATIENCE: Duration = Duration::from_secs(4);

/// How a stream fares; written by its callbacks.
#[derive(Debug, Default)]
pub(super) struct Health {
    errors: AtomicU32,
    ended: AtomicBool,
    alive: AtomicBool,
    pub(super) restarts: AtomicU64,
}

impl Health {
    /// A block came through. Real-time safe.
    pub(super) fn alive(&self) {
        self.errors.store(0, Ordering::Relaxed);
        self.alive.store(true, Ordering::Relaxed);
    }

    /// The host reports something. Real-time safe; a storm counts as one xrun.
    pub(super) fn report(&self, kind: ErrorKind, vitals: &Vitals) {
        match kind {
            ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => return,
            ErrorKind::DeviceNotAvailable | ErrorKind::HostUnavailable | ErrorKind::StreamInvalidated => {
                self.ended.store(true, Ordering::Release);
            }
            _ => {}
        }
        if self.errors.fetch_add(1, Ordering::Relaxed) == 0 {
            vitals.xrun();
        }
    }

    fn failing(&self) -> bool {
        self.ended.load(Ordering::Acquire) || self.errors.load(Ordering::Relaxed) > STORM
    }

    fn begin(&self) {
        self.errors.store(0, Ordering::Relaxed);
        self.ended.store(false, Ordering::Release);
        self.alive.store(false, Ordering::Relaxed);
    }
}

/// Why a stream did not start.
#[derive(Debug)]
pub(super) enum NotStarted {
    /// Its sound server does not answer.
    Hangs,
    /// It failed.
    Failed(cpal::Error),
}

impl From<cpal::Error> for NotStarted {
    fn from(error: cpal::Error) -> Self {
        Self::Failed(error)
    }
}

/// A side of the joint inside a callback; goes home with it.
pub(super) struct Held<T> {
    side: Option<T>,
    home: Sender<T>,
}

impl<T> Held<T> {
    pub(super) fn side(&mut self) -> Option<&mut T> {
        self.side.as_mut()
    }
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        if let Some(side) = self.side.take() {
            // If nobody waits for it, the device is being closed.
            let _ = self.home.send(side);
        }
    }
}

/// A stream in one direction.
pub(super) struct Line<T> {
    stream: Option<Stream>,
    pub(super) health: Arc<Health>,
    home: (Sender<T>, Receiver<T>),
    failing_since: Option<Instant>,
    next_try: Option<Instant>,
}

impl<T: Send + 'static> Line<T> {
    /// No stream yet; `side` waits for the first.
    pub(super) fn new(side: T) -> Self {
        let home = bounded(1);
        // The room of one is empty.
        let _ = home.0.send(side);
        Self { stream: None, health: Arc::default(), home, failing_since: None, next_try: None }
    }

    /// Builds the stream by `build` and sets it going. A sound server that hangs holds it up no longer than
    /// [`patience::OPENING`]; what comes of it later is dropped.
    pub(super) fn start(
        &mut self,
        build: impl FnOnce(Held<T>, Arc<Health>) -> Result<Stream, cpal::Error> + Send + 'static,
    ) -> Result<Option<u32>, NotStarted> {
        self.close(); // its callback ends and sends the side home
        let Ok(side) = self.home.1.recv_timeout(Duration::from_millis(500)) else {
            return Err(cpal::Error::new(ErrorKind::DeviceBusy).into());
        };
        self.health.begin();
        let held = Held { side: Some(side), home: self.home.0.clone() };
        let health = Arc::clone(&self.health);
        let begin = move || {
            super::quiet();
            let stream = build(held, health)?;
            stream.play()?;
            let buffer = stream.buffer_size().ok();
            Ok((stream, buffer))
        };
        let begun: Option<Result<_, cpal::Error>> = patience::within(patience::OPENING, begin);
        let (stream, buffer) = begun.ok_or(NotStarted::Hangs)??;
        self.stream = Some(stream);
        Ok(buffer)
    }

    /// Looks after it; when it fails, restarts it by what `build` comes to. False when it has failed for too long.
    pub(super) fn tend<B>(&mut self, build: impl FnOnce() -> B) -> bool
    where
        B: FnOnce(Held<T>, Arc<Health>) -> Result<Stream, cpal::Error> + Send + 'static,
    {
        if self.stream.is_some() && !self.health.failing() {
            if self.health.alive.load(Ordering::Relaxed) {
                self.failing_since = None;
            }
            return true;
        }
        let now = Instant::now();
        if now - *self.failing_since.get_or_insert(now) > PATIENCE {
            return false;
        }
        if self.next_try.is_none_or(|at| now >= at) {
            self.next_try = Some(now + PAUSE);
            if self.start(build()).is_ok() {
                self.health.restarts.fetch_add(1, Ordering::Relaxed);
            }
        }
        true
    }
}

impl<T> Line<T> {
    /// cpal waits for the stream's own thread, and that for a sound server, which may hang.
    fn close(&mut self) {
        if let Some(stream) = self.stream.take() {
            patience::within(patience::CLOSING, move || drop(stream));
        }
    }
}

impl<T> Drop for Line<T> {
    fn drop(&mut self) {
        self.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seen red: with the stream built by the caller's own thread.
    #[test]
    fn a_server_that_hangs_while_a_stream_is_built_holds_nobody_up() {
        let (end, hang) = bounded::<()>(0);
        let mut line = Line::new(7);
        let began = Instant::now();
        let started = line.start(move |held, _| {
            // As a library that waits for its server.
            let _ = hang.recv_timeout(patience::OPENING * 3);
            drop(held);
            Err(cpal::Error::new(ErrorKind::DeviceBusy))
        });
        assert!(matches!(started, Err(NotStarted::Hangs)), "{started:?}");
        assert!(began.elapsed() < patience::OPENING * 2, "{:?}", began.elapsed());
        // It answers after all: the side is home, and the next try has it.
        drop(end);
        while line.home.1.is_empty() {
            std::thread::yield_now();
        }
        let again = line.start(|mut held, _| {
            assert_eq!(held.side(), Some(&mut 7));
            Err(cpal::Error::new(ErrorKind::DeviceNotAvailable))
        });
        let Err(NotStarted::Failed(error)) = again else { panic!("{again:?}") };
        assert_eq!(error.kind(), ErrorKind::DeviceNotAvailable);
    }
}

//! The room on the disk of the song, as a gauge. Asked by a thread of its own, for a disk may take long to answer.
//!
//! Start at [`Disk::start`].

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use dawg_media::space::Room;
use jarvis::gauge::Gauge;
use jarvis_bridge::vitals::Scale;

/// How often it looks.
const INTERVAL: Duration = Duration::from_secs(10);
/// Two hours of a stereo track at 48 kHz and 24 bit, and a quarter of one.
const FREE: Scale = Scale { name: "disk_free", unit: "bytes", warn: Some(2e9), fail: Some(2.5e8) };
/// Not known.
const UNKNOWN: u64 = u64::MAX;

/// Looks until it is dropped.
#[derive(Debug)]
pub(super) struct Disk {
    places: Sender<PathBuf>,
    free: Arc<AtomicU64>,
}

impl Disk {
    /// Begins with the disk of `place`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(mut place: PathBuf) -> std::io::Result<Self> {
        let (places, inbox) = bounded(1);
        let free = Arc::new(AtomicU64::new(UNKNOWN));
        let seen = Arc::clone(&free);
        std::thread::Builder::new().name("disk room".to_owned()).spawn(move || {
            loop {
                seen.store(Room::of(&place).map_or(UNKNOWN, |room| room.free), Ordering::Relaxed);
                match inbox.recv_timeout(INTERVAL) {
                    Ok(another) => place = another,
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        })?;
        Ok(Self { places, free })
    }

    /// From now on another disk. Does not wait: if the last one hangs, it stays with that.
    pub(super) fn watch(&self, place: PathBuf) {
        _ = self.places.try_send(place);
    }

    /// The newest figure, each once.
    pub(super) fn source(&self) -> impl FnMut(&mut Vec<Gauge>) + Send + use<> {
        let free = Arc::clone(&self.free);
        let mut told = UNKNOWN;
        move |gauges| {
            let now = free.load(Ordering::Relaxed);
            if now != told && now != UNKNOWN {
                told = now;
                gauges.extend(FREE.gauge(now as f64));
            }
        }
    }
}

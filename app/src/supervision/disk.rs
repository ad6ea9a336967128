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
const FREE: Scale = Scale { name: "song_disk_free", unit: "bytes", warn: Some(2e9), fail: Some(2.5e8) };
/// Not known.
const UNKNOWN: u64 = u64::MAX;

/// What was seen last.
#[derive(Debug)]
struct Seen {
    free: AtomicU64,
    /// How often it was looked.
    looks: AtomicU64,
}

/// Looks until it is dropped.
#[derive(Debug)]
pub(super) struct Disk {
    places: Sender<PathBuf>,
    seen: Arc<Seen>,
}

impl Disk {
    /// Begins with the disk of `place`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(mut place: PathBuf) -> std::io::Result<Self> {
        let (places, inbox) = bounded(1);
        let seen = Arc::new(Seen { free: AtomicU64::new(UNKNOWN), looks: AtomicU64::new(0) });
        let written = Arc::clone(&seen);
        std::thread::Builder::new().name("disk room".to_owned()).spawn(move || {
            loop {
                let free = Room::of(&place).map_or(UNKNOWN, |room| room.free);
                written.free.store(free, Ordering::Relaxed);
                written.looks.fetch_add(1, Ordering::Release);
                match inbox.recv_timeout(INTERVAL) {
                    Ok(another) => place = another,
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        })?;
        Ok(Self { places, seen })
    }

    /// From now on another disk. Does not wait: if the last one hangs, it stays with that.
    pub(super) fn watch(&self, place: PathBuf) {
        _ = self.places.try_send(place);
    }

    /// The newest figure, after each look: what is told no more counts as not known, however little has changed.
    pub(super) fn source(&self) -> impl FnMut(&mut Vec<Gauge>) + Send + use<> {
        let seen = Arc::clone(&self.seen);
        let mut told = 0;
        move |gauges| {
            let looks = seen.looks.load(Ordering::Acquire);
            let free = seen.free.load(Ordering::Relaxed);
            if looks != told && free != UNKNOWN {
                told = looks;
                gauges.extend(FREE.gauge(free as f64));
            }
        }
    }
}

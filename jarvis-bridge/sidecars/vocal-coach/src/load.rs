//! How much it has to do: who sings, what is analysed, how quick the answers are; and how much it takes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::{Extension, Json};
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Singers at once.
const SINGERS: usize = 128;
/// Recordings that come, wait or are analysed at once: each is up to 200 MB on the disk.
const RECORDINGS: usize = 16;
/// Analyses at once: each takes a core for as long as it lasts.
const ANALYSES: usize = 2;

/// Shared by all requests.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    singers: Arc<Semaphore>,
    recordings: Arc<Semaphore>,
    analyses: Arc<Semaphore>,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    chunks: AtomicU64,
    slowest_us: AtomicU64,
}

/// As it is told.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    /// Who sings now.
    singers: usize,
    /// What is analysed now.
    analyses: usize,
    /// Chunks that were answered since the start.
    chunks: u64,
    /// The longest time that one took to be heard, without the way there and back; none while there was none.
    slowest_chunk_ms: Option<f64>,
}

impl Default for Load {
    fn default() -> Self {
        let places = |count| Arc::new(Semaphore::new(count));
        let (singers, recordings, analyses) = (places(SINGERS), places(RECORDINGS), places(ANALYSES));
        Self { singers, recordings, analyses, counts: Arc::default() }
    }
}

impl Load {
    /// A singer's place, while it is held; none if all are taken.
    pub(crate) fn sing(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.singers).try_acquire_owned().ok()
    }

    /// A recording's place from its first byte to the end of its analysis; none if all are taken.
    pub(crate) fn receive(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.recordings).try_acquire_owned().ok()
    }

    /// An analysis' place, as soon as there is one; none if that takes longer than `patience`.
    pub(crate) async fn analyse(&self, patience: Duration) -> Option<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.analyses).acquire_owned();
        tokio::time::timeout(patience, place).await.ok()?.ok()
    }

    /// A chunk was heard in this time.
    pub(crate) fn heard(&self, took: Duration) {
        self.counts.chunks.fetch_add(1, Ordering::Relaxed);
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.counts.slowest_us.fetch_max(us, Ordering::Relaxed);
    }

    fn told(&self) -> Told {
        let chunks = self.counts.chunks.load(Ordering::Relaxed);
        let slowest = self.counts.slowest_us.load(Ordering::Relaxed) as f64 / 1_000.0;
        Told {
            singers: SINGERS - self.singers.available_permits(),
            analyses: ANALYSES - self.analyses.available_permits(),
            chunks,
            slowest_chunk_ms: (chunks > 0).then_some(slowest),
        }
    }
}

/// `GET /api/load`.
pub(crate) async fn answer(load: Extension<Load>) -> Json<Told> {
    Json(load.told())
}

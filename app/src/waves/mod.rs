//! Waveforms for drawing: peaks of the song's media, loaded by workers as they come into sight.
//!
//! Start at [`Waves::columns`]: what is loaded comes at once, what is not is asked for and wakes the window when it is
//! there. Nothing here waits for the disk: workers own the files ([`worker`](self)), the window owns the tiles
//! ([`tiles`](self)), and the two share nothing but channels.

mod columns;
mod growing;
mod tiles;
mod worker;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dawg_media::peaks::Peak;
use dawg_session::MediaId;

use crate::sound::Waker;
use growing::Growing;
use tiles::{Key, Tiles};
use worker::{Answer, Request, Workers};

/// Frames a point of each level: samples, and sixteen of them, come from the audio itself; the others from peak files.
pub(crate) const STEPS: [u64; 6] = [1, 16, 256, 2_048, 16_384, 131_072];

/// The first level that comes from peak files.
const FIRST_PEAKS: usize = 2;

/// Bytes of tiles that are kept.
const BUDGET: usize = 256 << 20;

/// How often a recording's peaks are read, and how soon a file that could not be read is tried again.
const REFRESH: Duration = Duration::from_millis(100);
const RETRY: Duration = Duration::from_secs(5);

/// A request for the drawing of one channel of a medium.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The medium.
    pub media: MediaId,
    /// Its file.
    pub file: PathBuf,
    /// Its peak file.
    pub peaks: PathBuf,
    /// Its channels.
    pub channels: u16,
    /// Its frames; 0 while it is being recorded.
    pub frames: u64,
    /// The channel to draw, from 0.
    pub channel: u16,
    /// First frame of the file; fractional, for zooms below one frame a column.
    pub from: f64,
    /// Frames a column.
    pub frames_per_column: f64,
    /// How many columns.
    pub columns: usize,
}

/// Why a medium has no waveform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unseen {
    /// Its file is not there.
    Missing,
    /// Its file, or its peaks, cannot be read.
    Unreadable,
}

/// All waveforms in memory, within a budget.
#[derive(Debug)]
pub struct Waves {
    workers: Workers,
    // Of the window's thread alone; never held across a call out of this module.
    inner: RefCell<Inner>,
}

#[derive(Debug)]
struct Inner {
    tiles: Tiles,
    pending: HashSet<Key>,
    growing: HashMap<MediaId, Growing>,
    unseen: HashMap<MediaId, (PathBuf, Unseen, Instant)>,
    files: HashMap<MediaId, Arc<worker::Files>>,
    revision: u64,
}

impl Waves {
    /// Starts the workers.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(waker: Waker) -> std::io::Result<Self> {
        let inner = Inner {
            tiles: Tiles::new(BUDGET),
            pending: HashSet::new(),
            growing: HashMap::new(),
            unseen: HashMap::new(),
            files: HashMap::new(),
            revision: 0,
        };
        Ok(Self { workers: Workers::start(waker)?, inner: RefCell::new(inner) })
    }

    /// Lowest and highest sample of each column. Returns whether all of it is loaded; columns that are not yet are 0,
    /// or of a coarser level where that is there.
    pub fn columns(&self, wanted: &Wanted, out: &mut Vec<Peak>) -> bool {
        out.clear();
        out.resize(wanted.columns, Peak::default());
        let Ok(mut inner) = self.inner.try_borrow_mut() else { return false };
        inner.take(&self.workers);
        if wanted.frames == 0 {
            return inner.growing_columns(&self.workers, wanted, out);
        }
        inner.growing.remove(&wanted.media);
        inner.tile_columns(&self.workers, wanted, out)
    }

    /// Why this medium has no waveform, as far as it is known. `file` is where it should be.
    #[must_use]
    pub fn unseen(&self, media: MediaId, file: &std::path::Path) -> Option<Unseen> {
        let inner = self.inner.try_borrow().ok()?;
        inner.unseen.get(&media).filter(|(path, ..)| path == file).map(|(_, why, _)| *why)
    }

    /// Grows whenever something was loaded: what was drawn before may be drawn better now.
    #[must_use]
    pub fn revision(&self) -> u64 {
        let Ok(mut inner) = self.inner.try_borrow_mut() else { return 0 };
        inner.take(&self.workers);
        inner.revision
    }
}

impl Inner {
    /// Takes in what the workers have sent.
    fn take(&mut self, workers: &Workers) {
        while let Some(answer) = workers.answer() {
            match answer {
                Answer::Tile(key, points) => {
                    self.pending.remove(&key);
                    self.unseen.remove(&key.media);
                    self.tiles.insert(key, points);
                    self.revision += 1;
                }
                // Nobody waits for it any more; whoever still does asks again.
                Answer::Dropped(key) => _ = self.pending.remove(&key),
                Answer::Unseen(key, file, why) => {
                    self.pending.remove(&key);
                    if self.unseen.get(&key.media).is_none_or(|(path, old, _)| (path, *old) != (&file, why)) {
                        self.revision += 1;
                    }
                    self.unseen.insert(key.media, (file, why, Instant::now()));
                }
                Answer::Grown { media, from, points } => {
                    if let Some(growing) = self.growing.get_mut(&media) {
                        growing.take(from, points);
                    }
                }
            }
        }
    }

    fn tile_columns(&mut self, workers: &Workers, wanted: &Wanted, out: &mut [Peak]) -> bool {
        let level = columns::level_for(wanted.frames_per_column);
        let Some((first, last)) = columns::tiles_of(wanted, level) else { return true };
        let mut whole = true;
        for tile in first..=last {
            let key = Key { media: wanted.media, channel: wanted.channel, level: level as u8, tile };
            if let Some(points) = self.tiles.get(key) {
                columns::fill(wanted, level, tile, points, out);
                continue;
            }
            whole = false;
            self.fill_coarser(wanted, level, tile, out);
            self.ask(workers, wanted, key);
        }
        whole
    }

    /// Draws a missing tile from a coarser level that is loaded.
    fn fill_coarser(&mut self, wanted: &Wanted, level: usize, tile: u32, out: &mut [Peak]) {
        let (from, to) = columns::frames_of(level, tile);
        for coarser in level + 1..STEPS.len() {
            let (first, last) = (columns::tile_at(coarser, from), columns::tile_at(coarser, to - 1));
            for tile in first..=last {
                let key = Key { media: wanted.media, channel: wanted.channel, level: coarser as u8, tile };
                if let Some(points) = self.tiles.get(key) {
                    columns::fill_within(wanted, coarser, tile, points, (from, to), out);
                    return;
                }
            }
        }
    }

    fn ask(&mut self, workers: &Workers, wanted: &Wanted, key: Key) {
        let late = |(path, _, at): &(PathBuf, Unseen, Instant)| path != &wanted.file || at.elapsed() > RETRY;
        if !self.unseen.get(&key.media).is_none_or(late) || !self.pending.insert(key) {
            return;
        }
        let fits = |files: &&Arc<worker::Files>| {
            files.file == wanted.file && files.peaks == wanted.peaks && files.frames == wanted.frames
        };
        let files = self.files.get(&key.media).filter(fits).cloned().unwrap_or_else(|| {
            let files = Arc::new(worker::Files::of(wanted));
            self.files.insert(key.media, Arc::clone(&files));
            files
        });
        workers.ask(Request::Tile(key, files));
    }

    fn growing_columns(&mut self, workers: &Workers, wanted: &Wanted, out: &mut [Peak]) -> bool {
        let growing = self.growing.entry(wanted.media).or_default();
        if growing.due(REFRESH) {
            let (peaks, channels) = (wanted.peaks.clone(), wanted.channels);
            workers.ask(Request::Grow { media: wanted.media, peaks, channels, from: growing.resume() });
        }
        growing.fill(wanted, out);
        true
    }
}

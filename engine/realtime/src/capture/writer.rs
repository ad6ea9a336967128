//! The capture writer: from the rings to the disk, on a thread of its own.
//!
//! Samples go to the operating system every 20 ms, headers, log and `fdatasync` follow every 250 ms: a killed
//! program loses 20 ms, a power cut 250 ms. Start at [`Writer::run`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dawg_media::MediaError;
use dawg_media::capture::CaptureFile;
use dawg_media::peaks::PeakBuilder;
use dawg_media::space::Reserve;
use dawg_session::{CaptureRow, Pending, Store, TransportLog};

use super::log::Log;
use super::recorded::{MENDED_LATER, Recorded, RecordedTrack};
use super::tap::TapReader;

const DRAIN: Duration = Duration::from_millis(20);
/// Once Stop was asked for: a person waits for the take.
const HASTE: Duration = Duration::from_millis(2);
const EXTEND: Duration = Duration::from_millis(250);

/// One captured track.
pub(super) struct TrackWriter {
    row: CaptureRow,
    tap: TapReader,
    // None once writing failed: what is in it is safe.
    file: Option<CaptureFile>,
    peaks: Option<PeakBuilder>,
    planes: Vec<Vec<f32>>,
    interleaved: Vec<f32>,
    frames: u64,
    clipped: u64,
    lost: u64,
    error: Option<String>,
    closed: bool,
}

/// All captures of a roll.
pub(super) struct Writer {
    tracks: Vec<TrackWriter>,
    log: Log,
    store: Arc<Store>,
    abandoned: Arc<AtomicBool>,
    failed: Arc<AtomicBool>,
    hurried: Arc<AtomicBool>,
    tickets: Vec<Pending>,
    // Room for the last headers and the song's own rows, should the disk fill up.
    reserve: Option<Reserve>,
}

impl Writer {
    pub(super) fn new(
        tracks: Vec<TrackWriter>,
        log: Log,
        store: Arc<Store>,
        [abandoned, failed, hurried]: [Arc<AtomicBool>; 3],
    ) -> Self {
        let reserve = Reserve::hold(store.folder());
        Self { tracks, log, store, abandoned, failed, hurried, tickets: Vec::new(), reserve }
    }

    /// Until the audio thread has said that it is over, or nobody is there to say so.
    pub(super) fn run(mut self) -> Recorded {
        let mut extended = Instant::now();
        loop {
            // Asked before draining: what came in until now is drained below.
            let last = self.abandoned.load(Ordering::Acquire) || self.log.is_abandoned();
            self.drain();
            // A turn of the song or a punch is committed at once, or as soon as the store is free: without it a crash
            // would not know where the take belongs.
            let since = extended.elapsed();
            if since >= EXTEND || (self.log.has_news() && since >= DRAIN) {
                self.extend();
                extended = Instant::now();
            }
            if last || self.log.ended().is_some() {
                self.drain();
                return self.finish();
            }
            let hurried = self.hurried.load(Ordering::Acquire);
            std::thread::park_timeout(if hurried { HASTE } else { DRAIN });
        }
    }

    fn drain(&mut self) {
        self.log.read();
        self.write_each(TrackWriter::drain);
    }

    /// Lets each track write. One disk is for all: when it takes no more from one, none goes on, so that all end
    /// together, and what was held back goes to the headers and to the song's own rows.
    fn write_each(&mut self, write: impl Fn(&mut TrackWriter) -> Result<(), MediaError>) {
        let mut full = None;
        for track in &mut self.tracks {
            if let Err(error) = write(track) {
                self.failed.store(true, Ordering::Relaxed);
                if matches!(error, MediaError::DiskFull { .. }) {
                    full.get_or_insert(error);
                    continue;
                }
                track.give_up(&error);
            }
        }
        if let Some(error) = full {
            self.reserve = None;
            self.tracks.iter_mut().for_each(|track| track.give_up(&error));
        }
    }

    fn extend(&mut self) {
        let mut tickets = Vec::new();
        self.write_each(TrackWriter::flush);
        // A store that is still busy with the last one is not given more to do; the file itself counts.
        self.tickets.retain(|ticket| ticket.poll().is_none());
        if self.tickets.is_empty() {
            for track in &self.tracks {
                let frames = track.frames as i64;
                tickets.push(self.store.extend_capture(track.row.id, frames, self.log.until(frames)));
            }
            self.tickets = tickets;
            self.log.told();
        }
    }

    fn finish(self) -> Recorded {
        let Self { tracks, log, store, reserve, .. } = self;
        // What is written from here on may need it.
        drop(reserve);
        let tracks: Vec<RecordedTrack> = tracks
            .into_iter()
            .map(|mut track| {
                if let Some(ended) = log.ended() {
                    track.fill_up_to(ended);
                }
                let frames = track.frames as i64;
                track.finish(log.until(frames))
            })
            .collect();
        // They stay unfinished, and whoever mends them must know all that was punched.
        for track in tracks.iter().filter(|track| !track.closed) {
            drop(store.extend_capture(track.row.id, track.row.frames, track.row.log.clone()));
        }
        let unwanted = log.is_unwanted() && tracks.iter().all(|track| track.error.is_none());
        let recorded = Recorded { tracks, unwanted: false };
        if unwanted { recorded.leave_nothing(&store) } else { recorded }
    }
}

impl TrackWriter {
    pub(super) fn new(
        row: CaptureRow,
        tap: TapReader,
        file: CaptureFile,
        peaks: Option<PeakBuilder>,
    ) -> Self {
        let planes = vec![Vec::new(); usize::from(row.channels)];
        Self {
            row,
            tap,
            file: Some(file),
            peaks,
            planes,
            interleaved: Vec::new(),
            frames: 0,
            clipped: 0,
            lost: 0,
            error: None,
            closed: true,
        }
    }

    /// Writes what is in the ring, with silence where samples did not fit into it.
    fn drain(&mut self) -> Result<(), MediaError> {
        loop {
            // In this order: the gap before a sample was noted before the sample was.
            let waiting = self.tap.samples.slots() / self.tap.channels;
            let gap = self.tap.gaps.peek().ok().copied();
            let until_gap = gap.map_or(u64::MAX, |(frame, _)| frame.saturating_sub(self.frames));
            let frames = (waiting as u64).min(until_gap).min(16_384) as usize;
            if frames > 0 {
                self.write(frames)?;
            } else if let (0, Some((_, missing))) = (until_gap, gap) {
                self.tap.gaps.pop().ok();
                self.silence(missing)?;
            } else {
                return Ok(());
            }
        }
    }

    fn write(&mut self, frames: usize) -> Result<(), MediaError> {
        let channels = self.tap.channels;
        let Ok(chunk) = self.tap.samples.read_chunk(frames * channels) else { return Ok(()) };
        let (first, second) = chunk.as_slices();
        self.interleaved.clear();
        self.interleaved.extend_from_slice(first);
        self.interleaved.extend_from_slice(second);
        chunk.commit_all();
        self.frames += frames as u64;
        if let Some(file) = &mut self.file {
            file.append_interleaved(&self.interleaved)?;
        }
        for (channel, plane) in self.planes.iter_mut().enumerate() {
            plane.clear();
            plane.extend(self.interleaved.iter().skip(channel).step_by(channels));
        }
        self.add_peaks();
        Ok(())
    }

    fn silence(&mut self, frames: u64) -> Result<(), MediaError> {
        self.lost += frames;
        self.frames += frames;
        let written = self.file.as_mut().map_or(Ok(()), |file| file.append_silence(frames));
        let mut left = frames as usize;
        while left > 0 {
            let n = left.min(16_384);
            for plane in &mut self.planes {
                plane.clear();
                plane.resize(n, 0.0);
            }
            self.add_peaks();
            left -= n;
        }
        written
    }

    fn add_peaks(&mut self) {
        if let Some(peaks) = &mut self.peaks {
            let planes: Vec<&[f32]> = self.planes.iter().map(Vec::as_slice).collect();
            if peaks.push(&planes).is_err() {
                self.peaks = None; // rebuilt from the file when it is first drawn
            }
        }
    }

    fn flush(&mut self) -> Result<(), MediaError> {
        if let Some(peaks) = &mut self.peaks
            && peaks.flush().is_err()
        {
            self.peaks = None;
        }
        match &mut self.file {
            Some(file) => {
                file.flush()?;
                file.sync()
            }
            None => Ok(()),
        }
    }

    /// The disk takes no more. What is written is finished properly; what still comes in is let go.
    fn give_up(&mut self, error: &MediaError) {
        let written = self.file.as_ref().map_or(self.row.frames as u64, CaptureFile::frames);
        self.error.get_or_insert_with(|| {
            format!(
                "{error} The take is kept up to there ({:.2} s).",
                written as f64 / f64::from(self.row.rate)
            )
        });
        self.close();
    }

    /// Finishes the file.
    fn close(&mut self) {
        let Some(file) = self.file.take() else { return };
        self.row.frames = file.frames() as i64;
        self.clipped = file.clipped();
        if let Err(error) = file.finish() {
            self.closed = false;
            // Why the take is short, if it is, comes first.
            self.error = Some(match self.error.take() {
                Some(short) => format!("{short} {MENDED_LATER}"),
                None => format!("{error} What was recorded is in the file. {MENDED_LATER}"),
            });
        }
    }

    /// The last frames may have found no room in the ring.
    fn fill_up_to(&mut self, frames: u64) {
        let missing = frames.saturating_sub(self.frames);
        if missing > 0
            && let Err(error) = self.silence(missing)
        {
            self.give_up(&error);
        }
    }

    fn finish(mut self, log: TransportLog) -> RecordedTrack {
        self.close();
        if let Some(peaks) = self.peaks.take() {
            // As above: a waveform can be built again.
            let _ = peaks.finish();
        }
        self.row.log = log;
        RecordedTrack {
            row: self.row,
            clipped: self.clipped,
            lost: self.lost,
            error: self.error,
            closed: self.closed,
        }
    }
}

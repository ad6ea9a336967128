//! One roll of recording, seen from the controls: begun before the first sample, finished after the last.
//!
//! Start at [`Roll::begin`].

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use dawg_media::MediaError;
use dawg_media::capture::{CaptureFile, CaptureSpec};
use dawg_media::files::{safe_name, unique_name};
use dawg_media::wav::{RF64_FROM, SampleFormat};
use dawg_session::store::AUDIO_FOLDER;
use dawg_session::{
    CaptureId, CaptureRow, Media, MediaId, Session, Store, StoreError, Track, TrackId, now_ms,
};

use super::log::Log;
use super::place;
use super::punch::Punch;
use super::recorded::Recorded;
use super::tap::Taps;
use super::writer::{TrackWriter, Writer};

/// Seconds that the rings hold: how long the disk may stall before a sample is lost.
pub const RING_SECONDS: u32 = 10;

/// What is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollRequest {
    /// The tracks; each must have an input.
    pub tracks: Vec<TrackId>,
    /// Song frame from which the song rolls: pre-roll comes before the punch.
    pub from: i64,
    /// What of it becomes takes.
    pub punch: Punch,
    /// Frames of count-in.
    pub count_in: i64,
    /// Round trip of device and Plan, in frames: taken off when the take is placed.
    pub latency: i64,
    /// 24-bit by custom, float by choice.
    pub format: SampleFormat,
}

/// Why a recording could not begin. The song is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// A track without input.
    #[error("the track “{0}” has no input: give it one (--input 1, or 1+2) and try again")]
    NoInput(String),
    /// A track that is not there.
    #[error("the track to record on is not in the song any more")]
    NoTrack,
    /// More channels than the track's layout can take.
    #[error("the track “{track}” has {layout} channel(s), its input {input}: choose an input that fits")]
    Channels {
        /// The track's name.
        track: String,
        /// Its channels.
        layout: u16,
        /// The input's channels.
        input: usize,
    },
    /// A range that ends before it starts.
    #[error("the punch range ends where it starts or before: give it an end after its start")]
    PunchRange,
    /// The file could not be made.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// The row could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gives no thread.
    #[error("the capture writer could not start ({0}). Close other programs and try again")]
    Thread(#[from] std::io::Error),
}

/// A running recording. Its files and rows are safe whatever happens to this value.
#[derive(Debug)]
pub struct Roll {
    abandoned: Arc<AtomicBool>,
    failed: Arc<AtomicBool>,
    hurried: Arc<AtomicBool>,
    thread: Option<JoinHandle<Recorded>>,
    rows: Vec<CaptureRow>,
}

impl Roll {
    /// Makes the files, commits a row for each capture, and starts the writer thread. What it returns goes to
    /// [`Engine::roll`](crate::Engine::roll); the first sample comes after that.
    ///
    /// # Errors
    /// [`CaptureError`]; nothing is left behind but, at worst, a row of an empty capture.
    pub fn begin(
        session: &Session,
        store: &Arc<Store>,
        request: &RollRequest,
    ) -> Result<(Self, Box<Taps>), CaptureError> {
        Self::with_threshold(session, store, request, RF64_FROM)
    }

    /// As [`begin`](Self::begin), with another file size from which RF64 is used.
    ///
    /// # Errors
    /// As there.
    pub fn with_threshold(
        session: &Session,
        store: &Arc<Store>,
        request: &RollRequest,
        rf64_from: u64,
    ) -> Result<(Self, Box<Taps>), CaptureError> {
        if let Punch::Range(first, last) = request.punch
            && first >= last
        {
            return Err(CaptureError::PunchRange);
        }
        let tracks = request
            .tracks
            .iter()
            .map(|id| session.track(*id).ok_or(CaptureError::NoTrack).and_then(check))
            .collect::<Result<Vec<_>, _>>()?;
        let inputs: Vec<&[u16]> = tracks.iter().map(|track| track.input.channels()).collect();
        let trail = u64::try_from(request.latency).unwrap_or(0);
        let (taps, readers, log) = Taps::new(&inputs, session.sample_rate, RING_SECONDS, trail);
        let (mut writers, mut rows, mut noted) = (Vec::new(), Vec::new(), Vec::new());
        for (track, tap) in tracks.iter().zip(readers) {
            let row = row_for(session, track, store.folder(), request)?;
            let file = open_file(&row, store.folder(), request, rf64_from)?;
            let peaks = place::grow_peaks(store.folder(), &row);
            noted.push(store.begin_capture(row.clone()));
            rows.push(row.clone());
            writers.push(TrackWriter::new(row, tap, file, peaks));
        }
        // All at once: who pressed Play waits for the disk.
        for row in noted {
            row.wait()?;
        }
        let log = Log::new(log, request.punch);
        let [abandoned, failed, hurried] = [(); 3].map(|()| Arc::new(AtomicBool::new(false)));
        let flags = [&abandoned, &failed, &hurried].map(Arc::clone);
        let writer = Writer::new(writers, log, Arc::clone(store), flags);
        let thread =
            std::thread::Builder::new().name("capture writer".to_owned()).spawn(move || writer.run())?;
        Ok((Self { abandoned, failed, hurried, thread: Some(thread), rows }, taps.punching(request.punch)))
    }

    /// The captures as they were begun, in the order asked for.
    #[must_use]
    pub fn rows(&self) -> &[CaptureRow] {
        &self.rows
    }

    /// Whether everything is on disk.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Whether a file could not be written on; what was written before is safe.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// Stop was asked for: what is still on its way is brought in without a pause between.
    pub fn hurry(&self) {
        self.hurried.store(true, Ordering::Release);
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }

    /// Ends it without waiting for the audio thread, which may be gone: what came in is kept.
    pub fn abandon(&self) {
        self.abandoned.store(true, Ordering::Release);
    }

    /// Waits until everything is on disk. Should the writer itself have failed, each track says so, and its capture stays
    /// unfinished: what reached the disk becomes a take when the song is opened next.
    #[must_use]
    pub fn finish(mut self) -> Recorded {
        let Some(thread) = self.thread.take() else { return Recorded::default() };
        thread.join().unwrap_or_else(|_| Recorded::broken_off(std::mem::take(&mut self.rows)))
    }
}

impl Drop for Roll {
    fn drop(&mut self) {
        self.abandon();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(super) fn check(track: &Arc<Track>) -> Result<&Arc<Track>, CaptureError> {
    let (layout, input) = (track.layout.channels(), track.input.channels().len());
    if input == 0 {
        return Err(CaptureError::NoInput(track.name.to_string()));
    }
    if input != usize::from(layout) {
        return Err(CaptureError::Channels { track: track.name.to_string(), layout, input });
    }
    Ok(track)
}

pub(super) fn row_for(
    session: &Session,
    track: &Track,
    folder: &Path,
    request: &RollRequest,
) -> Result<CaptureRow, MediaError> {
    let media = MediaId::fresh();
    let file = unique_name(&folder.join(AUDIO_FOLDER), &safe_name(track.name.as_str(), "wav"))?;
    let taken = |media: &Arc<Media>| media.file == file;
    // A file that the song knows but that is missing must not come back as something else.
    let file = if session.media.values().any(taken) { format!("{media}.wav") } else { file };
    Ok(CaptureRow {
        id: CaptureId::fresh(),
        track: track.id,
        media,
        file,
        name: track.name.clone(),
        rate: session.sample_rate,
        channels: track.layout.channels(),
        started_ms: now_ms(),
        latency: request.latency,
        record_from: request.punch.first(),
        record_to: request.punch.last(),
        log: Log::before(request.punch),
        frames: 0,
    })
}

pub(super) fn open_file(
    row: &CaptureRow,
    folder: &Path,
    request: &RollRequest,
    rf64_from: u64,
) -> Result<CaptureFile, MediaError> {
    let first = request.from - request.count_in - request.latency;
    let spec = CaptureSpec {
        sample_rate: row.rate,
        channels: row.channels,
        format: request.format,
        time_reference: u64::try_from(first).unwrap_or(0),
        description: row.name.to_string(),
    };
    CaptureFile::with_threshold(&place::file(folder, row), spec, rf64_from)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

    use dawg_session::{Name, TransportLog};

    use super::*;

    // Seen red: with nothing told of it.
    #[test]
    fn a_writer_that_broke_off_is_told_and_its_capture_stays_unfinished() {
        let row = CaptureRow {
            id: CaptureId::fresh(),
            track: TrackId::fresh(),
            media: MediaId::fresh(),
            file: "Voice.wav".to_owned(),
            name: Name::new("Voice").unwrap(),
            rate: 48_000,
            channels: 1,
            started_ms: 0,
            latency: 0,
            record_from: None,
            record_to: None,
            log: TransportLog::default(),
            frames: 0,
        };
        let flag = || Arc::new(AtomicBool::new(false));
        let thread = std::thread::spawn(|| panic!("as meant"));
        let roll = Roll {
            abandoned: flag(),
            failed: flag(),
            hurried: flag(),
            thread: Some(thread),
            rows: vec![row],
        };
        let recorded = roll.finish();
        assert_eq!((recorded.ids(), recorded.unwanted), (Vec::new(), false));
        let said: Vec<_> = recorded.tracks.iter().map(|track| track.error.as_deref().unwrap()).collect();
        assert!(said.len() == 1 && said[0].contains("when the song is opened again"), "{said:?}");
    }
}

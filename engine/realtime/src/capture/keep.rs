//! From what was kept in memory to captures on disk, as if Record had been pressed in time.
//!
//! Start at [`keep`].

use std::path::Path;
use std::sync::Arc;

use dawg_media::MediaError;
use dawg_media::capture::CaptureFile;
use dawg_media::wav::{RF64_FROM, SampleFormat};
use dawg_session::{CaptureRow, Onward, Session, Store, TrackId, TransportLog};

use super::place;
use super::punch::Punch;
use super::recorded::{MENDED_LATER, Recorded, RecordedTrack};
use super::roll::{CaptureError, RollRequest, check, open_file, row_for};
use crate::retrospect::Kept;

/// Frames written in one go.
const BLOCK: usize = 16_384;
/// After so many blocks the header says how far it goes.
const FLUSHED: usize = 8;

/// Writes what was kept into a capture for each track, with its peaks. A capture's row, with all of its log, is
/// committed before the first sample: after a crash in here, opening the song makes takes of what is in the file by
/// then. The rest is as after a roll: [`take::edits`](super::take::edits), and one transaction that finishes the
/// captures. Blocks on the disk.
///
/// # Errors
/// [`CaptureError`] when a track is gone or does not take these channels, or when a row or file cannot be made; what was
/// written for the tracks before it stays unfinished, and becomes takes at the next opening. A disk that fills up is no
/// error: what is in the file is kept, and [`RecordedTrack::error`] says so.
pub fn keep(
    session: &Session,
    store: &Arc<Store>,
    tracks: &[(TrackId, Kept)],
    format: SampleFormat,
) -> Result<Recorded, CaptureError> {
    for (id, kept) in tracks {
        fits(session, *id, kept)?;
    }
    let mut recorded = Recorded::default();
    for (id, kept) in tracks {
        recorded.tracks.push(keep_track(session, store, *id, kept, format)?);
    }
    Ok(recorded)
}

fn fits(session: &Session, id: TrackId, kept: &Kept) -> Result<(), CaptureError> {
    let track = check(session.track(id).ok_or(CaptureError::NoTrack)?)?;
    let (layout, input) = (track.layout.channels(), kept.channels.len());
    if input != usize::from(layout) {
        return Err(CaptureError::Channels { track: track.name.to_string(), layout, input });
    }
    Ok(())
}

fn keep_track(
    session: &Session,
    store: &Arc<Store>,
    id: TrackId,
    kept: &Kept,
    format: SampleFormat,
) -> Result<RecordedTrack, CaptureError> {
    let track = session.track(id).ok_or(CaptureError::NoTrack)?;
    let first = kept.segments.first();
    let request = RollRequest {
        tracks: vec![id],
        // The song frame of the file's first frame, for other programs.
        from: first.map_or(0, |segment| segment.song_position - segment.capture_frame),
        punch: Punch::All(None),
        count_in: 0,
        latency: kept.latency,
        format,
    };
    let row = row_for(session, track, store.folder(), &request)?;
    // All of it is wanted, wherever it lies.
    let log =
        TransportLog { segments: kept.segments.clone(), onward: Onward::Stopped, ..TransportLog::default() };
    // It began to be sung as long ago as it is.
    let frames = kept.channels.first().map_or(0, Vec::len) as i64;
    let started_ms = row.started_ms - frames * 1_000 / i64::from(kept.rate.max(1));
    let row = CaptureRow { rate: kept.rate, record_from: None, log, started_ms, ..row };
    store.begin_capture(row.clone()).wait()?;
    let file = open_file(&row, store.folder(), &request, RF64_FROM)?;
    Ok(write(row, file, store.folder(), kept))
}

fn write(row: CaptureRow, mut file: CaptureFile, folder: &Path, kept: &Kept) -> RecordedTrack {
    let mut peaks = place::grow_peaks(folder, &row);
    let frames = kept.channels.first().map_or(0, Vec::len);
    let mut error = None;
    for from in (0..frames).step_by(BLOCK) {
        let to = (from + BLOCK).min(frames);
        let planes: Vec<&[f32]> = kept.channels.iter().map(|plane| &plane[from..to]).collect();
        if let Err(refused) = file.append_interleaved(&interleave(&planes)) {
            error = Some(refused);
            break;
        }
        // So that the header promises what is there, should its last one be refused.
        if from / BLOCK % FLUSHED == FLUSHED - 1
            && let Err(refused) = file.flush()
        {
            error = Some(refused);
            break;
        }
        if peaks.as_mut().is_some_and(|peaks| peaks.push(&planes).is_err()) {
            peaks = None;
        }
    }
    let recorded = close(row, file, error);
    if let Some(peaks) = peaks {
        let _ = peaks.finish();
    }
    recorded
}

fn close(mut row: CaptureRow, file: CaptureFile, error: Option<MediaError>) -> RecordedTrack {
    row.frames = file.frames() as i64;
    let clipped = file.clipped();
    let finished = file.finish();
    let closed = finished.is_ok();
    let error = error.or(finished.err()).map(|error| {
        let seconds = row.frames as f64 / f64::from(row.rate.max(1));
        let later = if closed { String::new() } else { format!(" {MENDED_LATER}") };
        format!("{error} What was sung is kept up to there ({seconds:.2} s).{later}")
    });
    RecordedTrack { row, clipped, lost: 0, error, closed }
}

fn interleave(planes: &[&[f32]]) -> Vec<f32> {
    let frames = planes.first().map_or(0, |plane| plane.len());
    (0..frames).flat_map(|frame| planes.iter().map(move |plane| plane[frame])).collect()
}

//! What `record` says at its end.

use std::fmt::{self, Display, Formatter};

use dawg_engine::capture::RecordedTrack;
use dawg_session::{ClipId, MediaId, Session};
use serde::Serialize;

use crate::cli::format::Time;
use crate::cli::sound::Health;
use crate::cli::takes::{self, TakeReport};

/// The round trip that was taken off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Latency {
    pub(super) frames: i64,
    pub(super) source: LatencySource,
}

/// Where the latency came from.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LatencySource {
    /// The device's own figures.
    Driver,
    /// Measured by `ai-dawg calibrate`.
    Calibrated,
    /// `--latency`.
    Given,
}

/// How it went: of one track its keys at the top, of several a list of the same beside those of the first.
#[derive(Serialize)]
pub(super) struct Report {
    #[serde(flatten)]
    first: Option<TrackReport>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tracks: Vec<TrackReport>,
    latency: i64,
    latency_source: LatencySource,
    #[serde(flatten)]
    health: Health,
}

/// What one track recorded.
#[derive(Clone, Serialize)]
struct TrackReport {
    track: String,
    /// Inside the song's `audio/`.
    file: String,
    media: MediaId,
    /// The first of its clips.
    clip: Option<ClipId>,
    /// Song sample of the first take's first frame.
    start: i64,
    /// Frames of the first take.
    length: i64,
    /// Frames of the file, which has count-in and round trip as well.
    frames: i64,
    clipped: u64,
    lost: u64,
    /// As `takes --json` lists them.
    takes: Vec<TakeReport>,
    #[serde(skip)]
    rate: u32,
}

impl Report {
    pub(super) fn new(session: &Session, tracks: &[RecordedTrack], latency: Latency, health: Health) -> Self {
        let tracks: Vec<TrackReport> =
            tracks.iter().filter_map(|track| TrackReport::new(session, track)).collect();
        let first = tracks.first().cloned();
        let tracks = if tracks.len() > 1 { tracks } else { Vec::new() };
        Self { first, tracks, latency: latency.frames, latency_source: latency.source, health }
    }
}

impl TrackReport {
    fn new(session: &Session, recorded: &RecordedTrack) -> Option<Self> {
        let row = &recorded.row;
        let mine = |track: &dawg_session::Track| takes::of_track(session, track);
        // A track that is gone by now has come back under a new id.
        let takes: Vec<TakeReport> = session
            .tracks
            .iter()
            .flat_map(|track| mine(track))
            .filter(|take| take.shows(&[row.media]))
            .collect();
        let clip = session.clips().map(|(_, _, clip)| clip).find(|clip| clip.media == row.media);
        let (start, end) = match takes.first() {
            Some(take) => take.span(),
            None => clip.map_or((0, 0), |clip| clip.span(&session.tempo_map, session.sample_rate)),
        };
        Some(Self {
            track: row.name.to_string(),
            file: row.file.clone(),
            media: row.media,
            clip: takes.first().and_then(TakeReport::first_clip).or(clip.map(|clip| clip.id)),
            start,
            length: end - start,
            frames: row.frames,
            clipped: recorded.clipped,
            lost: recorded.lost,
            takes,
            rate: session.sample_rate,
        })
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let several = !self.tracks.is_empty();
        let tracks = if several { self.tracks.as_slice() } else { self.first.as_slice() };
        tracks.iter().try_for_each(|track| writeln!(f, "{track}"))?;
        let source = match self.latency_source {
            LatencySource::Driver => "the driver's own figures; `ai-dawg calibrate` measures it",
            LatencySource::Calibrated => "measured by calibration",
            LatencySource::Given => "given by --latency",
        };
        writeln!(f, "latency {} frames ({source})", self.latency)?;
        write!(f, "{}", self.health)
    }
}

impl Display for TrackReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { track, file, frames, clipped, lost, takes, rate, .. } = self;
        for take in takes {
            let (start, end) = take.span();
            let (at, seconds) =
                (Time { samples: start, rate: *rate }, (end - start) as f64 / f64::from(*rate));
            writeln!(f, "recorded {seconds:.3} s on “{track}” at {at}: {}", take.title())?;
        }
        write!(f, "audio/{file} ({frames} frames), {clipped} samples clipped, {lost} frames lost")
    }
}

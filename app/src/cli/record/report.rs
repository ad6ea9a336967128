//! What `record` says at its end.

use std::fmt::{self, Display, Formatter};

use dawg_engine::capture::RecordedTrack;
use dawg_session::{ClipId, MediaId, Session};
use serde::Serialize;

use crate::cli::format::Time;
use crate::cli::sound::Health;

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
    /// `--latency`.
    Given,
}

/// How it went.
#[derive(Serialize)]
pub(super) struct Report {
    track: String,
    /// Inside the song's `audio/`.
    file: String,
    media: MediaId,
    clip: Option<ClipId>,
    /// Song sample of the take's first frame.
    start: i64,
    /// Frames of the take.
    length: i64,
    /// Frames of the file, which has count-in and round trip as well.
    frames: i64,
    clipped: u64,
    lost: u64,
    latency: i64,
    latency_source: LatencySource,
    #[serde(skip)]
    rate: u32,
    #[serde(flatten)]
    health: Health,
}

impl Report {
    pub(super) fn new(
        session: &Session,
        track: &RecordedTrack,
        clip: Option<ClipId>,
        latency: Latency,
        health: Health,
    ) -> Self {
        let row = &track.row;
        let (start, length) = clip
            .and_then(|clip| session.clip(clip))
            .map(|(_, _, clip)| clip.span(&session.tempo_map, session.sample_rate))
            .map_or((0, 0), |(from, to)| (from, to - from));
        Self {
            track: row.name.to_string(),
            file: row.file.clone(),
            media: row.media,
            clip,
            start,
            length,
            frames: row.frames,
            clipped: track.clipped,
            lost: track.lost,
            latency: latency.frames,
            latency_source: latency.source,
            rate: session.sample_rate,
            health,
        }
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { track, file, start, length, frames, clipped, lost, latency, rate, health, .. } = self;
        let (at, seconds) = (Time { samples: *start, rate: *rate }, *length as f64 / f64::from(*rate));
        let source = match self.latency_source {
            LatencySource::Driver => "reported by the device",
            LatencySource::Given => "given by --latency",
        };
        writeln!(f, "recorded {seconds:.3} s on “{track}” at {at}: audio/{file} ({frames} frames)")?;
        writeln!(f, "{clipped} samples clipped, {lost} frames lost, latency {latency} frames ({source})")?;
        write!(f, "{health}")
    }
}

//! `ai-dawg info`

mod text;

use std::path::PathBuf;

use anyhow::Result;
use dawg_dsp::units::Decibels;
use dawg_session::{
    Access, Clip, ClipId, Key, Lane, LaneId, Media, MediaId, Meter, Monitor, Plays, Session, SongId, Track,
    TrackId,
};
use serde::Serialize;

use super::comp::CompReport;
use super::format::finite;
use super::output::Output;
use crate::song::OpenSong;

/// Show what is in a song.
///
/// Changes nothing, and works while the song is open elsewhere. With --json, `start`, `length` and `offset` are in
/// samples at the song's rate. A track has `lanes` (its takes among them, with their number as `take`) and `comps`; one
/// of them `plays`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ai-dawg info \"my song.dawg\" --json")]
pub struct Arguments {
    /// The song's folder
    song: PathBuf,
}

/// Everything about a song, as `info --json` says it.
#[derive(Debug, Serialize)]
struct Report {
    name: String,
    id: SongId,
    #[serde(serialize_with = "super::format::path")]
    path: PathBuf,
    sample_rate: u32,
    tempo: f64,
    meter: Meter,
    /// The frame where bar 1 begins.
    downbeat: i64,
    key: Option<Key>,
    /// Hertz.
    a4: f64,
    length: Length,
    lyrics: String,
    /// Number of the last step of its history.
    seq: i64,
    tracks: Vec<TrackReport>,
    media: Vec<MediaReport>,
    missing: Vec<String>,
    notices: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Length {
    samples: i64,
    seconds: f64,
}

#[derive(Debug, Serialize)]
struct TrackReport {
    id: TrackId,
    name: String,
    layout: String,
    input: String,
    colour: String,
    gain: f32,
    gain_db: Option<f64>,
    pan: f32,
    mute: bool,
    solo: bool,
    arm: bool,
    monitor: Monitor,
    lanes: Vec<LaneReport>,
    comps: Vec<CompReport>,
}

#[derive(Debug, Serialize)]
struct LaneReport {
    id: LaneId,
    name: String,
    plays: bool,
    /// The number of its take, if it was recorded.
    take: Option<u32>,
    /// 1 to 5; 0 while nobody has said.
    rating: u8,
    hidden: bool,
    /// Its own, in place of the track's.
    colour: Option<String>,
    clips: Vec<ClipReport>,
}

#[derive(Debug, Serialize)]
struct ClipReport {
    id: ClipId,
    name: String,
    media: MediaId,
    file: String,
    start: i64,
    length: i64,
    offset: i64,
    gain: f32,
    mute: bool,
    missing: bool,
}

#[derive(Debug, Serialize)]
struct MediaReport {
    id: MediaId,
    name: String,
    file: String,
    channels: u16,
    frames: i64,
    sample_rate: u32,
    hash: Option<String>,
    missing: bool,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let song = OpenSong::open(&arguments.song, Access::ReadOnly)?;
    output.say(&Reporter::new(&song).song())
}

/// What every part of the report has to know.
struct Reporter<'a> {
    song: &'a OpenSong,
    session: &'a Session,
    missing: Vec<MediaId>,
}

impl<'a> Reporter<'a> {
    fn new(song: &'a OpenSong) -> Self {
        let missing = song.missing().into_iter().map(|media| media.id).collect();
        Self { song, session: song.session(), missing }
    }

    fn song(&self) -> Report {
        let Self { song, session, missing } = self;
        let samples = session.end().0;
        Report {
            name: session.name.to_string(),
            id: session.id,
            path: song.folder().to_owned(),
            sample_rate: session.sample_rate,
            tempo: session.tempo_map.tempo_at(0).bpm(),
            meter: session.tempo_map.meter_at(1),
            downbeat: session.tempo_map.downbeat,
            key: session.key,
            a4: f64::from(session.a4_millihertz) / 1_000.0,
            length: Length { samples, seconds: samples as f64 / f64::from(session.sample_rate) },
            lyrics: session.lyrics.to_string(),
            seq: song.document().last_seq(),
            tracks: session.tracks.iter().map(|track| self.track(track)).collect(),
            media: session.media.values().map(|media| self.media(media)).collect(),
            missing: missing
                .iter()
                .filter_map(|id| session.media.get(id))
                .map(|media| media.file.clone())
                .collect(),
            notices: song.notices().to_vec(),
        }
    }

    fn track(&self, track: &Track) -> TrackReport {
        TrackReport {
            id: track.id,
            name: track.name.to_string(),
            layout: track.layout.into(),
            input: track.input.to_string(),
            colour: track.colour.into(),
            gain: track.gain.get(),
            gain_db: finite(f64::from(Decibels::from_linear(track.gain.get()).0)),
            pan: track.pan.get(),
            mute: track.mute,
            solo: track.solo,
            arm: track.arm,
            monitor: track.monitor,
            lanes: track.lanes.iter().map(|lane| self.lane(track, lane)).collect(),
            comps: track.comps.iter().map(|comp| CompReport::new(self.session, track, comp)).collect(),
        }
    }

    fn lane(&self, track: &Track, lane: &Lane) -> LaneReport {
        LaneReport {
            id: lane.id,
            name: lane.name.to_string(),
            plays: track.plays == Plays::Lane(lane.id),
            take: lane.take.map(|take| take.number),
            rating: lane.rating,
            hidden: lane.hidden,
            colour: lane.colour.map(Into::into),
            clips: lane.clips.iter().map(|clip| self.clip(clip)).collect(),
        }
    }

    fn clip(&self, clip: &Clip) -> ClipReport {
        let media = self.session.media.get(&clip.media);
        ClipReport {
            id: clip.id,
            name: clip.name.to_string(),
            media: clip.media,
            file: media.map(|media| media.file.clone()).unwrap_or_default(),
            start: self.session.tempo_map.to_samples(clip.start, self.session.sample_rate).0,
            length: clip.length.0,
            offset: clip.offset.0,
            gain: clip.gain.get(),
            mute: clip.mute,
            missing: self.missing.contains(&clip.media),
        }
    }

    fn media(&self, media: &Media) -> MediaReport {
        MediaReport {
            id: media.id,
            name: media.name.to_string(),
            file: media.file.clone(),
            channels: media.channels,
            frames: media.frames.0,
            sample_rate: media.sample_rate,
            hash: media.hash.clone(),
            missing: self.missing.contains(&media.id),
        }
    }
}

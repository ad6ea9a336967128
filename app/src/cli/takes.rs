//! `ai-dawg takes`

mod text;

use std::collections::HashSet;
use std::path::PathBuf;

use anyhow::{Context, Result};
use dawg_session::{Access, ClipId, Lane, LaneId, MediaId, Plays, Session, Track};
use serde::Serialize;

use super::format::Moment;
use super::output::Output;
use crate::song::OpenSong;

/// List the takes of a track, in the order recorded.
///
/// One row a lane that was recorded; lanes that were imported or flattened are in `info`, and `comp` takes them by
/// name. Changes nothing, and works while the song is open elsewhere. With --json, `start` and `length` are in samples
/// at the song's rate: from the first sample of the lane's clips to the end of the last.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ai-dawg takes \"my song.dawg\" --track Voice
  ai-dawg takes \"my song.dawg\" --track Voice --json

A take is renamed, rated, hidden or deleted by `ai-dawg edit`, with the lane's id from `takes --json`:
  {\"edit\": \"rename_lane\", \"lane\": \"ID\", \"name\": \"The soft one\"}
  {\"edit\": \"set_lane_rating\", \"lane\": \"ID\", \"rating\": 5}
  {\"edit\": \"set_lane_hidden\", \"lane\": \"ID\", \"hidden\": true}
  {\"edit\": \"remove_lane\", \"lane\": \"ID\"}")]
pub struct Arguments {
    /// The song's folder
    song: PathBuf,
    /// The track
    #[arg(long, value_name = "NAME")]
    track: String,
}

/// One take, as `takes --json` says it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct TakeReport {
    /// From 1, in the order recorded.
    number: u32,
    name: String,
    /// Song sample of its first sample.
    start: i64,
    /// Samples to the end of its last clip.
    length: i64,
    seconds: f64,
    /// Inside the song's `audio/`: of its first clip.
    file: String,
    lane: LaneId,
    /// Whether it is what the track plays.
    plays: bool,
    /// Whether something of it is in the comp that plays.
    picked: bool,
    /// 1 to 5; 0 while nobody has said.
    rating: u8,
    hidden: bool,
    /// RFC 3339, UTC.
    recorded_at: String,
    clips: Vec<ClipReport>,
}

/// A window into a file.
#[derive(Debug, Clone, Serialize)]
struct ClipReport {
    id: ClipId,
    media: MediaId,
    file: String,
    start: i64,
    length: i64,
    /// Frame of the file that stands at `start`.
    offset: i64,
}

/// The takes of a track: an array in JSON, a table for people.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Takes {
    takes: Vec<TakeReport>,
    #[serde(skip)]
    track: String,
    #[serde(skip)]
    rate: u32,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let song = OpenSong::open(&arguments.song, Access::ReadOnly)?;
    super::notices(&song);
    let session = song.session();
    let track = track_named(session, &arguments.track)?;
    let takes = of_track(session, track);
    output.say(&Takes { takes, track: track.name.to_string(), rate: session.sample_rate })
}

/// The track of this name.
///
/// # Errors
/// When there is none; it names those that are there.
pub(super) fn track_named<'a>(session: &'a Session, name: &str) -> Result<&'a Track> {
    let track = session.track_named(name).map(AsRef::as_ref);
    track.with_context(|| {
        let there: Vec<String> = session.tracks.iter().map(|track| format!("“{}”", track.name)).collect();
        match there.as_slice() {
            [] => format!("there is no track “{name}”: the song has no tracks yet"),
            there => format!("there is no track “{name}”: the song has {}", there.join(", ")),
        }
    })
}

/// The takes of a track, oldest first.
pub(super) fn of_track(session: &Session, track: &Track) -> Vec<TakeReport> {
    let picked: HashSet<LaneId> =
        track.playing_comp().into_iter().flat_map(|comp| comp.picks.iter().map(|pick| pick.lane)).collect();
    let recorded = track.lanes.iter().filter(|lane| !lane.clips.is_empty());
    let mut takes: Vec<TakeReport> = recorded
        .filter_map(|lane| {
            let take = lane.take?;
            let (start, end) = extent(session, lane)?;
            let clips = clips(session, lane);
            Some(TakeReport {
                number: take.number,
                name: lane.name.to_string(),
                start,
                length: end - start,
                seconds: (end - start) as f64 / f64::from(session.sample_rate.max(1)),
                file: clips.first().map(|clip| clip.file.clone()).unwrap_or_default(),
                lane: lane.id,
                plays: track.plays == Plays::Lane(lane.id),
                picked: picked.contains(&lane.id),
                rating: lane.rating,
                hidden: lane.hidden,
                recorded_at: Moment(take.at_ms).to_string(),
                clips,
            })
        })
        .collect();
    takes.sort_by_key(|take| take.number);
    takes
}

impl TakeReport {
    /// Whether any of these files is in it.
    pub(super) fn shows(&self, media: &[MediaId]) -> bool {
        self.clips.iter().any(|clip| media.contains(&clip.media))
    }

    /// What it is called in a sentence: `take 3 “Take 3”`.
    pub(super) fn title(&self) -> String {
        format!("take {} “{}”", self.number, self.name)
    }

    pub(super) const fn span(&self) -> (i64, i64) {
        (self.start, self.start + self.length)
    }

    pub(super) fn first_clip(&self) -> Option<ClipId> {
        self.clips.first().map(|clip| clip.id)
    }
}

/// From a lane's first sample to the end of its last clip; none of an empty one.
pub(super) fn extent(session: &Session, lane: &Lane) -> Option<(i64, i64)> {
    let spans = || lane.clips.iter().map(|clip| clip.span(&session.tempo_map, session.sample_rate));
    Some((spans().map(|(from, _)| from).min()?, spans().map(|(_, to)| to).max()?))
}

/// The clips of a lane in order of time.
fn clips(session: &Session, lane: &Lane) -> Vec<ClipReport> {
    let clips = lane.clips.iter().map(|clip| {
        let (start, _) = clip.span(&session.tempo_map, session.sample_rate);
        ClipReport {
            id: clip.id,
            media: clip.media,
            file: session.media.get(&clip.media).map(|media| media.file.clone()).unwrap_or_default(),
            start,
            length: clip.length.0,
            offset: clip.offset.0,
        }
    });
    let mut clips: Vec<ClipReport> = clips.collect();
    clips.sort_by_key(|clip| clip.start);
    clips
}

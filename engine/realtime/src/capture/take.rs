//! From a capture to takes: each pass becomes a lane of clips that are windows into the captured file.
//!
//! What was captured while the song was heard at a position was sung to that position, one round trip earlier;
//! so a take's window starts one round trip later in the file. Pure but for the ids it makes. Start at [`edits`].

use std::sync::Arc;

use dawg_session::{
    CaptureRow, Clip, ClipChannels, ClipId, Colour, CompId, Edit, Fade, Gain, Lane, LaneId, Layout, Media,
    Name, Position, Punched, Samples, Segment, Session, Take, Track, ValueError, comp,
};

/// A window into a capture and where it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Song frame of its start.
    pub start: i64,
    /// Frame of the file.
    pub offset: i64,
    /// Frames.
    pub length: i64,
}

/// What is wanted of one stretch in which the song went on without a jump: one turn of a loop, for example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// Capture frame at which it began.
    pub began: i64,
    /// Disjoint, in order of time, never empty.
    pub windows: Vec<Window>,
}

/// What makes takes of a capture.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TakeEdits {
    /// The changes, to be one transaction together with the capture's end. Empty when nothing was captured that was
    /// wanted.
    pub edits: Vec<Edit>,
    /// The new clips, oldest first.
    pub clips: Vec<ClipId>,
    /// The new lanes, oldest first: one a pass.
    pub lanes: Vec<LaneId>,
}

/// The passes of a capture of which something is wanted and in the file, oldest first.
#[must_use]
pub fn passes(row: &CaptureRow) -> Vec<Pass> {
    let all = [Punched { from: i64::MIN, to: None }];
    let punches = row.log.punches.as_deref().unwrap_or(&all);
    let passes = row.log.segments.iter().map(|segment| Pass {
        began: segment.capture_frame,
        windows: punches.iter().filter_map(|punch| window(row, segment, *punch)).collect(),
    });
    passes.filter(|pass| !pass.windows.is_empty()).collect()
}

/// The part of `segment` that was punched in and lies in the row's range.
fn window(row: &CaptureRow, segment: &Segment, punch: Punched) -> Option<Window> {
    // Song position of a capture frame, as far as this segment goes.
    let ahead = segment.song_position.saturating_sub(segment.capture_frame);
    let ends = segment.capture_frame.saturating_add(segment.length);
    let first = segment.capture_frame.max(punch.from).saturating_add(ahead);
    let last = punch.to.map_or(ends, |to| to.min(ends)).saturating_add(ahead);
    let from = first.max(row.record_from.unwrap_or(i64::MIN));
    let to = last.min(row.record_to.unwrap_or(i64::MAX));
    let offset = from.saturating_sub(ahead).saturating_add(row.latency);
    // With a negative latency (given by hand) the first frames were never captured.
    let early = offset.min(0).saturating_neg();
    let (start, offset) = (from.saturating_add(early), offset.saturating_add(early));
    let length = to.saturating_sub(start).min(row.frames.saturating_sub(offset));
    (length > 0).then_some(Window { start, offset, length })
}

/// The Edits that put the capture into the song: its file into the pool, and each pass on a new lane of its own, the
/// newest on top, heard from now on over its range. What was there stays, and is heard where nothing new lies. If the
/// track is gone, one is made: nothing is lost.
///
/// # Errors
/// [`ValueError`] when the row's channels are no layout.
pub fn edits(session: &Session, row: &CaptureRow) -> Result<TakeEdits, ValueError> {
    let passes = passes(row);
    if passes.is_empty() {
        return Ok(TakeEdits::default());
    }
    let mut edits = Vec::new();
    let track = match session.track(row.track) {
        Some(track) => Arc::clone(track),
        None => {
            let track = track_for(row, session.tracks.len())?;
            edits.push(Edit::AddTrack { track: track.clone(), at: session.tracks.len() });
            Arc::new(track)
        }
    };
    edits.push(Edit::AddMedia { media: media(row) });
    let first = comp::next_take(&track);
    let lanes = passes.iter().zip(first..).map(|(pass, number)| lane(row, pass, number));
    let lanes: Vec<Lane> = lanes.collect::<Result<_, _>>()?;
    edits.extend(lanes.iter().map(|lane| Edit::AddLane { track: track.id, lane: lane.clone(), at: 0 }));
    let ranges = passes.iter().map(|pass| {
        pass.windows.iter().map(|at| (Samples(at.start), Samples(at.start + at.length))).collect()
    });
    let heard: Vec<(&Lane, Vec<_>)> = lanes.iter().zip(ranges).collect();
    edits.extend(comp::hear(session, &track, &heard, CompId::fresh()));
    edits.extend(show_lanes(&track, lanes.len()));
    Ok(TakeEdits {
        edits,
        clips: lanes.iter().flat_map(|lane| lane.clips.iter().map(|clip| clip.id)).collect(),
        lanes: lanes.iter().map(|lane| lane.id).collect(),
    })
}

/// A second lane with something on it is reason to show the lanes, once.
fn show_lanes(track: &Track, new: usize) -> Option<Edit> {
    let filled = track.lanes.iter().filter(|lane| !lane.clips.is_empty()).count();
    let shows = !track.shows_lanes && filled < 2 && filled + new >= 2;
    shows.then_some(Edit::SetTrackShowsLanes { track: track.id, shows })
}

fn lane(row: &CaptureRow, pass: &Pass, number: u32) -> Result<Lane, ValueError> {
    let name = Name::new(&format!("Take {number}"))?;
    let millis = pass.began.max(0).saturating_mul(1_000) / i64::from(row.rate.max(1));
    let take = Take { number, at_ms: row.started_ms.saturating_add(millis) };
    let clips = pass.windows.iter().map(|window| Arc::new(clip(row, &name, *window))).collect();
    Ok(Lane { clips, take: Some(take), ..Lane::new(LaneId::fresh(), name) })
}

fn clip(row: &CaptureRow, name: &Name, window: Window) -> Clip {
    Clip {
        id: ClipId::fresh(),
        name: name.clone(),
        media: row.media,
        channels: ClipChannels::AsIs,
        start: Position::Samples(window.start),
        length: Samples(window.length),
        offset: Samples(window.offset),
        gain: Gain::UNITY,
        fade_in: Fade::default(),
        fade_out: Fade::default(),
        mute: false,
    }
}

fn media(row: &CaptureRow) -> Media {
    Media {
        id: row.media,
        file: row.file.clone(),
        name: row.name.clone(),
        sample_rate: row.rate,
        channels: row.channels,
        frames: Samples(row.frames),
        hash: None,
    }
}

fn track_for(row: &CaptureRow, index: usize) -> Result<Track, ValueError> {
    let lane = Lane::new(LaneId::fresh(), row.name.clone());
    let layout = Layout::try_from(row.channels.to_string())?;
    let colour = Colour::PALETTE[index % Colour::PALETTE.len()];
    Ok(Track { colour, ..Track::with_lane(row.track, row.name.clone(), layout, lane) })
}

#[cfg(test)]
#[path = "take_tests.rs"]
mod tests;

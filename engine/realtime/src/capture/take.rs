//! From a capture to a take: clips that are windows into the captured file.
//!
//! What was captured while the song was heard at a position was sung to that position, one round trip earlier;
//! so a take's window starts one round trip later in the file. Pure but for the ids it makes. Start at [`edits`].

use dawg_session::{
    CaptureRow, Clip, ClipChannels, ClipId, Colour, Edit, Fade, Gain, Lane, LaneId, Layout, Media, Plays,
    Position, Samples, Session, Track, ValueError,
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

/// The windows of a capture, in the order in which they were sung.
#[must_use]
pub fn windows(row: &CaptureRow) -> Vec<Window> {
    let wanted = (row.record_from.unwrap_or(i64::MIN), row.record_to.unwrap_or(i64::MAX));
    let windows = row.segments.iter().filter_map(|segment| {
        let from = segment.song_position.max(wanted.0);
        let to = segment.song_position.saturating_add(segment.length).min(wanted.1);
        let offset = segment.capture_frame + (from - segment.song_position) + row.latency;
        // With a negative latency (given by hand) the first frames were never captured.
        let early = (-offset).max(0);
        let (start, offset) = (from + early, offset + early);
        let length = (to - start).min(row.frames - offset);
        (length > 0).then_some(Window { start, offset, length })
    });
    windows.collect()
}

/// The Edits that put the capture into the song: its file into the pool, its windows on the lane that plays, above
/// what is there (which stays, and comes back with undo). If the track is gone, one is made: nothing is lost.
/// None when nothing was captured.
///
/// # Errors
/// [`ValueError`] when the row's channels are no layout.
pub fn edits(session: &Session, row: &CaptureRow) -> Result<(Vec<Edit>, Vec<ClipId>), ValueError> {
    let windows = windows(row);
    if windows.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let mut edits = Vec::new();
    let lane = match session.track(row.track) {
        Some(track) => playing_lane(track),
        None => {
            let track = track_for(row, session.tracks.len())?;
            let lane = playing_lane(&track);
            edits.push(Edit::AddTrack { track, at: session.tracks.len() });
            lane
        }
    };
    edits.push(Edit::AddMedia {
        media: Media {
            id: row.media,
            file: row.file.clone(),
            name: row.name.clone(),
            sample_rate: row.rate,
            channels: row.channels,
            frames: Samples(row.frames),
            hash: None,
        },
    });
    let clips: Vec<Clip> = windows.iter().map(|window| clip(row, *window)).collect();
    let ids = clips.iter().map(|clip| clip.id).collect();
    edits.extend(clips.into_iter().map(|clip| Edit::AddClip { lane, clip, at: None }));
    Ok((edits, ids))
}

fn playing_lane(track: &Track) -> LaneId {
    match track.plays {
        Plays::Lane(lane) => lane,
        // Comps come later; a track always has a lane.
        _ => track.lanes.first().map_or_else(LaneId::fresh, |lane| lane.id),
    }
}

fn clip(row: &CaptureRow, window: Window) -> Clip {
    Clip {
        id: ClipId::fresh(),
        name: row.name.clone(),
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

fn track_for(row: &CaptureRow, index: usize) -> Result<Track, ValueError> {
    let lane = Lane::new(LaneId::fresh(), row.name.clone());
    let layout = Layout::try_from(row.channels.to_string())?;
    let colour = Colour::PALETTE[index % Colour::PALETTE.len()];
    Ok(Track { colour, ..Track::with_lane(row.track, row.name.clone(), layout, lane) })
}

#[cfg(test)]
#[path = "take_tests.rs"]
mod tests;

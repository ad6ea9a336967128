//! Where the rows stand: one for each track, and below it, where they are shown, a lower one for each of its lanes.
//!
//! Start at [`Rows::follow`]. Headers and lanes, drawing, hit-testing and scrolling all ask here, so that they agree.

use std::sync::Arc;

use dawg_session::{Lane, Session, Track, TrackId};
use egui::{Rect, pos2, vec2};

/// Room for the line that says what of the takes is heard, in the header of a track that has several.
pub const CHOICE: f32 = 24.0;

/// Empty points below the last lane of a track.
const GAP: f32 = 8.0;

/// Lowest and highest row of a lane.
const LANE: (f32, f32) = (28.0, 72.0);

/// Height of a lane's row, as part of a track's.
const PART: f32 = 0.56;

/// What stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What of the track is heard.
    Track,
    /// Lane number so-and-so of the track.
    Lane(usize),
    /// Pass number so-and-so (from 0) of the recording under way, which is no lane yet.
    Pass(usize),
}

/// A row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Number of its track.
    pub track: usize,
    /// What stands in it.
    pub kind: Kind,
    /// Its upper edge, in points from the top of the first row.
    pub top: f32,
    /// Its height.
    pub height: f32,
}

impl Row {
    /// Its place on the screen, in lanes (or headers) that are scrolled down by `scrolled` points.
    #[must_use]
    pub fn place(&self, area: Rect, scrolled: f32) -> Rect {
        let top = area.top() + self.top - scrolled;
        Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), self.height))
    }

    /// Its lower edge, in points from the top of the first row.
    #[must_use]
    pub fn bottom(&self) -> f32 {
        self.top + self.height
    }

    /// The lane that stands in it.
    #[must_use]
    pub fn lane<'a>(&self, session: &'a Session) -> Option<(&'a Arc<Track>, &'a Arc<Lane>)> {
        let Kind::Lane(number) = self.kind else { return None };
        let track = session.tracks.get(self.track)?;
        Some((track, track.lanes.get(number)?))
    }
}

/// The recording under way: which tracks, in how many passes so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Growing {
    /// The tracks.
    pub tracks: Vec<TrackId>,
    /// Passes, of which the last grows.
    pub passes: usize,
}

/// All rows of a song, from the top down. Kept from frame to frame.
#[derive(Debug, Default)]
pub struct Rows {
    rows: Vec<Row>,
    // The row of each track.
    tracks: Vec<usize>,
    height: f32,
    made_of: Option<(Vec<Arc<Track>>, f32, Growing)>,
    revision: u64,
}

/// Whether a track's header says what of its takes is heard.
#[must_use]
pub fn has_choice(track: &Track) -> bool {
    track.lanes.len() > 1 || !track.comps.is_empty() || track.shows_lanes
}

impl Rows {
    /// Follows the song. Costs one comparison a track where nothing changed.
    pub fn follow(&mut self, session: &Session, track_height: f32, growing: &Growing) {
        if let Some((tracks, height, grown)) = &self.made_of
            && (*height, grown) == (track_height, growing)
            && tracks.len() == session.tracks.len()
            && tracks.iter().zip(&session.tracks).all(|(old, new)| Arc::ptr_eq(old, new))
        {
            return;
        }
        self.rows.clear();
        self.tracks.clear();
        let low = (track_height * PART).round().clamp(LANE.0, LANE.1);
        let mut top = 0.0;
        for (number, track) in session.tracks.iter().enumerate() {
            self.tracks.push(self.rows.len());
            let height = track_height.max(1.0) + if has_choice(track) { CHOICE } else { 0.0 };
            self.rows.push(Row { track: number, kind: Kind::Track, top, height });
            top += height;
            let passes = if growing.tracks.contains(&track.id) { growing.passes } else { 0 };
            // A second take unfolds its track: so does the second pass of the first recording.
            if !track.shows_lanes && (passes < 2 || track.lanes.len() > 1) {
                continue;
            }
            // The newest is uppermost, as it will be among the lanes.
            for pass in (0..passes).rev() {
                self.rows.push(Row { track: number, kind: Kind::Pass(pass), top, height: low });
                top += low;
            }
            let stands = |lane: &Lane| !lane.hidden && (track.shows_lanes || !lane.clips.is_empty());
            for lane in (0..track.lanes.len()).filter(|lane| stands(&track.lanes[*lane])) {
                self.rows.push(Row { track: number, kind: Kind::Lane(lane), top, height: low });
                top += low;
            }
            top += GAP;
        }
        self.height = top;
        self.made_of = Some((session.tracks.clone(), track_height, growing.clone()));
        self.revision += 1;
    }

    /// Another number whenever rows may have moved.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The rows in sight of an area so high, scrolled down by so many points.
    #[must_use]
    pub fn in_sight(&self, height: f32, scrolled: f32) -> &[Row] {
        let first = self.rows.partition_point(|row| row.bottom() <= scrolled);
        let last = self.rows.partition_point(|row| row.top < scrolled + height);
        self.rows.get(first..last).unwrap_or_default()
    }

    /// The row at a height from the top of the first; none above it and below the last.
    #[must_use]
    pub fn at(&self, y: f32) -> Option<&Row> {
        if !(0.0..self.height).contains(&y) {
            return None;
        }
        self.rows.get(self.rows.partition_point(|row| row.top <= y).checked_sub(1)?)
    }

    /// The row of a track.
    #[must_use]
    pub fn of(&self, track: usize) -> Option<&Row> {
        self.rows.get(*self.tracks.get(track)?)
    }

    /// The row of a lane; none while it is not shown.
    #[must_use]
    pub fn of_lane(&self, track: usize, lane: usize) -> Option<&Row> {
        let rows = self.rows.get(*self.tracks.get(track)?..)?;
        rows.iter().take_while(|row| row.track == track).find(|row| row.kind == Kind::Lane(lane))
    }

    /// Upper and lower edge of a track with its lanes, in points from the top of the first row.
    #[must_use]
    pub fn group(&self, track: usize) -> Option<(f32, f32)> {
        let top = self.of(track)?.top;
        Some((top, self.of(track + 1).map_or(self.height, |next| next.top)))
    }

    /// The same of a track that is looked for; as it was last drawn.
    #[must_use]
    pub fn group_of(&self, track: TrackId) -> Option<(f32, f32)> {
        let (tracks, ..) = self.made_of.as_ref()?;
        self.group(tracks.iter().position(|other| other.id == track)?)
    }

    /// The gap between tracks that is nearest to a height: 0 is above the first.
    #[must_use]
    pub fn gap_near(&self, y: f32) -> usize {
        let middle =
            |track: usize| self.group(track).map_or(f32::MAX, |(top, bottom)| f32::midpoint(top, bottom));
        (0..self.tracks.len()).take_while(|track| middle(*track) < y).count()
    }

    /// Height of all rows together.
    #[must_use]
    pub fn height(&self) -> f32 {
        self.height
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

#[cfg(test)]
mod tests;

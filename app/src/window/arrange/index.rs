//! Which clips of a lane are in sight, without asking all of them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use dawg_session::{Clip, ClipId, Lane, LaneId, Session, TempoMap, Track, TrackId};

/// The clips of each lane, sorted by start. Kept from frame to frame; what changed is sorted anew.
#[derive(Debug, Default)]
pub struct Index {
    tempo: Option<TempoMap>,
    rate: u32,
    tracks: HashMap<TrackId, Arc<Track>>,
    lanes: HashMap<LaneId, Sorted>,
    end: i64,
}

#[derive(Debug)]
struct Sorted {
    lane: Arc<Lane>,
    spans: Vec<Span>,
    // The furthest end of all spans up to here: ends are not sorted, this is.
    reach: Vec<i64>,
}

/// A clip and the song frames that it covers.
#[derive(Debug, Clone)]
pub struct Span {
    /// First frame.
    pub from: i64,
    /// First frame after it.
    pub to: i64,
    /// Its place in the lane's stack.
    pub stacked: usize,
    /// The clip.
    pub clip: Arc<Clip>,
}

impl Index {
    /// Follows the song. Costs one comparison a track where nothing changed.
    pub fn follow(&mut self, session: &Session) {
        if self.tempo.as_ref() != Some(&session.tempo_map) || self.rate != session.sample_rate {
            (self.tracks, self.lanes) = Default::default();
            self.tempo = Some(session.tempo_map.clone());
            self.rate = session.sample_rate;
        }
        let mut changed = self.tracks.len() != session.tracks.len();
        for track in &session.tracks {
            if self.tracks.get(&track.id).is_some_and(|known| Arc::ptr_eq(known, track)) {
                continue;
            }
            changed = true;
            for lane in &track.lanes {
                if self.lanes.get(&lane.id).is_none_or(|sorted| !Arc::ptr_eq(&sorted.lane, lane)) {
                    self.lanes.insert(lane.id, Sorted::of(lane, session));
                }
            }
            self.tracks.insert(track.id, Arc::clone(track));
        }
        if changed {
            let tracks: HashSet<TrackId> = session.tracks.iter().map(|track| track.id).collect();
            self.tracks.retain(|id, _| tracks.contains(id));
            let lanes = session.tracks.iter().flat_map(|track| track.lanes.iter().map(|lane| lane.id));
            let lanes: HashSet<LaneId> = lanes.collect();
            self.lanes.retain(|id, _| lanes.contains(id));
            self.end =
                self.lanes.values().filter_map(|sorted| sorted.reach.last()).max().copied().unwrap_or(0);
        }
    }

    /// The clips of a lane that touch these frames, in stacking order.
    #[must_use]
    pub fn between(&self, lane: LaneId, from: i64, to: i64) -> Vec<&Span> {
        let Some(sorted) = self.lanes.get(&lane) else { return Vec::new() };
        let first = sorted.reach.partition_point(|reach| *reach <= from);
        let last = sorted.spans.partition_point(|span| span.from < to);
        let mut found: Vec<&Span> =
            sorted.spans.get(first..last).unwrap_or_default().iter().filter(|span| span.to > from).collect();
        if !found.is_sorted_by_key(|span| span.stacked) {
            found.sort_by_key(|span| span.stacked);
        }
        found
    }

    /// All clips of a lane, by start.
    #[must_use]
    pub fn all(&self, lane: LaneId) -> &[Span] {
        self.lanes.get(&lane).map_or(&[], |sorted| &sorted.spans)
    }

    /// The clip on top at a frame of a lane.
    #[must_use]
    pub fn at(&self, lane: LaneId, frame: i64) -> Option<&Span> {
        self.between(lane, frame, frame + 1).last().copied()
    }

    /// A clip with the numbers of its track and lane.
    #[must_use]
    pub fn find(&self, session: &Session, id: ClipId) -> Option<(usize, usize, &Span)> {
        let mut tracks = session.tracks.iter().enumerate();
        tracks.find_map(|(row, track)| {
            let mut lanes = track.lanes.iter().enumerate();
            lanes.find_map(|(number, lane)| {
                let span = self.all(lane.id).iter().find(|span| span.clip.id == id)?;
                Some((row, number, span))
            })
        })
    }

    /// First and last frame of what lies on a track, whichever of its lanes is heard; none where there is nothing.
    #[must_use]
    pub fn extent(&self, track: &Track) -> Option<(i64, i64)> {
        let lanes = track.lanes.iter().filter_map(|lane| {
            let sorted = self.lanes.get(&lane.id)?;
            Some((sorted.spans.first()?.from, *sorted.reach.last()?))
        });
        lanes.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// What is heard of a track, as song frames: the clips of the lane that plays, or what a comp takes of its lanes.
    #[must_use]
    pub fn heard(&self, track: &Track) -> Vec<(i64, i64)> {
        if let Some(lane) = track.playing() {
            return self.all(lane.id).iter().map(|span| (span.from, span.to)).collect();
        }
        let Some(comp) = track.playing_comp() else { return Vec::new() };
        let pieces = comp.picks.iter().flat_map(|pick| {
            let spans = self.between(pick.lane, pick.start.0, pick.end.0);
            spans.into_iter().map(|span| (span.from.max(pick.start.0), span.to.min(pick.end.0)))
        });
        pieces.collect()
    }

    /// Where the last clip of all ends.
    #[must_use]
    pub fn end(&self) -> i64 {
        self.end
    }

    /// Whether there is no clip at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lanes.values().all(|sorted| sorted.spans.is_empty())
    }
}

impl Sorted {
    fn of(lane: &Arc<Lane>, session: &Session) -> Self {
        let spans = lane.clips.iter().enumerate().map(|(stacked, clip)| {
            let (from, to) = clip.span(&session.tempo_map, session.sample_rate);
            Span { from, to, stacked, clip: Arc::clone(clip) }
        });
        let mut spans: Vec<Span> = spans.collect();
        spans.sort_by_key(|span| (span.from, span.stacked));
        let reach = spans.iter().scan(i64::MIN, |reach, span| {
            *reach = span.to.max(*reach);
            Some(*reach)
        });
        let reach = reach.collect();
        Self { lane: Arc::clone(lane), spans, reach }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use dawg_session::{ClipChannels, Media, MediaId, Name, Position, Samples, SongId, Tempo};

    use super::*;
    use crate::intake::{new_track, whole_clip};

    /// Seen red: `first` searched by the spans' own ends, so that a long clip under short ones was lost.
    #[test]
    fn finds_what_a_plain_search_finds() {
        let mut session = Session::new(SongId::fresh(), Name::new("s").unwrap(), 48_000, Tempo::DEFAULT);
        let media = Media {
            id: MediaId::fresh(),
            file: "a.wav".to_owned(),
            name: Name::new("a").unwrap(),
            sample_rate: 48_000,
            channels: 1,
            frames: Samples(1 << 20),
            hash: None,
        };
        let clips: Vec<Clip> = (0..200i64)
            .map(|n| Clip {
                start: Position::Samples((n * 7_919) % 100_000),
                length: Samples(1 + (n * 104_729) % if n % 13 == 0 { 90_000 } else { 900 }),
                channels: ClipChannels::AsIs,
                ..whole_clip(&media, Position::START)
            })
            .collect();
        let track = new_track(Name::new("t").unwrap(), dawg_session::Layout::MONO, 0, clips.clone());
        session.tracks.push(Arc::new(track));
        let mut index = Index::default();
        index.follow(&session);
        for from in (-1_000..110_000).step_by(1_777) {
            let to = from + 2_500;
            let found: Vec<_> = index
                .between(session.tracks[0].lanes[0].id, from, to)
                .iter()
                .map(|span| span.clip.id)
                .collect();
            let plain: Vec<_> = clips
                .iter()
                .filter(|clip| {
                    let (a, b) = clip.span(&session.tempo_map, 48_000);
                    a < to && b > from
                })
                .map(|clip| clip.id)
                .collect();
            assert_eq!(found, plain, "from {from}");
        }
        assert_eq!(
            index.all(session.tracks[0].lanes[0].id).iter().map(|s| s.clip.id).collect::<BTreeSet<_>>().len(),
            200
        );
    }
}

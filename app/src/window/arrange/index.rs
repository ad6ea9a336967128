//! Which clips of a track are in sight, without asking all of them.

use std::collections::HashMap;
use std::sync::Arc;

use dawg_session::{Clip, Lane, Session, TempoMap, Track, TrackId};

/// The clips of each track's playing lane, sorted by start. Kept from frame to frame; what changed is sorted anew.
#[derive(Debug, Default)]
pub struct Index {
    tempo: Option<TempoMap>,
    rate: u32,
    lanes: HashMap<TrackId, Sorted>,
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
            self.lanes.clear();
            self.tempo = Some(session.tempo_map.clone());
            self.rate = session.sample_rate;
        }
        for track in &session.tracks {
            let Some(lane) = track.playing() else { continue };
            if self.lanes.get(&track.id).is_none_or(|sorted| !Arc::ptr_eq(&sorted.lane, lane)) {
                self.lanes.insert(track.id, Sorted::of(lane, session));
            }
        }
        if self.lanes.len() > session.tracks.len() {
            self.lanes.retain(|id, _| session.track(*id).is_some());
        }
    }

    /// The clips of a track that touch these frames, in stacking order.
    #[must_use]
    pub fn between(&self, track: &Track, from: i64, to: i64) -> Vec<&Span> {
        let Some(sorted) = self.lanes.get(&track.id) else { return Vec::new() };
        let first = sorted.reach.partition_point(|reach| *reach <= from);
        let last = sorted.spans.partition_point(|span| span.from < to);
        let mut found: Vec<&Span> =
            sorted.spans.get(first..last).unwrap_or_default().iter().filter(|span| span.to > from).collect();
        if !found.is_sorted_by_key(|span| span.stacked) {
            found.sort_by_key(|span| span.stacked);
        }
        found
    }

    /// All clips of a track, by start.
    #[must_use]
    pub fn all(&self, track: &Track) -> &[Span] {
        self.lanes.get(&track.id).map_or(&[], |sorted| &sorted.spans)
    }

    /// The clip on top at a frame of a track.
    #[must_use]
    pub fn at(&self, track: &Track, frame: i64) -> Option<&Span> {
        self.between(track, frame, frame + 1).last().copied()
    }

    /// Where the last clip of all ends.
    #[must_use]
    pub fn end(&self) -> i64 {
        self.lanes.values().filter_map(|sorted| sorted.reach.last()).max().copied().unwrap_or(0)
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
            let found: Vec<_> =
                index.between(&session.tracks[0], from, to).iter().map(|span| span.clip.id).collect();
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
            index.all(&session.tracks[0]).iter().map(|s| s.clip.id).collect::<BTreeSet<_>>().len(),
            200
        );
    }
}

//! What was sung around a take: a boundary that is dragged beyond the edge of a take's clip takes the edge with it, as far
//! as the captured file goes.
//!
//! Start at [`revealed`].

use dawg_session::{Clip, Edit, Lane, Position, Samples, Session};

/// The Edit that lets `lane` sound on to song frame `to`, where it was heard from (or until) song frame `from`; none if
/// it sounds there already, or nothing more was captured.
#[must_use]
pub(super) fn revealed(session: &Session, lane: &Lane, from: i64, to: i64) -> Option<Edit> {
    let span = |clip: &Clip| clip.span(&session.tempo_map, session.sample_rate);
    let sounding = || lane.clips.iter().filter(|clip| !clip.mute);
    if to < from {
        let edge = |clip: &&std::sync::Arc<Clip>| (to + 1..=from).contains(&span(clip).0);
        let clip = sounding().filter(edge).max_by_key(|clip| span(clip).0)?;
        let start = span(clip).0;
        // What lies before it on the lane stays heard.
        let wall = sounding().map(|other| span(other).1).filter(|end| *end <= start).max();
        let to = to.max(start - clip.offset.0).max(wall.unwrap_or(i64::MIN));
        let more = Samples(start - to);
        (more > Samples::ZERO).then(|| Edit::TrimClip {
            clip: clip.id,
            start: Position::Samples(to),
            offset: clip.offset - more,
            length: clip.length + more,
        })
    } else {
        let edge = |clip: &&std::sync::Arc<Clip>| (from..to).contains(&span(clip).1);
        let clip = sounding().filter(edge).min_by_key(|clip| span(clip).1)?;
        let end = span(clip).1;
        let wall = sounding().map(|other| span(other).0).filter(|start| *start >= end).min();
        let left = session.media.get(&clip.media)?.frames - clip.offset - clip.length;
        let to = to.min(end + left.0).min(wall.unwrap_or(i64::MAX));
        let more = Samples(to - end);
        (more > Samples::ZERO).then(|| Edit::TrimClip {
            clip: clip.id,
            start: clip.start,
            offset: clip.offset,
            length: clip.length + more,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use dawg_session::{LaneId, Media, MediaId, Name, SongId, Tempo};

    use super::*;
    use crate::intake::whole_clip;

    /// A take of song frames 1,000 to 2,000, of a file that holds 300 frames before and 200 after; and one that ends at
    /// `before`.
    fn song(before: i64) -> (Session, Lane) {
        let name = Name::new("s").unwrap();
        let mut song = Session::new(SongId::fresh(), name.clone(), 48_000, Tempo::DEFAULT);
        let media = Media {
            id: MediaId::fresh(),
            file: "a.wav".to_owned(),
            name: name.clone(),
            sample_rate: 48_000,
            channels: 1,
            frames: Samples(1_500),
            hash: None,
        };
        let window = |start: i64, offset: i64, length: i64| {
            let clip = whole_clip(&media, Position::Samples(start));
            Arc::new(Clip { offset: Samples(offset), length: Samples(length), ..clip })
        };
        let clips = vec![window(before - 10, 0, 10), window(1_000, 300, 1_000)];
        song.media.insert(media.id, Arc::new(media));
        (song, Lane { clips, ..Lane::new(LaneId::fresh(), name) })
    }

    fn window(edit: Option<Edit>) -> Option<(i64, i64, i64)> {
        match edit? {
            Edit::TrimClip { start: Position::Samples(start), offset, length, .. } => {
                Some((start, offset.0, length.0))
            }
            _ => None,
        }
    }

    // Seen red: with the file's beginning, and with the clip before, left out.
    #[test]
    fn an_edge_goes_with_the_boundary_as_far_as_something_was_captured() {
        let (song, lane) = song(100);
        let to = |from, to| window(revealed(&song, &lane, from, to));
        assert_eq!(to(1_000, 900), Some((900, 200, 1_100)));
        assert_eq!(to(1_000, 500), Some((700, 0, 1_300)), "no further than the file goes");
        assert_eq!(to(2_000, 2_050), Some((1_000, 300, 1_050)));
        assert_eq!(to(2_000, 9_000), Some((1_000, 300, 1_200)));
        assert_eq!(to(1_500, 1_200), None, "it sounds there already");
        let (song, lane) = self::song(950);
        assert_eq!(
            window(revealed(&song, &lane, 1_000, 500)),
            Some((950, 250, 1_050)),
            "not over its neighbour"
        );
    }
}

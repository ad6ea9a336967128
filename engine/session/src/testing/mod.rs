//! Songs and Edits for tests.

pub(crate) mod random;

use std::sync::Arc;

use crate::*;

pub(crate) const RATE: u32 = 48_000;

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub(crate) fn empty_song() -> Session {
    Session::new(SongId::from_u128(1), name("Song"), RATE, Tempo::DEFAULT)
}

/// A file of ten seconds.
pub(crate) fn media(id: u128) -> Media {
    Media {
        id: MediaId::from_u128(id),
        file: format!("{id}.wav"),
        name: name("beat"),
        sample_rate: RATE,
        channels: 2,
        frames: Samples(480_000),
        hash: None,
    }
}

/// A clip of one second at `start`.
pub(crate) fn clip(id: u128, media: u128, start: i64) -> Clip {
    Clip {
        id: ClipId::from_u128(id),
        name: name("clip"),
        media: MediaId::from_u128(media),
        channels: ClipChannels::AsIs,
        start: Position::Samples(start),
        length: Samples(48_000),
        offset: Samples::ZERO,
        gain: Gain::UNITY,
        fade_in: Fade::NONE,
        fade_out: Fade::NONE,
        mute: false,
    }
}

/// A mono track of one lane, whose id is the track's plus one.
pub(crate) fn track(id: u128) -> Track {
    Track::with_lane(TrackId::from_u128(id), name("Voice"), Layout::MONO, lane(id + 1))
}

pub(crate) fn lane(id: u128) -> Lane {
    Lane::new(LaneId::from_u128(id), name("Take 1"))
}

/// One file (100), and `tracks` tracks (1000, 2000, …; lanes one more) of `clips` clips side by side
/// (a track's are its id plus 10, 11, 12, …).
pub(crate) fn song(tracks: u128, clips: u128) -> Session {
    let mut edits = vec![Edit::AddMedia { media: media(100) }];
    for number in 1..=tracks {
        let mut track = track(number * 1_000_000);
        let mut lane = lane(number * 1_000_000 + 1);
        lane.clips =
            (0..clips).map(|n| Arc::new(clip(number * 1_000_000 + 10 + n, 100, n as i64 * 48_000))).collect();
        track.lanes = vec![Arc::new(lane)];
        edits.push(Edit::AddTrack { track, at: number as usize - 1 });
    }
    apply_all(&empty_song(), &edits).unwrap().session
}

pub(crate) const fn track_id(number: u128) -> TrackId {
    TrackId::from_u128(number * 1_000_000)
}

pub(crate) const fn lane_id(number: u128) -> LaneId {
    LaneId::from_u128(number * 1_000_000 + 1)
}

pub(crate) const fn clip_id(track: u128, number: u128) -> ClipId {
    ClipId::from_u128(track * 1_000_000 + 10 + number)
}

/// Equality to the last bit.
pub(crate) fn bytes(session: &Session) -> Vec<u8> {
    serde_json::to_vec(session).unwrap()
}

pub(crate) fn transaction(label: &str, edits: Vec<Edit>) -> Transaction {
    Transaction { author: "test".to_owned(), label: label.to_owned(), edits }
}

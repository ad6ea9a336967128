use std::sync::Arc;

use super::*;
use crate::testing::{lane_id, song, track_id};
use crate::{ClipChannels, FadeShape, LaneId, Plays, Samples};

fn only(change: impl FnOnce(&mut Session)) -> Violation {
    let mut song = song(2, 2);
    assert_eq!(song.check(), Ok(()));
    change(&mut song);
    let mut found = song.check().unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn clip_of(song: &mut Session) -> &mut Clip {
    Arc::make_mut(&mut Arc::make_mut(&mut Arc::make_mut(&mut song.tracks[0]).lanes[0]).clips[0])
}

fn track_of(song: &mut Session) -> &mut Track {
    Arc::make_mut(&mut song.tracks[0])
}

/// Seen red: each line here, with its check taken out of `check.rs`.
#[test]
fn each_violation_is_found_alone() {
    let clip = crate::testing::clip_id(1, 0);
    assert_eq!(only(|s| s.sample_rate = 7_999), Violation::SampleRate(7_999));
    assert_eq!(only(|s| s.tempo_map.tempos.clear()), Violation::Tempo);
    assert_eq!(only(|s| s.tempo_map.tempos[0].at = 1), Violation::Tempo);
    assert_eq!(only(|s| s.tempo_map.meters[0].meter.unit = 5), Violation::Meter);
    assert_eq!(only(|s| s.tempo_map.downbeat = POSITION_LIMIT + 1), Violation::Downbeat(POSITION_LIMIT + 1));
    assert_eq!(only(|s| s.lyrics = "é".repeat(32_769).into()), Violation::Lyrics(65_538));
    assert_eq!(only(|s| s.lyrics = "la\r\nla".into()), Violation::LyricsCharacter('\r'));
    assert_eq!(only(|s| s.a4_millihertz = 414_999), Violation::ReferencePitch(414_999));
    assert_eq!(only(|s| s.loop_range.on = true), Violation::Loop);
    assert_eq!(only(|s| s.metronome.count_in_bars = 5), Violation::CountIn(5));
    assert_eq!(only(|s| track_of(s).lanes.clear()), Violation::NoLane(track_id(1)));
    let (track, lane) = (track_id(1), LaneId::from_u128(4));
    assert_eq!(only(|s| track_of(s).plays = Plays::Lane(lane)), Violation::PlaysNothing { track, lane });
    let comp = crate::CompId::from_u128(5);
    assert_eq!(only(|s| track_of(s).plays = Plays::Comp(comp)), Violation::PlaysNoComp { track, comp });
    assert_eq!(only(|s| Arc::make_mut(&mut track_of(s).lanes[0]).rating = 6), Violation::Rating(6));
    let pick = |start, end, length| crate::Pick {
        start: Samples(start),
        end: Samples(end),
        lane,
        name: crate::testing::name("gone"),
        joint: Joint { length: Samples(length), shape: FadeShape::Linear },
    };
    let comped = |id, picks: Vec<Pick>| {
        move |s: &mut Session| {
            let comp = crate::Comp { picks, ..crate::Comp::new(id, crate::testing::name("Comp A")) };
            track_of(s).comps.push(Arc::new(comp));
        }
    };
    assert_eq!(only(comped(comp, vec![pick(0, 5, 0), pick(4, 9, 0)])), Violation::Picks(comp));
    assert_eq!(only(comped(comp, vec![pick(5, 5, 0)])), Violation::Picks(comp));
    assert_eq!(only(comped(comp, vec![pick(-POSITION_LIMIT - 1, 5, 0)])), Violation::Picks(comp));
    assert_eq!(only(comped(comp, vec![pick(0, 5, 960_001)])), Violation::JointLength(comp));
    let as_lane = crate::CompId::from_u128(lane_id(2).as_u128());
    assert_eq!(only(comped(as_lane, Vec::new())), Violation::SharedId(as_lane.to_string()));
    assert_eq!(only(|s| track_of(s).arm = true), Violation::ArmedWithoutInput(track));
    assert_eq!(only(|s| track_of(s).id = track_id(2)), Violation::SharedId(track_id(2).to_string()));
    let as_lane = crate::ClipId::from_u128(lane_id(2).as_u128());
    assert_eq!(only(|s| clip_of(s).id = as_lane), Violation::SharedId(as_lane.to_string()));
    assert_eq!(only(|s| clip_of(s).length = Samples(0)), Violation::ClipRange(clip));
    assert_eq!(only(|s| clip_of(s).offset = Samples(480_000 - 47_999)), Violation::ClipRange(clip));
    assert_eq!(only(|s| clip_of(s).start = Position::Ticks(POSITION_LIMIT + 1)), Violation::ClipRange(clip));
    let long = Fade { length: Samples(24_001), shape: FadeShape::Linear };
    assert_eq!(only(|s| (clip_of(s).fade_in, clip_of(s).fade_out) = (long, long)), Violation::Fades(clip));
    assert_eq!(only(|s| clip_of(s).fade_in.length = Samples(-1)), Violation::Fades(clip));
    assert_eq!(only(|s| clip_of(s).channels = ClipChannels::Pick(vec![3])), Violation::Channels(clip));
    let gone = MediaId::from_u128(3);
    assert_eq!(only(|s| clip_of(s).media = gone), Violation::NoMedia { clip, media: gone });
    let media = MediaId::from_u128(100);
    assert_eq!(
        only(|s| Arc::make_mut(s.media.get_mut(&media).unwrap()).channels = 0),
        Violation::MediaShape(media)
    );
    assert_eq!(
        only(|s| Arc::make_mut(s.media.get_mut(&media).unwrap()).file = "a/b".to_owned()),
        Violation::FileName("a/b".to_owned())
    );
}

/// Seen red: with muted clips counted.
#[test]
fn the_song_ends_with_the_last_clip_that_plays() {
    let mut song = song(2, 3);
    assert_eq!(song.end(), Samples(3 * 48_000));
    clip_of(&mut song).start = Position::Samples(1_000_000);
    assert_eq!(song.end(), Samples(1_048_000));
    clip_of(&mut song).mute = true;
    assert_eq!(song.end(), Samples(3 * 48_000));
    assert_eq!(crate::testing::empty_song().end(), Samples(0));
}

//! Edits of clips: cuts, joins, trims, stacking.

use crate::testing::{clip, clip_id, lane_id, song, track_id};
use crate::*;

const CLIP: ClipId = clip_id(1, 0);
const NEW: ClipId = ClipId::from_u128(99);

fn fade(length: i64) -> Fade {
    Fade { length: Samples(length), shape: FadeShape::EqualPower }
}

fn with_fades(fade_in: i64, fade_out: i64) -> Session {
    let fades = Edit::SetClipFades { clip: CLIP, fade_in: fade(fade_in), fade_out: fade(fade_out) };
    apply(&song(1, 1), &fades).unwrap().session
}

/// Seen red: with the right part's offset left at the clip's.
#[test]
fn a_cut_leaves_every_frame_where_it_was() {
    let before = with_fades(100, 200);
    let after = apply(&before, &Edit::SplitClip { clip: CLIP, at: 30_001, new: NEW }).unwrap();
    let frame_at = |session: &Session, at: i64| {
        let played = resolve(session, &session.tracks[0]);
        played.iter().find(|p| p.from <= at && at < p.to).map(|p| p.offset + at - p.clip_start)
    };
    for at in [0, 30_000, 30_001, 47_999, 48_000] {
        assert_eq!(frame_at(&before, at), frame_at(&after.session, at), "at {at}");
    }
    let clips = &after.session.tracks[0].lanes[0].clips;
    assert_eq!((clips[0].fade_in, clips[0].fade_out), (fade(100), Fade::NONE));
    assert_eq!((clips[1].fade_in, clips[1].fade_out), (Fade::NONE, fade(200)));
    assert_eq!(apply(&after.session, &after.inverse).unwrap().session, before);
}

/// Seen red: with the fades of the parts instead of the inverse's own.
#[test]
fn a_cut_through_a_fade_is_undone_with_the_whole_fade() {
    let before = with_fades(40_000, 8_000);
    for at in [1, 20_000, 47_999] {
        let after = apply(&before, &Edit::SplitClip { clip: CLIP, at, new: NEW }).unwrap();
        assert_eq!(apply(&after.session, &after.inverse).unwrap().session, before, "at {at}");
    }
}

/// Seen red: with a cut at the clip's first sample allowed.
#[test]
fn a_cut_at_or_beyond_an_edge_is_refused() {
    let song = song(1, 1);
    for at in [-1, 0, 48_000, 99_999] {
        let error = apply(&song, &Edit::SplitClip { clip: CLIP, at, new: NEW }).unwrap_err();
        assert_eq!(error, EditError::CutOutside { clip: CLIP, at, from: 0, to: 48_000 });
    }
}

/// Seen red: with the nearest tick taken always, the second cut moved the right part by 5 samples.
#[test]
fn a_clip_fixed_in_bars_stays_so_when_cut_on_a_tick() {
    let lane = lane_id(1);
    let move_to_bar = Edit::MoveClip { clip: CLIP, to: lane, start: Position::Ticks(1_920), at: None };
    let song = apply(&song(1, 1), &move_to_bar).unwrap().session;
    let right_start = |at| {
        let cut = apply(&song, &Edit::SplitClip { clip: CLIP, at, new: NEW }).unwrap();
        cut.session.clip(NEW).unwrap().2.start
    };
    assert_eq!(right_start(36_000), Position::Ticks(2_880));
    assert_eq!(right_start(36_005), Position::Samples(36_005));
}

/// Seen red: without the comparison in `join_clips`, two clips that happened to touch were joined.
#[test]
fn only_two_parts_of_one_clip_can_be_joined() {
    let song = song(1, 2); // two clips side by side, both from frame 0
    let (fade_in, fade_out) = (Fade::NONE, Fade::NONE);
    let join = Edit::JoinClips { clip: CLIP, right: clip_id(1, 1), fade_in, fade_out };
    assert!(matches!(apply(&song, &join), Err(EditError::NotParts { .. })));
    let cut = apply(&song, &Edit::SplitClip { clip: CLIP, at: 100, new: NEW }).unwrap();
    let louder = apply(&cut.session, &Edit::SetClipGain { clip: NEW, gain: Gain::HALF }).unwrap();
    assert!(matches!(apply(&louder.session, &cut.inverse), Err(EditError::NotParts { .. })));
}

/// Seen red: with the old fades kept, the trim was refused.
#[test]
fn a_trim_shortens_fades_that_no_longer_fit_and_undo_gives_them_back() {
    let before = with_fades(1_000, 40_000);
    let trim = |length| Edit::TrimClip {
        clip: CLIP,
        start: Position::START,
        offset: Samples::ZERO,
        length: Samples(length),
    };
    for (length, fades) in [(30_000, (1_000, 29_000)), (900, (900, 0)), (41_000, (1_000, 40_000))] {
        let after = apply(&before, &trim(length)).unwrap();
        let clip = &after.session.tracks[0].lanes[0].clips[0];
        assert_eq!((clip.fade_in.length.0, clip.fade_out.length.0), fades);
        assert_eq!(apply(&after.session, &after.inverse).unwrap().session, before);
    }
    for bad in [0, -5, 480_001, i64::MAX, i64::MIN] {
        assert!(apply(&before, &trim(bad)).is_err(), "{bad}");
    }
}

/// Seen red: with the end of the window not looked at.
#[test]
fn a_window_past_the_end_of_its_file_is_refused() {
    let song = song(1, 1);
    let trim = |offset, length| {
        let edit = Edit::TrimClip {
            clip: CLIP,
            start: Position::START,
            offset: Samples(offset),
            length: Samples(length),
        };
        apply(&song, &edit)
    };
    assert!(trim(480_000 - 10, 10).is_ok());
    assert!(trim(480_000 - 10, 11).is_err());
    assert!(trim(-1, 10).is_err());
    assert!(trim(i64::MAX, i64::MAX).is_err());
}

/// Seen red: with `at` taken before the clip has left its own lane, place 2 of two was accepted and panicked.
#[test]
fn a_moved_clip_lies_on_top_unless_a_place_is_given() {
    let song = song(2, 2);
    let order = |session: &Session| session.tracks[0].lanes[0].clips.iter().map(|c| c.id).collect::<Vec<_>>();
    let go = |to, at| apply(&song, &Edit::MoveClip { clip: CLIP, to, start: Position::Samples(5), at });
    assert_eq!(order(&go(lane_id(1), None).unwrap().session), [clip_id(1, 1), CLIP]);
    assert_eq!(order(&go(lane_id(1), Some(0)).unwrap().session), [CLIP, clip_id(1, 1)]);
    assert_eq!(go(lane_id(1), Some(2)).unwrap_err(), EditError::NoPlace { given: 2, most: 1 });
    let over = go(lane_id(2), Some(1)).unwrap();
    assert_eq!(over.session.tracks[1].lanes[0].clips[1].id, CLIP);
    assert_eq!(over.touched.contents.len(), 2);
}

/// Seen red: with picked channels counted from 0.
#[test]
fn channels_that_the_file_or_track_has_not_are_refused() {
    let song = song(1, 1); // a stereo file on a mono track
    let pick = |channels: &[u16]| {
        apply(&song, &Edit::SetClipChannels { clip: CLIP, channels: ClipChannels::Pick(channels.to_vec()) })
    };
    assert!(pick(&[2]).is_ok());
    for bad in [&[][..], &[0], &[3], &[1, 2]] {
        assert_eq!(pick(bad).unwrap_err(), EditError::Breaks(Violation::Channels(CLIP)), "{bad:?}");
    }
}

/// Seen red: with `add_clip` not looking at its clip.
#[test]
fn a_clip_of_no_file_is_refused() {
    let song = song(1, 0);
    let add = Edit::AddClip { lane: lane_id(1), clip: clip(5, 404, 0), at: None };
    assert!(matches!(apply(&song, &add), Err(EditError::Breaks(Violation::NoMedia { .. }))));
    assert_eq!(song.track(track_id(1)).unwrap().lanes[0].clips.len(), 0);
}

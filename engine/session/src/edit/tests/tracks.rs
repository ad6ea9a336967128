//! Edits of the song, its files, tracks and lanes: what is refused, and what is more than a plain swap.

use crate::testing::{clip_id, empty_song, lane, lane_id, media, song, track, track_id};
use crate::*;

fn refused(session: &Session, edit: &Edit) -> EditError {
    apply(session, edit).unwrap_err()
}

/// Seen red: with an id only compared to those of its own kind.
#[test]
fn ids_are_unique_across_everything() {
    let song = song(1, 2);
    let taken = EditError::IdTaken(track_id(1).to_string());
    let as_media = Edit::AddMedia { media: media(track_id(1).as_u128()) };
    assert_eq!(refused(&song, &as_media), taken);
    let mut twin = track(7_000_000);
    twin.id = TrackId::from_u128(7_000_001); // that of its own lane
    assert_eq!(
        refused(&song, &Edit::AddTrack { track: twin, at: 0 }),
        EditError::IdTaken(lane_id(7).to_string())
    );
    let again = Edit::AddLane { track: track_id(1), lane: lane(clip_id(1, 0).as_u128()), at: 0 };
    assert_eq!(refused(&song, &again), EditError::IdTaken(clip_id(1, 0).to_string()));
}

/// Seen red: `set_track_input` without the disarming.
#[test]
fn taking_an_armed_track_its_input_disarms_it_and_undo_arms_it_again() {
    let song = song(1, 0);
    let track = track_id(1);
    let nothing = Edit::SetTrackArm { track, arm: true };
    assert_eq!(refused(&song, &nothing), EditError::NothingToRecord(track));
    let armed = [Edit::SetTrackInput { track, input: "1".parse().unwrap() }, nothing];
    let armed = apply_all(&song, &armed).unwrap().session;
    let without = apply(&armed, &Edit::SetTrackInput { track, input: Input::NONE }).unwrap();
    assert!(!without.session.tracks[0].arm);
    assert_eq!(apply(&without.session, &without.inverse).unwrap().session, armed);
}

/// Seen red: with the last lane removable.
#[test]
fn what_is_in_use_stays() {
    let song = song(1, 2);
    let lane = lane_id(1);
    assert_eq!(refused(&song, &Edit::RemoveLane { lane }), EditError::LastLane(lane));
    let add = Edit::AddLane { track: track_id(1), lane: crate::testing::lane(5), at: 0 };
    let two = apply(&song, &add).unwrap().session;
    assert_eq!(refused(&two, &Edit::RemoveLane { lane }), EditError::LanePlays(lane));
    let used = Edit::RemoveMedia { media: MediaId::from_u128(100) };
    assert!(matches!(refused(&song, &used), EditError::MediaInUse { .. }));
    assert_eq!(refused(&song, &Edit::SetSampleRate { sample_rate: 44_100 }), EditError::RateFixed);
    let layout = Edit::SetTrackLayout { track: track_id(1), layout: Layout::STEREO };
    assert_eq!(refused(&song, &layout), EditError::LayoutFixed(track_id(1)));
}

/// Seen red: with the tempo's range not looked at.
#[test]
fn values_out_of_range_are_refused() {
    let song = empty_song();
    for (edit, violation) in [
        (Edit::SetSampleRate { sample_rate: 7_999 }, Violation::SampleRate(7_999)),
        (Edit::SetSampleRate { sample_rate: 192_001 }, Violation::SampleRate(192_001)),
        (Edit::SetTempo { tempo: Tempo(9_999_999) }, Violation::Tempo),
        (Edit::SetTempo { tempo: Tempo(999_000_001) }, Violation::Tempo),
        (Edit::SetMeter { meter: Meter { beats: 0, unit: 4 } }, Violation::Meter),
        (Edit::SetMeter { meter: Meter { beats: 4, unit: 3 } }, Violation::Meter),
        (Edit::SetMeter { meter: Meter { beats: 4, unit: 0 } }, Violation::Meter),
        (Edit::SetKey { key: Some(Key { tonic: 12, mode: Mode::Major }) }, Violation::Tonic(12)),
        (Edit::SetReferencePitch { a4_millihertz: 466_001 }, Violation::ReferencePitch(466_001)),
        (Edit::SetDownbeat { at: -POSITION_LIMIT - 1 }, Violation::Downbeat(-POSITION_LIMIT - 1)),
        (Edit::SetLyrics { lyrics: "a".repeat(65_537).into() }, Violation::Lyrics(65_537)),
        (Edit::SetLyrics { lyrics: "la\0la".into() }, Violation::LyricsCharacter('\0')),
    ] {
        assert_eq!(refused(&song, &edit), EditError::Breaks(violation), "{edit:?}");
    }
}

/// Seen red: with the first tick left at frame 0; with the new words given as the inverse.
#[test]
fn a_downbeat_moves_what_stands_in_bars_and_undo_takes_it_and_the_words_back() {
    let song = song(1, 1);
    let clip = song.tracks[0].lanes[0].clips[0].id;
    let place = |song: &Session, start| {
        let to = song.tracks[0].lanes[0].id;
        let moved = apply(song, &Edit::MoveClip { clip, to, start, at: None }).unwrap().session;
        moved.clips().next().unwrap().2.span(&moved.tempo_map, moved.sample_rate).0
    };
    let words = Edit::SetLyrics { lyrics: "Ella\n\tElla".into() };
    let edits = [Edit::SetDownbeat { at: -4_321 }, words];
    let applied = apply_all(&song, &edits).unwrap();
    assert!(applied.touched.tempo && applied.touched.about && !applied.touched.transport);
    let after = &applied.session;
    assert_eq!((after.tempo_map.downbeat, &*after.lyrics), (-4_321, "Ella\n\tElla"));
    assert_eq!(place(after, Position::Ticks(1_920)), place(&song, Position::Ticks(1_920)) - 4_321);
    assert_eq!(place(after, Position::Samples(7)), 7);
    assert_eq!(apply_all(after, &applied.inverses).unwrap().session, song);
}

/// Seen red: with `\r` alone dropped, lines of an old Mac run together.
#[test]
fn any_text_becomes_lyrics() {
    assert_eq!(&*Session::tidy_lyrics("a\r\nb\rc\n\td\u{7}\0"), "a\nb\nc\n\td");
    let long = Session::tidy_lyrics(&"é".repeat(40_000));
    assert_eq!(long.len(), Session::MOST_LYRICS);
    let with = |lyrics| apply(&empty_song(), &Edit::SetLyrics { lyrics });
    assert!(with(long).is_ok() && with(Session::tidy_lyrics("\u{85}\u{9f}la")).is_ok());
}

/// A loop of mixed units could be turned round by a change of tempo. Seen red: with the two compared as samples.
#[test]
fn a_loop_has_both_ends_in_one_unit_and_in_order() {
    let song = empty_song();
    let set = |on, start, end| apply(&song, &Edit::SetLoop { range: LoopRange { on, start, end } });
    assert!(set(true, Position::Samples(0), Position::Ticks(1_920)).is_err());
    assert!(set(true, Position::Ticks(5), Position::Ticks(5)).is_err());
    assert!(set(true, Position::Samples(0), Position::Samples(POSITION_LIMIT + 1)).is_err());
    assert!(set(false, Position::Ticks(5), Position::Ticks(5)).is_ok());
    assert!(set(true, Position::Ticks(5), Position::Ticks(6)).is_ok());
}

/// Seen red: with the check left out of `relink_media`.
#[test]
fn a_media_file_name_is_one_path_component() {
    let song = song(1, 0);
    for bad in ["", ".", "..", "../x.wav", "a/b.wav", "a\\b.wav", "a\0b", "line\nbreak", &"x".repeat(201)] {
        let add = Edit::AddMedia { media: Media { file: bad.to_owned(), ..media(5) } };
        assert!(matches!(refused(&song, &add), EditError::Breaks(Violation::FileName(_))), "{bad:?}");
        let relink = Edit::RelinkMedia { media: MediaId::from_u128(100), file: bad.to_owned(), hash: None };
        assert!(matches!(refused(&song, &relink), EditError::Breaks(Violation::FileName(_))), "{bad:?}");
    }
    let good = Edit::AddMedia { media: Media { file: "项目 🎵 ..wav".to_owned(), ..media(5) } };
    assert!(apply(&song, &good).is_ok());
}

/// Seen red: with the places counted from 1.
#[test]
fn an_error_says_what_to_do() {
    let song = song(1, 1);
    let gone = refused(&song, &Edit::RemoveTrack { track: TrackId::from_u128(3) }).to_string();
    assert!(gone.contains("00000000-0000-0000-0000-000000000003") && gone.contains("info SONG"), "{gone}");
    let far = refused(&song, &Edit::MoveTrack { track: track_id(1), to: 9 }).to_string();
    assert!(far.contains("give 0 to 0"), "{far}");
}

//! Where a take lands.

use dawg_session::{CaptureId, MediaId, Name, Onward, Segment, TrackId, TransportLog};

use super::*;

fn row(latency: i64, segments: Vec<Segment>, frames: i64) -> CaptureRow {
    CaptureRow {
        id: CaptureId::from_u128(1),
        track: TrackId::from_u128(2),
        media: MediaId::from_u128(3),
        file: "take.wav".to_owned(),
        name: Name::new("Take").unwrap(),
        rate: 48_000,
        channels: 1,
        started_ms: 0,
        latency,
        record_from: Some(1_000),
        record_to: Some(3_000),
        log: TransportLog { segments, punches: None, onward: Onward::Stopped },
        frames,
    }
}

fn windows(row: &CaptureRow) -> Vec<Window> {
    passes(row).into_iter().flat_map(|pass| pass.windows).collect()
}

fn rolled(capture_frame: i64, song_position: i64, length: i64) -> Segment {
    Segment { capture_frame, song_position, length }
}

// Seen red: with `− row.latency` the window starts two round trips early.
#[test]
fn a_take_starts_one_round_trip_into_its_file() {
    let row = row(777, vec![rolled(0, 1_000, 2_300)], 3_077);
    assert_eq!(windows(&row), [Window { start: 1_000, offset: 777, length: 2_000 }]);
}

// Seen red: without `.min(row.frames − offset)` the clip reaches beyond its file and `check` refuses it.
#[test]
fn a_capture_that_was_cut_short_gives_what_is_there() {
    let row = row(777, vec![rolled(500, 1_000, 2_300)], 1_500);
    assert_eq!(windows(&row), [Window { start: 1_000, offset: 1_277, length: 223 }]);
}

// Seen red: with `record_from` ignored the count-in and pre-roll are part of the take.
#[test]
fn what_was_sung_before_the_range_stays_outside_the_window_but_in_the_file() {
    let row = row(0, vec![rolled(4_800, 0, 10_000)], 14_800);
    assert_eq!(windows(&row), [Window { start: 1_000, offset: 5_800, length: 2_000 }]);
}

#[test]
fn a_negative_latency_cuts_what_was_never_captured() {
    let row = row(-100, vec![rolled(0, 1_000, 2_000)], 2_000);
    assert_eq!(windows(&row), [Window { start: 1_100, offset: 0, length: 1_900 }]);
}

#[test]
fn nothing_captured_changes_nothing() {
    let session = Session::new(
        dawg_session::SongId::from_u128(9),
        Name::new("Song").unwrap(),
        48_000,
        dawg_session::Tempo::DEFAULT,
    );
    let takes = edits(&session, &row(777, vec![rolled(0, 1_000, 500)], 700)).unwrap();
    assert_eq!(takes, TakeEdits::default());
}

// Seen red: without the new track, `AddClip` is refused and the take would be lost.
#[test]
fn a_take_whose_track_was_deleted_gets_a_track() {
    let session = Session::new(
        dawg_session::SongId::from_u128(9),
        Name::new("Song").unwrap(),
        48_000,
        dawg_session::Tempo::DEFAULT,
    );
    let takes = edits(&session, &row(0, vec![rolled(0, 1_000, 500)], 700)).unwrap();
    let after = dawg_session::apply_all(&session, &takes.edits).unwrap().session;
    assert_eq!((after.tracks.len(), after.tracks[0].lanes.len(), takes.clips.len()), (1, 1, 1));
    after.check().unwrap();
}

fn song(track: Option<Track>) -> Session {
    let name = Name::new("Song").unwrap();
    let session =
        Session::new(dawg_session::SongId::from_u128(9), name, 48_000, dawg_session::Tempo::DEFAULT);
    let edits: Vec<Edit> = track.into_iter().map(|track| Edit::AddTrack { track, at: 0 }).collect();
    dawg_session::apply_all(&session, &edits).unwrap().session
}

fn voice(layout: Layout) -> Track {
    let lane = Lane::new(LaneId::from_u128(20), Name::new("Voice").unwrap());
    Track::with_lane(TrackId::from_u128(2), Name::new("Voice").unwrap(), layout, lane)
}

fn recorded(session: &Session, row: &CaptureRow) -> (Session, TakeEdits) {
    let takes = edits(session, row).unwrap();
    let after = dawg_session::apply_all(session, &takes.edits).unwrap().session;
    after.check().unwrap();
    (after, takes)
}

// Seen red: with the passes heard in the order that they have as lanes, the oldest is heard.
#[test]
fn each_pass_is_a_lane_the_newest_on_top_and_heard() {
    let mut row =
        row(10, vec![rolled(0, 1_000, 500), rolled(500, 1_000, 500), rolled(1_000, 1_000, 200)], 1_210);
    row.started_ms = 7_000;
    let (after, takes) = recorded(&song(Some(voice(Layout::MONO))), &row);
    let track = &after.tracks[0];
    let names: Vec<&str> = track.lanes.iter().map(|lane| lane.name.as_str()).collect();
    assert_eq!(names, ["Take 3", "Take 2", "Take 1"]);
    assert_eq!(track.lanes.iter().rev().map(|lane| lane.id).collect::<Vec<_>>(), takes.lanes);
    assert_eq!(track.lanes[0].take, Some(Take { number: 3, at_ms: 7_020 }));
    assert!(track.shows_lanes, "a second take is shown");
    let heard = dawg_session::resolve(&after, track);
    let clip = |take: usize| track.lanes[3 - take].clips[0].id;
    let half = heard.iter().map(|piece| piece.clip).collect::<Vec<_>>();
    assert_eq!(half, [clip(3), clip(2)], "the last pass as far as it goes, then the one before");
}

// Seen red: with numbers from 1 for each roll; with new lanes below those that were there.
#[test]
fn a_second_roll_counts_on_and_hides_nothing_again() {
    let (after, _) = recorded(&song(Some(voice(Layout::MONO))), &row(0, vec![rolled(0, 1_000, 500)], 500));
    assert!(!after.tracks[0].shows_lanes, "one take needs no lanes");
    let again =
        |media| CaptureRow { media: MediaId::from_u128(media), ..row(0, vec![rolled(0, 1_200, 500)], 500) };
    let (after, _) = recorded(&after, &again(40));
    let track = after.tracks[0].id;
    assert!(after.tracks[0].shows_lanes);
    let hidden = [Edit::SetTrackShowsLanes { track, shows: false }];
    let after = dawg_session::apply_all(&after, &hidden).unwrap().session;
    let (after, _) = recorded(&after, &again(41));
    assert_eq!(after.tracks[0].lanes[0].name.as_str(), "Take 3");
    assert!(!after.tracks[0].shows_lanes, "who has hidden them wants them hidden");
}

// Seen red: with a lane a punch.
#[test]
fn the_punches_of_a_pass_lie_on_its_lane() {
    let mut row = row(100, vec![rolled(0, 1_000, 1_000), rolled(1_000, 1_000, 1_000)], 2_100);
    let punch = |from, to| Punched { from, to: Some(to) };
    row.log.punches = Some(vec![punch(0, 50), punch(300, 400), punch(900, 1_200)]);
    let (after, takes) = recorded(&song(Some(voice(Layout::MONO))), &row);
    assert_eq!((takes.lanes.len(), takes.clips.len()), (2, 4));
    let of = |lane: usize| {
        let clips = after.tracks[0].lanes[lane].clips.iter();
        clips.map(|clip| (clip.start, clip.offset.0, clip.length.0)).collect::<Vec<_>>()
    };
    let at = Position::Samples;
    assert_eq!(of(1), [(at(1_000), 100, 50), (at(1_300), 400, 100), (at(1_900), 1_000, 100)]);
    assert_eq!(of(0), [(at(1_000), 1_100, 200)]);
}

// Seen red: with the clip picking the channels that were recorded, a mono track refuses what was sung in stereo.
#[test]
fn a_take_lands_on_a_track_that_has_changed_meanwhile() {
    let mut stereo = row(0, vec![rolled(0, 1_000, 500)], 500);
    stereo.channels = 2;
    let (after, _) = recorded(&song(Some(voice(Layout::MONO))), &stereo);
    assert_eq!(after.tracks[0].lanes[0].clips.len(), 1);
    let (after, _) = recorded(&song(Some(voice(Layout::STEREO))), &row(0, vec![rolled(0, 1_000, 500)], 500));
    assert_eq!(after.tracks[0].lanes[0].clips.len(), 1);
}

proptest::proptest! {
    // Seen red: with a plain subtraction a damaged row overflows.
    #[test]
    fn no_row_from_a_disk_is_too_odd(
        at in proptest::prelude::any::<[i64; 3]>(),
        latency: i64,
        frames: i64,
        range: (Option<i64>, Option<i64>),
        punch: (i64, Option<i64>),
    ) {
        let mut row = row(latency, vec![rolled(at[0], at[1], at[2])], frames);
        (row.record_from, row.record_to) = range;
        row.log.punches = Some(vec![Punched { from: punch.0, to: punch.1 }]);
        for window in passes(&row).iter().flat_map(|pass| &pass.windows) {
            proptest::prop_assert!(window.length > 0 && window.offset >= 0);
            proptest::prop_assert!(window.offset.saturating_add(window.length) <= frames);
        }
        let _ = edits(&song(None), &row);
    }
}

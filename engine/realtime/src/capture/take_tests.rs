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

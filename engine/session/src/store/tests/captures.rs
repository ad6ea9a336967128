use super::*;
use crate::testing::{media, track_id};

fn capture(id: u128) -> CaptureRow {
    CaptureRow {
        id: CaptureId::from_u128(id),
        track: track_id(1),
        media: MediaId::from_u128(id + 500),
        file: "take 1.wav".to_owned(),
        name: name("Take 1"),
        rate: 48_000,
        channels: 1,
        started_ms: 1_700_000_000_000 + id as i64,
        latency: -3,
        record_from: None,
        record_to: Some(96_000),
        log: TransportLog::default(),
        frames: 0,
    }
}

fn finishing(opened: &mut Opened) -> Row {
    let take = Edit::AddMedia { media: media(501) };
    opened.document.commit(transaction("Record take", vec![take]), 0).unwrap()
}

/// Seen red: with `extend` writing the frames alone.
#[test]
fn a_running_capture_is_found_again_as_far_as_it_had_come() {
    let (place, opened) = Place::with_song();
    let log = TransportLog {
        segments: vec![Segment { capture_frame: 0, song_position: 480, length: 12_000 }],
        punches: Some(vec![Punched { from: 10, to: Some(20) }, Punched { from: 30, to: None }]),
        onward: Onward::Looping(480, 48_000),
    };
    opened.store.begin_capture(capture(1)).wait().unwrap();
    opened.store.begin_capture(capture(2)).wait().unwrap();
    opened.store.extend_capture(CaptureId::from_u128(1), 12_000, log.clone()).wait().unwrap();
    let elsewhere = place.root.path().join("crash.dawg");
    copy_folder(&place.song, &elsewhere); // as a crash leaves it: log and all
    drop(opened);
    let found = Store::open(&elsewhere, Access::Write).unwrap().unfinished;
    assert_eq!(found, [CaptureRow { frames: 12_000, log, ..capture(1) }, capture(2)]);
}

/// Seen red: with the captures finished by a COMMIT of their own.
#[test]
fn a_capture_is_finished_with_its_take_or_not_at_all() {
    let (place, mut opened) = Place::with_song();
    let id = CaptureId::from_u128(1);
    opened.store.begin_capture(capture(1)).wait().unwrap();
    let row = finishing(&mut opened);
    let unknown = CaptureId::from_u128(77);
    let both = opened.store.finish_captures(vec![id, unknown], Some(row.clone()));
    assert_eq!(both.wait(), Err(StoreError::NoCapture(unknown)));
    assert_eq!((opened.store.saved(), place.count("SELECT count(*) FROM journal")), (0, 0));
    let wrong = Row { seq: 9, ..row.clone() };
    assert!(opened.store.finish_captures(vec![id], Some(wrong)).wait().is_err());
    assert_eq!(place.count("SELECT count(*) FROM captures WHERE state = 'running'"), 1);
    opened.store.finish_captures(vec![id], Some(row)).wait().unwrap();
    drop(opened);
    let opened = place.open();
    assert!(opened.unfinished.is_empty());
    assert!(opened.document.session().media.contains_key(&MediaId::from_u128(501)));
}

/// Seen red: with the list of segments not tried, such a row counts as damaged.
#[test]
fn a_log_from_before_there_were_punches_is_read() {
    let (place, opened) = Place::with_song();
    opened.store.begin_capture(capture(1)).wait().unwrap();
    opened.store.close().unwrap();
    place.sql(r#"UPDATE captures SET log = '[{"capture_frame":5,"song_position":480,"length":700}]'"#);
    let segments = vec![Segment { capture_frame: 5, song_position: 480, length: 700 }];
    let log = TransportLog { segments, punches: None, onward: Onward::Rolling };
    assert_eq!(place.open().unfinished, [CaptureRow { log, ..capture(1) }]);
}

/// Seen red: with nothing marked.
#[test]
fn a_capture_that_came_to_nothing_is_finished_without_a_take() {
    let (place, opened) = Place::with_song();
    opened.store.begin_capture(capture(1)).wait().unwrap();
    opened.store.finish_captures(vec![CaptureId::from_u128(1)], None).wait().unwrap();
    let extended = opened.store.extend_capture(CaptureId::from_u128(3), 1, TransportLog::default()).wait();
    assert_eq!(extended, Err(StoreError::NoCapture(CaptureId::from_u128(3))));
    opened.store.close().unwrap();
    assert!(place.open().unfinished.is_empty());
}

/// Seen red: with the row passed over.
#[test]
fn a_capture_row_that_cannot_be_read_is_counted() {
    let (place, opened) = Place::with_song();
    opened.store.begin_capture(capture(1)).wait().unwrap();
    opened.store.begin_capture(capture(2)).wait().unwrap();
    opened.store.close().unwrap();
    place.sql("UPDATE captures SET log = 'rubbish' WHERE started_ms = 1700000000001");
    let opened = place.open();
    assert_eq!((opened.unfinished.len(), opened.report.damaged_captures), (1, 1));
    assert!(opened.report.messages()[0].contains("audio folder"));
}

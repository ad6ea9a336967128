//! How an interrupted log goes on to the end of its file.

use dawg_session::{MediaId, Name, Punched, TrackId, TransportLog};

use super::*;

fn row(onward: Onward, frames: i64) -> CaptureRow {
    let segments = vec![Segment { capture_frame: 100, song_position: 5_000, length: 300 }];
    CaptureRow {
        id: CaptureId::from_u128(1),
        track: TrackId::from_u128(2),
        media: MediaId::from_u128(3),
        file: "take.wav".to_owned(),
        name: Name::new("Voice").unwrap(),
        rate: 48_000,
        channels: 1,
        started_ms: 0,
        latency: 0,
        record_from: None,
        record_to: None,
        log: TransportLog { segments, punches: None, onward },
        frames,
    }
}

fn lengths(mut row: CaptureRow) -> Vec<(i64, i64, i64)> {
    go_on(&mut row);
    row.log.segments.iter().map(|at| (at.capture_frame, at.song_position, at.length)).collect()
}

// Seen red: without the turns that came after the last line, the first pass is as long as all of them.
#[test]
fn a_loop_went_round_after_the_log_was_written_last() {
    let looping = Onward::Looping(4_000, 6_000);
    assert_eq!(lengths(row(looping, 600)), [(100, 5_000, 500)]);
    assert_eq!(lengths(row(looping, 1_100)), [(100, 5_000, 1_000)]);
    let turned = [(100, 5_000, 1_000), (1_100, 4_000, 2_000), (3_100, 4_000, 900)];
    assert_eq!(lengths(row(looping, 4_000)), turned);
}

// Seen red: with `Onward::Stopped` not told from rolling.
#[test]
fn a_song_that_stood_still_did_not_go_on_and_one_that_rolled_did() {
    assert_eq!(lengths(row(Onward::Stopped, 9_000)), [(100, 5_000, 300)]);
    assert_eq!(lengths(row(Onward::Rolling, 9_000)), [(100, 5_000, 8_900)]);
    assert_eq!(lengths(row(Onward::Looping(0, 5_000), 9_000)), [(100, 5_000, 8_900)], "past the loop");
    assert_eq!(lengths(row(Onward::Rolling, 0)), [(100, 5_000, 300)]);
}

// Seen red: with plain arithmetic it overflows.
#[test]
fn a_damaged_log_is_no_reason_to_hang() {
    for onward in [Onward::Looping(4_999, 5_001), Onward::Looping(i64::MIN, i64::MAX), Onward::Looping(9, 3)]
    {
        let mut damaged = row(onward, i64::MAX);
        go_on(&mut damaged);
        assert!(damaged.log.segments.len() < 2_000);
        let _ = take::passes(&damaged);
    }
}

fn interrupted(punches: Option<Vec<Punched>>, known: i64, there: usize) -> (Recovered, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut file = dawg_media::capture::CaptureFile::create(
        &folder.path().join("take.wav"),
        dawg_media::capture::CaptureSpec {
            sample_rate: 48_000,
            channels: 1,
            format: dawg_media::wav::SampleFormat::Int24,
            time_reference: 0,
            description: String::new(),
        },
    )
    .unwrap();
    file.append_interleaved(&vec![0.25; there]).unwrap();
    file.finish().unwrap();
    let mut row = row(Onward::Rolling, known);
    row.log.punches = punches;
    let name = Name::new("Song").unwrap();
    let song = dawg_session::SongId::from_u128(9);
    let session = Session::new(song, name, 48_000, dawg_session::Tempo::DEFAULT);
    (recover(&session, folder.path(), vec![row]), folder)
}

// Seen red: with the file's length not asked, a file that holds seconds nobody has read the log of would go.
#[test]
fn only_what_surely_nobody_wanted_is_given_up() {
    let (recovered, _folder) = interrupted(Some(Vec::new()), 40_000, 48_000);
    assert_eq!((recovered.unwanted.len(), recovered.finished.len()), (1, 1));
    assert!(recovered.notices.is_empty() && recovered.edits.is_empty());
    let (recovered, _folder) = interrupted(Some(Vec::new()), 40_000, 100_000);
    assert_eq!((recovered.unwanted.len(), recovered.finished.len()), (0, 1));
    assert!(recovered.notices[0].contains("take.wav"), "{:?}", recovered.notices);
}

// Seen red: with an open punch read as one of no length the running take is lost.
#[test]
fn what_was_still_punched_in_is_kept_to_the_end() {
    let punches = vec![Punched { from: 200, to: Some(300) }, Punched { from: 1_000, to: None }];
    let (recovered, _folder) = interrupted(Some(punches), 1_200, 5_000);
    let windows: Vec<(i64, i64)> = recovered
        .edits
        .iter()
        .filter_map(|edit| match edit {
            Edit::AddLane { lane, .. } => Some(lane.clips.iter().map(|clip| (clip.offset.0, clip.length.0))),
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(windows, [(200, 100), (1_000, 4_000)]);
}

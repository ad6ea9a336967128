//! The song that is open in the window: gestures, history, and what the disk refuses.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::time::{Duration, Instant};

use ai_dawg::song::OpenSong;
use ai_dawg::studio::work::{SaveState, Stepped, Work};
use dawg_session::{Access, Edit, Name, Session, SongId, Tempo};
use dawg_tests::SmallDisk;

fn song(folder: &std::path::Path) -> Work {
    let session = Session::new(SongId::fresh(), Name::new("s").unwrap(), 48_000, Tempo::DEFAULT);
    Work::of(OpenSong::create(folder, &session).unwrap()).0
}

fn tempo(bpm: f64) -> Edit {
    Edit::SetTempo { tempo: Tempo::from_bpm(bpm).unwrap() }
}

fn lyrics(length: usize) -> Edit {
    Edit::SetLyrics { lyrics: "la ".repeat(length / 3).into() }
}

/// Looks at the tickets as a window does, until the save state is as wanted.
#[track_caller]
fn until(work: &mut Work, wanted: impl Fn(&SaveState) -> bool) {
    let start = Instant::now();
    while !wanted(&work.save_state()) {
        assert!(start.elapsed() < Duration::from_secs(20), "still {:?}", work.save_state());
        work.poll();
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// Seen red: with the preview kept on commit, what is shown stays at 95.
#[test]
fn a_gesture_is_shown_and_becomes_one_step_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut work = song(&folder.path().join("s.dawg"));
    let bpm = |work: &Work| work.session().tempo_map.tempo_at(0).bpm();
    work.preview(&[tempo(90.0)]).unwrap();
    work.preview(&[tempo(95.0)]).unwrap();
    assert_eq!((bpm(&work), work.committed().tempo_map.tempo_at(0)), (95.0, Tempo::DEFAULT));
    assert!(work.cancel_preview() && !work.cancel_preview());
    assert_eq!((bpm(&work), work.document().last_seq()), (120.0, 0));
    work.preview(&[tempo(95.0)]).unwrap();
    work.commit("Tempo", vec![tempo(100.0)]).unwrap();
    assert_eq!((bpm(&work), work.document().last_seq()), (100.0, 1));
    assert_eq!(work.undo().unwrap(), Stepped::Done("Tempo".to_owned()));
    assert_eq!(bpm(&work), 120.0);
    until(&mut work, |state| *state == SaveState::Saved);
}

/// What the disk refuses is told, kept, and saved once there is room: also edits made meanwhile.
///
/// Seen red: with only the first refused row sent again, the song is called saved and the last tempo is lost.
#[test]
fn a_full_disk_is_told_and_nothing_is_lost() {
    let disk = SmallDisk::mount(16 << 20);
    let folder = disk.path().join("s.dawg");
    let mut work = song(&folder);
    let ballast = disk.fill();
    for _ in 0..12 {
        work.commit("Lyrics", vec![lyrics(60_000)]).unwrap();
        work.commit("No lyrics", vec![lyrics(0)]).unwrap();
    }
    until(&mut work, |state| matches!(state, SaveState::Failed(why) if why.contains("full")));
    work.commit("Tempo", vec![tempo(77.0)]).unwrap();
    std::fs::remove_file(&ballast).unwrap();
    work.save_again();
    until(&mut work, |state| *state == SaveState::Saved);
    let seq = work.document().last_seq();
    drop(work);
    let reopened = OpenSong::open(&folder, Access::Write).unwrap();
    assert_eq!(reopened.document().last_seq(), seq);
    assert_eq!(reopened.session().tempo_map.tempo_at(0), Tempo::from_bpm(77.0).unwrap());
}

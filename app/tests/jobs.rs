//! What the window's workers do with songs and files, and what is left when it goes wrong.
#![allow(clippy::panic, reason = "tests")]
#![allow(clippy::disallowed_methods, reason = "a slow disk is played by a pause")]

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::intake::{Landed, place};
use ai_dawg::jobs::listing::{EntryKind, Listing};
use ai_dawg::jobs::{Jobs, Listed, Outcome, Refusal, files, preferences, songs};
use ai_dawg::song::OpenSong;
use ai_dawg::studio::action::{ExportWish, ImportWish};
use ai_dawg::studio::preferences::{Preferences, TextScale};
use ai_dawg::studio::work::{SaveState, Stepped, Work};
use common::{names, program, with_song, write_noise};
use dawg_engine::export::Range;
use dawg_media::Progress;
use dawg_media::encode::Kind;
use dawg_media::wav::SampleFormat;
use dawg_session::{
    Access, Comp, CompId, Edit, FadeShape, Joint, Name, Pick, Plays, Position, Session, SongId, Tempo,
    resolve,
};
use dawg_tests::{Program, SmallDisk};

#[track_caller]
fn opened(outcome: Outcome) -> OpenSong {
    let Outcome::Opened(song) = outcome else { panic!("{outcome:?}") };
    *song
}

#[track_caller]
fn failed(outcome: Outcome) -> (String, String) {
    let Outcome::Failed { title, error, .. } = outcome else { panic!("{outcome:?}") };
    (title, format!("{error:#}"))
}

fn open(program: &Program) -> OpenSong {
    opened(songs::open(program.path("s.dawg"), Access::Write))
}

fn wish(files: Vec<PathBuf>) -> ImportWish {
    ImportWish { files, at: Position::START, track: None, repair: false }
}

fn import(program: &Program, wish: ImportWish) -> (Vec<Landed>, Vec<Refusal>) {
    let outcome = files::import(program.path("s.dawg"), 48_000, wish, &Progress::new());
    let Outcome::Landed { intake, refused, .. } = outcome else { panic!("{outcome:?}") };
    (intake.keep(), refused)
}

/// Seen red: with the first file's error returned, nothing lands; without the look for `song.db`, the song is called
/// a folder without audio.
#[test]
fn what_is_sound_lands_and_the_rest_is_told() {
    let program = with_song();
    std::fs::create_dir_all(program.path("takes/inner")).unwrap();
    for name in
        ["takes/Take 10.wav", "takes/take 2.WAV", "takes/inner/no.wav", "takes/.hidden.wav", "good.wav"]
    {
        write_noise(&program, name, 48_000, 1, 1_000);
    }
    std::fs::write(program.path("takes/words.txt"), "la").unwrap();
    std::fs::create_dir(program.path("none")).unwrap();
    let bytes = std::fs::read(program.path("good.wav")).unwrap();
    std::fs::write(program.path("cut.wav"), &bytes[..bytes.len() / 2]).unwrap();
    std::fs::write(program.path("words.wav"), "la la la, but long enough to be looked at").unwrap();
    let dropped = ["cut.wav", "good.wav", "words.wav", "takes", "s.dawg", "none", "gone.wav"];
    let (landed, refused) = import(&program, wish(dropped.map(|name| program.path(name)).to_vec()));
    let came: Vec<&str> = landed.iter().map(|landed| landed.media.name.as_str()).collect();
    assert_eq!(came, ["good", "take 2", "Take 10"]);
    let said: Vec<&str> = refused.iter().map(|refusal| refusal.why.as_str()).collect();
    let expected =
        ["This is a song", "no audio files in this folder", "cut off", "not a kind", "no such file"];
    for (said, expected) in said.iter().zip(expected) {
        assert!(said.contains(expected), "{said}");
    }
    assert_eq!(said.len(), 5);
    // Repair is offered where something of the file can be had.
    let partly: Vec<bool> = refused.iter().map(|refusal| refusal.partly).collect();
    assert_eq!(partly, [false, false, true, false, false]);
    assert_eq!(names(&program, "s.dawg/audio").len(), 3, "nothing of the others is left");
}

/// Seen red: with each part's progress counted from 0, the bar goes back with each file; without the looks for a
/// cancel, what came before it lands.
#[test]
fn an_import_counts_all_files_together_and_a_cancel_leaves_nothing() {
    let program = with_song();
    let paths: Vec<PathBuf> = (0..8).map(|n| program.path(format!("{n}.wav"))).collect();
    for n in 0..8 {
        write_noise(&program, &format!("{n}.wav"), 44_100, 2, 60_000);
    }
    let (progress, mut seen) = (Arc::new(Progress::new()), vec![0.0]);
    let folder = program.path("s.dawg");
    let work = {
        let (progress, wish) = (Arc::clone(&progress), wish(paths));
        std::thread::spawn(move || files::import(folder, 48_000, wish, &progress))
    };
    while !work.is_finished() {
        let fraction = progress.fraction().unwrap_or(0.0);
        seen.push(fraction);
        if fraction > 0.4 {
            progress.cancel();
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(seen.is_sorted(), "{seen:?}");
    let outcome = work.join().unwrap();
    assert!(matches!(outcome, Outcome::Cancelled), "{outcome:?}");
    assert_eq!((names(&program, "s.dawg/audio"), names(&program, "s.dawg/peaks")), (vec![], vec![]));
}

/// Seen red: with `wish.at` for every file of one track, they lie on top of each other.
#[test]
fn files_are_placed_as_wished_in_one_step() {
    let program = with_song();
    let mut song = open(&program);
    for (name, channels) in [("mono.wav", 1), ("stereo.wav", 2)] {
        write_noise(&program, name, 48_000, channels, 1_000);
    }
    let mut wish = wish(vec![program.path("mono.wav"), program.path("stereo.wav")]);
    wish.at = Position::Samples(500);
    let (landed, _) = import(&program, wish.clone());
    let placed = place(song.session(), &landed, &wish);
    song.commit("Import", placed.edits).unwrap();
    let layouts: Vec<u16> = song.session().tracks.iter().map(|track| track.layout.channels()).collect();
    assert_eq!(
        (layouts, placed.clips.len(), placed.track),
        (vec![1, 2], 2, Some(song.session().tracks[0].id))
    );
    assert!(song.session().clips().all(|(_, _, clip)| clip.start == wish.at));

    // Onto the mono track, one after the other: a stereo file too.
    wish.track = placed.track;
    let (landed, _) = import(&program, wish.clone());
    let placed = place(song.session(), &landed, &wish);
    song.commit("Import", placed.edits).unwrap();
    let starts: Vec<Position> =
        song.session().tracks[0].lanes[0].clips.iter().map(|clip| clip.start).collect();
    assert_eq!(starts[1..], [Position::Samples(500), Position::Samples(1_500)]);
    assert_eq!(song.session().tracks.len(), 2);
}

/// Seen red: without the look for the name, the second song is made inside somebody's empty folder; without
/// `make_folders`, a first start without a music folder makes no song.
#[test]
fn a_new_song_gets_its_folders_and_an_untitled_one_a_free_name() {
    let program = program();
    let folder = program.path("Music/AI DAWG");
    for expected in ["Untitled.dawg", "Untitled 2.dawg"] {
        let song = opened(songs::untitled(&folder));
        assert_eq!((song.folder(), song.session().name.as_str()), (&*folder.join(expected), "Untitled"));
        assert_eq!(
            (song.session().sample_rate, song.session().tempo_map.tempos[0].tempo.bpm()),
            (48_000, 120.0)
        );
    }
    std::fs::create_dir(folder.join("Untitled 3.dawg")).unwrap();
    assert!(opened(songs::untitled(&folder)).folder().ends_with("Untitled 4.dawg"));

    let session = Session::new(SongId::fresh(), Name::new("Mine").unwrap(), 44_100, Tempo::DEFAULT);
    let deep = program.path("a/b/mine.dawg");
    drop(opened(songs::create(deep.clone(), &session)));
    let again = songs::create(deep, &session);
    let Outcome::NotOpened { error, .. } = again else { panic!("{again:?}") };
    assert!(format!("{error:#}").contains("exists already"), "{error:#}");
    std::fs::write(program.path("file"), "").unwrap();
    let nowhere = songs::untitled(&program.path("file/inside"));
    let Outcome::NotOpened { error, .. } = nowhere else { panic!("{nowhere:?}") };
    assert!(format!("{error:#}").contains("choose another place"), "{error:#}");
}

/// The sound thread lets go of a song a moment after the window did.
///
/// Seen red: with the store dropped at once when someone holds it, no snapshot is written.
#[test]
fn a_song_is_closed_with_a_snapshot_when_the_last_has_let_go() {
    let program = with_song();
    let mut song = open(&program);
    song.commit("Rename", vec![Edit::SetSongName { name: Name::new("New").unwrap() }]).unwrap();
    let (work, _) = Work::of(song);
    let held = Arc::clone(work.store());
    let sound = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        drop(held);
    });
    let outcome = songs::close(program.path("s.dawg"), work.into_store());
    assert!(matches!(outcome, Outcome::Closed(_)));
    sound.join().unwrap();
    let database = rusqlite::Connection::open(program.path("s.dawg/song.db")).unwrap();
    let newest: i64 = database.query_row("SELECT max(seq) FROM snapshots", [], |row| row.get(0)).unwrap();
    assert_eq!(newest, 1);
}

/// Seen red: with `progress` not looked at between two steps of a file, the copy is made all the same.
#[test]
fn a_copy_can_be_cancelled_and_says_what_is_missing() {
    let program = with_song();
    write_noise(&program, "beat.wav", 48_000, 2, 1_000);
    write_noise(&program, "gone.wav", 48_000, 2, 1_000);
    program.run(&["import", "s.dawg", "beat.wav", "gone.wav"]).success();
    std::fs::remove_file(program.path("s.dawg/audio/gone.wav")).unwrap();
    let song = open(&program);
    let before = names(&program, ".");
    let progress = Progress::new();
    progress.cancel();
    let to = program.path("copy.dawg");
    let cancelled = songs::copy(song.store(), song.session(), to.clone(), &progress);
    assert!(matches!(cancelled, Outcome::Cancelled), "{cancelled:?}");
    assert_eq!(names(&program, "."), before);
    let copied = songs::copy(song.store(), song.session(), to.clone(), &Progress::new());
    let Outcome::Copied { note, .. } = copied else { panic!("{copied:?}") };
    assert!(note.contains("gone.wav"), "{note}");
    assert_eq!(names(&program, "copy.dawg/audio"), ["beat.wav"]);
    let twice = failed(songs::copy(song.store(), song.session(), to, &Progress::new()));
    assert!(twice.0 == "The song was not copied" && twice.1.contains("exists already"), "{twice:?}");
}

fn export(song: &OpenSong, path: &Path, progress: &Progress) -> Outcome {
    let wish = ExportWish { path: path.to_owned(), kind: Kind::Wav(SampleFormat::Int24), range: Range::Song };
    files::export(song.session(), &song.audio_folder(), &wish, progress)
}

/// Seen red: without `refuse_sources`, the mix replaces the song's own audio; without `create_dir_all`, a song whose
/// exports folder someone removed cannot be exported.
#[test]
fn an_export_makes_its_folder_spares_the_song_and_tells_of_a_full_disk() {
    let program = with_song();
    write_noise(&program, "beat.wav", 48_000, 2, 100_000);
    program.run(&["import", "s.dawg", "beat.wav"]).success();
    let song = open(&program);
    std::fs::remove_dir(song.exports_folder()).unwrap();
    let whole = export(&song, &song.exports_folder().join("mix.wav"), &Progress::new());
    assert!(matches!(&whole, Outcome::Exported(made) if made.path.is_file()), "{whole:?}");

    let own = failed(export(&song, &song.audio_folder().join("beat.wav"), &Progress::new()));
    assert!(own.0 == "“beat.wav” was not exported" && own.1.contains("own audio files"), "{own:?}");
    let disk = SmallDisk::mount(300 << 10);
    let full = failed(export(&song, &disk.path().join("mix.wav"), &Progress::new()));
    assert!(full.1.contains("the disk is full"), "{full:?}");
    let progress = Progress::new();
    progress.cancel();
    let cancelled = export(&song, &disk.path().join("mix.wav"), &progress);
    assert!(matches!(cancelled, Outcome::Cancelled), "{cancelled:?}");
    assert_eq!(std::fs::read_dir(disk.path()).unwrap().count(), 0);
    std::fs::remove_file(song.audio_folder().join("beat.wav")).unwrap();
    let silent = failed(export(&song, &program.path("mix.wav"), &Progress::new()));
    assert!(silent.1.contains("audio is missing: beat.wav"), "{silent:?}");
}

fn listing(folder: &Path) -> Listing {
    let Outcome::Listed(listing) = files::list(folder.to_owned()) else { panic!("no listing") };
    listing
}

/// Seen red: without the sorting; with names compared as text.
#[test]
fn the_browser_lists_what_can_be_used_in_the_order_people_expect() {
    let program = with_song();
    std::fs::create_dir(program.path("zoo")).unwrap();
    for name in ["b.txt", "Beat 10.ogg", "beat 9.FLAC", "beat 010.mp3", ".hidden.wav", "ä.m4a"] {
        std::fs::write(program.path(name), "").unwrap();
    }
    let found = listing(&program.path("."));
    let lines: Vec<(EntryKind, &str)> =
        found.entries.iter().map(|entry| (entry.kind, entry.name.as_str())).collect();
    let audio = ["beat 9.FLAC", "beat 010.mp3", "Beat 10.ogg", "ä.m4a"].map(|name| (EntryKind::Audio, name));
    assert_eq!(lines[..2], [(EntryKind::Folder, "zoo"), (EntryKind::Song, "s.dawg")]);
    assert_eq!(lines[2..], audio);
    let gone = listing(&program.path("gone"));
    assert!(gone.entries.is_empty() && gone.error.unwrap().contains("not there any more"));
}

/// Seen red: with `is_newest` always true, the size of the first save comes back; with the broken file overwritten.
#[test]
fn the_newest_preferences_stay_and_broken_ones_are_set_aside() {
    let program = program();
    let folder = program.path("data");
    let sized = |size| Preferences { text_scale: TextScale(size), toured: true, ..Preferences::default() };
    assert_eq!(files::load_preferences(&folder), Preferences::default());
    let (first, second) = (preferences::turn(&folder), preferences::turn(&folder));
    for (size, turn) in [(2.0, second), (1.0, first)] {
        let saved = files::save_preferences(&folder, &sized(size), turn);
        assert!(matches!(saved, Outcome::Nothing), "{saved:?}");
    }
    assert_eq!(files::load_preferences(&folder), sized(2.0));
    assert_eq!(names(&program, "data"), ["preferences.json"]);

    let path = folder.join("preferences.json");
    std::fs::write(&path, r#"{"theme": "of a later version", "toured": true, "later": 1}"#).unwrap();
    assert!(files::load_preferences(&folder).toured, "one field must not cost the others");
    std::fs::write(&path, "{ broken").unwrap();
    assert_eq!(files::load_preferences(&folder), Preferences::default());
    assert_eq!(names(&program, "data"), ["preferences.json.broken"]);
}

/// Steps of a song's last visit are not in memory. The store thread is busy here: another program keeps the
/// database, so that a row cannot be written, and whoever asked the store would wait.
///
/// Seen red: with `Work::turn` asking the document at once, the second undo takes as long as the other program.
#[test]
fn an_old_undo_never_waits_for_the_disk() {
    let program = with_song();
    let mut song = open(&program);
    let rename = |n: i32| vec![Edit::SetSongName { name: Name::new(&n.to_string()).unwrap() }];
    for n in 1..=40 {
        song.commit("Rename", rename(n)).unwrap();
    }
    song.close().unwrap();
    let (mut work, _) = Work::of(open(&program));
    let other = rusqlite::Connection::open(program.path("s.dawg/song.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    work.commit("Rename", rename(99)).unwrap();
    let start = Instant::now();
    assert_eq!(work.undo(), Ok(Stepped::Done("Rename".to_owned())));
    for _ in 0..39 {
        assert_eq!(work.undo(), Ok(Stepped::Later));
    }
    assert!(start.elapsed() < Duration::from_millis(50), "{:?}", start.elapsed());
    assert!(work.next_look().is_some_and(|due| due < Duration::from_millis(50)));
    other.execute_batch("ROLLBACK").unwrap();
    let (mut done, start) = (0, Instant::now());
    while done < 39 && start.elapsed() < Duration::from_secs(10) {
        done += work.caught_up().into_iter().filter(|step| matches!(step, Ok(Stepped::Done(_)))).count();
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!((done, work.committed().name.as_str()), (39, "1"));
    while work.save_state() != SaveState::Saved && start.elapsed() < Duration::from_secs(10) {
        work.poll();
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(work.save_state(), SaveState::Saved);
}

/// A dialog of the system stays open as long as a person likes; the program must be able to end meanwhile.
///
/// Seen red: with all that runs counted as at work, closing waits for the dialog.
#[test]
fn an_open_dialog_does_not_keep_the_program_from_ending() {
    let mut jobs = Jobs::new(Arc::new(|| ()));
    let (answer, dialog) = std::sync::mpsc::channel::<()>();
    jobs.start("Choose", Listed::Unawaited, move |_| {
        dialog.recv().ok();
        Outcome::Cancelled
    });
    assert!(!jobs.at_work() && jobs.running().next().is_none());
    jobs.start("Close song", Listed::Hidden, |_| Outcome::Nothing);
    assert!(jobs.at_work() && jobs.running().next().is_none());
    answer.send(()).unwrap();
    let (mut ended, start) = (Vec::new(), Instant::now());
    while ended.len() < 2 && start.elapsed() < Duration::from_secs(10) {
        ended.extend(jobs.take());
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!((ended.len(), jobs.at_work(), jobs.list().len()), (2, false, 0));
}

/// Where a comp plays, what is imported onto its track lies on a lane of its own and is heard, in one step.
#[test]
fn files_on_a_track_whose_comp_plays_are_heard() {
    let program = with_song();
    let mut song = open(&program);
    write_noise(&program, "a.wav", 48_000, 1, 1_000);
    write_noise(&program, "b.wav", 48_000, 1, 500);
    let mut wish = wish(vec![program.path("a.wav"), program.path("b.wav")]);
    let (landed, _) = import(&program, wish.clone());
    song.commit("Import", place(song.session(), &landed, &wish).edits).unwrap();
    let track = song.session().tracks[0].clone();
    let (comp, lane) = (CompId::fresh(), &track.lanes[0]);
    let joint = Joint::usual(48_000, FadeShape::EqualPower);
    let picks =
        vec![Pick { start: Pick::FIRST, end: Pick::LAST, lane: lane.id, name: lane.name.clone(), joint }];
    let comp = Comp { picks, ..Comp::new(comp, lane.name.clone()) };
    let plays = Plays::Comp(comp.id);
    let edits = [Edit::AddComp { track: track.id, comp, at: 0 }, Edit::SetPlays { track: track.id, plays }];
    song.commit("Comp", edits.to_vec()).unwrap();

    wish.track = Some(track.id);
    wish.at = Position::Samples(2_000);
    let (landed, _) = import(&program, wish.clone());
    let placed = place(song.session(), &landed, &wish);
    song.commit("Import", placed.edits).unwrap();
    let session = song.session();
    let heard = resolve(session, &session.tracks[0]);
    assert!(placed.clips.iter().all(|id| heard.iter().any(|piece| piece.clip == *id)), "{heard:?}");
    let lanes = &session.tracks[0].lanes;
    assert_eq!(
        (session.tracks.len(), lanes.len(), lanes[1].clips.len(), lanes[1].name.as_str()),
        (2, 2, 2, "a")
    );
}

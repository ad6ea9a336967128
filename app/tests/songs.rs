//! Making and opening songs: every name that a person may type, and every folder that is not what it should be.

mod common;

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use common::{info, names, program, sql, with_song};
use dawg_session::{Access, Store};
use dawg_tests::SmallDisk;

/// Seen red: `song_name` without `strip_suffix` calls the song “项目 🎵.dawg”.
#[test]
fn a_song_is_called_as_its_folder() {
    let program = program();
    let made = program.run(&["new", "项目 🎵.dawg", "--rate", "96000", "--tempo", "92.5", "--json"]).json();
    assert_eq!(made["name"], "项目 🎵");
    let info = program.run(&["info", "项目 🎵.dawg", "--json"]).json();
    assert_eq!(
        (&info["name"], &info["sample_rate"], &info["tempo"]),
        (&made["name"], &96_000.into(), &92.5.into())
    );
    assert_eq!((&info["length"]["samples"], &info["seq"]), (&0.into(), &0.into()));
}

/// Seen red: made in `here` whatever the path says, there is no song at x.
#[test]
fn a_song_beside_this_folder_is_made_there() {
    let program = program();
    std::fs::create_dir(program.path("here")).unwrap();
    program.run(&["new", "here/../x"]).success();
    assert_eq!(program.run(&["info", "x", "--json"]).json()["name"], "x");
    assert_eq!(names(&program, "here"), [""; 0]);
}

/// Seen red: with paths given to serde as they are, `--json` fails on them.
#[test]
fn a_folder_name_that_is_no_text_is_a_name_all_the_same() {
    let program = program();
    let name = std::ffi::OsStr::from_bytes(b"n\xff'; DROP TABLE <b>.dawg");
    let new = program.run(&["new".as_ref(), name, "--json".as_ref()]).json();
    assert_eq!(new["name"], "n\u{fffd}'; DROP TABLE <b>");
    assert!(program.run(&["info".as_ref(), name, "--json".as_ref()]).json()["path"].is_string());
}

/// Seen red: clap's own parser of paths answered an empty name with exit code 2 and no word on what to do.
#[test]
fn impossible_names_are_refused_and_leave_nothing() {
    let program = program();
    let long = "a".repeat(300);
    for name in ["", ".dawg", "..", "a\nb", long.as_str(), &format!("{long}.dawg")] {
        let said = program.run(&["new", name]).refusal(1).to_owned();
        assert!(said.starts_with("error: ") && said.contains("give"), "{name}: {said}");
    }
    assert!(program.run(&["new", "missing/song.dawg"]).refusal(1).contains("make it first"));
    assert_eq!(names(&program, "."), [""; 0]);
}

/// Seen red: a tempo brought into range instead of refused makes a song at 10 beats a minute.
#[test]
fn rates_and_tempos_out_of_range_are_refused_with_the_range() {
    let program = program();
    for rate in ["0", "7999", "192001", "4294967295"] {
        assert!(program.run(&["new", "s", "--rate", rate]).refusal(1).contains("8000 to 192000"), "{rate}");
    }
    for tempo in ["9.99", "999.1", "NaN", "inf", "1e308"] {
        assert!(program.run(&["new", "s", "--tempo", tempo]).refusal(1).contains("10 to 999"), "{tempo}");
    }
    program.run(&["new", "s", "--rate", "fast"]).refusal(2);
    assert_eq!(names(&program, "."), [""; 0]);
}

/// Seen red: without the check in the session crate, SQLite or the rename answers, and not in these words.
#[test]
fn what_is_there_is_never_overwritten() {
    let program = with_song();
    std::fs::write(program.path("notes"), "mine").unwrap();
    for taken in ["s.dawg", "notes"] {
        assert!(program.run(&["new", taken]).refusal(1).contains("exists already"));
    }
    assert_eq!(std::fs::read(program.path("notes")).unwrap(), b"mine");
    assert_eq!(info(&program)["name"], "s");
}

/// Seen red: without `check_is_song`, a folder that is not there “cannot be read or written”.
#[test]
fn folders_that_are_no_songs_are_named() {
    let program = program();
    std::fs::create_dir(program.path("empty")).unwrap();
    std::fs::create_dir(program.path("other")).unwrap();
    std::fs::write(program.path("other/song.db"), "not SQLite, but long enough to look at".repeat(99))
        .unwrap();
    for (folder, word) in [("nowhere", "not a song"), ("empty", "not a song"), ("other", "damaged")] {
        for command in ["info", "play", "undo", "history"] {
            assert!(program.run(&[command, folder]).refusal(1).contains(word), "{command} {folder}");
        }
    }
}

/// Seen red: with every format from ours on taken as ours, the song opens.
#[test]
fn a_song_of_a_newer_version_is_left_alone() {
    let program = with_song();
    sql(&program, "PRAGMA user_version = 99");
    for command in ["info", "undo"] {
        assert!(program.run(&[command, "s.dawg"]).refusal(1).contains("update the program"));
    }
}

/// Seen red: without the lock, undo succeeds beside the other writer.
#[test]
fn a_song_open_elsewhere_can_be_read_but_not_changed() {
    let program = with_song();
    let open = Store::open(&program.path("s.dawg"), Access::Write).unwrap();
    assert!(program.run(&["undo", "s.dawg"]).refusal(1).contains("open in another"));
    assert_eq!(info(&program)["name"], "s");
    program.run(&["copy", "s.dawg", "copy.dawg"]).success();
    drop(open);
    program.run(&["undo", "s.dawg"]).success();
}

/// Seen red: without the second way of reading in the session crate, `info` fails on such a disk.
#[test]
fn a_read_only_song_can_be_read_but_not_changed() {
    let disk = SmallDisk::mount(4 << 20);
    let program = program();
    let song = disk.path().join("s.dawg");
    let song = song.to_str().unwrap();
    program.run(&["new", song]).success();
    std::fs::set_permissions(song, std::fs::Permissions::from_mode(0o555)).unwrap();
    // Root writes anywhere but on a disk that takes nothing.
    let remount = Command::new("mount").args(["-o", "remount,ro"]).arg(disk.path()).status().unwrap();
    assert!(remount.success());
    assert!(program.run(&["undo", song]).refusal(1).contains("cannot be written"));
    assert_eq!(program.run(&["info", song, "--json"]).json()["name"], "s");
    assert!(program.run(&["new", &format!("{song}2")]).refusal(1).contains("cannot be written"));
}

/// Seen red: without the notices in the report, `info` says nothing of the steps that were set aside.
#[test]
fn a_damaged_step_keeps_what_came_before_and_is_told() {
    let program = with_song();
    for tempo in [100, 90, 80] {
        let edit = format!("{{\"edit\": \"set_tempo\", \"tempo\": {tempo}000000}}");
        program.run_with_input(&["edit", "s.dawg", "-"], &edit).success();
    }
    sql(
        &program,
        "DELETE FROM snapshots WHERE seq > 0;
         UPDATE journal SET edits = replace(edits, '90000000', '91000000') WHERE seq = 2",
    );
    let info = info(&program);
    assert_eq!((&info["tempo"], &info["seq"]), (&100.0.into(), &1.into()));
    assert!(info["notices"][0].as_str().unwrap().contains("damaged at step 2"), "{info}");
    assert!(program.run(&["undo", "s.dawg"]).stderr.contains("damaged at step 2"));
}

/// Seen red: with the word “Example” taken from `undo --help`.
#[test]
fn every_command_explains_itself_with_an_example() {
    let program = program();
    let commands = [
        "new", "info", "import", "record", "play", "export", "edit", "undo", "redo", "history", "copy",
        "relink", "devices", "doctor", "demo",
    ];
    for command in commands {
        let said = program.run(&[command, "--help"]).success().to_owned();
        assert!(said.contains(&format!("ai-dawg {command}")) && said.contains("Example"), "{said}");
    }
    program.run(&["--sing"]).refusal(2);
    program.run(&["sing"]).refusal(2);
}

/// Seen red: with the refusal naming 1|1|0 as the song's start wherever bar 1 is.
#[test]
fn the_downbeat_and_the_words_are_told_and_heeded() {
    let program = with_song();
    common::write_noise(&program, "beat.wav", 48_000, 1, 100);
    assert_eq!((&info(&program)["downbeat"], &info(&program)["lyrics"]), (&0.into(), &"".into()));
    assert!(!program.run(&["info", "s.dawg"]).success().contains("bar 1"));
    let script = "{\"edit\": \"set_downbeat\", \"at\": 60000}\n{\"edit\": \"set_lyrics\", \"lyrics\": \"la\\n\\nla\\n\"}";
    std::fs::write(program.path("script"), script).unwrap();
    program.run(&["edit", "s.dawg", "script"]).success();
    let said = program.run(&["info", "s.dawg"]).success().to_owned();
    assert!(said.contains("bar 1 begins at 0:01.250") && said.contains("2 line(s) of lyrics"), "{said}");
    for (at, start) in [("1|1|0", 60_000), ("0|3|0", 12_000)] {
        let made = program.run(&["import", "s.dawg", "beat.wav", "--at", at, "--json"]).json();
        assert_eq!(made["files"][0]["start"], start, "{at}");
    }
    let early = program.run(&["import", "s.dawg", "beat.wav", "--at", "0|1|0"]).refusal(1).to_owned();
    assert!(early.contains("before the song's start") && early.contains("0:01.250"), "{early}");
}

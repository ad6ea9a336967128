//! Songs that move: copies, lost files, and the way back.
#![allow(clippy::disallowed_methods, reason = "files are moved here as a person would, not durably")]

mod common;

use common::{info, names, program, with_song, write_noise};
use dawg_tests::{Program, SmallDisk};
use serde_json::Value;

/// A song with two tracks of known audio.
fn with_audio() -> Program {
    let program = with_song();
    write_noise(&program, "beat.wav", 48_000, 2, 1_000);
    write_noise(&program, "voice.wav", 48_000, 1, 2_000);
    program.run(&["import", "s.dawg", "beat.wav", "voice.wav"]).success();
    program
}

/// Seen red: with peaks and audio exchanged, the copy misses its audio.
#[test]
fn a_copy_is_the_song_with_its_audio_and_history() {
    let program = with_audio();
    program.run(&["copy", "s.dawg", "copy.dawg"]).success();
    let (mut copy, original) = (program.run(&["info", "copy.dawg", "--json"]).json(), info(&program));
    copy["path"] = original["path"].clone();
    assert_eq!(copy, original);
    assert_eq!(names(&program, "copy.dawg/audio"), ["beat.wav", "voice.wav"]);
    assert_eq!(names(&program, "copy.dawg/peaks"), names(&program, "s.dawg/peaks"));
    program.run(&["undo", "copy.dawg"]).success();
    assert_eq!(info(&program), original);
    for (to, reason) in
        [("copy.dawg", "exists already"), ("s.dawg/x", "inside the song"), ("no/x", "make it first")]
    {
        assert!(program.run(&["copy", "s.dawg", to]).refusal(1).contains(reason), "{to}");
    }
}

/// Seen red: with `HiddenFolder`'s `Drop` emptied, half a copy stays on the disk.
#[test]
fn a_copy_that_does_not_fit_leaves_nothing() {
    let program = with_song();
    write_noise(&program, "beat.wav", 48_000, 2, 100_000);
    program.run(&["import", "s.dawg", "beat.wav"]).success();
    let disk = SmallDisk::mount(300 << 10);
    let to = disk.path().join("copy.dawg");
    assert!(
        program.run(&["copy", "s.dawg", to.to_str().unwrap()]).refusal(1).contains("nothing was left behind")
    );
    assert_eq!(std::fs::read_dir(disk.path()).unwrap().count(), 0);
}

fn missing(info: &Value) -> Vec<&str> {
    info["missing"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Seen red: with `silent_clips` turned round, export and play do not say what is missing.
#[test]
fn a_song_opens_without_its_audio_and_says_so() {
    let program = with_audio();
    std::fs::remove_file(program.path("s.dawg/audio/voice.wav")).unwrap();
    let info = info(&program);
    assert_eq!(missing(&info), ["voice.wav"]);
    assert_eq!(info["tracks"][0]["lanes"][0]["clips"][0]["missing"], false);
    assert_eq!(info["tracks"][1]["lanes"][0]["clips"][0]["missing"], true);
    assert!(program.run(&["info", "s.dawg"]).success().contains("relink"));
    let refused = program.run(&["export", "s.dawg", "mix.wav"]);
    assert!(refused.refusal(1).contains("voice.wav") && refused.stderr.contains("relink"), "{refused}");
    let play = program.run(&["play", "s.dawg", "--host", "timer"]);
    play.success();
    assert!(play.stderr.contains("audio is missing: voice.wav"), "{play}");
}

/// Seen red: with the hash left out of account, the impostor comes back as the voice.
#[test]
fn relink_finds_by_contents_and_takes_no_impostor() {
    let program = with_audio();
    std::fs::create_dir_all(program.path("music/deep/deeper")).unwrap();
    for file in ["beat.wav", "voice.wav"] {
        std::fs::remove_file(program.path(format!("s.dawg/audio/{file}"))).unwrap();
    }
    std::fs::rename(program.path("beat.wav"), program.path("music/deep/deeper/renamed.wav")).unwrap();
    let voice = std::fs::read(program.path("voice.wav")).unwrap();
    let mut other = voice.clone();
    *other.last_mut().unwrap() ^= 1;
    std::fs::write(program.path("music/voice.wav"), other).unwrap();
    std::os::unix::fs::symlink(program.path("music"), program.path("music/deep/round")).unwrap();

    let half = program.run(&["relink", "s.dawg", "music", "--json"]);
    assert!(half.refusal(1).contains("1 file(s) are still missing"));
    let report: Value = serde_json::from_str(&half.stdout).unwrap();
    assert_eq!(report["relinked"][0]["file"], "beat.wav");
    assert!(report["missing"][0]["reason"].as_str().unwrap().contains("other contents"), "{report}");
    assert_eq!(missing(&info(&program)), ["voice.wav"]);

    std::fs::write(program.path("music/deep/voice.wav"), voice).unwrap();
    program.run(&["relink", "s.dawg", "music"]).success();
    assert_eq!(missing(&info(&program)), [""; 0]);
    program.run(&["export", "s.dawg", "mix.wav"]).success();
    assert!(program.run(&["relink", "s.dawg", "music"]).success().contains("nothing is missing"));
    assert!(program.run(&["relink", "s.dawg", "nowhere"]).refusal(1).contains("not a folder"));
}

/// Without a hash the name and the length must do. Seen red: with the length left out of account, the longer file
/// comes back.
#[test]
fn relink_without_a_hash_goes_by_name_and_length() {
    let program = with_audio();
    common::sql(&program, "DELETE FROM journal WHERE seq = 2; DELETE FROM snapshots WHERE seq > 0");
    assert!(info(&program)["media"][0]["hash"].is_null());
    std::fs::remove_file(program.path("s.dawg/audio/voice.wav")).unwrap();
    std::fs::create_dir_all(program.path("a/b")).unwrap();
    write_noise(&program, "a/voice.wav", 48_000, 1, 2_001);
    assert!(program.run(&["relink", "s.dawg", "a"]).stdout.contains("another length"));
    std::fs::rename(program.path("voice.wav"), program.path("a/b/VOICE.WAV")).unwrap();
    program.run(&["relink", "s.dawg", "a"]).success();
    let media = info(&program)["media"].clone();
    let voice = media.as_array().unwrap().iter().find(|media| media["name"] == "voice").unwrap();
    assert!(voice["hash"].is_string() && voice["missing"] == false, "{voice}");
}

/// Seen red: with the stems left behind, the folder has them twice.
#[test]
fn the_demo_song_is_a_song_like_any_other() {
    let program = program();
    let made = program.run(&["demo", "--to", "s.dawg", "--json"]).json();
    assert_eq!((&made["made"], &made["export"]["clipped"]), (&true.into(), &0.into()));
    assert!(made["export"]["seconds"].as_f64().unwrap() > 20.0, "{made}");
    assert!(program.path("s.dawg/exports/demo.wav").is_file());
    let song = info(&program);
    assert!(song["tracks"].as_array().unwrap().len() >= 2 && song["key"].is_object(), "{song}");
    assert_eq!(names(&program, "."), ["s.dawg"]);
    assert_eq!(names(&program, "s.dawg").iter().filter(|name| *name == "stems").count(), 0);

    let again = program.run(&["demo", "--to", "s.dawg", "--json"]).json();
    assert_eq!((&again["made"], &again["export"]["peak_db"]), (&false.into(), &made["export"]["peak_db"]));
}

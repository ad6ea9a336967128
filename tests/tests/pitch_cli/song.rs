//! What a track plays: its comp, its lanes, in song time.

use std::sync::Arc;
use std::time::Duration;

use dawg_media::wav::SampleFormat;
use dawg_session::{Edit, Lane, LaneId, Layout, Name, Plays, Store, Take};
use dawg_tests::{JackServer, Microphone, Program, torture};

use super::{RATE, melody, notes_at, pitch, rows};

const LIMIT: Duration = Duration::from_secs(20);

/// A song in which two takes on one track begin after a second: “low” with A3 C4, which plays, and “high” with E4 G4.
fn song(program: &Program) {
    let audio = program.path("audio");
    let mut song = torture::Song::new(RATE, &audio);
    let track = song.track("Voice", Layout::MONO);
    for (number, (name, keys)) in [("low", [57.0, 60.0]), ("high", [64.0, 67.0])].into_iter().enumerate() {
        let media = song.media(&[melody(RATE, &keys).samples], SampleFormat::Float32);
        let take = Some(Take { number: number as u32 + 1, at_ms: 0 });
        let clips = vec![Arc::new(song.clip(media, i64::from(RATE)))];
        let lane = Lane { take, clips, ..Lane::new(LaneId::fresh(), Name::new(name).unwrap()) };
        if number == 0 {
            let plays = Plays::Lane(lane.id);
            song.edit(&[Edit::AddLane { track, lane, at: 0 }, Edit::SetPlays { track, plays }]);
        } else {
            song.edit(&[Edit::AddLane { track, lane, at: 1 }]);
        }
    }
    let folder = program.path("song.dawg");
    Store::create(&folder, &song.session).unwrap().close().unwrap();
    for media in song.session.media.values() {
        std::fs::copy(audio.join(&media.file), folder.join("audio").join(&media.file)).unwrap();
    }
}

fn of_track(program: &Program, more: &[&str]) -> String {
    let arguments = [&["song.dawg", "--track", "Voice"], more].concat();
    pitch(program, &arguments).success().to_owned()
}

// Seen red: with the lane left out of account both are alike.
#[test]
fn lanes_and_comps_are_told_in_song_time() {
    let program = Program::new();
    song(&program);
    let lane = |name: &str| rows(&of_track(&program, &["--csv", "--lane", name]));
    assert_eq!(notes_at(&lane("low"), &[50, 150, 250]), ["", "A3", "C4"]);
    assert_eq!(notes_at(&lane("2"), &[50, 150, 250]), ["", "E4", "G4"]);
    assert_eq!(rows(&of_track(&program, &["--csv"])), lane("1"), "what plays");
    assert_eq!(lane("low").len(), 300, "to the end of what is heard");
    let picks = ["--pick", "1s..2s=low", "--pick", "2s..3s=high"];
    program.run(&[&["comp", "song.dawg", "--track", "Voice"], &picks[..]].concat()).success();
    let comp = rows(&of_track(&program, &["--csv"]));
    assert_eq!(notes_at(&comp, &[150, 250]), ["A3", "G4"]);
    let causal = rows(&of_track(&program, &["--csv", "--causal"]));
    assert_eq!(notes_at(&causal, &[150, 250]), ["A3", "G4"]);
    let notes = of_track(&program, &["--notes", "--csv"]);
    let names: Vec<&str> = notes.lines().skip(1).map(|line| line.split(',').nth(2).unwrap()).collect();
    assert_eq!(names, ["A3", "G4"], "{notes}");
    let summary = of_track(&program, &["--lane", "high"]);
    assert!(summary.starts_with("take 2 “high” of “Voice”: 0:03.000 long"), "{summary}");
}

// Seen red: with the fader, mute and pan of the track left as they are, nothing is heard.
#[test]
fn how_a_track_is_mixed_does_not_change_what_was_sung() {
    let program = Program::new();
    song(&program);
    let before = of_track(&program, &["--json"]);
    let info = program.run(&["info", "song.dawg", "--json"]).json();
    let track = info["tracks"].as_array().unwrap().iter().find(|track| track["name"] == "Voice").unwrap();
    let id = track["id"].as_str().unwrap();
    let edits = format!(
        "{{\"edit\":\"set_track_gain\",\"track\":\"{id}\",\"gain\":0.0}}\n\
         {{\"edit\":\"set_track_pan\",\"track\":\"{id}\",\"pan\":1.0}}\n\
         {{\"edit\":\"set_track_mute\",\"track\":\"{id}\",\"mute\":true}}\n"
    );
    program.run_with_input(&["edit", "song.dawg", "-"], &edits).success();
    assert_eq!(of_track(&program, &["--json"]), before);
}

// Seen red: with 440 Hz for songs too.
#[test]
fn a_song_has_its_own_a4() {
    let program = Program::new();
    song(&program);
    let edit = "{\"edit\":\"set_reference_pitch\",\"a4_millihertz\":415000}";
    program.run_with_input(&["edit", "song.dawg", "-"], edit).success();
    let lane = |more: &[&str]| {
        let rows = rows(&of_track(&program, &[&["--csv", "--lane", "low"], more].concat()));
        notes_at(&rows, &[150])
    };
    assert_eq!(lane(&[]), ["A#3"]);
    assert_eq!(lane(&["--a4", "440"]), ["A3"]);
    assert_eq!(pitch(&program, &["song.dawg", "--track", "Voice", "--json"]).json()["a4"], 415.0);
}

// Seen red: with nobody asking for missing files first, a header comes before the error.
#[test]
fn what_is_not_there_is_told() {
    let program = Program::new();
    song(&program);
    let refused = |arguments: &[&str], why: &str| {
        let output = pitch(&program, arguments);
        assert!(output.refusal(1).contains(why), "{output}");
        assert!(output.stdout.is_empty(), "{output}");
    };
    refused(&["song.dawg", "--track", "Bass"], "“Voice”");
    refused(&["song.dawg", "--track", "Voice", "--lane", "9"], "take 1 “low”");
    refused(&["nowhere.dawg", "--track", "Voice"], "check the name");
    let takes = program.run(&["takes", "song.dawg", "--track", "Voice", "--json"]).json();
    let file = takes[0]["file"].as_str().unwrap();
    std::fs::remove_file(program.path("song.dawg/audio").join(file)).unwrap();
    refused(&["song.dawg", "--track", "Voice", "--lane", "low", "--csv"], "relink");
    // What is not asked for may be missing.
    assert!(of_track(&program, &["--lane", "high"]).contains("G4"));
}

#[test]
fn a_recorded_take_is_told_by_its_number() {
    let server = JackServer::start(RATE, 256);
    let program = Program::new().with_env(server.env());
    program.run(&["new", "song.dawg", "--rate", "48000"]).success();
    let sung = melody(RATE, &[57.0, 60.0, 64.0]).samples;
    let microphone = Microphone::feed(&server, vec![sung], &["ai-dawg:in_1"]);
    let record = ["record", "song.dawg", "--track", "Voice", "--seconds", "4", "--host", "jack"];
    let mut recording = program.spawn(&record);
    recording.wait_for_line("rolling", LIMIT);
    microphone.wait_connected(LIMIT);
    microphone.go();
    recording.wait(LIMIT).success();
    let notes = of_track(&program, &["--lane", "1", "--notes", "--csv"]);
    let names: Vec<&str> = notes.lines().skip(1).map(|line| line.split(',').nth(2).unwrap()).collect();
    assert_eq!(names, ["A3", "C4", "E4"], "{notes}");
    let length = |line: &str| {
        let cells: Vec<f64> = line.split(',').take(2).map(|cell| cell.parse().unwrap()).collect();
        cells[1] - cells[0]
    };
    assert!((length(notes.lines().nth(2).unwrap()) - 1.0).abs() < 0.1, "{notes}");
}

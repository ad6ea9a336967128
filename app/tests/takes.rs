//! Takes and comps at the command line: what is asked in vain leaves the song as it was.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::process::Stdio;

use common::{info, with_song};
use dawg_tests::Program;
use serde_json::Value;

const RECORD: [&str; 6] = ["record", "s.dawg", "--track", "Voice", "--host", "timer"];
const COMP: [&str; 4] = ["comp", "s.dawg", "--track", "Voice"];

fn with(command: &[&str], more: &[&str]) -> Vec<String> {
    command.iter().chain(more).map(|word| (*word).to_owned()).collect()
}

/// A song with three takes of half a second (silence: the timer has no microphone).
fn with_takes() -> Program {
    let program = with_song();
    program.run(&with(&RECORD, &["--loop", "0..0.5", "--passes", "3"])).success();
    program
}

fn takes(program: &Program) -> Vec<Value> {
    let takes = program.run(&["takes", "s.dawg", "--track", "Voice", "--json"]).json();
    takes.as_array().unwrap().clone()
}

/// Seen red: with a punch taken that lies after the end of the song.
#[test]
fn what_cannot_be_recorded_is_told_and_leaves_no_trace() {
    let program = with_takes();
    let before = info(&program);
    for (arguments, code, said) in [
        (vec!["--punch", "0.4..0.2"], 1, "earlier time first"),
        (vec!["--punch", "-1..0.2"], 1, "before the song's start"),
        (vec!["--punch", "10..12"], 1, "after the song's end"),
        (vec!["--punch", "0.1"], 1, "two times"),
        (vec!["--punch", "0.1..0.3", "--pre-roll", "soon"], 2, "2s"),
        (vec!["--punch", "0.1..0.3", "--pre-roll", "99bars"], 2, "at most 16"),
        (vec!["--punch", "0.1..0.3", "--seconds", "1"], 2, "--seconds"),
        (vec!["--loop", "0..0.001", "--passes", "2"], 1, "10 ms"),
        (vec!["--loop", "1..0", "--passes", "2"], 1, "earlier time first"),
        (vec!["--loop", "0..1"], 2, "--passes"),
        (vec!["--loop", "0..1", "--passes", "0"], 2, "--passes"),
        (vec!["--loop", "0..80000", "--passes", "9"], 1, "more than a day"),
        (vec!["--passes", "2", "--seconds", "1"], 2, "--loop"),
        (vec!["--keep-last", "0"], 1, "out of range"),
        (vec!["--keep-last", "500"], 1, "--keep-last 120"),
        (vec!["--stopped", "--seconds", "1"], 2, "--keep-last"),
        (vec!["--seconds", "1", "--input", "1", "--input", "2"], 1, "one --input for each"),
        (vec!["--seconds", "1", "--track", "Voice"], 1, "twice"),
        (vec![], 2, "--seconds"),
    ] {
        let refused = program.run(&with(&RECORD, &arguments));
        let told = refused.refusal(code);
        assert!(told.contains(said), "{arguments:?}: {told}");
    }
    assert_eq!(info(&program), before);
}

/// Seen red: with a pick taken that lies after the end of every take.
#[test]
fn what_cannot_be_picked_is_told_and_leaves_no_trace() {
    let program = with_takes();
    let before = info(&program);
    for (arguments, said) in [
        (vec!["--pick", "0.3..0.1=1"], "earlier time first"),
        (vec!["--pick", "-2..0.1=1"], "before the song's start"),
        (vec!["--pick", "50..60=1"], "after the end"),
        (vec!["--pick", "0..0.2"], "no pick"),
        (vec!["--pick", "0..0.2="], "no pick"),
        (vec!["--pick", "0..0.2=7"], "take 3 “Take 3”"),
        (vec!["--pick", "0..0.2=1", "--pick", "0.2..0.4=Nobody"], "no take or lane “Nobody”"),
        (vec!["--pick", "0..0.2=1", "--joint", "5000"], "0 to 1000"),
        (vec!["--flatten"], "no comp yet"),
        (vec!["--name", "Best", "--clear"], "no comp “Best”"),
    ] {
        let refused = program.run(&with(&COMP, &arguments));
        let told = refused.refusal(1);
        assert!(told.contains(said), "{arguments:?}: {told}");
    }
    let nobody = program.run(&["comp", "s.dawg", "--track", "Nobody", "--pick", "0..1=1"]);
    assert!(nobody.refusal(1).contains("the song has “Voice”"), "{nobody}");
    assert!(program.run(&["takes", "s.dawg", "--track", "Nobody"]).refusal(1).contains("“Nobody”"));
    assert_eq!(info(&program), before);
}

/// Seen red: with a fourth take, of the frames after the last pass.
#[test]
fn a_comp_is_made_changed_copied_flattened_and_taken_away() {
    let program = with_takes();
    let comp = |more: &[&str]| program.run(&with(&COMP, &[more, &["--json"]].concat())).json();
    let made = comp(&["--pick", "0..0.2=1", "--pick", "0.2..0.5=2"]);
    assert_eq!((&made["name"], &made["plays"]), (&"Comp A".into(), &true.into()));
    // The comp that plays takes the next one; a swipe over both cuts both.
    let picks = |comp: &Value| -> Vec<(i64, i64, i64)> {
        let picks = comp["picks"].as_array().unwrap().iter();
        let number = |value: &Value| value.as_i64().unwrap();
        picks.map(|pick| (number(&pick["start"]), number(&pick["end"]), number(&pick["take"]))).collect()
    };
    let swiped = comp(&["--pick", "0.1..0.3=Take 3", "--joint", "20", "--shape", "linear"]);
    assert_eq!(picks(&swiped), [(0, 4_800, 1), (4_800, 14_400, 3), (14_400, 24_000, 2)]);
    assert_eq!(swiped["picks"][1]["joint"], serde_json::json!({"length": 960, "shape": "linear"}));
    let copy = comp(&["--duplicate", "Second"]);
    assert_eq!((&copy["name"], picks(&copy)), (&"Second".into(), picks(&swiped)));
    let cleared = comp(&["--clear", "--rename", "Empty"]);
    assert_eq!((&cleared["name"], picks(&cleared).len()), (&"Empty".into(), 0));
    assert!(
        program.run(&with(&COMP, &["--name", "Empty", "--flatten"])).refusal(1).contains("pick something")
    );
    let flat = comp(&["--name", "Comp A", "--flatten"]);
    let tracks = info(&program)["tracks"][0].clone();
    let lane = tracks["lanes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|lane| lane["id"] == flat["flattened"])
        .unwrap()
        .clone();
    assert_eq!((&lane["name"], &lane["plays"]), (&"Comp A flat".into(), &true.into()));
    assert_eq!(comp(&["--name", "Empty", "--delete"]).as_array().unwrap().len(), 1);
    assert_eq!(takes(&program).len(), 3, "the takes stay");
    let quiet = program.run(&with(&COMP, &["--pick", "0.4..0.9=1"]));
    quiet.success();
    assert!(quiet.stderr.contains("no sound"), "{quiet}");
}

#[test]
fn several_tracks_record_together_each_from_its_input() {
    let program = with_song();
    let record = ["record", "s.dawg", "--track", "A", "--input", "2", "--track", "B", "--input", "1+2"];
    let recorded = program.run(&with(&record, &["--seconds", "0.5", "--host", "timer", "--json"])).json();
    let tracks: Vec<&str> =
        recorded["tracks"].as_array().unwrap().iter().map(|track| track["track"].as_str().unwrap()).collect();
    assert_eq!((tracks, &recorded["track"]), (vec!["A", "B"], &"A".into()), "{recorded}");
    let info = info(&program);
    assert_eq!((&info["tracks"][0]["input"], &info["tracks"][1]["input"]), (&"2".into(), &"1+2".into()));
    assert_eq!(info["tracks"][1]["layout"], "stereo");
    let steps = program.run(&["history", "s.dawg", "--json"]).json();
    let labels: Vec<&str> =
        steps.as_array().unwrap().iter().map(|step| step["label"].as_str().unwrap()).collect();
    assert_eq!(labels[..2], ["Prepare “A”, “B” to record", "Record “A”, “B”"], "{labels:?}");
}

/// Seen red: with everything kept that came in since the device was opened.
#[test]
fn what_is_kept_while_the_song_stands_still_ends_at_the_playhead() {
    let program = with_song();
    program.run(&with(&RECORD, &["--keep-last", "0.5", "--stopped", "--at", "2"])).success();
    let take = takes(&program).swap_remove(0);
    let (start, length) = (take["start"].as_i64().unwrap(), take["length"].as_i64().unwrap());
    assert_eq!((start + length, length), (96_000, 24_000), "{take}");
}

/// Seen red: with takes listed as they lie, newest first.
#[test]
fn takes_and_comps_are_rated_renamed_and_listed() {
    let program = with_takes();
    let id = takes(&program)[1]["lane"].clone();
    let script = format!(
        "{{\"edit\":\"set_lane_rating\",\"lane\":{id},\"rating\":4}}\n{{\"edit\":\"rename_lane\",\"lane\":{id},\"name\":\"Soft\"}}\n"
    );
    program.run_with_input(&["edit", "s.dawg", "-"], &script).success();
    let take = &takes(&program)[1];
    assert_eq!((&take["number"], &take["name"], &take["rating"]), (&2.into(), &"Soft".into(), &4.into()));
    program.run(&with(&COMP, &["--pick", "0..0.2=Soft"])).success();
    let text = program.run(&["takes", "s.dawg", "--track", "Voice"]);
    assert!(
        text.success().lines().nth(1).unwrap().contains("Soft") && text.stdout.contains("****"),
        "{text}"
    );
    let lanes = &info(&program)["tracks"][0]["lanes"];
    assert!(lanes.as_array().unwrap().iter().any(|lane| lane["take"] == 2 && lane["rating"] == 4), "{lanes}");
    assert!(program.run(&["info", "s.dawg"]).success().contains("comp Comp A (plays)"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let program = with_takes();
    for arguments in
        [with(&["takes", "s.dawg", "--track", "Voice"], &["--json"]), with(&COMP, &["--pick", "0..0.2=1"])]
    {
        let mut child =
            program.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    }
}

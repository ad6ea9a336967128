//! Edits from scripts, undo, history, and the pipes that programs are joined by.

mod common;

use std::process::Stdio;

use common::{info, with_song};
use dawg_tests::Program;

fn tempo(bpm: u32) -> String {
    format!("{{\"edit\": \"set_tempo\", \"tempo\": {bpm}000000}}\n")
}

fn edit(program: &Program, script: &str) -> dawg_tests::Output {
    program.run_with_input(&["edit", "s.dawg", "-"], script)
}

/// Seen red: with the number among the edits in place of the line, the refused one is on “line 2”.
#[test]
fn a_script_is_applied_whole_or_not_at_all() {
    let program = with_song();
    let refused = edit(&program, &format!("{}\n\n{}", tempo(90), tempo(1)));
    assert!(refused.refusal(1).contains("line 4 was refused"), "{refused}");
    let unknown = edit(&program, &format!("{}{{\"edit\": \"sing\"}}", tempo(90)));
    assert!(unknown.refusal(1).contains("line 2 is no edit"), "{unknown}");
    assert!(edit(&program, "\n\n").refusal(1).contains("no edits"));
    assert_eq!((&info(&program)["tempo"], &info(&program)["seq"]), (&120.0.into(), &0.into()));

    std::fs::write(program.path("script.jsonl"), tempo(90) + &tempo(80)).unwrap();
    let done = program.run(&["edit", "s.dawg", "script.jsonl", "--label", "Slow down", "--json"]).json();
    assert_eq!((&done["edits"], &done["seq"]), (&2.into(), &1.into()));
    assert_eq!(info(&program)["tempo"], 80.0);
    let history = program.run(&["history", "s.dawg", "--json"]).json();
    assert_eq!((&history[0]["label"], &history[0]["state"]), (&"Slow down".into(), &"done".into()));
}

/// Seen red: with another value printed in its place.
#[test]
fn the_schema_knows_every_edit() {
    let program = with_song();
    let schema = program.run(&["edit", "--schema"]).json();
    assert!(schema["oneOf"].as_array().unwrap().len() > 40);
    program.run(&["edit", "s.dawg"]).refusal(2);
}

/// Seen red: with `redo` undoing, there is nothing to redo.
#[test]
fn undo_and_redo_survive_closing_and_end_quietly() {
    let program = with_song();
    edit(&program, &tempo(90)).success();
    let say = |command: &str| program.run(&[command, "s.dawg"]).success().to_owned();
    assert_eq!(say("undo"), "undone: set tempo\n");
    assert_eq!(info(&program)["tempo"], 120.0);
    assert!(say("undo").contains("nothing to undo"));
    assert_eq!(say("redo"), "redone: set tempo\n");
    assert_eq!(info(&program)["tempo"], 90.0);
    assert!(say("redo").contains("nothing to redo"));
    let history = program.run(&["history", "s.dawg", "--json"]).json();
    let actions: Vec<&str> =
        history.as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["do", "undo", "redo"]);
    assert!(program.run(&["undo", "s.dawg", "--json"]).json()["undone"] == "set tempo");
}

/// Seen red: with a broken pipe passed on as an error, the exit code is 1 and stderr complains.
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let program = with_song();
    // More than a pipe holds, so that the writer meets the closed end.
    let script: String = (0..600).map(|n| tempo(60 + n % 100)).collect();
    edit(&program, &script).success();
    for arguments in
        [["history", "s.dawg", "--json"], ["edit", "--schema", "--json"], ["info", "s.dawg", "--json"]]
    {
        let mut child =
            program.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    }
}

/// Seen red: with every error taken for a closed pipe, the full disk goes unnoticed.
#[test]
fn an_answer_that_cannot_be_written_is_an_error() {
    let program = with_song();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = program.command(&["info", "s.dawg"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: "));
}

/// Seen red: with a display that is missing and no word on how to mend it.
#[test]
fn the_doctor_and_the_device_list_answer_on_any_machine() {
    let program = with_song();
    let checks = program.run(&["doctor", "--json"]).json();
    for check in checks["checks"].as_array().unwrap() {
        let is_ok = check["status"] == "ok";
        assert!(check["detail"].is_string() && check["mend"].is_null() == is_ok, "{check}");
    }
    let devices = program.run(&["devices", "--json"]).json();
    assert!(devices.as_array().unwrap().iter().any(|device| device["host"] == "timer"));
}

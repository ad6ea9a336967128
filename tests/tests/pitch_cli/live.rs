//! Live, through JACK: what the virtual microphone sings is told while it sings.

use std::time::Duration;

use dawg_tests::{JackServer, Microphone, Program};

use super::{RATE, Row, melody, rows};

const LIMIT: Duration = Duration::from_secs(20);

/// The notes in order, each once, of those that are held for a fifth of a second.
fn held(rows: &[Row]) -> Vec<String> {
    let mut held: Vec<String> = Vec::new();
    let notes: Vec<&str> = rows.iter().map(|row| row.note.as_str()).collect();
    for part in notes.windows(20) {
        let same = !part[0].is_empty() && part.iter().all(|note| *note == part[0]);
        if same && held.last().is_none_or(|last| last != part[0]) {
            held.push(part[0].to_owned());
        }
    }
    held
}

// Seen red: with the first input followed whatever is asked for.
#[test]
fn what_is_sung_is_told_while_it_is_sung_until_ctrl_c() {
    let server = JackServer::start(RATE, 256);
    let program = Program::new().with_env(server.env());
    let sung = melody(RATE, &[57.0, 60.0, 64.0]).samples;
    let silence = vec![0.0; sung.len()];
    let microphone = Microphone::feed(&server, vec![silence, sung], &["ai-dawg:in_1", "ai-dawg:in_2"]);
    let mut running = program.spawn(&["pitch", "--live", "--input", "2", "--host", "jack"]);
    running.wait_for_line("time,frequency", LIMIT);
    microphone.wait_connected(LIMIT);
    microphone.go();
    running.wait_for_line(",C4,", LIMIT);
    assert!(microphone.played() < 3 * RATE as usize, "the row came after the singing");
    microphone.wait_finished(LIMIT);
    running.wait_for_line(",E4,", LIMIT);
    running.interrupt();
    let output = running.wait(LIMIT);
    let rows = rows(output.success());
    assert_eq!(held(&rows), ["A3", "C4", "E4"], "{output}");
    let told: Vec<usize> = rows.iter().map(|row| row.at).collect();
    if !output.stderr.contains("missing") {
        assert_eq!(told, (0..rows.len()).collect::<Vec<usize>>(), "a row each 10 ms");
    }
}

// Seen red: with the last moment counted as well there is a row more.
#[test]
fn it_ends_by_itself_and_tells_notes_or_json_then() {
    let server = JackServer::start(RATE, 256);
    let program = Program::new().with_env(server.env());
    let rows = rows(program.run(&["pitch", "--live", "--seconds", "1", "--host", "jack", "--csv"]).success());
    assert_eq!(rows.len(), 100);
    let json = program.run(&["pitch", "--live", "--seconds", "0.5", "--host", "jack", "--json"]).json();
    assert_eq!(json["rows"].as_array().unwrap().len(), 50);
    assert_eq!((json["rate"].as_u64(), json["notes"].as_array().unwrap().len()), (Some(48_000), 0));
    let notes = program.run(&["pitch", "--live", "--seconds", "0.5", "--host", "jack", "--notes", "--csv"]);
    assert_eq!(notes.success().lines().count(), 1, "{notes}");
}

// Seen red: with the closed pipe not looked at it goes on for ever.
#[test]
fn it_ends_when_nobody_reads_on_or_the_device_is_gone() {
    let mut server = JackServer::start(RATE, 256);
    let program = Program::new().with_env(server.env());
    let mut child = program.command(&["pitch", "--live", "--host", "jack"]);
    let mut child = child.stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = dawg_tests::poll(LIMIT, || child.try_wait().unwrap());
    if ended.is_none() {
        child.kill().unwrap();
    }
    assert!(ended.is_some_and(|status| status.success()), "{ended:?}");
    let few = program.run(&["pitch", "--live", "--host", "jack", "--input", "999"]);
    assert!(few.refusal(1).contains("input 999"), "{few}");
    let mut running = program.spawn(&["pitch", "--live", "--host", "jack"]);
    running.wait_for_line("0.10,", LIMIT);
    server.kill();
    let gone = running.wait(LIMIT);
    gone.refusal(1);
}

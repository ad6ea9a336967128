//! The README's commands, as written, in one shell, as a newcomer types them from top to bottom.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![cfg(target_os = "linux")]

use std::fmt::Write as _;
use std::time::Duration;

use dawg_tests::Program;

/// All of them, of which some sing for seconds, on a machine with much to do.
const LONG: Duration = Duration::from_secs(240);
/// What builds or tests the program, or puts it on the path, is done already.
const DONE: &[&str] = &["script/", "export PATH="];

/// The lines of all blocks of shell.
fn commands(page: &str) -> Vec<&str> {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in page.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside && !DONE.iter().any(|done| line.starts_with(done)) {
            lines.push(line);
        }
    }
    lines
}

// Seen red: with `--pre-rol` in the README, with `comp --pick` of a take that is not there, and with a coach that answers
// `analyze-rhythm` with 404 (each is told with its line).
#[test]
fn every_command_of_the_readme_runs_as_written() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let commands = commands(&page);
    assert!(
        commands.len() > 40,
        "the README has lost its commands, or this test cannot read it: {commands:#?}"
    );
    let newcomer = Program::new();
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", newcomer.binary().parent().unwrap().display());
    let mut script = String::from("trap 'echo \"it ended here: $BASH_COMMAND\" >&2' ERR\n");
    // curl is told to fail where the server does, or an error's page would pass for an answer.
    script.push_str("curl() { command curl --fail \"$@\"; }\n");
    for line in commands {
        writeln!(script, "{line}").unwrap();
    }
    script.push_str("wait\n");
    let shell = Program::at("/bin/bash").with_env([("PATH".to_owned(), path)]);
    let done = shell.run_within(LONG, &["-Eeuo", "pipefail", "-c", &script]);
    let end = &done.stderr[done.stderr.len().saturating_sub(2000)..];
    assert!(done.status.success(), "{}\n{end}", done.status);
    for made in ["first song.wav", "beat.csv", "pitch.json", "recording.json", "rhythm.json", "report.json"] {
        assert!(shell.path(made).metadata().is_ok_and(|file| file.len() > 0), "{made}");
    }
}

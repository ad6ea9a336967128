//! `ai-dawg jarvis`: sidecars owned by the real program, asked and ended from the command line.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use dawg_tests::{Output, Program, Running, until};
use serde_json::{Value, json};

/// Longer than anything takes on a machine with much to do.
const LONG: Duration = Duration::from_secs(30);

/// What the declared sidecars run: not a test, and at once over unless a supervisor started it.
#[test]
#[ignore = "what the other tests let the supervisor start"]
fn sidecar() {
    let Ok(instance) = std::env::var("DAWG_INSTANCE") else { return };
    let supervised = std::env::var_os("FOREIGN").is_none();
    std::thread::spawn(move || {
        if !supervised {
            return;
        }
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        // Nothing else ends the loop below.
        let _ = Command::new("kill").args(["-KILL", &std::process::id().to_string()]).status();
    });
    let wanted = std::env::var("PORT").unwrap().parse::<u16>().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", wanted)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut out = std::io::stdout();
    // The test's own announcement stands on the line before.
    writeln!(out, "\n{}\nhere I am", json!({ "ready": { "port": port } })).unwrap();
    out.flush().unwrap();
    let body = json!({
        "service": "sidecar", "version": "1.2.3", "pid": std::process::id(), "instance": instance,
        "state": "ready", "checks": {},
    })
    .to_string();
    for mut stream in listener.incoming().flatten() {
        let _ = stream.read(&mut [0; 4096]);
        let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}", body.len());
        let _ = write!(stream, "{head}\r\n\r\n{body}");
    }
}

/// One of ours, and another's program that leaves a process in a session of its own.
fn declarations(program: &Program) -> String {
    let exe = std::env::current_exe().unwrap();
    let start = "exec \\\"$0\\\" --ignored --exact --nocapture sidecar";
    let mark = program.data().display().to_string();
    format!(
        "[times]\nliveness = 1.0\nstart_poll = 0.05\nverify = 0.5\ngrace = 2.0\n\
         [control_plane]\nrequests = 100000\nburst = 10000\n\
         [[sidecar]]\nname = \"coach\"\nidentity = \"nonce\"\nenvironment = {{ MARK = \"{mark}\" }}\n\
         command = [\"sh\", \"-c\", \"PORT=$3 {start}\", \"{exe}\"]\n\
         [[sidecar]]\nname = \"model\"\nenvironment = {{ MARK = \"{mark}\" }}\n\
         command = [\"sh\", \"-c\", \"(setsid sleep 1000 &); FOREIGN=1 PORT=$1 {start}\", \"{exe}\", \"{{port}}\"]\n",
        exe = exe.display()
    )
}

/// A program with two sidecars declared.
fn declared() -> Program {
    let program = Program::new();
    std::fs::create_dir_all(program.data().join("jarvis")).unwrap();
    std::fs::write(program.data().join("jarvis/sidecars.toml"), declarations(&program)).unwrap();
    program
}

/// An owner that listens; nothing is declared but what the test has.
fn bare(program: &Program) -> Running {
    let declarations = program.data().join("jarvis/sidecars.toml");
    if !declarations.exists() {
        std::fs::create_dir_all(declarations.parent().unwrap()).unwrap();
        std::fs::write(declarations, "").unwrap();
    }
    let mut owner = program.spawn(&["jarvis", "run", "--port", "0"]);
    owner.wait_for_line("the supervisor listens at 127.0.0.1:", LONG);
    owner
}

/// An owner whose sidecars are all well.
fn owner(program: &Program) -> Running {
    let owner = bare(program);
    wait_for(program, "healthy", "healthy");
    owner
}

fn jarvis(program: &Program, words: &[&str]) -> Output {
    program.run(&[&["jarvis"], words].concat())
}

/// The row of a sidecar in `status --json`.
fn row(program: &Program, name: &str) -> Value {
    let rows = jarvis(program, &["status", "--json"]).json();
    rows.as_array().unwrap().iter().find(|row| row["name"] == name).unwrap().clone()
}

fn wait_for(program: &Program, coach: &str, model: &str) {
    until(LONG, &format!("coach {coach} and model {model}"), || {
        let rows = jarvis(program, &["status", "--json"]).json();
        rows[0]["state"] == coach && rows[1]["state"] == model
    });
}

/// Whether autonomy is on after `to` was asked for.
fn autonomy(program: &Program, to: &str) -> bool {
    jarvis(program, &["autonomy", to, "--json"]).json()["on"].as_bool().unwrap()
}

fn endpoint(program: &Program) -> PathBuf {
    program.data().join("jarvis/endpoint.json")
}

/// All processes that were started, at any remove, for the sidecars of `program`.
fn started(program: &Program) -> Vec<u32> {
    let mark = format!("MARK={}", program.data().display());
    let pids = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|entry| entry == mark.as_bytes())
    })
    .collect()
}

fn all_gone(program: &Program) {
    until(LONG, "all sidecars and what they started to be gone", || started(program).is_empty());
}

#[test]
fn status_as_json_is_what_others_rely_on() {
    // Seen red: without `uptime_s`.
    let program = declared();
    let mut owner = owner(&program);
    let text = jarvis(&program, &["status", "--json"]).success().to_owned();
    let rows: Value = serde_json::from_str(&text).unwrap();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 2, "{text}");
    for row in rows {
        let fields: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields.len(), 7, "{text}");
        for field in ["pid", "port", "restarts", "uptime_s"] {
            assert!(row[field].is_u64(), "{field}: {text}");
        }
        assert_eq!((&row["state"], &row["restarts"]), (&json!("healthy"), &json!(0)), "{text}");
    }
    assert_eq!((&rows[0]["name"], &rows[0]["version"]), (&json!("coach"), &json!("1.2.3")), "{text}");
    assert_eq!(rows[1]["name"], "model", "{text}");
    // In the order in which the contract lists them.
    let order = ["name", "state", "pid", "port", "version", "restarts", "uptime_s"];
    let places: Vec<usize> = order.iter().map(|field| text.find(&format!("\"{field}\"")).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
    let for_people = jarvis(&program, &["status"]).success().to_owned();
    assert!(for_people.contains("coach: healthy") && for_people.contains("version 1.2.3"), "{for_people}");
    jarvis(&program, &["stop", "coach"]).success();
    wait_for(&program, "stopped", "healthy");
    let stopped = row(&program, "coach");
    assert!(stopped["pid"].is_null() && stopped["uptime_s"].is_null(), "{stopped}");
    owner.interrupt();
    assert_eq!(owner.wait(LONG).code(), Some(0));
}

#[test]
fn sidecars_are_started_stopped_and_restarted_and_the_supervisor_ends_when_it_is_asked() {
    // Seen red: with an endpoint.json that stays behind.
    let program = declared();
    let mut owner = owner(&program);
    let (coach, model) = (row(&program, "coach"), row(&program, "model"));
    let refused = jarvis(&program, &["start", "nobody"]);
    assert!(refused.refusal(1).contains("coach, model"), "{refused}");
    let refused = jarvis(&program, &["start", "coach"]);
    assert!(refused.refusal(1).contains("runs already"), "{refused}");
    jarvis(&program, &["restart"]).refusal(2);
    jarvis(&program, &["restart", "coach"]).success();
    until(LONG, "another coach", || {
        let now = row(&program, "coach");
        now["state"] == "healthy" && now["pid"] != coach["pid"]
    });
    assert_eq!(row(&program, "model")["pid"], model["pid"]);
    jarvis(&program, &["stop", "--all"]).success();
    wait_for(&program, "stopped", "stopped");
    all_gone(&program);
    jarvis(&program, &["start", "--all"]).success();
    wait_for(&program, "healthy", "healthy");
    let logs = jarvis(&program, &["logs", "coach"]);
    assert!(logs.success().contains("here I am"), "{logs}");
    let logs = jarvis(&program, &["logs", "nobody"]);
    logs.refusal(1);
    let events = jarvis(&program, &["events", "--service", "coach", "--limit", "1000", "--json"]).json();
    let events = events.as_array().unwrap();
    assert!(events.len() > 3 && events.iter().all(|event| event["sidecar"] == "coach"), "{events:?}");
    assert_eq!(jarvis(&program, &["events", "--limit", "2", "--json"]).json().as_array().unwrap().len(), 2);
    jarvis(&program, &["shutdown"]).success();
    assert_eq!(owner.wait(LONG).code(), Some(0));
    assert!(!endpoint(&program).exists());
    all_gone(&program);
    jarvis(&program, &["status"]).refusal(4);
    assert!(jarvis(&program, &["logs", "coach"]).success().contains("here I am"));
}

#[test]
fn the_switch_is_flipped_kept_and_locked_by_the_environment() {
    // Seen red: with an environment that does not count.
    let program = Program::new();
    let end = |mut owner: Running| {
        owner.interrupt();
        assert_eq!(owner.wait(LONG).code(), Some(0));
    };
    let owner = bare(&program);
    assert_eq!(jarvis(&program, &["status", "--json"]).json(), json!([]));
    let flips = [autonomy(&program, "status"), autonomy(&program, "off"), autonomy(&program, "status")];
    assert_eq!(flips, [true, false, false]);
    end(owner);
    let owner = bare(&program);
    assert_eq!([autonomy(&program, "status"), autonomy(&program, "on")], [false, true]);
    end(owner);
    let program = program.with_env([("JARVIS_AUTONOMOUS".to_owned(), "no".to_owned())]);
    let owner = bare(&program);
    assert!(!autonomy(&program, "on"));
    let said = jarvis(&program, &["autonomy"]);
    assert!(said.success().contains("JARVIS_AUTONOMOUS"), "{said}");
    end(owner);
}

#[test]
fn without_a_supervisor_the_answer_is_4_and_how_to_start_one() {
    // Seen red: with exit code 1, and with a wrong JARVIS_PORT that kept `status` from answering.
    let program = Program::new();
    let program = program.with_env([("JARVIS_PORT".to_owned(), "none".to_owned())]);
    assert!(jarvis(&program, &["run"]).refusal(1).contains("JARVIS_PORT"));
    for words in ["status", "status --json", "start --all", "stop x", "restart x", "shutdown", "autonomy off"]
    {
        let refused = jarvis(&program, &words.split(' ').collect::<Vec<_>>());
        assert!(refused.refusal(4).contains("`ai-dawg jarvis run`"), "{words}: {refused}");
        assert_eq!(refused.stdout, "", "{words}");
    }
    jarvis(&program, &["logs"]).success();
    jarvis(&program, &["events"]).success();
    assert!(!program.data().join("jarvis").exists(), "asking leaves nothing behind");
    // Where a killed one listened there may be nobody, or a stranger, who is not shown the token.
    bare(&program).kill_9();
    jarvis(&program, &["status"]).refusal(4);
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let mut text: Value = serde_json::from_slice(&std::fs::read(endpoint(&program)).unwrap()).unwrap();
    text["port"] = json!(listener.local_addr().unwrap().port());
    std::fs::write(endpoint(&program), text.to_string()).unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
        }
    });
    jarvis(&program, &["status"]).refusal(4);
}

// Seen red: with a log that panics when it cannot be written.
#[test]
fn a_log_that_nobody_takes_ends_nothing() {
    let program = Program::new();
    let (reader, log) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = program.command(&["jarvis", "run", "--port", "0"]);
    let mut owner = command.stdout(Stdio::null()).stderr(log).spawn().unwrap();
    until(LONG, "an answer", || jarvis(&program, &["status"]).status.success());
    jarvis(&program, &["shutdown"]).success();
    assert_eq!(owner.wait().unwrap().code(), Some(0));
}

// Seen red: with the note of the port written without the queue.
#[test]
fn a_log_that_is_not_read_halts_nothing() {
    let program = Program::new();
    let (_reader, mut log) = std::io::pipe().unwrap();
    log.write_all(&[b'.'; 65_536]).unwrap(); // as much as a pipe holds
    let mut command = program.command(&["jarvis", "run", "--port", "0"]);
    let mut owner = command.stdout(Stdio::null()).stderr(log).spawn().unwrap();
    until(LONG, "an answer", || jarvis(&program, &["status"]).status.success());
    jarvis(&program, &["shutdown"]).success();
    assert_eq!(owner.wait().unwrap().code(), Some(0));
}

#[test]
fn a_second_supervisor_names_the_first_and_goes_with_3() {
    // Seen red: with exit code 1.
    let program = Program::new();
    let mut first = bare(&program);
    let second = jarvis(&program, &["run", "--port", "0"]);
    assert!(second.refusal(3).contains(&format!("process {}", first.id())), "{second}");
    assert_eq!(jarvis(&program, &["status", "--json"]).json(), json!([]), "the first is as it was");
    assert!(first.is_running());
}

#[test]
fn every_end_of_the_supervisor_ends_its_sidecars() {
    // Seen red: with an endpoint.json that stays behind.
    let program = declared();
    for signal in ["-INT", "-TERM", "-KILL"] {
        let mut owner = owner(&program);
        // Both, the keeper of the other's, and the process that went into a session of its own.
        assert!(started(&program).len() >= 4, "{:?}", started(&program));
        let sent = Command::new("kill").args([signal, &owner.id().to_string()]).status();
        assert!(sent.unwrap().success());
        let end = owner.wait(LONG);
        all_gone(&program);
        if signal == "-KILL" {
            continue;
        }
        assert_eq!(end.code(), Some(0), "{signal}: {end}");
        assert!(!endpoint(&program).exists(), "{signal}");
    }
}

#[test]
fn who_did_what_is_shown_and_verified_from_the_disk_with_three_exit_codes() {
    let program = Program::new();
    let nothing = jarvis(&program, &["audit"]);
    assert!(nothing.success().contains("nothing was done yet"), "{nothing}");
    let mut owner = bare(&program);
    autonomy(&program, "off");
    let last = || {
        let entries = jarvis(&program, &["audit", "--limit", "1", "--json"]).json();
        entries.as_array().unwrap()[0].clone()
    };
    assert_eq!((&last()["action"], &last()["by"]["who"]), (&json!("autonomy"), &json!("cli")));
    // While the owner runs, and after it was killed.
    assert_eq!(jarvis(&program, &["audit", "verify", "--json"]).json()["verdict"], "whole");
    owner.kill_9();
    assert!(jarvis(&program, &["audit", "verify"]).success().contains("whole: 2 entries"));
    let folder = program.data().join("jarvis");
    let head = std::fs::read_to_string(folder.join("audit.head")).unwrap();
    std::fs::write(folder.join("audit.head"), head.replace("\"seq\": 2", "\"seq\": 1")).unwrap();
    let tampered = jarvis(&program, &["audit", "verify"]);
    tampered.refusal(1);
    assert!(tampered.stdout.contains("head at entry 3"), "{tampered}");
    std::fs::remove_file(folder.join("audit.key")).unwrap();
    let keyless = jarvis(&program, &["audit", "verify"]);
    assert!(keyless.refusal(2).contains("audit.key"), "{keyless}");
    assert!(jarvis(&program, &["audit"]).success().contains("autonomy jarvis, done (switched off)"));
}

#[test]
fn logs_are_searched_and_a_port_means_nothing_to_them() {
    let program = Program::new();
    let logs = program.data().join("jarvis/logs");
    std::fs::create_dir_all(&logs).unwrap();
    std::fs::write(logs.join("coach.log.1"), "one\ntwo\n").unwrap();
    std::fs::write(logs.join("coach.log"), "three\n").unwrap();
    let found = jarvis(&program, &["logs", "coach", "--grep", "^t"]);
    assert_eq!(found.success().trim(), "two\nthree");
    jarvis(&program, &["logs", "--grep", "("]).refusal(2);
    jarvis(&program, &["--port", "5000", "status"]).refusal(2);
}

#[test]
fn a_trail_that_cannot_be_verified_is_not_told_to_be_tampered_with() {
    let program = Program::new();
    let nowhere = jarvis(&program, &["audit", "verify"]);
    assert!(nowhere.refusal(2).contains("AI_DAWG_DATA"), "{nowhere}");
    bare(&program).kill_9();
    jarvis(&program, &["audit", "verify"]).success();
    let code = |out: Stdio| {
        let mut verify = Command::new(program.binary());
        verify.args(["jarvis", "audit", "verify"]).env("AI_DAWG_DATA", program.data());
        verify.stdout(out).stderr(Stdio::null()).status().unwrap().code()
    };
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap().into();
    assert_eq!(code(full()), Some(2), "the answer could not be written");
    let (reader, closed) = std::io::pipe().unwrap();
    drop(reader);
    assert_eq!(code(closed.into()), Some(0), "nobody reads, and that is no error");
    let head = program.data().join("jarvis/audit.head");
    let mut text: Value = serde_json::from_slice(&std::fs::read(&head).unwrap()).unwrap();
    text["committed"]["seq"] = json!(77);
    std::fs::write(&head, text.to_string()).unwrap();
    assert_eq!(code(full()), Some(1), "what is known is said");
}

//! The supervisor as an operator meets it: the real window, the real coach killed from outside by its pid, seen and healed,
//! the switch flipped, killed again; while a singer records throughout. Then the program again: what was known is known.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests")]
#![cfg(target_os = "linux")]

use std::process::Command;
use std::time::Duration;

use dawg_tests::{Display, JackServer, Microphone, Program, Window, Witness, monotonic, poll, signal, until};
use serde_json::{Value, json};

const RATE: u32 = 48_000;
/// Longer than anything takes on a machine with much to do.
const LONG: Duration = Duration::from_secs(60);
/// A restart is due long before this: nothing is done for so long only if it is withheld.
const QUIET: Duration = Duration::from_secs(6);

/// The coach at any port; times and limits are the usual ones, but that a test may ask often.
const SIDECARS: &str = r#"
[control_plane]
requests = 100000
burst = 10000
[[sidecar]]
name = "vocal-coach"
command = ["{ai-dawg}", "sidecar", "vocal-coach"]
port = 0
identity = "nonce"
"#;

/// The coach, as the command line tells it.
fn coach(program: &Program) -> Value {
    program.run(&["jarvis", "status", "--json"]).json()[0].clone()
}

/// The coach's process, once it is healthy and another than `old`.
fn healthy(program: &Program, old: u64) -> u64 {
    let found = poll(LONG, || {
        let coach = coach(program);
        let pid = coach["pid"].as_u64().filter(|pid| *pid != old)?;
        (coach["state"] == "healthy").then_some(pid)
    });
    found.unwrap_or_else(|| panic!("the coach is not healthy: {}", coach(program)))
}

fn kill(pid: u64) {
    assert!(Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap().success());
}

/// What happened, oldest first.
fn events(program: &Program) -> Vec<Value> {
    let events = program.run(&["jarvis", "events", "--limit", "1000", "--json"]).json();
    events.as_array().unwrap().clone()
}

fn count(events: &[Value], kind: &str) -> usize {
    events.iter().filter(|event| event["kind"] == kind).count()
}

/// The acts in the audit trail, oldest first.
fn acts(program: &Program) -> Vec<String> {
    let entries = program.run(&["jarvis", "audit", "--json", "--limit", "1000"]).json();
    let entry = |entry: &Value| {
        format!("{} {}", entry["action"].as_str().unwrap(), entry["outcome"].as_str().unwrap())
    };
    entries.as_array().unwrap().iter().map(entry).collect()
}

/// The coach's row in the panel, once it says `state` and names `pid`.
fn row(window: &mut Window<'_>, state: &str, pid: Option<u64>) -> String {
    let name = format!("Vocal coach: {state}");
    let process = pid.map_or_else(String::new, |pid| format!("process {pid}"));
    window.wait(&format!("“{name}” {process}"), |shown| {
        let rows = shown.controls().into_iter();
        rows.filter(|it| it.name == name).map(|it| it.value).find(|value| value.contains(&process))
    })
}

/// Chunks of what is sung that this coach has answered; none while nobody sings to it.
fn heard(program: &Program) -> Option<u64> {
    let load = json!({ "module": "vocal-coach", "action": "load" });
    let told = &program.ask_owner("/api/v1/execute", Some(&load))["answer"];
    (told["singers"] == 1).then(|| told["chunks"].as_u64())?
}

/// The voice goes to the coach that runs now, and is answered.
fn coached(program: &Program, who: &str) {
    until(LONG, &format!("the voice to be heard by {who}"), || heard(program) > Some(10));
}

/// Xruns in each of some times, those that may be the machine's left out; where it stood still nearly all of one of them, all of
/// each, so that like is compared with like.
fn xruns<const N: usize>(microphone: &Microphone, witness: &Witness, times: [(u64, u64); N]) -> [usize; N] {
    let all = times.iter().any(|(from, to)| witness.judged(*from, *to) < 0.05);
    times.map(|(from, to)| {
        let told = microphone.xrun_times().into_iter().filter(|at| (from..to).contains(at));
        told.filter(|at| all || !witness.may_have_caused(*at)).count()
    })
}

/// For how long the device stood still at most between two samples that were sung, besides the machine.
fn longest_pause(microphone: &Microphone, witness: &Witness, from: usize, to: usize) -> Duration {
    let sent: Vec<_> = (from..to).step_by(64).filter_map(|sample| microphone.sent_at(sample)).collect();
    let pauses = sent.windows(2).map(|pair| (pair[1].saturating_sub(pair[0]), pair));
    let long = pauses.filter(|(pause, _)| *pause > 50_000_000);
    let ours = long.map(|(pause, pair)| {
        Duration::from_nanos(pause).saturating_sub(witness.stood_still(pair[0], pair[1]))
    });
    ours.max().unwrap_or_default()
}

// Seen red: see the sentences of each part.
#[test]
fn a_killed_coach_is_healed_or_told_and_the_take_is_whole() {
    let server = JackServer::start(RATE, 256);
    let display = Display::start(1600, 1000);
    let program = dawg_tests::studio(&server, &display);
    std::fs::create_dir_all(program.data().join("jarvis")).unwrap();
    std::fs::write(program.data().join("jarvis/sidecars.toml"), SIDECARS).unwrap();
    let sung = signal::distinct(300 * RATE as usize, 5);
    let (mut window, microphone) = Window::with_voice(&display, &program, &server, sung.clone());
    microphone.go();
    // With its drawer open, the voice goes to the coach.
    window.key("shift+p");
    window.wait_for("Live pitch");
    window.key("r");
    window.wait_state("recording", true);

    // Killed from outside: seen, healed, told.
    window.click("JARVIS");
    let first = healthy(&program, 0);
    row(&mut window, "healthy", Some(first));
    coached(&program, "the first coach");
    window.picture("jarvis-1-healthy");
    let (witness, killed, begun) = (Witness::start(), monotonic(), microphone.played());
    kill(first);
    window.wait("that it is down, and why", |shown| {
        shown.controls().into_iter().find(|it| it.name.contains("Vocal coach: down — "))
    });
    let second = healthy(&program, first);
    println!("healed after {:.1} s, asked from outside", (monotonic() - killed) as f64 / 1e9);
    let said = row(&mut window, "healthy", Some(second));
    window.wait("that it is back", |shown| {
        shown.controls().into_iter().find(|it| it.name.contains("Vocal coach: healed after"))
    });
    // Seen red: with a lost line that is not made again.
    coached(&program, "the second coach");
    // As much again, beside it: nobody is killed.
    let (until_then, back) = (microphone.played() - begun, monotonic());
    let beside = microphone.played();
    microphone.wait_played(beside + until_then, LONG);
    let [fallen, calm] = xruns(&microphone, &witness, [(killed, back), (back, monotonic())]);
    let pause = longest_pause(&microphone, &witness, begun, microphone.played());
    drop(witness);
    println!("{fallen} xruns in {until_then} frames with the coach killed, {calm} in as many beside it");
    // A busy machine has a few of its own, at random; a sound that waited for the coach would have many, or a long one.
    assert!(fallen <= 2 * calm + 4, "{fallen} xruns while the coach fell, {calm} beside it");
    assert!(pause < Duration::from_millis(100), "the sound stood still for {pause:?}");
    // One number on the screen is the command line's.
    let told = coach(&program);
    assert_eq!(told["restarts"], 1);
    for of in [format!("restarts {}", told["restarts"]), format!("port {}", told["port"])] {
        assert!(said.contains(&of), "{said} has no {of}");
    }
    until(LONG, "the restart to be verified", || count(&events(&program), "verified") == 1);
    assert!(acts(&program).iter().any(|act| act.starts_with("restart")), "{:?}", acts(&program));
    program.run(&["jarvis", "audit", "verify"]).success();
    window.wait("the audit entry in the panel", |shown| {
        shown.controls().into_iter().find(|it| it.name.contains("restart Vocal coach"))
    });
    window.picture("jarvis-2-healed");

    // The switch: killed again, nothing is done but told.
    window.click("Automatic actions");
    until(LONG, "the switch to be off", || {
        program.run(&["jarvis", "autonomy", "status", "--json"]).json()["on"] == false
    });
    kill(second);
    row(&mut window, "down", None);
    let restarted = poll(QUIET, || coach(&program)["pid"].as_u64());
    assert_eq!(restarted, None, "restarted while the switch is off");
    assert_eq!(count(&events(&program), "withheld"), 1);
    assert!(acts(&program).iter().any(|act| act.contains("withheld")), "{:?}", acts(&program));
    until(LONG, "an alert", || {
        let alerts = program.run(&["jarvis", "alerts", "--json"]).json();
        alerts.as_array().unwrap().iter().any(|alert| alert["service"] == "vocal-coach")
    });
    window.wait("the alert in the panel", |shown| {
        shown.controls().into_iter().find(|it| it.name.contains("Vocal coach is down"))
    });
    window.picture("jarvis-3-withheld");

    // All the while a singer recorded, and lost nothing.
    window.click("Arrange");
    window.key("space");
    window.wait_state("recording", false);
    window.wait_state("save", "saved");
    let takes = program.run(&["takes", "Night.dawg", "--track", "Voice", "--json"]).json();
    assert_eq!(takes.as_array().unwrap().len(), 1);
    let file = program.path("Night.dawg/audio").join(takes[0]["file"].as_str().unwrap());
    let take = signal::read_wav(file).planar[0].clone();
    let at = signal::find(&take[RATE as usize..][..1_000], &sung).unwrap();
    let heard = &take[RATE as usize..];
    assert!(heard.len() > 5 * RATE as usize, "a take of {} samples", heard.len());
    assert_eq!(
        signal::first_difference(&sung[at..][..heard.len()], heard),
        None,
        "a sample is lost or moved"
    );
    until(LONG, "the take among what is used", || {
        let report = program.run(&["jarvis", "report", "--json"]).json();
        report["usage"].as_array().unwrap().iter().any(|one| one["what"] == "take_recorded")
    });
    let before = events(&program).len();
    window.quit();

    // Another owner: all of it is there, and the restart of before still counts.
    let mut window = Window::open(&display, &program, &["Night.dawg"]);
    window.click("JARVIS");
    let mut pid = healthy(&program, 0);
    row(&mut window, "healthy", Some(pid));
    assert_eq!(program.run(&["jarvis", "autonomy", "status", "--json"]).json()["on"], false);
    assert!(events(&program).len() > before);
    let history = program.run(&["jarvis", "alerts", "--history", "--json"]).json();
    assert!(history.as_array().unwrap().iter().any(|alert| alert["service"] == "vocal-coach"), "{history}");
    let report = program.run(&["jarvis", "report", "--json"]).json();
    assert!(report["usage"].as_array().unwrap().iter().any(|one| one["what"] == "take_recorded"), "{report}");
    window.click("Automatic actions");
    until(LONG, "the switch to be on", || {
        program.run(&["jarvis", "autonomy", "status", "--json"]).json()["on"] == true
    });
    for _ in 0..2 {
        kill(pid);
        pid = healthy(&program, pid);
    }
    kill(pid);
    until(LONG, "a human to be called after three restarts in five minutes", || {
        count(&events(&program), "human_needed") == 1
    });
    // Down, and up and down five times besides.
    row(&mut window, "flapping", None);
    window.picture("jarvis-4-human-needed");
    window.quit();
}

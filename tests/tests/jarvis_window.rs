//! The view of the supervisor in the real window, with the real coach: what is shown is so, and a fall is seen healed.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests, which print what they measure")]
#![cfg(target_os = "linux")]

use std::process::Command;
use std::time::{Duration, Instant};

use dawg_tests::{Control, Display, Program, Shown, Window};
use serde_json::Value;

/// Longer than anything takes on a machine with much to do.
const LONG: Duration = Duration::from_secs(90);

/// The coach alone, anywhere, with short times.
const DECLARED: &str = "[times]\nliveness = 1.0\nstart_poll = 0.1\nverify = 2.0\ngrace = 2.0\n\
    [[sidecar]]\nname = \"vocal-coach\"\ncommand = [\"{ai-dawg}\", \"sidecar\", \"vocal-coach\"]\nport = 0\nidentity = \"nonce\"\n";

fn program(display: &Display) -> Program {
    let program = Program::new().with_env(display.env());
    let preferences = r#"{"toured":true,"device":{"host":"timer"}}"#;
    std::fs::write(program.data().join("preferences.json"), preferences).unwrap();
    std::fs::create_dir_all(program.data().join("jarvis")).unwrap();
    std::fs::write(program.data().join("jarvis/sidecars.toml"), DECLARED).unwrap();
    program.run(&["new", "Midnight Verse.dawg"]).success();
    program
}

/// The coach as the command line tells it.
fn coach(program: &Program) -> Value {
    program.run(&["jarvis", "status", "--json"]).json()[0].clone()
}

fn find(shown: &Shown, wanted: impl Fn(&Control) -> bool) -> Option<Control> {
    shown.controls().into_iter().find(|control| wanted(control))
}

/// A row of what happened that says this.
fn happened(shown: &Shown, words: &str) -> Option<Control> {
    find(shown, |control| control.role == "ListItem" && control.name.contains(words))
}

/// Frames drawn in three seconds in which nobody does anything.
fn drawn(window: &mut Window<'_>) -> u64 {
    let before = window.shown().frames();
    std::thread::park_timeout(Duration::from_secs(3));
    window.shown().frames() - before
}

#[test]
fn a_coach_that_is_killed_is_seen_healed_and_with_the_switch_off_only_told() {
    let display = Display::start(1_600, 1_000);
    let program = program(&display);
    let mut window = Window::open(&display, &program, &["Midnight Verse.dawg"]);
    window.wait_state("stage", "open");
    window.click("JARVIS");
    let row = window.wait_within(LONG, "the coach healthy", |shown| {
        find(shown, |control| control.name == "Vocal coach: healthy")
    });
    let before = coach(&program);
    let pid = before["pid"].as_u64().unwrap();
    // What is on the screen is what the command line says.
    for (word, field) in [("port", "port"), ("process", "pid"), ("restarts", "restarts")] {
        let words = format!("{word} {}", before[field]);
        assert!(row.value.contains(&words), "{words}: {}", row.value);
    }
    window.picture("jarvis-window-well");

    Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap();
    let fell = Instant::now();
    window.wait_within(LONG, "the fall in what happened", |shown| happened(shown, "Vocal coach: down"));
    println!("from the kill to the window: {:?}", fell.elapsed());
    window.wait_within(LONG, "the coach healed", |shown| happened(shown, "Vocal coach: healed after"));
    println!("from the kill to healed, as the window shows it: {:?}", fell.elapsed());
    let healed = window.wait_within(LONG, "one restart in its row", |shown| {
        find(shown, |control| control.name == "Vocal coach: healthy" && control.value.contains("restarts 1,"))
    });
    let now = coach(&program);
    assert!(now["pid"] != before["pid"] && healed.value.contains(&format!("process {}", now["pid"])));
    window.wait_within(LONG, "the restart verified", |shown| happened(shown, "the restart is verified"));
    window.click("Verify the audit trail");
    window.wait_within(LONG, "the trail intact", |shown| {
        find(shown, |control| control.name.starts_with("chain intact"))
    });
    window.picture("jarvis-window");
    pages(&mut window, "large");

    // A view at rest: once a second for what ages, and not at all where nothing of it is shown.
    let here = drawn(&mut window);
    window.click("Arrange");
    window.settled();
    let elsewhere = drawn(&mut window);
    println!("frames in 3 s: {here} with the panel, {elsewhere} without");
    assert!(here <= 12 && elsewhere <= 3, "{here} and {elsewhere} frames in 3 s");
    window.click("JARVIS state");

    window.click("Kill switch");
    window.wait("automatic actions off", |shown| {
        find(shown, |control| control.name == "Automatic actions" && control.on == Some(false))
    });
    assert_eq!(program.run(&["jarvis", "autonomy", "--json"]).json()["on"], false);
    let pid = coach(&program)["pid"].as_u64().unwrap();
    Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap();
    window.wait_within(LONG, "what was withheld", |shown| happened(shown, "the restart was withheld"));
    assert_eq!(coach(&program)["pid"], Value::Null, "nothing is done");
    window.picture("jarvis-window-off");

    window.click("Restart Vocal coach");
    window.wait_for("Restart Vocal coach?");
    window.click("Restart");
    window.wait_within(LONG, "the coach there again, since a human asked", |shown| {
        find(shown, |control| control.name == "Vocal coach: healthy")
    });
    window.quit();
}

#[test]
fn all_pages_fit_into_a_small_window() {
    let display = Display::start(1_280, 720);
    let program = program(&display);
    let mut window = Window::open(&display, &program, &["Midnight Verse.dawg"]);
    window.wait_state("stage", "open");
    window.click("JARVIS");
    window.wait_within(LONG, "the coach healthy", |shown| {
        find(shown, |control| control.name == "Vocal coach: healthy")
    });
    pages(&mut window, "small");
    window.quit();
}

/// A picture of each page.
fn pages(window: &mut Window<'_>, size: &str) {
    for page in ["Vitals", "Logs", "Alerts", "Audit", "Usage", "Overview"] {
        window.click(page);
        window.settled();
        window.picture(&format!("jarvis-{size}-{}", page.to_lowercase()));
    }
}

/// A line that says this.
fn said(shown: &Shown, words: &str) -> Option<Control> {
    find(shown, |control| control.name.contains(words))
}

#[test]
fn a_window_that_follows_says_who_owns_and_what_has_become_of_it() {
    let display = Display::start(1_280, 720);
    let program = program(&display);
    let mut owner = program.spawn(&["jarvis", "run"]);
    owner.wait_for_line("listens", LONG);
    let pid = owner.id();
    let mut window = Window::open(&display, &program, &["Midnight Verse.dawg"]);
    window.wait_state("stage", "open");
    window.key("F8");
    window.wait_within(LONG, "who owns", |shown| said(shown, &format!("attached to process {pid}")));
    let healthy = |shown: &Shown| find(shown, |control| control.name == "Vocal coach: healthy");
    window.wait_within(LONG, "the coach healthy", healthy);

    // What is asked here is done there.
    window.click("Restart Vocal coach");
    window.wait_for("Restart Vocal coach?");
    window.key("Return");
    window.wait_within(LONG, "the restart", |shown| happened(shown, "restart was asked for in the panel"));
    window.wait_within(LONG, "the coach healthy again", healthy);
    window.click("Kill switch");
    window.wait_within(LONG, "the switch off", |shown| happened(shown, "switched off in the panel"));
    window.click("Automatic actions");
    window.wait_within(LONG, "the switch on", |shown| happened(shown, "switched on in the panel"));
    window.click("Verify the audit trail");
    window.wait_within(LONG, "the trail intact", |shown| said(shown, "chain intact"));
    window.picture("jarvis-attached");

    let signal = |name: &str| {
        Command::new("kill").args([name, &pid.to_string()]).status().unwrap();
        Instant::now()
    };
    let since = signal("-STOP");
    window.wait_within(LONG, "that it is stopped", |shown| {
        said(shown, &format!("process {pid}, which owns the services, is stopped"))
    });
    println!("from the stop of the owner to the window: {:?}", since.elapsed());
    assert!(since.elapsed() < Duration::from_secs(15), "sooner than by the heartbeat");
    window.picture("jarvis-attached-stopped");
    let since = signal("-CONT");
    let gone = |shown: &Shown| said(shown, "as it was last heard").is_none().then_some(());
    window.wait_within(LONG, "that it goes on", gone);
    println!("from its going on to the window: {:?}", since.elapsed());

    let since = Instant::now();
    owner.kill_9();
    window.wait_within(LONG, "that it runs here", |shown| said(shown, "runs here"));
    println!("from the kill of the owner to the takeover in the window: {:?}", since.elapsed());
    window.wait_within(LONG, "the coach healthy here", healthy);
    println!("and to the coach healthy: {:?}", since.elapsed());
    window.picture("jarvis-attached-taken-over");
    window.key("F8");
    window.wait_gone("Kill switch");
    window.quit();
}

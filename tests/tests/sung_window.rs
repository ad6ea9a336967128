//! Somebody sings to the demo song: the window reads each note, draws the curve and the notes, and what was sung last
//! stays in sight when the song has stopped.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use dawg_tests::sung::{Chance, Singer, Sung};
use dawg_tests::{Display, JackServer, Window};

const RATE: u32 = 48_000;
/// A phrase in F♯ minor: the key as MIDI counts, seconds, and how it is read. The sixth is sung flat.
const PHRASE: [(f64, f64, &str); 10] = [
    (57.05, 0.67, "A3"),
    (58.96, 0.67, "B3"),
    (61.0, 1.33, "C♯4"),
    (64.04, 0.67, "E4"),
    (61.05, 0.67, "C♯4"),
    (58.72, 0.67, "B3"),
    (57.02, 1.33, "A3"),
    (53.96, 1.33, "F♯3"),
    (57.0, 0.67, "A3"),
    (60.96, 2.67, "C♯4"),
];

fn value(shown: &dawg_tests::Shown, name: &str) -> Option<String> {
    shown.controls().into_iter().find(|control| control.name == name).map(|control| control.value)
}

/// The coach, and nothing else.
const COACH: &str = r#"
[[sidecar]]
name = "vocal-coach"
command = ["{ai-dawg}", "sidecar", "vocal-coach"]
port = 0
identity = "nonce"
"#;

// Seen red: with a voice that goes to no coach.
#[test]
fn what_the_coach_says_of_a_flat_note_stands_beside_it() {
    let server = JackServer::start(RATE, 256);
    let display = Display::start(1600, 1000);
    let program = dawg_tests::studio(&server, &display);
    std::fs::create_dir_all(program.data().join("jarvis")).unwrap();
    std::fs::write(program.data().join("jarvis/sidecars.toml"), COACH).unwrap();
    let singer = Singer::plain(RATE);
    let notes = [Sung::note(56.6, 3.0), Sung::rest(0.5)].repeat(10);
    let sung = singer.perform(&notes, 0.6, &mut Chance::named(6, "window")).piece("flat");
    let (mut window, microphone) = Window::with_voice(&display, &program, &server, sung.samples);
    window.key("shift+p");
    window.wait("nobody sings", |shown| (value(shown, "Live pitch")? == "no voice").then_some(()));
    microphone.go();
    let said = window.wait("what the coach says", |shown| value(shown, "Vocal coach"));
    assert!(said.contains("flat") && said.contains("A3"), "{said}");
    window.picture("pitch-4-coached");
    window.quit();
}

#[test]
fn a_phrase_to_the_demo_is_read_note_by_note_and_stays_in_sight() {
    let server = JackServer::start(RATE, 256);
    let display = Display::start(1600, 1000);
    let program = dawg_tests::studio(&server, &display);
    let mut singer = Singer::plain(RATE);
    (singer.vibrato, singer.wander) = ((5.6, 32.0), 2.0);
    let notes: Vec<Sung> = PHRASE
        .iter()
        .flat_map(|(key, seconds, _)| [Sung::note(*key, seconds - 0.09), Sung::rest(0.09)])
        .collect();
    let sung = singer.perform(&notes, 0.6, &mut Chance::named(5, "window")).piece("phrase");
    let (mut window, microphone) = Window::with_voice(&display, &program, &server, sung.samples);
    window.key("shift+p");
    window.wait("nobody sings", |shown| (value(shown, "Live pitch")? == "no voice").then_some(()));
    window.picture("pitch-1-nothing-yet");
    window.key("space");
    window.wait_state("rolling", true);
    microphone.go();
    for (number, (_, _, name)) in PHRASE.iter().enumerate() {
        window.wait(&format!("note {number}, {name}"), |shown| {
            value(shown, "Live pitch")?.starts_with(&format!("{name} ")).then_some(())
        });
    }
    window.wait("the last note in tune", |shown| {
        value(shown, "Live pitch")?.ends_with("cents, in tune").then_some(())
    });
    std::thread::park_timeout(Duration::from_millis(1_400));
    // Ten seconds are in sight: the first notes may have left it, the flat one has not.
    let curve = value(&window.shown(), "Pitch curve").unwrap();
    window.picture("pitch-2-singing");
    let all: u32 = curve.split(' ').next().unwrap().parse().unwrap();
    assert!((6..=10).contains(&all), "{curve}");
    assert_eq!(curve, format!("{all} notes from F♯3 to E4, {} in tune", all - 1));
    window.wait("the end of the phrase", |shown| (value(shown, "Live pitch")? == "no voice").then_some(()));
    window.key("space");
    window.wait_state("rolling", false);
    window.settled();
    // Time stands as well: what was sung last is still there.
    let curve = value(&window.shown(), "Pitch curve").unwrap();
    assert!(curve.contains(" notes from F♯3 to "), "{curve}");
    window.picture("pitch-3-stopped");
    window.quit();
}

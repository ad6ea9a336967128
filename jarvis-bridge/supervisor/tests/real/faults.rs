//! Faults of a sidecar: seen, told truly, mended, or handed to a human.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use jarvis::by::By;
use jarvis::event::{Action, What};
use jarvis::health::State;

use crate::owned::{Owned, declared, ours};
use crate::rig::{runs, signal, started_with, timed, until};

fn healed(what: &What) -> Option<u64> {
    match what {
        What::Healed { after_ms } => Some(*after_ms),
        _ => None,
    }
}

#[test]
fn a_killed_sidecar_is_healed_and_verified() {
    // Seen red: with restarts that nobody counts.
    let owned = Owned::new(&ours("coach", ""));
    let before = owned.is("coach", State::Healthy);
    assert_eq!(before.version.as_deref(), Some("1.2.3"));
    signal(before.pid.unwrap(), "KILL");
    let after = owned.when("coach", "restarted", |now| now.state == State::Healthy && now.pid != before.pid);
    assert_eq!(after.restarts, 1);
    assert!(owned.event("healing", healed) < 10_000);
    owned.event("a proof", |what| matches!(what, What::Verified).then_some(()));
    assert!(owned.reasons(State::Down)[0].contains("killed (signal 9)"), "{:?}", owned.reasons(State::Down));
}

#[test]
fn a_hang_is_seen_by_two_time_outs_and_mended() {
    // Seen red: with a first silence that is not asked about again.
    let owned = Owned::new(&ours("coach", ""));
    let before = owned.is("coach", State::Healthy);
    signal(before.pid.unwrap(), "STOP");
    let (_, took) = timed(|| owned.event("healing", healed));
    // Asked after 0.3 s, 0.4 s of silence, asked again after 0.1 s, 0.4 s of silence; then killed and started.
    assert!(took < Duration::from_secs(15), "{took:?}");
    assert!(owned.reasons(State::Degraded)[0].contains("no answer within 0.4 s; asking again"));
    assert!(owned.reasons(State::Down)[0].contains("twice"));
    assert!(!runs(before.pid.unwrap()));
}

#[test]
fn slow_headers_are_no_answer_and_a_refused_connection_is_none() {
    // Seen red: with a time-out of the connection alone.
    let owned = Owned::new(&ours("coach", ""));
    owned.is("coach", State::Healthy);
    owned.mood("coach", "drip");
    owned.event("a fall", |what| match what {
        What::Changed(change) => (change.to == State::Down).then_some(()),
        _ => None,
    });
    assert!(owned.reasons(State::Down)[0].contains("no answer within"), "{:?}", owned.reasons(State::Down));
}

#[test]
fn a_crash_loop_is_tried_three_times_and_then_a_human_is_called() {
    // Seen red: with no limit within five minutes.
    let command = r#"["{ai-dawg}", "exit", "--code", "0", "--saying", "no model"]"#;
    let owned = Owned::new(&declared("coach", command, "identity = \"nonce\""));
    let tried = owned.event("a call for help", |what| match what {
        What::HumanNeeded { tried, .. } => Some(tried.clone()),
        _ => None,
    });
    assert_eq!(tried.len(), 3);
    assert!(tried.iter().all(|one| one.outcome.as_deref() == Some("exit code 0; its last words: no model")));
    let status = owned.status("coach");
    assert_eq!((status.state, status.restarts, status.pid), (State::Down, 3, None));
    assert!(status.reason.contains("exit code 0") && status.reason.contains("no model"), "{}", status.reason);
    // A human's start gives the restarts back.
    owned.act("coach", Action::Start);
    owned.when("coach", "tried again", |now| now.restarts == 6);
}

#[test]
fn who_ignores_a_stop_is_killed_and_stays_stopped() {
    // Seen red: with nobody killed after its grace.
    let command = r#"["sh", "-c", "trap '' TERM; DEAF=1 exec \"$0\" sidecar \"$@\"", "{ai-dawg}"]"#;
    let owned = Owned::new(&declared("coach", command, "identity = \"nonce\""));
    let pid = owned.is("coach", State::Healthy).pid.unwrap();
    owned.act("coach", Action::Stop);
    let status = owned.is("coach", State::Stopped);
    assert_eq!((status.pid, status.restarts), (None, 0));
    assert!(!runs(pid));
    assert_eq!(owned.reasons(State::Down), [""; 0]);
}

#[test]
fn a_stop_wins_over_a_restart_that_waits() {
    // Seen red: with a restart that goes on under a human's stop.
    let owned = Owned::with(&[("first", "0.4")], &ours("coach", ""), None);
    let pid = owned.is("coach", State::Healthy).pid.unwrap();
    signal(pid, "KILL");
    owned.event("a decision", |what| matches!(what, What::WillRestart { .. }).then_some(()));
    owned.act("coach", Action::Stop);
    owned.is("coach", State::Stopped);
    std::thread::park_timeout(Duration::from_millis(800));
    assert_eq!(owned.status("coach").state, State::Stopped);
    assert!(started_with(&owned.mark()).is_empty());
    owned.act("coach", Action::Start);
    owned.is("coach", State::Healthy);
}

#[test]
fn what_it_says_of_itself_is_told_with_its_reason() {
    // Seen red: with progress that is not kept.
    // Had it been well before, the moods below were so many changes that it flaps.
    let owned = Owned::new(&ours("coach", "start = false"));
    owned.mood("coach", "starting 0.5");
    owned.act("coach", Action::Start);
    let progress = owned.when("coach", "half way", |now| now.progress == Some(0.5));
    assert_eq!(progress.state, State::Starting);
    let moods = [
        ("degraded", State::Degraded, "model: not loaded"),
        ("well", State::Healthy, "ready"),
        ("empty", State::Degraded, "empty answer"),
        ("well", State::Healthy, "ready"),
        ("false", State::Degraded, "says nothing"),
    ];
    for (mood, state, reason) in moods {
        owned.mood("coach", mood);
        owned.when("coach", reason, |now| now.state == state && now.reason.contains(reason));
    }
    assert_eq!(owned.status("coach").restarts, 0);
}

#[test]
fn a_start_without_progress_ends() {
    // Seen red: with a start that never ends.
    let owned = Owned::with(&[("start", "0.3")], &ours("coach", "start = false"), None);
    owned.mood("coach", "starting 0.5");
    owned.act("coach", Action::Start);
    owned.when("coach", "given up", |now| now.restarts == 3 && now.state == State::Down);
    assert!(owned.reasons(State::Down)[0].contains("without progress"), "{:?}", owned.reasons(State::Down));
}

/// Answers 200 to everybody, in the name of nobody.
fn squatter() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK");
        }
    });
    port
}

#[test]
fn a_squatter_is_never_adopted() {
    // Seen red: with no port ever taken.
    let port = squatter();
    let moves =
        declared("moves", r#"["{ai-dawg}", "foreign", "--port", "{port}"]"#, &format!("port = {port}"));
    let fixed = declared(
        "fixed",
        &format!(r#"["{{ai-dawg}}", "foreign", "--port", "{port}"]"#),
        &format!("port = {port}"),
    );
    let owned = Owned::new(&(ours("coach", &format!("port = {port}")) + &moves + &fixed));
    for name in ["coach", "moves"] {
        assert_ne!(owned.is(name, State::Healthy).port, Some(port));
    }
    let blocked = owned.is("fixed", State::Blocked);
    let whose = format!("port {port} is taken by pid {}", std::process::id());
    assert!(blocked.reason.contains(&whose), "{}", blocked.reason);
    let reason = owned.event("a call for help", |what| match what {
        What::HumanNeeded { reason, .. } => Some(reason.clone()),
        _ => None,
    });
    assert!(reason.contains("End that program"), "{reason}");
}

#[test]
fn another_s_nonce_is_not_ours_and_the_sidecar_is_started_anew() {
    // Seen red: with a nonce that nobody compares.
    let owned = Owned::new(&ours("coach", ""));
    let before = owned.is("coach", State::Healthy);
    owned.mood("coach", "stranger");
    owned.event("a move", |what| matches!(what, What::Moved { .. }).then_some(()));
    owned.mood("coach", "well");
    owned.when("coach", "another", |now| now.state == State::Healthy && now.pid != before.pid);
}

#[test]
fn another_s_program_that_leaves_its_children_is_ended_with_them() {
    // Seen red: with a keeper that adopts nobody.
    let command = r#"["sh", "-c", "(setsid sleep 1000 &); exec \"$0\" foreign --port {port}", "{ai-dawg}"]"#;
    let owned = Owned::new(&declared("foreign", command, ""));
    owned.is("foreign", State::Healthy);
    until("all to be there", || (started_with(&owned.mark()).len() >= 3).then_some(()));
    owned.act("foreign", Action::Restart);
    owned.event("a start by a human", |what| match what {
        What::Changed(change) => change.reason.contains("restarted by a human").then_some(()),
        _ => None,
    });
    owned.act("foreign", Action::Stop);
    owned.is("foreign", State::Stopped);
    until("all to be gone", || started_with(&owned.mark()).is_empty().then_some(()));
}

#[test]
fn who_needs_another_starts_after_it_and_stops_before_it() {
    // Seen red: with needs that are not waited for, at the start and at the end.
    let mut owned = Owned::new(&(ours("brain", "needs = [\"coach\"]") + &ours("coach", "start = false")));
    let waits = owned.when("brain", "waiting", |now| now.reason.contains("waits for coach"));
    assert_eq!((waits.state, waits.pid), (State::Stopped, None));
    owned.act("coach", Action::Start);
    owned.is("brain", State::Healthy);
    drop(owned.owner.take());
    let stopped: Vec<_> = owned
        .events()
        .into_iter()
        .filter(|event| matches!(&event.what, What::Changed(change) if change.to == State::Stopped))
        .filter_map(|event| event.sidecar)
        .collect();
    assert_eq!(stopped, ["brain", "coach"]);
    assert!(started_with(&owned.mark()).is_empty());
}

#[test]
fn with_autonomy_off_nothing_is_done_but_told_until_a_human_asks() {
    // Seen red: with an environment that does not lock.
    let owned = Owned::with(&[], &ours("coach", ""), Some("off"));
    let pid = owned.is("coach", State::Healthy).pid.unwrap();
    signal(pid, "KILL");
    owned.event("what is withheld", |what| matches!(what, What::Withheld { .. }).then_some(()));
    std::thread::park_timeout(Duration::from_millis(300));
    let status = owned.status("coach");
    assert_eq!((status.state, status.restarts, status.pid), (State::Down, 0, None));
    assert!(!owned.client.autonomy(Some(true), By::name("test")).unwrap().on, "the environment wins");
    owned.act("coach", Action::Start);
    owned.is("coach", State::Healthy);
}

#[test]
fn flipped_on_again_what_was_withheld_is_done() {
    // Seen red: with nothing decided anew by the flip.
    let owned = Owned::new(&ours("coach", ""));
    let pid = owned.is("coach", State::Healthy).pid.unwrap();
    assert!(!owned.client.autonomy(Some(false), By::name("test")).unwrap().on);
    signal(pid, "KILL");
    owned.event("what is withheld", |what| matches!(what, What::Withheld { .. }).then_some(()));
    assert!(owned.client.autonomy(Some(true), By::name("test")).unwrap().on);
    owned.event("healing", healed);
}

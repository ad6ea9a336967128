//! Starting and ending, and that nothing is ever left behind.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, Stdio};
use std::time::Duration;

use jarvis::config::{Identity, Logs};
use jarvis::layout::Layout;
use jarvis::process::{Exit, Fate, Manner, ProcessHost, leftover};
use jarvis::running::{Proof, Running, Sidecar};

use crate::rig::{Rig, TRIAL, logged, runs, signal, started_with, timed, until};

const OURS: Identity = Identity::Nonce;
const ANOTHERS: Identity = Identity::Process;

fn rig() -> Rig {
    Rig::new(Logs::default())
}

#[test]
fn one_of_ours_says_its_port_and_ends_when_it_is_asked() {
    // Seen red: with the note never corrected.
    let mut rig = rig();
    let run = rig.start(OURS, 0, &[TRIAL, "sidecar"]);
    let pid = rig.pid(run);
    assert_ne!(rig.port(run), 0);
    // Its start is told before it is noted.
    until("the note", || {
        let noted = Running::read(&rig.layout).unwrap()?;
        noted.sidecars.iter().any(|sidecar| sidecar.proof.pid == pid).then_some(())
    });
    rig.host.end(run, Manner::Gracefully);
    assert!(matches!(rig.end_of(run), Fate::Ended { exit: Exit::Signal(15) | Exit::Code(0), .. }));
    assert!(!runs(pid));
    until("the note to be gone", || {
        Running::read(&rig.layout).unwrap().unwrap().sidecars.is_empty().then_some(())
    });
}

#[test]
fn a_death_is_told_at_once_with_its_code_or_signal_and_the_last_line() {
    // Seen red: without the last line, with a signal taken for a code, and with a keeper that always ends well.
    let mut rig = rig();
    let run = rig.start(ANOTHERS, 1, &[TRIAL, "exit", "--code", "3", "--saying", "no model here"]);
    let last_line = Some("no model here".to_owned());
    assert_eq!(rig.end_of(run), Fate::Ended { exit: Exit::Code(3), last_line: last_line.clone() });
    let run = rig.start(OURS, 0, &[TRIAL, "exit", "--code", "0", "--saying", "no model here"]);
    assert_eq!(rig.end_of(run), Fate::Ended { exit: Exit::Code(0), last_line });
    let run = rig.start(OURS, 0, &[TRIAL, "sidecar"]);
    let (pid, _) = (rig.pid(run), rig.port(run));
    signal(pid, "KILL");
    let (end, took) = timed(|| rig.end_of(run));
    assert!(matches!(end, Fate::Ended { exit: Exit::Signal(9), .. }), "{end:?}");
    assert!(took < Duration::from_secs(10), "told after {took:?}");
    assert!(logged(&rig.layout.logs()).0.contains("no model here"));
}

#[test]
fn what_cannot_be_started_says_why_and_what_to_do() {
    // Seen red: with another remedy in the message.
    let mut rig = rig();
    let run = rig.start(OURS, 0, &["/no/such/program"]);
    let Fate::Failed(why) = rig.end_of(run) else { panic!("it started") };
    assert!(why.contains("/no/such/program") && why.contains("correct its command"), "{why}");
}

#[test]
fn who_ignores_every_request_is_killed() {
    // Seen red: with SIGTERM instead of SIGKILL.
    let mut rig = rig();
    let script = "trap '' TERM; exec \"$0\" sidecar \"$@\"";
    let run = rig.start_in(OURS, 0, &["sh", "-c", script, TRIAL], &[("DEAF", "1")]);
    let (pid, _) = (rig.pid(run), rig.port(run));
    rig.host.end(run, Manner::Gracefully);
    std::thread::park_timeout(Duration::from_millis(300));
    assert!(runs(pid), "it is not as stubborn as this test needs it");
    rig.host.end(run, Manner::AtOnce);
    assert!(matches!(rig.end_of(run), Fate::Ended { exit: Exit::Signal(9), .. }));
}

#[test]
fn a_grandchild_that_holds_the_pipe_delays_nothing() {
    let mut rig = rig();
    // Seen red: with 60 s of patience for the pipe.
    let away =
        "setsid sh -c 'touch \"$MARK/away\"; exec sleep 1000' & while [ ! -e \"$MARK/away\" ]; do :; done";
    let run = rig.start(OURS, 0, &["sh", "-c", &format!("{away}; echo gone; exit 4")]);
    rig.pid(run);
    let (end, took) = timed(|| rig.end_of(run));
    assert_eq!(end, Fate::Ended { exit: Exit::Code(4), last_line: Some("gone".to_owned()) });
    assert!(took < Duration::from_secs(10), "{took:?}");
    // Ours know nothing of sessions; the test cleans up.
    for pid in started_with(&rig.mark()) {
        signal(pid, "KILL");
    }
}

#[test]
fn what_stays_in_the_group_ends_with_its_leader() {
    // Seen red: without the sweep of the group.
    let mut rig = rig();
    let run = rig.start(OURS, 0, &["sh", "-c", "sleep 1000 & sleep 1000 & echo up; kill -9 $$"]);
    rig.end_of(run);
    until("the group to be gone", || started_with(&rig.mark()).is_empty().then_some(()));
}

#[test]
fn a_keeper_ends_whoever_forked_twice_into_a_session_of_its_own() {
    // Seen red: with a keeper that adopts nobody.
    let mut rig = rig();
    let script =
        "(setsid sleep 1000 &) ; (setsid sh -c 'trap \"\" TERM; sleep 1000; sleep 1000' &) ; sleep 1000";
    for manner in [Manner::Gracefully, Manner::AtOnce, Manner::Forced] {
        let run = rig.start(ANOTHERS, 1, &["sh", "-c", script]);
        let keeper = rig.pid(run);
        // The keeper, the shell, three sleeps and a second shell.
        until("all to be there", || (started_with(&rig.mark()).len() >= 6).then_some(()));
        rig.host.end(run, manner);
        let end = rig.end_of(run);
        assert!(matches!(end, Fate::Ended { exit: Exit::Signal(15 | 9), .. }), "{manner:?}: {end:?}");
        assert!(!runs(keeper));
        until("all to be gone", || started_with(&rig.mark()).is_empty().then_some(()));
    }
}

#[test]
fn a_host_that_goes_takes_all_with_it() {
    // Seen red: with the leaders alone killed.
    let mut rig = rig();
    let ours = rig.start(OURS, 0, &[TRIAL, "sidecar"]);
    let anothers =
        rig.start(ANOTHERS, 0, &["sh", "-c", "(setsid sleep 1000 &) ; exec {ai-dawg} foreign --port {port}"]);
    rig.port(ours);
    rig.pid(anothers);
    until("all to be there", || (started_with(&rig.mark()).len() >= 4).then_some(()));
    let mark = rig.mark();
    drop(rig);
    until("all to be gone", || started_with(&mark).is_empty().then_some(()));
}

#[test]
fn a_killed_owner_leaves_no_orphan() {
    // Seen red: with a keeper that does not mind the end of its pipe.
    for kind in ["KILL", "TERM"] {
        let folder = tempfile::tempdir().unwrap();
        let mark = format!("MARK={}", folder.path().display());
        let mut owner = Command::new(TRIAL)
            .args(["host", "--folder"])
            .arg(folder.path())
            .env("MARK", folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(owner.stdout.take().unwrap()).lines();
        assert!(lines.by_ref().take(2).all(|line| line.unwrap().starts_with("pid ")));
        // The owner, its sidecar, the keeper, what it keeps and what has left it.
        until("all to be there", || (started_with(&mark).len() >= 5).then_some(()));
        let layout = Layout::within(folder.path());
        until("both to be noted", || (Running::read(&layout).unwrap()?.sidecars.len() == 2).then_some(()));
        signal(owner.id(), kind);
        owner.wait().unwrap();
        until("all to be gone", || started_with(&mark).is_empty().then_some(()));
        // The next owner finds nothing left over, although it is noted.
        let noted = Running::read(&layout).unwrap().unwrap();
        assert_eq!(noted.sidecars.len(), 2);
        assert!(leftover::end(&noted).is_empty());
    }
}

#[test]
fn what_was_left_over_is_ended_if_it_is_proven_ours_and_nothing_else() {
    // Seen red: without comparing the start, and without comparing the instance.
    let mut child = Command::new("sleep").arg("1000").env("DAWG_INSTANCE", "left").spawn().unwrap();
    let proof = until("the program to be there", || {
        let proof = leftover::proof(child.id(), "left");
        leftover::is_there(&proof).then_some(proof)
    });
    let running = |proof: Proof| {
        let sidecar = Sidecar { name: "coach".to_owned(), proof: proof.clone() };
        Running { owner: proof, sidecars: vec![sidecar], end: None }
    };
    let other_start = Proof { started: Some("another boot 1".to_owned()), ..proof.clone() };
    let other_instance = Proof { instance: "right".to_owned(), ..proof.clone() };
    for strange in [other_start, other_instance] {
        assert!(leftover::end(&running(strange)).is_empty());
        assert!(child.try_wait().unwrap().is_none(), "a stranger was ended");
    }
    let ended = leftover::end(&running(proof.clone()));
    assert_eq!(ended.len(), 1);
    assert!(ended[0].ended && ended[0].pid == proof.pid);
    child.wait().unwrap();
}

#[test]
fn a_taken_port_is_told_or_left_to_its_owner() {
    // Seen red: with no port ever taken.
    let squatter = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = squatter.local_addr().unwrap().port();
    let mut rig = rig();
    let fixed = rig.start(ANOTHERS, port, &[TRIAL, "foreign", "--port", &port.to_string()]);
    assert_eq!(rig.end_of(fixed), Fate::PortTaken { port, pid: Some(std::process::id()) });
    let moves = rig.start(ANOTHERS, port, &[TRIAL, "foreign", "--port", "{port}"]);
    let (given, why) = rig.fate(moves, "a start", |fate| match fate {
        Fate::Started { port, instead, .. } => Some((*port, instead.clone())),
        _ => None,
    });
    assert!(given.is_some_and(|given| given != port), "{given:?}");
    assert_eq!(why, Some(format!("port {port} is taken by pid {}", std::process::id())));
    let ours = rig.start(OURS, port, &[TRIAL, "sidecar"]);
    assert_ne!(rig.port(ours), port);
}

#[test]
fn output_without_end_costs_little_and_keeps_the_newest() {
    // Seen red: with nothing ever put aside.
    let mut rig = Rig::new(Logs { bytes: 1_000_000, keep: 2 });
    let megabytes = if std::env::var_os("DAWG_SOAK").is_some() { "1024" } else { "100" };
    let run = rig.start(ANOTHERS, 1, &[TRIAL, "write", "--megabytes", megabytes]);
    let end = rig.end_of(run);
    assert_eq!(end, Fate::Ended { exit: Exit::Code(0), last_line: Some("all written".to_owned()) });
    let (newest, size) = logged(&rig.layout.logs());
    assert!(newest.ends_with("all written\n"));
    assert!(size <= 3_000_000, "{size} bytes of log");
    assert!(size >= 2_000_000, "{size} bytes of log");
}

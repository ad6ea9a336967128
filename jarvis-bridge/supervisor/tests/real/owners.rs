//! Owners: one at a time, killed at any moment, and what the next one knows.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jarvis::by::By;
use jarvis::client::Client;
use jarvis::event::{Action, What};
use jarvis::health::State;
use jarvis::layout::Layout;
use jarvis::owner::{Options, Owner, StartError};

use crate::owned::{Owned, declared, ours, start, write};
use crate::rig::{TRIAL, program, signal, started_with, until};

pub(crate) fn spawn(folder: &std::path::Path) -> Child {
    let mut command = Command::new(TRIAL);
    command.args(["own", "--folder"]).arg(folder).stdout(Stdio::piped());
    command.spawn().unwrap()
}

#[test]
fn a_second_owner_is_told_who_the_first_is_and_starts_nothing() {
    // Seen red: with a lock that two can have.
    let owned = Owned::new(&ours("coach", ""));
    owned.is("coach", State::Healthy);
    let second = Owner::start(Options {
        layout: owned.layout.clone(),
        program: program(),
        environment: None,
        port: Ok(0),
    });
    let Err(StartError::NotOwned(why)) = second else { panic!("a second owner") };
    assert!(why.to_string().contains(&format!("process {}", std::process::id())), "{why}");
    assert_eq!(started_with(&owned.mark()).len(), 1);
}

#[test]
fn wrong_declarations_are_told_and_nothing_is_started() {
    // Seen red: with an endpoint that stays at a clean end.
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::within(folder.path());
    layout.make().unwrap();
    std::fs::write(layout.sidecars(), "[[sidecar]]\nname = 1").unwrap();
    let wrong =
        Owner::start(Options { layout: layout.clone(), program: program(), environment: None, port: Ok(0) });
    let said = wrong.unwrap_err().to_string();
    assert!(said.contains("line 2") && said.contains("sidecars.toml"), "{said}");
    // And the lock is free again.
    std::fs::remove_file(layout.sidecars()).unwrap();
    drop(start(&layout, None));
    assert!(!layout.endpoint().exists(), "a clean end leaves no endpoint");
}

#[test]
fn an_owner_killed_at_any_moment_leaves_no_orphan_and_the_next_one_begins() {
    // Seen red: with a keeper that does not mind the end of its pipe.
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::within(folder.path());
    layout.make().unwrap();
    let away = r#"["sh", "-c", "(setsid sleep 1000 &); exec \"$0\" foreign --port {port}", "{ai-dawg}"]"#;
    write(&layout, &[], &(ours("coach", "") + &declared("foreign", away, "")));
    let mark = format!("MARK={}", folder.path().display());
    let times = if std::env::var_os("DAWG_SOAK").is_some() { 50 } else { 10 };
    for round in 0..times {
        let mut owner = spawn(folder.path());
        std::thread::park_timeout(Duration::from_millis(round * 97 % 400));
        owner.kill().unwrap();
        owner.wait().unwrap();
        until("all to be gone", || started_with(&mark).is_empty().then_some(()));
    }
    let owner = start(&layout, None);
    until("both to be well", || {
        owner.client().status().unwrap().iter().all(|status| status.state == State::Healthy).then_some(())
    });
}

#[test]
fn the_next_owner_remembers_what_happened_and_which_restarts_count() {
    // Seen red: with earlier restarts forgotten.
    let mut owned = Owned::new(&ours("coach", ""));
    for restarts in 1..=3 {
        // At the third time it flaps: its port says that it is there.
        let before = owned.when("coach", "there", |now| now.port.is_some());
        signal(before.pid.unwrap(), "KILL");
        owned.when("coach", "restarted", |now| now.port.is_some() && now.restarts == restarts);
    }
    drop(owned.owner.take());
    let next = start(&owned.layout, None);
    owned.client = next.client();
    let pid = owned.is("coach", State::Healthy).pid.unwrap();
    signal(pid, "KILL");
    owned.event("a call for help", |what| matches!(what, What::HumanNeeded { .. }).then_some(()));
    let began = owned.events().iter().filter(|event| matches!(event.what, What::Began)).count();
    assert_eq!(began, 2);
}

#[test]
fn the_switch_and_the_alerts_that_are_over_outlive_the_owner() {
    // Seen red: with a flip, and the end of an alert, that are not kept, and with ids that begin anew.
    let command = r#"["{ai-dawg}", "exit", "--code", "3", "--saying", "no model here", "--port", "{port}"]"#;
    let mut owned = Owned::new(&declared("broken", command, ""));
    let alert = until("an alert", || {
        owned.client.alerts(false).unwrap().into_iter().find(|alert| alert.rule == "human_needed")
    });
    owned.act("broken", Action::Stop);
    until("its end", || owned.client.alerts(false).unwrap().is_empty().then_some(()));
    assert!(!owned.client.autonomy(Some(false), By::name("test")).unwrap().on);
    drop(owned.owner.take());
    let next = start(&owned.layout, None);
    owned.client = next.client();
    let switch = owned.client.autonomy(None, By::name("test")).unwrap();
    assert!(!switch.on && !switch.stored && switch.locked.is_none(), "{switch:?}");
    // The program was started by a human, so the sidecar is tried; nothing more is done, and that is told.
    owned.event("what is withheld", |what| matches!(what, What::Withheld { .. }).then_some(()));
    let history = owned.client.alerts(true).unwrap();
    let before = history.iter().find(|one| one.id == alert.id).expect("the alert is forgotten");
    assert!(before.until.is_some() && before.since == alert.since, "{before:?}");
    // The next alert is not taken for that one.
    assert!(owned.client.autonomy(Some(true), By::name("test")).unwrap().on);
    let later = until("another alert", || {
        owned.client.alerts(false).unwrap().into_iter().find(|alert| alert.rule == "human_needed")
    });
    assert!(later.id > alert.id, "{later:?}");
}

#[test]
fn another_program_speaks_to_the_owner_and_is_told_when_there_is_none() {
    // Seen red: with an endpoint that is believed though nobody answers there.
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::within(folder.path());
    layout.make().unwrap();
    write(&layout, &[], &ours("coach", ""));
    assert!(Client::find(&layout).unwrap_err().to_string().contains("no supervisor runs"));
    let mut owner = spawn(folder.path());
    let mut lines = BufReader::new(owner.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("port "));
    let client = Client::find(&layout).unwrap();
    until("the coach to be well", || (client.status().unwrap()[0].state == State::Healthy).then_some(()));
    client.shutdown().unwrap();
    assert!(owner.wait().unwrap().success());
    assert!(Client::find(&layout).is_err());
    // One that was killed leaves its endpoint, where nobody answers.
    let mut owner = spawn(folder.path());
    until("an owner", || Client::find(&layout).ok());
    owner.kill().unwrap();
    owner.wait().unwrap();
    assert!(layout.endpoint().exists());
    assert!(Client::find(&layout).unwrap_err().to_string().contains("no supervisor runs"));
}

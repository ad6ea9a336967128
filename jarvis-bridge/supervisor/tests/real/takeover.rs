//! An owner that dies is followed by an attached program; one that was asked to end is not.

use std::process::Child;
use std::time::Duration;

use crossbeam_channel::{Sender, bounded};
use jarvis::by::By;
use jarvis::client::{Client, EventQuery};
use jarvis::control_loop::Target;
use jarvis::endpoint::Endpoint;
use jarvis::event::{Action, What};
use jarvis::health::State;
use jarvis::layout::Layout;
use jarvis::owner::{Options, Owner};
use jarvis::running::{End, Proof, Running};
use jarvis::status::Status;
use jarvis::store::Reader;
use jarvis::takeover::{Succession, appears, succeed, was_asked_to_end};

use crate::owned::{ours, write};
use crate::rig::{program, runs, started_with, timed, until};

/// The contract's.
const LIMIT: Duration = Duration::from_secs(10);

/// An owner in another program, two sidecars of it, and what an attached program knows of them.
struct Beside {
    folder: tempfile::TempDir,
    layout: Layout,
    owner: Child,
    client: Client,
    instance: String,
}

impl Beside {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::within(folder.path());
        layout.make().unwrap();
        write(&layout, &[], &(ours("coach", "") + &ours("producer", "")));
        let owner = super::owners::spawn(folder.path());
        let client = until("an owner", || Client::find(&layout).ok());
        let instance = Endpoint::read(&layout).unwrap().unwrap().instance;
        let beside = Self { folder, layout, owner, client, instance };
        for name in ["coach", "producer"] {
            is(&beside.client, name, State::Healthy);
        }
        beside
    }

    fn mark(&self) -> String {
        format!("MARK={}", self.folder.path().display())
    }

    fn options(&self) -> Options {
        Options { layout: self.layout.clone(), program: program(), environment: None, port: Ok(0) }
    }

    /// Waits as an attached program does.
    fn succeed(&self) -> Succession {
        let (_stay, leave) = stays();
        succeed(self.options(), &self.instance, &leave).unwrap()
    }

    fn kill(&mut self) {
        self.owner.kill().unwrap();
        self.owner.wait().unwrap();
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // It is over already where all went well.
        let _ = self.owner.kill();
        let _ = self.owner.wait();
    }
}

fn stays() -> (Sender<()>, crossbeam_channel::Receiver<()>) {
    bounded(1)
}

fn is(client: &Client, name: &str, state: State) -> Status {
    until(&format!("{name} to be {state}"), || {
        let found = client.status().ok()?.into_iter().find(|status| status.name == name)?;
        (found.state == state).then_some(found)
    })
}

fn owner(succession: Succession) -> Box<Owner> {
    match succession {
        Succession::Owner(owner) => owner,
        other => panic!("no owner: {other:?}"),
    }
}

#[test]
fn a_killed_owner_is_followed_within_10_s_and_its_sidecars_are_new() {
    // Seen red: with no sidecar wanted after a takeover, and with starts that nobody writes down.
    let mut beside = Beside::new();
    let before: Vec<u32> = started_with(&beside.mark());
    assert_eq!(before.len(), 2);
    beside.kill();
    let (next, took) = timed(|| {
        let next = owner(beside.succeed());
        for name in ["coach", "producer"] {
            is(&next.client(), name, State::Healthy);
        }
        next
    });
    eprintln!("followed, with sidecars that are well, after {took:?}");
    assert!(took < LIMIT, "followed after {took:?}");
    assert!(before.iter().all(|pid| !runs(*pid)), "an old sidecar is there still");
    assert_eq!(started_with(&beside.mark()).len(), 2);
    // Nobody asked for these starts: they are written down.
    let audited = jarvis::audit::newest(&beside.layout, 100).unwrap();
    let starts = audited.iter().filter(|entry| entry.record.action == "start");
    let mut targets: Vec<&str> = starts.map(|entry| entry.record.target.as_str()).collect();
    targets.sort_unstable();
    assert_eq!(targets, ["coach", "producer"]);
    drop(next);
    assert!(started_with(&beside.mark()).is_empty());
}

#[test]
fn what_a_human_stopped_stays_stopped_and_what_happened_is_known_after_a_takeover() {
    // Seen red: with what a human wanted not read.
    let mut beside = Beside::new();
    beside.client.act(Target::One("coach".to_owned()), Action::Stop, By::name("test")).unwrap();
    is(&beside.client, "coach", State::Stopped);
    beside.kill();
    let next = owner(beside.succeed());
    is(&next.client(), "producer", State::Healthy);
    let coach = is(&next.client(), "coach", State::Stopped);
    assert!(coach.reason.contains("by a human"), "{}", coach.reason);
    assert_eq!(started_with(&beside.mark()).len(), 1);
    let events = Reader::open(&beside.layout.events()).unwrap().events(&EventQuery::default()).unwrap();
    assert_eq!(events.iter().filter(|event| event.what == What::Began).count(), 2);
}

#[test]
fn while_autonomy_is_off_a_takeover_starts_nothing_and_says_so() {
    // Seen red: with starts while autonomy is off.
    let mut beside = Beside::new();
    beside.client.autonomy(Some(false), By::name("test")).unwrap();
    beside.kill();
    let next = owner(beside.succeed());
    is(&next.client(), "coach", State::Down);
    assert!(!next.client().autonomy(None, By::name("test")).unwrap().on);
    assert!(started_with(&beside.mark()).is_empty());
    next.client().autonomy(Some(true), By::name("test")).unwrap();
    is(&next.client(), "coach", State::Healthy);
}

#[test]
fn an_owner_that_was_asked_to_end_is_not_followed_until_there_is_another() {
    // Seen red: with a human's word not read, and with a new owner not seen.
    let mut beside = Beside::new();
    beside.client.shutdown().unwrap();
    assert!(matches!(beside.succeed(), Succession::Ended));
    assert!(beside.owner.wait().unwrap().success());
    assert!(started_with(&beside.mark()).is_empty());
    let (stay, leave) = stays();
    let layout = beside.layout.clone();
    let waits = std::thread::spawn(move || appears(&layout, &leave));
    beside.owner = super::owners::spawn(beside.folder.path());
    assert!(waits.join().unwrap());
    drop(stay);
}

#[test]
fn a_word_about_an_earlier_owner_does_not_keep_a_killed_one_from_being_followed() {
    // Seen red: with any word that counts.
    let mut beside = Beside::new();
    beside.kill();
    // As if the killed one had not come to write its own: its endpoint alone tells of it.
    let owner = Proof { pid: 1, started: None, instance: "an earlier one".to_owned() };
    let said = Running { owner, sidecars: Vec::new(), end: Some(End::Asked) };
    said.publish(&beside.layout).unwrap();
    assert!(!was_asked_to_end(&beside.layout));
    let next = self::owner(beside.succeed());
    is(&next.client(), "coach", State::Healthy);
    // And what a human says of this one counts.
    next.client().shutdown().unwrap();
    next.wait();
    assert!(was_asked_to_end(&beside.layout));
}

#[test]
fn who_waits_leaves_when_told_to_and_learns_of_another_owner() {
    // Seen red: with each taken for the other.
    let beside = Beside::new();
    let (stay, leave) = stays();
    drop(stay);
    assert!(matches!(succeed(beside.options(), &beside.instance, &leave).unwrap(), Succession::Left));
    let (_stay, leave) = stays();
    assert!(matches!(succeed(beside.options(), "an earlier one", &leave).unwrap(), Succession::Another));
}

#[test]
fn an_owner_whose_window_was_closed_is_followed() {
    // Seen red: with a closed window taken for a human's end.
    let mut beside = Beside::new();
    beside.kill();
    let first = owner(beside.succeed());
    let instance = Endpoint::read(&beside.layout).unwrap().unwrap().instance;
    drop(first);
    let (_stay, leave) = stays();
    let second = owner(succeed(beside.options(), &instance, &leave).unwrap());
    is(&second.client(), "coach", State::Healthy);
}

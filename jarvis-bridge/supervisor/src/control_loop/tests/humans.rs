//! What a human asks for, or had asked for: all of it happens, in order, and nothing else.

use super::*;
use crate::audit::Record;
use crate::clock::Wall;
use crate::process::Manner;
use crate::store::Store;

#[test]
fn a_start_by_a_takeover_is_audited_with_who_and_why() {
    // Seen red: with a start that nobody writes down.
    let started = |environment: Option<&str>| {
        let mut stage = Stage::new(COACH, MemoryStore::default(), environment, Begin::Takeover);
        stage.live(5.0);
        let entries = stage.audit.iter().map(|entry| entry.record.clone());
        (stage.started().len(), entries.filter(|entry| entry.action == "start").collect::<Vec<_>>())
    };
    let (starts, entries) = started(None);
    assert_eq!((starts, entries.len()), (1, 1), "{entries:?}");
    assert_eq!((entries[0].by.who.as_str(), entries[0].target.as_str()), ("jarvis", "coach"));
    assert!(entries[0].reason.contains("the program that supervised it is gone"), "{}", entries[0].reason);
    assert_eq!(started(Some("off")), (0, Vec::new()));
}

#[test]
fn what_a_human_had_stopped_stays_so_also_where_that_can_be_read_only_later() {
    // Seen red: with nothing recalled but the switch (a start as soon as that was known), and with restarts that are not.
    let unread = Some(Wall(1_700_000_000_000 + 20_000));
    for stopped in [true, false] {
        let mut store = MemoryStore::default();
        store.unread_until = unread;
        store.set_wanted("coach", Some(!stopped));
        // All that it has.
        let spent: Vec<Wall> = (1..=5).map(|second| Wall(1_700_000_000_000 - second * 1_000)).collect();
        store.set_restarts("coach", &spent);
        let mut stage = Stage::new(COACH, store, None, Begin::Takeover);
        stage.live(19.0);
        assert_eq!(stage.started().len(), 0, "started while nobody knows whether it may be");
        stage.live(40.0);
        assert_eq!(stage.started().len(), 0);
        let human = stage.find(|what| matches!(what, What::HumanNeeded { .. }).then(String::new));
        assert_eq!(human.len(), usize::from(!stopped), "its restarts are used up");
    }
}

#[test]
fn what_starts_with_the_program_goes_on_when_it_is_known_that_it_had_been_stopped() {
    // Seen red: with nothing written where it seems to be so already.
    let mut store = MemoryStore::default();
    store.unread_until = Some(Wall(1_700_000_000_000 + 20_000));
    store.set_wanted("coach", Some(false));
    let mut stage = Stage::new(COACH, store, None, Begin::Human);
    stage.live(60.0);
    assert_eq!((stage.started().len(), stage.ended()), (1, Vec::new()));
}

fn act(stage: &mut Stage, target: Target, action: Action) {
    let answer = crossbeam_channel::unbounded().0;
    stage.request(Request::Act(target, action, By::name("test"), answer));
}

fn names(ended: Vec<(String, Manner)>) -> Vec<String> {
    ended.into_iter().map(|(name, _)| name).collect()
}

#[test]
fn all_are_stopped_in_reverse_and_started_in_order() {
    // Seen red: with all told to end at once, in the order in which they are declared.
    let needs = |name: &str, need: &str| COACH.replace("coach", name) + &format!("needs = [\"{need}\"]\n");
    let config = COACH.to_owned() + &needs("brain", "coach") + &needs("producer", "brain");
    let reverse = ["producer", "brain", "coach"];
    let mut stage = stage(&config);
    stage.live(10.0);
    act(&mut stage, Target::All, Action::Restart);
    stage.live(10.0);
    assert_eq!(names(stage.ended()), reverse);
    let started: Vec<String> = stage.started().iter().map(|order| order.name.to_string()).collect();
    assert_eq!(started, ["coach", "brain", "producer", "coach", "brain", "producer"]);
    act(&mut stage, Target::All, Action::Stop);
    stage.live(10.0);
    assert_eq!(names(stage.ended())[3..], reverse);
    assert_eq!(stage.started().len(), 6, "what was stopped stays so");

    // Who does not end holds the others up for its grace, the killing, and no longer.
    let mut stage = self::stage(&config);
    stage.live(10.0);
    stage.sticks();
    act(&mut stage, Target::All, Action::Stop);
    stage.live(4.0);
    assert_eq!(names(stage.ended()), ["producer"]);
    stage.live(60.0);
    assert!(names(stage.ended()).contains(&"coach".to_owned()), "{:?}", stage.ended());
}

#[test]
fn what_a_human_said_before_its_port_was_found_taken_holds() {
    // Seen red: with a human called for one that is not wanted.
    let taken = || Fate::PortTaken { port: 8000, pid: Some(7) };
    for (action, starts) in [(Action::Stop, 1), (Action::Restart, 2)] {
        let mut stage = stage(COACH);
        stage.gives(|_| Vec::new());
        stage.live(1.0);
        stage.sticks();
        act(&mut stage, Target::One("coach".to_owned()), action);
        stage.live(0.1);
        stage.meets(taken());
        stage.live(1.0);
        let called = stage.find(|what| matches!(what, What::HumanNeeded { .. }).then_some(()));
        assert_eq!((called.len(), stage.started().len()), (0, starts));
    }
    let mut stage = stage(COACH);
    stage.gives(move |_| vec![taken()]);
    stage.live(1.0);
    assert_eq!(stage.find(|what| matches!(what, What::HumanNeeded { .. }).then_some(())).len(), 1);
}

#[test]
fn a_switch_that_the_store_has_lost_is_as_the_audit_has_it() {
    // Seen red: with the store's word alone.
    let mut stage = stage(COACH);
    // Seen red: with whatever somebody asked to be done under that name.
    let refused = Record {
        at: Wall(1),
        by: By::name("test"),
        action: "autonomy".to_owned(),
        target: "jarvis".to_owned(),
        reason: "“jarvis” has no such action".to_owned(),
        outcome: "refused".to_owned(),
    };
    stage.request(Request::Audit(refused));
    stage.live(1.0);
    assert_eq!(stage.chosen(), None);
    for on in [false, true, false] {
        let answer = crossbeam_channel::unbounded().0;
        stage.request(Request::Autonomy(Some(on), By::name("test"), answer));
        stage.live(1.0);
        stage.forget();
        assert_eq!(stage.chosen(), Some(on));
    }
}

#[test]
fn who_cannot_be_ended_holds_up_nobody_at_the_end() {
    // Seen red: with waiting until all are over.
    let brain = COACH.replace("coach", "brain") + "needs = [\"coach\"]\n";
    let mut stage = stage(&(COACH.to_owned() + &brain));
    stage.live(5.0);
    stage.sticks();
    let asked = stage.now();
    stage.request(Request::Leave);
    stage.live(120.0);
    assert!(stage.over, "it is not over after two minutes");
    let took = stage.now().since(asked);
    // Each has its grace of 5 s, and 5 s after it was killed; one needs the other.
    assert!(took <= Duration::from_secs(21), "{took:?}");
    assert!(stage.ended().contains(&("coach".to_owned(), Manner::Gracefully)), "{:?}", stage.ended());
    assert!(stage.ended().contains(&("brain".to_owned(), Manner::Forced)), "{:?}", stage.ended());
}

//! The loop's own laws, each in a world made for it. What befalls by chance is in `simulation`.

mod stage;

use std::time::Duration;

use super::{Begin, Request};
use crate::alert::{Alert, Severity};
use crate::by::By;
use crate::clock::Wall;
use crate::control_loop::Target;
use crate::event::{Action, What};
use crate::gauge::Gauge;
use crate::health::Finding;
use crate::probe::{Outcome, Question};
use crate::process::{Fate, Manner};
use crate::store::{MemoryStore, Store};
use stage::Stage;

const COACH: &str = "[[sidecar]]\nname = \"coach\"\ncommand = [\"coach\"]\nidentity = \"nonce\"\n";

fn stage(config: &str) -> Stage {
    Stage::new(config, MemoryStore::default(), None, Begin::Human)
}

fn ready() -> (Outcome, Duration) {
    (Outcome::Found(Finding::Ready), Duration::from_millis(10))
}

fn silent(question: &Question) -> (Outcome, Duration) {
    (Outcome::Found(Finding::Silent("no answer within 5 s".to_owned())), question.timeout)
}

fn is_healed(what: &What) -> Option<()> {
    matches!(what, What::Healed { .. }).then_some(())
}

/// Whether a restart was called verified.
fn verdict(what: &What) -> Option<bool> {
    match what {
        What::Verified => Some(true),
        What::NotVerified => Some(false),
        _ => None,
    }
}

fn moved(what: &What) -> Option<String> {
    match what {
        What::Moved { reason } => Some(reason.clone()),
        _ => None,
    }
}

fn closed(what: &What) -> Option<String> {
    match what {
        What::AlertClosed { reason, .. } => Some(reason.clone()),
        _ => None,
    }
}

#[test]
fn a_restart_is_verified_by_a_question_asked_when_its_time_is_over() {
    // Seen red: with nobody asked at that time.
    let mut stage = stage(COACH);
    stage.live(7.3);
    stage.kill();
    stage.live(3.0);
    let healed = stage.find(is_healed)[0].0;
    stage.live(12.0);
    let end = healed.after(Duration::from_secs(10));
    assert!(stage.asked().contains(&end), "asked at {:?}, not at {end:?}", stage.asked());
    let verdicts = stage.find(verdict);
    assert_eq!(verdicts, [(end.after(Duration::from_millis(10)), true)]);
}

#[test]
fn who_does_not_answer_when_its_time_is_over_is_not_verified() {
    // Seen red: with any answer that counts, and with the last answer before that time.
    for silent_from in [1.0, 9.9] {
        let mut stage = stage(COACH);
        stage.live(7.3);
        stage.kill();
        stage.live(3.0);
        let healed = stage.find(is_healed)[0].0;
        let from = healed.after(Duration::from_secs_f64(silent_from)).since(stage.now());
        stage.live(from.as_secs_f64());
        stage.replies(silent);
        stage.live(17.0);
        let verdicts: Vec<bool> = stage.find(verdict).into_iter().map(|(_, verified)| verified).collect();
        assert_eq!(verdicts.first(), Some(&false), "silent from {silent_from} s on");
    }
}

#[test]
fn a_question_out_of_turn_does_not_put_off_the_next_one() {
    // Seen red: with each answer that moves the next question by 10 s.
    let mut stage = stage(COACH);
    stage.live(300.0);
    let asked = stage.asked();
    let longest = asked.windows(2).map(|pair| pair[1].since(pair[0])).max().unwrap();
    assert!(longest <= Duration::from_millis(10_020), "{longest:?} between two questions");
}

#[test]
fn who_cannot_be_asked_is_not_asked_again_and_again() {
    // Seen red: with the next question not put off.
    let mut stage = stage(COACH);
    stage.live(5.0);
    // Asked at 10.3 s, without an answer until 15.3 s, and due to be asked again at 16.3 s.
    stage.replies(silent);
    stage.live(10.8);
    stage.replies(|_| (Outcome::NotAsked("there can be no more threads".to_owned()), Duration::ZERO));
    let before = stage.turns;
    stage.live(60.0);
    let turns = stage.turns - before;
    assert!((10..400).contains(&turns), "{turns} turns in a minute");
    // And then it is known again.
    stage.replies(|_| ready());
    stage.live(2.0);
    let back = stage.find(|what| match what {
        What::Changed(change) => Some(change.to),
        _ => None,
    });
    assert_eq!(back.last().unwrap().1, crate::health::State::Healthy);
}

#[test]
fn a_move_is_told_once_when_it_has_happened_and_why() {
    // Seen red: with a move told whenever another answers.
    let config = format!("[restarts]\nfirst = 60.0\nlongest = 60.0\njitter = 0.0\n{COACH}");
    let mut stage = stage(&config);
    stage.live(5.0);
    let strange = |question: &Question| match question.port {
        5001 => (Outcome::NotOurs("another answers".to_owned()), Duration::from_millis(10)),
        _ => ready(),
    };
    stage.replies(strange);
    stage.live(50.0);
    assert_eq!(stage.find(moved), [], "it has not moved yet");
    stage.live(60.0);
    let moves = stage.find(moved);
    assert_eq!(moves.len(), 1, "{moves:?}");
    assert!(moves[0].1.contains("another answers") && moves[0].1.contains("5002"), "{moves:?}");
    let restarted = stage.find(|what| matches!(what, What::Restarted).then_some(()));
    assert!(restarted.len() == 1 && restarted[0].0 <= moves[0].0);
    // Another start elsewhere is no move of its own.
    stage.kill();
    stage.live(100.0);
    assert_eq!((stage.started().len(), stage.find(moved).len()), (3, 1));
}

#[test]
fn who_may_not_be_moved_has_not_moved_until_a_human_starts_it() {
    // Seen red: with a move told whenever another answers.
    let mut stage = Stage::new(COACH, MemoryStore::default(), Some("off"), Begin::Human);
    stage.replies(|question| match question.port {
        5001 => (Outcome::NotOurs("another answers".to_owned()), Duration::ZERO),
        _ => ready(),
    });
    stage.live(60.0);
    assert_eq!(stage.find(moved), []);
    let answer = crossbeam_channel::unbounded().0;
    stage.request(Request::Act(Target::One("coach".to_owned()), Action::Restart, By::name("test"), answer));
    stage.live(10.0);
    assert_eq!(stage.find(moved).len(), 1);
}

#[test]
fn a_port_that_was_taken_at_the_start_is_a_move_with_its_reason() {
    // Seen red: with a start elsewhere that nobody is told of.
    let foreign = "[[sidecar]]\nname = \"foreign\"\ncommand = [\"foreign\", \"{port}\"]\nport = 9000\n";
    for (given, instead, expected) in
        [(9000, None, None), (9500, Some("port 9000 is taken by pid 7".to_owned()), Some("taken by pid 7"))]
    {
        let mut stage = stage(foreign);
        stage.gives(move |_| vec![Fate::Started { pid: 8, port: Some(given), instead: instead.clone() }]);
        stage.live(30.0);
        let reasons: Vec<String> = stage.find(moved).into_iter().map(|(_, reason)| reason).collect();
        assert_eq!(reasons.len(), usize::from(expected.is_some()), "{reasons:?}");
        assert!(reasons.iter().all(|reason| reason.contains(expected.unwrap())), "{reasons:?}");
    }
    // One of ours binds by itself: that it could not have its port is all that is known.
    let mut stage = stage(&format!("{COACH}port = 8000\n"));
    stage.live(30.0);
    let moves = stage.find(moved);
    assert_eq!(moves.len(), 1);
    assert!(moves[0].1.contains("could not have port 8000"), "{moves:?}");
}

/// What an earlier owner left open.
fn left_open() -> MemoryStore {
    let mut store = MemoryStore::default();
    store.alert(&Alert {
        id: 7,
        rule: "gauge_fails".to_owned(),
        service: None,
        about: Some("gauge audio_load".to_owned()),
        severity: Severity::Critical,
        message: "audio_load is 99 %".to_owned(),
        since: Wall(1_699_999_000_000),
        until: None,
        acknowledged: None,
    });
    store
}

fn load(value: f64) -> Request {
    Request::Gauges(vec![Gauge::new("audio_load", "share", value).limits(0.8, 0.95)])
}

#[test]
fn an_alert_about_a_gauge_of_an_earlier_owner_waits_for_the_gauge() {
    // Seen red: with an alert that is over since nobody has reported yet.
    let mut stage = Stage::new(COACH, left_open(), None, Begin::Takeover);
    stage.live(119.0);
    assert_eq!(stage.find(closed), []);
    stage.live(2.0);
    let reasons = stage.find(closed);
    assert_eq!(reasons.len(), 1);
    assert!(reasons[0].1.contains("nobody has reported audio_load since"), "{reasons:?}");
    // It is told again, and holds: the same alert.
    let mut stage = Stage::new(COACH, left_open(), None, Begin::Takeover);
    for _ in 0..4 {
        stage.live(50.0);
        stage.request(load(0.99));
    }
    assert_eq!(stage.find(closed), []);
    let opened = stage.find(|what| match what {
        What::AlertOpened { rule, .. } => Some(rule.clone()).filter(|rule| rule.contains("gauge")),
        _ => None,
    });
    assert_eq!(opened, []);
    // And is well.
    stage.request(load(0.5));
    stage.live(1.0);
    let reasons = stage.find(closed);
    assert_eq!(reasons.iter().map(|(_, reason)| reason.as_str()).collect::<Vec<_>>(), ["audio_load is 50 %"]);
}

#[test]
fn an_alert_about_a_gauge_that_nobody_reports_any_more_says_so_when_it_is_over() {
    // Seen red: with “it no longer holds”.
    let mut stage = stage(COACH);
    stage.request(load(0.99));
    stage.live(125.0);
    let reasons = stage.find(closed);
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert_eq!(reasons[0].1, "nobody has reported audio_load for 120 s");
}

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

//! The loop's own laws, each in a world made for it. What befalls by chance is in `simulation`.

mod alerts;
mod humans;
mod stage;

use std::time::Duration;

use super::{Begin, Request};
use crate::by::By;
use crate::control_loop::Target;
use crate::event::{Action, What};
use crate::health::Finding;
use crate::probe::{Outcome, Question};
use crate::process::Fate;
use crate::store::MemoryStore;
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

#[test]
fn who_answers_after_a_restart_and_is_not_well_is_not_verified() {
    // Seen red: with a restart that is neither verified nor has failed as long as what answers is degraded.
    let mut stage = stage(COACH);
    stage.live(7.3);
    let unwell = || (Outcome::Found(Finding::Degraded("no model".to_owned())), Duration::from_millis(10));
    stage.replies(move |_| unwell());
    stage.kill();
    stage.live(60.0);
    let verdicts = stage.find(verdict);
    assert_eq!(verdicts.iter().map(|(_, verified)| *verified).collect::<Vec<_>>(), [false]);
    assert_eq!(stage.find(is_healed), []);
    let failed = stage.audit.iter().filter(|entry| entry.record.outcome == "failed");
    assert_eq!(failed.map(|entry| entry.record.action.as_str()).collect::<Vec<_>>(), ["restart"]);

    // One that is well before its time is over is healed then, and has its time from then on.
    let mut stage = self::stage(COACH);
    stage.live(7.3);
    stage.replies(move |_| unwell());
    stage.kill();
    stage.live(6.0);
    assert_eq!((stage.find(is_healed), stage.find(verdict)), (vec![], vec![]));
    stage.replies(|_| ready());
    stage.live(40.0);
    let (healed, verified) = (stage.find(is_healed)[0].0, stage.find(verdict));
    assert_eq!(verified.iter().map(|(_, verified)| *verified).collect::<Vec<_>>(), [true]);
    let after = verified[0].0.since(healed);
    assert!(after >= Duration::from_secs(10) && after < Duration::from_secs(11), "{after:?}");
}

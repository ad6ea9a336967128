//! The laws of health, one each.

use std::time::Duration;

use super::*;

fn at(seconds: f64) -> Moment {
    Moment::ORIGIN.after(Duration::from_secs_f64(seconds))
}

fn silent() -> Finding {
    Finding::Silent("no answer within 5 s".to_owned())
}

fn ready_at_one() -> Health {
    let mut health = Health::new(Times::default());
    health.started(at(0.0), "asked to");
    health.found(at(1.0), &Finding::Ready);
    health
}

fn path(changes: &[Transition]) -> Vec<(State, State)> {
    changes.iter().map(|change| (change.from, change.to)).collect()
}

#[test]
fn a_first_silence_is_doubt_and_the_second_is_death() {
    // Seen red: with a silence that leaves no doubt behind.
    let mut health = ready_at_one();
    let doubt = health.found(at(15.0), &silent());
    assert_eq!(path(&doubt), [(State::Healthy, State::Degraded)]);
    assert!(doubt[0].reason.contains("no answer within 5 s"));
    assert_eq!(health.asks_again(), Some(at(16.0)));
    let death = health.found(at(21.0), &silent());
    assert_eq!(path(&death), [(State::Degraded, State::Down)]);
    assert!(death[0].reason.contains("twice"));
    assert_eq!(health.asks_again(), None);
}

#[test]
fn an_answer_between_two_silences_takes_the_doubt_away() {
    // Seen red: with a doubt that no answer takes away.
    let mut health = ready_at_one();
    for second in [10.0, 30.0, 50.0] {
        health.found(at(second), &silent());
        assert_eq!(health.under(), State::Degraded);
        health.found(at(second + 1.0), &Finding::Ready);
        assert_eq!(health.under(), State::Healthy);
    }
}

#[test]
fn who_starts_may_be_silent_and_has_patience_as_long_as_it_gets_on() {
    // Seen red: with a start that may not be silent, and with any progress counting as some.
    let mut health = Health::new(Times::default());
    health.started(at(0.0), "asked to");
    assert!(health.found(at(10.0), &silent()).is_empty());
    assert!(health.found(at(15.0), &silent()).is_empty());
    health.found(at(20.0), &Finding::Starting(0.25));
    assert_eq!(health.progress(), Some(0.25));
    assert!(health.passed(at(49.9)).is_empty(), "30 s from the last progress have not passed");
    // The same progress again is none.
    health.found(at(40.0), &Finding::Starting(0.25));
    assert_eq!(health.passes_at(), at(50.0));
    let end = health.passed(at(50.0));
    assert_eq!(path(&end), [(State::Starting, State::Down)]);
    assert!(end[0].reason.contains("without progress"));
}

#[test]
fn what_is_not_well_is_degraded_with_its_reason_and_not_down() {
    // Seen red: with degraded taken for down.
    let mut health = ready_at_one();
    let change = health.found(at(31.0), &Finding::Degraded("model: not loaded".to_owned()));
    assert_eq!(path(&change), [(State::Healthy, State::Degraded)]);
    assert_eq!(change[0].reason, "model: not loaded");
    // It has answered: a silence is the first.
    health.found(at(41.0), &silent());
    assert_eq!(health.state(), State::Degraded);
}

#[test]
fn who_is_stopped_has_no_health_and_who_hung_may_come_back() {
    // Seen red: with answers of the stopped heard, and with answers of the fallen not heard.
    let mut health = ready_at_one();
    health.fell(at(5.0), "no answer, twice");
    assert!(health.found(at(15.0), &silent()).is_empty());
    assert_eq!(path(&health.found(at(25.0), &Finding::Ready)), [(State::Down, State::Healthy)]);
    health.stopped(at(26.0), "stopped by a human");
    assert!(health.found(at(26.1), &silent()).is_empty());
    assert!(health.found(at(26.2), &Finding::Ready).is_empty());
    assert_eq!(health.state(), State::Stopped);
}

#[test]
fn five_changes_in_ten_minutes_are_flapping_and_told_once() {
    // Seen red: with flapping told at each change.
    let mut health = ready_at_one();
    let mut told = Vec::new();
    for round in 0..10 {
        let second = 10.0 + 20.0 * f64::from(round);
        told.extend(health.fell(at(second), "exit code 3"));
        told.extend(health.started(at(second + 1.0), "restarted"));
        told.extend(health.found(at(second + 2.0), &Finding::Ready));
    }
    let flapping: Vec<_> = told.iter().filter(|change| change.to == State::Flapping).collect();
    assert_eq!(flapping.len(), 1);
    assert!(flapping[0].reason.contains("5 times within 10 min"), "{}", flapping[0].reason);
    // The fifth change is the third fall: nothing is told from then on, while all of it is known underneath.
    assert_eq!(told.last().unwrap().to, State::Flapping);
    assert_eq!(told.len(), 7);
    assert_eq!((health.state(), health.under()), (State::Flapping, State::Healthy));
}

#[test]
fn calm_returns_when_not_half_as_many_changes_are_left_in_the_window() {
    // Seen red: with flapping that ends as soon as four are left.
    let mut health = ready_at_one();
    for second in [100.0, 200.0, 300.0] {
        health.found(at(second), &Finding::Degraded("slow".to_owned()));
        health.found(at(second + 50.0), &Finding::Ready);
    }
    // The third but last is at 250 s.
    assert_eq!(health.state(), State::Flapping);
    assert_eq!(health.passes_at(), at(850.0));
    assert!(health.passed(at(849.0)).is_empty());
    assert_eq!(path(&health.passed(at(850.0))), [(State::Flapping, State::Healthy)]);
}

#[test]
fn what_a_human_stops_does_not_flap() {
    // Seen red: with a stop that keeps the past.
    let mut health = ready_at_one();
    for second in [10.0, 20.0, 30.0, 40.0, 50.0, 60.0] {
        health.found(at(second - 1.0), &Finding::Degraded("slow".to_owned()));
        health.stopped(at(second), "stopped by a human");
        health.started(at(second + 1.0), "started by a human");
        health.found(at(second + 2.0), &Finding::Ready);
        assert_eq!(health.state(), State::Healthy);
    }
}

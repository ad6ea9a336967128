//! The laws of recovery, one each.

use super::*;

fn at(seconds: f64) -> Moment {
    Moment::ORIGIN.after(Duration::from_secs_f64(seconds))
}

fn fresh() -> Recovery {
    Recovery::new(Restarts { jitter: 0.0, ..Restarts::default() }, Duration::from_secs(10))
}

/// Falls at `second` and is ready again after its pause and one second; what was decided.
fn fall_and_heal(recovery: &mut Recovery, second: f64) -> Verdict {
    let verdict = recovery.fell(at(second), "exit code 3", true, 0.5);
    if let Verdict::Restart(pause) = verdict {
        let restart = at(second).after(pause);
        assert_eq!(recovery.passed(restart), Some(Due::Restart));
        assert!(recovery.ready(restart.after(Duration::from_secs(1))));
        assert_eq!(recovery.proved(restart.after(Duration::from_secs(11)), Ok(())), Some(true));
    }
    verdict
}

fn pause(seconds: f64) -> Verdict {
    Verdict::Restart(Duration::from_secs_f64(seconds))
}

#[test]
fn three_restarts_in_five_minutes_with_growing_pauses_then_a_human() {
    // Seen red: without the short window.
    let mut recovery = fresh();
    assert_eq!(fall_and_heal(&mut recovery, 0.0), pause(0.5));
    assert_eq!(fall_and_heal(&mut recovery, 30.0), pause(1.0));
    assert_eq!(fall_and_heal(&mut recovery, 60.0), pause(2.0));
    let Verdict::CallHuman(tried) = recovery.fell(at(90.0), "exit code 3", true, 0.5) else {
        panic!("a fourth")
    };
    assert_eq!(tried.len(), 3);
    assert!(
        tried.iter().all(|one| one.because == "exit code 3" && one.outcome.as_deref() == Some("verified"))
    );
    assert_eq!(recovery.passed(at(10_000.0)), None, "a human was called; nothing more is done");
    assert_eq!(recovery.fell(at(10_000.0), "again", true, 0.5), Verdict::Decided);
}

#[test]
fn who_falls_too_rarely_for_the_short_window_meets_the_long_one() {
    // Seen red: without the long window.
    let mut recovery = fresh();
    for fall in 0..10 {
        assert_eq!(fall_and_heal(&mut recovery, 400.0 * f64::from(fall)), pause(0.5), "fall {fall}");
    }
    assert!(
        matches!(recovery.fell(at(4000.0), "exit code 3", true, 0.5), Verdict::CallHuman(tried) if tried.len() == 10)
    );
}

#[test]
fn ten_stable_minutes_give_the_restarts_back_and_time_alone_does_not() {
    // Seen red: with the restarts given back at once.
    let mut recovery = fresh();
    for fall in 0..9 {
        fall_and_heal(&mut recovery, 400.0 * f64::from(fall));
    }
    let ready = at(3201.5);
    assert_eq!(recovery.passes_at(), ready.after(Duration::from_secs(600)));
    assert_eq!(recovery.passed(at(3700.0)), None);
    recovery.unwell();
    assert_eq!(recovery.passed(at(9000.0)), None, "it was not well");
    assert_eq!(recovery.restarts().count(), 9);
    recovery.ready(at(9000.0));
    assert_eq!(recovery.passed(at(9600.0)), Some(Due::GivenBack));
    assert_eq!(recovery.restarts().count(), 0);
}

#[test]
fn a_try_that_falls_before_it_is_verified_failed_and_is_told_so() {
    // Seen red: without the outcome of a try.
    let mut recovery = fresh();
    recovery.fell(at(0.0), "signal 9", true, 0.5);
    recovery.passed(at(0.5));
    assert!(recovery.ready(at(1.0)) && recovery.is_trying());
    assert_eq!(recovery.fell(at(10.9), "exit code 3", true, 0.5), pause(1.0));
    recovery.passed(at(12.0));
    recovery.fell(at(13.0), "exit code 4", true, 0.5);
    recovery.passed(at(16.0));
    let Verdict::CallHuman(tried) = recovery.fell(at(17.0), "exit code 5", true, 0.5) else {
        panic!("a fourth")
    };
    let told: Vec<_> =
        tried.iter().map(|one| (one.because.as_str(), one.outcome.as_deref().unwrap())).collect();
    assert_eq!(
        told,
        [("signal 9", "exit code 3"), ("exit code 3", "exit code 4"), ("exit code 4", "exit code 5")]
    );
}

#[test]
fn who_is_not_well_when_it_is_to_be_verified_was_not_healed() {
    // Seen red: with every restart verified.
    let mut recovery = fresh();
    recovery.fell(at(0.0), "signal 9", true, 0.5);
    recovery.passed(at(0.5));
    recovery.ready(at(1.0));
    assert_eq!(recovery.proves_at(), Some(at(11.0)));
    assert_eq!(recovery.proved(at(11.0), Err("no answer within 5 s")), Some(false));
    assert_eq!(recovery.proves_at(), None);
    let outcome = recovery.tried[0].outcome.clone().unwrap();
    assert!(outcome.contains("not ready") && outcome.contains("no answer within 5 s"), "{outcome}");
}

#[test]
fn an_answer_to_an_earlier_question_verifies_nothing() {
    // Seen red: with any answer that counts.
    let mut recovery = fresh();
    assert_eq!(recovery.proved(at(0.0), Ok(())), None);
    recovery.fell(at(0.0), "signal 9", true, 0.5);
    recovery.passed(at(0.5));
    recovery.ready(at(1.0));
    assert_eq!(recovery.proved(at(10.9), Ok(())), None);
    assert_eq!(recovery.proved(at(10.9), Err("it is slow")), None);
    assert_eq!(recovery.passed(at(20.0)), None, "time alone verifies nothing");
    assert!(recovery.is_trying());
    // It was not well for a while, and is when it is asked: that counts.
    recovery.unwell();
    assert_eq!(recovery.proved(at(20.0), Ok(())), Some(true));
    assert!(!recovery.is_trying());
}

#[test]
fn a_human_ends_what_is_under_way_and_gives_the_restarts_back() {
    // Seen red: with a restart that goes on under a human's stop, and with a budget that no human gives back.
    let mut recovery = fresh();
    recovery.fell(at(0.0), "signal 9", true, 0.5);
    recovery.human();
    assert_eq!(recovery.passed(at(100.0)), None, "a stop wins over a restart that waits");
    for second in [0.0, 30.0, 60.0] {
        fall_and_heal(&mut recovery, second);
    }
    recovery.human();
    assert_eq!(fall_and_heal(&mut recovery, 90.0), pause(0.5));
}

#[test]
fn who_may_not_act_does_nothing_says_so_once_and_acts_when_it_may() {
    // Seen red: with each fall withheld anew.
    let mut recovery = fresh();
    assert_eq!(recovery.fell(at(0.0), "signal 9", false, 0.5), Verdict::Withheld);
    assert_eq!(recovery.fell(at(1.0), "signal 9", false, 0.5), Verdict::Decided);
    assert_eq!(recovery.passed(at(1000.0)), None);
    assert_eq!(recovery.allowed(at(1000.0), 0.5), pause(0.5));
    assert!(recovery.forbidden(false), "a restart that waits is cancelled");
    assert!(!recovery.forbidden(false));
    assert_eq!(recovery.passed(at(2000.0)), None);
}

#[test]
fn chance_varies_a_pause_by_its_share_and_it_is_never_much_longer_than_allowed() {
    // Seen red: without chance, and without a longest pause.
    let limits = Restarts { short: 100, long: 100, ..Restarts::default() };
    let mut recovery = Recovery::new(limits, Duration::from_secs(10));
    assert_eq!(recovery.fell(at(0.0), "x", true, 0.0), pause(0.4));
    recovery.human();
    assert_eq!(recovery.fell(at(0.0), "x", true, 0.75), pause(0.55));
    recovery.remember((0..50).map(|second| at(f64::from(second))));
    recovery.phase = Phase::Calm;
    assert_eq!(recovery.fell(at(50.0), "x", true, 0.5), pause(30.0));
}

#[test]
fn restarts_of_an_earlier_owner_count() {
    // Seen red: with the earlier restarts forgotten.
    let mut recovery = fresh();
    recovery.remember([at(20.0), Moment::ORIGIN.before(Duration::from_secs(60)), at(10.0)]);
    assert!(matches!(recovery.fell(at(30.0), "x", true, 0.5), Verdict::CallHuman(_)));
}

use jarvis::by::By;

use super::*;

fn event(at: i64, what: What) -> Event {
    Event { at: Wall(at), sidecar: Some("vocal-coach".to_owned()), what }
}

#[test]
fn attempts_are_counted_until_one_is_verified() {
    let mut chronicle = Chronicle::new(Some(Budget { most: 3, window_ms: 300_000 }));
    let mut tell = |at, what| chronicle.tell(&event(at, what)).words;
    let down = || {
        What::Changed(Transition { from: State::Healthy, to: State::Down, reason: "exit code 3".to_owned() })
    };
    assert_eq!(tell(1, down()), "Vocal coach: down — exit code 3");
    assert_eq!(tell(2, What::WillRestart { pause_ms: 500 }), "Vocal coach: restart 1 of 3 comes in 500 ms");
    assert_eq!(tell(3, What::Restarted), "Vocal coach: restart 1 of 3 began");
    assert_eq!(tell(4, What::WillRestart { pause_ms: 4_000 }), "Vocal coach: restart 2 of 3 comes in 4 s");
    assert_eq!(tell(5, What::Healed { after_ms: 2_340 }), "Vocal coach: healed after 2.3 s");
    assert_eq!(chronicle.attempts()["vocal-coach"], Attempt { number: 2, of: Some(3), since: Wall(1) });
    chronicle.tell(&event(6, What::Verified));
    // Seen red: with attempts that are never forgotten once they are verified.
    assert!(chronicle.attempts().is_empty());
    let asked = What::Asked { action: Action::Stop, by: By::name("panel") };
    assert_eq!(chronicle.tell(&event(7, asked)).words, "Vocal coach: stop was asked for in the panel");
}

fn changed_to(to: State) -> What {
    What::Changed(Transition { from: State::Starting, to, reason: "because".to_owned() })
}

#[test]
fn an_attempt_is_over_when_nobody_is_at_it_any_more() {
    // Seen red: each alone, with attempts that only a verified one, a human or a stranger's word ends.
    let service = "vocal-coach";
    let after = |whats: Vec<What>| {
        let mut chronicle = Chronicle::new(Some(Budget { most: 3, window_ms: 300_000 }));
        let begun = [What::WillRestart { pause_ms: 500 }, What::Restarted];
        begun.into_iter().chain(whats).for_each(|what| _ = chronicle.tell(&event(2, what)));
        chronicle
    };
    assert!(
        after(vec![What::Healed { after_ms: 900 }, changed_to(State::Healthy)])
            .attempts()
            .contains_key(service)
    );
    // Looked at again, it was not well: it is not tried again by itself.
    let mut failed = after(vec![]);
    let words = failed.tell(&event(3, What::NotVerified)).words;
    assert_eq!(words, "Vocal coach: restart 1 of 3 did not help: it was not ready when looked at again");
    assert!(failed.attempts().is_empty());
    // The owner ended, or was killed and another begins; what it had used up is still used up.
    for over in [What::Ended, What::Began] {
        let mut chronicle = after(vec![]);
        chronicle.tell(&Event { at: Wall(3), sidecar: None, what: over });
        assert!(chronicle.attempts().is_empty());
        let words = chronicle.tell(&event(4, What::WillRestart { pause_ms: 500 })).words;
        assert_eq!(words, "Vocal coach: restart 2 of 3 comes in 500 ms");
        // It came back by itself before that.
        chronicle.tell(&event(5, changed_to(State::Healthy)));
        assert!(chronicle.attempts().is_empty());
    }
}

#[test]
fn it_fell_when_it_fell_last() {
    // Seen red: with a time-out of hours ago, after which it was well again.
    let mut chronicle = Chronicle::new(None);
    chronicle.tell(&event(1, changed_to(State::Degraded)));
    chronicle.tell(&event(2, changed_to(State::Healthy)));
    chronicle.tell(&event(18_000_000, changed_to(State::Down)));
    chronicle.tell(&event(18_000_500, What::WillRestart { pause_ms: 500 }));
    assert_eq!(chronicle.attempts()["vocal-coach"].since, Wall(18_000_000));
}

#[test]
fn what_is_withheld_is_told_with_its_own_reason() {
    // Seen red: with “automatic actions are off” for each of them.
    let reason = "limit reached: 20 acts in a minute".to_owned();
    let words =
        Chronicle::default().tell(&event(1, What::Withheld { action: Action::Restart, reason })).words;
    assert_eq!(words, "Vocal coach: the restart was withheld: limit reached: 20 acts in a minute");
}

#[test]
fn an_attempt_is_counted_as_the_budget_counts_it() {
    let mut chronicle = Chronicle::new(Some(Budget { most: 3, window_ms: 300_000 }));
    let restart = |chronicle: &mut Chronicle, at| {
        let words = chronicle.tell(&event(at, What::WillRestart { pause_ms: 500 })).words;
        chronicle.tell(&event(at + 1, What::Restarted));
        chronicle.tell(&event(at + 2, What::Verified));
        words
    };
    assert_eq!(restart(&mut chronicle, 0), "Vocal coach: restart 1 of 3 comes in 500 ms");
    // One that was verified counts on until it is old, or the budget is given back.
    // Seen red: with restarts that never become too old to count.
    assert_eq!(restart(&mut chronicle, 60_000), "Vocal coach: restart 2 of 3 comes in 500 ms");
    assert_eq!(restart(&mut chronicle, 320_000), "Vocal coach: restart 2 of 3 comes in 500 ms");
    chronicle.tell(&event(930_000, What::BudgetGivenBack));
    assert_eq!(restart(&mut chronicle, 930_010), "Vocal coach: restart 1 of 3 comes in 500 ms");
    chronicle.tell(&event(940_000, What::Asked { action: Action::Restart, by: By::name("cli") }));
    assert_eq!(restart(&mut chronicle, 940_010), "Vocal coach: restart 1 of 3 comes in 500 ms");
    let mut unknown = Chronicle::default();
    assert_eq!(restart(&mut unknown, 0), "Vocal coach: restart 1 comes in 500 ms");
}

#[test]
fn spans_read_as_people_say_them() {
    let said = [350, 4_000, 9_900, 59_000, 60_000, 61_000, 3_600_000, 90_000_000].map(span);
    assert_eq!(said, ["350 ms", "4 s", "9.9 s", "59 s", "1 min", "1 min 1 s", "1 h", "1 d 1 h"]);
}

#[test]
fn what_is_used_is_told_as_it_was_named() {
    let usage = |what: &str, detail: Option<&str>| Usage {
        id: "1".to_owned(),
        at: Wall(0),
        what: what.to_owned(),
        detail: detail.map(str::to_owned),
    };
    let take = used(&usage("take_recorded", Some("Take 4 on Lead vocal, 0:21")));
    assert_eq!((take.words.as_str(), take.tone), ("Take recorded: Take 4 on Lead vocal, 0:21", Tone::Quiet));
    assert_eq!(used(&usage("error", None)).tone, Tone::Attention);
}

//! What failed too often, and what is no failure.

use super::*;

/// A coach that answers fails until it is left alone; what is said of that.
#[track_caller]
fn fail_too_often(asking: &Asking) -> Said {
    assert_eq!(asking.coach("echo").status, 200);
    asking.act("fail");
    for _ in 0..4 {
        assert_eq!(asking.coach("moody-once").status, 502);
    }
    let said = asking.coach("echo");
    assert!(said.status == 503 && said.detail().contains("failed 4 times in a row"), "{}", said.body);
    said
}

#[test]
fn what_failed_too_often_is_left_alone_then_tried_once() {
    // Seen red: with a breaker that never opens.
    let asking = Asking::new(&ROUTING.replace("open = 0.5", "open = 3.0"));
    let said = fail_too_often(&asking);
    assert!((1..=3).contains(&said.header("retry-after").parse::<u64>().unwrap()));
    // Half-open: of many at a time exactly one gets through, and it is told to be silent.
    asking.act("silent");
    let silent = json!({ "module": "coach", "action": "moody-once" });
    let endpoint = &asking.endpoint;
    until("the breaker to let one through", || {
        let asked: Vec<u16> = std::thread::scope(|scope| {
            let all: Vec<_> =
                (0..6).map(|_| scope.spawn(|| execute(endpoint, "cli", &silent, &[]).status)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let through = asked.iter().filter(|status| **status != 503).count();
        assert!(through <= 1, "more than one tried: {asked:?}");
        (through == 1).then_some(())
    });
    asking.act("");
    until("the breaker to close", || (asking.coach("moody").status == 200).then_some(()));
    assert_eq!([asking.coach("echo").status, asking.coach("echo").status], [200, 200]);
}

#[test]
fn too_large_an_answer_is_told_and_is_no_failure_of_the_module() {
    // Seen red: with it counted as a failure.
    let asking = Asking::new(ROUTING);
    for _ in 0..6 {
        let said = asking.coach("large");
        assert!(said.status == 502 && said.detail().contains("larger than 4000000 bytes"), "{}", said.body);
    }
    // It would have opened after four.
    assert_eq!(asking.coach("echo").status, 200);
    assert_eq!(asking.count("large"), 6);
}

#[test]
fn what_a_module_can_do_is_asked_apart_from_its_breaker() {
    // Seen red: with it asked through the breaker.
    // While its health does not answer, only we ask for it.
    let times = [("liveness", "60.0"), ("deep", "60.0"), ("timeout", "50.0"), ("iteration", "50.0")];
    let asking = Asking::with_times(&times, &ROUTING.replace("open = 0.5", "open = 60.0"));
    let bearer = format!("Bearer {}", asking.endpoint.tokens["cli"]);
    let listed = || {
        let asked = crate::plane::ask(
            asking.endpoint.port,
            "GET",
            "/api/v1/modules",
            &[("Authorization", &bearer)],
            "",
        );
        serde_json::from_str::<Value>(&asked.body).unwrap()[0]["actions"].clone()
    };
    // Listing that fails opens nothing.
    asking.owned.mood("coach", "silent");
    for _ in 0..6 {
        let said = asking.coach("echo");
        assert_eq!(said.status, 504, "{}", said.body);
    }
    asking.owned.mood("coach", "");
    fail_too_often(&asking);
    // It is open for a minute; what the module can do is told.
    std::thread::park_timeout(Duration::from_millis(1100));
    let said = asking.coach("unheard-of");
    assert!(said.status == 422 && said.detail().contains("echo"), "{}", said.body);
    assert!(listed().as_array().is_some_and(|actions| actions.len() > 10));
}

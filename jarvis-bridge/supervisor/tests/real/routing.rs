//! Requests to modules through the control plane, well and badly answered.

mod breaker;

use std::collections::BTreeMap;
use std::time::Duration;

use jarvis::audit;
use jarvis::endpoint::Endpoint;
use jarvis::event::Action;
use jarvis::health::State;
use serde_json::{Value, json};
use ureq::Agent;

use crate::owned::{Owned, ours};
use crate::rig::{timed, until};

/// Short, so that a test can wait for them; few tries and few failures.
const ROUTING: &str = "
[control_plane.routing]
timeout = 0.5
deadline = 4.0
attempts = 3
first = 0.02
longest = 0.1
failures = 4
open = 0.5
";

struct Said {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Value,
}

impl Said {
    fn detail(&self) -> &str {
        self.body["detail"].as_str().unwrap_or_default()
    }

    /// Its header, empty if it has none.
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// An owner with one coach, ready, and who asks for it.
struct Asking {
    owned: Owned,
    endpoint: Endpoint,
}

impl Asking {
    fn new(routing: &str) -> Self {
        Self::with_times(&[], routing)
    }

    fn with_times(times: &[(&str, &str)], routing: &str) -> Self {
        let owned = Owned::with(times, &(ours("coach", "") + routing), None);
        owned.is("coach", State::Healthy);
        let endpoint = Endpoint::read(&owned.layout).unwrap().unwrap();
        Self { owned, endpoint }
    }

    fn with(&self, who: &str, body: &Value, headers: &[(&str, &str)]) -> Said {
        execute(&self.endpoint, who, body, headers)
    }

    fn ask(&self, body: &Value) -> Said {
        self.with("cli", body, &[])
    }

    fn coach(&self, action: &str) -> Said {
        self.ask(&json!({ "module": "coach", "action": action }))
    }

    /// How often the coach was asked for it.
    fn count(&self, action: &str) -> u64 {
        self.coach("count").body["answer"][action].as_u64().unwrap_or(0)
    }

    /// What `moody` and `moody-once` do from now on.
    fn act(&self, deed: &str) {
        self.owned.mood("coach-act", deed);
    }

    /// Waits for an entry of the audit trail.
    fn audited(&self, what: &str, is: impl Fn(&audit::Entry) -> bool) -> audit::Record {
        until(what, || {
            let entries = audit::newest(&self.owned.layout, 100).unwrap();
            entries.into_iter().find(|entry| is(entry)).map(|entry| entry.record)
        })
    }
}

fn execute(endpoint: &Endpoint, who: &str, body: &Value, headers: &[(&str, &str)]) -> Said {
    let agent: Agent = Agent::config_builder().proxy(None).http_status_as_error(false).build().into();
    let mut request = agent
        .post(format!("http://127.0.0.1:{}/api/v1/execute", endpoint.port))
        .header("Authorization", format!("Bearer {}", endpoint.tokens[who]));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut answer = request.send_json(body).unwrap();
    let headers = answer.headers().iter();
    Said {
        status: answer.status().as_u16(),
        headers: headers
            .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap().to_owned()))
            .collect(),
        body: answer.body_mut().read_json().unwrap(),
    }
}

#[test]
fn a_module_is_asked_what_it_lists_and_its_answer_comes_back() {
    // Seen red: without `Idempotency-Key`, with another correlation id passed on, and without `traceparent`.
    let asking = Asking::new(ROUTING);
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let headers = [("X-Correlation-Id", "take-7"), ("traceparent", trace)];
    let body =
        json!({ "module": "coach", "action": "echo", "params": { "a": [1] }, "idempotency_key": "k1" });
    let said = asking.with("cli", &body, &headers);
    assert_eq!((said.status, said.header("x-correlation-id")), (200, "take-7"), "{}", said.body);
    let echo = &said.body["answer"];
    assert_eq!(echo["body"], json!({ "a": [1] }));
    assert_eq!(echo["headers"]["x-correlation-id"], "take-7");
    assert_eq!(echo["headers"]["idempotency-key"], "k1");
    assert_eq!(echo["headers"]["traceparent"], trace, "nobody records spans here, so it is passed through");
    let shown = echo["headers"]["authorization"].as_str().unwrap();
    assert!(
        shown.starts_with("Bearer ") && !asking.endpoint.tokens.values().any(|token| shown.contains(token))
    );

    let params = json!({ "q": "a b&c", "n": 2 });
    let said = asking.ask(&json!({ "module": "coach", "action": "look", "params": params }));
    assert_eq!(said.body["answer"]["target"], "/act/look?n=2&q=a%20b%26c", "{}", said.body);
    let said = asking.ask(&json!({ "module": "coach", "action": "look", "params": [1] }));
    assert_eq!(said.status, 422, "{}", said.body);

    let entry = asking.audited("the routed request", |entry| entry.record.action == "echo");
    assert_eq!(
        (entry.by.who.as_str(), entry.target.as_str(), entry.outcome.as_str()),
        ("cli", "coach", "done")
    );
    assert_eq!(entry.by.correlation.as_deref(), Some("take-7"));
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    // Seen red: with no `Retry-After`.
    let asking = Asking::new(ROUTING);
    let said = asking.ask(&json!({ "module": "../coach", "action": "echo" }));
    assert!(said.status == 404 && said.detail().contains("there are coach"), "{}", said.body);
    let said = asking.coach("explode");
    assert!(
        said.status == 422 && said.detail().contains("start, stop, restart, echo, look"),
        "{}",
        said.body
    );
    for key in ["", "two words", &"x".repeat(129)] {
        let said = asking.ask(&json!({ "module": "coach", "action": "echo", "idempotency_key": key }));
        assert_eq!(said.status, 422, "{key:?}: {}", said.body);
    }
    let said = asking.ask(&json!({ "module": "coach", "action": "stop", "params": { "now": true } }));
    assert_eq!(said.status, 422, "{}", said.body);
    asking.owned.act("coach", Action::Stop);
    asking.owned.is("coach", State::Stopped);
    let said = asking.coach("echo");
    assert!(said.status == 503 && said.detail().contains("stopped"), "{}", said.body);
    assert!(said.header("retry-after").parse::<u64>().is_ok());
    asking.audited("the refusal", |entry| {
        entry.record.action == "explode" && entry.record.outcome == "refused"
    });
}

#[test]
fn only_what_is_safe_is_tried_again() {
    // Seen red: with everything repeatable, and with nothing.
    let asking = Asking::new(&ROUTING.replace("failures = 4", "failures = 100"));
    for deed in ["fail", "half", "cut", "page", "nonsense"] {
        asking.act(deed);
        let before = (asking.count("moody"), asking.count("moody-once"));
        let said = asking.coach("moody");
        assert!(said.status == 502 && said.detail().contains("3 times"), "{deed}: {}", said.body);
        let said = asking.coach("moody-once");
        assert!(said.status == 502 && said.detail().contains("once"), "{deed}: {}", said.body);
        let after = (asking.count("moody"), asking.count("moody-once"));
        assert_eq!((after.0 - before.0, after.1 - before.1), (3, 1), "{deed}");
    }
    asking.act("fail");
    let before = asking.count("moody-once");
    let keyed = json!({ "module": "coach", "action": "moody-once", "idempotency_key": "again" });
    assert_eq!(asking.ask(&keyed).status, 502);
    assert_eq!(asking.count("moody-once") - before, 1, "a key does not make it safe to repeat");
    asking.audited("the failure", |entry| {
        entry.record.action == "moody-once" && entry.record.outcome == "failed"
    });
}

#[test]
fn what_may_change_something_is_written_down_before_it_is_done() {
    // Seen red: with the answer alone written down.
    let asking =
        Asking::new(&ROUTING.replace("timeout = 0.5", "timeout = 300.0").replace("= 4.0", "= 300.0"));
    asking.act("silent");
    let endpoint = asking.endpoint.clone();
    let body = json!({ "module": "coach", "action": "moody-once" });
    let bearer = format!("Bearer {}", endpoint.tokens["cli"]);
    let hanging = std::thread::spawn(move || {
        let agent: Agent = Agent::config_builder().proxy(None).build().into();
        let request = agent.post(format!("http://127.0.0.1:{}/api/v1/execute", endpoint.port));
        // The owner ends before it is answered.
        drop(request.header("Authorization", bearer).send_json(&body));
    });
    until("the coach to be asked", || (asking.count("moody-once") == 1).then_some(()));
    let written = audit::newest(&asking.owned.layout, 100).unwrap();
    let outcomes = written.iter().filter(|entry| entry.record.action == "moody-once");
    let outcomes: Vec<_> = outcomes.map(|entry| entry.record.outcome.as_str()).collect();
    assert_eq!(outcomes, ["allowed"]);
    // What only reads is written down once.
    let reads = written.iter().filter(|entry| entry.record.action == "count");
    assert!(reads.into_iter().all(|entry| entry.record.outcome == "done"));
    drop(asking);
    hanging.join().unwrap();
}

#[test]
fn a_slow_module_is_not_waited_for_longer_than_was_said() {
    // Seen red: without a time-out of each try, and without the deadline of all.
    let asking = Asking::new(
        &ROUTING
            .replace("deadline = 4.0", "deadline = 1.2")
            .replace("attempts = 3", "attempts = 30")
            .replace("failures = 4", "failures = 100"),
    );
    for action in ["silent", "drip"] {
        let (said, took) = timed(|| asking.coach(action));
        assert!(said.status == 504 && said.detail().contains("no whole answer within"), "{}", said.body);
        assert!(said.detail().contains(" times: "), "each try has a limit of its own: {}", said.body);
        // Two tries of half a second and a short third fit (thirty take 15 s); a machine with much to do is slower.
        assert!(took > Duration::from_millis(900) && took < Duration::from_secs(8), "{took:?}");
        asking.owned.is("coach", State::Healthy);
        assert_eq!(asking.coach("echo").status, 200);
    }
}

#[test]
fn nonsense_and_too_much_are_refused_and_a_4xx_is_passed_on() {
    // Seen red: with 401 passed on, with the size not looked at, and with the kind of the answer not looked at.
    let asking = Asking::new(&ROUTING.replace("failures = 4", "failures = 100"));
    for (action, words) in [
        ("nonsense", "cannot be read"),
        ("page", "is not JSON"),
        ("large", "larger than 4000000 bytes"),
        ("cut", "cannot be read"),
    ] {
        let said = asking.coach(action);
        assert!(said.status == 502 && said.detail().contains(words), "{action}: {}", said.body);
        assert_eq!(said.header("content-type"), "application/problem+json");
    }
    assert_eq!(asking.count("large"), 1, "it would be as large the next time");
    asking.act("refuse");
    let said = asking.coach("moody");
    assert_eq!((said.status, said.detail()), (409, "“coach” says: no such take"));
    assert_eq!(said.header("content-type"), "application/problem+json");
    asking.act("not mine");
    assert_eq!(asking.coach("moody").status, 502);
}

#[test]
fn a_module_that_dies_while_it_answers_is_told_and_its_next_run_is_asked() {
    // Seen red: with the last run's address asked.
    let asking = Asking::new(ROUTING);
    let pid = asking.owned.status("coach").pid;
    let said = asking.coach("die");
    assert!(said.status == 502, "{}", said.body);
    asking.owned.when("coach", "another", |status| status.state == State::Healthy && status.pid != pid);
    assert_eq!(asking.coach("echo").status, 200);
}

#[test]
fn a_routed_call_is_a_sample_in_the_report() {
    // Seen red: with the owner not told.
    let asking = Asking::new(ROUTING);
    assert_eq!(asking.coach("echo").status, 200);
    asking.act("fail");
    assert_eq!(asking.coach("moody-once").status, 502);
    until("both to be in the report", || {
        let report = asking.owned.client.intelligence(1, 1).unwrap();
        let coach = report.services.into_iter().find(|service| service.name == "coach")?;
        (coach.routed == 2 && coach.errors > 0 && coach.p95_ms.is_some()).then_some(())
    });
}

#[test]
fn the_same_key_is_done_once() {
    // Seen red: with answers not kept.
    let asking = Asking::new(ROUTING);
    let body =
        |n: u32| json!({ "module": "coach", "action": "once", "params": { "n": n }, "idempotency_key": "k" });
    let first = asking.ask(&body(1));
    let second = asking.ask(&body(1));
    assert_eq!((first.status, first.header("idempotency-replayed")), (200, ""), "{}", first.body);
    assert_eq!((second.status, second.header("idempotency-replayed")), (200, "true"));
    assert_eq!(first.body, second.body);
    assert_eq!(asking.count("once"), 1);
    assert_eq!(asking.ask(&body(2)).status, 422);
    assert_eq!(asking.with("panel", &body(2), &[]).status, 200, "keys are of one client each");
    assert_eq!(asking.count("once"), 2);
    // While it is done it is not done again.
    let slow = json!({ "module": "coach", "action": "silent", "idempotency_key": "slow" });
    let endpoint = &asking.endpoint;
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let both = [0, 1].map(|_| scope.spawn(|| execute(endpoint, "cli", &slow, &[]).status));
        both.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(statuses.contains(&409) && statuses.contains(&504), "{statuses:?}");
    // A restart is an act like another.
    let again = json!({ "module": "coach", "action": "restart", "idempotency_key": "restart" });
    let pid = asking.owned.status("coach").pid;
    assert_eq!(asking.ask(&again).status, 202);
    let new = asking.owned.when("coach", "restarted", |now| now.state == State::Healthy && now.pid != pid);
    assert_eq!(asking.ask(&again).header("idempotency-replayed"), "true");
    assert_eq!(asking.owned.is("coach", State::Healthy).pid, new.pid);
}

#[test]
fn a_module_that_hangs_keeps_others_and_the_end_from_nothing() {
    // Seen red: with a thousand times as many asked of it at a time.
    let asking = Asking::new(
        &ROUTING
            .replace("timeout = 0.5", "timeout = 300.0")
            .replace("deadline = 4.0", "deadline = 300.0\nconcurrent = 2"),
    );
    let endpoint = asking.endpoint.clone();
    let silent = json!({ "module": "coach", "action": "silent" });
    let hanging: Vec<_> = (0..2)
        .map(|_| {
            let (endpoint, silent) = (endpoint.clone(), silent.clone());
            std::thread::spawn(move || {
                let agent: Agent = Agent::config_builder().proxy(None).build().into();
                loop {
                    let request = agent.post(format!("http://127.0.0.1:{}/api/v1/execute", endpoint.port));
                    let bearer = format!("Bearer {}", endpoint.tokens["cli"]);
                    match request.header("Authorization", bearer).send_json(&silent) {
                        // The question below had its place.
                        Err(ureq::Error::StatusCode(503)) => {}
                        _ => return,
                    }
                }
            })
        })
        .collect();
    let said = until("the coach to be busy", || Some(asking.coach("echo")).filter(|said| said.status != 200));
    assert!(said.status == 503 && said.detail().contains("busy with 2"), "{}", said.body);
    assert_eq!(asking.owned.client.status().unwrap().len(), 1);
    // The owner ends although two are waited for: the sidecar goes, and nobody waits 300 s.
    let ((), took) = timed(|| drop(asking));
    assert!(took < Duration::from_secs(30), "{took:?}");
    for one in hanging {
        one.join().unwrap();
    }
}

//! What an answer means.

use serde_json::Value;

use super::{Outcome, Question};
use crate::config::Identity;
use crate::health::Finding;

/// What the answer to `question` means, and the version in it. `ours`: whether the socket that answered belongs to the
/// processes we started; none where the system does not tell.
pub(super) fn read(
    question: &Question,
    status: u16,
    body: &str,
    ours: Option<bool>,
) -> (Outcome, Option<String>) {
    let value: Option<Value> = serde_json::from_str(body).ok();
    let text = |name: &str| value.as_ref()?.get(name)?.as_str();
    let version = text("version").map(str::to_owned);
    let outcome = match (question.identity, text("instance")) {
        (Identity::Nonce, Some(instance)) if instance != question.instance => {
            Outcome::NotOurs(format!("another program answers at port {}", question.port))
        }
        _ if ours == Some(false) => {
            Outcome::NotOurs(format!("port {} belongs to another program", question.port))
        }
        (identity, instance) => {
            Outcome::Found(found(identity, instance.is_some(), status, body, value.as_ref()))
        }
    };
    (outcome, version)
}

fn found(identity: Identity, named: bool, status: u16, body: &str, value: Option<&Value>) -> Finding {
    if body.trim().is_empty() {
        return Finding::Degraded(format!("its health is an empty answer (status {status})"));
    }
    let state = value.and_then(|value| value.get("state")).and_then(Value::as_str);
    match (identity, state) {
        (Identity::Nonce, Some(_)) if !named => {
            Finding::Degraded("its health does not say who it is".to_owned())
        }
        (_, Some("starting")) => Finding::Starting(
            value.and_then(|value| value.get("progress")).and_then(Value::as_f64).unwrap_or(0.0),
        ),
        (_, Some("degraded")) => Finding::Degraded(checks(value)),
        (_, Some("ready")) if status == 200 => Finding::Ready,
        (Identity::Process, None) if status == 200 && is_something(value) => Finding::Ready,
        _ if status != 200 => Finding::Degraded(format!("its health is an answer with status {status}")),
        _ => Finding::Degraded("its health is an answer that says nothing".to_owned()),
    }
}

/// False for JSON that says no or nothing; true for anything else, JSON or not.
fn is_something(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::Object(fields)) => !fields.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        _ => true,
    }
}

/// The checks that failed, by name.
fn checks(value: Option<&Value>) -> String {
    let checks = value.and_then(|value| value.get("checks")).and_then(Value::as_object);
    let failed =
        checks.into_iter().flatten().filter(|(_, check)| check.get("ok") == Some(&Value::Bool(false)));
    let told: Vec<String> = failed
        .map(|(name, check)| match check.get("detail").and_then(Value::as_str) {
            Some(detail) => format!("{name}: {detail}"),
            None => name.clone(),
        })
        .collect();
    if told.is_empty() { "it says so itself".to_owned() } else { told.join("; ") }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::process::RunId;

    fn question(identity: Identity) -> Question {
        Question {
            run: RunId(1),
            port: 8000,
            path: "/health".to_owned(),
            identity,
            instance: "nonce".to_owned(),
            token: String::new(),
            pid: None,
            timeout: Duration::from_secs(5),
        }
    }

    fn degraded(words: &str) -> impl Fn(&Outcome) -> bool + use<'_> {
        move |outcome| matches!(outcome, Outcome::Found(Finding::Degraded(why)) if why.contains(words))
    }

    #[test]
    fn ours_are_known_by_their_nonce_and_say_how_they_are() {
        // Seen red: with the nonce not compared, and with the socket's owner not asked.
        let ask = |status, body: &str, ours| read(&question(Identity::Nonce), status, body, ours).0;
        let ready = r#"{"instance":"nonce","version":"1.2.3","state":"ready"}"#;
        assert_eq!(ask(200, ready, None), Outcome::Found(Finding::Ready));
        assert_eq!(read(&question(Identity::Nonce), 200, ready, None).1.as_deref(), Some("1.2.3"));
        let starting = r#"{"instance":"nonce","state":"starting","progress":0.5}"#;
        assert_eq!(ask(503, starting, None), Outcome::Found(Finding::Starting(0.5)));
        let ill = r#"{"instance":"nonce","state":"degraded","checks":{"model":{"ok":false,"detail":"not loaded"},"disk":{"ok":true}}}"#;
        assert!(degraded("model: not loaded")(&ask(200, ill, None)));
        let stranger = r#"{"instance":"another","state":"ready"}"#;
        assert!(matches!(ask(200, stranger, Some(true)), Outcome::NotOurs(_)));
        assert!(matches!(ask(200, ready, Some(false)), Outcome::NotOurs(_)));
    }

    #[test]
    fn an_empty_or_false_answer_of_the_right_one_is_degraded() {
        // Seen red: without a word about empty answers, and with `false` and `null` taken for something.
        for identity in [Identity::Nonce, Identity::Process] {
            for body in ["", "  ", "false", "null", "{}", "[]"] {
                let (outcome, _) = read(&question(identity), 200, body, Some(true));
                assert!(degraded("its health is an")(&outcome), "{identity:?} {body:?}: {outcome:?}");
            }
            let (outcome, _) = read(&question(identity), 500, "oh", Some(true));
            assert!(degraded("status 500")(&outcome), "{outcome:?}");
        }
    }

    #[test]
    fn another_s_program_is_well_when_it_answers_something_from_its_own_socket() {
        // Seen red: with the socket looked at only where a nonce is asked for.
        let ask = |body: &str, ours| read(&question(Identity::Process), 200, body, ours).0;
        for body in ["OK", "{\"status\":\"up\"}", "{\"instance\":\"what it likes\"}"] {
            assert_eq!(ask(body, Some(true)), Outcome::Found(Finding::Ready), "{body}");
            assert!(matches!(ask(body, Some(false)), Outcome::NotOurs(_)));
        }
    }
}

//! A sidecar asked over HTTP.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::mpsc::channel;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use serde_json::Value;
use sidecar::{Action, Running, Service, Start};
use ureq::http::Response;
use ureq::{Agent, Body};

const LONG: Duration = Duration::from_secs(30);

fn service() -> Service {
    let actions = vec![Action { name: "echo", method: "GET", path: "/echo", safe: true }];
    Service { name: "test", version: "1.2.3", accepts: &[], actions }
}

fn start(token: Option<&str>) -> Running {
    let token = token.map(str::to_owned);
    let start = Start { supervised: false, port: 0, instance: "nonce".to_owned(), token };
    let work = |health: &sidecar::Health| {
        health.ready();
        Router::new().route("/echo", get(|| async { "echo" })).route("/take", post(|| async { "taken" }))
    };
    Running::start(start, service(), work, || ()).unwrap()
}

fn agent() -> Agent {
    Agent::config_builder().proxy(None).http_status_as_error(false).timeout_global(Some(LONG)).build().into()
}

fn ask(running: &Running, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let address = format!("http://127.0.0.1:{}{path}", running.port());
    headers.iter().fold(agent().get(address), |get, (name, value)| get.header(*name, *value)).call().unwrap()
}

fn json(mut answer: Response<Body>) -> Value {
    serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
}

#[test]
fn health_says_who_it_is_and_what_it_can_do() {
    // Seen red: with actions not told.
    let running = start(Some("secret"));
    let health = json(ask(&running, "/health", &[("Authorization", "Bearer secret")]));
    for (name, value) in
        [("service", "test"), ("version", "1.2.3"), ("instance", "nonce"), ("state", "ready")]
    {
        assert_eq!(health[name], value, "{health}");
    }
    assert_eq!(health["pid"], std::process::id());
    assert_eq!(health["progress"], 1.0);
    assert_eq!(health["checks"]["door"]["ok"], true);
    let echo = serde_json::json!({ "name": "echo", "method": "GET", "path": "/echo", "safe": true });
    assert_eq!(health["actions"][0], echo, "{health}");
}

#[test]
fn everything_is_behind_the_door_health_too() {
    // Seen red: with the door before known addresses only.
    let running = start(Some("secret"));
    for path in ["/health", "/echo", "/nothing", "/../../etc/passwd"] {
        let answer = ask(&running, path, &[]);
        assert_eq!(answer.status(), 401, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{path}");
        let foreign = [("Authorization", "Bearer secret"), ("Origin", "http://evil.com")];
        assert_eq!(ask(&running, path, &foreign).status(), 403, "{path}");
        let host = [("Authorization", "Bearer secret"), ("Host", "evil.com")];
        assert_eq!(ask(&running, path, &host).status(), 403, "{path}");
    }
    let known = [("Authorization", "Bearer secret")];
    assert_eq!(ask(&running, "/nothing", &known).status(), 404);
    assert_eq!(ask(&running, "/take", &known).status(), 405);
}

#[test]
fn by_hand_without_a_token_that_is_said() {
    // Seen red: with other words.
    let health = json(ask(&start(None), "/health", &[]));
    let said = health["checks"]["door"]["detail"].as_str().unwrap().to_owned();
    assert!(said.contains("no token is asked for"), "{said}");
    let with = json(ask(&start(Some("x")), "/health", &[("Authorization", "Bearer x")]));
    assert_eq!(with["checks"]["door"]["detail"], "callers show a token");
}

#[test]
fn the_correlation_id_that_comes_in_goes_out() {
    // Seen red: with any id echoed.
    let running = start(None);
    let answer = ask(&running, "/echo", &[("X-Correlation-Id", "a-1.b")]);
    assert_eq!(answer.headers()["x-correlation-id"], "a-1.b");
    // Also where it was refused.
    let refused = ask(&running, "/echo", &[("X-Correlation-Id", "a-2"), ("Origin", "http://evil.com")]);
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["x-correlation-id"]),
        (403, &"a-2".parse().unwrap())
    );
    for wrong in ["\"", "a b", &"x".repeat(129)] {
        assert!(
            !ask(&running, "/echo", &[("X-Correlation-Id", wrong)])
                .headers()
                .contains_key("x-correlation-id")
        );
    }
}

#[test]
fn it_ends_when_it_is_dropped_whoever_is_still_connected() {
    // Seen red: with `over` dropped in place of being called.
    let (over, is_over) = channel();
    let start = Start { supervised: false, port: 0, instance: String::new(), token: None };
    let work = |_: &sidecar::Health| {
        Router::new().route("/never", get(|| async { std::future::pending::<()>().await }))
    };
    let running = Running::start(start, service(), work, move || over.send(()).unwrap()).unwrap();
    let port = running.port();
    let mut idle = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    std::io::Write::write_all(
        &mut idle,
        format!("GET /never HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").as_bytes(),
    )
    .unwrap();
    drop(running);
    is_over.recv_timeout(LONG).unwrap();
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
}

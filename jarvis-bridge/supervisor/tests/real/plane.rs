//! The control plane's door: who is not let in, and that each is told in its own way.

use jarvis::by::By;
use jarvis::control_loop::Target;
use jarvis::endpoint::Endpoint;
use jarvis::event::Action;
use jarvis::health::State;
use ureq::Agent;

use crate::owned::{Owned, ours};

pub(crate) struct Asked {
    pub(crate) status: u16,
    pub(crate) kind: String,
    pub(crate) retry_after: Option<u64>,
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
}

/// Asks once, over a connection of its own.
pub(crate) fn ask(port: u16, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Asked {
    let agent: Agent = Agent::config_builder()
        .proxy(None)
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .build()
        .into();
    let mut request =
        ureq::http::Request::builder().method(method).uri(format!("http://127.0.0.1:{port}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut answer = agent.run(request.body(body.to_owned()).unwrap()).unwrap();
    let header = |name| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let retry_after = header("retry-after").map(|seconds| seconds.parse().unwrap());
    assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"), "{method} {path}");
    let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    Asked {
        status: answer.status().as_u16(),
        kind: kind.unwrap_or_default(),
        retry_after,
        headers: answer.headers().keys().map(|name| name.as_str().to_owned()).collect(),
        body: answer.body_mut().read_to_string().unwrap(),
    }
}

pub(crate) const JSON: (&str, &str) = ("Content-Type", "application/json");

#[test]
fn nobody_comes_in_without_token_host_and_origin() {
    // Seen red: with the scheme of a token compared as it is written.
    let owned = Owned::new(&ours("coach", ""));
    let endpoint = Endpoint::read(&owned.layout).unwrap().unwrap();
    let port = endpoint.port;
    let bearer = format!("Bearer {}", endpoint.tokens["cli"]);
    let token = ("Authorization", bearer.as_str());
    let wrong = "Bearer 00000000000000000000000000000000";
    let everywhere = [
        ("GET", "/api/v1/services", ""),
        ("POST", "/api/v1/execute", r#"{"module":"coach","action":"stop"}"#),
        ("GET", "/api/v1/autonomy", ""),
        ("PUT", "/api/v1/autonomy", r#"{"on":false}"#),
        ("GET", "/not/there", ""),
    ];
    for (method, path, body) in everywhere {
        let status = |headers: &[(&str, &str)]| {
            let asked = ask(port, method, path, headers, body);
            assert_eq!(asked.kind, "application/problem+json", "{method} {path}: {}", asked.body);
            asked.status
        };
        assert_eq!(status(&[JSON]), 401, "{method} {path} without a token");
        assert_eq!(status(&[JSON, ("Authorization", wrong)]), 401, "{method} {path} with a wrong token");
        assert_eq!(status(&[JSON, ("Authorization", &bearer[..bearer.len() - 1])]), 401, "half a token");
        assert_eq!(
            status(&[JSON, token, ("Origin", "http://evil.example")]),
            403,
            "{method} {path} from a web page"
        );
        assert_eq!(status(&[JSON, token, ("Origin", "null")]), 403, "{method} {path} from a sandbox");
        assert_eq!(status(&[JSON, token, ("Host", "evil.example")]), 403, "{method} {path} by rebinding");
        assert_eq!(status(&[JSON, token, ("Host", "127.0.0.1:1")]), 403, "{method} {path} at another port");
    }
    for headers in [&[("Host", "evil.example")][..], &[("Origin", "http://evil.example")]] {
        assert_eq!(ask(port, "GET", "/health", headers, "").status, 403);
    }
    for scheme in ["bearer", "BEARER"] {
        let shown = format!("{scheme} {}", endpoint.tokens["cli"]);
        assert_eq!(
            ask(port, "GET", "/api/v1/services", &[("Authorization", &shown)], "").status,
            200,
            "{scheme}"
        );
    }
    let health = ask(port, "GET", "/health", &[], "");
    assert_eq!(health.status, 200);
    assert!(health.body.contains(&endpoint.instance) && !health.body.contains(&endpoint.tokens["cli"]));
    assert!(
        owned.client.autonomy(None, By::name("test")).unwrap().on
            && owned.is("coach", State::Healthy).pid.is_some()
    );
}

#[test]
fn what_cannot_be_understood_is_told_so() {
    // Seen red: with unknown fields passed over.
    let owned = Owned::new(&ours("coach", ""));
    owned.is("coach", State::Healthy);
    let endpoint = Endpoint::read(&owned.layout).unwrap().unwrap();
    let bearer = format!("Bearer {}", endpoint.tokens["panel"]);
    let token = ("Authorization", bearer.as_str());
    let execute = |headers: &[(&str, &str)], body: &str| {
        let asked = ask(endpoint.port, "POST", "/api/v1/execute", headers, body);
        (asked.status, asked.body)
    };
    let cases = [
        (r#"{"module":"coach","action":"explode"}"#, 422, "start, stop, restart"),
        (r#"{"module":"jarvis","action":"start"}"#, 422, "shutdown"),
        (r#"{"module":"../../etc/passwd","action":"stop"}"#, 404, "there are coach"),
        (r#"{"module":"'; DROP TABLE events; --","action":"stop"}"#, 404, "there are coach"),
        (r#"{"module":"coach","action":"stop","more":1}"#, 422, "unknown field"),
        ("{", 422, "not what is asked for"),
        ("[]", 422, "not what is asked for"),
    ];
    for (body, status, words) in cases {
        let (got, said) = execute(&[JSON, token], body);
        assert!(got == status && said.contains(words), "{body}: {got} {said}");
    }
    assert_eq!(execute(&[token], "{}").0, 415);
    assert_eq!(execute(&[("Content-Type", "text/plain"), token], "{}").0, 415);
    assert_eq!(execute(&[JSON, token], &"x".repeat(70_000)).0, 413);
    assert_eq!(ask(endpoint.port, "DELETE", "/api/v1/services", &[token], "").status, 405);
    owned.is("coach", State::Healthy);
    assert_eq!(execute(&[JSON, token], r#"{"module":"coach","action":"start"}"#).0, 409);
    assert_eq!(execute(&[JSON, token], r#"{"module":"*","action":"stop"}"#).0, 202);
    owned.is("coach", State::Stopped);
    owned.client.act(Target::All, Action::Start, By::name("test")).unwrap();
    owned.is("coach", State::Healthy);
}

//! One call of a sidecar: what is sent, and what comes back.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use axum::http::{HeaderValue, Request, Response, header};
use serde_json::Value;
use ureq::{Agent, Body};

use super::action::Method;
use crate::by::By;
use crate::control_loop::Address;
use crate::control_plane::trace::{CORRELATION, Kind, PARENT, Span};

/// The longest explanation of a sidecar that is passed on, in characters.
const DETAIL: usize = 2000;

/// What is asked of a sidecar.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) address: Address,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) params: Option<Value>,
    pub(super) key: Option<String>,
    pub(super) by: By,
    /// The largest answer, in bytes.
    pub(super) largest: u64,
}

/// What it said.
#[derive(Debug)]
pub(super) enum Said {
    /// Done, with this.
    Done(Value),
    /// No, with this status (4xx), reason, and when it may go better.
    No(u16, String, Option<HeaderValue>),
}

/// Why it said nothing that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// Nobody listens: nothing was sent, so nothing can have been done.
    NotReached(String),
    /// No whole answer within this.
    TooLate(Duration),
    /// An answer that is none. With true it would be the same the next time.
    Wrong(String, bool),
    /// An answer with more than so many bytes: it works, and says more than is passed on.
    TooLarge(u64),
}

/// Parameters that cannot be put into a query.
#[derive(Debug)]
pub(super) struct NotForQuery;

impl Call {
    /// Parameters as the query of a GET or DELETE, with its `?`; empty without any, or where they are the body.
    pub(super) fn query(method: Method, params: Option<&Value>) -> Result<String, NotForQuery> {
        if method.has_body() {
            return Ok(String::new());
        }
        let fields = match params {
            None | Some(Value::Null) => return Ok(String::new()),
            Some(Value::Object(fields)) => fields,
            Some(_) => return Err(NotForQuery),
        };
        let mut query = String::new();
        for (name, value) in fields {
            let value = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Bool(truth) => truth.to_string(),
                Value::Null => continue,
                Value::Array(_) | Value::Object(_) => return Err(NotForQuery),
            };
            query.push(if query.is_empty() { '?' } else { '&' });
            escape(&mut query, name);
            query.push('=');
            escape(&mut query, &value);
        }
        Ok(query)
    }

    /// Calls, and waits at most for `limit`, to the last byte. Blocks.
    pub(super) fn make(&self, limit: Duration, attempt: u32) -> Result<Said, Failure> {
        let mut span = Span::begin("call", Kind::Client, self.by.parent);
        span.note("http.request.method", || self.method.word());
        span.note("url.path", || self.path.split('?').next().unwrap_or_default().to_owned());
        span.note("server.port", || i64::from(self.address.port));
        span.note("http.request.resend_count", || i64::from(attempt));
        let said = self.send(limit, &span);
        match &said {
            Ok(Said::Done(_)) => {}
            Ok(Said::No(status, ..)) => span.note("http.response.status_code", || i64::from(*status)),
            Err(failure) => span.failed(|| failure.reason()),
        }
        said
    }

    fn send(&self, limit: Duration, span: &Span) -> Result<Said, Failure> {
        let agent: Agent = Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(limit))
            .max_idle_connections(0)
            .build()
            .into();
        let mut request = Request::builder()
            .method(self.method.word())
            .uri(format!("http://127.0.0.1:{}{}", self.address.port, self.path))
            .header(header::ACCEPT, "application/json");
        if !self.address.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.address.token));
        }
        if let Some(correlation) = &self.by.correlation {
            request = request.header(CORRELATION, correlation);
        }
        if let Some(parent) = span.parent() {
            request = request.header(PARENT, parent.to_string());
        }
        if let Some(key) = &self.key {
            request = request.header("Idempotency-Key", key);
        }
        let wrong = |error: axum::http::Error| Failure::Wrong(error.to_string(), true);
        let answer = if self.method.has_body() {
            let body = self.params.as_ref().map_or_else(|| "{}".to_owned(), Value::to_string);
            let request = request.header(header::CONTENT_TYPE, "application/json");
            agent.run(request.body(body).map_err(wrong)?)
        } else {
            agent.run(request.body(()).map_err(wrong)?)
        };
        let answer = answer.map_err(|error| failure(error, limit, true))?;
        self.read(answer, limit)
    }

    fn read(&self, mut answer: Response<Body>, limit: Duration) -> Result<Said, Failure> {
        let status = answer.status();
        let body = answer.body_mut().with_config().limit(self.largest).read_to_vec();
        let body = match body {
            Err(ureq::Error::BodyExceedsLimit(most)) if !status.is_server_error() => {
                return Err(Failure::TooLarge(most));
            }
            body => body.map_err(|error| failure(error, limit, false))?,
        };
        if status.is_client_error() && status != 401 {
            let detail = detail(&body);
            return Ok(Said::No(status.as_u16(), detail, answer.headers_mut().remove(header::RETRY_AFTER)));
        }
        if status == 401 {
            // The client's own token was right: to tell it 401 would send it after the wrong thing.
            return Err(Failure::Wrong("it does not know the supervisor's token".to_owned(), true));
        }
        if !status.is_success() {
            return Err(Failure::Wrong(
                format!("it answered with status {status}"),
                !status.is_server_error(),
            ));
        }
        if body.is_empty() {
            return Ok(Said::Done(Value::Null));
        }
        if !is_json(answer.headers().get(header::CONTENT_TYPE)) {
            return Err(Failure::Wrong("its answer is not JSON".to_owned(), false));
        }
        let said = serde_json::from_slice(&body);
        said.map(Said::Done)
            .map_err(|error| Failure::Wrong(format!("its answer is not JSON ({error})"), false))
    }
}

impl Failure {
    /// Another time it may go better.
    pub(super) fn may_pass(&self) -> bool {
        !matches!(self, Self::Wrong(_, true) | Self::TooLarge(_))
    }

    /// The module does not work, as far as this tells.
    pub(super) fn is_its_own(&self) -> bool {
        !matches!(self, Self::TooLarge(_))
    }

    /// In words that follow the module's name.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::NotReached(why) | Self::Wrong(why, _) => why.clone(),
            Self::TooLarge(most) => format!("its answer is larger than {most} bytes: ask for less at a time"),
            Self::TooLate(limit) => format!("no whole answer within {} s", limit.as_secs_f64()),
        }
    }
}

fn failure(error: ureq::Error, limit: Duration, before_answer: bool) -> Failure {
    match error {
        ureq::Error::Io(error) if before_answer && error.kind() == io::ErrorKind::ConnectionRefused => {
            Failure::NotReached("nobody listens at its port".to_owned())
        }
        ureq::Error::Timeout(_) => Failure::TooLate(limit),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => Failure::TooLate(limit),
        error => Failure::Wrong(format!("its answer cannot be read ({error})"), false),
    }
}

/// What a sidecar's error says: the `detail` of a problem, `error` or `message` of others, or the text itself.
fn detail(body: &[u8]) -> String {
    let value: Option<Value> = serde_json::from_slice(body).ok();
    let field = |name| value.as_ref().and_then(|value: &Value| value.get(name)).and_then(Value::as_str);
    let said = ["detail", "error", "message", "title"].into_iter().find_map(field);
    let said = said.map_or_else(|| String::from_utf8_lossy(body).into_owned(), str::to_owned);
    said.chars().filter(|c| !c.is_control() || *c == '\n').take(DETAIL).collect()
}

fn is_json(kind: Option<&HeaderValue>) -> bool {
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Percent-encodes all but what never needs it (RFC 3986, unreserved).
fn escape(query: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            query.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(query, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_become_a_query_or_are_refused() {
        // Seen red: with texts put in as they are.
        let query = |params: Value| Call::query(Method::Get, Some(&params));
        assert_eq!(
            query(json!({"a": 1, "b": "x y&z=ü", "c": true, "d": null})).unwrap(),
            "?a=1&b=x%20y%26z%3D%C3%BC&c=true"
        );
        assert_eq!(query(json!({})).unwrap(), "");
        assert_eq!(query(json!(null)).unwrap(), "");
        assert_eq!(Call::query(Method::Post, Some(&json!([1]))).unwrap(), "");
        for bad in [json!({"a": [1]}), json!({"a": {"b": 1}}), json!([1]), json!("a")] {
            assert!(query(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_error_is_told_in_the_sidecar_s_words_and_not_at_any_length() {
        // Seen red: with control characters passed on.
        assert_eq!(detail(br#"{"title":"Bad","detail":"no such take"}"#), "no such take");
        assert_eq!(detail(br#"{"error":"no"}"#), "no");
        assert_eq!(detail(b"plain\x1b[31m words"), "plain[31m words");
        assert_eq!(detail(&[b'x'; 10_000]).len(), DETAIL);
    }
}

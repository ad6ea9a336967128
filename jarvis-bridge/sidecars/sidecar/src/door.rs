//! Who may come in.
//!
//! A port on loopback is reached by every web page (DNS rebinding, requests across sites) and by every program of every
//! user. So: the exact `Host`, a loopback `Origin` if there is one, no body that a web page may send without asking, and a
//! token compared in constant time; never a token in a URL. The same for a WebSocket, whose upgrade is a request like any
//! other: where it cannot send headers, the token is its subprotocol `bearer.TOKEN`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::Problem;

/// What is asked at the door.
#[derive(Debug)]
pub(crate) struct Door {
    hosts: [String; 2],
    token: Option<String>,
    accepts: &'static [&'static str],
}

impl Door {
    /// Of a sidecar at `port`. `accepts`: kinds of bodies beside JSON.
    pub(crate) fn new(port: u16, token: Option<String>, accepts: &'static [&'static str]) -> Self {
        Self { hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")], token, accepts }
    }

    fn check(&self, method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = hosts.next().map(HeaderValue::as_bytes).unwrap_or_default();
        if hosts.next().is_some() || !self.hosts.iter().any(|one| one.as_bytes() == host) {
            let detail = "this is not the host that was asked for: use 127.0.0.1 and the port";
            return Err(Problem::new(StatusCode::FORBIDDEN, detail));
        }
        let origins = headers.get_all(header::ORIGIN).iter();
        if !origins.into_iter().all(|origin| is_loopback(origin.to_str().unwrap_or_default())) {
            let detail = "web pages from elsewhere are not let in";
            return Err(Problem::new(StatusCode::FORBIDDEN, detail));
        }
        if let Some(token) = &self.token
            && !shows(headers, token)
        {
            let detail =
                "show the token: `Authorization: Bearer …`, which the supervisor gave to this sidecar";
            return Err(Problem::new(StatusCode::UNAUTHORIZED, detail));
        }
        if matches!(*method, Method::POST | Method::PUT | Method::PATCH) && !self.accepts(headers) {
            let known = [&["application/json"], self.accepts].concat().join(", ");
            let detail = format!("send a Content-Type of these: {known}");
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        Ok(())
    }

    fn accepts(&self, headers: &HeaderMap) -> bool {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        ["application/json"].iter().chain(self.accepts).any(|one| one.eq_ignore_ascii_case(kind))
    }
}

/// Lets a request in, or says why not.
pub(crate) async fn guard(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    match door.check(request.method(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// `http://` and a name of this machine, with any port or none.
fn is_loopback(origin: &str) -> bool {
    let Some(rest) = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) else {
        return false;
    };
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| {
        rest.strip_prefix(name).is_some_and(|port| {
            port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
        })
    })
}

/// Whether the token is shown, in a header or as a WebSocket's subprotocol.
fn shows(headers: &HeaderMap, token: &str) -> bool {
    let bearer = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
    let bearer = bearer.and_then(credentials);
    let protocols = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    let protocols = protocols.flat_map(|offered| offered.as_bytes().split(|byte| *byte == b','));
    let protocol = protocols.filter_map(|offered| offered.trim_ascii().strip_prefix(b"bearer."));
    // All are compared, whichever fits.
    bearer.into_iter().chain(protocol).fold(false, |fits, shown| fits | same(token.as_bytes(), shown))
}

/// What stands behind `Bearer` and one space; the scheme is written in any case (RFC 9110, 11.1).
fn credentials(shown: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = shown.split_at_checked(b"Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(rest)
}

/// Whether both are the same, in a time that tells nothing of where they differ.
fn same(secret: &[u8], shown: &[u8]) -> bool {
    secret.len() == shown.len()
        && std::hint::black_box(secret.iter().zip(shown).fold(0, |differ, (a, b)| differ | (a ^ b))) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&str, &str)], method: &Method) -> u16 {
        let door = Door::new(8000, Some("secret".to_owned()), &["audio/wav"]);
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name = axum::http::HeaderName::from_bytes(name.as_bytes()).unwrap();
            map.append(name, HeaderValue::from_str(value).unwrap());
        }
        door.check(method, &map).map_or_else(|problem| problem.status().as_u16(), |()| 200)
    }

    const HOST: (&str, &str) = ("host", "127.0.0.1:8000");
    const TOKEN: (&str, &str) = ("authorization", "Bearer secret");

    #[test]
    fn the_host_is_this_one_with_this_port() {
        // Seen red: with a second `Host` not looked at.
        assert_eq!(check(&[HOST, TOKEN], &Method::GET), 200);
        assert_eq!(check(&[("host", "localhost:8000"), TOKEN], &Method::GET), 200);
        for host in
            ["127.0.0.1", "127.0.0.1:80", "evil.com:8000", "127.0.0.1:80000", "localhost:8000.evil.com"]
        {
            assert_eq!(check(&[("host", host), TOKEN], &Method::GET), 403, "{host}");
        }
        assert_eq!(check(&[TOKEN], &Method::GET), 403);
        assert_eq!(check(&[HOST, ("host", "evil.com"), TOKEN], &Method::GET), 403);
    }

    #[test]
    fn pages_from_elsewhere_stay_outside() {
        // Seen red: with the first `Origin` alone looked at.
        for origin in ["http://127.0.0.1", "http://localhost:3000", "https://[::1]:1"] {
            assert_eq!(check(&[HOST, TOKEN, ("origin", origin)], &Method::GET), 200, "{origin}");
        }
        for origin in ["null", "http://evil.com", "http://localhost.evil.com", "http://127.0.0.1:1@evil.com"]
        {
            assert_eq!(check(&[HOST, TOKEN, ("origin", origin)], &Method::GET), 403, "{origin}");
            let both = [HOST, TOKEN, ("origin", "http://localhost"), ("origin", origin)];
            assert_eq!(check(&both, &Method::GET), 403, "{origin}");
        }
    }

    #[test]
    fn the_token_is_shown_in_a_header_or_as_a_subprotocol() {
        // Seen red: with the scheme compared as it is written.
        for shown in ["Bearer secre", "Bearer secret2", "Bearer ", "secret", "Basic secret", "bearer.secret"]
        {
            assert_eq!(check(&[HOST, ("authorization", shown)], &Method::GET), 401, "{shown}");
        }
        assert_eq!(check(&[HOST], &Method::GET), 401);
        for scheme in ["bearer secret", "BEARER secret"] {
            assert_eq!(check(&[HOST, ("authorization", scheme)], &Method::GET), 200, "{scheme}");
        }
        let offered = |value| check(&[HOST, ("sec-websocket-protocol", value)], &Method::GET);
        assert_eq!(offered("vocal-coach, bearer.secret"), 200);
        assert_eq!(offered("vocal-coach, bearer.wrong"), 401);
    }

    #[test]
    fn a_body_is_of_a_kind_that_no_web_page_sends_unasked() {
        // Seen red: with kinds that begin like a known one let in.
        let post = |kind| check(&[HOST, TOKEN, ("content-type", kind)], &Method::POST);
        for kind in ["application/json", "audio/wav", "Audio/WAV", "application/json; charset=utf-8"] {
            assert_eq!(post(kind), 200, "{kind}");
        }
        for kind in
            ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "audio/wavx", ""]
        {
            assert_eq!(post(kind), 415, "{kind}");
        }
        assert_eq!(check(&[HOST, TOKEN], &Method::POST), 415);
    }
}

//! Who may come in.
//!
//! A port on loopback is reached by every web page (DNS rebinding, requests across sites) and by every program of every
//! user. So: the exact `Host`, a loopback `Origin` if there is one, JSON only, and a token compared in constant time;
//! never a token in a URL. `/health` is exempt from the token alone.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::trace::Trace;
use super::{Plane, Problem};

/// Lets a request in, or says why not.
pub(super) async fn guard(State(plane): State<Arc<Plane>>, mut request: Request, next: Next) -> Response {
    let exempt = request.uri().path() == "/health";
    match check(&plane, request.method(), request.headers(), exempt) {
        Ok(kind) => {
            let by = request.extensions().get::<Trace>().map(|trace| trace.by(kind.unwrap_or_default()));
            request.extensions_mut().insert(by.unwrap_or_default());
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// The kind of client that asks; none where that does not matter.
fn check<'a>(
    plane: &'a Plane,
    method: &Method,
    headers: &HeaderMap,
    exempt: bool,
) -> Result<Option<&'a str>, Problem> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok()).unwrap_or_default();
    let known = [format!("127.0.0.1:{}", plane.port), format!("localhost:{}", plane.port)];
    if hosts.next().is_some() || !known.iter().any(|one| one == host) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "this is not the host that was asked for"));
    }
    if headers.get_all(header::ORIGIN).iter().any(|origin| !is_loopback(origin.to_str().unwrap_or_default()))
    {
        return Err(Problem::new(StatusCode::FORBIDDEN, "web pages from elsewhere are not let in"));
    }
    let kind = kind(plane, headers);
    if !exempt && kind.is_none() {
        let detail =
            "show a token: `Authorization: Bearer …`, as in endpoint.json in the supervisor's folder";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, detail));
    }
    if matches!(*method, Method::POST | Method::PUT | Method::PATCH) && !is_json(headers) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send `Content-Type: application/json`",
        ));
    }
    Ok(kind)
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

/// Whose token is shown.
fn kind<'a>(plane: &'a Plane, headers: &HeaderMap) -> Option<&'a str> {
    let shown = headers.get(header::AUTHORIZATION).map(header::HeaderValue::as_bytes);
    let shown = shown.and_then(|shown| shown.strip_prefix(b"Bearer "))?;
    // All are compared, whichever fits.
    let fits = |found, (kind, token): (&'a String, &String)| {
        if same(token.as_bytes(), shown) { Some(kind.as_str()) } else { found }
    };
    plane.tokens.iter().fold(None, fits)
}

/// Whether both are the same, in a time that tells nothing of where they differ.
fn same(secret: &[u8], shown: &[u8]) -> bool {
    secret.len() == shown.len()
        && std::hint::black_box(secret.iter().zip(shown).fold(0, |differ, (a, b)| differ | (a ^ b))) == 0
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_machine_are_loopback() {
        for origin in ["http://127.0.0.1", "http://localhost:3000", "https://[::1]:1"] {
            assert!(is_loopback(origin), "{origin}");
        }
        let strange = [
            "null",
            "",
            "http://127.0.0.1.evil.com",
            "http://localhost.evil.com:80",
            "http://evil.com",
            "file://",
            "http://localhost:99999",
            "http://127.0.0.1:1@evil.com",
        ];
        for origin in strange {
            assert!(!is_loopback(origin), "{origin}");
        }
    }
}

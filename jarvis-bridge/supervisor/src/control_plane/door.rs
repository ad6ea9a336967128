//! Who may come in.
//!
//! A port on loopback is reached by every web page (DNS rebinding, requests across sites) and by every program of every
//! user. So: the exact `Host`, a loopback `Origin` if there is one, and a token compared in constant time, never in a URL,
//! so many times in so long. `/health` is exempt from token and limit, and from nothing else. (JSON only: see `asked`.)

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sidecar::serve::Peer;

use super::limit::Who;
use super::trace::Trace;
use super::{Plane, Problem};

/// Where a token may come as a subprotocol of the WebSocket: a browser cannot set headers there.
const STREAM: &str = "/api/v1/stream";
/// A subprotocol that is a token begins so.
const BEARER: &str = "bearer.";

/// Lets a request in, or says why not.
pub(super) async fn guard(State(plane): State<Arc<Plane>>, mut request: Request, next: Next) -> Response {
    match check(&plane, &request) {
        Ok(kind) => {
            let by = request.extensions().get::<Trace>().map(|trace| trace.by(kind));
            request.extensions_mut().insert(by.unwrap_or_default());
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// The kind of client that asks; empty where that does not matter.
fn check<'a>(plane: &'a Plane, request: &Request) -> Result<&'a str, Problem> {
    let headers = request.headers();
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
    let path = request.uri().path();
    if path == "/health" {
        return Ok("");
    }
    let Some(kind) = shown(headers, path).and_then(|shown| kind(plane, shown)) else {
        let peer =
            request.extensions().get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
        plane.limit(Who::Stranger(peer))?;
        let detail =
            "show a token: `Authorization: Bearer …`, as in endpoint.json in the supervisor's folder";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, detail));
    };
    plane.limit(Who::Kind(kind.to_owned()))?;
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

/// The token that is shown.
fn shown<'a>(headers: &'a HeaderMap, path: &str) -> Option<&'a [u8]> {
    if let Some(shown) = headers.get(header::AUTHORIZATION) {
        // The scheme is written in any case (RFC 9110, 11.1).
        let (scheme, token) = shown.as_bytes().split_at_checked(b"Bearer ".len())?;
        return scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token);
    }
    let offers = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter(|_| path == STREAM);
    let mut offers = offers.filter_map(|offer| offer.to_str().ok()).flat_map(|offer| offer.split(','));
    offers.find_map(|offer| offer.trim().strip_prefix(BEARER)).map(str::as_bytes)
}

/// Whose token it is.
fn kind<'a>(plane: &'a Plane, shown: &[u8]) -> Option<&'a str> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_machine_are_loopback() {
        // Seen red: with `.evil.com` behind a name let in.
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

//! What the trial sidecar can be asked to do by routing, well and badly. `moody` does what stands in the file `$MOOD-act`.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

/// How often each was asked for.
static COUNTS: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

/// For `/health`: name, method, whether it is safe.
const ACTIONS: [(&str, &str, bool); 13] = [
    ("echo", "POST", true),
    ("look", "GET", true),
    ("once", "POST", false),
    ("moody", "POST", true),
    ("moody-once", "POST", false),
    ("silent", "POST", true),
    ("drip", "GET", true),
    ("nonsense", "GET", false),
    ("page", "GET", false),
    ("large", "GET", true),
    ("cut", "GET", false),
    ("die", "GET", false),
    ("count", "GET", true),
];

/// What it lists.
pub(crate) fn listed() -> Value {
    let one = |(name, method, safe): &(&str, &str, bool)| json!({ "name": name, "method": method, "path": format!("/act/{name}"), "safe": safe });
    ACTIONS.iter().map(one).collect()
}

/// Answers a request for `/act/…`, of which `begun` has been read.
pub(crate) fn answer(mut stream: TcpStream, begun: &[u8]) {
    let mut request = begun.to_vec();
    let mut part = [0; 4096];
    while !is_whole(&request) {
        match stream.read(&mut part) {
            Ok(count) if count > 0 => request.extend(part.iter().take(count)),
            _ => return,
        }
    }
    let text = String::from_utf8_lossy(&request).into_owned();
    let target = text.split(' ').nth(1).unwrap_or_default();
    let name = target.split(['/', '?']).nth(2).unwrap_or_default().to_owned();
    *COUNTS.lock().unwrap_or_else(PoisonError::into_inner).entry(name.clone()).or_default() += 1;
    let mood = std::env::var("MOOD").and_then(|path| {
        std::fs::read_to_string(format!("{path}-act")).map_err(|_| std::env::VarError::NotPresent)
    });
    let deed = match name.as_str() {
        "moody" | "moody-once" => mood.unwrap_or_default().trim().to_owned(),
        other => other.to_owned(),
    };
    act(stream, &deed, &text);
}

fn act(mut stream: TcpStream, deed: &str, request: &str) {
    match deed {
        "silent" => drop(stream.read_to_end(&mut Vec::new())),
        "drip" => {
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
            );
            while stream.write_all(b" ").is_ok() {
                std::thread::park_timeout(Duration::from_millis(20));
            }
        }
        "nonsense" => drop(stream.write_all(b"SMTP ready when you are\r\n\r\n")),
        "half" => send(&mut stream, "200 OK", "application/json", "{\"a\":"),
        "page" => send(&mut stream, "200 OK", "text/html", "{}"),
        "large" => {
            send(&mut stream, "200 OK", "application/json", &format!("\"{}\"", "x".repeat(10_000_000)));
        }
        "cut" | "die" => {
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{\"a\":"
            );
            let _ = stream.flush();
            if deed == "die" {
                std::process::abort();
            }
        }
        "fail" => send(&mut stream, "500 Internal Server Error", "text/plain", "on fire"),
        "refuse" => {
            let body = r#"{"title":"Conflict","status":409,"detail":"no such take"}"#;
            send(&mut stream, "409 Conflict", "application/problem+json", body);
        }
        "not mine" => send(&mut stream, "401 Unauthorized", "application/json", "{}"),
        "count" => {
            let counts = json!(*COUNTS.lock().unwrap_or_else(PoisonError::into_inner));
            send(&mut stream, "200 OK", "application/json", &counts.to_string());
        }
        _ => {
            let (head, body) = request.split_once("\r\n\r\n").unwrap_or_default();
            let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
            let headers: BTreeMap<_, _> = headers.map(|(name, value)| (name.to_lowercase(), value)).collect();
            let body: Value = serde_json::from_str(body).unwrap_or_default();
            let target = head.split(' ').nth(1).unwrap_or_default();
            let echo = json!({ "target": target, "headers": headers, "body": body });
            send(&mut stream, "200 OK", "application/json", &echo.to_string());
        }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn send(stream: &mut TcpStream, status: &str, kind: &str, body: &str) {
    let length = body.len();
    let head = format!("Content-Type: {kind}\r\nConnection: close\r\nContent-Length: {length}");
    let _ = write!(stream, "HTTP/1.1 {status}\r\n{head}\r\n\r\n{body}");
}

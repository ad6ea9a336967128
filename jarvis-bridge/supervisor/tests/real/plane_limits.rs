//! How much the control plane takes: so often, so large, so slow, so many.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use jarvis::endpoint::Endpoint;
use jarvis::layout::Layout;

use crate::owned::{Owned, ours, write};
use crate::plane::{JSON, ask};
use crate::rig::{LONG, TRIAL, timed, until};

/// An owner in a process of its own, whose memory and files can be looked at.
struct Apart {
    child: Child,
    endpoint: Endpoint,
    _folder: tempfile::TempDir,
}

impl Apart {
    fn new(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::within(folder.path());
        layout.make().unwrap();
        write(&layout, &[], &(more.to_owned() + &ours("coach", "")));
        let mut command = std::process::Command::new(TRIAL);
        let child =
            command.args(["own", "--folder"]).arg(folder.path()).stdout(Stdio::null()).spawn().unwrap();
        let endpoint = until("an endpoint", || Endpoint::read(&layout).ok().flatten());
        let apart = Self { child, endpoint, _folder: folder };
        until("the coach to be well", || apart.get("/api/v1/services").contains("\"healthy\"").then_some(()));
        apart
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.endpoint.tokens["cli"])
    }

    fn get(&self, path: &str) -> String {
        ask(self.endpoint.port, "GET", path, &[("Authorization", &self.bearer())], "").body
    }

    /// A number of kilobytes that the system says of it.
    fn kilobytes(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    fn files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count()
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What comes back for these bytes until the other end closes.
fn raw(port: u16, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream.set_write_timeout(Some(LONG)).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

fn rest(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    // A connection that is reset is closed too.
    let _ = stream.read_to_end(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn sixty_at_once_and_then_no_more_of_that_client() {
    // Seen red: with one bucket for all.
    let owned = Owned::with(&[("requests", "500"), ("burst", "60")], &ours("coach", ""), None);
    let endpoint = Endpoint::read(&owned.layout).unwrap().unwrap();
    let get = |token: &str| {
        let bearer = format!("Bearer {token}");
        ask(endpoint.port, "GET", "/api/v1/gauges", &[("Authorization", &bearer)], "")
    };
    let (cli, panel) = (&endpoint.tokens["cli"], &endpoint.tokens["panel"]);
    let let_in = (0..70).filter(|_| get(cli).status == 200).count();
    // Some more have come back while these were asked.
    assert!((60..=69).contains(&let_in), "{let_in}");
    let refused = std::iter::repeat_with(|| get(cli)).find(|asked| asked.status == 429).unwrap();
    assert_eq!(refused.kind, "application/problem+json");
    assert!((1..=2).contains(&refused.retry_after.unwrap()), "{:?}", refused.retry_after);
    assert_eq!(get(panel).status, 200, "another client's bucket");
    // Wrong ones share one, and take nothing from the others.
    let wrong = (0..70).filter(|number| get(&format!("{number:032}")).status == 401).count();
    assert!((60..=69).contains(&wrong), "{wrong}");
    assert_eq!(get(panel).status, 200);
    for _ in 0..100 {
        assert_eq!(ask(endpoint.port, "GET", "/health", &[], "").status, 200, "exempt");
        owned.client.read_gauges().unwrap();
    }
}

#[test]
fn each_named_client_has_a_token_and_what_it_asks_is_done_in_its_name() {
    // Seen red: with no token for named clients.
    let more = "[[sidecar]]\nname = \"none\"\ncommand = [\"true\"]\nidentity = \"nonce\"\nstart = false\n";
    let owned = Owned::with(&[("tokens", "[\"ci\"]")], more, None);
    let endpoint = Endpoint::read(&owned.layout).unwrap().unwrap();
    let kinds: Vec<&str> = endpoint.tokens.keys().map(String::as_str).collect();
    assert_eq!(kinds, ["bridge", "ci", "cli", "panel"]);
    let bearer = format!("Bearer {}", endpoint.tokens["ci"]);
    let headers = [JSON, ("Authorization", bearer.as_str()), ("X-Correlation-Id", "build-7")];
    assert_eq!(ask(endpoint.port, "PUT", "/api/v1/autonomy", &headers, r#"{"on":false}"#).status, 200);
    let by = owned.event("a flip", |what| match what {
        jarvis::event::What::Switched { by, .. } => Some(by.clone()),
        _ => None,
    });
    assert_eq!((by.who.as_str(), by.correlation.as_deref()), ("ci", Some("build-7")));
}

#[test]
fn ten_megabytes_are_refused_and_not_kept() {
    // Seen red: with all of a body kept until it is refused.
    let apart = Apart::new("");
    let (port, bearer) = (apart.endpoint.port, apart.bearer());
    let before = apart.kilobytes("VmHWM");
    let large = "x".repeat(10_000_000);
    for path in ["/api/v1/execute", "/api/v1/usage", "/api/v1/gauges"] {
        let asked = ask(port, "POST", path, &[JSON, ("Authorization", &bearer)], &large);
        assert_eq!((asked.status, asked.kind.as_str()), (413, "application/problem+json"), "{path}");
    }
    // Without a length, in pieces.
    let head = format!(
        "POST /api/v1/usage HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {bearer}\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    );
    let mut stream = raw(port, &head);
    let piece = format!("{:x}\r\n{}\r\n", 100_000, "x".repeat(100_000));
    for _ in 0..100 {
        stream.write_all(piece.as_bytes()).unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let answer = rest(stream);
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let grown = apart.kilobytes("VmHWM") - before;
    assert!(grown < 4000, "it grew by {grown} kB");
    assert!(apart.get("/api/v1/services").contains("healthy"));
}

#[test]
fn who_is_refused_unread_is_told_why() {
    // Seen red: with the connection closed as soon as the refusal is sent.
    let owned = Owned::with(&[], "", None);
    let endpoint = Endpoint::read(&owned.layout).unwrap().unwrap();
    let bearer = format!("Bearer {}", endpoint.tokens["cli"]);
    let token = ("Authorization", bearer.as_str());
    // More than the system's buffers take, and all of it is sent before the answer is read.
    let large = "x".repeat(15_000_000);
    let refused = |headers: &[(&str, &str)], status| {
        let asked = ask(endpoint.port, "POST", "/api/v1/usage", headers, &large);
        assert_eq!((asked.status, asked.kind.as_str()), (status, "application/problem+json"));
    };
    refused(&[JSON], 401);
    refused(&[JSON, token, ("Origin", "http://evil.example")], 403);
    refused(&[token, ("Content-Type", "text/plain")], 415);
}

#[test]
fn who_is_slow_keeps_nobody_waiting_and_is_cut() {
    // Seen red: with a thousand times as long for the body.
    let owned = Owned::with(&[("headers", "0.5"), ("body", "0.5")], &ours("coach", ""), None);
    let endpoint = Endpoint::read(&owned.layout).unwrap().unwrap();
    let (port, bearer) = (endpoint.port, format!("Bearer {}", endpoint.tokens["cli"]));
    let slow: Vec<TcpStream> =
        (0..100).map(|_| raw(port, "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")).collect();
    let head = format!(
        "POST /api/v1/usage HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {bearer}\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{{"
    );
    let body = raw(port, &head);
    let (health, took) = timed(|| ask(port, "GET", "/health", &[], ""));
    assert_eq!(health.status, 200);
    assert!(took < Duration::from_secs(5), "{took:?}");
    let answer = rest(body);
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("application/problem+json"), "{answer}");
    for stream in slow {
        let answer = rest(stream);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
}

#[test]
fn who_asks_and_never_reads_is_cut() {
    // Seen red: with a thousand times as long for the answer.
    let owned = Owned::with(&[("unread", "0.5")], "", None);
    let endpoint = Endpoint::read(&owned.layout).unwrap().unwrap();
    let head = format!(
        "GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {}\r\n\r\n",
        endpoint.port, endpoint.tokens["cli"]
    );
    let mut deaf = raw(endpoint.port, "");
    deaf.set_write_timeout(Some(Duration::from_millis(100))).unwrap();
    // First all buffers are full, then the other end has enough.
    let cut = until("it to be cut", || deaf.write_all(head.repeat(100).as_bytes()).err().filter(is_cut));
    assert!(is_cut(&cut), "{cut}");
    assert_eq!(ask(endpoint.port, "GET", "/health", &[], "").status, 200);
}

fn is_cut(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::BrokenPipe)
}

#[test]
fn ten_thousand_requests_leave_nothing_behind() {
    // Seen red: with 2,000 bytes left behind by each.
    let apart = Apart::new("");
    let (port, bearer) = (apart.endpoint.port, apart.bearer());
    let paths =
        ["/health", "/api/v1/services", "/api/v1/gauges", "/api/v1/nothing", "/api/v1/events?limit=x"];
    let ask_all = |times: usize| {
        // Several at a time, each over one connection.
        std::thread::scope(|scope| {
            for _ in 0..10 {
                scope.spawn(|| {
                    let mut asked = String::new();
                    for number in 0..times / 10 {
                        let path = paths[number % paths.len()];
                        let close = if number + 1 == times / 10 { "Connection: close\r\n" } else { "" };
                        let _ = write!(
                            asked,
                            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {bearer}\r\n{close}\r\n"
                        );
                    }
                    let stream = raw(port, "");
                    let mut writing = stream.try_clone().unwrap();
                    let writer = scope.spawn(move || writing.write_all(asked.as_bytes()).unwrap());
                    let answers = rest(stream);
                    writer.join().unwrap();
                    assert_eq!(answers.matches("HTTP/1.1 ").count(), times / 10);
                    let fine = ["HTTP/1.1 200", "HTTP/1.1 404", "HTTP/1.1 422"];
                    let fine: usize = fine.iter().map(|status| answers.matches(status).count()).sum();
                    assert_eq!(fine, times / 10, "something else came");
                });
            }
        });
    };
    ask_all(1000);
    let (memory, files) = (apart.kilobytes("VmRSS"), apart.files());
    ask_all(10_000);
    until("all connections to be closed", || (apart.files() <= files + 2).then_some(()));
    let grown = apart.kilobytes("VmRSS").saturating_sub(memory);
    assert!(grown < 8000, "it grew by {grown} kB");
    let metrics = apart.get("/metrics");
    let line = metrics.lines().find(|line| line.contains("route=\"/health\",status=\"200\"")).unwrap();
    let counted: f64 = line.rsplit(' ').next().unwrap().parse().unwrap();
    assert!(counted >= 2200.0, "{line}");
}

//! Spans that reach a collector over real HTTP, and what happens when there is none.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use jarvis::client::Client;
use jarvis::endpoint::Endpoint;
use jarvis::health::State;
use jarvis::layout::Layout;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use serde_json::{Value, json};
use ureq::Agent;

use crate::owned::{ours, write};
use crate::rig::{TRIAL, timed, until};

/// An owner in a program of its own, whose environment names a collector.
struct Traced {
    folder: tempfile::TempDir,
    owner: Child,
    endpoint: Endpoint,
}

impl Traced {
    fn new(collector: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::within(folder.path());
        layout.make().unwrap();
        write(&layout, &[], &ours("coach", ""));
        let mut command = Command::new(TRIAL);
        command.args(["own", "--folder"]).arg(folder.path()).stdout(Stdio::piped());
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", collector).env("OTEL_BSP_SCHEDULE_DELAY", "100");
        let owner = command.spawn().unwrap();
        let endpoint = until("the coach to be ready", || {
            let services = Client::find(&layout).ok()?.status().ok()?;
            let ready = services.iter().any(|service| service.state == State::Healthy);
            ready.then(|| Endpoint::read(&layout).unwrap().unwrap())
        });
        Self { folder, owner, endpoint }
    }

    fn execute(&self, module: &str, action: &str, headers: &[(&str, &str)]) -> Value {
        let agent: Agent = Agent::config_builder().proxy(None).build().into();
        let mut request = agent
            .post(format!("http://127.0.0.1:{}/api/v1/execute", self.endpoint.port))
            .header("Authorization", format!("Bearer {}", self.endpoint.tokens["cli"]));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = json!({ "module": module, "action": action });
        request.send_json(body).unwrap().body_mut().read_json().unwrap()
    }
}

impl Drop for Traced {
    fn drop(&mut self) {
        // Its sidecar ends with it.
        let _ = self.owner.kill();
        let _ = self.owner.wait();
        let _ = &self.folder;
    }
}

/// A collector that takes everything: where it is, and what it was sent.
fn collector() -> (String, Receiver<ExportTraceServiceRequest>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (told, hears) = channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let told = told.clone();
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                let mut part = [0; 4096];
                loop {
                    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n");
                    if let Some(head) = head {
                        let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
                        let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
                        let length: usize = length.unwrap().parse().unwrap();
                        if bytes.len() >= head + 4 + length {
                            assert!(text.starts_with("post /v1/traces http/1.1"), "{text}");
                            assert!(text.contains("content-type: application/x-protobuf"), "{text}");
                            let body = &bytes[head + 4..head + 4 + length];
                            let _ = told.send(ExportTraceServiceRequest::decode(body).unwrap());
                            bytes.drain(..head + 4 + length);
                            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n");
                            continue;
                        }
                    }
                    match stream.read(&mut part) {
                        Ok(count) if count > 0 => bytes.extend(&part[..count]),
                        _ => return,
                    }
                }
            });
        }
    });
    (address, hears)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn attribute(span: &Span, key: &str) -> String {
    use opentelemetry_proto::tonic::common::v1::any_value::Value;
    let found = span.attributes.iter().find(|one| one.key == key).and_then(|one| one.value.clone()?.value);
    match found {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_request_its_call_and_an_act_are_spans_of_the_client_s_trace() {
    // Seen red: with `Span::begin` ignoring its parent, and with the act's `By` without one.
    let (address, hears) = collector();
    let traced = Traced::new(&address);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let headers = [("traceparent", parent.as_str()), ("X-Correlation-Id", "take-7")];
    let echo = traced.execute("coach", "echo", &headers);
    traced.execute("coach", "restart", &headers);
    let passed_on = echo["answer"]["headers"]["traceparent"].as_str().unwrap().to_owned();

    let mut spans: Vec<Span> = Vec::new();
    let mut names = Vec::new();
    let found = until("the spans", || {
        for sent in hears.try_iter().flat_map(|sent| sent.resource_spans) {
            names
                .extend(sent.resource.iter().flat_map(|from| &from.attributes).map(|one| format!("{one:?}")));
            spans.extend(sent.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
        let ours = |name: &str| -> Vec<Span> {
            let ours = spans.iter().filter(|span| span.name == name && hex(&span.trace_id) == trace);
            ours.cloned().collect()
        };
        let (requests, calls, acts) = (ours("request"), ours("call"), ours("act"));
        // Health was asked for the list of actions, then the action itself.
        (requests.len() == 2 && calls.len() == 2 && acts.len() == 1).then_some((requests, calls, acts))
    });
    let (requests, calls, acts) = found;
    assert!(names.iter().any(|name| name.contains("service.name") && name.contains("jarvis")), "{names:?}");
    for request in &requests {
        assert_eq!(hex(&request.parent_span_id), "00f067aa0ba902b7");
        assert_eq!(attribute(request, "dawg.correlation"), "take-7");
        assert_eq!(attribute(request, "url.path"), "/api/v1/execute");
        assert!(request.end_time_unix_nano > request.start_time_unix_nano);
    }
    let of = |status: &str| {
        requests.iter().find(|one| attribute(one, "http.response.status_code") == status).unwrap()
    };
    for call in &calls {
        assert_eq!(call.parent_span_id, of("200").span_id, "{}", attribute(call, "url.path"));
    }
    let echoed = calls.iter().find(|call| attribute(call, "url.path") == "/act/echo").unwrap();
    assert_eq!(passed_on, format!("00-{trace}-{}-01", hex(&echoed.span_id)));
    assert_eq!(acts[0].parent_span_id, of("202").span_id);
    assert_eq!(attribute(&acts[0], "dawg.action"), "restart");
    assert_eq!(attribute(&acts[0], "dawg.target"), "coach");
}

#[test]
fn a_collector_that_is_gone_or_says_nothing_harms_nothing() {
    // Seen red: with `flush` waiting for the exporter.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [silent.local_addr().unwrap(), gone] {
        let mut traced = Traced::new(&format!("http://{address}"));
        for _ in 0..50 {
            assert!(traced.execute("coach", "echo", &[])["answer"].is_object());
        }
        assert_eq!(traced.execute("jarvis", "shutdown", &[])["accepted"], true);
        let (ended, took) = timed(|| until("the owner to end", || traced.owner.try_wait().unwrap()));
        assert!(ended.success() && took < Duration::from_secs(4), "{ended} after {took:?}");
    }
}

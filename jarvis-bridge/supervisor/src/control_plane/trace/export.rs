//! Sends spans to a collector: OTLP, protobuf over HTTP, in batches, from a thread of its own.
//!
//! Off unless the environment has `OTEL_EXPORTER_OTLP_ENDPOINT` (or `…_TRACES_ENDPOINT`); the other standard variables of
//! OTLP, of batches and of sampling count as well. What a collector does not take is lost, and nobody waits for it.

use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::bounded;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use ureq::Agent;

/// Either switches it on.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
/// The longest a collector may take to answer, if the environment says nothing shorter.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the end waits for the last spans.
const FAREWELL: Duration = Duration::from_secs(1);
/// The largest answer that is read.
const LARGEST: u64 = 64 * 1024;

/// One in a program, as its environment is. Empty: off, which costs one look here.
static EXPORT: OnceLock<Export> = OnceLock::new();

struct Export {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

/// Who records spans; none: nobody does.
pub(super) fn tracer() -> Option<&'static SdkTracer> {
    EXPORT.get().map(|export| &export.tracer)
}

/// Sends spans from now on, if the environment says so. A wrong variable is told, and nothing else suffers.
pub(in super::super) fn begin() {
    if EXPORT.get().is_some() || !is_wanted(|name| std::env::var(name).ok()) {
        return;
    }
    match open() {
        // Two owners of one program begin at once: one of both is enough.
        Ok(export) => drop(EXPORT.set(export)),
        Err(error) => {
            tracing::warn!(%error, "no traces are sent: look at the variables that begin with OTEL_");
        }
    }
}

/// Sends what has not been sent, for a moment: whoever ends does not wait for a collector that is gone.
pub(in super::super) fn flush() {
    let Some(export) = EXPORT.get() else { return };
    let provider = export.provider.clone();
    let (done, over) = bounded(1);
    let flushing = std::thread::Builder::new().name("jarvis-traces".to_owned()).spawn(move || {
        // Told by the client below.
        let _ = provider.force_flush();
        let _ = done.send(());
    });
    if flushing.is_ok() {
        let _ = over.recv_timeout(FAREWELL);
    }
}

fn is_wanted(variable: impl Fn(&str) -> Option<String>) -> bool {
    let is = |name, value: &str| variable(name).is_some_and(|set| set.trim().eq_ignore_ascii_case(value));
    let somewhere =
        ENDPOINTS.iter().any(|name| variable(name).is_some_and(|endpoint| !endpoint.trim().is_empty()));
    somewhere && !is("OTEL_SDK_DISABLED", "true") && !is("OTEL_TRACES_EXPORTER", "none")
}

fn open() -> Result<Export, Box<dyn std::error::Error>> {
    let exporter = SpanExporter::builder().with_http().with_http_client(Post::new()).build()?;
    let mut resource = Resource::builder();
    if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name("jarvis");
    }
    let provider =
        SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build()).build();
    let tracer = provider.tracer("jarvis");
    Ok(Export { provider, tracer })
}

/// The exporter's way out: it blocks, and does so in the exporter's own thread.
#[derive(Debug)]
struct Post {
    agent: Agent,
    /// The last try failed, which has been told.
    failing: AtomicBool,
}

impl Post {
    fn new() -> Self {
        let agent = Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build()
            .into();
        Self { agent, failing: AtomicBool::new(false) }
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let answer = self.agent.run(Request::from_parts(head, &body[..]))?;
        let (head, mut body) = answer.into_parts();
        let body = body.with_config().limit(LARGEST).read_to_vec()?;
        Ok(Response::from_parts(head, body.into()))
    }

    /// Says once that it fails, and once that it works again.
    fn tell(&self, sent: &Result<Response<Bytes>, HttpError>) {
        let why = match sent {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(answer.status().to_string()),
            Err(error) => Some(error.to_string()),
        };
        match (why, self.failing.load(Ordering::Relaxed)) {
            (Some(why), false) => tracing::warn!(why, "traces do not reach their collector and are lost"),
            (None, true) => tracing::info!("traces reach their collector again"),
            (Some(_), true) | (None, false) => return,
        }
        self.failing.fetch_xor(true, Ordering::Relaxed);
    }
}

impl HttpClient for Post {
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move {
            let sent = self.send(request);
            self.tell(&sent);
            sent
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_endpoint_switches_it_on_and_either_switch_off() {
        // Seen red: with `OTEL_SDK_DISABLED` not looked at.
        let wanted = |set: &[(&str, &str)]| {
            is_wanted(|name| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        let (endpoint, traces) =
            ((ENDPOINTS[0], "http://127.0.0.1:4318"), (ENDPOINTS[1], "http://a/v1/traces"));
        assert!(
            wanted(&[endpoint]) && wanted(&[traces]) && wanted(&[endpoint, ("OTEL_SDK_DISABLED", "false")])
        );
        assert!(!wanted(&[]) && !wanted(&[(ENDPOINTS[0], " ")]) && !wanted(&[("OTEL_SERVICE_NAME", "x")]));
        assert!(!wanted(&[endpoint, ("OTEL_SDK_DISABLED", "TRUE")]));
        assert!(!wanted(&[endpoint, ("OTEL_TRACES_EXPORTER", "none")]));
    }
}

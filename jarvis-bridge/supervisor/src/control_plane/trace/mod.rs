//! What belongs together: the correlation id of a request, and the trace it is part of.
//!
//! Start at [`follow`], the outermost layer of the control plane. It gives each request a [`Trace`] as an extension, puts
//! the correlation id into its answer and into all that is logged meanwhile, and opens a [`Span`]. Spans are sent
//! somewhere only if the environment says so (`export`); otherwise they are nothing.

mod correlation;
mod export;
mod parent;
mod span;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

pub(super) use correlation::is_usable;
pub(super) use export::{begin, flush};
pub use parent::TraceParent;
pub(crate) use span::{Kind, Span};

use crate::by::By;

/// The header that carries the correlation id, in and out.
pub(super) const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");
/// The header that carries the trace (W3C Trace Context).
pub(super) const PARENT: HeaderName = HeaderName::from_static("traceparent");

/// What a request belongs to.
#[derive(Debug, Clone, Default)]
pub(super) struct Trace {
    /// The id that runs through logs, answers and the audit.
    pub(super) correlation: String,
    /// The span that what follows is a part of: our own, or without one the client's.
    pub(super) parent: Option<TraceParent>,
}

impl Trace {
    /// From a request's headers; a correlation id of our own if it brings none that can be used.
    fn read(headers: &HeaderMap) -> Self {
        let parent = headers.get(PARENT).and_then(|parent| TraceParent::read(parent.as_bytes()));
        Self { correlation: correlation::of(headers), parent }
    }

    /// In the name of `who`, as a part of this.
    pub(super) fn by(&self, who: &str) -> By {
        By { who: who.to_owned(), correlation: Some(self.correlation.clone()), parent: self.parent }
    }
}

/// Gives a request its [`Trace`], and tells its correlation id in the answer, whichever that is.
pub(super) async fn follow(mut request: Request, next: Next) -> Response {
    let mut trace = Trace::read(request.headers());
    let method = request.method().as_str().to_owned();
    let mut span = Span::begin("request", Kind::Server, trace.parent);
    span.note("http.request.method", || method.clone());
    span.note("url.path", || request.uri().path().chars().take(200).collect::<String>());
    span.note("dawg.correlation", || trace.correlation.clone());
    trace.parent = span.parent();
    let header = HeaderValue::from_str(&trace.correlation);
    let told = tracing::info_span!("request", correlation = %trace.correlation, method);
    request.extensions_mut().insert(trace);
    let mut answer = next.run(request).instrument(told).await;
    let status = answer.status();
    span.note("http.response.status_code", || i64::from(status.as_u16()));
    if status.is_server_error() {
        span.failed(|| status.to_string());
    }
    // Visible ASCII always fits.
    if let Ok(header) = header {
        answer.headers_mut().insert(CORRELATION, header);
    }
    answer
}

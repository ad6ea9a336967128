//! Spans: something that took time, as a part of something else. Nothing at all while nobody wants them.

use opentelemetry::trace::{
    Span as _, SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceFlags, TraceId, TraceState,
    Tracer as _,
};
use opentelemetry::{Context, KeyValue, Value};

use super::{TraceParent, export};

/// Which side of a call a span is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Asked by another program.
    Server,
    /// Asking another program.
    Client,
    /// Within this one.
    Internal,
}

/// From [`Span::begin`] until it is dropped.
#[derive(Debug)]
pub(crate) struct Span {
    recorded: Option<opentelemetry_sdk::trace::Span>,
    parent: Option<TraceParent>,
}

impl Span {
    /// Begins a part of `parent`, or a trace of its own.
    pub(crate) fn begin(name: &'static str, kind: Kind, parent: Option<TraceParent>) -> Self {
        let recorded = export::tracer().map(|tracer| {
            let kind = match kind {
                Kind::Server => SpanKind::Server,
                Kind::Client => SpanKind::Client,
                Kind::Internal => SpanKind::Internal,
            };
            // Not the thread's context: one thread serves many requests at a time.
            let within = parent.map_or_else(Context::new, |parent| {
                Context::new().with_remote_span_context(SpanContext::new(
                    TraceId::from_bytes(parent.trace.to_be_bytes()),
                    SpanId::from_bytes(parent.span.to_be_bytes()),
                    TraceFlags::new(parent.flags),
                    true,
                    TraceState::default(),
                ))
            });
            tracer.span_builder(name).with_kind(kind).start_with_context(tracer, &within)
        });
        Self { recorded, parent }
    }

    /// What others are parts of: this, or while nobody records it what this is a part of.
    pub(crate) fn parent(&self) -> Option<TraceParent> {
        let Some(recorded) = &self.recorded else { return self.parent };
        let context = recorded.span_context();
        Some(TraceParent {
            trace: u128::from_be_bytes(context.trace_id().to_bytes()),
            span: u64::from_be_bytes(context.span_id().to_bytes()),
            flags: context.trace_flags().to_u8(),
        })
    }

    /// Adds what it was about. `value` is made only if somebody wants it.
    pub(crate) fn note<V: Into<Value>>(&mut self, key: &'static str, value: impl FnOnce() -> V) {
        if let Some(recorded) = &mut self.recorded {
            recorded.set_attribute(KeyValue::new(key, value()));
        }
    }

    /// It did not succeed.
    pub(crate) fn failed(&mut self, why: impl FnOnce() -> String) {
        if let Some(recorded) = &mut self.recorded {
            recorded.set_status(Status::error(why()));
        }
    }
}

//! Whether a client still sends something that nobody reads: a body that was refused before its end.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::http::Request;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};

/// Whether the body of a connection's last request has not been read to its end. Shared by what reads it and what closes.
#[derive(Clone, Default)]
pub(super) struct Owed(Arc<AtomicBool>);

impl Owed {
    /// The same request, whose body is watched from now on.
    pub(super) fn watch(&self, request: Request<Incoming>) -> Request<Watched> {
        self.0.store(!request.body().is_end_stream(), Ordering::Relaxed);
        request.map(|body| Watched { body, owed: self.clone() })
    }

    pub(super) fn is_something(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A body that tells when it has been read to its end.
pub(super) struct Watched {
    body: Incoming,
    owed: Owed,
}

impl Body for Watched {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<hyper::Result<Frame<Bytes>>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() || self.body.is_end_stream() {
            self.owed.0.store(false, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

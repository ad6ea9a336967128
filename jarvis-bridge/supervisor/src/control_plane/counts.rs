//! How many requests were answered, by route and status, for `/metrics`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::Plane;

/// Answers by method, route and status. Routes are those that there are, so this stays small.
#[derive(Debug, Default)]
pub(super) struct Counts(Mutex<BTreeMap<(String, String, u16), u64>>);

impl Counts {
    fn add(&self, method: &str, route: &str, status: u16) {
        // Whatever else somebody may have made up is one.
        let method = if ["GET", "POST", "PUT", "HEAD"].contains(&method) { method } else { "other" };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((method.to_owned(), route.to_owned(), status)).or_default() += 1;
    }

    /// All of them.
    pub(super) fn all(&self) -> BTreeMap<(String, String, u16), u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Counts each answer, also those at the door.
pub(super) async fn count(State(plane): State<Arc<Plane>>, request: Request, next: Next) -> Response {
    let method = request.method().as_str().to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let mut answer = next.run(request).await;
    // What is answered is what it says it is, whatever a browser would like to find in it.
    answer.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    plane.counts.add(&method, &route, answer.status().as_u16());
    answer
}

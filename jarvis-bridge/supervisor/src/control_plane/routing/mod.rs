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

mod action;

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{ALL, Execute, Plane, Problem, SUPERVISOR};
use crate::by::By;
use crate::client::Client;
use crate::control_loop::Target;
use crate::event::Action;

/// Does what `asked` says in the name of `by`.
pub(super) async fn execute(plane: &Arc<Plane>, by: By, asked: Execute) -> Result<Response, Problem> {
    let Execute { module, action, .. } = asked;
    if module == SUPERVISOR {
        if action != "shutdown" {
            return Err(unknown_action(&action, "shutdown"));
        }
        plane.ask(Client::shutdown).await?;
    } else {
        let action = match action.as_str() {
            "start" => Action::Start,
            "stop" => Action::Stop,
            "restart" => Action::Restart,
            other => return Err(unknown_action(other, "start, stop, restart")),
        };
        let target = if module == ALL { Target::All } else { Target::One(module.clone()) };
        plane.ask(move |client| client.act(target, action, by)).await?;
    }
    Ok((StatusCode::ACCEPTED, Json(json!({ "module": module, "accepted": true }))).into_response())
}

fn unknown_action(action: &str, known: &str) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        format!("there is no action “{action}”: there are {known}"),
    )
}

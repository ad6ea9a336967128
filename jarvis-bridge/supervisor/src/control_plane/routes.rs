//! What can be asked, and how it is answered.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{ALL, Execute, Health, Plane, Problem, SUPERVISOR, SetAutonomy, door};
use crate::by::By;
use crate::client::{Client, ClientError};
use crate::control_loop::Target;
use crate::event::Action;
use crate::status::Status;
use crate::switch::Switch;

/// The largest body.
const LARGEST: usize = 64 * 1024;

type Shared = State<Arc<Plane>>;
type Body = Result<Bytes, BytesRejection>;

pub(super) fn router(plane: Arc<Plane>) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/api/v1/services", get(services))
        .route("/api/v1/execute", post(execute))
        .route("/api/v1/autonomy", get(autonomy).put(set_autonomy))
        .fallback(nothing_here)
        .method_not_allowed_fallback(other_method)
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(middleware::from_fn_with_state(Arc::clone(&plane), door::guard))
        .with_state(plane)
}

async fn health(State(plane): Shared) -> Json<Health> {
    Json(plane.health.clone())
}

async fn services(State(plane): Shared) -> Result<Json<Vec<Status>>, Problem> {
    ask(&plane, Client::status).await.map(Json)
}

async fn execute(State(plane): Shared, body: Body) -> Result<(StatusCode, Json<Value>), Problem> {
    let Execute { module, action } = read(body)?;
    if module == SUPERVISOR {
        if action != "shutdown" {
            return Err(unknown_action(&action, "shutdown"));
        }
        ask(&plane, Client::shutdown).await?;
    } else {
        let action = match action.as_str() {
            "start" => Action::Start,
            "stop" => Action::Stop,
            "restart" => Action::Restart,
            other => return Err(unknown_action(other, "start, stop, restart")),
        };
        let target = if module == ALL { Target::All } else { Target::One(module.clone()) };
        ask(&plane, move |client| client.act(target, action, By::name("api"))).await?;
    }
    Ok((StatusCode::ACCEPTED, Json(json!({ "module": module, "accepted": true }))))
}

async fn autonomy(State(plane): Shared) -> Result<Json<Switch>, Problem> {
    ask(&plane, |client| client.autonomy(None, By::name("api"))).await.map(Json)
}

async fn set_autonomy(State(plane): Shared, body: Body) -> Result<Json<Switch>, Problem> {
    let SetAutonomy { on } = read(body)?;
    ask(&plane, move |client| client.autonomy(Some(on), By::name("api"))).await.map(Json)
}

async fn nothing_here() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is nothing at this address")
}

async fn other_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this address knows other methods")
}

fn unknown_action(action: &str, known: &str) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        format!("there is no action “{action}”: there are {known}"),
    )
}

fn read<T: DeserializeOwned>(body: Body) -> Result<T, Problem> {
    let bytes = body.map_err(|rejected| Problem::new(rejected.status(), rejected.body_text()))?;
    serde_json::from_slice(&bytes).map_err(|error| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, format!("the body is not what is asked for: {error}"))
    })
}

/// Asks the control loop, which answers within a turn, without making other requests wait.
async fn ask<T: Send + 'static>(
    plane: &Plane,
    question: impl FnOnce(&Client) -> Result<T, ClientError> + Send + 'static,
) -> Result<T, Problem> {
    let client = plane.client.clone();
    let asked = tokio::task::spawn_blocking(move || question(&client)).await;
    let asked = asked.map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    Ok(asked?)
}

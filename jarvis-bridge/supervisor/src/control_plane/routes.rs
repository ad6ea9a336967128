//! What can be asked, and how it is answered.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Json, Router, middleware};
use serde::de::DeserializeOwned;

use super::{Health, Plane, Problem, SetAutonomy, door, routing, trace};
use crate::by::By;
use crate::client::Client;
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
        .layer(middleware::from_fn(trace::follow))
        .with_state(plane)
}

async fn health(State(plane): Shared) -> Json<Health> {
    Json(plane.health.clone())
}

async fn services(State(plane): Shared) -> Result<Json<Vec<Status>>, Problem> {
    plane.ask(Client::status).await.map(Json)
}

async fn execute(
    State(plane): Shared,
    Extension(by): Extension<By>,
    body: Body,
) -> Result<Response, Problem> {
    routing::execute(&plane, by, read(body)?).await
}

async fn autonomy(State(plane): Shared, Extension(by): Extension<By>) -> Result<Json<Switch>, Problem> {
    plane.ask(|client| client.autonomy(None, by)).await.map(Json)
}

async fn set_autonomy(
    State(plane): Shared,
    Extension(by): Extension<By>,
    body: Body,
) -> Result<Json<Switch>, Problem> {
    let SetAutonomy { on } = read(body)?;
    plane.ask(move |client| client.autonomy(Some(on), by)).await.map(Json)
}

async fn nothing_here() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is nothing at this address")
}

async fn other_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this address knows other methods")
}

fn read<T: DeserializeOwned>(body: Body) -> Result<T, Problem> {
    let bytes = body.map_err(|rejected| Problem::new(rejected.status(), rejected.body_text()))?;
    serde_json::from_slice(&bytes).map_err(|error| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, format!("the body is not what is asked for: {error}"))
    })
}

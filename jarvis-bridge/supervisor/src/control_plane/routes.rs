//! What can be asked, and how it is answered. What clients report stands in `reported`, the stream in `socket`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Json, Router, middleware};
use serde::Deserialize;

use super::asked::{Nothing, Number, Sent, Words, not_understood};
use super::openapi::{self, Asks, Door, Hello, Sends};
use super::{
    Execute, Health, Plane, Problem, SetAutonomy, counts, door, metrics, reported, routing, socket, trace,
};
use crate::alert::Alert;
use crate::audit::{Entry, Verdict};
use crate::by::By;
use crate::client::{Client, EventQuery};
use crate::event::Event;
use crate::gauge::Gauge;
use crate::intelligence::Report;
use crate::status::Status;
use crate::switch::Switch;

type Shared = State<Arc<Plane>>;

pub(super) fn router(plane: Arc<Plane>) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/openapi.json", get(openapi::openapi))
        .route("/metrics", get(metrics::metrics))
        .route("/api/v1/health", get(super::health::report))
        .route("/api/v1/services", get(services))
        .route("/api/v1/services/{name}/address", get(super::address::address))
        .route("/api/v1/modules", get(modules))
        .route("/api/v1/execute", post(execute))
        .route("/api/v1/autonomy", get(autonomy).put(set_autonomy))
        .route("/api/v1/events", get(events))
        .route("/api/v1/alerts", get(alerts))
        .route("/api/v1/alerts/{id}/acknowledge", post(acknowledge))
        .route("/api/v1/audit", get(audit))
        .route("/api/v1/audit/verify", get(verify))
        .route("/api/v1/intelligence", get(intelligence))
        .route("/api/v1/gauges", get(gauges).post(reported::post_gauges))
        .route("/api/v1/usage", post(reported::post_usage))
        .route("/api/v1/stream", get(socket::stream))
        .fallback(nothing_here)
        .method_not_allowed_fallback(other_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&plane), door::guard))
        .layer(middleware::from_fn_with_state(Arc::clone(&plane), counts::count))
        .layer(middleware::from_fn(trace::follow))
        .with_state(plane)
}

/// Whether the supervisor is there
#[utoipa::path(get, path = "/health", responses((status = 200, description = "It is", body = Health), Hello))]
pub(super) async fn health(State(plane): Shared) -> Json<Health> {
    Json(plane.health.clone())
}

/// How the sidecars are
#[utoipa::path(get, path = "/api/v1/services", responses((status = 200, description = "Each", body = Vec<Status>), Door), security(("token" = [])))]
pub(super) async fn services(State(plane): Shared) -> Result<Json<Vec<Status>>, Problem> {
    plane.ask(Client::status).await.map(Json)
}

/// What can be asked of each module
#[utoipa::path(get, path = "/api/v1/modules", responses((status = 200, description = "Each, with what it can do", body = Vec<routing::Can>), Door), security(("token" = [])))]
pub(super) async fn modules(
    State(plane): Shared,
    Extension(by): Extension<By>,
) -> Result<Json<Vec<routing::Can>>, Problem> {
    routing::modules(&plane, &by).await.map(Json)
}

/// Starts, stops or restarts a module, or passes an action on to it
#[utoipa::path(post, path = "/api/v1/execute", request_body = Execute, responses(
    (status = 200, description = "The module's answer", body = routing::Answered,
        headers(("Idempotency-Replayed" = String, description = "true: answered before, under the same idempotency key"))),
    (status = 202, description = "It has begun", body = routing::Accepted,
        headers(("Idempotency-Replayed" = String, description = "true: answered before, under the same idempotency key"))),
    (status = 404, description = "There is no such module", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "It runs already, or is being done under this idempotency key", body = Problem, content_type = "application/problem+json"),
    (status = "4XX", description = "What the module itself says", body = Problem, content_type = "application/problem+json",
        headers(("Retry-After" = String, description = "As the module says"),
            ("Idempotency-Replayed" = String, description = "true: answered before, under the same idempotency key"))),
    (status = 502, description = "What the module said cannot be used", body = Problem, content_type = "application/problem+json"),
    (status = 504, description = "The module did not answer in time", body = Problem, content_type = "application/problem+json"),
    Sends), security(("token" = [])))]
pub(super) async fn execute(
    State(plane): Shared,
    Extension(by): Extension<By>,
    Sent(asked): Sent<Execute>,
) -> Result<Response, Problem> {
    routing::execute(&plane, by, asked).await
}

/// Whether one may act without being asked
#[utoipa::path(get, path = "/api/v1/autonomy", responses((status = 200, description = "The switch", body = Switch), Door), security(("token" = [])))]
pub(super) async fn autonomy(
    State(plane): Shared,
    Extension(by): Extension<By>,
) -> Result<Json<Switch>, Problem> {
    plane.ask(|client| client.autonomy(None, by)).await.map(Json)
}

/// From now on one may act without being asked, or may not
#[utoipa::path(put, path = "/api/v1/autonomy", request_body = SetAutonomy, responses((status = 200, description = "The switch now", body = Switch), Sends), security(("token" = [])))]
pub(super) async fn set_autonomy(
    State(plane): Shared,
    Extension(by): Extension<By>,
    Sent(SetAutonomy { on }): Sent<SetAutonomy>,
) -> Result<Json<Switch>, Problem> {
    plane.ask(move |client| client.autonomy(Some(on), by)).await.map(Json)
}

/// What happened, oldest first
#[utoipa::path(get, path = "/api/v1/events", params(EventQuery), responses((status = 200, description = "The newest of it", body = Vec<Event>), Asks), security(("token" = [])))]
pub(super) async fn events(
    State(plane): Shared,
    Words(mut query): Words<EventQuery>,
) -> Result<Json<Vec<Event>>, Problem> {
    query.limit = Some(within("limit", query.limit.unwrap_or(100), 10_000)?);
    plane.ask(move |client| client.events(&query)).await.map(Json)
}

/// The query of `/api/v1/alerts`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertQuery {
    /// With those that are over; none: false.
    #[serde(default)]
    history: bool,
}

/// Alerts, newest first
#[utoipa::path(get, path = "/api/v1/alerts", params(AlertQuery), responses((status = 200, description = "Those that are open, or all", body = Vec<Alert>), Asks), security(("token" = [])))]
pub(super) async fn alerts(
    State(plane): Shared,
    Words(AlertQuery { history }): Words<AlertQuery>,
) -> Result<Json<Vec<Alert>>, Problem> {
    plane.ask(move |client| client.alerts(history)).await.map(Json)
}

/// A human has seen an alert
#[utoipa::path(post, path = "/api/v1/alerts/{id}/acknowledge", params(("id" = u64, Path, description = "The alert's")), responses(
    (status = 204, description = "It is noted"),
    (status = 404, description = "There is no open alert of this number", body = Problem, content_type = "application/problem+json"),
    Sends), security(("token" = [])))]
pub(super) async fn acknowledge(
    State(plane): Shared,
    Extension(by): Extension<By>,
    Number(id): Number,
    _: Nothing,
) -> Result<StatusCode, Problem> {
    if plane.ask(move |client| client.acknowledge(id, by)).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::new(StatusCode::NOT_FOUND, format!("there is no open alert {id}")))
}

/// The query of `/api/v1/audit`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct AuditQuery {
    /// At most so many, the newest; none: 100.
    #[param(minimum = 1, maximum = 10000)]
    limit: Option<u32>,
}

/// The newest entries of the audit trail, oldest first
#[utoipa::path(get, path = "/api/v1/audit", params(AuditQuery), responses((status = 200, description = "Entries", body = Vec<Entry>), Asks), security(("token" = [])))]
pub(super) async fn audit(
    State(plane): Shared,
    Words(AuditQuery { limit }): Words<AuditQuery>,
) -> Result<Json<Vec<Entry>>, Problem> {
    let limit = within("limit", limit.unwrap_or(100), 10_000)?;
    plane.ask(move |client| client.audit(limit)).await.map(Json)
}

/// Whether the audit trail is whole
#[utoipa::path(get, path = "/api/v1/audit/verify", responses((status = 200, description = "What was found", body = Verdict), Door), security(("token" = [])))]
pub(super) async fn verify(State(plane): Shared) -> Result<Json<Verdict>, Problem> {
    plane.ask(Client::verify).await.map(Json)
}

/// The query of `/api/v1/intelligence`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Span {
    /// The last so many hours; none: 24.
    #[param(minimum = 1, maximum = 87600)]
    hours: Option<u32>,
    /// In so many equal parts; none: 24.
    #[param(minimum = 1, maximum = 1000)]
    parts: Option<u32>,
}

/// What was measured over time
#[utoipa::path(get, path = "/api/v1/intelligence", params(Span), responses((status = 200, description = "What there is; what was not measured is null", body = Report), Asks), security(("token" = [])))]
pub(super) async fn intelligence(
    State(plane): Shared,
    Words(Span { hours, parts }): Words<Span>,
) -> Result<Json<Report>, Problem> {
    // Ten years.
    let hours = within("hours", hours.unwrap_or(24), 87_600)?;
    let parts = within("parts", parts.unwrap_or(24), 1000)?;
    plane.ask(move |client| client.intelligence(hours, parts)).await.map(Json)
}

/// The newest value of each gauge
#[utoipa::path(get, path = "/api/v1/gauges", responses((status = 200, description = "Each", body = Vec<Gauge>), Door), security(("token" = [])))]
pub(super) async fn gauges(State(plane): Shared) -> Result<Json<Vec<Gauge>>, Problem> {
    plane.ask(Client::read_gauges).await.map(Json)
}

async fn nothing_here() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is nothing at this address")
}

async fn other_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this address knows other methods")
}

/// A number from 1 to `most`.
fn within(name: &str, number: u32, most: u32) -> Result<u32, Problem> {
    if (1..=most).contains(&number) {
        return Ok(number);
    }
    Err(not_understood(format!("`{name}` is {number}, and can be 1 to {most}")))
}

//! `/api/v1/services/{name}/address`: where a service is and what to show it, for an attached window that speaks to it itself.
//!
//! The coach is sent samples, which the control plane does not route. A service's token is for the panel alone: other
//! clients ask a service through `/api/v1/execute`, where it is limited and audited.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};

use super::openapi::Door;
use super::{Plane, Problem};
use crate::by::By;
use crate::control_loop::Address;

/// The client that may ask.
const PANEL: &str = "panel";

/// Where a service listens and what to show it, for the panel
#[utoipa::path(get, path = "/api/v1/services/{name}/address", params(("name" = String, Path, description = "The service's")), responses(
    (status = 200, description = "There", body = Address),
    (status = 404, description = "There is no such service, or it does not serve now", body = Problem, content_type = "application/problem+json"),
    Door), security(("token" = [])))]
pub(super) async fn address(
    State(plane): State<Arc<Plane>>,
    Extension(by): Extension<By>,
    name: Result<Path<String>, PathRejection>,
) -> Result<Json<Address>, Problem> {
    if by.who != PANEL {
        let detail = "a service's token is for the panel alone: ask the service through /api/v1/execute";
        return Err(Problem::new(StatusCode::FORBIDDEN, detail));
    }
    let found = match name {
        Ok(Path(name)) => plane.ask(move |client| client.address(&name)).await?,
        Err(_) => None,
    };
    found.map(Json).ok_or_else(|| {
        Problem::new(StatusCode::NOT_FOUND, "there is no such service, or it does not serve now")
    })
}

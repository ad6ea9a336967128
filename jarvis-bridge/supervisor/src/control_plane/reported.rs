//! What clients report: checked before it reaches the owner.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::asked::{Sent, not_understood};
use super::openapi::Sends;
use super::{Plane, Problem};
use crate::client::Client;
use crate::gauge::Gauge;
use crate::usage::{Told, Usage, length, name};

/// The most that is reported at once.
const MOST: usize = 256;

/// The body of `POST /api/v1/gauges`.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Gauges {
    /// What was measured; of each name the newest value counts. At most 256.
    #[schema(max_items = 256)]
    pub gauges: Vec<Gauge>,
}

/// The body of `POST /api/v1/usage`.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Used {
    /// What was used. At most 256 at once.
    #[schema(max_items = 256)]
    pub usage: Vec<Usage>,
}

/// These were measured
#[utoipa::path(post, path = "/api/v1/gauges", request_body = Gauges, responses((status = 204, description = "They count from now on"), Sends), security(("token" = [])))]
pub(super) async fn post_gauges(
    State(plane): State<Arc<Plane>>,
    Sent(sent): Sent<Gauges>,
) -> Result<StatusCode, Problem> {
    gauges(&plane, sent).await.map(|()| StatusCode::NO_CONTENT)
}

/// These were used
#[utoipa::path(post, path = "/api/v1/usage", request_body = Used, responses((status = 200, description = "What is kept, now or already, and what can never be", body = Told), Sends), security(("token" = [])))]
pub(super) async fn post_usage(
    State(plane): State<Arc<Plane>>,
    Sent(sent): Sent<Used>,
) -> Result<Json<Told>, Problem> {
    usage(&plane, sent).await.map(Json)
}

/// These were measured. Returns once the owner has them, so that nobody reports faster than it hears.
pub(super) async fn gauges(plane: &Plane, Gauges { gauges }: Gauges) -> Result<(), Problem> {
    if gauges.len() > MOST {
        return Err(not_understood(format!("more than {MOST} gauges at once")));
    }
    for gauge in &gauges {
        name("name", &gauge.name)
            .and_then(|()| length("unit", &gauge.unit, 32))
            .and_then(|()| length("source", gauge.source.as_deref().unwrap_or("-"), 64))
            .map_err(not_understood)?;
        let numbers = [Some(gauge.value), gauge.warn, gauge.fail];
        if numbers.into_iter().flatten().any(|number| !number.is_finite()) {
            return Err(not_understood(format!("“{}” is not finite", gauge.name)));
        }
    }
    plane
        .ask(|client: &Client| {
            client.gauges(gauges)?;
            client.read_gauges().map(drop)
        })
        .await
}

/// These were used. What is unfit is refused alone, by its id: it keeps nothing else from being kept.
pub(super) async fn usage(plane: &Plane, Used { usage }: Used) -> Result<Told, Problem> {
    if usage.len() > MOST {
        return Err(not_understood(format!("more than {MOST} uses at once")));
    }
    plane.ask(|client: &Client| client.usage(usage)).await
}

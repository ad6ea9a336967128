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
use crate::usage::Usage;

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

/// What became of usage.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub(super) struct Kept {
    /// The ids that are kept, now or already: nobody needs to tell them again.
    pub kept: Vec<String>,
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
#[utoipa::path(post, path = "/api/v1/usage", request_body = Used, responses((status = 200, description = "What is kept, now or already", body = Kept), Sends), security(("token" = [])))]
pub(super) async fn post_usage(
    State(plane): State<Arc<Plane>>,
    Sent(sent): Sent<Used>,
) -> Result<Json<Kept>, Problem> {
    usage(&plane, sent).await.map(Json)
}

/// These were measured. Returns once the owner has them, so that nobody reports faster than it hears.
pub(super) async fn gauges(plane: &Plane, Gauges { gauges }: Gauges) -> Result<(), Problem> {
    if gauges.len() > MOST {
        return Err(not_understood(format!("more than {MOST} gauges at once")));
    }
    for gauge in &gauges {
        name("name", &gauge.name)?;
        length("unit", &gauge.unit, 32)?;
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

/// These were used.
pub(super) async fn usage(plane: &Plane, Used { usage }: Used) -> Result<Kept, Problem> {
    if usage.len() > MOST {
        return Err(not_understood(format!("more than {MOST} uses at once")));
    }
    for used in &usage {
        name("what", &used.what)?;
        length("id", &used.id, 128)?;
        length("detail", used.detail.as_deref().unwrap_or("-"), 1000)?;
    }
    plane.ask(|client: &Client| client.usage(usage)).await.map(|kept| Kept { kept })
}

/// Lower case, words joined by `_`.
fn name(field: &str, name: &str) -> Result<(), Problem> {
    length(field, name, 64)?;
    if name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return Ok(());
    }
    Err(not_understood(format!("`{field}` has letters other than a to z, 0 to 9 and _")))
}

fn length(field: &str, text: &str, most: usize) -> Result<(), Problem> {
    match text.chars().count() {
        0 => Err(not_understood(format!("`{field}` is empty"))),
        count if count > most => Err(not_understood(format!("`{field}` is longer than {most} characters"))),
        _ => Ok(()),
    }
}

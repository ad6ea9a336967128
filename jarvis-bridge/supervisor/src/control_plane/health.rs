//! How all is: `/api/v1/health`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::openapi::Door;
use super::{Health, Plane, Problem};
use crate::by::By;
use crate::client::Client;
use crate::clock::Moment;
use crate::control_loop::Rounds;
use crate::deep::Check;
use crate::gauge::{Gauge, Level};
use crate::health::State as Now;
use crate::status::Status;
use crate::switch::Switch;

/// What `/api/v1/health` answers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct HealthReport {
    /// Who answers. Its state is `ready`, or `degraded` if a sidecar that is to run does not, or a check or a gauge fails.
    #[serde(flatten)]
    health: Health,
    /// How long the control plane has run, in seconds of awake time.
    uptime_s: u64,
    /// How the control loop does.
    rounds: Rounds,
    /// Whether one may act without being asked.
    autonomy: Switch,
    /// The sidecars.
    services: Vec<Status>,
    /// The deep checks, as they were last; empty before the first round.
    checks: Vec<Check>,
    /// What was measured, of the machine and of the studio: the newest values.
    gauges: Vec<Measured>,
}

/// A gauge, and how bad it is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Measured {
    /// What: lower case, words joined by `_`.
    name: String,
    /// In what.
    unit: String,
    /// How much.
    value: f64,
    /// How bad that is.
    level: Level,
    /// Nobody has reported it for long: it says nothing of now.
    stale: bool,
}

impl From<Gauge> for Measured {
    fn from(gauge: Gauge) -> Self {
        let level = gauge.level();
        Self { name: gauge.name, unit: gauge.unit, value: gauge.value, level, stale: gauge.stale }
    }
}

/// How the supervisor, its sidecars and the machine are
#[utoipa::path(
    get,
    path = "/api/v1/health",
    responses((status = 200, description = "How all is", body = HealthReport), Door),
    security(("token" = []))
)]
pub(super) async fn report(State(plane): State<Arc<Plane>>) -> Result<Json<HealthReport>, Problem> {
    let asked = plane.ask(|client: &Client| {
        let autonomy = client.autonomy(None, By::itself())?;
        Ok((client.status()?, client.rounds()?, client.read_gauges()?, client.checks()?, autonomy))
    });
    let (services, rounds, gauges, checks, autonomy) = asked.await?;
    let gauges: Vec<Measured> = gauges.into_iter().map(Measured::from).collect();
    let ill = |status: &Status| !matches!(status.state, Now::Healthy | Now::Starting | Now::Stopped);
    let fails = |gauge: &Measured| gauge.level == Level::Fail && !gauge.stale;
    let degraded =
        services.iter().any(ill) || gauges.iter().any(fails) || checks.iter().any(|check| !check.ok);
    let state = if degraded { "degraded" } else { "ready" }.to_owned();
    let health = Health { state, ..plane.health.clone() };
    let uptime_s = plane.clock.now().since(Moment::ORIGIN).as_secs();
    Ok(Json(HealthReport { health, uptime_s, rounds, autonomy, services, checks, gauges }))
}

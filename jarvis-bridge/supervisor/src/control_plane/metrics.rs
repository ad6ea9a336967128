//! `/metrics`: for Prometheus, in its text format 0.0.4.

use std::fmt::{Display, Write as _};
use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::openapi::Door;
use super::{Plane, Problem};
use crate::client::Client;
use crate::health::State as Now;
use crate::intelligence::ServiceReport;

const STATES: [Now; 7] =
    [Now::Stopped, Now::Starting, Now::Healthy, Now::Degraded, Now::Down, Now::Flapping, Now::Blocked];

/// Measurements, for Prometheus
#[utoipa::path(
    get,
    path = "/metrics",
    responses((status = 200, description = "Text format 0.0.4", content_type = "text/plain", body = String), Door),
    security(("token" = []))
)]
pub(super) async fn metrics(State(plane): State<Arc<Plane>>) -> Result<Response, Problem> {
    let asked = plane.ask(|client: &Client| {
        let (listening, missed) = client.listening();
        // Latencies are read from the store, which may be damaged: then they are left out.
        let latencies = client.intelligence(1, 1).map(|report| report.services).unwrap_or_default();
        Ok((client.status()?, client.rounds()?, client.read_gauges()?, latencies, listening, missed))
    });
    let (services, rounds, gauges, latencies, listening, missed) = asked.await?;
    let mut text = Text::default();
    text.family("jarvis_service_state", "gauge", "1 for the state that a service is in, 0 for all others.");
    for status in &services {
        for state in STATES {
            let labels = [("service", status.name.as_str()), ("state", &state.to_string())];
            text.sample("jarvis_service_state", &labels, u8::from(status.state == state));
        }
    }
    text.family("jarvis_service_restarts_total", "counter", "Restarts that nobody asked for.");
    for status in &services {
        text.sample("jarvis_service_restarts_total", &[("service", &status.name)], status.restarts);
    }
    text.family("jarvis_service_uptime_seconds", "gauge", "Awake time since the process began.");
    for status in &services {
        if let Some(uptime) = status.uptime_s {
            text.sample("jarvis_service_uptime_seconds", &[("service", &status.name)], uptime);
        }
    }
    latency(&mut text, &latencies);
    text.family("jarvis_gauge", "gauge", "What was measured and reported: the newest value.");
    for gauge in &gauges {
        text.sample("jarvis_gauge", &[("name", &gauge.name), ("unit", &gauge.unit)], gauge.value);
    }
    text.family("jarvis_http_requests_total", "counter", "Answers by route and status.");
    for ((method, route, status), count) in plane.counts.all() {
        let status = status.to_string();
        let labels = [("method", method.as_str()), ("route", &route), ("status", &status)];
        text.sample("jarvis_http_requests_total", &labels, count);
    }
    text.family("jarvis_rounds_total", "counter", "Rounds of the control loop.");
    text.sample("jarvis_rounds_total", &[], rounds.met + rounds.besides);
    text.family("jarvis_round_latest_seconds", "gauge", "How late the latest round was.");
    text.sample("jarvis_round_latest_seconds", &[], rounds.latest_ms as f64 / 1000.0);
    text.family("jarvis_round_longest_seconds", "gauge", "How long the longest round took.");
    text.sample("jarvis_round_longest_seconds", &[], rounds.longest_ms as f64 / 1000.0);
    text.family("jarvis_stream_listeners", "gauge", "Who listens now.");
    text.sample("jarvis_stream_listeners", &[], listening);
    text.family("jarvis_stream_missed_total", "counter", "News that listeners were too slow for.");
    text.sample("jarvis_stream_missed_total", &[], missed);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text.0).into_response())
}

fn latency(text: &mut Text, services: &[ServiceReport]) {
    let name = "jarvis_service_latency_seconds";
    text.family(name, "gauge", "Percentiles of the answers of the last hour.");
    for service in services {
        let quantiles = [("0.5", service.p50_ms), ("0.95", service.p95_ms), ("0.99", service.p99_ms)];
        for (quantile, millis) in quantiles {
            if let Some(millis) = millis {
                text.sample(name, &[("service", &service.name), ("quantile", quantile)], millis / 1000.0);
            }
        }
    }
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> =
            labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_break_out() {
        // Seen red: with line feeds as they are.
        let mut text = Text::default();
        text.sample("jarvis_gauge", &[("name", "a\"} 1\nevil{b=\"\\")], 0.5);
        assert_eq!(text.0, "jarvis_gauge{name=\"a\\\"} 1\\nevil{b=\\\"\\\\\"} 0.5\n");
    }
}

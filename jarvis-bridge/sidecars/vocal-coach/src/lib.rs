//! The vocal coach: pitch, notes, vibrato, rhythm, and live feedback. A sidecar: it answers HTTP on loopback.
//!
//! Start at [`run`], which `ai-dawg sidecar vocal-coach` calls.

mod ear;
mod self_test;

use axum::routing::get;
use axum::{Extension, Router};
use sidecar::{Action, Health, Service, Start, StartError};

/// Where it listens, unless it is told otherwise.
pub const PORT: u16 = 8000;
/// What it is called, in declarations and on the command line.
pub const NAME: &str = "vocal-coach";

/// What it is.
#[must_use]
pub fn service() -> Service {
    let actions = vec![Action { name: "self-test", method: "GET", path: "/api/self-test", safe: true }];
    Service { name: NAME, version: env!("CARGO_PKG_VERSION"), accepts: &["audio/wav"], actions }
}

/// Serves until its end is asked for; see [`sidecar::run`].
///
/// # Errors
/// [`StartError`].
pub fn run(start: Start) -> Result<(), StartError> {
    sidecar::run(start, service(), work)
}

/// What it answers beside `/health`. Tests it before it says that it is ready.
pub fn work(health: &Health) -> Router {
    self_test::begin(health.clone());
    Router::new().route("/api/self-test", get(self_test::answer)).layer(Extension(health.clone()))
}

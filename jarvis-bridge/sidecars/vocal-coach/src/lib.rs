//! The vocal coach: pitch, notes, vibrato, rhythm, and live feedback. A sidecar: it answers HTTP on loopback.
//!
//! Start at [`run`], which `ai-dawg sidecar vocal-coach` calls. Recordings come as WAV and are looked at in threads
//! (`analysis`); live singing comes in chunks over a WebSocket and is answered at once (`live`). Nothing is kept.

mod analysis;
mod ear;
mod live;
mod load;
mod self_test;

use axum::routing::{get, post};
use axum::{Extension, Router};
use sidecar::{Action, Health, Service, Start, StartError};

/// Where it listens, unless it is told otherwise.
pub const PORT: u16 = 8000;
/// What it is called, in declarations and on the command line.
pub const NAME: &str = "vocal-coach";
/// Where live singing goes, by WebSocket.
pub const LIVE: &str = "/ws/vocal-coach/live-feedback";

/// What it is.
#[must_use]
pub fn service() -> Service {
    let asked = |name, method, path| Action { name, method, path, safe: true };
    // The self-test takes a core for a while: no web page may ask for it, as any may by GET where no token is asked for.
    let actions = vec![asked("self-test", "POST", "/api/self-test"), asked("load", "GET", "/api/load")];
    Service { name: NAME, version: env!("CARGO_PKG_VERSION"), accepts: &analysis::KINDS, actions }
}

/// Serves until its end is asked for; see [`sidecar::run`].
///
/// # Errors
/// [`StartError`].
pub fn run(start: Start) -> Result<(), StartError> {
    sidecar::run(start, service(), work)
}

/// What it answers beside `/health`. Tests itself before it says that it is ready.
pub fn work(health: &Health) -> Router {
    self_test::begin(health.clone());
    Router::new()
        .route("/api/self-test", post(self_test::answer))
        .route("/api/load", get(load::answer))
        .route("/api/analyze-pitch", post(analysis::pitch))
        .route("/api/analyze-recording", post(analysis::recording))
        .route("/api/analyze-rhythm", post(analysis::rhythm))
        .route(LIVE, get(live::upgrade))
        .layer(Extension(health.clone()))
        .layer(Extension(load::Load::default()))
}

//! A sidecar that serves, in a thread of its own.

use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router, middleware};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::door::{self, Door};
use crate::health::{Action, Health};
use crate::serve::{self, Bounds};
use crate::{Problem, Start, StartError, correlation};

/// What clients may take. Live singing is a WebSocket, which says by itself how long answers may wait: less than here.
const BOUNDS: Bounds = Bounds {
    connections: 256,
    headers: Duration::from_secs(10),
    unread: Duration::from_secs(15),
    // More than the largest recording.
    refused: 256_000_000,
    grace: Duration::from_secs(1),
};

/// What a sidecar is.
#[derive(Debug, Clone)]
pub struct Service {
    /// As in its declaration.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Kinds of bodies that it takes beside JSON. None that a web page may send without asking (text, forms).
    pub accepts: &'static [&'static str],
    /// What may be asked of it through the control plane, in JSON.
    pub actions: Vec<Action>,
}

/// Serves until it is dropped.
#[derive(Debug)]
pub struct Running {
    port: u16,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Listens, and serves what `work` makes, `/health` and the door included. One thread serves all: what takes longer
    /// than a few milliseconds belongs elsewhere (`tokio::task::spawn_blocking`). `over` is called when it no longer serves,
    /// whatever the reason.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start(
        start: Start,
        service: Service,
        work: impl FnOnce(&Health) -> Router,
        over: impl FnOnce() + Send + 'static,
    ) -> Result<Self, StartError> {
        let listener = start.listen()?;
        let port = listener.local_addr()?.port();
        let health = Health::new(service.name, service.version, start.instance, service.actions);
        let (well, told) = match &start.token {
            Some(_) => (true, "callers show a token"),
            None => (
                true,
                "no token is asked for, as it was started by hand without one: Host and Origin are checked",
            ),
        };
        health.check("door", well, told);
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        let router = {
            // So that `work` may start tasks.
            let _within = runtime.enter();
            let door = Arc::new(Door::new(port, start.token, service.accepts));
            whole(work(&health), health, door)
        };
        let (end, ended) = oneshot::channel();
        let thread = std::thread::Builder::new().name(service.name.to_owned()).spawn(move || {
            serve(runtime, listener, router, ended);
            over();
        })?;
        Ok(Self { port, end: Some(end), thread: Some(thread) })
    }

    /// Where it listens on loopback.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // A panic has been told where it happened.
            let _ = thread.join();
        }
    }
}

fn whole(work: Router, health: Health, door: Arc<Door>) -> Router {
    let answer = move || {
        let health = health.clone();
        async move { Json(health.answer()) }
    };
    work.route("/health", get(answer))
        .fallback(|| async { Problem::new(StatusCode::NOT_FOUND, "there is nothing at this address") })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this address knows other methods")
        })
        .layer(middleware::from_fn_with_state(door, door::guard))
        .layer(middleware::from_fn(correlation::echo))
}

/// Serves until the other end of `ended` goes. What is answered then has its grace, the rest is cut.
fn serve(runtime: Runtime, listener: TcpListener, router: Router, ended: oneshot::Receiver<()>) {
    runtime.block_on(async move {
        match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => serve::serve(listener, router, BOUNDS, ended).await,
            Err(error) => tracing::error!(%error, "it cannot be reached"),
        }
    });
    // Work in threads is not waited for: it has been told, or the process ends.
    runtime.shutdown_background();
}

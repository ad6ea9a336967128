//! The connections: so many at a time, and none that keeps us waiting.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use sidecar::serve::{Bounds, serve as serve_within};
use tokio::sync::oneshot;

use super::asked::DRAINED;
use super::socket::FAREWELL;
use super::{Plane, routes};

/// Connections at a time. Whoever comes then waits in the system's queue until another goes.
const CONNECTIONS: usize = 256;
/// A listener is closed by its own policy, with a word why, before its connection is cut.
const AFTER: Duration = Duration::from_secs(1);

/// Serves until the other end of `ended` goes. Connections that are open then are cut: their answers take milliseconds.
pub(super) async fn serve(listener: TcpListener, plane: Arc<Plane>, ended: oneshot::Receiver<()>) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "the control plane does not work: the command line cannot reach the supervisor");
            return;
        }
    };
    let bounds = Bounds {
        connections: CONNECTIONS,
        headers: plane.config.headers,
        unread: plane.config.unread + FAREWELL + AFTER,
        refused: DRAINED as u64,
        grace: Duration::ZERO,
    };
    serve_within(listener, routes::router(plane), bounds, ended).await;
}

//! The connections: so many at a time, and none that keeps us waiting.

use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot};

use super::{Plane, routes};

/// Connections at a time. Whoever comes then waits in the system's queue until another goes.
const CONNECTIONS: usize = 256;
/// The pause after a connection could not be taken in: the program may be out of file descriptors.
const BREATH: Duration = Duration::from_millis(100);

/// Where a request comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Serves until the other end of `ended` goes. Connections that are open then are cut: their answers take milliseconds.
pub(super) async fn serve(listener: TcpListener, plane: Arc<Plane>, ended: oneshot::Receiver<()>) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "the control plane does not work: the command line cannot reach the supervisor");
            return;
        }
    };
    let headers = plane.config.headers;
    let router = routes::router(plane);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let serving = tokio::spawn(async move {
        while let Ok(place) = Arc::clone(&places).acquire_owned().await {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let router = router.clone();
                    tokio::spawn(async move {
                        connection(stream, Peer(peer.ip()), router, headers).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection to the control plane could not be taken in");
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
    });
    let _ = ended.await;
    serving.abort();
}

async fn connection(stream: TcpStream, peer: Peer, router: Router, headers: Duration) {
    // Answers are small and written whole.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request| {
        request.extensions_mut().insert(peer);
        router.call(request)
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(headers)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    if let Err(error) = served.await {
        // A client that went, was too slow, or spoke no HTTP.
        tracing::debug!(%error, peer = %peer.0, "a connection to the control plane ended early");
    }
}

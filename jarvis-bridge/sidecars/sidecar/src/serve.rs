//! The connections to a port on loopback: so many at a time, and none that keeps us waiting. The control plane serves by
//! this too.
//!
//! Start at [`serve`]. A client has so long for its headers, and so long to take the next piece of what it asked for; what
//! its request's body may take, whoever reads that says, and what was refused is heard out within bounds.

mod owed;
mod paced;

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::{sleep, timeout};

use owed::Owed;
use paced::Paced;

/// The pause after a connection could not be taken in: the program may be out of file descriptors.
const BREATH: Duration = Duration::from_millis(100);

/// What clients may take of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Connections at a time, at least 1. Whoever comes then waits in the system's queue until another goes. One that has
    /// become a WebSocket no longer counts: whoever upgrades it counts those.
    pub connections: usize,
    /// How long a client may take to send its headers, or be idle between requests.
    pub headers: Duration,
    /// How long a connection may take nothing of what is sent to it before it is cut, also as a WebSocket; counted from
    /// the last byte that went. Only what the system does not take counts: its own buffers (some megabytes on loopback)
    /// are full first, and the client's system asks for more only when some ten kilobytes of its own are free.
    pub unread: Duration,
    /// How many bytes are thrown away of a body that was refused, so that its sender, who may send all of it before it
    /// reads, reads why: for 10 s at most, and for 2 s in which nothing comes. Whoever sends more may see a reset.
    pub refused: u64,
    /// How long what is under way may take when the end has come.
    pub grace: Duration,
}

/// Where a request comes from; an extension of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Serves until the other end of `ended` goes.
pub async fn serve(listener: TcpListener, router: Router, bounds: Bounds, ended: oneshot::Receiver<()>) {
    let places = Arc::new(Semaphore::new(bounds.connections));
    let (stop, stopped) = watch::channel(());
    tokio::select! {
        () = take_in(&listener, &router, bounds, &places, &stopped) => {}
        _ = ended => {}
    }
    // Nobody new.
    drop(listener);
    drop(stop);
    let all = u32::try_from(bounds.connections).unwrap_or(u32::MAX);
    // What is not over by then is cut with the runtime.
    let _ = timeout(bounds.grace, places.acquire_many(all)).await;
}

/// Returns only when there are no places, which is never.
async fn take_in(
    listener: &TcpListener,
    router: &Router,
    bounds: Bounds,
    places: &Arc<Semaphore>,
    stopped: &watch::Receiver<()>,
) {
    while let Ok(place) = Arc::clone(places).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let (router, stopped) = (router.clone(), stopped.clone());
                tokio::spawn(async move {
                    connection(stream, Peer(peer.ip()), router, bounds, stopped).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken in");
                sleep(BREATH).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    bounds: Bounds,
    mut stopped: watch::Receiver<()>,
) {
    // Answers are small and written whole.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let owed = Owed::default();
    let watching = owed.clone();
    let service = service_fn(move |request| {
        let mut request = watching.watch(request);
        request.extensions_mut().insert(peer);
        let (answer, owed) = (router.call(request), watching.clone());
        async move {
            let mut answer = answer.await?;
            // Nothing more is understood on this connection, so that nothing more should be asked; unless it becomes another.
            if owed.is_something() && answer.status() != StatusCode::SWITCHING_PROTOCOLS {
                answer.headers_mut().append(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(answer)
        }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.headers)
        .serve_connection(TokioIo::new(Paced::new(stream, bounds.unread, owed, bounds.refused)), service)
        .with_upgrades();
    let mut served = pin!(served);
    let over = tokio::select! {
        over = &mut served => over,
        _ = stopped.changed() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = over {
        // A client that went, was too slow, did not read, or spoke no HTTP.
        tracing::debug!(%error, peer = %peer.0, "a connection ended early");
    }
}
